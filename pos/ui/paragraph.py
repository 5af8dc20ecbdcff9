"""Words under each other in the middle of a column: how high they are and where each of them goes.

Rule: measured before it is drawn, so that a heading and its text stand together however many lines they take.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from pos.ui import typeset
from pos.ui.drawing import Align, Drawing
from pos.ui.geometry import Rect

_ENDLESS = 1 << 20
_STEPS = 4


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
    px, lines = _fitted(surface, paragraph, width, _steps(surface, paragraph, width))
    return round((typeset.ASCENT + typeset.DESCENT + (len(lines) - 1) * typeset.LINE) * px) + 1


def stacked_height(surface: Drawing, paragraphs: Sequence[Paragraph], width: int) -> int:
    """Return the pixels that paragraphs need under each other."""
    heights = ((height(surface, one, width), surface.theme.px(one.gap) if one.gap else 0) for one in paragraphs)
    return sum(high + gap for high, gap in heights if high)


def draw_stacked(surface: Drawing, paragraphs: Sequence[Paragraph], column: Rect) -> Rect:
    """Draw paragraphs from the top of a column, centred across it; returns what is left below."""
    return _draw(surface, paragraphs, column, "center", even=True)


def draw_left(surface: Drawing, paragraphs: Sequence[Paragraph], column: Rect, *, even: bool = True) -> None:
    """Draw paragraphs from the top of a column, at its left edge; `even` is for sentences, not for what is copied."""
    _draw(surface, paragraphs, column, "left", even=even)


def _draw(surface: Drawing, paragraphs: Sequence[Paragraph], column: Rect, align: Align, *, even: bool) -> Rect:
    for one in paragraphs:
        high = height(surface, one, column.w)
        if not high:
            continue
        if one.gap:
            _, column = column.cut_top(surface.theme.px(one.gap))
        place, column = column.cut_top(high)
        surface.text(
            place,
            one.words,
            one.size,
            bold=one.bold,
            color=one.color,
            align=align,
            lines=one.lines,
            steps=_steps(surface, one, place.w),
            even=even,
        )
    return column


def _steps(surface: Drawing, paragraph: Paragraph, width: int) -> int:
    """Let a paragraph become smaller only for a word longer than its line, such as an id, or for too many lines."""
    _, lines = _fitted(surface, paragraph, width, 0)
    return _STEPS if any(line.endswith(typeset.ELLIPSIS) for line in lines) else 0


def _fitted(surface: Drawing, paragraph: Paragraph, width: int, steps: int) -> tuple[int, list[str]]:
    box, lines = (width, _ENDLESS), paragraph.lines
    return surface.fitted(paragraph.words, paragraph.size, box, bold=paragraph.bold, lines=lines, steps=steps)
