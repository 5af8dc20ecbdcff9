"""Exchange rates of the demo shop: made up once, near the market of mid 2026, and never moving.

Rule: units of the currency per bitcoin, as exact decimals.
"""

from collections.abc import Mapping
from decimal import Decimal
from typing import Final

_PER_BTC: Final = {
    "AED": "400300", "ARS": "159000000", "AUD": "166500", "BDT": "13330000", "BGN": "182400",
    "BHD": "41090", "BRL": "594000", "CAD": "149400", "CHF": "87200", "CLP": "103500000",
    "CNY": "774000", "COP": "437000000", "CRC": "54900000", "CZK": "2287000", "DKK": "695800",
    "EUR": "93240", "GBP": "80870", "GTQ": "836000", "HKD": "855500", "HNL": "2866000",
    "HUF": "36500000", "IDR": "1786000000", "ILS": "366000", "INR": "9430000", "ISK": "13310000",
    "JPY": "17009000.0", "KES": "14090000", "KRW": "151500000", "KWD": "33300", "MAD": "983000",
    "MXN": "2034000", "MYR": "461000", "NGN": "166800000", "NOK": "1103000", "NZD": "182600",
    "PEN": "387000", "PHP": "6230000", "PLN": "397000", "RON": "474000", "SAR": "409000",
    "SEK": "1042000", "SGD": "140200", "THB": "3531000", "TRY": "4418000", "TWD": "3228000",
    "UAH": "4557000", "USD": "109000", "UYU": "4377000", "VND": "2850000000", "ZAR": "1931000",
    "SATS": "100000000", "BTC": "1",
}  # fmt: skip


def fixed_rates() -> Mapping[str, Decimal]:
    """Return the price of one bitcoin by currency code."""
    return {currency: Decimal(rate) for currency, rate in _PER_BTC.items()}
