"""An invoice of the demo shop, and how BTCPay Server changes its status and additionalStatus.

Rule: pure. A change takes an invoice and returns another; the shop decides when, nothing here has a clock.

    from              what happened                  to
    New               paid enough                    Settled or Settled/PaidOver, never seen at Processing
    New               paid less                      New/PaidPartial
    New               its time is over               Expired, keeping None or PaidPartial
    Expired           paid enough by now             Expired/PaidLate (never settled by itself)
    Expired           paid less                      Expired/PaidPartial
    Settled, Invalid  paid                           the payment is added, the state stays
    New, Expired, Invalid      marked by a person    Settled/Marked
    New, Expired, Settled/Marked  marked by a person  Invalid/Marked (its BOLT11 stays payable)
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import ROUND_CEILING, Decimal
from typing import Any, Literal

Status = Literal["New", "Processing", "Settled", "Expired", "Invalid"]
AdditionalStatus = Literal["None", "PaidPartial", "PaidLate", "PaidOver", "Marked"]

MSAT_PER_SAT = 1000
_SAT_PER_BTC = 100_000_000


@dataclass(frozen=True, slots=True)
class NodeInvoice:
    """What the Lightning node knows of one BOLT11; `amount_msat` is None where the payer chooses."""

    id: str
    bolt11: str
    payment_hash: str
    preimage: str
    amount_msat: int | None
    description: str
    issued_s: int
    expires_s: int
    received_msat: int = 0
    paid_s: int | None = None


@dataclass(frozen=True, slots=True)
class Prompt:
    """The Lightning payment method of an invoice; `node_invoice` is None until it is activated."""

    activated: bool
    node_invoice: NodeInvoice | None


@dataclass(frozen=True, slots=True)
class Payment:
    """Money BTCPay has booked on an invoice."""

    payment_hash: str
    bolt11: str
    amount_msat: int
    received_s: int


@dataclass(frozen=True, slots=True)
class Invoice:
    """An invoice as the demo shop keeps it: `amount` in its currency, `rate` in that per BTC, frozen."""

    id: str
    store_id: str
    amount: Decimal
    currency: str
    top_up: bool
    metadata: Mapping[str, Any]
    search_terms: tuple[str, ...]
    checkout: Mapping[str, Any]
    receipt: Mapping[str, Any]
    tolerance_percent: Decimal
    rate: Decimal
    created_s: int
    expires_s: int
    monitored_s: int
    prompt: Prompt | None
    payments: tuple[Payment, ...] = ()
    status: Status = "New"
    additional_status: AdditionalStatus = "None"
    archived: bool = False

    @property
    def total_msat(self) -> int:
        """The whole price in millisatoshi, rounded up to whole satoshi as BTCPay does for Lightning."""
        return sats_for(self.amount, self.rate) * MSAT_PER_SAT

    @property
    def paid_msat(self) -> int:
        """The sum of all payments."""
        return sum(payment.amount_msat for payment in self.payments)

    @property
    def due_msat(self) -> int:
        """What is still missing; negative when more was paid than asked."""
        return self.total_msat - self.paid_msat

    @property
    def order_id(self) -> str | None:
        """The order id the shop's own system gave, as text."""
        order_id = self.metadata.get("orderId")
        return None if order_id is None else str(order_id)

    @property
    def markable(self) -> tuple[Status, ...]:
        """The states a person may put this invoice into."""
        by_nature = self.status == "Settled" and self.additional_status != "Marked"
        settled: tuple[Status, ...] = () if self.status == "Settled" else ("Settled",)
        return settled + (() if self.status == "Invalid" or by_nature else ("Invalid",))


def sats_for(amount: Decimal, rate: Decimal) -> int:
    """Convert a price to whole satoshi, rounded up; `rate` is per BTC, and not looked at for a price of 0."""
    return 0 if not amount else int((amount * _SAT_PER_BTC / rate).to_integral_value(ROUND_CEILING))


def with_payment(invoice: Invoice, payment: Payment) -> Invoice:
    """Book a payment and return the invoice in the state that follows."""
    paid = replace(invoice, payments=(*invoice.payments, payment))
    if invoice.status not in ("New", "Expired"):
        return paid
    if paid.paid_msat < _least_msat(paid):
        return replace(paid, additional_status="PaidPartial")
    if invoice.status == "Expired":
        return replace(paid, additional_status="PaidLate")
    if invoice.top_up:
        return replace(paid, status="Settled", amount=_worth(paid.paid_msat, invoice.rate))
    over = paid.due_msat <= -MSAT_PER_SAT
    return replace(paid, status="Settled", additional_status="PaidOver" if over else "None")


def at_time(invoice: Invoice, now_s: int) -> Invoice:
    """Return the invoice as it is at `now_s`: a free one settled, one out of time expired."""
    if invoice.status != "New":
        return invoice
    if not invoice.top_up and not invoice.amount:
        return replace(invoice, status="Settled")
    if now_s >= invoice.expires_s:
        return replace(invoice, status="Expired")
    return invoice


def marked(invoice: Invoice, status: Status) -> Invoice:
    """Put the invoice into the state a person chose; ValueError when that is not in `markable`."""
    if status not in invoice.markable:
        raise ValueError(f"{invoice.status}/{invoice.additional_status} cannot be marked {status}")
    return replace(invoice, status=status, additional_status="Marked")


def _least_msat(invoice: Invoice) -> int:
    if invoice.top_up:
        return 1
    share = (100 - invoice.tolerance_percent) / 100
    return int((invoice.total_msat * share).to_integral_value(ROUND_CEILING))


def _worth(amount_msat: int, rate: Decimal) -> Decimal:
    return Decimal(amount_msat) * rate / (_SAT_PER_BTC * MSAT_PER_SAT)
