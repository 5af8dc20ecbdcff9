"""Which screen is up and why."""

from dataclasses import replace

import pytest

from pos.core import touches as t
from pos.core import wishes as w
from pos.core.cart import Cart
from pos.core.money import Money
from pos.core.payment_states import (
    Awaiting,
    Creating,
    Lapsed,
    Paid,
    PaidLate,
    RunOut,
    State,
    Withdrawn,
)
from pos.core.screens import AtPayment, Reading, Screen, Selling, Stopped, Typing
from pos.core.till import KEYPAD_DIGITS, Till, fresh, news, resume, touch
from tests.samples import ATTEMPT, BEER, NOTHING, ORDER, PART, QUOTE, SHOP, TRAIL, TWIN

FRESH = fresh(SHOP, frozenset())
WITH_BEER = replace(FRESH, cart=FRESH.cart.add(BEER))
PAYING = replace(FRESH, screen=AtPayment(ATTEMPT.id), guest_language="ja")
AWAITING = Awaiting(ATTEMPT, QUOTE)
LATE = PaidLate(ATTEMPT, 8_231_000, 0)


def after(till: Till, *touched: t.Touch) -> Till:
    """Touch one thing after another and leave the wishes aside."""
    for each in touched:
        till, _ = touch(till, each, SHOP)
    return till


def wish(till: Till, touched: t.Touch) -> w.Wish | None:
    """Tell what one touch asks for."""
    return touch(till, touched, SHOP)[1]


EVERY_TOUCH: tuple[t.Touch, ...] = (
    t.TapItem("beer"),
    t.HoldItem("beer"),
    t.SetSoldOut("beer", sold_out=True),
    t.ChangeLine("beer", 1),
    t.RemoveLine("beer"),
    t.Clear(),
    t.PickCategory("food"),
    t.OpenKeypad(),
    t.Digit("7"),
    t.Erase(),
    t.Enter(),
    t.Close(),
    t.Pay(),
    t.Back(),
    t.ConfirmBack(),
    t.Help(),
    t.NewQr(),
    t.TryNow(),
    t.SwitchLanguage(),
    t.Done(),
    t.OpenNotices(),
    t.Acknowledge(ATTEMPT.id),
    t.AcknowledgeSalvage("aside"),
    t.OpenStatus(),
    t.Leave(),
    t.PinDigit("7"),
    t.OpenPhone(),
    t.PhoneDoes("full"),
)


# --- selling ---------------------------------------------------------------------------------------------------------


def test_a_tap_puts_one_more_in() -> None:
    assert after(FRESH, t.TapItem("beer"), t.TapItem("beer")).cart.quantity_of("beer") == 2


def test_what_is_sold_out_cannot_be_ordered() -> None:
    till = replace(FRESH, sold_out=frozenset({"beer"}))
    assert touch(till, t.TapItem("beer"), SHOP) == (till, None)


def test_holding_a_tile_opens_its_sheet_and_closing_it_leaves_the_order() -> None:
    held = after(WITH_BEER, t.HoldItem("beer"))
    assert held.screen == Selling(sheet="beer")
    assert after(held, t.Close()) == WITH_BEER


def test_pay_behind_a_sheet_does_nothing() -> None:
    held = after(WITH_BEER, t.HoldItem("beer"))
    assert touch(held, t.Pay(), SHOP) == (held, None)


def test_marking_sold_out_and_back_closes_the_sheet_and_is_to_be_remembered() -> None:
    held = after(FRESH, t.HoldItem("beer"))
    marked, asked = touch(held, t.SetSoldOut("beer", sold_out=True), SHOP)
    assert (marked.sold_out, marked.screen) == (frozenset({"beer"}), Selling())
    assert asked == w.RememberSoldOut("beer", sold_out=True)
    assert after(marked, t.SetSoldOut("beer", sold_out=False)).sold_out == frozenset()


def test_plus_minus_and_swipe_change_a_line() -> None:
    assert after(WITH_BEER, t.ChangeLine("beer", 1)).cart.count == 2
    assert after(WITH_BEER, t.ChangeLine("beer", -1)).cart.count == 0
    assert after(WITH_BEER, t.RemoveLine("beer")).cart.count == 0


def test_clearing_asks_once_more() -> None:
    asked = after(WITH_BEER, t.Clear())
    assert asked.screen == Selling(clearing=True)
    assert asked.cart == WITH_BEER.cart
    assert after(asked, t.Clear()) == FRESH


def test_any_other_tap_takes_the_question_back() -> None:
    till = after(WITH_BEER, t.Clear(), t.TapItem("beer"), t.Clear())
    assert till.cart.count == 2


def test_clearing_an_empty_order_asks_nothing() -> None:
    assert after(FRESH, t.Clear()) is FRESH


def test_a_category_is_picked_and_left_again() -> None:
    assert after(FRESH, t.PickCategory("food")).category == "food"
    assert after(FRESH, t.PickCategory("food"), t.PickCategory(None)).category is None


def test_pay_asks_for_this_order_and_keeps_it_until_it_is_placed() -> None:
    till, asked = touch(WITH_BEER, t.Pay(), SHOP)
    assert asked == w.Place(WITH_BEER.cart)
    assert till == WITH_BEER


def test_an_empty_order_cannot_be_paid() -> None:
    assert touch(FRESH, t.Pay(), SHOP) == (FRESH, None)


def test_the_smallest_price_there_is_can_be_paid() -> None:
    till = after(FRESH, t.OpenKeypad(), t.Digit("1"), t.Enter())
    assert wish(till, t.Pay()) == w.Place(till.cart)


def test_try_now_hurries_the_workers() -> None:
    assert wish(FRESH, t.TryNow()) == w.Hurry()
    assert wish(PAYING, t.TryNow()) == w.Hurry()


# --- the keypad ------------------------------------------------------------------------------------------------------


def test_an_amount_is_typed_mended_and_put_into_the_order() -> None:
    till = after(FRESH, t.OpenKeypad(), t.Digit("3"), t.Digit("5"), t.Erase(), t.Digit("00"), t.Enter())
    assert till.screen == Selling()
    assert [line.unit for line in till.cart.lines] == [Money(300, "JPY")]


def test_zeros_in_front_are_not_digits() -> None:
    assert after(FRESH, t.OpenKeypad(), t.Digit("00"), t.Digit("0"), t.Digit("5")).screen == Typing("5")


def test_the_backspace_takes_the_last_digit_and_only_that() -> None:
    till = after(FRESH, t.OpenKeypad(), t.Digit("1"), t.Digit("2"), t.Digit("3"), t.Erase())
    assert till.screen == Typing("12")
    assert after(till, t.Erase(), t.Erase(), t.Erase()).screen == Typing("")


def test_nothing_typed_is_not_an_amount() -> None:
    open_ = after(FRESH, t.OpenKeypad(), t.Digit("0"))
    assert after(open_, t.Enter()) == open_


def test_the_keypad_takes_so_many_digits_and_no_more() -> None:
    full = after(FRESH, t.OpenKeypad(), *[t.Digit("9")] * (KEYPAD_DIGITS + 3))
    assert full.screen == Typing("9" * KEYPAD_DIGITS) == Typing("9999999")


def test_two_zeros_that_do_not_fit_are_left_out_together() -> None:
    nearly = replace(FRESH, screen=Typing("9" * (KEYPAD_DIGITS - 1)))
    assert after(nearly, t.Digit("00")) is nearly


def test_closing_the_keypad_drops_the_amount() -> None:
    assert after(FRESH, t.OpenKeypad(), t.Digit("5"), t.Close()) == FRESH


# --- at the payment --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("touched", "sheet"), [(t.Back(), "back"), (t.Help(), "help"), (t.OpenPhone(), "phone")])
def test_a_sheet_opens_over_the_payment_and_closes_again(touched: t.Touch, sheet: str) -> None:
    open_ = after(PAYING, touched)
    assert open_.screen == AtPayment(ATTEMPT.id, sheet)
    assert after(open_, t.Close()) == PAYING


@pytest.mark.parametrize(
    ("touched", "asked"),
    [
        (t.ConfirmBack(), w.Cancel(ATTEMPT.id)),
        (t.NewQr(), w.Requote(ATTEMPT.id)),
        (t.Done(), w.HandOver(ATTEMPT.id)),
        (t.PhoneDoes("late"), w.RingPhone(ATTEMPT.id, "late")),
    ],
)
def test_what_is_wished_of_a_payment_names_it_and_closes_the_sheet(touched: t.Touch, asked: w.Wish) -> None:
    till, wished = touch(replace(PAYING, screen=AtPayment(ATTEMPT.id, "phone")), touched, SHOP)
    assert (till, wished) == (PAYING, asked)


def test_the_customers_language_is_switched_to_and_fro() -> None:
    english = after(PAYING, t.SwitchLanguage())
    assert english.guest_language == "en"
    assert after(english, t.SwitchLanguage()) == PAYING


# --- notices, and a journal that cannot be written -------------------------------------------------------------------


@pytest.mark.parametrize("screen", [Selling(), Typing("5")])
def test_notices_open_from_the_staffs_screens(screen: Screen) -> None:
    assert after(replace(WITH_BEER, screen=screen), t.OpenNotices()) == replace(WITH_BEER, screen=Reading())


@pytest.mark.parametrize("till", [PAYING, replace(FRESH, screen=Stopped())])
def test_notices_do_not_open_over_a_payment_or_while_the_sale_is_stopped(till: Till) -> None:
    assert touch(till, t.OpenNotices(), SHOP) == (till, None)


def test_a_notice_is_acknowledged_by_name_and_the_list_can_be_left() -> None:
    reading = replace(WITH_BEER, screen=Reading())
    assert wish(reading, t.Acknowledge(ATTEMPT.id)) == w.TakeNote(ATTEMPT.id)
    assert after(reading, t.Close()) == WITH_BEER


def test_a_stopped_sale_is_left_only_by_trying_again() -> None:
    stopped = replace(WITH_BEER, screen=Stopped())
    assert all(touch(stopped, each, SHOP) == (stopped, None) for each in EVERY_TOUCH if each != t.TryNow())
    assert touch(stopped, t.TryNow(), SHOP) == (WITH_BEER, None)


@pytest.mark.parametrize(
    ("till", "known"),
    [
        (replace(WITH_BEER, screen=Typing("5")), (t.Digit, t.Erase, t.Enter, t.Close, t.OpenNotices, t.OpenStatus)),
        (
            replace(WITH_BEER, screen=Reading()),
            (t.Acknowledge, t.AcknowledgeSalvage, t.Close, t.OpenNotices, t.OpenStatus),
        ),
        (
            PAYING,
            (
                *(t.Back, t.ConfirmBack, t.Help, t.NewQr, t.TryNow),
                *(t.SwitchLanguage, t.Done, t.OpenPhone, t.PhoneDoes, t.Close),
            ),
        ),
    ],
)
def test_a_touch_meant_for_another_screen_changes_nothing(till: Till, known: tuple[type, ...]) -> None:
    for touched in EVERY_TOUCH:
        if not isinstance(touched, known):
            assert touch(till, touched, SHOP) == (till, None)


@pytest.mark.parametrize(
    "touched", [t.Digit("7"), t.Enter(), t.Back(), t.ConfirmBack(), t.NewQr(), t.Done(), t.Acknowledge("K1-0001-1")]
)
def test_a_touch_meant_for_the_payment_leaves_the_menu_alone(touched: t.Touch) -> None:
    assert touch(WITH_BEER, touched, SHOP) == (WITH_BEER, None)


# --- news of the payments --------------------------------------------------------------------------------------------


def test_a_payment_that_somebody_waits_for_keeps_the_screen() -> None:
    assert news(PAYING, {ATTEMPT.id: AWAITING}, SHOP) is PAYING


@pytest.mark.parametrize(
    "state", [Lapsed(ATTEMPT, TRAIL, NOTHING, reported=True), Withdrawn(ATTEMPT, 6)]
)
def test_a_cancelled_payment_gives_the_order_back(state: State) -> None:
    till = news(PAYING, {ATTEMPT.id: state}, SHOP)
    assert till == replace(FRESH, cart=Cart("JPY", ORDER.lines))


def test_an_order_of_a_till_that_sold_in_another_currency_is_not_given_back() -> None:
    dollars = replace(FRESH, cart=Cart("USD"))
    lapsed = Lapsed(ATTEMPT, TRAIL, NOTHING, reported=True)
    till = news(replace(dollars, screen=AtPayment(ATTEMPT.id)), {ATTEMPT.id: lapsed}, replace(SHOP, currency="USD"))
    assert till.cart == Cart("USD")


def test_a_payment_that_is_over_makes_room_for_the_next_customer_in_the_shops_language() -> None:
    assert news(PAYING, {}, SHOP) == FRESH


def test_money_that_came_late_while_the_customer_stood_there_is_told_at_once() -> None:
    assert news(PAYING, {ATTEMPT.id: LATE}, SHOP).screen == Reading()


def test_a_duplicate_never_gives_an_order_back() -> None:
    twin = Lapsed(TWIN, TRAIL, PART, reported=False)
    till = news(replace(PAYING, screen=AtPayment(TWIN.id)), {TWIN.id: twin}, SHOP)
    assert till.cart.lines == ()


def test_somebody_else_who_waits_is_taken_up_next() -> None:
    other = replace(ATTEMPT, number=2)
    till = news(PAYING, {other.id: Creating(other, 0)}, SHOP)
    assert till.screen == AtPayment(other.id)


def test_the_list_of_notices_closes_with_the_last_of_them() -> None:
    reading = replace(FRESH, screen=Reading())
    assert news(reading, {ATTEMPT.id: LATE}, SHOP) is reading
    assert news(reading, {ATTEMPT.id: Lapsed(ATTEMPT, TRAIL, PART, reported=True)}, SHOP) == FRESH


def test_news_of_other_payments_leaves_the_menu_alone() -> None:
    assert news(WITH_BEER, {ATTEMPT.id: LATE}, SHOP) is WITH_BEER


def test_after_a_power_cut_the_newest_payment_that_somebody_waits_for_is_on_the_screen() -> None:
    second = replace(ATTEMPT, number=2)
    third = replace(ATTEMPT, number=3)
    payments: dict[str, State] = {
        ATTEMPT.id: RunOut(ATTEMPT, TRAIL, NOTHING, "expired"),
        second.id: Paid(second, 1, 0),
        third.id: Lapsed(third, TRAIL, NOTHING, reported=True),
    }
    assert resume(FRESH, payments).screen == AtPayment(second.id)
    assert resume(FRESH, {third.id: payments[third.id]}) is FRESH
