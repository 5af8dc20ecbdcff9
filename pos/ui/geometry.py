"""Rectangles on the screen and how they are cut up.

Rule: whole pixels, no Tk; what is cut from a rectangle never reaches outside it.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise


@dataclass(frozen=True, slots=True)
class Rect:
    """A rectangle in pixels, from its top left corner."""

    x: int
    y: int
    w: int
    h: int

    @property
    def right(self) -> int:
        """The first column that is no longer inside."""
        return self.x + self.w

    @property
    def bottom(self) -> int:
        """The first row that is no longer inside."""
        return self.y + self.h

    @property
    def center_x(self) -> int:
        """The middle column."""
        return self.x + self.w // 2

    @property
    def center_y(self) -> int:
        """The middle row."""
        return self.y + self.h // 2

    def contains(self, x: int, y: int) -> bool:
        """Tell whether a point is inside."""
        return self.x <= x < self.right and self.y <= y < self.bottom

    def overlaps(self, other: Rect) -> bool:
        """Tell whether the two share a pixel."""
        across = min(self.right, other.right) - max(self.x, other.x)
        down = min(self.bottom, other.bottom) - max(self.y, other.y)
        return across > 0 and down > 0

    def inset(self, dx: int, dy: int | None = None) -> Rect:
        """Leave a margin on each side; a negative one grows the rectangle."""
        dy = dx if dy is None else dy
        return Rect(self.x + dx, self.y + dy, max(0, self.w - 2 * dx), max(0, self.h - 2 * dy))

    def moved(self, dx: int, dy: int) -> Rect:
        """Move it."""
        return Rect(self.x + dx, self.y + dy, self.w, self.h)

    def center(self, w: int, h: int) -> Rect:
        """Put a rectangle of this size in the middle."""
        return Rect(self.x + (self.w - w) // 2, self.y + (self.h - h) // 2, w, h)

    def cut_left(self, w: int, gap: int = 0) -> tuple[Rect, Rect]:
        """Cut a column off the left; returns it and what is left after the gap."""
        w = min(w, self.w)
        return Rect(self.x, self.y, w, self.h), Rect(self.x + w + gap, self.y, max(0, self.w - w - gap), self.h)

    def cut_right(self, w: int, gap: int = 0) -> tuple[Rect, Rect]:
        """Cut a column off the right; returns it and what is left before the gap."""
        w = min(w, self.w)
        return Rect(self.right - w, self.y, w, self.h), Rect(self.x, self.y, max(0, self.w - w - gap), self.h)

    def cut_top(self, h: int, gap: int = 0) -> tuple[Rect, Rect]:
        """Cut a row off the top; returns it and what is left below the gap."""
        h = min(h, self.h)
        return Rect(self.x, self.y, self.w, h), Rect(self.x, self.y + h + gap, self.w, max(0, self.h - h - gap))

    def cut_bottom(self, h: int, gap: int = 0) -> tuple[Rect, Rect]:
        """Cut a row off the bottom; returns it and what is left above the gap."""
        h = min(h, self.h)
        return Rect(self.x, self.bottom - h, self.w, h), Rect(self.x, self.y, self.w, max(0, self.h - h - gap))

    def columns(self, count: int, gap: int) -> list[Rect]:
        """Split into columns as equal as whole pixels allow."""
        edges = [self.x + i * (self.w + gap) // count for i in range(count + 1)]
        return [Rect(left, self.y, right - gap - left, self.h) for left, right in pairwise(edges)]

    def rows(self, count: int, gap: int) -> list[Rect]:
        """Split into rows as equal as whole pixels allow."""
        edges = [self.y + i * (self.h + gap) // count for i in range(count + 1)]
        return [Rect(self.x, top, self.w, bottom - gap - top) for top, bottom in pairwise(edges)]
