"""Which invoices a list request asks for (Greenfield GET /stores/{storeId}/invoices).

Rule: pure. Invoices come in newest first and stay so; a filter BTCPay ignores is ignored here.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Final

from pos.demo.answers import btc, plain
from pos.demo.creation import Unprocessable
from pos.demo.states import Invoice

Query = Mapping[str, Sequence[str]]

_STATUS_WORDS: Final = {
    **{name.lower(): name for name in ("New", "Processing", "Settled", "Expired", "Invalid")},
    "paid": "Processing",
    "confirmed": "Settled",
    "complete": "Settled",
}
_LONGEST_SEARCH: Final = 512


def select(invoices: Sequence[Invoice], query: Query) -> Sequence[Invoice]:
    """Return one page of the invoices that fit; Unprocessable for dates and numbers that are none."""
    problems: list[tuple[str, str]] = []
    start_s = _number(query, "startDate", "Invalid unix timestamp", problems)
    end_s = _number(query, "endDate", "Invalid unix timestamp", problems)
    skip = _number(query, "skip", "The value is not valid for skip.", problems) or 0
    take = _number(query, "take", "The value is not valid for take.", problems)
    if start_s is not None and end_s is not None and start_s > end_s:
        problems.append(("startDate", "startDate should not be above endDate"))
        problems.append(("endDate", "endDate should not be below startDate"))
    if problems:
        raise Unprocessable(problems)
    fits = _filters(query)
    chosen = [
        invoice
        for invoice in invoices
        if (start_s is None or invoice.created_s >= start_s)
        and (end_s is None or invoice.created_s <= end_s)
        and all(fit(invoice) for fit in fits)
    ]
    return chosen[skip:] if take is None else chosen[skip : skip + take]


def flag(query: Query, name: str, *, default: bool = False) -> bool:
    """Read a boolean from the query."""
    values = query.get(name)
    return values[-1].lower() == "true" if values else default


def _filters(query: Query) -> list[Callable[[Invoice], bool]]:
    fits: list[Callable[[Invoice], bool]] = []
    order_ids = query.get("orderId")
    words = [word.lower() for word in query.get("status", ())]
    statuses = {_STATUS_WORDS[word] for word in words if word in _STATUS_WORDS}
    search = "".join(query.get("textSearch", ())[:1])[:_LONGEST_SEARCH]
    if order_ids:
        fits.append(lambda invoice: invoice.order_id in order_ids)
    if statuses:
        fits.append(lambda invoice: invoice.status in statuses)
    if search:
        fits.append(lambda invoice: any(term.startswith(search) for term in _terms(invoice)))
    if not flag(query, "includeArchived"):
        fits.append(lambda invoice: not invoice.archived)
    return fits


def _terms(invoice: Invoice) -> list[str]:
    issued = invoice.prompt.node_invoice if invoice.prompt else None
    ids = [invoice.id, invoice.store_id, invoice.order_id or "", issued.bolt11 if issued else ""]
    email = str(invoice.metadata.get("buyerEmail") or "")
    return [*ids, plain(invoice.amount), btc(invoice.due_msat), email, *invoice.search_terms]


def _number(query: Query, name: str, message: str, problems: list[tuple[str, str]]) -> int | None:
    text = query.get(name, [""])[-1]
    if text and not (text.isascii() and text.isdigit()):
        problems.append((name, message))
        return None
    return int(text) if text else None
