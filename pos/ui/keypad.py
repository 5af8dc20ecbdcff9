"""The keypad for an amount that is not on the menu.

Rule: the amount so far is the largest thing on the screen, and the keys never move.
"""

import tkinter as tk
from collections.abc import Callable, Sequence
from functools import partial
from typing import Final

from pos.core.touches import Erase, Touch
from pos.ui.geometry import Rect
from pos.ui.status import draw_status
from pos.ui.surface import Surface
from pos.ui.theme import Theme
from pos.ui.view import Button, KeypadView

_MARGIN = 16
_GAP = 10
_COLUMNS = 3
KEYS_W = 420
_TITLE_H = 50
_AMOUNT_H = 96
BUTTON_H = 68


class KeypadScreen:
    """The screen on which an amount is typed."""

    def __init__(self, parent: tk.Misc, theme: Theme, report: Callable[[Touch], None]) -> None:
        self.surface: Final = Surface(parent, theme, report)
        self._view: KeypadView | None = None

    def resize(self, width: int, height: int) -> None:
        """Take the window's size."""
        self.surface.fit(width, height)
        if self._view is not None:
            self.show(self._view)

    def show(self, view: KeypadView) -> None:
        """Show a view; only what is new in it is drawn."""
        self._view = view
        surface, px = self.surface, self.surface.theme.px
        page = draw_status(surface, view.status).inset(px(_MARGIN))
        if surface.whole.h > surface.whole.w:
            side, pad = page.cut_top(px(_TITLE_H + _AMOUNT_H), px(_MARGIN))
            buttons, pad = pad.cut_bottom(px(BUTTON_H), px(_GAP))
        else:
            pad, side = page.cut_right(px(KEYS_W), px(_MARGIN))
            buttons, side = side.cut_bottom(px(BUTTON_H), px(_GAP))
        self._show_amount(view, side)
        show_keys(surface, view.keys, pad)
        show_ends(surface, view.close, view.enter, buttons)

    def _show_amount(self, view: KeypadView, side: Rect) -> None:
        surface, px = self.surface, self.surface.theme.px
        title, rest = side.cut_top(px(_TITLE_H))
        amount, _ = rest.cut_top(px(_AMOUNT_H))
        surface.part("title", (title, view.title), lambda: surface.text(title, view.title, "total", bold=True))
        surface.part("amount", (amount, view.amount), lambda: self._draw_amount(amount, view.amount))

    def _draw_amount(self, rect: Rect, amount: str) -> None:
        surface, px = self.surface, self.surface.theme.px
        surface.box(rect, "surface", outline="line")
        inner = rect.inset(px(_MARGIN), px(4))
        surface.text(inner, amount, "amount", bold=True, align="right", steps=8)


def show_keys(surface: Surface, keys: Sequence[Button | None], pad: Rect) -> None:
    """Show twelve keys in a rectangle, three in a row; None leaves a gap."""
    gap = surface.theme.px(_GAP)
    cells = [cell for row in pad.rows(len(keys) // _COLUMNS, gap) for cell in row.columns(_COLUMNS, gap)]
    for i, (cell, key) in enumerate(zip(cells, keys, strict=True)):
        if key is not None:
            surface.part(f"key {i}", (cell, key), partial(_draw_key, surface, cell, key))


def show_ends(surface: Surface, close: Button, enter: Button, row: Rect) -> None:
    """Show the two buttons that end the typing."""
    left, right = row.cut_left((row.w - surface.theme.px(_GAP)) * 2 // 5, surface.theme.px(_GAP))
    surface.part("close", (left, close), lambda: surface.button(left, close))
    surface.part("enter", (right, enter), lambda: surface.button(right, enter, size="tile"))


def _draw_key(surface: Surface, rect: Rect, key: Button) -> None:
    if key.touch == Erase():
        key = Button("", key.touch, key.role, key.enabled)
        surface.button(rect, key, size="title", icon="backspace")
    else:
        surface.button(rect, key, size="title")
