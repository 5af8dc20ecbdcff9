"""What we ask of BTCPay Server and what its answers mean: Greenfield API v1, servers 1.13 to 2.4 and later.

Rule: no I/O. Requests are built, answers are understood, and the vendor's words end here: JSON never leaves this
module, a problem of the server's becomes one of our exceptions, and its status strings become a `Standing`.
The nested paths are used because they are the only ones that every version knows.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from enum import Enum
from typing import Any
from urllib.parse import quote

from pos.btcpay import metadata
from pos.btcpay.refusals import Response, nonsense, refuse
from pos.core.money import Money, exponent, msat_from_btc, plain
from pos.core.order import Attempt

LIGHTNING = "BTC-LightningNetwork"
"""The one name of the payment method that 1.x and 2.x both take in a request."""

_LIGHTNING_IN_ANSWERS = {"BTC-LN", "BTC-LightningNetwork", "BTC_LightningLike"}
_MAX_ADJUSTED = 30  # more digits before or after the point than any price of anything


@dataclass(frozen=True, slots=True)
class Request:
    """One call; `path` begins behind the server's configured address, `body` is JSON text."""

    method: str
    path: str
    query: tuple[tuple[str, str], ...] = ()
    body: str | None = None


class Standing(Enum):
    """What a status and an additionalStatus say together."""

    OPEN = "open"
    PART_PAID = "part paid"
    NOTICED = "noticed"
    SETTLED = "settled"
    EXPIRED = "expired"
    INVALID = "invalid"
    PAID_LATE = "paid late"


# InvoiceStatus x InvoiceAdditionalStatus; None stands for any other additionalStatus. Lightning goes from New to
# Settled in one step, and Expired/PaidLate never becomes Settled by itself.
_STANDINGS: Mapping[tuple[str, str | None], Standing] = {
    ("New", "PaidPartial"): Standing.PART_PAID,
    ("New", None): Standing.OPEN,
    ("Processing", None): Standing.NOTICED,
    ("Settled", None): Standing.SETTLED,
    ("Expired", "PaidLate"): Standing.PAID_LATE,
    ("Expired", "PaidOver"): Standing.PAID_LATE,
    ("Expired", None): Standing.EXPIRED,
    ("Invalid", None): Standing.INVALID,
}


@dataclass(frozen=True, slots=True)
class Prompt:
    """The Lightning payment method of an invoice; `destination` is '' while the server has no BOLT11 for it."""

    destination: str
    due_msat: int
    paid_msat: int
    rate: Decimal


@dataclass(frozen=True, slots=True)
class Invoice:
    """An invoice as the server tells it; times in unix seconds by its clock.

    `prompts` is None where the server did not embed them: then they are asked for with `payment_methods`.
    """

    id: str
    order_id: str
    amount: Decimal
    currency: str
    type: str
    standing: Standing
    created_s: int
    expires_s: int
    monitored_until_s: int
    prompts: tuple[Prompt, ...] | None

    def asks_for(self, money: Money) -> bool:
        """Tell whether this is a fixed price of just this much; a top-up invoice would settle for any payment."""
        return (
            self.type == "Standard"
            and self.currency == money.currency
            and self.amount == Decimal(plain(money))
        )


def create_invoice(store_id: str, attempt: Attempt, *, language: str, expiry_min: int) -> Request:
    """Ask for an invoice (POST .../invoices); Lightning only, so that a node that is down is told and not left out."""
    checkout = {"paymentMethods": [LIGHTNING], "expirationMinutes": expiry_min, "lazyPaymentMethods": False}
    body = {
        "amount": plain(attempt.amount),
        "currency": attempt.amount.currency,
        "metadata": metadata.describe(attempt, language),
        "checkout": checkout,
    }
    return Request("POST", _invoices(store_id), body=metadata.to_json(body))


def find_invoices(store_id: str, order_id: str) -> Request:
    """Ask for every invoice with this orderId (GET .../invoices); the server compares it exactly."""
    query = (
        ("orderId", order_id),
        ("take", "10"),  # without it the server has no limit
        ("includeArchived", "true"),
        ("includePaymentMethods", "true"),
    )
    return Request("GET", _invoices(store_id), query)


def get_invoice(store_id: str, invoice_id: str) -> Request:
    """Ask for one invoice (GET .../invoices/{id}); 2.4.1 and later embed the payment methods."""
    return Request("GET", f"{_invoices(store_id)}/{quote(invoice_id, safe='')}", (("includePaymentMethods", "true"),))


def get_payment_methods(store_id: str, invoice_id: str) -> Request:
    """Ask for an invoice's BOLT11 and amounts (GET .../invoices/{id}/payment-methods)."""
    return Request("GET", f"{_invoices(store_id)}/{quote(invoice_id, safe='')}/payment-methods")


def get_health() -> Request:
    """Ask whether the server is up (GET /api/v1/health); it says nothing of Lightning."""
    return Request("GET", "/api/v1/health")


def invoice(response: Response) -> Invoice:
    """Understand one invoice."""
    return _invoice(_json(response, dict), response)


def invoices(response: Response) -> tuple[Invoice, ...]:
    """Understand a list of invoices, newest first."""
    return tuple(_invoice(entry, response) for entry in _json(response, list))


def payment_methods(response: Response) -> tuple[Prompt, ...]:
    """Understand the Lightning payment methods of an invoice; any others are left out."""
    return _prompts(_json(response, list), response)


def healthy(response: Response) -> bool:
    """Understand whether the server has caught up with the chain."""
    return _json(response, dict).get("synchronized") is True


def rate_of(prompt: Prompt, currency: str) -> Money:
    """Give what one BTC costs, rounded to the currency's minor unit: it is shown, nothing is computed from it."""
    return Money(int(prompt.rate.scaleb(exponent(currency)).to_integral_value(ROUND_HALF_UP)), currency)


def _invoices(store_id: str) -> str:
    return f"/api/v1/stores/{quote(store_id, safe='')}/invoices"


def _json(response: Response, wanted: type) -> Any:
    refuse(response)
    try:
        # Figures stay text until they are parsed as what they are, so that no float is ever made of one.
        body = json.loads(response.body, parse_float=str)
    except (ValueError, RecursionError) as exc:
        raise nonsense(response, "not JSON") from exc
    if not isinstance(body, wanted):
        raise nonsense(response, f"not a JSON {wanted.__name__}")
    return body


def _invoice(body: Any, response: Response) -> Invoice:
    try:
        meta = body.get("metadata") or {}
        embedded = body.get("paymentMethods")
        return Invoice(
            id=_text(body["id"]),
            order_id=str(meta.get("orderId") or ""),
            amount=_decimal(body["amount"]),
            currency=_text(body["currency"]),
            type=_text(body["type"]),
            standing=_standing(_text(body["status"]), _text(body["additionalStatus"])),
            created_s=_unix(body["createdTime"]),
            expires_s=_unix(body["expirationTime"]),
            monitored_until_s=_unix(body["monitoringExpiration"]),
            prompts=_prompts(embedded, response) if embedded else None,
        )
    except (KeyError, TypeError, ValueError, AttributeError, ArithmeticError) as exc:
        raise nonsense(response, f"not an invoice: {exc!r}") from exc


def _prompts(body: Any, response: Response) -> tuple[Prompt, ...]:
    try:
        # 1.x says paymentMethod where 2.x says paymentMethodId.
        named = [(entry.get("paymentMethodId") or entry.get("paymentMethod"), entry) for entry in body]
        return tuple(_prompt(entry) for name, entry in named if name in _LIGHTNING_IN_ANSWERS)
    except (KeyError, TypeError, ValueError, AttributeError, ArithmeticError) as exc:
        raise nonsense(response, f"not payment methods: {exc!r}") from exc


def _prompt(entry: Any) -> Prompt:
    destination = entry.get("destination")
    return Prompt(
        destination=_text(destination) if destination else "",
        due_msat=msat_from_btc(str(entry["due"])),
        paid_msat=msat_from_btc(str(entry["totalPaid"])),
        rate=_decimal(entry["rate"]),
    )


def _standing(status: str, additional: str) -> Standing:
    try:
        return _STANDINGS.get((status, additional)) or _STANDINGS[status, None]
    except KeyError as exc:
        raise ValueError(f"unknown status {status}/{additional}") from exc


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError(f"{value!r} is not text")
    value.encode()  # half a surrogate pair is JSON, but cannot be stored or sent back
    return value


def _decimal(value: object) -> Decimal:
    """Read a decimal that may come as a string, as Greenfield writes it, or as a JSON number."""
    if isinstance(value, bool) or not isinstance(value, str | int):
        raise TypeError(f"{value!r} is not a number")
    try:
        number = Decimal(value)
    except InvalidOperation as exc:
        raise ValueError(f"{value!r} is not a number") from exc
    if not number.is_finite() or abs(number.adjusted()) > _MAX_ADJUSTED:
        raise ValueError(f"{value!r} is not a figure of money")
    return number


def _unix(value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, int):
        raise TypeError(f"{value!r} is not a time in unix seconds")
    return value
