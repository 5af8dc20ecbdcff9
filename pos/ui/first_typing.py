"""The page on which something is typed: a line, and keys large enough for a finger.

Rule: what does not fit into the line goes out at its left, where it has been read already. A keyboard and a scanner,
which types like one, do what the drawn keys do.
"""

import tkinter as tk
from collections.abc import Callable
from functools import partial
from typing import Final

from pos.core import touches as t
from pos.ui.first_frame import draw_frame
from pos.ui.geometry import Rect
from pos.ui.surface import Surface
from pos.ui.theme import Theme
from pos.ui.view_first import TypingView

_FIELD = 50
_GAP = 8
_BETWEEN = 6
_HIGHEST = 64
_WIDEST = 88
_PAD = 14
_MISTAKE = 56
_TOOLS = 56
_BAR = 2


class TypingScreen:
    """One line and its keyboard."""

    def __init__(self, parent: tk.Misc, theme: Theme, report: Callable[[t.Touch], None]) -> None:
        self.surface: Final = Surface(parent, theme, report)
        self._view: TypingView | None = None

    def resize(self, width: int, height: int) -> None:
        """Take the window's size."""
        self.surface.fit(width, height)
        if self._view is not None:
            self.show(self._view)

    def show(self, view: TypingView) -> None:
        """Show what has been typed; of the keys only those that changed are drawn."""
        self._view = view
        surface, px = self.surface, self.surface.theme.px
        room, middle = draw_frame(surface, view.frame)
        field, room = room.cut_top(px(_FIELD), px(_GAP))
        surface.part("field", (view.typed, view.count, field), lambda: self._draw_field(view, field))
        if self._upright:
            middle, room = room.cut_bottom(px(_TOOLS), px(_BETWEEN))
        self._show_keys(view, room)
        clear, erase = middle.columns(2, px(10))
        surface.part("clear", (view.clear, clear), lambda: surface.button(clear, view.clear))
        draw_erase = partial(surface.button, erase, view.erase, size="lead", icon="backspace")
        surface.part("erase", (view.erase, erase), draw_erase)

    def key(self, keysym: str, char: str) -> t.Touch | None:
        """Say what a key of a real keyboard means here."""
        if keysym == "BackSpace":
            return t.Erase()
        if keysym in ("Return", "KP_Enter"):
            return t.Enter()
        if keysym == "Escape":
            return t.Back()
        return t.TypeKey(char) if len(char) == 1 and char.isascii() and char.isprintable() else None

    @property
    def _upright(self) -> bool:
        return self.surface.whole.h > self.surface.whole.w

    def _show_keys(self, view: TypingView, room: Rect) -> None:
        surface, px = self.surface, self.surface.theme.px
        rows = view.narrow if self._upright else view.rows
        gap, count = px(_BETWEEN), max(map(len, rows))
        high = min(px(_HIGHEST), (room.h - (len(rows) - 1) * gap - px(_GAP) - px(18)) // len(rows))
        keys_h = len(rows) * (high + gap) - gap
        wide = min(room.w, count * px(_WIDEST))
        mistake, _ = room.cut_top(min(room.h - keys_h, px(_MISTAKE)))
        keys, _ = room.cut_bottom(keys_h)
        surface.drop_all("key ", keep=frozenset(f"key {button.label}" for row in rows for button in row))
        surface.part("mistake", (view.mistake, mistake), lambda: self._draw_mistake(view.mistake, mistake))
        for row, place in zip(rows, keys.center(wide, keys_h).rows(len(rows), gap), strict=True):
            for button, cell in zip(row, place.columns(count, gap), strict=False):
                draw = partial(surface.button, cell, button, size="lead")
                surface.part(f"key {button.label}", (button, cell), draw)

    def _draw_field(self, view: TypingView, field: Rect) -> None:
        surface, px = self.surface, self.surface.theme.px
        surface.box(field, "surface", outline="line")
        inner = field.inset(px(_PAD), 0)
        count, inner = inner.cut_right(surface.measure(view.count, "small"), px(10) if view.count else 0)
        surface.text(count, view.count, "small", color="muted", align="right")
        room = inner.w - px(_BAR) - px(3)
        shown = view.typed
        while surface.measure(shown, "lead") > room:
            shown = shown[1:]
        width = surface.text(inner, shown, "lead")
        surface.fill(Rect(inner.x + width + px(3), inner.y + px(_PAD), px(_BAR), inner.h - 2 * px(_PAD)), "amber")

    def _draw_mistake(self, mistake: str, room: Rect) -> None:
        surface, px = self.surface, self.surface.theme.px
        if not mistake:
            return
        sign, words = room.cut_left(px(20), px(8))
        surface.icon("warning", sign.center(px(18), px(18)), "amber")
        surface.text(words, mistake, "body", color="amber", lines=3, steps=3, even=True)


