"""Names of orders and attempts: people say the one, BTCPay files under the other."""

from dataclasses import replace

import pytest

from pos.core.order import number_in, order_id
from tests.samples import ATTEMPT, ORDER


def test_an_order_is_called_by_till_and_number() -> None:
    assert ORDER.id == order_id("K1", 42) == "K1-0042"


def test_the_number_grows_beyond_four_digits() -> None:
    assert order_id("K1", 12_345) == "K1-12345"


def test_an_attempt_has_its_own_number_and_a_twin_the_name_of_its_invoice() -> None:
    assert ATTEMPT.id == "K1-0042-1"
    assert replace(ATTEMPT, number=2).id == "K1-0042-2"
    assert replace(ATTEMPT, twin="Inv2").id == "K1-0042-1-Inv2"


def test_the_same_number_of_another_evening_is_another_order_id_at_the_server() -> None:
    assert ATTEMPT.reference == "K1-0042-1-5eed01"
    assert replace(ATTEMPT, intent="0dd5").reference != ATTEMPT.reference


def test_a_twin_is_filed_at_the_server_under_the_attempt_it_doubles() -> None:
    assert replace(ATTEMPT, twin="Inv2").reference == ATTEMPT.reference


@pytest.mark.parametrize(
    ("payment_id", "number"),
    [
        ("K1-0042-1", 42),
        ("K1-10001-12", 10_001),
        ("K-2024-0042-1", 42),
        ("K\n1-0042-1", 42),
        ("K1-0042-1-Inv2", None),
        ("item:beer", None),
        ("K1-42-1", None),
        ("", None),
    ],
)
def test_the_number_of_an_order_is_read_from_the_name_of_its_attempt(payment_id: str, number: int | None) -> None:
    assert number_in(payment_id) == number
