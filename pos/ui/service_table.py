"""The card of the status screen with the times that customers have waited.

Rule: figures stand under each other, right-aligned; nothing is shortened.
"""

from pos.ui.geometry import Rect
from pos.ui.paragraph import Paragraph, draw_left, height
from pos.ui.surface import Surface
from pos.ui.view import Measure, Row, ServiceView

_PAD = 14
_GAP = 10
_HEADING = 28
_COLUMNS = 22
_TITLE = 30
_LINE = 26
_COUNT = 26
_LABEL_SHARE = 0.16


class ServiceTable:
    """The table on one surface."""

    def __init__(self, surface: Surface) -> None:
        self._surface = surface

    def height(self, view: ServiceView, width: int) -> int:
        """Return the pixels that the card needs at a width."""
        px = self._surface.theme.px
        lines = sum(px(_TITLE) + len(one.rows) * px(_LINE) for one in view.measures)
        note = height(self._surface, _note(view), width - 2 * px(_PAD))
        counts = len(view.counts) * px(_COUNT)
        return 2 * px(_PAD) + px(_HEADING) + px(_COLUMNS) + lines + px(_GAP) + counts + px(_GAP) + note

    def draw(self, view: ServiceView, card: Rect) -> None:
        """Draw the card."""
        surface, px = self._surface, self._surface.theme.px
        surface.box(card, "surface")
        column = card.inset(px(_PAD))
        heading, column = column.cut_top(px(_HEADING))
        surface.text(heading, view.heading, "body", bold=True, steps=2)
        names, column = column.cut_top(px(_COLUMNS))
        self._draw_line(("", *view.columns), names, color="muted")
        for measure in view.measures:
            place, column = column.cut_top(px(_TITLE) + len(measure.rows) * px(_LINE))
            self._draw_measure(measure, place)
        note_h = height(surface, _note(view), column.w)
        note, column = column.cut_bottom(note_h, px(_GAP))
        draw_left(surface, (_note(view),), note)
        counts, _ = column.cut_bottom(len(view.counts) * px(_COUNT))
        surface.fill(Rect(counts.x, counts.y - px(_GAP) // 2, counts.w, px(1)), "line")
        for row, place in zip(view.counts, counts.rows(len(view.counts), 0), strict=True):
            self._draw_count(row, place)

    def _draw_measure(self, measure: Measure, place: Rect) -> None:
        px = self._surface.theme.px
        title, rows = place.cut_top(px(_TITLE))
        self._surface.text(title, measure.title, "small", bold=True, valign="bottom", steps=1)
        for line, row in zip(measure.rows, rows.rows(len(measure.rows), 0), strict=True):
            self._draw_line(line, row, color="text")

    def _draw_line(self, cells: tuple[str, ...], place: Rect, *, color: str) -> None:
        surface, gap = self._surface, self._surface.theme.px(6)
        label, figures = place.cut_left(round(place.w * _LABEL_SHARE), gap)
        surface.text(label, cells[0], "small", color="muted", steps=2)
        for words, cell in zip(cells[1:], figures.columns(len(cells) - 1, gap), strict=True):
            surface.text(cell, words, "small", color=color, align="right", steps=2)

    def _draw_count(self, row: Row, place: Rect) -> None:
        surface, px = self._surface, self._surface.theme.px
        figure, label = place.cut_right(min(surface.measure(row.figure, "small"), place.w * 3 // 4), px(8))
        surface.text(figure, row.figure, "small", align="right", steps=2)
        surface.text(label, row.label, "small", color="muted", steps=2)


def _note(view: ServiceView) -> Paragraph:
    return Paragraph(view.note, "small", color="muted", lines=5)
