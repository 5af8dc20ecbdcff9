"""The status screen, and the dots that lead to it."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from pos.core import touches as t
from pos.ui.view import MenuView, ServiceView

from . import gallery_menu, pointer
from .gallery import SIZES, Stage
from .gallery_service import VIEWS

Open = Callable[..., Stage]
GOOD = dict(VIEWS)["own-status-good-en"]
WORST = dict(VIEWS)["own-status-worst-key_too_strong-ja"]
assert isinstance(GOOD, ServiceView)


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("menu", [gallery_menu.ORDER_JA, gallery_menu.WORST_EN])
def test_the_dots_open_it_also_where_there_is_no_room_for_a_dot(open_stage: Open, size: str, menu: MenuView) -> None:
    stage = open_stage(size)
    stage.show(replace(menu, status=replace(menu.status, open=t.OpenStatus())))
    assert stage.window.surface is not None
    pointer.tap(stage.window.surface, t.OpenStatus())
    assert stage.touches == [t.OpenStatus()]


def test_its_buttons_try_now_leave_and_go_back(open_stage: Open) -> None:
    stage = open_stage()
    stage.show(GOOD)
    surface = stage.window.surface
    assert surface is not None
    touches = [t.TryNow(), t.Leave(), t.Close()]
    for touch in touches:
        pointer.tap(surface, touch)
    pointer.type_key(stage.window.root, "Escape", 1000)
    assert stage.touches == [*touches, t.Close()]


def test_a_second_later_only_what_has_changed_is_drawn(open_stage: Open) -> None:
    stage = open_stage()
    stage.show(GOOD)
    surface = stage.window.surface
    assert surface is not None
    assert isinstance(GOOD, ServiceView)
    before = set(surface.find_all())
    stage.show(replace(GOOD, status=replace(GOOD.status, clock="23:14")))
    assert "23:14" in pointer.words_on(surface)
    changed = set(surface.find_all()) - before
    assert 0 < len(changed) < 15


@pytest.mark.parametrize("size", SIZES)
def test_on_every_screen_all_of_it_is_in_sight_while_all_is_well(open_stage: Open, size: str) -> None:
    stage = open_stage(size)
    stage.show(GOOD)
    assert stage.window.surface is not None
    assert stage.window.surface.regions.areas["page"].furthest <= stage.window.surface.theme.px(4)
    assert not stage.window.surface.shows("page thumb")


def test_what_is_too_long_is_reached_by_scrolling(open_stage: Open) -> None:
    stage = open_stage()
    assert isinstance(WORST, ServiceView)
    long = tuple(replace(part, text=part.text * 3) for part in WORST.parts)
    stage.show(replace(WORST, parts=long))
    surface = stage.window.surface
    assert surface is not None
    assert surface.regions.areas["page"].furthest > 0
    assert surface.shows("page thumb")
    while surface.scroll("page", 200):
        pass
    last = max(surface.bbox(item)[3] for item in surface.find_withtag("area-page"))
    assert last <= 480
