import dataclasses

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pos.core.money import (
    CURRENCIES,
    Money,
    exponent,
    msat_from_btc,
    parse,
    plain,
    show,
    show_sats,
)


@pytest.mark.parametrize(
    ("currency", "decimals"),
    [
        ("JPY", 0),
        ("KRW", 0),
        ("ISK", 0),
        ("SATS", 0),
        ("USD", 2),
        ("EUR", 2),
        ("BHD", 3),
        ("CLF", 4),
        ("UYW", 4),
    ],
)
def test_each_currency_has_the_decimals_of_iso_4217(currency: str, decimals: int) -> None:
    assert exponent(currency) == decimals


def test_all_165_active_currencies_that_have_a_minor_unit_and_satoshi_are_known() -> None:
    assert len(CURRENCIES) == 165 + 1
    assert all(len(code) == 3 and code.isascii() and code.isupper() for code in CURRENCIES - {"SATS"})


@pytest.mark.parametrize("currency", ["XAU", "DEM", "BGN", "BTC", "jpy", "yen", ""])
def test_what_is_no_active_currency_is_refused(currency: str) -> None:
    with pytest.raises(ValueError, match="not an ISO 4217"):
        exponent(currency)
    with pytest.raises(ValueError, match="not an ISO 4217"):
        Money(1, currency)


def test_amounts_of_one_currency_add_subtract_and_multiply() -> None:
    assert Money(1400, "JPY") + Money(600, "JPY") == Money(2000, "JPY")
    assert Money(1400, "JPY") - Money(2000, "JPY") == Money(-600, "JPY")
    assert Money(1250, "USD") * 3 == Money(3750, "USD")


def test_amounts_of_two_currencies_do_not_mix() -> None:
    with pytest.raises(ValueError, match="JPY and USD"):
        Money(1, "JPY") + Money(1, "USD")
    with pytest.raises(ValueError, match="JPY and USD"):
        Money(1, "JPY") - Money(1, "USD")


def test_a_float_never_touches_money() -> None:
    with pytest.raises(TypeError):
        Money(1400, "JPY") * 1.1  # type: ignore[operator]


def test_money_cannot_be_changed() -> None:
    with pytest.raises(dataclasses.FrozenInstanceError):
        Money(1, "JPY").minor = 2  # type: ignore[misc]


@pytest.mark.parametrize(
    ("text", "currency", "minor"),
    [
        ("1400", "JPY", 1400),
        ("0", "JPY", 0),
        ("007", "SATS", 7),
        ("12", "USD", 1200),
        ("12.5", "USD", 1250),
        ("12.50", "USD", 1250),
        ("0.05", "CHF", 5),
        ("1.234", "BHD", 1234),
        ("99999999999999", "JPY", 99999999999999),
    ],
)
def test_plain_amounts_are_read(text: str, currency: str, minor: int) -> None:
    assert parse(text, currency) == Money(minor, currency)


@pytest.mark.parametrize(
    "text",
    [
        "",
        ".",
        "12.",
        ".5",
        "-1",
        "+1",
        " 1",
        "1\n",
        "1,400",
        "1_400",
        "1e3",
        "0x10",
        "NaN",
        "１４００",
        "١",
        "1.2.3",
        "9" * 15,
        "9" * 5000,
    ],
)
def test_anything_but_a_plain_amount_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="not a plain amount"):
        parse(text, "USD")


@pytest.mark.parametrize(("text", "currency"), [("1400.5", "JPY"), ("1.0", "SATS"), ("1.005", "USD")])
def test_more_decimals_than_the_currency_has_are_refused(text: str, currency: str) -> None:
    with pytest.raises(ValueError, match="more decimals"):
        parse(text, currency)


@given(st.integers(min_value=0, max_value=10**14 - 1), st.sampled_from(sorted(CURRENCIES)))
def test_a_plain_amount_reads_back_as_itself(minor: int, currency: str) -> None:
    assert parse(plain(Money(minor, currency)), currency) == Money(minor, currency)


@pytest.mark.parametrize(
    ("money", "sent", "shown"),
    [
        (Money(1400, "JPY"), "1400", "¥1,400"),
        (Money(1250, "USD"), "12.50", "$12.50"),
        (Money(123456789, "EUR"), "1234567.89", "€1,234,567.89"),
        (Money(5, "GBP"), "0.05", "£0.05"),
        (Money(1250, "CHF"), "12.50", "CHF 12.50"),
        (Money(1234567, "BHD"), "1234.567", "BHD 1,234.567"),
        (Money(1400, "SATS"), "1400", "1,400 sats"),
        (Money(-600, "JPY"), "-600", "-¥600"),
        (Money(-5, "CHF"), "-0.05", "-CHF 0.05"),
        (Money(-1400, "SATS"), "-1400", "-1,400 sats"),
    ],
)
def test_an_amount_is_sent_plainly_and_shown_with_its_currency(money: Money, sent: str, shown: str) -> None:
    assert plain(money) == sent
    assert show(money) == shown


@pytest.mark.parametrize(
    ("text", "amount_msat"),
    [
        ("0", 0),
        ("0E-8", 0),
        ("0.00000000", 0),
        ("0.00008231", 8_231_000),
        ("0.00013529123", 13_529_123),
        ("0.00013529123000", 13_529_123),
        ("-0.00000001", -1000),
        ("1", 10**11),
        ("21000000", 2_100_000_000_000_000_000),
        ("20999999.99999999999", 2_099_999_999_999_999_999),
        ("1E-11", 1),
        ("1.5e-8", 1500),
        ("2E+2", 200 * 10**11),
    ],
)
def test_bitcoin_text_becomes_exact_millisatoshi(text: str, amount_msat: int) -> None:
    assert msat_from_btc(text) == amount_msat


@pytest.mark.parametrize("text", ["0.000000000001", "1E-12", "9999999999.000000000000000000000000000001", "1e-99"])
def test_bitcoin_finer_than_a_millisatoshi_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="finer"):
        msat_from_btc(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "-",
        "+1",
        " 1",
        "1\n",
        "1,0",
        ".5",
        "5.",
        "NaN",
        "Infinity",
        "１",
        "1e",
        "1e999999999",
        "9" * 11,
        "1_0",
    ],
)
def test_text_that_is_no_amount_of_bitcoin_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="not a decimal amount"):
        msat_from_btc(text)


@pytest.mark.parametrize("text", ["21000000.00000000001", "-21000000.00000000001", "9999999999", "1e99"])
def test_more_bitcoin_than_there_is_never_reaches_the_journal_or_a_notice(text: str) -> None:
    with pytest.raises(ValueError, match="more than there is"):
        msat_from_btc(text)


def test_all_bitcoin_there_is_can_still_be_told() -> None:
    assert msat_from_btc("21000000") == -msat_from_btc("-21e6") == 21 * 10**17


@given(st.integers(min_value=-21 * 10**17, max_value=21 * 10**17))
def test_no_millisatoshi_is_lost_on_the_way_from_bitcoin(amount_msat: int) -> None:
    sign = "-" if amount_msat < 0 else ""
    whole, fraction = divmod(abs(amount_msat), 10**11)
    assert msat_from_btc(f"{sign}{whole}.{fraction:011d}") == amount_msat


@pytest.mark.parametrize(
    ("amount_msat", "shown"),
    [
        (0, "0 sats"),
        (13_529_000, "13,529 sats"),
        (13_529_123, "13,529.123 sats"),
        (13_529_100, "13,529.100 sats"),
        (1, "0.001 sats"),
        (-1_500, "-1.500 sats"),
        (-2_000, "-2 sats"),
    ],
)
def test_millisatoshi_are_shown_as_satoshi_with_their_remainder(amount_msat: int, shown: str) -> None:
    assert show_sats(amount_msat) == shown
