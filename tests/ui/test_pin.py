"""The pad for the PIN."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from pos.core import touches as t
from pos.core.screens import Unlocking
from pos.ui.view import PinView
from pos.ui.views import build

from . import pointer
from .gallery import Stage
from .gallery_service import VIEWS, scene


def view_of(digits: str) -> PinView:
    """Make the pad with so many digits typed."""
    view = build(scene("en", Unlocking(digits)))
    assert isinstance(view, PinView)
    return view


@pytest.fixture
def stage(open_stage: Callable[..., Stage]) -> Stage:
    stage = open_stage()
    stage.show(view_of("2580"))
    return stage


def test_every_key_reports_its_digit(stage: Stage) -> None:
    surface = stage.window.surface
    assert surface is not None
    for digit in "1234567890":
        pointer.tap(surface, t.PinDigit(digit))
    assert stage.touches == [t.PinDigit(digit) for digit in "1234567890"]


def test_no_digit_that_was_typed_is_on_the_screen(stage: Stage) -> None:
    assert stage.window.surface is not None
    words = pointer.words_on(stage.window.surface)
    assert sorted(word for word in words if word.isdigit()) == sorted("1234567890"), "only the keys themselves"


def test_another_digit_draws_the_beads_and_nothing_else(stage: Stage) -> None:
    surface = stage.window.surface
    assert surface is not None
    before = set(surface.find_all())
    stage.show(view_of("25804"))
    assert len(set(surface.find_all()) - before) == 1 + 5


def test_figures_of_a_keyboard_type_and_escape_goes_back_without_leaving(stage: Stage) -> None:
    for i, key in enumerate(["2", "BackSpace", "Return", "Escape"]):
        pointer.type_key(stage.window.root, key, 1000 + 200 * i)
    assert stage.touches == [t.PinDigit("2"), t.Erase(), t.Enter(), t.Close()]


def test_while_it_is_locked_no_key_does_anything(stage: Stage) -> None:
    stage.show(dict(VIEWS)["own-pin-locked-en"])
    surface = stage.window.surface
    assert surface is not None
    assert not any(pointer.can_touch(surface, t.PinDigit(digit)) for digit in "1234567890")
    for i, key in enumerate(["2", "BackSpace", "Return"]):
        pointer.type_key(stage.window.root, key, 1000 + 200 * i)
    assert stage.touches == []
    assert pointer.can_touch(surface, t.Close())


def test_the_bar_of_the_pad_leads_nowhere(stage: Stage) -> None:
    assert stage.window.surface is not None
    assert not pointer.can_touch(stage.window.surface, t.OpenStatus())
    stage.show(replace(view_of(""), title="again"))
    assert not pointer.can_touch(stage.window.surface, t.OpenStatus())
