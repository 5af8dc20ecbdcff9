"""The invoices that a till made and may have forgotten: asked for once behind every loss in its journal.

Rule: only what bears this till's name is understood at all; a store has other invoices, of other makers, in any shape.
"""

import logging
import re
from collections.abc import Callable
from decimal import ROUND_HALF_UP
from typing import Any
from urllib.parse import quote

from pos.btcpay import body as bodies
from pos.btcpay.greenfield import Request
from pos.btcpay.refusals import Response, nonsense
from pos.core.money import Money, exponent
from pos.core.order import Attempt, Order
from pos.core.payment_events import Trail

log = logging.getLogger(__name__)

Stray = tuple[Attempt, Trail]

PAGE = 50
"""So many invoices of the longest orders stay far below the size to which answers are capped."""

MOST_PAGES = 40


def list_page(store_id: str, skip: int) -> Request:
    """Ask for a page of all invoices of a store (GET .../invoices), newest first."""
    query = (("skip", str(skip)), ("take", str(PAGE)), ("includeArchived", "true"))
    return Request("GET", f"/api/v1/stores/{quote(store_id, safe='')}/invoices", query)


def seek(send: Callable[[Request], Response], store_id: str, till: str) -> tuple[Stray, ...]:
    """Find what this till made among the newest 2,000 invoices of its store, newest first; BTCPayError."""
    found: dict[str, Stray] = {}
    for page in range(MOST_PAGES):
        response = send(list_page(store_id, page * PAGE))
        listed = bodies.read(response, list)
        # An invoice that is made meanwhile moves the others on to the next page, where they come again.
        found |= {trail.invoice_id: (attempt, trail) for attempt, trail in _ours(listed, till, response)}
        if len(listed) < PAGE:
            return tuple(found.values())
    log.info("strays: only the newest %s invoices were looked at", MOST_PAGES * PAGE)
    return tuple(found.values())


def _ours(listed: list[Any], till: str, response: Response) -> list[Stray]:
    named = re.compile(re.escape(till) + r"-([0-9]{4,18})-([0-9]{1,6})-([0-9a-f]{1,64})")
    found = []
    for body in listed:
        name = named.fullmatch(_order_id(body))
        if name is not None:
            found.append(_stray(body, till, name, response))
    return found


def _order_id(body: Any) -> str:
    metadata = body.get("metadata") if isinstance(body, dict) else None
    order_id = metadata.get("orderId") if isinstance(metadata, dict) else None
    return order_id if isinstance(order_id, str) else ""


def _stray(body: dict[str, Any], till: str, name: re.Match[str], response: Response) -> Stray:
    """Rebuild the attempt behind an invoice; what was ordered is lost, the amount is what it asks for."""
    try:
        currency = bodies.word(body["currency"])
        minor = bodies.decimal(body["amount"]).scaleb(exponent(currency)).to_integral_value(ROUND_HALF_UP)
        amount = Money(int(minor), currency)
        invoice_id = bodies.word(body["id"])
        order = Order(till, int(name[1]), (), amount, bodies.unix(body["createdTime"]))
        trail = Trail(invoice_id, bodies.unix(body["monitoringExpiration"]))
    except (KeyError, TypeError, ValueError, ArithmeticError) as exc:
        raise nonsense(response, f"not an invoice: {exc!r}") from exc
    return Attempt(order, int(name[2]), amount, name[3], twin=invoice_id), trail
