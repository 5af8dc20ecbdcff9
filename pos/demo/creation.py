"""What a request to create an invoice asks for, by BTCPay's checks and defaults (POST .../invoices).

Rule: pure. JSON in, a `Wanted` or a list of complaints out; complaints carry the paths BTCPay gives them.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, Final

from pos.core.money import exponent

LIGHTNING_NAMES_V1: Final = frozenset({"btc-lightningnetwork", "btc_lightninglike", "btc-offchain"})
LIGHTNING_NAMES: Final = LIGHTNING_NAMES_V1 | {"btc-lightninglike", "btc_offchain", "btc-ln"}
_OTHER_NAMES_V1: Final = frozenset({"btc", "btc-onchain", "btc_btclike", "btc-lnurlpay"})
_OTHER_NAMES: Final = _OTHER_NAMES_V1 | {"btc-bitcoinlike", "btc-chain", "btc-lnurl"}
_MAX_AMOUNT: Final = 2**64 - 1
_SHORTEST_S: Final = 30
_DECIMAL: Final = re.compile(r"-?[0-9]{1,28}(\.[0-9]{1,28})?")
_TIME_SPAN: Final = re.compile(r"(?:(\d+)\.)?(\d{1,2}):(\d{2})(?::(\d{2}))?")
_LANGUAGES: Final = frozenset({"en", "ja-jp", "de-de", "es-es", "fr-fr", "it-it", "pt-br", "zh-cn", "zh-tw"})


@dataclass(frozen=True, slots=True)
class Store:
    """Settings of the demo store; times in seconds."""

    id: str = "5Pn7Tmq1WnDEMoSTorexBar42Y8vKZrTgHcJ3sL6dQeA"
    name: str = "Demo Bar"
    default_currency: str = "JPY"
    lightning_description: str = "Paid to {StoreName} (Order ID: {OrderId})"
    expiration_s: int = 15 * 60
    monitoring_s: int = 24 * 3600
    tolerance_percent: Decimal = Decimal(0)
    lazy: bool = False


@dataclass(frozen=True, slots=True)
class Wanted:
    """A request that passed the checks; `amount` is None for a top-up invoice."""

    amount: Decimal | None
    currency: str
    metadata: Mapping[str, Any]
    search_terms: tuple[str, ...]
    lightning: bool
    lazy: bool
    expiration_s: int
    monitoring_s: int
    tolerance_percent: Decimal
    checkout: Mapping[str, Any]
    receipt: Mapping[str, Any]


class Unprocessable(ValueError):
    """BTCPay would answer 422; `problems` holds (path, message) pairs."""

    def __init__(self, problems: list[tuple[str, str]]) -> None:
        super().__init__("; ".join(f"{path}: {message}" for path, message in problems))
        self.problems = problems


@dataclass(slots=True)
class _Reading:
    """One pass over a body, collecting complaints."""

    problems: list[tuple[str, str]] = field(default_factory=list)

    def complain(self, path: str, message: str) -> None:
        self.problems.append((path, message))

    def number(self, value: object, path: str) -> Decimal | None:
        """A decimal from a JSON string or number; nothing, null and "" are None."""
        if value is None or value == "":
            return None
        plain = isinstance(value, int | Decimal | str) and not isinstance(value, bool)
        if plain and _DECIMAL.fullmatch(str(value)):
            return Decimal(str(value))
        self.complain(path, "Error converting value to a decimal")
        return None

    def seconds(self, value: object, path: str) -> int | None:
        """Minutes as a JSON integer, or .NET's [d.]hh:mm[:ss] text, which can say less than one."""
        if isinstance(value, int) and not isinstance(value, bool):
            return value * 60
        match = _TIME_SPAN.fullmatch(value) if isinstance(value, str) else None
        if match is not None:
            days, hours, minutes, seconds = (int(part or 0) for part in match.groups())
            return ((days * 24 + hours) * 60 + minutes) * 60 + seconds
        if value is not None:
            self.complain(path, "Invalid timespan")
        return None

    def section(self, body: Mapping[str, Any], name: str) -> Mapping[str, Any]:
        value = body.get(name)
        if value is not None and not isinstance(value, dict):
            self.complain(name, "Error converting value to an object")
        return value if isinstance(value, dict) else {}


def read(body: object, store: Store, *, v2: bool) -> Wanted:
    """Check a decoded JSON body as BTCPay does; Unprocessable lists everything wrong with it."""
    if not isinstance(body, dict):
        raise Unprocessable([("", "A non-empty request body is required.")])
    reading = _Reading()
    checkout = reading.section(body, "checkout")
    amount = _amount(reading, body)
    lightning = _asks_for_lightning(reading, checkout.get("paymentMethods"), v2=v2)
    expiration_s = reading.seconds(checkout.get("expirationMinutes"), "checkout.expirationMinutes")
    if expiration_s is not None and expiration_s < _SHORTEST_S:
        reading.complain("Checkout.Expiration", "Expiration time must be at least 30 seconds")
    monitoring_s = reading.seconds(checkout.get("monitoringMinutes"), "checkout.monitoringMinutes")
    tolerance = reading.number(checkout.get("paymentTolerance"), "checkout.paymentTolerance")
    if tolerance is not None and not 0 <= tolerance <= 100:
        message = "PaymentTolerance can only be between 0 and 100 percent"
        reading.complain("Checkout.PaymentTolerance", message)
    language = checkout.get("defaultLanguage")
    if language is not None and str(language).lower() not in _LANGUAGES:
        reading.complain("Checkout.DefaultLanguage", "The requested defaultLang does not exists")
    lazy = checkout.get("lazyPaymentMethods")
    metadata, receipt = reading.section(body, "metadata"), reading.section(body, "receipt")
    if reading.problems:
        raise Unprocessable(reading.problems)
    currency = str(body.get("currency") or store.default_currency).strip().upper()
    amount = None if amount is None else round_to_significant(amount, decimals_of(currency))
    return Wanted(
        amount=amount,
        currency=currency,
        metadata=_with_tax_in_bounds(metadata, amount or Decimal(0), currency),
        search_terms=tuple(str(term) for term in body.get("additionalSearchTerms") or ()),
        lightning=lightning,
        lazy=store.lazy if lazy is None else bool(lazy),
        expiration_s=store.expiration_s if expiration_s is None else expiration_s,
        monitoring_s=store.monitoring_s if monitoring_s is None else monitoring_s,
        tolerance_percent=store.tolerance_percent if tolerance is None else tolerance,
        checkout=checkout,
        receipt=receipt,
    )


def decimals_of(currency: str) -> int:
    """Return the decimals BTCPay keeps for the code; 2 for one it does not know."""
    if currency == "BTC":
        return 8
    try:
        return exponent(currency)
    except ValueError:
        return 2


def round_to_significant(amount: Decimal, decimals: int) -> Decimal:
    """Round half away from zero, with one more digit while that changes the value by 1 % or more."""
    while True:
        step = Decimal(1).scaleb(-decimals)
        rounded = amount if amount == amount.quantize(step) else amount.quantize(step, ROUND_HALF_UP)
        if not amount or abs(rounded - amount) / abs(amount) < Decimal("0.01"):
            return rounded
        decimals += 1


def _amount(reading: _Reading, body: Mapping[str, Any]) -> Decimal | None:
    amount = reading.number(body.get("amount"), "amount")
    if amount is not None and amount < 0:
        reading.complain("Amount", "The amount should be 0 or more.")
    if amount is not None and amount > _MAX_AMOUNT:
        reading.complain("Amount", f"The amount should less than {_MAX_AMOUNT}.")
    return amount


def _asks_for_lightning(reading: _Reading, names: object, *, v2: bool) -> bool:
    if not names:
        return True
    lightning = LIGHTNING_NAMES if v2 else LIGHTNING_NAMES_V1
    others = _OTHER_NAMES if v2 else _OTHER_NAMES_V1
    asked = False
    for index, name in enumerate(names if isinstance(names, list) else [names]):
        asked = asked or str(name).lower() in lightning
        if str(name).lower() not in lightning | others:
            message = "Invalid PaymentMethodId" if v2 else "Invalid payment method"
            reading.complain(f"Checkout.PaymentMethods[{index}]", message)
    return asked


def _with_tax_in_bounds(metadata: Mapping[str, Any], price: Decimal, currency: str) -> Mapping[str, Any]:
    tax = metadata.get("taxIncluded")
    if isinstance(tax, bool) or not isinstance(tax, int | Decimal):
        return metadata
    rounded = round_to_significant(Decimal(tax), decimals_of(currency))
    return {**metadata, "taxIncluded": min(max(rounded, Decimal(0)), price)}
