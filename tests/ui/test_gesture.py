"""What a finger means, point by point, without a display."""

from typing import Any

import pytest

from pos.core import touches as t
from pos.ui.gesture import BOUNCE_MS, HOLD_MS, Dragged, Gesture, Held, Lifted, Pressed, Spot, Swiped, Tapped

BEER = Spot(t.TapItem("beer"), hold=t.HoldItem("beer"), area="tiles", axis="y")
TEA = Spot(t.TapItem("tea"), hold=t.HoldItem("tea"), area="tiles", axis="y")
PAY = Spot(t.Pay())
LINE = Spot(None, swipe=t.RemoveLine("beer"), area="lines", axis="y")
GROUND = Spot()


def hit(x: int, y: int) -> Spot:
    """A strip of targets, each 100 wide, 100 high."""
    if not 0 <= y < 100:
        return GROUND
    return {0: BEER, 1: TEA, 2: PAY, 3: LINE}.get(x // 100, GROUND)


@pytest.fixture
def gesture() -> Gesture:
    return Gesture(hit)


def tap(gesture: Gesture, x: int, y: int, t_ms: int, *, for_ms: int = 60) -> list[Any]:
    """Press, roll a little as a finger does, and release."""
    return [
        *gesture.press(x, y, t_ms),
        *gesture.move(x + 3, y + 2, t_ms + for_ms // 2),
        *gesture.release(x + 3, y + 2, t_ms + for_ms),
    ]


def test_a_tap_that_rolls_a_little_is_a_tap(gesture: Gesture) -> None:
    assert tap(gesture, 50, 50, 1000) == [Pressed(BEER), Lifted(BEER), Tapped(BEER)]


def test_a_tap_of_three_milliseconds_counts(gesture: Gesture) -> None:
    assert Tapped(BEER) in tap(gesture, 50, 50, 1000, for_ms=3)


def test_a_finger_that_slides_off_a_button_taps_nothing(gesture: Gesture) -> None:
    assert gesture.press(250, 50, 1000) == [Pressed(PAY)]
    assert gesture.move(250, 130, 1050) == [Lifted(PAY)]
    assert gesture.release(250, 130, 1100) == []


def test_a_finger_that_comes_back_to_its_button_taps_it(gesture: Gesture) -> None:
    gesture.press(250, 50, 1000)
    gesture.move(250, 130, 1050)
    assert gesture.move(250, 60, 1100) == [Pressed(PAY)]
    assert gesture.release(250, 60, 1150) == [Lifted(PAY), Tapped(PAY)]


def test_sliding_from_one_button_to_another_taps_neither(gesture: Gesture) -> None:
    gesture.press(250, 50, 1000)
    assert Tapped(PAY) not in [*gesture.move(50, 50, 1050), *gesture.release(50, 50, 1100)]


def test_a_release_that_arrives_without_motion_is_tested_where_it_is(gesture: Gesture) -> None:
    gesture.press(250, 50, 1000)
    assert gesture.release(450, 50, 1100) == [Lifted(PAY)]


def test_two_quick_taps_count_twice(gesture: Gesture) -> None:
    first = tap(gesture, 50, 50, 1000)
    second = tap(gesture, 50, 50, 1000 + 60 + BOUNCE_MS)
    assert first.count(Tapped(BEER)) == second.count(Tapped(BEER)) == 1


def test_a_bouncing_contact_counts_once(gesture: Gesture) -> None:
    tap(gesture, 50, 50, 1000)
    assert tap(gesture, 50, 50, 1000 + 60 + BOUNCE_MS - 1) == []


def test_two_tiles_thirty_milliseconds_apart_both_count(gesture: Gesture) -> None:
    tap(gesture, 50, 50, 1000)
    assert Tapped(TEA) in tap(gesture, 150, 50, 1090)


def test_resting_on_a_tile_holds_it_and_does_not_tap_it(gesture: Gesture) -> None:
    gesture.press(50, 50, 1000)
    assert gesture.tick(1000 + HOLD_MS - 1) == []
    assert gesture.tick(1000 + HOLD_MS) == [Lifted(BEER), Held(BEER)]
    assert gesture.release(50, 50, 1700) == []


def test_what_has_no_long_press_waits_for_the_release(gesture: Gesture) -> None:
    gesture.press(250, 50, 1000)
    assert not gesture.waiting
    assert gesture.tick(2000) == []
    assert Tapped(PAY) in gesture.release(250, 50, 2000)


def test_dragging_scrolls_and_taps_nothing(gesture: Gesture) -> None:
    gesture.press(50, 50, 1000)
    assert gesture.move(50, 45, 1010) == []
    assert gesture.move(52, 30, 1020) == [Lifted(BEER), Dragged("tiles", 0, -20)]
    assert gesture.move(52, 20, 1030) == [Dragged("tiles", 0, -10)]
    assert gesture.release(52, 20, 1500) == []


def test_a_flick_coasts_and_comes_to_rest(gesture: Gesture) -> None:
    gesture.press(50, 90, 1000)
    gesture.move(50, 60, 1016)
    gesture.move(50, 30, 1032)
    gesture.release(50, 30, 1034)
    assert gesture.waiting
    t_ms, moved = 1034, 0
    while gesture.waiting and t_ms < 10_000:
        t_ms += 16
        moved += sum(event.dy for event in gesture.tick(t_ms) if isinstance(event, Dragged))
    assert moved < -100
    assert not gesture.waiting


def test_a_finger_on_a_coasting_list_stops_it_and_taps_nothing(gesture: Gesture) -> None:
    gesture.press(50, 90, 1000)
    gesture.move(50, 30, 1032)
    gesture.release(50, 30, 1034)
    assert not any(isinstance(event, Pressed | Tapped) for event in tap(gesture, 50, 50, 1060))
    assert not gesture.waiting
    assert Tapped(BEER) in tap(gesture, 50, 50, 1400)


def test_a_swipe_to_the_left_removes_a_line(gesture: Gesture) -> None:
    gesture.press(390, 50, 1000)
    gesture.move(350, 52, 1050)
    assert gesture.release(320, 52, 1100) == [Swiped(LINE)]


def test_a_swipe_to_the_right_or_a_short_one_does_nothing(gesture: Gesture) -> None:
    for end_x in (395, 360, 500):
        gesture.press(390 if end_x < 390 else 310, 50, 1000)
        gesture.move(end_x, 50, 1050)
        assert gesture.release(end_x, 50, 1100) == []


def test_a_second_finger_is_ignored(gesture: Gesture) -> None:
    gesture.press(50, 50, 1000)
    assert gesture.press(250, 50, 1020) == []
    assert gesture.release(50, 50, 1100) == [Lifted(BEER), Tapped(BEER)]


def test_nothing_counts_while_the_screen_is_locked(gesture: Gesture) -> None:
    gesture.lock(1250)
    assert tap(gesture, 250, 50, 1100) == []
    assert Tapped(PAY) in tap(gesture, 250, 50, 1250)


def test_a_finger_that_was_down_when_the_screen_changed_taps_nothing(gesture: Gesture) -> None:
    gesture.press(250, 50, 1000)
    gesture.lock(1250)
    assert gesture.release(250, 50, 1400) == []


def test_bare_ground_says_nothing(gesture: Gesture) -> None:
    assert tap(gesture, 600, 50, 1000) == []
