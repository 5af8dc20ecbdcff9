"""The small panel over a screen that asks or explains.

Rule: while it is up nothing else can be touched, and a tap outside it closes it.
"""

from dataclasses import dataclass

from pos.ui.geometry import Rect
from pos.ui.paragraph import Paragraph, height
from pos.ui.regions import Layer
from pos.ui.surface import Surface
from pos.ui.veil import Veil, veiled
from pos.ui.view import Sheet

_PART = "sheet"
_WIDEST = 400
_MARGIN = 10
_PAD = 20
_BUTTON = 50
_GAP = 8
_LINES = 12


class SheetPanel:
    """The sheet of one surface."""

    def __init__(self, surface: Surface) -> None:
        self._surface = surface
        self._veil: Veil | None = None

    def show(self, sheet: Sheet | None, within: Rect) -> None:
        """Put a sheet into the middle of a rectangle and dim that rectangle; None takes the sheet off.

        What lies outside the rectangle stays as bright as it was, like a QR that somebody may be scanning.
        """
        if sheet is None:
            self._surface.drop(_PART)
            self._veil = None
        else:
            self._surface.part(_PART, (sheet, within), lambda: self._draw(sheet, within), layer=Layer.SHEET)

    def _draw(self, sheet: Sheet, within: Rect) -> None:
        surface = self._surface
        plan = _plan(surface, sheet, within)
        self._veil = Veil(surface, within)
        surface.region(surface.whole, sheet.close)
        ground = veiled(surface, "background")
        surface.box(plan.panel, "surface", outline="line", radius=surface.theme.px(16), behind=ground)
        surface.region(plan.panel, None)
        surface.text(plan.title, sheet.title, "lead", bold=True, lines=2)
        surface.text(plan.text, sheet.text, "body", color="muted", valign="top", lines=_LINES)
        for rect, button in zip(plan.buttons, sheet.buttons, strict=True):
            surface.button(rect, button, behind="surface")


@dataclass(frozen=True, slots=True)
class _Plan:
    """Where the panel and what is in it stand."""

    panel: Rect
    title: Rect
    text: Rect
    buttons: tuple[Rect, ...]


def _plan(surface: Surface, sheet: Sheet, within: Rect) -> _Plan:
    """Make the panel as high as its words need, with its buttons in two columns where one would be too high."""
    px = surface.theme.px
    room = within.inset(px(_MARGIN))
    width = min(px(_WIDEST), room.w)
    title_h = height(surface, Paragraph(sheet.title, "lead", bold=True), width - 2 * px(_PAD))
    text_h = height(surface, Paragraph(sheet.text, "body", lines=_LINES), width - 2 * px(_PAD))
    words_h = 2 * px(_PAD) + title_h + px(_GAP) + text_h + px(_PAD)
    count = len(sheet.buttons)
    line_h = px(_BUTTON) + px(_GAP)
    columns = 2 if count == 2 or words_h + count * line_h - px(_GAP) > room.h else 1
    lines = -(-count // columns)
    foot_h = lines * line_h - px(_GAP)
    panel = room.center(width, min(room.h, words_h + foot_h))
    title, inner = panel.inset(px(_PAD)).cut_top(title_h, px(_GAP))
    foot, text = inner.cut_bottom(foot_h, px(_PAD))
    cells: list[Rect] = []
    for line in foot.rows(lines, px(_GAP)):
        # One that is alone in the last line gets all of it.
        cells += line.columns(min(columns, count - len(cells)), px(_GAP))
    return _Plan(panel, title, text, tuple(cells))
