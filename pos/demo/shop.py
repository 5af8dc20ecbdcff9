"""The demo shop: its invoices, its own clock, and the customer's phone that pays them.

Rule: all the mutable state of the demo. What it hands out is frozen; any thread may call any public method.
"""

import random
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any, Final, Literal

from pos.demo import states
from pos.demo.creation import Store, Wanted
from pos.demo.invoices import Node
from pos.demo.lightning import LightningNode, PhoneRefused, UnknownInvoice, demo_node, new_id
from pos.demo.rates import fixed_rates
from pos.demo.states import MSAT_PER_SAT, Invoice, NodeInvoice, Payment, Prompt, Status

Kind = Literal["full", "under", "over", "late", "lost", "expire"]
_PERCENT_PAID: Final = {"under": 50, "over": 110}
_AFTER_EXPIRY: Final = ("late", "lost", "expire")
_ALL_BITCOIN_MSAT: Final = 21_000_000 * 10**11
_LONGEST_DESCRIPTION: Final = 639


@dataclass(frozen=True, slots=True)
class PhonePayment:
    """One line of the customer's own account: money that left the phone, whatever BTCPay made of it."""

    payment_hash: str
    amount_msat: int
    at_s: int
    invoice_id: str


class Unavailable(ValueError):
    """No payment method is left for a new invoice; `lines` is what BTCPay logs about each."""

    def __init__(self, *lines: str) -> None:
        super().__init__("; ".join(lines))
        self.lines = lines


class Shop:
    """A store on the look-alike server.

    `clock` gives seconds since 1970; `rates` is the price of one bitcoin by currency code; a seeded `rng`
    makes every id and BOLT11 repeatable.
    """

    def __init__(
        self,
        store: Store | None = None,
        *,
        node: Node | None = None,
        clock: Callable[[], float] = time.time,
        rng: random.Random | None = None,
        rates: Mapping[str, Decimal] | None = None,
    ) -> None:
        self.store = store or Store()
        self.rates = fixed_rates() if rates is None else rates
        self._clock = clock
        self._ahead_s: float = 0
        self._rng = rng or random.SystemRandom()
        self._lightning = LightningNode(node or demo_node(), self._rng)
        self._lock = threading.RLock()
        self._invoices: dict[str, Invoice] = {}
        self._billed: dict[str, str] = {}  # payment hash -> invoice id
        self._ledger: list[PhonePayment] = []

    @property
    def node(self) -> Node:
        """The key that signs this shop's BOLT11s."""
        return self._lightning.node

    @property
    def ledger(self) -> tuple[PhonePayment, ...]:
        """Every payment the phone has made, oldest first."""
        with self._lock:
            return tuple(self._ledger)

    def now_s(self) -> int:
        """Return the shop's time in whole seconds since 1970."""
        return int(self._clock() + self._ahead_s)

    def advance(self, seconds: float) -> None:
        """Set the shop's clock forward, or back with a negative number."""
        with self._lock:
            self._ahead_s += seconds

    def create(self, wanted: Wanted) -> Invoice:
        """Open an invoice; Unavailable if no payment method can serve it."""
        with self._lock:
            now_s = self.now_s()
            expires_s = now_s + wanted.expiration_s
            free = wanted.amount is not None and not wanted.amount
            invoice = Invoice(
                id=new_id(self._rng),
                store_id=self.store.id,
                amount=wanted.amount or Decimal(0),
                currency=wanted.currency,
                top_up=wanted.amount is None,
                metadata=wanted.metadata,
                search_terms=wanted.search_terms,
                checkout=wanted.checkout,
                receipt=wanted.receipt,
                tolerance_percent=wanted.tolerance_percent,
                rate=Decimal(0) if free else self._rate(wanted),
                created_s=now_s,
                expires_s=expires_s,
                monitored_s=expires_s + wanted.monitoring_s,
                prompt=None if free else Prompt(activated=False, node_invoice=None),
            )
            if invoice.total_msat > _ALL_BITCOIN_MSAT:
                raise Unavailable("BTC-LN: Payment method unavailable (amount is more than all bitcoin)")
            return self._keep(invoice if free or wanted.lazy else self._prompted(invoice))

    def invoice(self, invoice_id: str) -> Invoice:
        """Return an invoice as it is now; UnknownInvoice for an unknown id."""
        with self._lock:
            try:
                kept = self._invoices[invoice_id]
            except KeyError as exc:
                raise UnknownInvoice(invoice_id) from exc
            return self._keep(states.at_time(kept, self.now_s()))

    def invoices(self) -> tuple[Invoice, ...]:
        """Return all invoices as they are now, newest first."""
        with self._lock:
            return tuple(self.invoice(invoice_id) for invoice_id in reversed(tuple(self._invoices)))

    def invoice_of(self, bolt11: str) -> Invoice:
        """Return the invoice a BOLT11 was issued for; UnknownInvoice if this shop has none."""
        with self._lock:
            return self.invoice(self._billed[self._lightning.find(bolt11).payment_hash])

    def activate(self, invoice_id: str) -> None:
        """Issue the BOLT11 of an invoice made with lazyPaymentMethods; nothing happens unless it is New."""
        with self._lock:
            invoice = self.invoice(invoice_id)
            if invoice.status == "New" and invoice.prompt is not None and not invoice.prompt.activated:
                self._keep(self._prompted(invoice))

    def mark(self, invoice_id: str, status: Status) -> Invoice:
        """Mark an invoice by hand; ValueError where BTCPay does not allow it. The BOLT11 stays payable."""
        with self._lock:
            return self._keep(states.marked(self.invoice(invoice_id), status))

    def archive(self, invoice_id: str, *, archived: bool) -> Invoice:
        """Hide an invoice from lists, or show it again."""
        with self._lock:
            return self._keep(replace(self.invoice(invoice_id), archived=archived))

    def describe(self, invoice_id: str, metadata: Mapping[str, Any]) -> Invoice:
        """Replace an invoice's whole metadata."""
        with self._lock:
            return self._keep(replace(self.invoice(invoice_id), metadata=metadata))

    def node_invoice(self, name: str) -> NodeInvoice:
        """Return what the node knows, by its own id or by BOLT11; UnknownInvoice if it knows nothing."""
        with self._lock:
            return self._lightning.find(name)

    def pay(
        self, bolt11: str, *, amount_msat: int | None = None, late: bool = False, noticed: bool = True
    ) -> PhonePayment:
        """Pay what the BOLT11 says, or `amount_msat`; PhoneRefused if node or phone decline.

        `late`: the node takes money after expiry, as hosted ones do. Not `noticed`: BTCPay never hears of it.
        """
        with self._lock:
            now_s = self.now_s()
            paid = self._lightning.take(bolt11, amount_msat=amount_msat, now_s=now_s, late=late)
            invoice_id = self._billed[paid.payment_hash]
            self._ledger.append(PhonePayment(paid.payment_hash, paid.received_msat, now_s, invoice_id))
            if noticed:
                self._book(self.invoice(invoice_id), paid)
            return self._ledger[-1]

    def play(self, invoice_id: str, kind: Kind) -> PhonePayment | None:
        """Let the customer act on an invoice's present BOLT11; UnknownInvoice, PhoneRefused as for `pay`.

        full; under: half of it; over: a tenth more; expire: nothing until time is up (the shop's clock is set
        forward), and None is returned; late: pays after that; lost: the same, and BTCPay never notices.
        """
        with self._lock:
            invoice = self.invoice(invoice_id)
            if kind in _AFTER_EXPIRY:
                self.advance(max(0, invoice.expires_s + 1 - self.now_s()))
            if kind == "expire":
                return None
            issued = invoice.prompt.node_invoice if invoice.prompt else None
            if issued is None:
                raise PhoneRefused("there is no BOLT11 to pay")
            amount_msat = issued.amount_msat
            if amount_msat is not None and kind in _PERCENT_PAID:
                amount_msat = max(1, amount_msat * _PERCENT_PAID[kind] // 100 // MSAT_PER_SAT) * MSAT_PER_SAT
            late, noticed = kind in _AFTER_EXPIRY, kind != "lost"
            return self.pay(issued.bolt11, amount_msat=amount_msat, late=late, noticed=noticed)

    def _book(self, before: Invoice, paid: NodeInvoice) -> None:
        payment = Payment(paid.payment_hash, paid.bolt11, paid.received_msat, self.now_s())
        after = states.with_payment(before, payment)
        if after.status == "New":
            # What is still due needs a BOLT11 of its own: a Lightning invoice is paid once.
            after = self._prompted(after)
        elif after.prompt and after.prompt.node_invoice and after.prompt.node_invoice.bolt11 == paid.bolt11:
            after = replace(after, prompt=Prompt(activated=True, node_invoice=paid))
        self._keep(after)

    def _prompted(self, invoice: Invoice) -> Invoice:
        issued = self._lightning.issue(
            amount_msat=None if invoice.top_up else invoice.due_msat,
            description=self._description(invoice),
            now_s=self.now_s(),
            expires_s=invoice.expires_s,
        )
        self._billed[issued.payment_hash] = invoice.id
        return replace(invoice, prompt=Prompt(activated=True, node_invoice=issued))

    def _description(self, invoice: Invoice) -> str:
        text = self.store.lightning_description.replace("{StoreName}", self.store.name)
        text = text.replace("{OrderId}", invoice.order_id or "")
        text = text.replace("{ItemDescription}", str(invoice.metadata.get("itemDesc") or ""))
        return text.encode()[:_LONGEST_DESCRIPTION].decode(errors="ignore")

    def _rate(self, wanted: Wanted) -> Decimal:
        if not wanted.lightning:
            raise Unavailable
        try:
            return self.rates[wanted.currency]
        except KeyError as exc:
            pair = f"BTC_{wanted.currency}"
            missing = f"BTC-LN: Unable to get rate(s) {pair}, this payment method disabled for this invoice."
            raise Unavailable(missing) from exc

    def _keep(self, invoice: Invoice) -> Invoice:
        self._invoices[invoice.id] = invoice
        return invoice
