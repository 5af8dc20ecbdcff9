"""Answers that are not the truth, to prove that the till believes none of them.

Rule: pure. The shop's books stay right; only what is told is bent, each time in the same way.

    lie-amount           the BOLT11 asks for twice the sum
    lie-msat             the BOLT11 asks for one millisatoshi more
    lie-no-amount        the BOLT11 leaves the sum to the payer
    lie-payee            another node signed the BOLT11
    lie-invoice-amount   the invoice is for another price than was asked
    lie-currency         the invoice is in another currency
    wrong-network        the BOLT11 is for mainnet
    expired-bolt11       the BOLT11 expired an hour ago
    bad-checksum         one character of the BOLT11 is another
    not-bolt11           the destination is an on-chain address
    no-prompt            the invoice cannot be paid with Lightning
    not-activated        the payment method is there but not ready: no destination
"""

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any, Final

from pos.demo.answers import Reply, in_json
from pos.demo.invoices import Draft
from pos.demo.lightning import NETWORK, UnknownInvoice, demo_node
from pos.demo.shop import Shop
from pos.demo.states import NodeInvoice

_ADDRESS: Final = "bcrt1qw508d6qejxtdg4y5r3zarvary0c5xw7kygt080"
_OTHER_SEED: Final = "somebody else"


def lie(kind: str, answer: Reply, shop: Shop) -> Reply:
    """Bend everything an answer says; one that is not JSON, or an error, stays as it is."""
    if answer.status != 200 or not answer.body:
        return answer
    value = json.loads(answer.body)
    _bend(kind, value, shop)
    return in_json(_without_prompts(value) if kind == "no-prompt" else value)


def lie_about(invoice_id: str, kind: str, answer: Reply, shop: Shop) -> Reply:
    """Bend what an answer says about one invoice, if it speaks of it at all."""
    try:
        issued = shop.invoice(invoice_id).prompt
    except UnknownInvoice:
        return answer
    hashes = [issued.node_invoice.payment_hash] if issued and issued.node_invoice else []
    if not any(name.encode() in answer.body for name in (invoice_id, *hashes)):
        return answer
    value = json.loads(answer.body)
    if not isinstance(value, list) or any("id" not in part for part in value):
        return lie(kind, answer, shop)
    for index, part in enumerate(value):
        if part["id"] == invoice_id:
            value[index] = json.loads(lie(kind, in_json(part), shop).body)
    return in_json(value)


def _bend(kind: str, value: Any, shop: Shop) -> None:
    for part in _objects(value):
        if kind in _ABOUT_INVOICE and "checkoutLink" in part:
            part.update(_ABOUT_INVOICE[kind])
        if kind in _ABOUT_PROMPT and part.get("destination") and "activated" in part:
            try:
                issued = shop.node_invoice(part["destination"])
            except UnknownInvoice:
                continue  # it is a lie already
            destination = _ABOUT_PROMPT[kind](shop, issued)
            part["destination"] = destination
            part["paymentLink"] = f"lightning:{destination}" if destination else ""
            part["activated"] = destination is not None


def _without_prompts(value: Any) -> Any:
    if isinstance(value, list):
        return [part for part in value if "activated" not in part]
    for part in _objects(value):
        if "paymentMethods" in part:
            part["paymentMethods"] = []
    return value


def _objects(value: Any) -> Iterator[dict[str, Any]]:
    if isinstance(value, dict):
        yield value
    for inner in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from _objects(inner)


def _draft(issued: NodeInvoice) -> Draft:
    return Draft(
        network=NETWORK,
        amount_msat=issued.amount_msat,
        payment_hash=bytes.fromhex(issued.payment_hash),
        payment_secret=bytes.fromhex(issued.payment_hash),
        description=issued.description,
        timestamp=issued.issued_s,
        expiry_s=issued.expires_s - issued.issued_s,
    )


def _twice(shop: Shop, issued: NodeInvoice) -> str:
    return shop.node.invoice(replace(_draft(issued), amount_msat=2 * (issued.amount_msat or 1000)))


def _one_more(shop: Shop, issued: NodeInvoice) -> str:
    return shop.node.invoice(replace(_draft(issued), amount_msat=(issued.amount_msat or 0) + 1))


def _open_amount(shop: Shop, issued: NodeInvoice) -> str:
    return shop.node.invoice(replace(_draft(issued), amount_msat=None))


def _other_payee(_shop: Shop, issued: NodeInvoice) -> str:
    return demo_node(_OTHER_SEED).invoice(_draft(issued))


def _mainnet(shop: Shop, issued: NodeInvoice) -> str:
    return shop.node.invoice(replace(_draft(issued), network="mainnet"))


def _expired(shop: Shop, issued: NodeInvoice) -> str:
    return shop.node.invoice(replace(_draft(issued), timestamp=issued.issued_s - 7200, expiry_s=3600))


def _misspelt(_shop: Shop, issued: NodeInvoice) -> str:
    return issued.bolt11[:-1] + ("q" if issued.bolt11[-1] != "q" else "p")


def _address(_shop: Shop, _issued: NodeInvoice) -> str:
    return _ADDRESS


def _nothing(_shop: Shop, _issued: NodeInvoice) -> None:
    return None


_ABOUT_INVOICE: Final[dict[str, dict[str, str]]] = {
    "lie-invoice-amount": {"amount": "1"},
    "lie-currency": {"currency": "XPF"},
}
_ABOUT_PROMPT: Final[dict[str, Callable[[Shop, NodeInvoice], str | None]]] = {
    "lie-amount": _twice,
    "lie-msat": _one_more,
    "lie-no-amount": _open_amount,
    "lie-payee": _other_payee,
    "wrong-network": _mainnet,
    "expired-bolt11": _expired,
    "bad-checksum": _misspelt,
    "not-bolt11": _address,
    "not-activated": _nothing,
}
LIES: Final = frozenset({*_ABOUT_INVOICE, *_ABOUT_PROMPT, "no-prompt"})
