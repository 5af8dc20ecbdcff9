"""PAID, as people see it from the other side of the counter."""

import tkinter as tk

import pytest

from pos.core import touches as t
from pos.ui.paid import PaidScreen
from pos.ui.theme import SIZES, Theme, contrast
from pos.ui.view import PaidView

from . import gallery_pay as sample
from .pointer import press, release, words_on
from .stand import Stand

GREEN = Theme("dark").color("paid")


@pytest.fixture
def stand(root: tk.Tk) -> Stand:
    return Stand(root)


def test_screen_is_green_to_its_corners(stand: Stand) -> None:
    screen = stand.put_up(PaidScreen(stand.root, stand.theme, stand.touches.append))
    screen.show(sample.PAID_JA)
    picture = stand.picture()
    corners = {picture.getpixel((x, y)) for x in (0, 799) for y in (0, 479)}
    assert corners == {tuple(bytes.fromhex(GREEN[1:]))}


def test_white_on_this_green_is_readable_in_every_size() -> None:
    assert contrast("#FFFFFF", GREEN) >= 4.5


@pytest.mark.parametrize("view", [sample.PAID_JA, sample.PAID_EN, sample.PAID_WORST])
@pytest.mark.parametrize("size", ["800x480", "720x1280"])
def test_both_languages_amount_and_order_are_on_it(root: tk.Tk, size: str, view: PaidView) -> None:
    stand = Stand(root, size)
    screen = stand.put_up(PaidScreen(root, stand.theme, stand.touches.append))
    screen.show(view)
    words = words_on(screen.surface)
    assert {view.title, view.subtitle, view.amount} <= set(words)
    assert any(view.order in line and view.detail in line for line in words)


def test_word_is_readable_from_three_metres_on_a_seven_inch_panel() -> None:
    # Letters ten millimetres high; a panel of 800x480 has 0.18 mm to the pixel and capitals are 0.73 of the size.
    assert SIZES["paid"] * 0.73 * 0.18 >= 10


@pytest.mark.parametrize(("x", "y"), [(5, 5), (790, 470), (400, 200), (400, 428)])
def test_tap_anywhere_is_the_button(stand: Stand, x: int, y: int) -> None:
    screen = stand.put_up(PaidScreen(stand.root, stand.theme, stand.touches.append))
    screen.show(sample.PAID_JA)
    press(screen.surface, x, y)
    release(screen.surface, x, y)
    assert stand.touches == [t.Done()]


def test_next_payment_replaces_the_one_before(stand: Stand) -> None:
    screen = stand.put_up(PaidScreen(stand.root, stand.theme, stand.touches.append))
    screen.show(sample.PAID_JA)
    screen.show(sample.PAID_WORST)
    words = words_on(screen.surface)
    assert sample.PAID_WORST.amount in words
    assert sample.PAID_JA.amount not in words
