"""The pad for the PIN that lets staff leave the till.

Rule: of what was typed only the number of digits is on the screen; the keys never move.
"""

import tkinter as tk
from collections.abc import Callable
from typing import Final

from pos.core.touches import Touch
from pos.core.way_out import PIN_MOST
from pos.ui.geometry import Rect
from pos.ui.keypad import BUTTON_H, KEYS_W, show_ends, show_keys
from pos.ui.status import draw_dot, draw_status
from pos.ui.surface import Surface
from pos.ui.theme import Theme
from pos.ui.view import PinView

_MARGIN = 16
_GAP = 10
_TITLE_H = 50
_FIELD_H = 72
_STATE_H = 56
_TEXT_H = 84
_BEAD = 14
_STEP = 26


class PinScreen:
    """The screen on which the PIN is typed."""

    def __init__(self, parent: tk.Misc, theme: Theme, report: Callable[[Touch], None]) -> None:
        self.surface: Final = Surface(parent, theme, report)
        self._view: PinView | None = None

    def resize(self, width: int, height: int) -> None:
        """Take the window's size."""
        self.surface.fit(width, height)
        if self._view is not None:
            self.show(self._view)

    def show(self, view: PinView) -> None:
        """Show a view; only what is new in it is drawn."""
        self._view = view
        surface, px = self.surface, self.surface.theme.px
        page = draw_status(surface, view.status).inset(px(_MARGIN))
        if surface.whole.h > surface.whole.w:
            side, pad = page.cut_top(px(_TITLE_H + _FIELD_H + _STATE_H + _TEXT_H), px(_MARGIN))
            buttons, pad = pad.cut_bottom(px(BUTTON_H), px(_GAP))
        else:
            pad, side = page.cut_right(px(KEYS_W), px(_MARGIN))
            buttons, side = side.cut_bottom(px(BUTTON_H), px(_GAP))
        self._show_side(view, side)
        show_keys(surface, view.keys, pad)
        show_ends(surface, view.close, view.enter, buttons)

    def _show_side(self, view: PinView, side: Rect) -> None:
        surface, px = self.surface, self.surface.theme.px
        title, rest = side.cut_top(px(_TITLE_H))
        field, rest = rest.cut_top(px(_FIELD_H))
        state, rest = rest.cut_top(px(_STATE_H))
        text, _ = rest.cut_top(px(_TEXT_H))
        surface.part("title", view.title, lambda: surface.text(title, view.title, "total", bold=True))
        surface.part("field", view.dots, lambda: self._draw_field(field, view.dots))
        surface.part("state", view.state, lambda: self._draw_state(state, view))
        surface.part(
            "text",
            view.text,
            lambda: surface.text(text, view.text, "body", color="muted", valign="top", lines=4, steps=2, even=True),
        )

    def _draw_field(self, rect: Rect, dots: int) -> None:
        surface, px = self.surface, self.surface.theme.px
        surface.box(rect, "surface", outline="line")
        # All beads stay inside the field, also the twelfth in a narrow one.
        step = min(px(_STEP), (rect.w - 2 * px(_MARGIN)) // PIN_MOST)
        row = rect.center(max(0, (dots - 1) * step + px(_BEAD)), px(_BEAD))
        for i in range(dots):
            bead = Rect(row.x + i * step, row.y, px(_BEAD), px(_BEAD))
            surface.box(bead, "text", behind="surface", radius=px(_BEAD) // 2)

    def _draw_state(self, rect: Rect, view: PinView) -> None:
        surface, px = self.surface, self.surface.theme.px
        color, words = "muted", rect
        if view.state.color:
            dot, words = rect.cut_left(px(10), px(10))
            draw_dot(surface, dot, view.state.color, behind="background")
            color = "text"
        surface.text(words, view.state.word, "body", color=color, lines=2, steps=2, even=True)
