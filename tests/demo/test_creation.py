"""What a creation request is taken to mean, and which paths its mistakes are given."""

from decimal import Decimal

import pytest

from pos.demo.creation import Store, Unprocessable, read, round_to_significant


@pytest.mark.parametrize(
    ("amount", "decimals", "rounded"),
    [
        ("100.4", 0, "100"),
        ("999.5", 0, "1000"),
        ("10.4", 0, "10.4"),
        ("0.5", 0, "0.5"),
        ("0.005", 2, "0.005"),
        ("4.5", 2, "4.5"),
        ("0", 0, "0"),
    ],
)
def test_amounts_are_rounded_as_btcpay_rounds(amount: str, decimals: int, rounded: str) -> None:
    assert round_to_significant(Decimal(amount), decimals) == Decimal(rounded)


@pytest.mark.parametrize(
    ("body", "path"),
    [
        ({"amount": "-1"}, "Amount"),
        ({"amount": "18446744073709551616"}, "Amount"),
        ({"amount": "many"}, "amount"),
        ({"amount": True}, "amount"),
        ({"checkout": {"paymentMethods": ["BTC-LN", "DOGE"]}}, "Checkout.PaymentMethods[1]"),
        ({"checkout": {"expirationMinutes": 0}}, "Checkout.Expiration"),
        ({"checkout": {"expirationMinutes": "00:00:29"}}, "Checkout.Expiration"),
        ({"checkout": {"expirationMinutes": Decimal("1.5")}}, "checkout.expirationMinutes"),
        ({"checkout": {"paymentTolerance": 101}}, "Checkout.PaymentTolerance"),
        ({"checkout": {"defaultLanguage": "xx"}}, "Checkout.DefaultLanguage"),
        ({"metadata": []}, "metadata"),
        ([], ""),
        (None, ""),
    ],
)
def test_bad_request_names_the_path_btcpay_names(body: object, path: str) -> None:
    with pytest.raises(Unprocessable) as caught:
        read(body, Store(), v2=True)
    assert [found for found, _ in caught.value.problems] == [path]


def test_all_mistakes_of_a_request_are_listed() -> None:
    with pytest.raises(Unprocessable) as caught:
        read({"amount": -1, "checkout": {"paymentMethods": ["X", "Y"]}}, Store(), v2=True)
    paths = [path for path, _ in caught.value.problems]
    assert paths == ["Amount", "Checkout.PaymentMethods[0]", "Checkout.PaymentMethods[1]"]


def test_text_can_say_less_than_a_minute() -> None:
    assert read({"checkout": {"expirationMinutes": "00:01:30"}}, Store(), v2=True).expiration_s == 90


@pytest.mark.parametrize(
    ("name", "v2", "known"),
    [
        ("BTC-LightningNetwork", True, True),
        ("BTC-LightningNetwork", False, True),
        ("btc-ln", True, True),
        ("BTC-LN", False, False),
        ("BTC_LightningLike", False, True),
        ("BTC-CHAIN", False, False),
    ],
)
def test_payment_method_names_are_taken_as_the_version_takes_them(name: str, v2: bool, known: bool) -> None:
    body = {"checkout": {"paymentMethods": [name]}}
    if known:
        assert read(body, Store(), v2=v2).lightning
    else:
        with pytest.raises(Unprocessable):
            read(body, Store(), v2=v2)


def test_tax_is_kept_between_nothing_and_the_price() -> None:
    body = {"amount": "100", "currency": "JPY", "metadata": {"taxIncluded": 127}}
    assert read(body, Store(), v2=True).metadata["taxIncluded"] == 100
