"""The menu: categories, things for sale, and the order.

Rule: nothing but the banner moves the grid, so that a hand learns where things are; and a finger that is on its way
when the banner does move it orders nothing.
"""

import tkinter as tk
from collections.abc import Callable
from functools import partial
from typing import Final

from pos.core.touches import Touch
from pos.ui.geometry import Rect
from pos.ui.gesture import LOCK_MS
from pos.ui.order_panel import OrderPanel
from pos.ui.regions import Area, Layer
from pos.ui.sheet import SheetPanel
from pos.ui.status import draw_banner, draw_dot, draw_status
from pos.ui.surface import Surface
from pos.ui.theme import TARGET, Theme
from pos.ui.tiles import GAP, TileGrid
from pos.ui.view import MenuView, Pill

_MARGIN = 12
_PANEL_W = 288
_DRAWER_H = 380
_PILL_LEAST = 64
_PILLS_Y = 8


class MenuScreen:
    """The screen on which an order is put together."""

    def __init__(self, parent: tk.Misc, theme: Theme, report: Callable[[Touch], None]) -> None:
        self.surface: Final = Surface(parent, theme, report)
        self._grid = TileGrid(self.surface)
        self._order = OrderPanel(self.surface)
        self._sheet = SheetPanel(self.surface)
        self._view: MenuView | None = None
        self._pill_frame = Rect(0, 0, 0, 0)
        self._pills: tuple[Pill, ...] = ()

    def resize(self, width: int, height: int) -> None:
        """Take the window's size."""
        self.surface.fit(width, height)
        if self._view is not None:
            self.show(self._view)

    def show(self, view: MenuView) -> None:
        """Show a view; only what is new in it is drawn."""
        before, self._view = self._view, view
        surface, px = self.surface, self.surface.theme.px
        if before is not None and (before.banner is None) != (view.banner is None):
            surface.finger.lock(LOCK_MS)
        page = draw_banner(surface, view.banner, draw_status(surface, view.status))
        upright = surface.whole.h > surface.whole.w
        panel, rest = page.cut_bottom(px(_DRAWER_H)) if upright else page.cut_right(px(_PANEL_W))
        self._order.show(view, panel)
        head, tiles = rest.cut_top(px(_PILLS_Y + TARGET + GAP))
        tiles = Rect(tiles.x + px(_MARGIN), tiles.y, tiles.w - 2 * px(_MARGIN), tiles.h)
        surface.part("head ground", head, lambda: surface.fill(head, "background"), layer=Layer.BAND)
        self._show_pills(view.pills, Rect(head.x, head.y + px(_PILLS_Y), head.w, px(TARGET)))
        self._grid.show(view.tiles, tiles)
        self._sheet.show(view.sheet, surface.whole)

    def _show_pills(self, pills: tuple[Pill, ...], frame: Rect) -> None:
        if (pills, frame) == (self._pills, self._pill_frame) and "pills" in self.surface.regions.areas:
            return
        self._pills, self._pill_frame = pills, frame
        px = self.surface.theme.px
        extent = 2 * px(_MARGIN) - px(8) + sum(self._pill_width(pill) + px(8) for pill in pills)
        self.surface.area("pills", Area(frame, "x", extent, self._draw_pills))

    def _draw_pills(self) -> None:
        px = self.surface.theme.px
        x = self._pill_frame.x + px(_MARGIN)
        for i, pill in enumerate(self._pills):
            rect = Rect(x, self._pill_frame.y, self._pill_width(pill), self._pill_frame.h)
            draw = partial(self._draw_pill, rect, pill)
            self.surface.part(f"pill {i}", (rect, pill), draw, layer=Layer.BAND, area="pills")
            x = rect.right + px(8)
        self.surface.drop_all("pill ", keep=frozenset(f"pill {i}" for i in range(len(self._pills))))

    def _pill_width(self, pill: Pill) -> int:
        px = self.surface.theme.px
        dot = px(17) if pill.color else 0
        return max(px(_PILL_LEAST), self.surface.measure(pill.label, "body", bold=pill.chosen) + dot + px(34))

    def _draw_pill(self, rect: Rect, pill: Pill) -> None:
        surface, px = self.surface, self.surface.theme.px
        ground = "chosen" if pill.chosen else "raised"
        box = surface.box(rect, ground, radius=rect.h // 2)
        words = rect
        if pill.color:
            dot, words = rect.inset(px(15), 0).cut_left(px(10), px(7))
            draw_dot(surface, dot, surface.theme.category(pill.color), behind=ground)
        color = "chosen_text" if pill.chosen else "text"
        surface.text(
            words, pill.label, "body", bold=pill.chosen, color=color, align="left" if pill.color else "center"
        )
        surface.region(rect, pill.touch, looks=(box,))
