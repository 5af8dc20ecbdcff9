"""A dim over a part of the screen, through which it can still be made out.

Rule: made of a few small pictures laid side by side. Tk reads back what lies under a picture with transparency, and
does so several times faster for small ones; a single one for a large screen would take 77 ms against 20.
"""

import tkinter as tk
import zlib
from struct import pack

from pos.ui.drawing import Drawing
from pos.ui.geometry import Rect
from pos.ui.theme import channels, mix

_SHARE = 0.72
_TILE_W, _TILE_H = 160, 120


class Veil:
    """The pictures of one veil; they have to be kept as long as it is drawn."""

    def __init__(self, surface: Drawing, rect: Rect) -> None:
        self._surface = surface
        self._tiles: dict[tuple[int, int], tk.PhotoImage] = {}
        for x in range(rect.x, rect.right, _TILE_W):
            for y in range(rect.y, rect.bottom, _TILE_H):
                tile = self._tile(min(_TILE_W, rect.right - x), min(_TILE_H, rect.bottom - y))
                surface.create_image(x, y, image=tile, anchor="nw", tags=surface.pen)

    def _tile(self, w: int, h: int) -> tk.PhotoImage:
        if (w, h) not in self._tiles:
            pixel = bytes((*channels(self._surface.theme.color("dim")), round(_SHARE * 255)))
            self._tiles[w, h] = tk.PhotoImage(master=self._surface, data=_png(w, h, pixel), format="PNG")
        return self._tiles[w, h]


def veiled(surface: Drawing, color: str) -> str:
    """Return what a colour looks like under a veil."""
    theme = surface.theme
    return mix(theme.color(color), theme.color("dim"), _SHARE)


def _png(w: int, h: int, pixel: bytes) -> bytes:
    """Write a picture of one colour with transparency (RFC 2083: each line begins with its filter, 0 for none)."""
    head = pack(">IIBBBBB", w, h, 8, 6, 0, 0, 0)
    body = zlib.compress((b"\0" + pixel * w) * h)
    chunks = _chunk(b"IHDR", head) + _chunk(b"IDAT", body) + _chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + chunks


def _chunk(kind: bytes, data: bytes) -> bytes:
    return pack(">I", len(data)) + kind + data + pack(">I", zlib.crc32(kind + data))
