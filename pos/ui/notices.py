"""The list of what staff have to know: money that came without a sale in front of it, a journal that was damaged.

Rule: each notice is read and acknowledged by itself; nothing here can be swept away with one tap.
"""

import tkinter as tk
from collections.abc import Callable
from functools import partial
from typing import Final

from pos.core.touches import Touch
from pos.ui.geometry import Rect
from pos.ui.paragraph import Paragraph, draw_left, stacked_height
from pos.ui.regions import Area, Layer
from pos.ui.status import draw_status
from pos.ui.surface import Surface
from pos.ui.theme import TARGET, Theme
from pos.ui.view import Notice, NoticesView

_MARGIN = 16
_HEAD = 64
_PAD = 16
_GAP = 10
_BUTTON = 60
_BUTTON_W = 180
_AREA = "notices"


class NoticesScreen:
    """What staff have to know, newest first."""

    def __init__(self, parent: tk.Misc, theme: Theme, report: Callable[[Touch], None]) -> None:
        self.surface: Final = Surface(parent, theme, report)
        self._view: NoticesView | None = None
        self._places: list[Rect] = []

    def resize(self, width: int, height: int) -> None:
        """Take the window's size."""
        self.surface.fit(width, height)
        if self._view is not None:
            self.show(self._view)

    def show(self, view: NoticesView) -> None:
        """Show what there is to be acknowledged."""
        self._view = view
        surface, px = self.surface, self.surface.theme.px
        head, rest = draw_status(surface, view.status).cut_top(px(_HEAD))
        surface.part("head", (view.title, view.close), lambda: self._draw_head(view, head))
        column = rest.inset(px(_MARGIN), 0)
        self._places = self._stack(view.notices, column)
        extent = self._places[-1].bottom - rest.y + px(_MARGIN) if self._places else 0
        surface.area(_AREA, Area(rest, "y", extent, partial(self._draw_list, view)))

    def _draw_head(self, view: NoticesView, head: Rect) -> None:
        surface, px = self.surface, self.surface.theme.px
        # Over the list, which scrolls away under it.
        surface.fill(head, "background")
        inner = head.inset(px(_MARGIN), (head.h - px(TARGET)) // 2)
        close_w = max(px(110), surface.measure(view.close.label, "body", bold=True) + px(40))
        close, title = inner.cut_right(close_w, px(_GAP))
        surface.text(title, view.title, "total", bold=True, steps=2)
        surface.button(close, view.close)

    def _stack(self, notices: tuple[Notice, ...], column: Rect) -> list[Rect]:
        """Place the cards under each other, each as high as its words."""
        gap, top = self.surface.theme.px(_GAP), column.y
        places: list[Rect] = []
        for notice in notices:
            places.append(Rect(column.x, top, column.w, self._card_height(notice, column.w)))
            top = places[-1].bottom + gap
        return places

    def _draw_list(self, view: NoticesView) -> None:
        surface = self.surface
        for index, (notice, rect) in enumerate(zip(view.notices, self._places, strict=True)):
            draw = partial(self._draw_card, notice, rect)
            surface.part(f"notice {index}", (notice, rect), draw, layer=Layer.CONTENT, area=_AREA)
        surface.drop_all("notice ", keep=frozenset(f"notice {index}" for index in range(len(view.notices))))
        px, room = surface.theme.px, surface.regions.areas[_AREA].rect
        surface.thumb(_AREA, Rect(room.right - px(10), room.y, px(4), room.h - px(6)), px(_MARGIN))

    @property
    def _upright(self) -> bool:
        return self.surface.whole.h > self.surface.whole.w

    def _words(self, notice: Notice) -> tuple[Paragraph, ...]:
        return (
            Paragraph(notice.title, "tile", bold=True, lines=2),
            Paragraph(notice.text, "body", lines=4, gap=4),
            Paragraph(notice.goods, "small", lines=2, gap=6),
            Paragraph(notice.when, "small", color="muted", lines=1, gap=4),
        )

    def _words_width(self, card_w: int) -> int:
        px = self.surface.theme.px
        inner = card_w - 2 * px(_PAD)
        return inner if self._upright else inner - px(_BUTTON_W) - px(_PAD)

    def _card_height(self, notice: Notice, card_w: int) -> int:
        surface, px = self.surface, self.surface.theme.px
        width = self._words_width(card_w)
        words_h = stacked_height(surface, self._words(notice), width)
        if self._upright:
            return words_h + px(12) + px(_BUTTON) + 2 * px(_PAD)
        return max(words_h, px(_BUTTON)) + 2 * px(_PAD)

    def _draw_card(self, notice: Notice, rect: Rect) -> None:
        surface, px = self.surface, self.surface.theme.px
        surface.box(rect, "surface")
        surface.fill(Rect(rect.x, rect.y + px(12), px(4), rect.h - 2 * px(12)), "amber")
        inner = rect.inset(px(_PAD))
        if self._upright:
            button, column = inner.cut_bottom(px(_BUTTON), px(12))
        else:
            right, column = inner.cut_right(px(_BUTTON_W), px(_PAD))
            button = right.center(right.w, px(_BUTTON))
        draw_left(surface, self._words(notice), column)
        surface.button(button, notice.button, behind="surface")
