"""What each Greenfield operation of the demo server does: one function per operation.

Rule: a call in, an answer out. The key has been checked; complaints are exceptions that routes.py answers.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from pos.demo import access, answers, creation, listing
from pos.demo.access import Access
from pos.demo.answers import Dialect, Reply, error, in_json
from pos.demo.creation import Unprocessable
from pos.demo.shop import Shop, Unavailable
from pos.demo.states import Invoice


@dataclass(frozen=True, slots=True)
class Request:
    """One HTTP request; `base_url` is how the client addressed the server."""

    method: str
    path: str
    query: Mapping[str, Sequence[str]]
    authorization: str
    body: bytes
    base_url: str


@dataclass(frozen=True, slots=True)
class Call:
    """A request on its way into an operation."""

    shop: Shop
    dialect: Dialect
    access: Access
    request: Request
    names: Mapping[str, str]

    def body(self) -> Any:
        """Decode the JSON body, numbers with a fraction as Decimal; Unprocessable if it is not JSON."""
        try:
            return json.loads(self.request.body or b"null", parse_float=Decimal)
        except ValueError as exc:
            raise Unprocessable([("", f"Unexpected content while parsing JSON: {exc}")]) from exc

    def invoice(self) -> Invoice:
        """Return the invoice of the path; KeyError for an unknown one."""
        return self.shop.invoice(self.names["invoiceId"])

    def shown(self, invoice: Invoice, *, methods: bool, known: bool) -> dict[str, Any]:
        """Return InvoiceData; `known`: this version has a `paymentMethods` here, `methods`: fill it."""
        fields = answers.invoice_fields(invoice, self.dialect, self.request.base_url)
        if known:
            fields["paymentMethods"] = answers.payment_methods(invoice, self.dialect) if methods else []
        return fields

    def one(self, invoice: Invoice, *, methods: bool = False) -> Reply:
        """Answer with a single invoice."""
        return in_json(self.shown(invoice, methods=methods, known=self.dialect.methods_in_one))


def create(call: Call) -> Reply:
    """Open an invoice; the answer never has its BOLT11."""
    wanted = creation.read(call.body(), call.shop.store, v2=call.dialect.v2)
    if wanted.amount is None and not call.dialect.top_up:
        wanted = replace(wanted, lightning=False)
    try:
        return call.one(call.shop.create(wanted))
    except Unavailable as exc:
        return answers.unavailable(exc.lines)


def search(call: Call) -> Reply:
    """Search invoices."""
    query, known = call.request.query, call.dialect.methods_in_list
    methods = listing.flag(query, "includePaymentMethods")
    chosen = listing.select(call.shop.invoices(), query)
    return in_json([call.shown(invoice, methods=methods, known=known) for invoice in chosen])


def read(call: Call) -> Reply:
    """Return one invoice."""
    return call.one(call.invoice(), methods=listing.flag(call.request.query, "includePaymentMethods"))


def prompts(call: Call) -> Reply:
    """Return how an invoice can be paid: here is the BOLT11."""
    invoice = call.invoice()
    if listing.flag(call.request.query, "includeSensitive") and not call.access.allows(access.MODIFY_STORE):
        return access.lacking(access.MODIFY_STORE)
    return in_json(answers.payment_methods(invoice, call.dialect))


def activate(call: Call) -> Reply:
    """Make a lazy payment method ready; 200 even where nothing happens, 500 where the method is not on it."""
    invoice = call.invoice()
    names = creation.LIGHTNING_NAMES if call.dialect.v2 else creation.LIGHTNING_NAMES_V1
    if invoice.prompt is None or call.names["methodId"].lower() not in names:
        return Reply(500)
    call.shop.activate(invoice.id)
    return Reply(200)


def describe(call: Call) -> Reply:
    """Replace the whole metadata."""
    body = call.body()
    metadata = body.get("metadata") if isinstance(body, dict) else None
    if metadata is not None and not isinstance(metadata, dict):
        raise Unprocessable([("metadata", "Error converting value to an object")])
    return call.one(call.shop.describe(call.invoice().id, metadata or {}))


def mark(call: Call) -> Reply:
    """Settle or void by hand."""
    invoice, body = call.invoice(), call.body()
    wanted = str(body.get("status") if isinstance(body, dict) else "").lower()
    status = next((status for status in invoice.markable if status.lower() == wanted), None)
    if status is None:
        only = "Status can only be marked to invalid or settled within certain conditions."
        raise Unprocessable([("Status", only)])
    return call.one(call.shop.mark(invoice.id, status))


def archive(call: Call) -> Reply:
    """Hide from lists."""
    call.shop.archive(call.invoice().id, archived=True)
    return Reply(200)


def unarchive(call: Call) -> Reply:
    """Show in lists again."""
    invoice = call.invoice()
    if not invoice.archived:
        return error(400, "already-unarchived", "Invoice is already unarchived")
    return call.one(call.shop.archive(invoice.id, archived=False))


def lightning(call: Call) -> Reply:
    """Return the node's own word on a BOLT11."""
    if call.names["code"].upper() != "BTC":
        return error(404, "lightning-not-configured", "The lightning node is not set up")
    issued = call.shop.node_invoice(call.names["nodeInvoiceId"])
    return in_json(answers.node_invoice(issued, call.shop.now_s()))


def store(call: Call) -> Reply:
    """Return the store's settings."""
    return in_json(answers.store_fields(call.shop.store, call.dialect))


def stores(call: Call) -> Reply:
    """Return the stores the key may see."""
    return in_json([answers.store_fields(call.shop.store, call.dialect)])


def store_methods(call: Call) -> Reply:
    """Return the payment methods the store has; v1 answers an object."""
    name = call.dialect.lightning
    if not call.dialect.v2:
        return in_json({name: {"enabled": True}})
    return in_json([{"enabled": True, "paymentMethodId": name}])


def rates(call: Call) -> Reply:
    """Return exchange rates."""
    rows: list[dict[str, Any]] = []
    for pair in ",".join(call.request.query.get("currencyPair", ())).upper().split(","):
        base, _, quote = pair.partition("_")
        if not base or not quote:
            break  # BTCPay stops reading at the first malformed pair and answers the rest
        rate = call.shop.rates.get(quote) if base == "BTC" else None
        problems = [] if rate is not None else [f"Unable to get rate(s) {pair}"]
        rows.append({"currencyPair": pair, "rate": None if rate is None else str(rate), "errors": problems})
    return in_json(rows)


def current_key(call: Call) -> Reply:
    """Return the key's own permissions; it echoes the key."""
    held = call.access.named(call.shop.store.id)
    return in_json({"apiKey": call.access.api_key, "label": "Demo till", "permissions": held})


def health(_call: Call) -> Reply:
    """Tell that the server is up."""
    return in_json({"synchronized": True})


def info(call: Call) -> Reply:
    """Tell the server's version."""
    return in_json(answers.server_info(call.dialect))
