"""What we ask of BTCPay Server and what its answers mean: Greenfield API v1, servers 1.13 to 2.4 and later.

Rule: no I/O. Requests are built, answers are understood, and the vendor's words end here: JSON never leaves this
module, a problem of the server's becomes one of our exceptions, and its status strings become a `Standing`.
The nested paths are used because they are the only ones that every version knows.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import ROUND_HALF_UP, Decimal
from enum import Enum
from typing import Any
from urllib.parse import quote

from pos.btcpay import body as bodies
from pos.btcpay import metadata
from pos.btcpay.refusals import Response, nonsense, refuse
from pos.core.money import Money, exponent, msat_from_btc, plain
from pos.core.order import Attempt
from pos.errors import Broken

LIGHTNING = "BTC-LightningNetwork"
"""The one name of the payment method that 1.x and 2.x both take in a request."""

LIGHTNING_IN_ANSWERS = frozenset({"BTC-LN", "BTC-LightningNetwork", "BTC_LightningLike"})
"""What the servers call it, from 1.x to 2.x."""


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


def get_current_key() -> Request:
    """Ask what the key may do (GET /api/v1/api-keys/current); any key may ask that."""
    return Request("GET", "/api/v1/api-keys/current")


def invoice(response: Response) -> Invoice:
    """Understand one invoice."""
    return _invoice(bodies.read(response, dict), response)


def invoices(response: Response) -> tuple[Invoice, ...]:
    """Understand a list of invoices, newest first."""
    return tuple(_invoice(entry, response) for entry in bodies.read(response, list))


def payment_methods(response: Response) -> tuple[Prompt, ...]:
    """Understand the Lightning payment methods of an invoice; any others are left out."""
    return _prompts(bodies.read(response, list), response)


def healthy(response: Response) -> bool:
    """Understand whether the server has caught up with the chain."""
    return bodies.read(response, dict).get("synchronized") is True


def current_key(response: Response) -> frozenset[str]:
    """Understand what the key may do: permissions as the server names them, with the store they are limited to."""
    refuse(response)
    try:
        held = bodies.read(response, dict)["permissions"]
        if not isinstance(held, list):
            raise TypeError
        return frozenset(map(bodies.word, held))
    except (Broken, KeyError, TypeError, ValueError):
        # The answer repeats the key, maybe in a spelling that nobody would search a log for: it is no evidence.
        raise nonsense(replace(response, body=b""), "not an API key") from None


def rate_of(prompt: Prompt, currency: str) -> Money:
    """Give what one BTC costs, rounded to the currency's minor unit: it is shown, nothing is computed from it."""
    minor = prompt.rate.scaleb(exponent(currency)).to_integral_value(ROUND_HALF_UP)
    return Money(max(0, int(minor)), currency)


def _invoices(store_id: str) -> str:
    return f"/api/v1/stores/{quote(store_id, safe='')}/invoices"


def _invoice(body: Any, response: Response) -> Invoice:
    try:
        meta = body.get("metadata") or {}
        embedded = body.get("paymentMethods")
        return Invoice(
            id=bodies.word(body["id"]),
            order_id=_scalar(meta.get("orderId")),
            amount=bodies.decimal(body["amount"]),
            currency=bodies.word(body["currency"]),
            type=bodies.word(body["type"]),
            standing=_standing(bodies.word(body["status"]), bodies.word(body["additionalStatus"])),
            created_s=bodies.unix(body["createdTime"]),
            expires_s=bodies.unix(body["expirationTime"]),
            monitored_until_s=bodies.unix(body["monitoringExpiration"]),
            prompts=_prompts(embedded, response) if embedded else None,
        )
    except (KeyError, TypeError, ValueError, AttributeError, ArithmeticError) as exc:
        raise nonsense(response, f"not an invoice: {exc!r}") from exc


def _prompts(body: Any, response: Response) -> tuple[Prompt, ...]:
    try:
        # 1.x says paymentMethod where 2.x says paymentMethodId.
        named = [(entry.get("paymentMethodId") or entry.get("paymentMethod"), entry) for entry in body]
        return tuple(_prompt(entry) for name, entry in named if name in LIGHTNING_IN_ANSWERS)
    except (KeyError, TypeError, ValueError, AttributeError, ArithmeticError) as exc:
        raise nonsense(response, f"not payment methods: {exc!r}") from exc


def _prompt(entry: Any) -> Prompt:
    destination = entry.get("destination")
    paid_msat = msat_from_btc(_scalar(entry["totalPaid"]))
    if paid_msat < 0:
        raise ValueError("less than nothing was paid")
    return Prompt(
        destination=bodies.text(destination) if destination else "",
        due_msat=msat_from_btc(_scalar(entry["due"])),
        paid_msat=paid_msat,
        rate=bodies.decimal(entry["rate"]),
    )


def _scalar(value: object) -> str:
    """Write a word or a figure as text; what is anything else is no text."""
    return str(value) if isinstance(value, str | int) else ""


def _standing(status: str, additional: str) -> Standing:
    try:
        return _STANDINGS.get((status, additional)) or _STANDINGS[status, None]
    except KeyError as exc:
        raise ValueError(f"unknown status {status}/{additional}") from exc
