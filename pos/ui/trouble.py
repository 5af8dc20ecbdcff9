"""The screen that stands where a QR would have been: what happened, what to do now, what is safe.

Rule: the sentence that staff need is the largest; the evidence is small, below it, and never shortened by the screen.
"""

import tkinter as tk
from collections.abc import Callable
from typing import Final

from pos.core.touches import Touch
from pos.ui.geometry import Rect
from pos.ui.paragraph import Paragraph, draw_stacked, stacked_height
from pos.ui.status import draw_status
from pos.ui.surface import Surface
from pos.ui.theme import Theme
from pos.ui.view import Row, TroubleView

_MARGIN = 24
_WIDEST = 600
_MARK = 72
_LINE = 32
_PAD = 14
_BUTTON = 60
_BUTTON_W = 240
_GAP = 16


class TroubleScreen:
    """What staff must act on before the sale goes on."""

    def __init__(self, parent: tk.Misc, theme: Theme, report: Callable[[Touch], None]) -> None:
        self.surface: Final = Surface(parent, theme, report)
        self._view: TroubleView | None = None

    def resize(self, width: int, height: int) -> None:
        """Take the window's size."""
        self.surface.fit(width, height)
        if self._view is not None:
            self.show(self._view)

    def show(self, view: TroubleView) -> None:
        """Show what is wrong."""
        self._view = view
        page = draw_status(self.surface, view.status)
        what = (view.title, view.text, view.rows, view.safe, view.buttons)
        self.surface.part("trouble", what, lambda: self._draw(view, page))

    def _draw(self, view: TroubleView, page: Rect) -> None:
        surface, px = self.surface, self.surface.theme.px
        room = page.inset(px(_MARGIN), px(12))
        foot, room = room.cut_bottom(px(_BUTTON), px(_GAP))
        room = room.center(min(room.w, px(_WIDEST)), room.h)
        words = (
            Paragraph(view.title, "title", bold=True, lines=2),
            Paragraph(view.text, "tile", color="muted", lines=6, gap=6),
        )
        beside = self._beside(view, room.w - 2 * px(_PAD))
        lines = len(view.rows) + (not beside)
        card_h = lines * px(_LINE) + 2 * px(_PAD) - px(4)
        words_h = stacked_height(surface, words, room.w)
        # The mark gives way where many words meet a low screen.
        mark_h = max(0, min(px(_MARK), room.h - words_h - card_h - px(_GAP) - px(8)))
        high = mark_h + px(8) + words_h + px(_GAP) + card_h
        room = room.center(room.w, min(room.h, high))
        mark, room = room.cut_top(mark_h, px(8))
        surface.icon("warning", mark, "red")
        card, room = room.cut_bottom(card_h, px(_GAP))
        draw_stacked(surface, words, room)
        self._draw_evidence(view, card, beside=beside)
        self._draw_buttons(view, foot)

    def _beside(self, view: TroubleView, width: int) -> bool:
        """Tell whether what is safe fits to the right of the evidence."""
        surface, px = self.surface, self.surface.theme.px
        figures = max((surface.measure(row.figure, "body", bold=True) for row in view.rows), default=0)
        taken = self._label_width(view.rows) + figures + px(28)
        return bool(view.rows) and taken + surface.measure(view.safe, "small") + px(26) <= width

    def _label_width(self, rows: tuple[Row, ...]) -> int:
        return max((self.surface.measure(row.label, "small") for row in rows), default=0)

    def _draw_evidence(self, view: TroubleView, card: Rect, *, beside: bool) -> None:
        surface, px = self.surface, self.surface.theme.px
        surface.box(card, "surface")
        inner = card.inset(px(_PAD), px(_PAD) - px(2))
        label_w = self._label_width(view.rows)
        count = len(view.rows) + (not beside)
        places = inner.rows(count, 0)
        for row, place in zip(view.rows, places, strict=False):
            label, figure = place.cut_left(label_w, px(16))
            surface.text(label, row.label, "small", color="muted")
            surface.text(figure, row.figure, "body", bold=bool(row.color), color=row.color or "text", steps=2)
        self._draw_safe(view.safe, places[0] if beside else places[-1], align_right=beside)

    def _draw_safe(self, words: str, rect: Rect, *, align_right: bool) -> None:
        surface, px = self.surface, self.surface.theme.px
        side = px(18)
        if align_right:
            _, rect = rect.cut_left(rect.w - min(rect.w, surface.measure(words, "small") + side + px(8)))
        mark, rest = rect.cut_left(side, px(8))
        surface.icon("check", mark.center(side, side), "green", behind="surface")
        surface.text(rest, words, "small", color="green", steps=1)

    def _draw_buttons(self, view: TroubleView, foot: Rect) -> None:
        surface, px = self.surface, self.surface.theme.px
        count = len(view.buttons)
        row = foot.center(min(foot.w, count * px(_BUTTON_W) + (count - 1) * px(_GAP)), foot.h)
        for rect, button in zip(row.columns(count, px(_GAP)), view.buttons, strict=True):
            surface.button(rect, button, size="tile")
