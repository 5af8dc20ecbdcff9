"""The terms of this shop, and whether what the server offers to a customer keeps them.

Rule: a `Quote` is made here and nowhere else, so nothing that failed the check can be shown.
"""

from dataclasses import dataclass

from pos.btcpay import greenfield as gf
from pos.core import bolt11
from pos.core.bolt11 import Expected, Mismatch
from pos.core.money import plain
from pos.core.order import Attempt
from pos.core.payment_events import Quote, Trail


@dataclass(frozen=True, slots=True)
class Terms:
    """What every invoice of this shop must be: asked of this store, on this network, paid to this node if pinned.

    `allowed_rights` are what the key may be able to do beyond that.
    """

    store_id: str
    network: str
    payee: str | None
    expiry_min: int
    language: str
    allowed_rights: frozenset[str] = frozenset()


def check(
    terms: Terms, attempt: Attempt, invoice: gf.Invoice, prompt: gf.Prompt | None, now_s: int
) -> Quote | Mismatch:
    """Make the quote that may be shown, or say why there is none; `now_s` is the server's clock in unix seconds."""
    if not invoice.asks_for(attempt.amount):
        wanted = f"{plain(attempt.amount)} {attempt.amount.currency} Standard"
        return Mismatch(bolt11.Fault.AMOUNT, wanted, f"{invoice.amount} {invoice.currency} {invoice.type}"[:100])
    if prompt is None or not prompt.destination:
        return Mismatch(bolt11.Fault.UNREADABLE, "a BOLT11 invoice", "no Lightning payment method")
    checked = bolt11.check(prompt.destination, Expected(terms.network, prompt.due_msat, terms.payee, now_s))
    if isinstance(checked, Mismatch):
        return checked
    payable_until_s = max(invoice.monitored_until_s, checked.timestamp + checked.expiry_s)
    return Quote(
        Trail(invoice.id, payable_until_s),
        prompt.destination,
        checked.payment_hash,
        checked.payee,
        prompt.due_msat,
        invoice.created_s,
        min(invoice.expires_s, checked.timestamp + checked.expiry_s),
        gf.rate_of(prompt, attempt.amount.currency),
    )
