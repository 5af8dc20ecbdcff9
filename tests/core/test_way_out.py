"""The status screen and the pad for the PIN."""

from dataclasses import replace

import pytest

from pos.core import touches as t
from pos.core import wishes as w
from pos.core.salvage import Salvaged
from pos.core.screens import Inspecting, Reading, Screen, Selling, Typing, Unlocking
from pos.core.till import Till, fresh, news, touch
from pos.core.way_out import PIN_MOST
from tests.core.test_till import EVERY_TOUCH, FRESH, PAYING, after
from tests.samples import SHOP

GUARDED = replace(SHOP, way_out="pin")
INSPECTING = replace(FRESH, screen=Inspecting())
PAD = replace(FRESH, screen=Unlocking())
SALVAGED = Salvaged("journal-aside.db", 10, 1, 9)


def typed(digits: str, till: Till = PAD) -> Till:
    """Type digits on the pad."""
    return after(till, *[t.PinDigit(digit) for digit in digits])


@pytest.mark.parametrize("screen", [Selling(), Typing("5"), Reading(), Inspecting()])
def test_the_status_screen_opens_from_the_staffs_screens_and_closes_to_the_menu(screen: Screen) -> None:
    opened = after(replace(FRESH, screen=screen), t.OpenStatus())
    assert opened == INSPECTING
    assert after(opened, t.Close()) == FRESH


@pytest.mark.parametrize("till", [PAYING, PAD])
def test_it_does_not_open_over_a_payment_nor_over_the_pad(till: Till) -> None:
    assert touch(till, t.OpenStatus(), SHOP) == (till, None)


def test_try_now_on_the_status_screen_hurries_the_workers() -> None:
    assert touch(INSPECTING, t.TryNow(), SHOP) == (INSPECTING, w.Hurry())


@pytest.mark.parametrize("way_out", ["", "none"])
def test_without_a_pin_there_is_no_way_out(way_out: str) -> None:
    assert touch(INSPECTING, t.Leave(), replace(SHOP, way_out=way_out)) == (INSPECTING, None)


def test_the_way_out_leads_to_the_pad_and_back() -> None:
    pad, wish = touch(INSPECTING, t.Leave(), GUARDED)
    assert (pad, wish) == (PAD, None)
    assert after(pad, t.Close()) == INSPECTING


def test_a_pin_is_typed_mended_and_compared_and_its_digits_are_gone_from_the_till() -> None:
    till = after(typed("12346"), t.Erase(), t.PinDigit("5"))
    asked, wish = touch(till, t.Enter(), SHOP)
    assert wish == w.CheckPin("12345")
    assert asked.screen == Unlocking("", "checking")


def test_a_pin_of_four_digits_is_long_enough_and_one_of_twelve_is_not_too_long() -> None:
    assert touch(typed("1234"), t.Enter(), SHOP)[1] == w.CheckPin("1234")
    assert touch(typed("123456789012"), t.Enter(), SHOP)[1] == w.CheckPin("123456789012")


def test_a_touch_that_changes_nothing_leaves_the_very_same_till() -> None:
    assert after(INSPECTING, t.TryNow()) is INSPECTING
    assert after(PAD, t.Erase()) is PAD


def test_a_pin_that_is_too_short_is_not_compared() -> None:
    assert touch(typed("123"), t.Enter(), SHOP) == (typed("123"), None)


def test_no_more_is_typed_than_a_pin_can_have() -> None:
    assert typed("7" * (PIN_MOST + 3)) == typed("7" * PIN_MOST) == typed("7" * 12)


def test_erasing_nothing_changes_nothing() -> None:
    assert touch(PAD, t.Erase(), SHOP) == (PAD, None)


def test_while_it_is_compared_nothing_is_typed_and_the_pad_can_be_closed() -> None:
    checking = replace(PAD, screen=Unlocking(step="checking"))
    assert all(touch(checking, each, SHOP) == (checking, None) for each in EVERY_TOUCH if each != t.Close())
    assert after(checking, t.Close()) == INSPECTING


def test_after_a_wrong_pin_the_next_is_typed_from_the_start() -> None:
    wrong = replace(PAD, screen=Unlocking(step="wrong"))
    assert typed("1", wrong) == typed("1")


def test_digits_are_in_no_log() -> None:
    till = typed("2580")
    _, wish = touch(till, t.Enter(), SHOP)
    assert "2580" not in repr((till, wish))
    assert "7" not in repr(t.PinDigit("7"))
    assert "f" not in repr(t.TypeKey("f")).replace("TypeKey", "")


@pytest.mark.parametrize(
    ("till", "known"),
    [(INSPECTING, (t.Close, t.TryNow, t.OpenNotices)), (PAD, (t.Close, t.PinDigit))],
)
def test_a_touch_meant_for_another_screen_changes_nothing(till: Till, known: tuple[type, ...]) -> None:
    for touched in EVERY_TOUCH:
        if not isinstance(touched, known):
            assert touch(till, touched, GUARDED if till is PAD else SHOP) == (till, None)


def test_the_report_of_a_damaged_journal_is_acknowledged_by_the_name_of_its_file() -> None:
    reading = replace(FRESH, screen=Reading(), salvages=(SALVAGED,))
    touched = t.AcknowledgeSalvage(SALVAGED.aside)
    assert touch(reading, touched, SHOP) == (reading, w.TakeNoteOfSalvage(SALVAGED.aside))


def test_a_report_that_tells_of_no_lost_numbers_leaps_over_none() -> None:
    assert SALVAGED.last_number == 0


def test_the_notices_stay_while_a_damaged_journal_is_not_acknowledged() -> None:
    reading = replace(fresh(SHOP, frozenset(), (SALVAGED,)), screen=Reading())
    assert news(reading, {}, SHOP) is reading
    assert news(replace(reading, salvages=()), {}, SHOP).screen == Selling()
