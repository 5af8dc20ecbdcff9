"""What BTCPay Server writes back: JSON bodies of the Greenfield API, as each server version spells them.

Rule: pure. Money is a decimal string, times are unix seconds, nulls are written out, enums are PascalCase.
"""

import json
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Decimal
from typing import Any, Final

from pos.demo.creation import Store, decimals_of
from pos.demo.states import Invoice, NodeInvoice, Payment

LATEST: Final = "2.4.1"
_MSAT_DIGITS: Final = 11


@dataclass(frozen=True, slots=True)
class Reply:
    """An HTTP answer before it is put on the wire; an empty `media` says there is no body."""

    status: int
    body: bytes = b""
    media: str = ""
    headers: tuple[tuple[str, str], ...] = ()


class Dialect:
    """What one version of BTCPay Server can do and how it names things; a version is text like "2.0.6"."""

    def __init__(self, version: str = LATEST) -> None:
        self.version = version
        self._parts = tuple(int(part) for part in version.split("."))
        self.v2 = self._since("2.0.0")
        self.bearer = self._since("2.0.6")
        self.paid_amount = self._since("2.1.2")
        self.methods_in_list = self._since("2.3.6")
        self.top_up = self._since("2.3.7")
        self.unnested = self._since("2.4.0")
        self.methods_in_one = self._since("2.4.1")
        self.lightning = "BTC-LN" if self.v2 else "BTC-LightningNetwork"
        self.method_ids = ("BTC-CHAIN", "BTC-LN", "BTC-LNURL")
        if not self.v2:
            self.method_ids = ("BTC", "BTC-LightningNetwork", "BTC-LNURLPAY")

    def _since(self, version: str) -> bool:
        return self._parts >= tuple(int(part) for part in version.split("."))


def in_json(value: object, status: int = 200) -> Reply:
    """Write a value as a JSON answer."""
    # A Decimal here is from the client's own metadata and settings, which .NET keeps as doubles too.
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), default=float)
    return Reply(status, text.encode(), "application/json; charset=utf-8")


def error(status: int, code: str, message: str, **more: str) -> Reply:
    """Write BTCPay's error object."""
    return in_json({**more, "code": code, "message": message}, status)


def unprocessable(problems: list[tuple[str, str]]) -> Reply:
    """Write BTCPay's list of validation errors, status 422."""
    return in_json([{"path": path, "message": message} for path, message in problems], 422)


def unavailable(lines: tuple[str, ...]) -> Reply:
    """Write the 400 of an invoice for which no payment method is left."""
    message = "\n".join(("Error retrieving a matching payment method or rate.", *lines))
    return error(400, "generic-error", message)


def plain(amount: Decimal) -> str:
    """Write a decimal without exponent or needless zeros."""
    text = f"{amount:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def btc(amount_msat: int) -> str:
    """Write millisatoshi as a decimal string in BTC."""
    return plain(Decimal(amount_msat).scaleb(-_MSAT_DIGITS))


def invoice_fields(invoice: Invoice, dialect: Dialect, base_url: str) -> dict[str, Any]:
    """Return the InvoiceData object, without `paymentMethods`."""
    checkout, receipt = invoice.checkout, invoice.receipt
    fields: dict[str, Any] = {"id": invoice.id, "storeId": invoice.store_id, "amount": plain(invoice.amount)}
    if dialect.paid_amount:
        fields["paidAmount"] = _paid_amount(invoice)
    return fields | {
        "currency": invoice.currency,
        "type": "TopUp" if invoice.top_up else "Standard",
        "checkoutLink": f"{base_url}/i/{invoice.id}",
        "status": invoice.status,
        "additionalStatus": invoice.additional_status,
        "createdTime": invoice.created_s,
        "expirationTime": invoice.expires_s,
        "monitoringExpiration": invoice.monitored_s,
        "availableStatusesForManualMarking": list(invoice.markable),
        "archived": invoice.archived,
        "metadata": invoice.metadata,
        "checkout": {
            "speedPolicy": checkout.get("speedPolicy") or "MediumSpeed",
            "paymentMethods": [dialect.lightning] if invoice.prompt else [],
            "defaultPaymentMethod": checkout.get("defaultPaymentMethod"),
            "expirationMinutes": (invoice.expires_s - invoice.created_s) // 60,
            "monitoringMinutes": (invoice.monitored_s - invoice.expires_s) // 60,
            "paymentTolerance": invoice.tolerance_percent,
            "redirectURL": checkout.get("redirectURL"),
            "redirectAutomatically": bool(checkout.get("redirectAutomatically")),
            "defaultLanguage": checkout.get("defaultLanguage"),
            "lazyPaymentMethods": None,
        },
        "receipt": {name: receipt.get(name) is not False for name in ("enabled", "showQR", "showPayments")},
    }


def payment_methods(invoice: Invoice, dialect: Dialect) -> list[dict[str, Any]]:
    """Return the invoice's payment methods: none, or the Lightning one."""
    if invoice.prompt is None:
        return []
    issued = invoice.prompt.node_invoice
    names = ("paymentMethodId", "currency", "paymentMethodFee")
    if not dialect.v2:
        names = ("paymentMethod", "cryptoCode", "networkFee")
    return [
        {
            names[0]: dialect.lightning,
            names[1]: "BTC",
            "activated": invoice.prompt.activated,
            "destination": issued and issued.bolt11,
            "paymentLink": f"lightning:{issued.bolt11}" if issued else "",
            "rate": str(invoice.rate),
            "amount": btc(invoice.total_msat),
            "due": btc(invoice.due_msat),
            "totalPaid": btc(invoice.paid_msat),
            "paymentMethodPaid": btc(invoice.paid_msat),
            names[2]: "0",
            "payments": [_payment(payment) for payment in invoice.payments],
            "additionalData": {
                "paymentHash": issued and issued.payment_hash,
                "preimage": issued.preimage if issued and issued.paid_s is not None else None,
                "invoiceId": issued and issued.id,
                "nodeInfo": None,
            },
        }
    ]


def node_invoice(issued: NodeInvoice, now_s: int) -> dict[str, Any]:
    """Return the LightningInvoiceData object: the node's own word on a BOLT11; amounts in millisatoshi."""
    paid = issued.paid_s is not None
    return {
        "id": issued.id,
        "status": "Paid" if paid else "Expired" if now_s >= issued.expires_s else "Unpaid",
        "BOLT11": issued.bolt11,
        "paymentHash": issued.payment_hash,
        "preimage": issued.preimage if paid else None,
        "paidAt": issued.paid_s,
        "expiresAt": issued.expires_s,
        "amount": str(issued.amount_msat or 0),
        "amountReceived": str(issued.received_msat) if paid else None,
        "customRecords": None,
    }


def store_fields(store: Store, dialect: Dialect) -> dict[str, Any]:
    """Return the StoreData object."""
    return {
        "id": store.id,
        "name": store.name,
        "website": None,
        "supportUrl": None,
        "logoUrl": None,
        "brandColor": None,
        "defaultCurrency": store.default_currency,
        "invoiceExpiration": store.expiration_s,
        "monitoringExpiration": store.monitoring_s,
        "displayExpirationTimer": 300,
        "paymentTolerance": store.tolerance_percent,
        "speedPolicy": "MediumSpeed",
        "lazyPaymentMethods": store.lazy,
        "lightningDescriptionTemplate": store.lightning_description,
        "lightningAmountInSatoshi": False,
        "onChainWithLnInvoiceFallback": False,
        "defaultPaymentMethod": dialect.lightning,
        "paymentMethodCriteria": [],
        "receipt": {"enabled": True, "showQR": True, "showPayments": True},
        "refundBOLT11Expiration": 30,
        "archived": False,
    }


def server_info(dialect: Dialect) -> dict[str, Any]:
    """Return the ApplicationServerInfoData object: a server that is in step with its chain."""
    height = 910_000
    chain = {
        "available": True,
        "chainHeight": height,
        "syncHeight": height,
        "nodeInformation": {"headers": height, "blocks": height, "verificationProgress": 1.0},
    }
    return {
        "version": dialect.version,
        "onion": None,
        "supportedPaymentMethods": list(dialect.method_ids),
        "fullySynched": True,
        "syncStatus": [{"paymentMethodId" if dialect.v2 else "cryptoCode": dialect.method_ids[0], **chain}],
    }


def _paid_amount(invoice: Invoice) -> str:
    worth = Decimal(invoice.paid_msat).scaleb(-_MSAT_DIGITS) * invoice.rate
    return plain(worth.quantize(Decimal(1).scaleb(-decimals_of(invoice.currency)), ROUND_HALF_EVEN))


def _payment(payment: Payment) -> dict[str, Any]:
    return {
        "id": payment.payment_hash,
        "receivedDate": payment.received_s,
        "value": btc(payment.amount_msat),
        "fee": "0",
        "status": "Settled",
        "destination": payment.bolt11,
    }
