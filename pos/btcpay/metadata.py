"""What we tell BTCPay Server of an order, so that its own invoice page, receipt and reports understand it.

Rule: the keys and shapes are those of BTCPay's PosAppData and PosReceiptData; its reports make columns of them. It
wants prices as JSON numbers, and ours are exact decimals, so they are written as digits and never become a float:
a `Money` in what is described here is a number to the server.
"""

import json
from typing import Any

from pos import __version__
from pos.core.cart import Line, is_custom
from pos.core.menu import name_in
from pos.core.money import Money, plain, show
from pos.core.order import Attempt

_ITEM_DESC_MAX = 60
"""What BTCPay's lists show of itemDesc, and what a store may put into the BOLT11: longer makes a denser QR."""


def describe(attempt: Attempt, language: str) -> dict[str, Any]:
    """Build an invoice's metadata (InvoiceMetadata); what the till adds of its own has flat keys, one column each."""
    order = attempt.order
    items = [line for line in order.lines if not is_custom(line)]
    described: dict[str, Any] = {
        "orderId": attempt.reference,
        "itemDesc": _item_desc(order.lines, language),
        "posData": _pos_data(attempt, language),
        "receiptData": {
            "title": order.id,
            "cart": _receipt_cart(order.lines, language),
            "total": show(attempt.amount),
        },
        "kioskId": order.till,
        "kioskOrder": order.id,
        "kioskVersion": __version__,
    }
    if len(order.lines) == len(items) == 1 and attempt.amount == order.total:
        described["itemCode"] = items[0].key
    return described


def to_json(value: object) -> str:
    """Write a request's body; each Money in it becomes a JSON number."""
    match value:
        case Money():
            return plain(value)
        case dict():
            return "{" + ", ".join(f"{to_json(key)}: {to_json(part)}" for key, part in value.items()) + "}"
        case list():
            return "[" + ", ".join(map(to_json, value)) + "]"
    return json.dumps(value, ensure_ascii=False)


def _pos_data(attempt: Attempt, language: str) -> dict[str, Any]:
    """Build PosAppData; the rest of a part payment is an amount, or its items would be counted twice."""
    if attempt.amount != attempt.order.total:
        return {"cart": [], "amounts": [attempt.amount], "total": attempt.amount}
    lines = attempt.order.lines
    return {
        "cart": [
            {
                "id": line.key,
                "title": name_in(line.names, language),
                "count": line.quantity,
                "price": line.unit,
            }
            for line in lines
            if not is_custom(line)
        ],
        "amounts": [line.unit for line in lines if is_custom(line) for _ in range(line.quantity)],
        "total": attempt.amount,
    }


def _receipt_cart(lines: tuple[Line, ...], language: str) -> dict[str, str]:
    """Write a line for each line; the name is the key, so lines of one name are told apart by their own."""
    names = [name_in(line.names, language) for line in lines]
    return {
        name + (f" {line.key}" if names.count(name) > 1 else ""): (
            f"{line.quantity} x {show(line.unit)} = {show(line.amount)}"
        )
        for name, line in zip(names, lines, strict=True)
    }


def _item_desc(lines: tuple[Line, ...], language: str) -> str:
    text = ", ".join(f"{name_in(line.names, language)} x{line.quantity}" for line in lines)
    return text if len(text) <= _ITEM_DESC_MAX else text[: _ITEM_DESC_MAX - 1] + "…"
