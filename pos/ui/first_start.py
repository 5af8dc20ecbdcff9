"""The other pages of the first start: something to choose, an address for a phone, what was found.

Rule: one thing to do on each page, and the largest thing on it is what does it.
"""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING, Final

from pos.core.touches import Back, Touch
from pos.ui.cards import Card, Cards
from pos.ui.first_frame import draw_frame
from pos.ui.first_typing import TypingScreen
from pos.ui.geometry import Rect
from pos.ui.paragraph import Paragraph, draw_left, stacked_height
from pos.ui.qr_picture import QrPicture
from pos.ui.screen import Makers
from pos.ui.surface import Surface
from pos.ui.theme import Theme
from pos.ui.view_first import Choice, ChoiceView, LinkView, Step, StepsView, TypingView

if TYPE_CHECKING:
    from pos.qr import Modules

_CHOICE = 150
_GAP = 14
_PAD = 20
_WIDEST = 760
_NUMBER = 30

DrawQr = Callable[[str, int], None]


class _Page:
    """A surface that escapes go back from."""

    def __init__(self, parent: tk.Misc, theme: Theme, report: Callable[[Touch], None]) -> None:
        self.surface: Final = Surface(parent, theme, report)

    def key(self, keysym: str, char: str) -> Touch | None:
        """Say what a key of a real keyboard means here."""
        return Back() if keysym == "Escape" else None


class ChoiceScreen(_Page):
    """A few large things to choose from."""

    def __init__(self, parent: tk.Misc, theme: Theme, report: Callable[[Touch], None]) -> None:
        super().__init__(parent, theme, report)
        self._cards = Cards(self.surface)
        self._view: ChoiceView | None = None

    def resize(self, width: int, height: int) -> None:
        """Take the window's size."""
        self.surface.fit(width, height)
        if self._view is not None:
            self.show(self._view)

    def show(self, view: ChoiceView) -> None:
        """Show what can be chosen: a few side by side, or a list."""
        self._view = view
        surface, px = self.surface, self.surface.theme.px
        room, _ = draw_frame(surface, view.frame)
        few = view.choices if view.few else ()
        self._cards.show([] if view.few else [_card(choice) for choice in view.choices], room)
        surface.part("few", (few, room), lambda: self._draw_few(few, room, px))

    def _draw_few(self, choices: Sequence[Choice], room: Rect, px: Callable[[float], int]) -> None:
        if not choices:
            return
        upright = room.h > room.w
        room = room.center(min(room.w, px(_WIDEST)), room.h)
        if upright:
            places = room.center(room.w, len(choices) * px(_CHOICE + _GAP) - px(_GAP)).rows(len(choices), px(_GAP))
        else:
            places = room.center(room.w, min(room.h, px(_CHOICE + _PAD))).columns(len(choices), px(_GAP))
        for choice, place in zip(choices, places, strict=True):
            self._draw_choice(choice, place)

    def _draw_choice(self, choice: Choice, place: Rect) -> None:
        surface, px = self.surface, self.surface.theme.px
        item = surface.box(place, "raised", radius=px(16))
        surface.region(place, choice.touch, looks=(item,))
        words = (
            Paragraph(choice.label, "total", bold=True, lines=2),
            Paragraph(choice.detail, "body", color="muted", lines=4, gap=8),
        )
        inner = place.inset(px(_PAD))
        draw_left(surface, words, inner.center(inner.w, min(inner.h, stacked_height(surface, words, inner.w))))


class LinkScreen(_Page):
    """A QR for the owner's phone, the address under it, and what to do there."""

    def __init__(
        self, parent: tk.Misc, theme: Theme, report: Callable[[Touch], None], draw_qr: DrawQr
    ) -> None:
        super().__init__(parent, theme, report)
        self._draw_qr = draw_qr
        self._picture = QrPicture(self.surface)
        self._view: LinkView | None = None
        self._asked: tuple[str, int] = ("", 0)
        self._modules: Modules | None = None

    def resize(self, width: int, height: int) -> None:
        """Take the window's size."""
        self.surface.fit(width, height)
        self._modules = None
        self._asked = ("", 0)
        if self._view is not None:
            self.show(self._view)

    def show(self, view: LinkView) -> None:
        """Show an address, and ask for its QR."""
        self._view = view
        surface, px = self.surface, self.surface.theme.px
        room, _ = draw_frame(surface, view.frame)
        if room.h > room.w:
            card, rest = room.cut_top(min(room.w, room.h * 3 // 5), px(_GAP))
        else:
            card, rest = room.cut_left(min(room.h, room.w // 2), px(_PAD))
        side = min(card.w, card.h)
        card = card.center(side, side) if room.h > room.w else Rect(card.x, card.y, side, side)
        if self._asked != (view.address, side):
            self._asked, self._modules = (view.address, side), None
            self._draw_qr(view.address, side)
        surface.part("qr", (card, self._modules), lambda: self._draw_card(card))
        surface.part("steps", (view.steps, view.address, rest), lambda: self._draw_steps(view, rest))

    def qr_ready(self, text: str, side_px: int, modules: Modules) -> None:
        """Take a QR that was asked for; of another text or size it is not shown."""
        if (text, side_px) == self._asked and self._view is not None:
            self._modules = modules
            self.show(self._view)

    def _draw_card(self, card: Rect) -> None:
        self.surface.box(card, "white", radius=self.surface.theme.px(8))
        if self._modules is not None:
            self._picture.draw(self._modules, card)

    def _draw_steps(self, view: LinkView, rest: Rect) -> None:
        surface, px = self.surface, self.surface.theme.px
        address = tuple(
            Paragraph(line, "small", color="muted", lines=1) for line in _broken(surface, view.address, rest.w)
        )
        foot, rest = rest.cut_bottom(stacked_height(surface, address, rest.w), px(_GAP))
        draw_left(surface, address, foot, even=False)
        for number, step in enumerate(view.steps, 1):
            words = (Paragraph(step, "tile", lines=4),)
            high = max(px(_NUMBER), stacked_height(surface, words, rest.w - px(_NUMBER + 10)))
            row, rest = rest.cut_top(high, px(12))
            sign, place = row.cut_left(px(_NUMBER), px(10))
            disc = sign.cut_top(px(_NUMBER))[0]
            surface.box(disc, "raised", radius=px(_NUMBER) // 2)
            surface.text(disc, str(number), "body", bold=True, align="center")
            high = stacked_height(surface, words, place.w)
            draw_left(surface, words, place.center(place.w, high))


class StepsScreen(_Page):
    """What was looked at, line by line."""

    def __init__(self, parent: tk.Misc, theme: Theme, report: Callable[[Touch], None]) -> None:
        super().__init__(parent, theme, report)
        self._cards = Cards(self.surface)
        self._view: StepsView | None = None

    def resize(self, width: int, height: int) -> None:
        """Take the window's size."""
        self.surface.fit(width, height)
        if self._view is not None:
            self.show(self._view)

    def show(self, view: StepsView) -> None:
        """Show what was found so far, and what is going on."""
        self._view = view
        surface = self.surface
        room, _ = draw_frame(surface, view.frame)
        cards = [_found(step) for step in view.steps]
        if view.busy:
            cards.append(Card((Paragraph(view.busy, "body", color="muted"),)))
        self._cards.show(cards, room)


def first_screens(draw_qr: DrawQr) -> Makers:
    """List the screens of the first start; `draw_qr` is asked for the QR of a text, in a square of so many pixels."""
    return {
        ChoiceView: ChoiceScreen,
        TypingView: TypingScreen,
        LinkView: partial(LinkScreen, draw_qr=draw_qr),
        StepsView: StepsScreen,
    }


def _card(choice: Choice) -> Card:
    words = (
        Paragraph(choice.label, "tile", bold=True, lines=2),
        Paragraph(choice.detail, "small", color="muted", lines=2, gap=2),
    )
    return Card(words, touch=choice.touch)


def _found(step: Step) -> Card:
    words = (
        Paragraph(step.title, "small", bold=True, color="muted", lines=1),
        Paragraph(step.found, "body", lines=5, gap=1),
        Paragraph(step.do, "small", color="amber", lines=6, gap=3),
    )
    return Card(words, icon=step.icon, color=step.color)


def _broken(surface: Surface, text: str, width: int) -> list[str]:
    """Break an address, which has no spaces to break at, wherever its line is full."""
    lines = [""]
    for character in text:
        if surface.measure(lines[-1] + character, "small") > width:
            lines.append("")
        lines[-1] += character
    return lines
