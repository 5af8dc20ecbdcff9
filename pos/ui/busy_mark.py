"""Three dots that take turns: something is being waited for.

Rule: they move with the window's beat, which reaches only the screen that is up; they have no timer of their own.
"""

from pos.ui.geometry import Rect
from pos.ui.surface import Surface

_PART = "busy"
_DOTS = 3


class BusySurface(Surface):
    """A surface that can show the mark."""

    _place: tuple[Rect, str] | None = None
    _phase = 0

    def show_busy(self, rect: Rect, *, behind: str) -> None:
        """Show the mark in the middle of a rectangle of this colour."""
        self._place = (rect, behind)
        self.part(_PART, (rect, behind, self._phase), lambda: self._draw_dots(rect, behind))

    def hide_busy(self) -> None:
        """Take the mark off."""
        self._place = None
        self.drop(_PART)

    def beat(self) -> None:
        """Let what pulses pulse, and the next dot have its turn."""
        super().beat()
        if self._place is not None:
            self._phase = (self._phase + 1) % _DOTS
            rect, behind = self._place
            self.show_busy(rect, behind=behind)

    def _draw_dots(self, rect: Rect, behind: str) -> None:
        side = self.theme.px(14)
        row = rect.center(side * (2 * _DOTS - 1), side)
        for index, dot in enumerate(row.columns(_DOTS, side)):
            self.box(dot, "orange" if index == self._phase else "grey", radius=side // 2, behind=behind)
