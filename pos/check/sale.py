"""`--invoice`: one real invoice of the smallest price the server takes, checked as every sale's is, and voided again.

Rule: nobody is shown it. Its orderId begins with a name no till can have ("check.K1-…": a till's has no point), so that
no till takes it for its own, and no journal hears of it. It can be paid for a minute at most.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from pos.btcpay import setup
from pos.btcpay.clerk import Clerk, Transport
from pos.btcpay.offers import Terms
from pos.check.finding import Finding, fail, ok, warn
from pos.core import money
from pos.core.cart import Line
from pos.core.duties import Create
from pos.core.money import Money
from pos.core.order import Attempt, Order
from pos.core.payment_events import Event, Mismatched, Quoted
from pos.core.problem import Problem
from pos.errors import BTCPayError

EXPIRY_MIN: Final = 1
_PRICES: Final = (1, 100, 1_000)
"""In the currency's smallest unit; some stores take Lightning only from some amount on."""


@dataclass(frozen=True, slots=True)
class Sale:
    """What a sale of this till would ask for; `name` is what the invoice says was bought, `intent` is random."""

    till: str
    currency: str
    terms: Terms
    name: str
    intent: str
    now_s: int


def try_one(transport: Transport, sale: Sale) -> Iterator[Finding]:
    """Make an invoice, check its BOLT11, name the payee to pin, and mark it invalid where the key may."""
    clerk = Clerk(transport, sale.terms, lambda: sale.now_s)
    for minor in _PRICES:
        price = Money(minor, sale.currency)
        try:
            (event,) = clerk.perform(Create(_attempt(sale, price))).events
        except BTCPayError as exc:
            if exc.problem is Problem.DECLINED and minor != _PRICES[-1]:
                continue
            yield fail("invoice", "invoice_problem", problem=exc.problem, amount=money.show(price))
            return
        yield from _judged(event, sale.terms, price)
        if isinstance(event, Quoted | Mismatched):
            yield _voided(transport, sale.terms.store_id, event.trail.invoice_id)
        return


def _attempt(sale: Sale, price: Money) -> Attempt:
    order = Order(f"check.{sale.till}", 0, (Line("check", {"en": sale.name}, price, 1),), price, sale.now_s)
    return Attempt(order, 1, price, sale.intent)


def _judged(event: Event, terms: Terms, price: Money) -> Iterator[Finding]:
    match event:
        case Quoted(quote):
            yield ok("invoice", "invoice_ok", amount=money.show(price), sats=money.show_sats(quote.amount_msat))
            pinned = terms.payee is not None
            yield (ok if pinned else warn)("invoice", "payee_pinned" if pinned else "payee_to_pin", node=quote.payee)
        case Mismatched():
            yield fail("invoice", "invoice_refused", refused=event.fault, expected=event.expected, found=event.found)
        case _:
            yield fail("invoice", "invoice_odd", what=type(event).__name__)


def _voided(transport: Transport, store_id: str, invoice_id: str) -> Finding:
    """Void the invoice; its BOLT11 can still be paid until it expires, but nobody has seen it."""
    try:
        setup.voided(transport.send(setup.mark_invalid(store_id, invoice_id)))
    except BTCPayError as exc:
        if exc.problem is Problem.FORBIDDEN:
            return ok("invoice", "void_expires", invoice=invoice_id, minutes=EXPIRY_MIN)
        return warn("invoice", "void_problem", invoice=invoice_id, minutes=EXPIRY_MIN, problem=exc.problem)
    return ok("invoice", "void_ok", invoice=invoice_id)
