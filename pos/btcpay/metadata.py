"""What we tell BTCPay Server of an order, so that its own invoice page, receipt and reports understand it.

Rule: the keys and shapes are those of BTCPay's PosAppData and PosReceiptData; its reports make columns of them. It
wants prices as JSON numbers, and ours are exact decimals, so they are written as digits and never become a float.
"""

import json
import re
from typing import Any

from pos import __version__
from pos.core.cart import Line, is_custom
from pos.core.menu import name_in
from pos.core.money import Money, plain, show
from pos.core.order import Attempt

_ITEM_DESC_MAX = 60
"""What BTCPay's lists show of itemDesc, and what a store may put into the BOLT11: longer makes a denser QR."""

_NUMBER = "\0"
"""Marks text that is to stand in the JSON as a number; a name cannot hold it, so nothing else is taken for one."""


def describe(attempt: Attempt, language: str) -> dict[str, Any]:
    """Build an invoice's metadata (InvoiceMetadata); what the till adds of its own has flat keys, one column each."""
    order = attempt.order
    items = [line for line in order.lines if not is_custom(line)]
    described: dict[str, Any] = {
        "orderId": attempt.btcpay_order_id,
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
    if len(order.lines) == len(items) == 1:
        described["itemCode"] = items[0].key
    return described


def to_json(body: dict[str, Any]) -> str:
    """Write a request's body, with the figures that `describe` marked as JSON numbers."""
    return re.sub(r'"\\u0000([0-9]+(?:\.[0-9]+)?)"', r"\1", json.dumps(body, ensure_ascii=False))


def _pos_data(attempt: Attempt, language: str) -> dict[str, Any]:
    """Build PosAppData; the rest of a part payment is an amount, or its items would be counted twice."""
    if attempt.amount != attempt.order.total:
        return {"cart": [], "amounts": [_number(attempt.amount)], "total": _number(attempt.amount)}
    lines = attempt.order.lines
    return {
        "cart": [
            {
                "id": line.key,
                "title": name_in(line.names, language),
                "count": line.quantity,
                "price": _number(line.unit),
            }
            for line in lines
            if not is_custom(line)
        ],
        "amounts": [_number(line.unit) for line in lines if is_custom(line) for _ in range(line.quantity)],
        "total": _number(attempt.amount),
    }


def _receipt_cart(lines: tuple[Line, ...], language: str) -> dict[str, str]:
    """Write a line for each line; the name is the key, so amounts from the keypad are told apart by their own."""
    return {
        name_in(line.names, language) + (f" {line.key}" if is_custom(line) else ""): (
            f"{line.quantity} x {show(line.unit)} = {show(line.amount)}"
        )
        for line in lines
    }


def _item_desc(lines: tuple[Line, ...], language: str) -> str:
    text = ", ".join(f"{name_in(line.names, language)} x{line.quantity}" for line in lines)
    return text if len(text) <= _ITEM_DESC_MAX else text[: _ITEM_DESC_MAX - 1] + "…"


def _number(money: Money) -> str:
    return _NUMBER + plain(money)
