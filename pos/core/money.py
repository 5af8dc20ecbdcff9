"""Currency amounts as integers in minor units, and millisatoshi.

Rule: no float ever, and nothing is rounded. Text that cannot be held exactly is refused, not approximated.
"""

import re
from dataclasses import dataclass
from decimal import Context, Decimal
from typing import Final

# ISO 4217 list one (active codes, with the funds codes), grouped by the digits after the point. Left out are
# the codes without a minor unit (gold, SDR, testing and the like): nothing is priced in them.
_CODES_BY_EXPONENT: Final = {
    0: "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF",
    2: "AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BMD BND BOB BOV BRL BSD BTN BWP BYN BZD CAD CDF "
    "CHE CHF CHW CNY COP COU CRC CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD "
    "GTQ GYD HKD HNL HTG HUF IDR ILS INR IRR JMD KES KGS KHR KPW KYD KZT LAK LBP LKR LRD LSL MAD MDL "
    "MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MXV MYR MZN NAD NGN NIO NOK NPR NZD PAB PEN PGK PHP PKR "
    "PLN QAR RON RSD RUB SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TOP "
    "TRY TTD TWD TZS UAH USD USN UYU UZS VED VES WST XAD XCD XCG YER ZAR ZMW ZWG",
    3: "BHD IQD JOD KWD LYD OMR TND",
    4: "CLF UYW",
}
SATS: Final = "SATS"

_EXPONENTS: Final = {
    code: digits for digits, codes in _CODES_BY_EXPONENT.items() for code in codes.split()
} | {SATS: 0}
CURRENCIES: Final = frozenset(_EXPONENTS)

# Only signs that mean one currency to the customer who reads them; every other currency is shown by its code.
_SIGNS: Final = {"JPY": "¥", "USD": "$", "EUR": "€", "GBP": "£"}

# 14 digits and 4 decimals stay below 2**63, which is what the journal's database can hold.
_AMOUNT: Final = re.compile(r"([0-9]{1,14})(?:\.([0-9]+))?")
_BTC: Final = re.compile(r"-?[0-9]{1,10}(?:\.[0-9]{1,30})?(?:[eE][+-]?[0-9]{1,2})?")
_BTC_DIGITS_IN_MSAT: Final = 11
_ALL_BITCOIN_MSAT: Final = 21_000_000 * 10**_BTC_DIGITS_IN_MSAT
# Wider than any text _BTC lets through: the default context would round to 28 digits without a word.
_WIDE: Final = Context(prec=64)


@dataclass(frozen=True, slots=True)
class Money:
    """An amount of one currency in its minor unit: cents for USD, yen for JPY, satoshi for SATS."""

    minor: int
    currency: str

    def __post_init__(self) -> None:
        exponent(self.currency)

    def __add__(self, other: "Money") -> "Money":
        return Money(self.minor + self._same(other), self.currency)

    def __sub__(self, other: "Money") -> "Money":
        return Money(self.minor - self._same(other), self.currency)

    def __mul__(self, count: int) -> "Money":
        if not isinstance(count, int):
            return NotImplemented
        return Money(self.minor * count, self.currency)

    def _same(self, other: "Money") -> int:
        if other.currency != self.currency:
            raise ValueError(f"{self.currency} and {other.currency} cannot be added or subtracted")
        return other.minor


def exponent(currency: str) -> int:
    """Return how many decimals the currency has; ValueError for a code that is not in CURRENCIES."""
    try:
        return _EXPONENTS[currency]
    except KeyError as exc:
        raise ValueError(f"{currency!r} is not an ISO 4217 currency code or SATS") from exc


def parse(text: str, currency: str) -> Money:
    """Read an amount such as "1400" or "12.5"; ValueError for anything else, too many decimals included."""
    decimals = exponent(currency)
    match = _AMOUNT.fullmatch(text)
    if match is None:
        raise ValueError(f"{text!r} is not a plain amount such as 1400 or 12.50")
    whole, fraction = match[1], match[2] or ""
    if len(fraction) > decimals:
        raise ValueError(f"{text!r} has more decimals than {currency} has ({decimals})")
    return Money(int(whole + fraction.ljust(decimals, "0")), currency)


def plain(money: Money) -> str:
    """Write the amount as an API is sent it: all decimals of the currency, no sign of it, no grouping."""
    return _decimal(money, grouping="")


def show(money: Money) -> str:
    """Write the amount as people read it: "¥1,400", "$12.50", "CHF 12.50", "1,400 sats"."""
    sign = "-" if money.minor < 0 else ""
    amount = _decimal(money, grouping=",").removeprefix("-")
    if money.currency == SATS:
        return f"{sign}{amount} sats"
    return f"{sign}{_SIGNS.get(money.currency, money.currency + ' ')}{amount}"


def msat_from_btc(text: str) -> int:
    """Convert a Greenfield decimal string in BTC to millisatoshi exactly; negative ones and "0E-8" are fine.

    ValueError if it is not a decimal number, is finer than one millisatoshi or more than all bitcoin there will be.
    """
    if _BTC.fullmatch(text) is None:
        raise ValueError(f"{text!r} is not a decimal amount of BTC")
    amount_msat = Decimal(text).scaleb(_BTC_DIGITS_IN_MSAT, _WIDE)
    whole_msat = int(amount_msat)
    if whole_msat != amount_msat:
        raise ValueError(f"{text!r} BTC is finer than one millisatoshi")
    if abs(whole_msat) > _ALL_BITCOIN_MSAT:
        raise ValueError(f"{text!r} BTC is more than there is")
    return whole_msat


def show_sats(amount_msat: int) -> str:
    """Write millisatoshi as satoshi for people: "13,529 sats", "13,529.123 sats" if there is a remainder."""
    sats, rest_msat = divmod(abs(amount_msat), 1000)
    sign = "-" if amount_msat < 0 else ""
    return f"{sign}{sats:,}.{rest_msat:03d} sats" if rest_msat else f"{sign}{sats:,} sats"


def _decimal(money: Money, *, grouping: str) -> str:
    decimals = exponent(money.currency)
    sign = "-" if money.minor < 0 else ""
    whole, fraction = divmod(abs(money.minor), 10**decimals)
    point = f".{fraction:0{decimals}d}" if decimals else ""
    return f"{sign}{whole:{grouping}}{point}"
