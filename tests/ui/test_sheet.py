"""The small panel over a screen."""

import tkinter as tk
from dataclasses import replace

import pytest

from pos.core import touches as t
from pos.ui.geometry import Rect
from pos.ui.regions import Region
from pos.ui.sheet import SheetPanel
from pos.ui.surface import Surface
from pos.ui.view import Sheet

from . import gallery_pay as sample
from .gallery import SIZES
from .pointer import place_of, press, release, words_on
from .stand import Stand


class SheetStand(Stand):
    """A window with an empty surface and a sheet over a part of it."""

    def __init__(self, root: tk.Tk, size: str = "800x480") -> None:
        super().__init__(root, size)
        self.surface = Surface(root, self.theme, self.touches.append)
        self.surface.place(x=0, y=0, relwidth=1, relheight=1)
        self.surface.fit(self.width, self.height)
        self.panel = SheetPanel(self.surface)
        root.update()


def tap_at(surface: Surface, x: int, y: int) -> None:
    press(surface, x, y)
    release(surface, x, y)


def inner_of(surface: Surface) -> Region:
    """Find the panel: it swallows the finger."""
    return next(region for region in surface.regions if region.tap is None)


def test_tap_beside_the_panel_closes_and_one_on_it_does_nothing(root: tk.Tk) -> None:
    stand = SheetStand(root)
    stand.panel.show(sample.ASK_BACK_JA, stand.surface.whole)
    panel = inner_of(stand.surface).rect
    tap_at(stand.surface, panel.center_x, panel.y + 5)
    assert stand.touches == []
    tap_at(stand.surface, 3, 3)
    assert stand.touches == [t.Close()]


def test_nothing_under_it_can_be_touched_until_it_goes(root: tk.Tk) -> None:
    stand = SheetStand(root)
    everywhere = stand.surface.whole
    stand.surface.part("under", 0, lambda: stand.surface.region(everywhere, t.Pay()))
    stand.panel.show(sample.ASK_BACK_JA, everywhere)
    tap_at(stand.surface, 3, 3)
    stand.panel.show(None, everywhere)
    tap_at(stand.surface, 5, 5)
    assert stand.touches == [t.Close(), t.Pay()]


def test_it_dims_its_part_of_the_screen_and_nothing_else(root: tk.Tk) -> None:
    stand = SheetStand(root)
    stand.surface.part("ground", 0, lambda: stand.surface.fill(stand.surface.whole, "white"))
    stand.panel.show(sample.ASK_BACK_JA, Rect(480, 0, 320, 480))
    picture = stand.picture()
    assert picture.getpixel((479, 3)) == (255, 255, 255)
    dimmed = picture.getpixel((481, 3))
    assert isinstance(dimmed, tuple)
    assert max(dimmed) < 100
    assert {picture.getpixel((x, y)) for x in (481, 640, 799) for y in (1, 479)} == {dimmed}
    stand.panel.show(None, Rect(480, 0, 320, 480))
    assert stand.picture().getpixel((481, 3)) == (255, 255, 255)


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("sheet", [sample.PHONE_JA, sample.PHONE_EN, sample.HELP_SHEET_EN, sample.ASK_BACK_JA])
def test_words_are_complete_and_buttons_large_in_every_size(root: tk.Tk, size: str, sheet: Sheet) -> None:
    stand = SheetStand(root, size)
    upright = stand.height > stand.width
    short = min(stand.width, stand.height)
    aside = Rect(0, short, short, stand.height - short) if upright else Rect(short, 0, stand.width - short, short)
    stand.panel.show(sheet, aside)
    words = "".join(words_on(stand.surface)).replace(" ", "")
    for part in (sheet.title, sheet.text, *(button.label for button in sheet.buttons)):
        assert part.replace(" ", "") in words
    panel = inner_of(stand.surface).rect
    for button in sheet.buttons:
        rects = [r.rect for r in stand.surface.regions if r.tap == button.touch and r.rect != stand.surface.whole]
        assert all(min(rect.w, rect.h) >= stand.surface.theme.px(48) for rect in rects)
        assert all(panel.x < rect.x and rect.right < panel.right and rect.bottom < panel.bottom for rect in rects)


def test_more_buttons_than_fit_under_each_other_stand_in_two_columns(root: tk.Tk) -> None:
    stand = SheetStand(root)
    stand.panel.show(sample.PHONE_EN, Rect(0, 0, 480, 330))
    full, under = (place_of(stand.surface, t.PhoneDoes(kind)) for kind in ("full", "under"))
    assert full.y == under.y
    assert full.right < under.x


def test_another_sheet_replaces_the_one_before(root: tk.Tk) -> None:
    stand = SheetStand(root)
    stand.panel.show(sample.PHONE_EN, stand.surface.whole)
    stand.panel.show(replace(sample.HELP_SHEET_EN, title="Help"), stand.surface.whole)
    words = words_on(stand.surface)
    assert "Help" in words
    assert sample.PHONE_EN.title not in words
