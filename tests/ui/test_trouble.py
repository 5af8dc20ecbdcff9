"""The screen that stands where a QR would have been."""

import tkinter as tk
from dataclasses import replace

import pytest

from pos.core import touches as t
from pos.ui.trouble import TroubleScreen
from pos.ui.view import Light, TroubleView

from . import gallery_pay as sample
from .gallery import SIZES
from .pointer import tap, words_on
from .stand import Stand


def put_up(stand: Stand, view: TroubleView) -> TroubleScreen:
    screen = stand.put_up(TroubleScreen(stand.root, stand.theme, stand.touches.append))
    screen.show(view)
    return screen


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("view", [sample.MISMATCH_JA, sample.MISMATCH_EN, sample.STOPPED_JA])
def test_evidence_and_what_is_safe_are_complete_in_every_size(
    root: tk.Tk, size: str, view: TroubleView
) -> None:
    words = words_on(put_up(Stand(root, size), view).surface)
    assert {row.figure for row in view.rows} | {row.label for row in view.rows} <= set(words)
    assert view.safe in words


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("view", [sample.MISMATCH_JA, sample.MISMATCH_EN])
def test_sentences_are_complete_in_every_size(root: tk.Tk, size: str, view: TroubleView) -> None:
    words = "".join(words_on(put_up(Stand(root, size), view).surface)).replace(" ", "")
    assert view.title.replace(" ", "") in words
    assert view.text.replace(" ", "") in words


def test_each_button_reports_its_touch(root: tk.Tk) -> None:
    stand = Stand(root)
    screen = put_up(stand, sample.MISMATCH_EN)
    for button in sample.MISMATCH_EN.buttons:
        tap(screen.surface, button.touch)
    assert stand.touches == [t.Back(), t.Help(), t.NewQr()]


def test_clock_moves_on_without_drawing_the_trouble_again(root: tk.Tk) -> None:
    screen = put_up(Stand(root), sample.MISMATCH_JA)
    before = set(screen.surface.find_all())
    status = replace(sample.STATUS, clock="21:48")
    screen.show(replace(sample.MISMATCH_JA, status=status))
    assert "21:48" in words_on(screen.surface)
    # The line's ground, shop, clock, ribbon with its word, and two lights with theirs.
    assert len(before - set(screen.surface.find_all())) == 9


def test_where_there_is_no_room_for_words_a_light_that_is_not_green_keeps_its_dot(root: tk.Tk) -> None:
    def drawn(color: str) -> tuple[int, list[str]]:
        lights = (Light(color, "BTCPay " + "unknown " * 9), Light("green", "Lightning"))
        view = replace(sample.MISMATCH_JA, status=replace(sample.STATUS, lights=lights))
        surface = put_up(Stand(root, "720x1280"), view).surface
        return len(surface.find_all()), [words for words in words_on(surface) if words.startswith("BTCPay")]

    (unknown, told), (well, _) = drawn("grey"), drawn("green")
    assert unknown > well
    assert told == []
