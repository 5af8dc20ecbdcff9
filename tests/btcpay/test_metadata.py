"""What BTCPay's own reports find in an invoice of the till."""

import json
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pos import __version__
from pos.btcpay import metadata
from pos.core.cart import Cart, Line
from pos.core.money import Money, parse
from pos.core.order import Attempt, Order
from tests.samples import ATTEMPT, BEER, NUTS, SHOP, T0_S


def attempt(*lines: Line, currency: str = "JPY") -> Attempt:
    total = sum((line.amount for line in lines), Money(0, currency))
    return Attempt(Order("K1", 7, lines, total, T0_S), 1, total, "5eed01")


def described(attempt: Attempt, language: str = "en") -> dict[str, Any]:
    """Read back what was written, every figure as its own text."""
    body: dict[str, Any] = json.loads(
        metadata.to_json(metadata.describe(attempt, language)), parse_int=_digits, parse_float=_digits
    )
    return body


class _digits(str):
    """A number as it stood in the JSON."""


def test_order_of_one_item() -> None:
    assert described(ATTEMPT) == {
        "orderId": "K1-0042-1-5eed01",
        "itemDesc": "Draft beer x2",
        "itemCode": "beer",
        "posData": {
            "cart": [{"id": "beer", "title": "Draft beer", "count": "2", "price": "700"}],
            "amounts": [],
            "total": "1400",
        },
        "receiptData": {"title": "K1-0042", "cart": {"Draft beer": "2 x ¥700 = ¥1,400"}, "total": "¥1,400"},
        "kioskId": "K1",
        "kioskOrder": "K1-0042",
        "kioskVersion": __version__,
    }


def test_names_are_in_the_shops_language() -> None:
    body = described(ATTEMPT, "ja")
    assert (body["itemDesc"], body["posData"]["cart"][0]["title"]) == ("生ビール x2", "生ビール")


def test_amounts_from_the_keypad_are_amounts_and_no_items() -> None:
    cart = Cart("JPY").add(BEER).add(NUTS)
    for yen in (300, 250):
        cart = cart.add_custom(Money(yen, "JPY"), SHOP.custom_names)
    cart = cart.change("custom#2", +1)
    body = described(attempt(*cart.lines))
    assert "itemCode" not in body
    assert [item["id"] for item in body["posData"]["cart"]] == ["beer", "nuts"]
    assert body["posData"]["amounts"] == ["300", "250", "250"]
    assert body["posData"]["total"] == "1900"
    assert body["receiptData"]["cart"] == {
        "Draft beer": "1 x ¥700 = ¥700",
        "Nuts": "1 x ¥400 = ¥400",
        "Other amount custom#1": "1 x ¥300 = ¥300",
        "Other amount custom#2": "2 x ¥250 = ¥500",
    }


def test_single_keypad_amount_has_no_item_code() -> None:
    body = described(attempt(*Cart("JPY").add_custom(Money(300, "JPY"), SHOP.custom_names).lines))
    assert "itemCode" not in body
    assert body["receiptData"]["cart"] == {"Other amount": "1 x ¥300 = ¥300"}


def test_two_items_of_one_name_both_stand_on_the_receipt() -> None:
    lines = [Line(key, {"en": "Beer"}, Money(price, "JPY"), 1) for key, price in (("small", 500), ("large", 800))]
    assert described(attempt(*lines))["receiptData"]["cart"] == {
        "Beer small": "1 x ¥500 = ¥500",
        "Beer large": "1 x ¥800 = ¥800",
    }


def test_rest_of_a_part_payment_is_an_amount_so_that_nothing_is_sold_twice() -> None:
    body = described(replace(ATTEMPT, number=2, amount=Money(700, "JPY")))
    assert body["posData"] == {"cart": [], "amounts": ["700"], "total": "700"}
    assert body["receiptData"]["total"] == "¥700"
    assert "itemCode" not in body


@pytest.mark.parametrize(
    ("currency", "price", "digits"),
    [
        ("JPY", "700", "700"),
        ("USD", "12.5", "12.50"),
        ("USD", "0.1", "0.10"),
        ("BHD", "1.005", "1.005"),
        ("SATS", "1", "1"),
    ],
)
def test_prices_are_json_numbers_written_digit_by_digit(currency: str, price: str, digits: str) -> None:
    sold = attempt(Line("x", {"en": "X"}, parse(price, currency), 1), currency=currency)
    text = metadata.to_json(metadata.describe(sold, "en"))
    assert f'"price": {digits}}}' in text
    assert f'"total": {digits}}}, "receiptData"' in text


@given(st.integers(0, 10**14 - 1), st.sampled_from(["JPY", "USD", "BHD", "CLF"]))
def test_price_is_exact_however_long(minor: int, currency: str) -> None:
    (price,) = json.loads(metadata.to_json([Money(minor, currency)]), parse_float=Decimal, parse_int=Decimal)
    assert isinstance(price, Decimal)
    assert parse(str(price), currency) == Money(minor, currency)


@given(st.dictionaries(st.text(), st.text() | st.integers() | st.booleans() | st.none() | st.lists(st.text())))
def test_everything_else_comes_back_as_it_was(value: dict[str, Any]) -> None:
    assert json.loads(metadata.to_json(value)) == value


@pytest.mark.parametrize(
    "name",
    ['"', "\\", '\\"', "\0", "\0" + "5", '"\0' + "5", "\\u0000" + "5", "\n", "🍺", "\u2028", "5", "{}"],
)
def test_any_name_survives(name: str) -> None:
    body = described(attempt(Line("x", {"en": name}, Money(700, "JPY"), 1)))
    assert body["posData"]["cart"][0]["title"] == name
    assert not isinstance(body["posData"]["cart"][0]["title"], _digits)
    assert body["itemDesc"] == f"{name} x1"
    assert body["receiptData"]["cart"] == {name: "1 x ¥700 = ¥700"}


@given(st.lists(st.text(min_size=1, max_size=40), min_size=1, max_size=8))
def test_item_description_is_short_enough_for_a_qr(names: list[str]) -> None:
    lines = [Line(f"i{index}", {"en": name}, Money(1, "JPY"), 99) for index, name in enumerate(names)]
    text = metadata.describe(attempt(*lines), "en")["itemDesc"]
    whole = ", ".join(f"{name} x99" for name in names)
    assert len(text) <= 60
    assert text == whole if len(whole) <= 60 else text == whole[:59] + "…"
