"""The payment screen: the QR, and beside it what it is for and how it stands.

Rule: a QR is on the screen only while the view asks for exactly this one; until its modules are there the card stays
empty. The countdown redraws its figure and its bar, never the QR.
"""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Final

from pos.core.touches import Touch
from pos.ui import pay_places
from pos.ui.busy_mark import BusySurface
from pos.ui.geometry import Rect
from pos.ui.paragraph import Paragraph, draw_stacked, stacked_height
from pos.ui.pay_places import Needs, Places
from pos.ui.qr_picture import QrPicture
from pos.ui.regions import Layer
from pos.ui.sheet import SheetPanel
from pos.ui.status import draw_dot
from pos.ui.theme import TARGET, Theme
from pos.ui.view import Button, Light, PayView, Row

if TYPE_CHECKING:
    # The encoder runs off Tk's thread; importing it here would delay the first frame for a type's name.
    from pos.qr import Modules

DrawQr = Callable[[str, int], None]
"""Asks for the modules of a text in a square of so many pixels; the answer comes to `qr_ready`."""

_FIGURE_SHARE = 0.6
"""How much of a row a figure may take before all figures are drawn a size smaller."""

_MOST_SHARE = 0.72
"""How much a figure may take before it shrinks."""


class PayScreen:
    """One payment at a time, in whatever state it is."""

    def __init__(
        self, parent: tk.Misc, theme: Theme, report: Callable[[Touch], None], draw_qr: DrawQr
    ) -> None:
        self.surface: Final = BusySurface(parent, theme, report)
        self._draw_qr = draw_qr
        self._picture = QrPicture(self.surface)
        self._sheet = SheetPanel(self.surface)
        self._view: PayView | None = None
        self._asked: tuple[str, int] | None = None
        self._modules: Modules | None = None

    def show(self, view: PayView) -> None:
        """Show a payment; only what differs from what is shown is drawn."""
        self._view = view
        if not self.surface.whole.w:
            return
        places = self._place(view)
        self._show_card(view, places)
        self._show_top(view, places)
        self._show_money(view, places)
        self._show_progress(view, places)
        self._show_buttons(view, places)
        self._sheet.show(view.sheet, places.aside)

    def resize(self, width: int, height: int) -> None:
        """Take the window's size and draw everything again."""
        self.surface.hide_busy()
        self.surface.fit(width, height)
        if self._view is not None:
            self.show(self._view)

    def qr_ready(self, text: str, side_px: int, modules: Modules) -> None:
        """Take the modules that were asked for; those of another text or size came too late and are let go."""
        if self._asked != (text, side_px):
            return
        self._modules = modules
        if self._view is not None:
            self.show(self._view)

    def _place(self, view: PayView) -> Places:
        surface, px = self.surface, self.surface.theme.px
        demo_w = surface.measure(view.demo.label, "small", bold=True) + px(20) if view.demo else 0
        language_w = surface.measure(view.language.label, "body", bold=True) + px(44)
        needs = Needs(
            rows=len(view.rows),
            bar=view.left_permille >= 0,
            buttons=len(view.buttons),
            demo_w=max(px(TARGET), demo_w) if view.demo else 0,
            language_w=max(px(96), language_w),
        )
        return pay_places.place(surface.whole, surface.theme, needs)

    def _show_card(self, view: PayView, places: Places) -> None:
        surface, card = self.surface, places.card
        color = "white" if view.qr else "raised"
        surface.part("card", (card, color), lambda: surface.fill(card, color), layer=Layer.GROUND)
        modules = self._ask(view.qr, min(card.w, card.h)) if view.qr else None
        if modules is None:
            surface.drop("qr")
        else:
            surface.part("qr", (view.qr, card), lambda: self._picture.draw(modules, card))
        if view.qr:
            surface.drop("instead")
        else:
            words = (card, view.instead, view.instruction, view.busy, view.state.color)
            surface.part("instead", words, lambda: self._instead(view, card))
        if view.qr and modules is None:
            surface.show_busy(card, behind="white")
        elif view.busy and not view.qr:
            surface.show_busy(card.cut_bottom(card.h // 3)[0], behind="raised")
        else:
            surface.hide_busy()

    def _ask(self, text: str, side_px: int) -> Modules | None:
        """Return the modules of a text; None if they have to be waited for."""
        if self._asked != (text, side_px):
            self._asked, self._modules = (text, side_px), None
            self._draw_qr(text, side_px)
        return self._modules

    def _instead(self, view: PayView, card: Rect) -> None:
        """Say in large words why there is no QR."""
        surface, px = self.surface, self.surface.theme.px
        words = (
            Paragraph(view.instead, "title", bold=True),
            Paragraph(view.instruction, "tile", color="muted", gap=10),
        )
        column = card.inset(px(36))
        mark_h = 0 if view.busy else px(84)
        column = column.center(column.w, mark_h + stacked_height(surface, words, column.w))
        if mark_h:
            mark, column = column.cut_top(px(68), px(16))
            surface.icon("warning", mark, view.state.color, behind="raised")
        draw_stacked(surface, words, column)

    def _show_top(self, view: PayView, places: Places) -> None:
        surface, demo = self.surface, view.demo
        if demo is None:
            surface.drop("demo")
        else:
            surface.part("demo", (demo, places.demo), lambda: self._ribbon(demo, places.demo))
        pill = places.language
        surface.part(
            "language", (view.language, pill), lambda: surface.button(pill, view.language, radius=pill.h // 2)
        )
        instruction = view.instruction if view.qr else ""
        surface.part(
            "instruction",
            (instruction, places.instruction),
            lambda: surface.text(places.instruction, instruction, "body", color="muted", lines=2, even=True),
        )

    def _ribbon(self, button: Button, rect: Rect) -> None:
        """Draw the sign that no real money moves; under a finger it reaches further than it looks."""
        surface, px = self.surface, self.surface.theme.px
        ribbon = rect.center(rect.w, px(26))
        item = surface.box(ribbon, "ribbon", radius=px(6))
        surface.text(
            ribbon.inset(px(6), 0), button.label, "small", bold=True, color="ink", align="center", steps=2
        )
        surface.region(rect, button.touch, looks=(item,))

    def _show_money(self, view: PayView, places: Places) -> None:
        surface = self.surface
        surface.part(
            "amount",
            (view.amount, places.amount),
            lambda: surface.text(places.amount, view.amount, "amount", bold=True, steps=5),
        )
        surface.part("sats", (view.sats, places.sats), lambda: self._sats(view.sats, places.sats))
        beside = places.rate.y == places.sats.y
        surface.part(
            "rate",
            (view.rate, places.rate),
            lambda: surface.text(
                places.rate, view.rate, "small", color="muted", align="right" if beside else "left", steps=2
            ),
        )
        surface.part("rule", places.rule, lambda: surface.fill(places.rule, "line"))

    def _sats(self, words: str, rect: Rect) -> None:
        if not words:
            return
        surface, px = self.surface, self.surface.theme.px
        bolt, rest = rect.cut_left(px(18), px(8))
        surface.icon("bolt", bolt.center(px(22), px(22)), "orange")
        surface.text(rest, words, "lead", steps=3)

    def _show_progress(self, view: PayView, places: Places) -> None:
        surface = self.surface
        wide = max((surface.measure(row.figure, "total", bold=True) for row in view.rows), default=0)
        fits = 0 < len(view.rows) <= 3 and wide <= places.rows[0].w * _FIGURE_SHARE
        size = "total" if fits else "lead"
        for index, (row, rect) in enumerate(zip(view.rows, places.rows, strict=True)):
            surface.part(f"row{index}", (row, rect, size), partial(self._row, row, rect, size))
        surface.drop_all("row", keep=frozenset(f"row{index}" for index in range(len(view.rows))))
        if view.left_permille < 0:
            surface.drop("bar")
        else:
            done = max(places.bar.h, places.bar.w * view.left_permille // 1000)
            surface.part("bar", (places.bar, done), lambda: self._bar(places.bar, done))
        surface.part("state", (view.state, places.state), lambda: self._state(view.state, places.state))

    def _row(self, row: Row, rect: Rect, size: str) -> None:
        surface = self.surface
        right, _ = rect.cut_right(round(rect.w * _MOST_SHARE))
        taken = surface.text(
            right, row.figure, size, bold=True, color=row.color or "text", align="right", steps=4
        )
        _, left = rect.cut_right(taken, surface.theme.px(8))
        surface.text(left, row.label, "body", color="muted", steps=2)

    def _bar(self, bar: Rect, done: int) -> None:
        """Draw what is left of the time; made from a few pictures that serve every length."""
        surface, end = self.surface, bar.h
        surface.box(bar, "raised", radius=end // 2)
        surface.box(Rect(bar.x, bar.y, end, end), "orange", radius=end // 2)
        surface.box(Rect(bar.x + done - end, bar.y, end, end), "orange", radius=end // 2, behind="raised")
        surface.fill(Rect(bar.x + end // 2, bar.y, done - end, end), "orange")

    def _state(self, state: Light, rect: Rect) -> None:
        surface, px = self.surface, self.surface.theme.px
        dot, rest = rect.cut_left(px(10), px(10))
        draw_dot(surface, dot, state.color, behind="background")
        surface.text(rest, state.word, "body", color="muted", lines=2, even=True)

    def _show_buttons(self, view: PayView, places: Places) -> None:
        surface = self.surface
        # The first place is the most prominent one where there are three.
        ordered = view.buttons
        if len(ordered) > 2:
            ordered = tuple(sorted(ordered, key=lambda button: button.role != "primary"))
        for index, (button, rect) in enumerate(zip(ordered, places.buttons, strict=True)):
            surface.part(f"button{index}", (button, rect), partial(surface.button, rect, button))
        surface.drop_all("button", keep=frozenset(f"button{index}" for index in range(len(ordered))))
