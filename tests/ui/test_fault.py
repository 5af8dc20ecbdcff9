"""The screen on which the till has stopped: one button, a countdown that redraws nothing else, a list that scrolls."""

from collections.abc import Callable, Iterator
from functools import partial

import pytest

from pos.core import touches as t
from pos.errors import Complaint
from pos.fault import Crash, Fault, Mistakes
from pos.ui.last_window import LastWindow
from pos.ui.screen import Makers
from pos.ui.views.fault import build
from pos.ui.window import Window

from . import gallery_fault, pointer
from .conftest import close
from .gallery import Stage

Open = Callable[..., Stage]
VIEWS = dict(gallery_fault.VIEWS)


def test_the_button_is_the_only_thing_to_touch(open_stage: Open) -> None:
    stage = open_stage()
    for view in VIEWS.values():
        stage.show(view)
        assert stage.window.surface is not None
        assert [region.tap for region in stage.window.surface.regions] == [t.Restart()]


def test_no_key_but_the_rings_does_anything(open_stage: Open) -> None:
    stage = open_stage()
    stage.show(VIEWS["fault-crash"])
    for number, key in enumerate(["Escape", "BackSpace", "Return", "a"]):
        pointer.type_key(stage.window.root, key, 1000 + 500 * number)
    assert stage.touches == []
    pointer.type_key(stage.window.root, "Tab", 5000)
    pointer.type_key(stage.window.root, "Return", 5500)
    assert stage.touches == [t.Restart()]


def test_the_countdown_draws_nothing_but_itself(open_stage: Open) -> None:
    stage = open_stage()
    crash = Crash("var/reports/x.txt", in_loop=False)
    stage.show(gallery_fault.view(crash, 29))
    surface = stage.window.surface
    assert surface is not None
    before = set(surface.find_all())
    stage.show(gallery_fault.view(crash, 28))
    assert "あと 0:28 で自動的に再起動します" in pointer.words_on(surface)
    assert len(before - set(surface.find_all())) <= len(pointer.words_on(surface))
    assert len(before & set(surface.find_all())) > len(before) // 2


def test_a_long_list_of_mistakes_is_scrolled_to_its_end(open_stage: Open) -> None:
    stage = open_stage()
    stage.show(VIEWS["fault-mistakes-en"])
    surface = stage.window.surface
    assert surface is not None
    x, y = surface.whole.center_x, surface.whole.center_y
    area = surface.regions.areas["cards"]
    for _ in range(200):
        surface.event_generate("<Button-5>", x=x, y=y)
    assert area.furthest > 0
    assert surface.regions.areas["cards"].offset == area.furthest


def test_one_mistake_after_many_leaves_none_of_the_others(open_stage: Open) -> None:
    stage = open_stage()
    stage.show(VIEWS["fault-mistakes-en"])
    stage.show(VIEWS["fault-mistake-ja"])
    assert stage.window.surface is not None
    assert not [words for words in pointer.words_on(stage.window.surface) if "menu.items" in words]
    stage.show(VIEWS["fault-crash"])
    assert not [words for words in pointer.words_on(stage.window.surface) if "kiosk.yaml" in words]


@pytest.fixture
def last(display: str) -> Iterator[Callable[[Fault], LastWindow]]:
    """Open last windows for faults."""
    opened: list[Window] = []

    def open_window(screens: Makers, report: Callable[[t.Touch], None]) -> Window:
        opened.append(Window("dark", screens, report, size="800x480"))
        return opened[-1]

    def make(fault: Fault) -> LastWindow:
        return LastWindow(open_window, partial(build, fault, gallery_fault.WORDS, "2026-11-22 21:47"), fault.wait_s)

    yield make
    for window in opened:
        close(window)


def test_a_tap_that_was_meant_for_the_menu_does_not_restart_the_till(last: Callable[[Fault], LastWindow]) -> None:
    there = last(Mistakes((Complaint("kiosk.yaml", 3, "theme", "no", "theme: dark"),)))
    there.window.root.update()
    surface = there.window.surface
    assert surface is not None
    there.window.root.after(100, lambda: pointer.tap(surface, t.Restart()))
    there.window.root.after(200, there.window.close)
    assert not there.run()


def test_a_tap_starts_the_till_again(last: Callable[[Fault], LastWindow]) -> None:
    there = last(Crash("", in_loop=True))
    there.window.root.update()
    surface = there.window.surface
    assert surface is not None
    there.window.root.after(1100, lambda: pointer.tap(surface, t.Restart()))
    assert there.run()


def test_the_countdown_starts_the_till_again(display: str) -> None:
    def open_window(screens: Makers, report: Callable[[t.Touch], None]) -> Window:
        return Window("dark", screens, report, size="800x480")

    view = partial(build, Crash("", in_loop=False), gallery_fault.WORDS, "2026-11-22 21:47")
    assert LastWindow(open_window, view, 1).run()
