"""The status screen: how each part between the customer and the money is, and how long customers have waited.

Rule: everything is in sight on the smallest screen; what is too long for its place wraps, and the page scrolls.
"""

import tkinter as tk
from collections.abc import Callable
from functools import partial
from typing import Final

from pos.core.touches import Touch
from pos.ui.geometry import Rect
from pos.ui.paragraph import Paragraph, draw_left, height
from pos.ui.regions import Area, Layer
from pos.ui.service_table import ServiceTable
from pos.ui.status import draw_dot, draw_status
from pos.ui.surface import Surface
from pos.ui.theme import TARGET, Theme
from pos.ui.view import Light, Row, ServiceView

_MARGIN = 16
_HEAD = 64
_PAD = 14
_GAP = 10
_BETWEEN = 14
_UNDER = 3
_DOT = 10
_INDENT = 20
_FACT = 24
_LEFT_SHARE = 0.38
_PAGE = "page"


class ServiceScreen:
    """The screen behind the health dots."""

    def __init__(self, parent: tk.Misc, theme: Theme, report: Callable[[Touch], None]) -> None:
        self.surface: Final = Surface(parent, theme, report)
        self._table = ServiceTable(self.surface)
        self._view: ServiceView | None = None

    def resize(self, width: int, height: int) -> None:
        """Take the window's size."""
        self.surface.fit(width, height)
        if self._view is not None:
            self.show(self._view)

    def show(self, view: ServiceView) -> None:
        """Show a view; only what is new in it is drawn."""
        self._view = view
        surface, px = self.surface, self.surface.theme.px
        head, rest = draw_status(surface, view.status).cut_top(px(_HEAD))
        surface.part("head", (view.title, view.buttons, view.close), lambda: self._draw_head(view, head))
        page = rest.inset(px(_MARGIN), 0)
        if surface.whole.h > surface.whole.w:
            health = Rect(page.x, page.y, page.w, self._health_height(view, page.w))
            top = health.bottom + px(_GAP)
            table = Rect(page.x, top, page.w, self._table.height(view, page.w))
        else:
            left, right = page.cut_left(round(page.w * _LEFT_SHARE), px(_GAP))
            high = max(self._health_height(view, left.w), self._table.height(view, right.w))
            # Both cards end where the longer one does, or with the page.
            high = max(high, page.h - px(_MARGIN))
            health, table = Rect(left.x, left.y, left.w, high), Rect(right.x, right.y, right.w, high)
        extent = max(health.bottom, table.bottom) - rest.y + px(_MARGIN)
        surface.area(_PAGE, Area(rest, "y", extent, partial(self._draw_page, view, health, table)))

    def _draw_head(self, view: ServiceView, head: Rect) -> None:
        surface, px = self.surface, self.surface.theme.px
        # Over the page, which scrolls away under it.
        surface.fill(head, "background")
        room = head.inset(px(_MARGIN), (head.h - px(TARGET)) // 2)
        for button in (view.close, *reversed(view.buttons)):
            width = max(px(96), surface.measure(button.label, "body", bold=True) + px(32))
            place, room = room.cut_right(width, px(_GAP))
            surface.button(place, button)
        surface.text(room, view.title, "total", bold=True, steps=3)

    def _draw_page(self, view: ServiceView, health: Rect, table: Rect) -> None:
        surface = self.surface
        surface.part(
            "health",
            (health, view.parts, view.facts),
            lambda: self._draw_health(view, health),
            layer=Layer.CONTENT,
            area=_PAGE,
        )
        what = (table, view.heading, view.columns, view.measures, view.counts, view.note)
        surface.part(
            "table", what, lambda: self._table.draw(view, table), layer=Layer.CONTENT, area=_PAGE
        )
        px, page = surface.theme.px, surface.regions.areas[_PAGE].rect
        surface.thumb(_PAGE, Rect(page.right - px(10), page.y, px(4), page.h - px(6)), px(_MARGIN))

    def _health_height(self, view: ServiceView, width: int) -> int:
        px = self.surface.theme.px
        inner = width - 2 * px(_PAD)
        parts = sum(self._part_height(part, inner) + px(_BETWEEN) for part in view.parts)
        return 2 * px(_PAD) + parts + len(view.facts) * px(_FACT)

    def _words(self, part: Light) -> tuple[Paragraph, Paragraph]:
        color = "text" if part.color in ("red", "amber") else "muted"
        return Paragraph(part.word, "body", bold=True, lines=1), Paragraph(part.text, "small", color=color, lines=4)

    def _part_height(self, part: Light, inner_w: int) -> int:
        width = inner_w - self.surface.theme.px(_INDENT)
        return sum(height(self.surface, one, width) for one in self._words(part)) + self.surface.theme.px(_UNDER)

    def _draw_health(self, view: ServiceView, card: Rect) -> None:
        surface, px = self.surface, self.surface.theme.px
        surface.box(card, "surface")
        column = card.inset(px(_PAD))
        facts, column = column.cut_bottom(len(view.facts) * px(_FACT))
        for part in view.parts:
            place, column = column.cut_top(self._part_height(part, card.w - 2 * px(_PAD)), px(_BETWEEN))
            self._draw_part(part, place)
        surface.fill(Rect(facts.x, facts.y - px(6), facts.w, px(1)), "line")
        for row, place in zip(view.facts, facts.rows(len(view.facts), 0), strict=True):
            self._draw_fact(row, place)

    def _draw_part(self, part: Light, place: Rect) -> None:
        surface, px = self.surface, self.surface.theme.px
        dot, column = place.cut_left(px(_DOT), px(_INDENT - _DOT))
        name, text = self._words(part)
        line, column = column.cut_top(height(surface, name, column.w), px(_UNDER))
        draw_dot(surface, Rect(dot.x, line.y, dot.w, line.h), part.color, behind="surface")
        surface.text(line, name.words, name.size, bold=True, steps=2)
        draw_left(surface, (text,), column)

    def _draw_fact(self, row: Row, place: Rect) -> None:
        surface, px = self.surface, self.surface.theme.px
        taken = surface.measure(row.figure, "small", bold=bool(row.color))
        figure, label = place.cut_right(min(taken, place.w * 2 // 3), px(8))
        surface.text(
            figure, row.figure, "small", bold=bool(row.color), color=row.color or "text", align="right", steps=2
        )
        surface.text(label, row.label, "small", color="muted", steps=2)
