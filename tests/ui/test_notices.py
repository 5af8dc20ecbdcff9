"""The list of money that came without a sale in front of it."""

import tkinter as tk
from dataclasses import replace
from itertools import pairwise

import pytest

from pos.core import touches as t
from pos.ui.geometry import Rect
from pos.ui.notices import NoticesScreen
from pos.ui.view import NoticesView

from . import gallery_pay as sample
from .gallery import SIZES
from .pointer import can_touch, place_of, tap, words_on
from .stand import Stand


def put_up(stand: Stand, view: NoticesView) -> NoticesScreen:
    screen = stand.put_up(NoticesScreen(stand.root, stand.theme, stand.touches.append))
    screen.show(view)
    stand.root.update()
    return screen


def test_each_notice_is_acknowledged_by_itself(root: tk.Tk) -> None:
    stand = Stand(root, "1920x1080")
    screen = put_up(stand, sample.NOTICES_EN)
    for number in range(3):
        tap(screen.surface, t.Acknowledge(f"K1-{number}"))
    assert stand.touches == [t.Acknowledge(f"K1-{number}") for number in range(3)]


def test_last_of_many_is_reached_by_scrolling_and_then_acknowledged(root: tk.Tk) -> None:
    stand = Stand(root)
    screen = put_up(stand, sample.NOTICES_EN)
    last = t.Acknowledge("K1-4")
    assert not can_touch(screen.surface, last)
    assert screen.surface.shows("notices thumb")
    while screen.surface.scroll("notices", 200):
        pass
    rect = place_of(screen.surface, last)
    assert rect.bottom <= 480
    tap(screen.surface, last)
    assert stand.touches == [last]


def test_close_stays_in_reach_while_the_list_scrolls_under_it(root: tk.Tk) -> None:
    stand = Stand(root)
    screen = put_up(stand, sample.NOTICES_EN)
    head = Rect(0, 0, 800, 104)
    before = stand.picture(head).tobytes()
    screen.surface.scroll("notices", 250)
    assert stand.picture(head).tobytes() == before
    tap(screen.surface, t.Close())
    assert stand.touches == [t.Close()]


@pytest.mark.parametrize("size", SIZES)
def test_words_of_a_notice_are_complete_and_its_button_does_not_cover_the_next(root: tk.Tk, size: str) -> None:
    screen = put_up(Stand(root, size), sample.NOTICES_EN)
    words = "".join(words_on(screen.surface)).replace(" ", "")
    notice = sample.NOTICE_EN
    assert all(part.replace(" ", "") in words for part in (notice.title, notice.text, notice.goods, notice.when))
    regions = [r for r in screen.surface.regions if isinstance(r.tap, t.Acknowledge) and r.rect.h]
    assert all(one.rect.bottom < other.rect.y for one, other in pairwise(regions))


def test_acknowledged_notice_goes_and_the_others_move_up(root: tk.Tk) -> None:
    stand = Stand(root)
    screen = put_up(stand, sample.NOTICES_EN)
    first = place_of(screen.surface, t.Acknowledge("K1-0"))
    screen.show(replace(sample.NOTICES_EN, notices=sample.NOTICES_EN.notices[1:]))
    assert not can_touch(screen.surface, t.Acknowledge("K1-0"))
    assert place_of(screen.surface, t.Acknowledge("K1-1")) == first
