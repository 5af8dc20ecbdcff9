"""Words under each other in the middle of a column: how high they are and where each of them goes.

Rule: measured before it is drawn, so that a heading and its text stand together however many lines they take.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from pos.ui import typeset
from pos.ui.drawing import Drawing
from pos.ui.geometry import Rect


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Words of one size, at most so many lines, and the gap above them at 800x480."""

    words: str
    size: str
    bold: bool = False
    color: str = "text"
    lines: int = 4
    gap: int = 0


def height(surface: Drawing, paragraph: Paragraph, width: int) -> int:
    """Return the pixels that a paragraph needs at a width; 0 for one without words."""
    if not paragraph.words:
        return 0
    lines = typeset.wrap(
        paragraph.words,
        width,
        lambda line: surface.measure(line, paragraph.size, bold=paragraph.bold),
    )
    below = (min(len(lines), paragraph.lines) - 1) * typeset.LINE
    return round((typeset.ASCENT + typeset.DESCENT + below) * surface.theme.size(paragraph.size)) + 1


def stacked_height(surface: Drawing, paragraphs: Sequence[Paragraph], width: int) -> int:
    """Return the pixels that paragraphs need under each other."""
    heights = ((height(surface, one, width), surface.theme.px(one.gap) if one.gap else 0) for one in paragraphs)
    return sum(high + gap for high, gap in heights if high)


def draw_stacked(surface: Drawing, paragraphs: Sequence[Paragraph], column: Rect) -> Rect:
    """Draw paragraphs from the top of a column, centred across it; returns what is left below."""
    for one in paragraphs:
        high = height(surface, one, column.w)
        if not high:
            continue
        if one.gap:
            _, column = column.cut_top(surface.theme.px(one.gap))
        place, column = column.cut_top(high)
        surface.text(
            place, one.words, one.size, bold=one.bold, color=one.color, align="center", lines=one.lines, steps=2
        )
    return column


def draw_left(surface: Drawing, paragraphs: Sequence[Paragraph], column: Rect, *, even: bool = True) -> None:
    """Draw paragraphs from the top of a column, at its left edge; `even` is for sentences, not for what is copied.

    Only a word that is longer than its line, such as an id, makes its paragraph smaller.
    """
    for one in paragraphs:
        high = height(surface, one, column.w)
        if not high:
            continue
        if one.gap:
            _, column = column.cut_top(surface.theme.px(one.gap))
        place, column = column.cut_top(high)
        widest = max(surface.measure(piece, one.size, bold=one.bold) for piece in typeset.pieces(one.words))
        steps = 0 if widest <= column.w else 4
        surface.text(
            place, one.words, one.size, bold=one.bold, color=one.color, lines=one.lines, steps=steps, even=even
        )
