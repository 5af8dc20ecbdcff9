"""The grid of things for sale.

Rule: only the tiles in sight exist on the canvas, however long the menu is; the others are drawn when they scroll in.
"""

from functools import partial

from pos.ui.geometry import Rect
from pos.ui.pictures import Pictures
from pos.ui.regions import Area, Layer
from pos.ui.surface import Surface
from pos.ui.theme import mix
from pos.ui.typeset import LINE
from pos.ui.view import Tile

GAP = 10

_COLUMN = 127
_ROW = 103
_PORTRAIT_COLUMNS = 2
_PEEK = 0.35
"""How much of the next row shows where there is one: nobody drags a grid that ends neatly at the edge."""

_BADGE = 28
_PAD = 16


class TileGrid:
    """The tiles of one menu in a rectangle of the surface."""

    def __init__(self, surface: Surface) -> None:
        self._surface = surface
        self._pictures = Pictures(surface, self._draw_visible)
        self._tiles: tuple[Tile, ...] = ()
        self._frame = Rect(0, 0, 0, 0)
        self._columns = 1
        self._pitch = 1

    def show(self, tiles: tuple[Tile, ...], frame: Rect) -> None:
        """Show the tiles in the frame, which reaches to where the next thing begins."""
        if (tiles, frame) == (self._tiles, self._frame) and "tiles" in self._surface.regions.areas:
            return
        moved = [tile.tap for tile in tiles] != [tile.tap for tile in self._tiles]
        self._tiles, self._frame = tiles, frame
        self._columns, self._pitch = self._measure(frame, len(tiles))
        rows = -(-len(tiles) // self._columns)
        area = Area(frame, "y", rows * self._pitch, self._draw_visible)
        self._surface.area("tiles", area, rewound=moved)

    def _measure(self, frame: Rect, count: int) -> tuple[int, int]:
        """Choose the columns and the height from row to row so that the rows fill the frame."""
        px = self._surface.theme.px
        gap = px(GAP)
        portrait = self._surface.whole.h > self._surface.whole.w
        columns = _PORTRAIT_COLUMNS if portrait else max(1, (frame.w + gap) // (px(_COLUMN) + gap))
        fitting = max(1, (frame.h + gap // 2) // (px(_ROW) + gap))
        if count <= fitting * columns:
            return columns, frame.h // fitting
        return columns, int((frame.h - _PEEK * px(_ROW)) // max(1, round(frame.h / (px(_ROW) + gap) - _PEEK)))

    def _draw_visible(self) -> None:
        area = self._surface.regions.areas["tiles"]
        first = area.offset // self._pitch * self._columns
        last = ((area.offset + area.rect.h) // self._pitch + 1) * self._columns
        visible = list(enumerate(self._tiles))[first:last]
        self._surface.drop_all("tile ", keep=frozenset(f"tile {i}" for i, _ in visible))
        for i, tile in visible:
            self._draw(i, tile)
        px = self._surface.theme.px
        self._surface.thumb("tiles", Rect(area.rect.right + px(4), area.rect.y, px(4), area.rect.h - px(GAP)))

    def _draw(self, i: int, tile: Tile) -> None:
        gap = self._surface.theme.px(GAP)
        column = self._frame.columns(self._columns, gap)[i % self._columns]
        rect = Rect(column.x, self._frame.y + i // self._columns * self._pitch, column.w, self._pitch - gap)
        picture = self._pictures.find(tile.picture, _picture_side(self._surface, rect)) if tile.picture else None
        draw = partial(draw_tile, self._surface, rect, tile, picture)
        self._surface.part(f"tile {i}", (rect, tile, picture), draw, layer=Layer.CONTENT, area="tiles")


def draw_tile(surface: Surface, rect: Rect, tile: Tile, picture: str | None) -> None:
    """Draw one tile and let it be touched; `picture` is the name of a Tk image."""
    theme = surface.theme
    px = theme.px
    gone = bool(tile.flag)
    ground = mix(theme.color("surface"), theme.color("background"), 0.6) if gone else theme.color("surface")
    box = surface.box(rect, ground)
    bar = Rect(rect.x, rect.y + px(10), px(4), rect.h - px(20))
    surface.box(bar, theme.color("line") if gone else theme.category(tile.color), radius=px(2), behind=ground)
    room = Rect(rect.x + px(_PAD), rect.y + px(11), rect.w - px(_PAD) - px(6), rect.h - px(20))
    figure, name = room.cut_bottom(px(26), px(2))
    surface.text(
        name, tile.name, "tile", bold=True, valign="top", lines=2, color="disabled" if gone else "text"
    )
    if tile.badge:
        badge, figure = figure.cut_right(px(_BADGE), px(4))
        badge = Rect(badge.x, badge.bottom - px(_BADGE) + px(1), px(_BADGE), px(_BADGE))
        surface.box(badge, "orange", radius=px(_BADGE) // 2, behind=ground)
        surface.text(badge, tile.badge, "body", bold=True, color="ink", align="center", steps=2)
    side = _picture_side(surface, rect)
    # In a narrow tile the price is worth more than the picture; what was tapped is known by its count.
    if picture and not gone and (not tile.badge or surface.measure(tile.price, "tile") + px(8) + side <= figure.w):
        spot, figure = figure.cut_right(side, px(8))
        surface.create_image(spot.x, spot.bottom - side, image=picture, anchor="nw", tags=surface.pen)
    if gone:
        surface.text(figure, tile.flag, "body", bold=True, color="red", steps=3)
    else:
        surface.text(figure, tile.price, "tile", color="muted", steps=3)
    surface.region(rect, tile.tap, hold=tile.hold, looks=(box,))


def _picture_side(surface: Surface, rect: Rect) -> int:
    """Say how large a picture may be in the corner below two lines of a name."""
    px = surface.theme.px
    return max(px(16), min(rect.h - px(20) - round(2 * LINE * surface.theme.size("tile")), rect.w // 2))
