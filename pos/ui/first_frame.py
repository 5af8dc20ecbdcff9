"""What the pages of the first start have in common: a title and what it means above, the ways back and on below.

Rule: back is always at the lower left and on at the lower right, whatever is between them.
"""

from pos.ui.geometry import Rect
from pos.ui.paragraph import Paragraph, draw_left, stacked_height
from pos.ui.surface import Surface
from pos.ui.view import Button
from pos.ui.view_first import Frame

MARGIN = 20
_TOP = 14
_GAP = 10
_FOOT = 56
_BACK_W = 130
_ON_W = 200


def draw_frame(surface: Surface, frame: Frame) -> tuple[Rect, Rect]:
    """Draw the frame where it changed; returns what is between top and foot, and between the foot's two buttons."""
    px = surface.theme.px
    page = surface.whole.inset(px(MARGIN), px(_TOP))
    words = (
        Paragraph(frame.title, "total", bold=True, lines=2),
        Paragraph(frame.text, "body", color="muted", lines=3, gap=3),
    )
    step_w = surface.measure(frame.step, "small")
    head_w = page.w - step_w - px(_GAP)
    head, room = page.cut_top(stacked_height(surface, words, head_w), px(_GAP))
    surface.part("head", frame, lambda: _draw_head(surface, frame, words, head))
    if frame.back is None and frame.go_on is None:
        surface.drop("foot")
        return room, room.cut_bottom(0)[0]
    foot, room = room.cut_bottom(px(_FOOT), px(_GAP))
    back, rest = foot.cut_left(px(_BACK_W), px(_GAP))
    go_on, middle = rest.cut_right(px(_ON_W), px(_GAP))
    surface.part("foot", (frame.back, frame.go_on, foot), lambda: _draw_foot(surface, frame, back, go_on))
    return room, middle


def _draw_head(surface: Surface, frame: Frame, words: tuple[Paragraph, ...], head: Rect) -> None:
    step_w = surface.measure(frame.step, "small")
    step, rest = head.cut_right(step_w, surface.theme.px(_GAP))
    draw_left(surface, words, rest)
    surface.text(step, frame.step, "small", color="muted", align="right", valign="top")


def _draw_foot(surface: Surface, frame: Frame, back: Rect, go_on: Rect) -> None:
    if frame.back is not None:
        _draw_button(surface, back, frame.back)
    if frame.go_on is not None:
        _draw_button(surface, go_on, frame.go_on)


def _draw_button(surface: Surface, rect: Rect, button: Button) -> None:
    surface.button(rect, button, size="tile")
