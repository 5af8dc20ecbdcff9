"""The pointer of one surface: Tk's events go into the gesture machine, touches come out.

Rule: three bindings on the canvas and none on its items; what was pressed is shown before anything else happens.
"""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable
from typing import TYPE_CHECKING

from pos.core.touches import Touch
from pos.ui.gesture import SLOP_PX, Dragged, Event, Gesture, Held, Lifted, Pressed, Swiped, Tapped

if TYPE_CHECKING:
    from pos.ui.surface import Surface

_FRAME_MS = 16
_WHEEL_PX = 60


class Finger:
    """Feeds one surface's gestures and carries out what they mean."""

    def __init__(self, surface: Surface, report: Callable[[Touch], None], clock_ms: Callable[[], int]) -> None:
        self._surface = surface
        self._report = report
        self._clock_ms = clock_ms
        self._gesture = Gesture(surface.regions.hit)
        self._pressed: tuple[int, ...] = ()
        self._timer = ""
        surface.bind("<ButtonPress-1>", lambda event: self._feed(self._gesture.press, event))
        surface.bind("<B1-Motion>", lambda event: self._feed(self._gesture.move, event))
        surface.bind("<ButtonRelease-1>", lambda event: self._feed(self._gesture.release, event))
        surface.bind("<Button-4>", lambda event: self._wheel(event, -1))
        surface.bind("<Button-5>", lambda event: self._wheel(event, +1))
        surface.bind("<Destroy>", lambda _: self._disarm())

    def lock(self, for_ms: int) -> None:
        """Ignore the finger for a while: the screen under it has changed."""
        self._gesture.lock(self._clock_ms() + for_ms)

    def tap(self, touch: Touch) -> None:
        """Report a tap that no finger made, under the same lock."""
        if not self._gesture.locked(self._clock_ms()):
            self._report(touch)

    def forget(self) -> None:
        """Let go of what is pressed: it is no longer there."""
        self._pressed = ()
        self._gesture.slop_px = self._surface.theme.px(SLOP_PX)

    def _feed(self, step: Callable[[int, int, int], list[Event]], event: tk.Event[tk.Misc]) -> None:
        self._obey(step(event.x, event.y, self._clock_ms()))
        self._arm()

    def _wheel(self, event: tk.Event[tk.Misc], direction: int) -> None:
        spot = self._surface.regions.hit(event.x, event.y)
        if spot.axis:
            self._surface.scroll(spot.area, direction * self._surface.theme.px(_WHEEL_PX))

    def _obey(self, events: list[Event]) -> None:
        for event in events:
            match event:
                case Pressed(spot):
                    self._look(spot.looks)
                case Lifted():
                    self._look(())
                case Dragged(area, dx, dy):
                    if not self._surface.scroll(area, -(dx + dy)):
                        self._gesture.stop()
                case Tapped(spot):
                    self._say(spot.tap)
                case Held(spot):
                    self._say(spot.hold)
                case Swiped(spot):
                    self._say(spot.swipe)

    def _look(self, items: tuple[int, ...]) -> None:
        for item in self._pressed:
            self._surface.press(item, down=False)
        for item in items:
            self._surface.press(item, down=True)
        self._pressed = items

    def _say(self, touch: Touch | None) -> None:
        if touch is not None:
            self._report(touch)

    def _arm(self) -> None:
        """Keep time for a long press or a coasting list, and only then."""
        if not self._timer and self._gesture.waiting:
            self._timer = self._surface.after(_FRAME_MS, self._tick)

    def _tick(self) -> None:
        self._timer = ""
        try:
            self._obey(self._gesture.tick(self._clock_ms()))
        finally:
            self._arm()

    def _disarm(self) -> None:
        if self._timer:
            self._surface.after_cancel(self._timer)
            self._timer = ""
