"""The canvas that screens are drawn on: parts, areas, targets, what a finger sees."""

import tkinter as tk

import pytest

from pos.core import touches as t
from pos.core.touches import Touch
from pos.ui.geometry import Rect
from pos.ui.regions import Area, Layer
from pos.ui.surface import Surface
from pos.ui.view import Button

from . import pointer
from .conftest import make_surface

PLACE = Rect(100, 100, 200, 60)


@pytest.fixture
def touches() -> list[Touch]:
    return []


@pytest.fixture
def surface(root: tk.Tk, touches: list[Touch]) -> Surface:
    return make_surface(root, touches)


def draw_pay(surface: Surface, *, enabled: bool = True) -> None:
    """Draw one button."""
    button = Button("Pay", t.Pay(), "primary", enabled=enabled)
    surface.part("pay", button, lambda: surface.button(PLACE, button))


def image_of(surface: Surface) -> str:
    """Name the picture of the first box."""
    return next(surface.itemcget(item, "image") for item in surface.find_all() if surface.type(item) == "image")


def test_a_part_that_did_not_change_is_not_drawn_again(surface: Surface) -> None:
    draw_pay(surface)
    before = surface.find_all()
    draw_pay(surface)
    assert surface.find_all() == before


def test_a_part_that_changed_leaves_nothing_behind(surface: Surface) -> None:
    draw_pay(surface)
    before = len(surface.find_all())
    draw_pay(surface, enabled=False)
    assert len(surface.find_all()) == before
    assert len(list(surface.regions)) == 1


def test_a_button_looks_pressed_at_once_and_only_while_it_is(surface: Surface, touches: list[Touch]) -> None:
    draw_pay(surface)
    calm = image_of(surface)
    pointer.press(surface, 150, 130)
    assert image_of(surface) != calm
    assert touches == []
    pointer.release(surface, 150, 130)
    assert image_of(surface) == calm
    assert touches == [t.Pay()]


def test_a_disabled_button_does_nothing_and_lets_nothing_through(surface: Surface, touches: list[Touch]) -> None:
    surface.part("below", 1, lambda: surface.region(surface.whole, t.Done()))
    draw_pay(surface, enabled=False)
    pointer.press(surface, 150, 130)
    pointer.release(surface, 150, 130)
    assert touches == []


def test_a_part_that_is_redrawn_under_a_finger_still_counts(surface: Surface, touches: list[Touch]) -> None:
    draw_pay(surface)
    pointer.press(surface, 150, 130)
    surface.drop("pay")
    draw_pay(surface)
    pointer.release(surface, 150, 130)
    assert touches == [t.Pay()]


def test_nothing_under_a_sheet_can_be_touched(surface: Surface, touches: list[Touch]) -> None:
    draw_pay(surface)
    surface.part("sheet", 1, lambda: surface.region(Rect(400, 0, 100, 100), t.Close()), layer=Layer.SHEET)
    pointer.press(surface, 150, 130)
    pointer.release(surface, 150, 130)
    assert touches == []
    surface.drop("sheet")
    pointer.tap(surface, t.Pay())
    assert touches == [t.Pay()]


def test_a_sheet_stays_on_top_of_what_is_drawn_after_it(surface: Surface) -> None:
    surface.part("sheet", 1, lambda: surface.fill(surface.whole, "surface"), layer=Layer.SHEET)
    sheet = surface.find_withtag("part0")[0]
    draw_pay(surface)
    assert surface.find_all().index(sheet) > max(surface.find_all().index(i) for i in surface.find_withtag("part1"))


def make_list(surface: Surface, count: int) -> None:
    """Put rows of 50 into a window of 100."""
    frame = Rect(0, 0, 200, 100)

    def draw() -> None:
        for i in range(count):
            row = Rect(0, i * 50, 200, 50)
            draw_row = lambda row=row, i=i: surface.region(row, t.TapItem(str(i)), hold=t.HoldItem(str(i)))  # noqa: E731
            surface.part(f"row {i}", row, draw_row, layer=Layer.CONTENT, area="list")

    surface.area("list", Area(frame, "y", count * 50, draw))


def test_dragging_brings_what_was_below_under_the_finger(surface: Surface, touches: list[Touch]) -> None:
    make_list(surface, 10)
    assert not pointer.can_touch(surface, t.TapItem("5"))
    pointer.press(surface, 50, 90)
    pointer.drag(surface, 50, 40)
    pointer.drag(surface, 50, -160)
    pointer.release(surface, 50, -160)
    pointer.tap(surface, t.TapItem("5"))
    assert touches == [t.TapItem("5")]


def test_a_list_never_scrolls_past_its_ends(surface: Surface) -> None:
    make_list(surface, 10)
    assert not surface.scroll("list", -10)
    assert surface.scroll("list", 10_000)
    assert surface.regions.areas["list"].offset == 400
    assert not surface.scroll("list", 1)


def test_a_list_that_becomes_shorter_stays_in_sight(surface: Surface) -> None:
    make_list(surface, 10)
    surface.scroll("list", 400)
    make_list(surface, 3)
    assert surface.regions.areas["list"].offset == 50


def test_what_has_scrolled_out_cannot_be_touched(surface: Surface, touches: list[Touch]) -> None:
    make_list(surface, 10)
    pointer.press(surface, 50, 120)
    pointer.release(surface, 50, 120)
    assert touches == []


def test_a_long_press_is_reported_without_a_release(root: tk.Tk) -> None:
    touches: list[Touch] = []
    now_ms = [1000]
    surface = make_surface(root, touches, lambda: now_ms[0])
    make_list(surface, 2)
    pointer.press(surface, 50, 20)
    now_ms[0] += 700
    done = tk.BooleanVar(root)
    root.after(60, lambda: done.set(True))
    root.wait_variable(done)
    assert touches == [t.HoldItem("0")]
    pointer.release(surface, 50, 20)
    assert touches == [t.HoldItem("0")]


def test_a_surface_that_goes_takes_its_timers_along(root: tk.Tk) -> None:
    surface = make_surface(root, [])
    make_list(surface, 2)
    pointer.press(surface, 50, 20)
    assert root.tk.call("after", "info")
    surface.destroy()
    assert not root.tk.call("after", "info")


def test_a_new_size_draws_everything_at_its_scale(surface: Surface) -> None:
    draw_pay(surface)
    surface.fit(1280, 720)
    assert list(surface.regions) == []
    assert surface.theme.px(10) == 15


def test_what_pulses_changes_its_look_with_each_beat(surface: Surface) -> None:
    surface.part("alarm", 1, lambda: surface.pulse(surface.box(PLACE, "alarm")))
    calm = image_of(surface)
    surface.beat()
    assert image_of(surface) != calm
    surface.beat()
    assert image_of(surface) == calm
