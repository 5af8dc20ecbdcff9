"""The invoices that a server holds of one attempt beside the one that is shown.

Rule: an answer that was lost may have left any number of them; all are found by the attempt's own orderId.
"""

from collections.abc import Sequence
from dataclasses import replace

from pos.btcpay.greenfield import Invoice
from pos.core.order import Attempt
from pos.core.payment_events import Trail


def of_attempt(attempt: Attempt, invoices: Sequence[Invoice]) -> list[Invoice]:
    """Keep the invoices of this very attempt: the orderId is random enough, and it costs nothing to be sure."""
    return [invoice for invoice in invoices if invoice.order_id == attempt.reference]


def twins(attempt: Attempt, ours: str, found: Sequence[Invoice]) -> tuple[tuple[Attempt, Trail], ...]:
    """Name those beside ours, each as an attempt of its own with where it is watched."""
    return tuple(
        (replace(attempt, twin=invoice.id), Trail(invoice.id, invoice.monitored_until_s))
        for invoice in found
        if invoice.id != ours
    )
