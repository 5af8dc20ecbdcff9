"""The screen when the till itself cannot go on: what happened, what is safe, and one large button.

Rule: it needs nothing of the screens that may have failed. The countdown is drawn anew, and nothing else with it.
"""

import tkinter as tk
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Final

from pos.core.touches import Touch
from pos.ui.cards import Card, Cards
from pos.ui.geometry import Rect
from pos.ui.paragraph import Paragraph, draw_left, stacked_height
from pos.ui.screen import Makers
from pos.ui.surface import Surface
from pos.ui.theme import Theme
from pos.ui.view_fault import Fact, FaultView, MistakeView, Twice

_MARGIN = 24
_WIDEST = 740
_MARK = 56
_PAD = 14
_GAP = 14
_SIGN = 22
_FOOT = 80
_BUTTON_W = 270


class FaultScreen:
    """Nothing else can be done before somebody, or the clock, starts the till again."""

    def __init__(self, parent: tk.Misc, theme: Theme, report: Callable[[Touch], None]) -> None:
        self.surface: Final = Surface(parent, theme, report)
        self._cards = Cards(self.surface)
        self._view: FaultView | None = None

    def resize(self, width: int, height: int) -> None:
        """Take the window's size."""
        self.surface.fit(width, height)
        if self._view is not None:
            self.show(self._view)

    def show(self, view: FaultView) -> None:
        """Show what has stopped the till."""
        self._view = view
        surface, px = self.surface, self.surface.theme.px
        page = surface.whole.inset(px(_MARGIN), px(20))
        page = page.center(min(page.w, px(_WIDEST)), page.h)
        foot, room = self._cut_foot(view, page)
        head_h = max(px(_MARK), stacked_height(surface, _head(view), room.w - px(_MARK) - px(_GAP)))
        text_h = stacked_height(surface, _twice(view.text, "tile", "small"), room.w)
        heights = [stacked_height(surface, _fact(fact), self._fact_width(room)) for fact in view.facts]
        card_h = sum(heights) + (len(heights) + 1) * px(_PAD) if heights else 0
        if not view.mistakes:
            # What is left is shared above and below, so that a high screen has its middle where the eye is.
            spare = room.h - head_h - text_h - card_h - 2 * px(_GAP)
            _, room = room.cut_top(max(0, spare // 2))
        head, room = room.cut_top(head_h, px(_GAP))
        text, room = room.cut_top(text_h, px(_GAP))
        surface.part("head", (view.title, view.text, head), lambda: self._draw_head(view, head, text))
        surface.part("facts", (view.facts, room), lambda: self._draw_facts(view.facts, heights, room))
        self._cards.show([_card(mistake) for mistake in view.mistakes], room)
        surface.part("foot", (view.later, view.foot, foot), lambda: self._draw_foot(view, foot))
        button = foot.cut_bottom(px(_FOOT))[0] if self._upright else foot.cut_right(px(_BUTTON_W))[0]
        surface.part("button", (view.button, button), lambda: surface.button(button, view.button, size="lead"))

    @property
    def _upright(self) -> bool:
        return self.surface.whole.h > self.surface.whole.w

    def _cut_foot(self, view: FaultView, page: Rect) -> tuple[Rect, Rect]:
        px = self.surface.theme.px
        high = px(_FOOT)
        if self._upright:
            high += px(_GAP) + stacked_height(self.surface, _foot(view), page.w)
        return page.cut_bottom(high, px(_GAP))

    def _draw_head(self, view: FaultView, head: Rect, text: Rect) -> None:
        surface, px = self.surface, self.surface.theme.px
        mark, words = head.cut_left(px(_MARK), px(_GAP))
        surface.icon("warning", mark, "red")
        draw_left(surface, _head(view), words.center(words.w, stacked_height(surface, _head(view), words.w)))
        draw_left(surface, _twice(view.text, "tile", "small"), text)

    def _fact_width(self, room: Rect) -> int:
        px = self.surface.theme.px
        return room.w - 2 * px(_PAD) - px(_SIGN) - px(10)

    def _draw_facts(self, facts: Sequence[Fact], heights: Sequence[int], room: Rect) -> None:
        surface, px = self.surface, self.surface.theme.px
        if not facts:
            return
        card, _ = room.cut_top(sum(heights) + (len(heights) + 1) * px(_PAD))
        surface.box(card, "surface")
        column = card.inset(px(_PAD))
        for fact, high in zip(facts, heights, strict=True):
            row, column = column.cut_top(high, px(_PAD))
            sign, words = row.cut_left(px(_SIGN), px(10))
            icon, color = ("check", "green") if fact.safe else ("warning", "amber")
            surface.icon(icon, sign.cut_top(px(_SIGN))[0], color, behind="surface")
            draw_left(surface, _fact(fact), words)

    def _draw_foot(self, view: FaultView, foot: Rect) -> None:
        px, lines = self.surface.theme.px, _foot(view)
        if self._upright:
            _, words = foot.cut_bottom(px(_FOOT), px(_GAP))
        else:
            _, words = foot.cut_right(px(_BUTTON_W), px(_GAP))
        high = min(words.h, stacked_height(self.surface, lines, words.w))
        draw_left(self.surface, lines, words.center(words.w, high))


SCREENS: Final[Makers] = {FaultView: FaultScreen}


def _head(view: FaultView) -> tuple[Paragraph, ...]:
    return (
        Paragraph(view.title.first, "title", bold=True, lines=2),
        Paragraph(view.title.second, "tile", color="muted", lines=2, gap=1),
    )


def _twice(words: Twice, first: str, second: str) -> tuple[Paragraph, ...]:
    return Paragraph(words.first, first, lines=4), Paragraph(words.second, second, color="muted", lines=5, gap=2)


def _fact(fact: Fact) -> tuple[Paragraph, ...]:
    return _twice(fact.words, "body", "small")


def _foot(view: FaultView) -> tuple[Paragraph, ...]:
    first, *others = (Paragraph(line, "small", color="muted", lines=2) for line in view.foot)
    if view.later is None:
        return first, *others
    later = Paragraph(view.later.first, "body", bold=True), Paragraph(view.later.second, "small")
    return *later, replace(first, gap=8), *others


def _card(mistake: MistakeView) -> Card:
    words = (
        Paragraph(mistake.place, "small", color="amber", bold=True, lines=2),
        Paragraph(mistake.wrong, "body", lines=6, gap=3),
        Paragraph(mistake.example, "small", color="green", lines=8, gap=4),
    )
    return Card(words, even=False)
