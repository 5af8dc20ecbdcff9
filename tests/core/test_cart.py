"""What the customer is choosing."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from pos.core.cart import MAX_QUANTITY, Cart, is_custom
from pos.core.money import Money
from tests.samples import BEER, NUTS, SAKE

EMPTY = Cart("JPY")
NAMES = {"ja": "金額入力", "en": "Other amount"}


def test_a_new_cart_costs_nothing_and_holds_nothing() -> None:
    assert (EMPTY.total, EMPTY.count, EMPTY.quantity_of("beer")) == (Money(0, "JPY"), 0, 0)


def test_tapping_an_item_again_counts_it_up_in_its_own_line() -> None:
    cart = EMPTY.add(BEER).add(NUTS).add(BEER)
    assert [(line.key, line.quantity) for line in cart.lines] == [("beer", 2), ("nuts", 1)]
    assert (cart.total, cart.count) == (Money(1800, "JPY"), 3)


def test_the_price_is_the_one_the_item_had_when_it_was_tapped() -> None:
    cart = EMPTY.add(BEER).add(replace(BEER, price=Money(9999, "JPY")))
    assert cart.total == Money(1400, "JPY")


def test_a_line_at_zero_leaves_the_cart() -> None:
    assert EMPTY.add(BEER).change("beer", -1) == EMPTY


def test_a_stuck_finger_stops_at_the_most_there_can_be() -> None:
    cart = EMPTY.add(BEER).change("beer", 1000)
    assert cart.quantity_of("beer") == MAX_QUANTITY == 99
    assert cart.add(BEER) == cart


def test_a_line_is_removed_whatever_its_quantity() -> None:
    assert EMPTY.add(BEER).add(BEER).add(SAKE).remove("beer") == EMPTY.add(SAKE)


def test_each_typed_amount_is_a_line_of_its_own() -> None:
    cart = EMPTY.add_custom(Money(300, "JPY"), NAMES).add_custom(Money(300, "JPY"), NAMES)
    first, second = cart.lines
    assert first.key != second.key
    assert is_custom(first)
    assert cart.remove(first.key).add_custom(Money(5, "JPY"), NAMES).lines[-1].key not in {first.key, second.key}


def test_typed_amounts_are_numbered_from_one_in_the_journal_for_ever() -> None:
    cart = EMPTY.add_custom(Money(300, "JPY"), NAMES).add_custom(Money(400, "JPY"), NAMES)
    cart = cart.remove("custom#1").add_custom(Money(500, "JPY"), NAMES)
    assert [line.key for line in cart.lines] == ["custom#2", "custom#3"]


def test_an_item_called_custom_is_not_taken_for_a_typed_amount() -> None:
    cart = EMPTY.add(replace(BEER, id="custom-made")).add(replace(BEER, id="custom-1"))
    cart = cart.add_custom(Money(300, "JPY"), NAMES)
    assert [is_custom(line) for line in cart.lines] == [False, False, True]
    assert cart.total == Money(1700, "JPY")


@given(st.lists(st.tuples(st.sampled_from((BEER, SAKE, NUTS)), st.integers(-3, 3))))
def test_the_total_is_the_sum_of_the_lines_and_no_line_is_empty(steps: list[tuple[object, int]]) -> None:
    cart = EMPTY
    for item, by in steps:
        cart = cart.add(item).change(item.id, by)  # type: ignore[arg-type, attr-defined]
    assert cart.total.minor == sum(line.unit.minor * line.quantity for line in cart.lines)
    assert all(1 <= line.quantity <= MAX_QUANTITY for line in cart.lines)
    assert len({line.key for line in cart.lines}) == len(cart.lines)
