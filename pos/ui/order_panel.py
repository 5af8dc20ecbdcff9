"""The order beside the menu, or below it where the screen is upright: its lines, its total, and the button to pay.

Rule: the total and the button to pay are always in sight; the lines scroll between them, the newest in view.
"""

from functools import partial

from pos.ui.geometry import Rect
from pos.ui.regions import Area, Layer
from pos.ui.surface import Surface
from pos.ui.theme import TARGET
from pos.ui.view import LineView, MenuView

_MARGIN = 16
_HEAD = 64
_FOOT = 128
_PAY = 68
_TALL = 82
_LOW = 62
_LOW_FROM = 400
"""A panel this wide has a line's name and its buttons side by side."""

_STEP_W = 52
_COUNT_W = 46
_COUNT_LEAST = 94


class OrderPanel:
    """The order of one menu in a rectangle of the surface."""

    def __init__(self, surface: Surface) -> None:
        self._surface = surface
        self._view: MenuView | None = None
        self._lines = Rect(0, 0, 0, 0)
        self._whole_lines = 1
        self._pitch = 1
        """From line to line; as many as may be fill the panel."""

    def show(self, view: MenuView, frame: Rect) -> None:
        """Show the order in the frame."""
        surface, px = self._surface, self._surface.theme.px
        inner = frame.inset(px(_MARGIN), 0)
        head, rest = inner.cut_top(px(_HEAD))
        foot, lines = rest.cut_bottom(px(_FOOT))
        # The lines run under the head and the foot, and the tiles of an upright screen under all of it.
        surface.part("panel", frame, lambda: surface.fill(frame, "surface"), layer=Layer.BAND)
        surface.part("head", (head, view.title, view.number, view.clear), lambda: self._draw_head(frame, head, view))
        surface.part("foot", (foot, view.count, view.total), lambda: self._draw_foot(frame, foot, view))
        pay, _ = foot.inset(0, px(_MARGIN)).cut_bottom(px(_PAY))
        surface.part(
            "pay", (pay, view.pay), lambda: surface.button(pay, view.pay, size="lead", icon="bolt", behind="surface")
        )
        self._show_hint(view, lines)
        self._show_lines(view, lines)

    def _show_hint(self, view: MenuView, lines: Rect) -> None:
        if not view.hint:
            self._surface.drop("hint")
            return
        look = lines.inset(self._surface.theme.px(8), 0)
        self._surface.part("hint", (look, view.hint, view.last), lambda: self._draw_hint(look, view))

    def _show_lines(self, view: MenuView, lines: Rect) -> None:
        before, self._view = self._view, view
        px = self._surface.theme.px
        self._whole_lines = max(1, lines.h // px(_LOW if lines.w >= px(_LOW_FROM) else _TALL))
        self._pitch = max(1, lines.h // self._whole_lines)
        if before and (before.lines, self._lines) == (view.lines, lines) and "lines" in self._surface.regions.areas:
            return
        moved, self._lines = self._lines != lines, lines
        # At its end, too, it begins with a whole line: buttons without their name would change the wrong one.
        extent = max(0, len(view.lines) - self._whole_lines) * self._pitch + lines.h
        self._surface.area("lines", Area(lines, "y", extent, self._draw_lines))
        # Where the panel itself has changed its height, the newest line is brought back into view.
        changed = _changed(() if moved or before is None else before.lines, view)
        if changed is not None:
            self._reveal(changed)

    def _reveal(self, i: int) -> None:
        """Scroll so that a line is in sight, with a whole one at the top."""
        area = self._surface.regions.areas["lines"]
        top, bottom = i * self._pitch, (i + 1) * self._pitch
        if bottom > area.offset + area.rect.h:
            self._surface.scroll("lines", bottom - self._whole_lines * self._pitch - area.offset)
        elif top < area.offset:
            self._surface.scroll("lines", top - area.offset)

    def _draw_lines(self) -> None:
        if self._view is None:
            return
        area = self._surface.regions.areas["lines"]
        first = area.offset // self._pitch
        visible = list(enumerate(self._view.lines))[first : (area.offset + area.rect.h) // self._pitch + 1]
        self._surface.drop_all("line ", keep=frozenset(f"line {i}" for i, _ in visible))
        for i, line in visible:
            self._draw_line(i, line)
        px, track = self._surface.theme.px, area.rect.inset(0, self._surface.theme.px(4))
        self._surface.thumb("lines", Rect(track.right + px(6), track.y, px(4), track.h))

    def _draw_line(self, i: int, line: LineView) -> None:
        rect = Rect(self._lines.x, self._lines.y + i * self._pitch, self._lines.w, self._pitch)
        low = rect.w >= self._surface.theme.px(_LOW_FROM)
        draw = partial(self._draw_one, rect, line, low=low)
        self._surface.part(f"line {i}", (rect, line), draw, layer=Layer.BAND, area="lines")

    def _draw_one(self, rect: Rect, line: LineView, *, low: bool) -> None:
        self._surface.region(rect, None, swipe=line.remove)
        if rect.y > self._lines.y:
            self._surface.fill(Rect(rect.x, rect.y, rect.w, self._surface.theme.px(1)), "line")
        if low:
            draw_low_line(self._surface, rect, line)
        else:
            draw_tall_line(self._surface, rect, line)

    def _draw_head(self, frame: Rect, head: Rect, view: MenuView) -> None:
        surface, px = self._surface, self._surface.theme.px
        surface.fill(Rect(frame.x, frame.y, frame.w, head.h), "surface")
        surface.fill(Rect(head.x, head.bottom - px(1), head.w, px(1)), "line")
        title_w = surface.measure(view.title, "lead", bold=True)
        title, room = head.cut_left(title_w, px(10))
        if not view.clear.enabled:
            surface.text(title, view.title, "lead", bold=True)
            surface.text(room, view.number, "body", color="muted", align="right")
            return
        width = max(px(72), surface.measure(view.clear.label, "small", bold=True) + px(24))
        width = min(width, head.w - min(title_w, px(60)) - px(10))
        clear, room = head.cut_right(width, px(10))
        surface.button(clear.center(width, px(TARGET)), view.clear, size="small", behind="surface")
        title, room = room.cut_left(title_w, px(10))
        surface.text(title, view.title, "lead", bold=True)
        if surface.measure(view.number, "body") <= room.w:
            surface.text(room, view.number, "body", color="muted")

    def _draw_foot(self, frame: Rect, foot: Rect, view: MenuView) -> None:
        surface, px = self._surface, self._surface.theme.px
        surface.fill(Rect(frame.x, foot.y, frame.w, frame.bottom - foot.y), "surface")
        surface.fill(Rect(foot.x, foot.y, foot.w, px(1)), "line")
        row, _ = foot.cut_top(px(_FOOT - _PAY - _MARGIN))
        total_w = min(surface.measure(view.total, "total", bold=True), row.w - px(_COUNT_LEAST))
        total, room = row.cut_right(total_w, px(10))
        surface.text(total, view.total, "total", bold=True, align="right", steps=4)
        surface.text(room, view.count, "body", color="muted", lines=2, steps=2)

    def _draw_hint(self, rect: Rect, view: MenuView) -> None:
        """Say what to do, and small at the bottom what was paid last."""
        surface, px = self._surface, self._surface.theme.px
        surface.text(rect, view.hint, "body", color="muted", align="center", lines=3)
        last, _ = rect.inset(0, px(10)).cut_bottom(px(40))
        surface.text(last, view.last, "small", color="muted", align="center", valign="bottom", lines=2)


def draw_tall_line(surface: Surface, rect: Rect, line: LineView) -> None:
    """Draw a line of the order in a narrow panel: name and amount, below them the buttons."""
    px = surface.theme.px
    words, steps = rect.inset(0, px(4)).cut_top(px(24), px(2))
    amount, name = words.cut_right(min(surface.measure(line.amount, "body"), words.w // 2), px(10))
    surface.text(amount, line.amount, "body", align="right", steps=3)
    surface.text(name, line.name, "body", bold=True)
    _draw_steps(surface, steps.center(steps.w, min(steps.h, px(_STEP_W))), line)


def draw_low_line(surface: Surface, rect: Rect, line: LineView) -> None:
    """Draw a line of the order in a wide panel: everything side by side."""
    px = surface.theme.px
    amount, room = rect.cut_right(px(96), px(12))
    steps, name = room.cut_right(px(2 * _STEP_W + _COUNT_W), px(12))
    surface.text(amount, line.amount, "body", align="right", steps=3)
    surface.text(name, line.name, "body", bold=True, lines=2)
    _draw_steps(surface, steps.center(steps.w, px(TARGET)), line)


def _draw_steps(surface: Surface, rect: Rect, line: LineView) -> None:
    """Draw minus, how many, plus."""
    px = surface.theme.px
    minus, rest = rect.cut_left(px(_STEP_W))
    count, rest = rest.cut_left(px(_COUNT_W))
    plus, _ = rest.cut_left(px(_STEP_W))
    for spot, icon, touch in ((minus, "minus", line.minus), (plus, "plus", line.plus)):
        box = surface.box(spot, "raised", behind="surface")
        surface.icon(icon, spot.center(px(22), px(22)), "text", behind="raised")
        surface.region(spot, touch, swipe=line.remove, looks=(box,))
    surface.text(count, line.quantity, "lead", bold=True, align="center")


def _changed(before: tuple[LineView, ...], view: MenuView) -> int | None:
    """Find the line to bring into view: one that grew, else the newest one when it is new."""
    known = {line.key: line.quantity for line in before}
    for i, line in enumerate(view.lines):
        if line.key in known and line.quantity != known[line.key]:
            return i
    keys = [line.key for line in view.lines]
    return keys.index(view.newest) if view.newest in keys and view.newest not in known else None
