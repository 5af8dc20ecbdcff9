"""What can be touched on a surface, and where.

Rule: no Tk. The newest region wins; while a sheet is up nothing under it can be touched; what has scrolled out of its
area cannot be touched either.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from enum import IntEnum
from typing import Final

from pos.core.touches import Touch
from pos.ui.geometry import Rect
from pos.ui.gesture import Spot


class Layer(IntEnum):
    """What covers what: panels, what scrolls on them, bands across that, what frames it all, a sheet over all."""

    GROUND = 0
    CONTENT = 1
    BAND = 2
    CHROME = 3
    SHEET = 4


@dataclass(frozen=True, slots=True)
class Region:
    """A rectangle that can be touched; `rect` is where it would be if its area had not scrolled.

    `looks` are the canvas items that change under a finger.
    """

    rect: Rect
    tap: Touch | None
    hold: Touch | None = None
    swipe: Touch | None = None
    looks: tuple[int, ...] = ()
    layer: Layer = Layer.CHROME
    area: str = ""
    part: str = ""


@dataclass(slots=True)
class Area:
    """A window on content that may be longer; `offset` is how much of it has scrolled away."""

    rect: Rect
    axis: str
    extent: int
    draw: Callable[[], None]
    offset: int = 0

    @property
    def furthest(self) -> int:
        """The largest offset; 0 when all of it is in sight."""
        return max(0, self.extent - (self.rect.w if self.axis == "x" else self.rect.h))

    @property
    def shift(self) -> tuple[int, int]:
        """How far the content has moved on the screen."""
        return self.along(-self.offset)

    def along(self, distance: int) -> tuple[int, int]:
        """Turn a distance along the area's axis into x and y."""
        return (distance, 0) if self.axis == "x" else (0, distance)


class Regions:
    """The regions of one surface and the areas that scroll."""

    def __init__(self) -> None:
        self.areas: Final[dict[str, Area]] = {}
        self._by_part: Final[dict[str, list[Region]]] = {}

    def __iter__(self) -> Iterator[Region]:
        """Go through what can be touched now, where it is on the screen, in the order in which it was drawn."""
        every = [region for regions in self._by_part.values() for region in regions]
        top = self._top()
        return (self._placed(region) for region in every if (region.layer == Layer.SHEET) == (top == Layer.SHEET))

    def add(self, region: Region) -> None:
        """Take a region in."""
        self._by_part.setdefault(region.part, []).append(region)

    def drop(self, part: str) -> None:
        """Forget the regions of a part."""
        self._by_part.pop(part, None)

    def clear(self) -> None:
        """Forget everything."""
        self._by_part.clear()
        self.areas.clear()

    def hit(self, x: int, y: int) -> Spot:
        """Find what lies under a point."""
        found = self.at(x, y)
        covered = self._top() == Layer.SHEET
        name = "" if covered else next((name for name, area in self.areas.items() if area.rect.contains(x, y)), "")
        axis = self.areas[name].axis if name and self.areas[name].furthest else ""
        if found is None:
            return Spot(area=name, axis=axis)
        return Spot(found.tap, found.hold, found.swipe, name, axis, found.looks)

    def at(self, x: int, y: int) -> Region | None:
        """Find the topmost region under a point."""
        under = [region for region in self if region.rect.contains(x, y)]
        return max(reversed(under), key=lambda region: region.layer, default=None)

    def _top(self) -> Layer:
        layers = (region.layer for regions in self._by_part.values() for region in regions)
        return max(layers, default=Layer.GROUND)

    def _placed(self, region: Region) -> Region:
        """Move a region with its area; the part outside the area is cut off."""
        if not region.area:
            return region
        area = self.areas[region.area]
        rect = region.rect.moved(*area.shift)
        x, y = max(rect.x, area.rect.x), max(rect.y, area.rect.y)
        right, bottom = min(rect.right, area.rect.right), min(rect.bottom, area.rect.bottom)
        return replace(region, rect=Rect(x, y, max(0, right - x), max(0, bottom - y)))
