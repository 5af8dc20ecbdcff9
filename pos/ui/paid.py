"""PAID: the whole screen green, a check, and the word in both languages.

Rule: readable across the counter by people who cannot tell green from red; a tap anywhere is the button.
"""

import tkinter as tk
from collections.abc import Callable
from typing import Final

from pos.core.touches import Touch
from pos.ui.geometry import Rect
from pos.ui.paragraph import Paragraph, draw_stacked, stacked_height
from pos.ui.status import draw_ribbon
from pos.ui.surface import Surface
from pos.ui.theme import Theme
from pos.ui.view import PaidView

_GROUND = "paid"
_MARGIN = 20
_MARK = 100
_MARK_UPRIGHT = 170
_BUTTON = 64
_BUTTON_W = 300


class PaidScreen:
    """The screen that everybody at the counter waits for."""

    def __init__(self, parent: tk.Misc, theme: Theme, report: Callable[[Touch], None]) -> None:
        self.surface: Final = Surface(parent, theme, report)
        self._view: PaidView | None = None

    def resize(self, width: int, height: int) -> None:
        """Take the window's size."""
        self.surface.fit(width, height)
        if self._view is not None:
            self.show(self._view)

    def show(self, view: PaidView) -> None:
        """Show a payment that arrived."""
        self._view = view
        self.surface.part("paid", view, lambda: self._draw(view))

    def _draw(self, view: PaidView) -> None:
        surface, px = self.surface, self.surface.theme.px
        whole = surface.whole
        surface.fill(whole, _GROUND)
        surface.region(whole, view.button.touch)
        foot, column = whole.inset(px(_MARGIN)).cut_bottom(px(_BUTTON), px(10))
        words = (
            Paragraph(view.title, "paid", bold=True, color="white", lines=1, gap=6),
            Paragraph(view.subtitle, "total", bold=True, color="white", lines=1),
            Paragraph(view.amount, "amount", bold=True, color="white", lines=1, gap=10),
            Paragraph(_joined(view.detail, view.order), "lead", color="white", lines=2, gap=2),
        )
        mark = px(_MARK_UPRIGHT if whole.h > whole.w else _MARK)
        column = column.center(column.w, min(column.h, mark + stacked_height(surface, words, column.w)))
        top, column = column.cut_top(mark)
        self._draw_check(top)
        draw_stacked(surface, words, column)
        if view.demo:
            width = surface.measure(view.demo, "small", bold=True) + px(20)
            draw_ribbon(surface, Rect(px(16), px(12), width, px(22)), view.demo, behind=_GROUND)
        button = foot.center(min(foot.w, px(_BUTTON_W)), foot.h)
        surface.button(button, view.button, size="tile", behind=_GROUND)

    def _draw_check(self, rect: Rect) -> None:
        surface = self.surface
        side = min(rect.w, rect.h) - surface.theme.px(4)
        disc = rect.center(side, side)
        surface.box(disc, "white", radius=side // 2, behind=_GROUND)
        inner = round(side * 0.7)
        surface.icon("check", disc.center(inner, inner), _GROUND, behind="white")


def _joined(*words: str) -> str:
    return "  ·  ".join(word for word in words if word)
