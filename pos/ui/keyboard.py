"""A keyboard, for whoever has one: Tab and arrows move a ring, Enter and Space tap, Escape closes, figures type.

Rule: a key does what a finger could do and nothing else; no key leaves the till.
"""

import tkinter as tk
from typing import Final, assert_never

from pos.core import touches as t
from pos.ui.geometry import Rect
from pos.ui.regions import Layer, Region
from pos.ui.screen import Screen, TakesKeys
from pos.ui.surface import Surface
from pos.ui.view import (
    KeypadView,
    MenuView,
    NoticesView,
    PaidView,
    PayView,
    PinView,
    ServiceView,
    TroubleView,
    View,
)

_REPEAT_MS = 120
"""Keys that follow each other faster are one that is held down; figures are typed faster, and are seen as they come."""

_STEPS: Final = {"Tab": 1, "ISO_Left_Tab": -1, "Right": 1, "Left": -1}
_LEAPS: Final = {"Down": 1, "Up": -1}
_TAPS: Final = ("Return", "KP_Enter", "space")


class Keyboard:
    """The ring of the surface that is up."""

    def __init__(self) -> None:
        self._last: tuple[str, int] = ("", 0)
        self._at: t.Touch | None = None

    def leave(self, surface: Surface) -> None:
        """Take the ring off: a finger is used, or another screen comes."""
        self._at = None
        surface.drop("ring")

    def press(self, event: "tk.Event[tk.Misc]", screen: Screen, view: object) -> None:
        """Do what a key means on this screen."""
        key, surface = event.keysym, screen.surface
        last, self._last = self._last, (key, event.time)
        if key in _STEPS:
            self._move(surface, _STEPS[key])
        elif key in _LEAPS:
            self._leap(surface, _LEAPS[key])
        elif isinstance(screen, TakesKeys) and not (key in _TAPS and self._at is not None):
            # A scanner types faster than any finger, and the same letter twice.
            if (meant := screen.key(key, event.char)) is not None:
                surface.finger.tap(meant)
        elif last[0] == key and event.time - last[1] < _REPEAT_MS and not event.char.isdigit():
            return
        elif key in _TAPS and self._at is not None:
            surface.finger.tap(self._at)
        elif isinstance(view, View) and (touch := _meaning(key, event.char, view)) is not None:
            surface.finger.tap(touch)

    def _move(self, surface: Surface, by: int) -> None:
        regions = [region for region in surface.regions if region.tap is not None and region.rect.h and region.rect.w]
        if not regions:
            return
        taps = [region.tap for region in regions]
        i = taps.index(self._at) + by if self._at in taps else (0 if by > 0 else -1)
        self._ring(surface, regions[i % len(regions)])

    def _leap(self, surface: Surface, direction: int) -> None:
        """Go to the nearest target above or below."""
        here = next((region.rect for region in surface.regions if region.tap == self._at), None)
        if self._at is None or here is None:
            self._move(surface, 1)
            return
        beyond = [
            region
            for region in surface.regions
            if region.tap is not None and (region.rect.center_y - here.center_y) * direction > here.h // 2
        ]
        if beyond:
            self._ring(surface, min(beyond, key=lambda region: _distance(here, region.rect)))

    def _ring(self, surface: Surface, region: Region) -> None:
        self._at = region.tap
        surface.part("ring", region.rect, lambda: _draw_ring(surface, region.rect), layer=Layer.SHEET)


def _draw_ring(surface: Surface, rect: Rect) -> None:
    width = surface.theme.px(3)
    inner = rect.inset(width // 2)
    color = surface.theme.color("amber")
    surface.create_rectangle(
        inner.x, inner.y, inner.right, inner.bottom, outline=color, width=width, tags=surface.pen
    )


def _distance(one: Rect, other: Rect) -> int:
    return abs(one.center_y - other.center_y) + 2 * abs(one.center_x - other.center_x)


def _meaning(key: str, char: str, view: View) -> t.Touch | None:
    """Say what a key other than the ring's does on a screen."""
    if key == "Escape":
        return _closing(view)
    if not isinstance(view, KeypadView | PinView):
        return None
    if key in ("Return", "KP_Enter"):
        return view.enter.touch if view.enter.enabled else None
    label = "⌫" if key == "BackSpace" else char
    return next((each.touch for each in view.keys if each and each.label == label and each.enabled), None)


def _closing(view: View) -> t.Touch | None:
    """Find what closes or goes back; None where only a button that says so may."""
    match view:
        case MenuView():
            return view.sheet.close if view.sheet else None
        case PayView():
            back = any(button.touch == t.Back() and button.enabled for button in view.buttons)
            return view.sheet.close if view.sheet else t.Back() if back else None
        case KeypadView() | NoticesView() | ServiceView() | PinView():
            return view.close.touch
        case PaidView() | TroubleView():
            return None
        case _:
            assert_never(view)
