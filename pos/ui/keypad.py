"""The keypad for an amount that is not on the menu.

Rule: the amount so far is the largest thing on the screen, and the keys never move.
"""

import tkinter as tk
from collections.abc import Callable
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
_KEYS_W = 420
_TITLE_H = 50
_AMOUNT_H = 96
_BUTTON_H = 68


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
        upright = surface.whole.h > surface.whole.w
        if upright:
            side, keys = page.cut_top(px(_TITLE_H + _AMOUNT_H), px(_MARGIN))
            buttons, keys = keys.cut_bottom(px(_BUTTON_H), px(_GAP))
        else:
            keys, side = page.cut_right(px(_KEYS_W), px(_MARGIN))
            buttons, side = side.cut_bottom(px(_BUTTON_H), px(_GAP))
        self._show_amount(view, side)
        rows = keys.rows(len(view.keys) // _COLUMNS, px(_GAP))
        cells = [cell for row in rows for cell in row.columns(_COLUMNS, px(_GAP))]
        for i, (cell, key) in enumerate(zip(cells, view.keys, strict=True)):
            surface.part(f"key {i}", (cell, key), partial(self._draw_key, cell, key))
        close, enter = buttons.cut_left((buttons.w - px(_GAP)) * 2 // 5, px(_GAP))
        surface.part("close", (close, view.close), lambda: surface.button(close, view.close))
        surface.part("enter", (enter, view.enter), lambda: surface.button(enter, view.enter, size="tile"))

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

    def _draw_key(self, rect: Rect, key: Button) -> None:
        if key.touch == Erase():
            key = Button("", key.touch, key.role, key.enabled)
            self.surface.button(rect, key, size="title", icon="backspace")
        else:
            self.surface.button(rect, key, size="title")
