"""The keypad."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from pos.core import touches as t

from . import gallery_menu as sample
from . import pointer
from .gallery import Stage


@pytest.fixture
def stage(open_stage: Callable[..., Stage]) -> Stage:
    stage = open_stage()
    stage.show(sample.KEYPAD_JA)
    return stage


def test_every_key_reports_its_digits(stage: Stage) -> None:
    assert stage.window.surface is not None
    for key in sample.KEYPAD_JA.keys:
        pointer.tap(stage.window.surface, key.touch)
    assert stage.touches == [key.touch for key in sample.KEYPAD_JA.keys]


def test_a_typed_digit_draws_the_amount_and_nothing_else(stage: Stage) -> None:
    surface = stage.window.surface
    assert surface is not None
    before = set(surface.find_all())
    stage.show(replace(sample.KEYPAD_JA, amount="¥14,000"))
    new = set(surface.find_all()) - before
    assert [surface.itemcget(item, "text") for item in new if surface.type(item) == "text"] == ["¥14,000"]
    assert len(new) == 2


def test_figures_and_enter_of_a_keyboard_type_too(stage: Stage) -> None:
    for i, key in enumerate(["1", "4", "0", "0", "BackSpace", "Return"]):
        pointer.type_key(stage.window.root, key, 1000 + 200 * i)
    typed = [t.Digit("1"), t.Digit("4"), t.Digit("0"), t.Digit("0"), t.Erase(), t.Enter()]
    assert stage.touches == typed


def test_an_empty_amount_cannot_be_entered(stage: Stage) -> None:
    stage.show(sample.KEYPAD_EMPTY_EN)
    assert stage.window.surface is not None
    assert not pointer.can_touch(stage.window.surface, t.Enter())
    pointer.type_key(stage.window.root, "Return", 1000)
    assert stage.touches == []


def test_escape_closes_it(stage: Stage) -> None:
    pointer.type_key(stage.window.root, "Escape", 1000)
    assert stage.touches == [t.Close()]
