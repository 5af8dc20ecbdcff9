"""What a finger on the glass means: press, tap, hold, swipe or drag.

Rule: no Tk and no clock; it is fed points with their time in milliseconds and answers with events. A tap counts where
finger and target meet at the end, not at the beginning: toolkits that decide on the press fire when it slides off.
"""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from math import exp, hypot

from pos.core.touches import Touch

BOUNCE_MS = 120
"""A worn panel lifts and lands again within this time; people do not."""

HOLD_MS = 600

LOCK_MS = 250
"""After what is under a finger has changed it still means what was there: a double tap on pay must not press what comes
next."""

SLOP_PX = 14
"""A resting finger rolls this far, in pixels at 800x480: 2.5 mm. Every tap on a touch screen carries motion."""

_SWIPE_SLOPS = 4
_FLICK_WINDOW_MS = 100
_FLICK_PX_PER_MS = 0.25
_COAST_MS = 325
"""Time in which a flicked list loses two thirds of its speed."""


@dataclass(frozen=True, slots=True)
class Spot:
    """What lies under a point; all touches are None on bare ground, `area` is '' where nothing scrolls.

    `axis` is the direction in which the area scrolls, '' when all of it is in sight. `looks` are the canvas items that
    change under the finger.
    """

    tap: Touch | None = None
    hold: Touch | None = None
    swipe: Touch | None = None
    area: str = ""
    axis: str = ""
    looks: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Pressed:
    """A finger is on the spot: show it."""

    spot: Spot


@dataclass(frozen=True, slots=True)
class Lifted:
    """The finger is no longer on the spot, whatever it did."""

    spot: Spot


@dataclass(frozen=True, slots=True)
class Tapped:
    """Pressed and released on the same spot."""

    spot: Spot


@dataclass(frozen=True, slots=True)
class Held:
    """Rested on the spot for HOLD_MS."""

    spot: Spot


@dataclass(frozen=True, slots=True)
class Swiped:
    """Pushed to the left."""

    spot: Spot


@dataclass(frozen=True, slots=True)
class Dragged:
    """An area's content follows the finger, or coasts after a flick."""

    area: str
    dx: int
    dy: int


Event = Pressed | Lifted | Tapped | Held | Swiped | Dragged


class Gesture:
    """One finger; a second one is ignored while the first is down."""

    def __init__(self, hit: Callable[[int, int], Spot], slop_px: int = SLOP_PX) -> None:
        self.slop_px = slop_px
        self._hit = hit
        self._mode = ""  # '', 'press', 'drag', 'swipe', or 'spent' until the finger lifts
        self._spot = Spot()
        self._inside = False
        self._wandered = False
        self._start = (0, 0, 0)
        self._trail: deque[tuple[int, int, int]] = deque(maxlen=16)
        self._last_tap: tuple[Touch | None, int] = (None, -BOUNCE_MS)
        self._locked_until_ms = 0
        self._coast: tuple[str, float, float, int] | None = None

    @property
    def waiting(self) -> bool:
        """Whether time alone can bring the next event: then `tick` has to be called."""
        return self._coast is not None or (self._mode == "press" and self._spot.hold is not None)

    def lock(self, until_ms: int) -> None:
        """Ignore the finger until then, also one that is down: it meant the screen before."""
        self._locked_until_ms = until_ms
        self._coast = None
        if self._mode:
            self._mode = "spent"

    def locked(self, t_ms: int) -> bool:
        """Tell whether the finger is ignored."""
        return t_ms < self._locked_until_ms

    def stop(self) -> None:
        """End a coast: the area has come to its end."""
        self._coast = None

    def press(self, x: int, y: int, t_ms: int) -> list[Event]:
        """A finger lands."""
        if self._mode:
            return []
        coasting, self._coast = self._coast is not None, None
        spot = self._hit(x, y)
        touch, tapped_ms = self._last_tap
        bounced = touch is not None and touch == spot.tap and t_ms - tapped_ms < BOUNCE_MS
        if self.locked(t_ms) or bounced:
            self._mode = "spent"
            return []
        self._spot, self._start = spot, (x, y, t_ms)
        self._trail.clear()
        self._trail.append((x, y, t_ms))
        self._wandered = False
        # Landing on a list that coasts stops it and means nothing else.
        self._mode = "drag" if coasting and spot.axis else "press"
        self._inside = self._mode == "press" and spot.tap is not None
        return [Pressed(spot)] if self._inside else []

    def move(self, x: int, y: int, t_ms: int) -> list[Event]:
        """The finger moves."""
        if self._mode == "drag":
            return self._drag(x, y, t_ms)
        if self._mode != "press":
            return []
        dx, dy = x - self._start[0], y - self._start[1]
        if hypot(dx, dy) > self.slop_px:
            self._wandered = True
            along = "x" if abs(dx) > abs(dy) else "y"
            if self._spot.axis == along:
                self._mode = "drag"
                return self._leave() + self._drag(x, y, t_ms)
            if along == "x" and self._spot.swipe is not None:
                self._mode = "swipe"
                return self._leave()
        return self._follow(x, y)

    def release(self, x: int, y: int, t_ms: int) -> list[Event]:
        """The finger lifts."""
        mode, self._mode = self._mode, ""
        if mode == "drag":
            self._flick(t_ms)
        if mode == "swipe" and self._start[0] - x > self.slop_px * _SWIPE_SLOPS:
            return [Swiped(self._spot)]
        if mode != "press":
            return []
        events = self._follow(x, y)
        if not self._inside:
            return events
        self._last_tap = (self._spot.tap, t_ms)
        return [*events, *self._leave(), Tapped(self._spot)]

    def tick(self, t_ms: int) -> list[Event]:
        """Time passes."""
        if self._mode == "press" and self._spot.hold is not None and not self._wandered:
            if t_ms - self._start[2] < HOLD_MS:
                return []
            self._mode = "spent"
            return [*self._leave(), Held(self._spot)]
        return self._coasted(t_ms)

    def _follow(self, x: int, y: int) -> list[Event]:
        """Show whether lifting here would count."""
        inside = self._spot.tap is not None and self._hit(x, y).tap == self._spot.tap
        if inside == self._inside:
            return []
        self._inside = inside
        return [Pressed(self._spot) if inside else Lifted(self._spot)]

    def _leave(self) -> list[Event]:
        was, self._inside = self._inside, False
        return [Lifted(self._spot)] if was else []

    def _drag(self, x: int, y: int, t_ms: int) -> list[Event]:
        last_x, last_y, _ = self._trail[-1]
        self._trail.append((x, y, t_ms))
        return self._dragged(self._spot.area, x - last_x, y - last_y)

    def _dragged(self, area: str, dx: int, dy: int) -> list[Event]:
        dx, dy = (dx, 0) if self._spot.axis == "x" else (0, dy)
        return [Dragged(area, dx, dy)] if dx or dy else []

    def _flick(self, t_ms: int) -> None:
        recent = [point for point in self._trail if t_ms - point[2] <= _FLICK_WINDOW_MS]
        if len(recent) < 2:
            return
        (x0, y0, t0), (x1, y1, t1) = recent[0], recent[-1]
        span_ms = max(1, t1 - t0)
        vx, vy = (x1 - x0) / span_ms, (y1 - y0) / span_ms
        if max(abs(vx), abs(vy)) > _FLICK_PX_PER_MS:
            self._coast = (self._spot.area, vx, vy, t_ms)

    def _coasted(self, t_ms: int) -> list[Event]:
        if self._coast is None:
            return []
        area, vx, vy, since_ms = self._coast
        passed_ms = t_ms - since_ms
        left = exp(-passed_ms / _COAST_MS)
        dx, dy = round(vx * passed_ms), round(vy * passed_ms)
        self._coast = (area, vx * left, vy * left, t_ms)
        if max(abs(vx), abs(vy)) * left < 0.02:
            self._coast = None
        return self._dragged(area, dx, dy)
