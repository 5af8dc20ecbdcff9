"""Photographs of what is for sale, read one at a time while nothing else happens.

Rule: a picture never delays the first frame or a tap, and one that cannot be read is logged once and left out.
"""

import logging
import tkinter as tk
import warnings
from collections.abc import Callable
from io import BytesIO
from typing import Final

from pos.ui.surface import Surface

log = logging.getLogger(__name__)

_PAUSE_MS = 30
_MOST_PIXELS: Final = 16_000_000
"""More would take the memory of a small machine while it is made smaller; a JPEG is made smaller as it is read."""

_FORMATS: Final = ("PNG", "JPEG", "WEBP")
"""Whatever the name ends with: of the many other formats Pillow opens, one runs another program."""


class Pictures:
    """The pictures of one surface at the sizes it asked for."""

    def __init__(self, surface: Surface, arrived: Callable[[], None]) -> None:
        self._surface = surface
        self._arrived = arrived
        self._ready: dict[tuple[str, int, str], tk.PhotoImage | None] = {}
        self._wanted: list[tuple[str, int, str]] = []
        self._timer = ""
        surface.bind("<Destroy>", lambda _: self._disarm(), add=True)

    def find(self, path: str, side: int) -> str | None:
        """Return the Tk name of a picture, or None while it is not there; then `arrived` is called later."""
        key = (path, side, self._surface.theme.color("surface"))
        if key not in self._ready:
            if key not in self._wanted:
                self._wanted.append(key)
            self._arm()
            return None
        picture = self._ready[key]
        return str(picture) if picture else None

    def _arm(self) -> None:
        if not self._timer and self._wanted:
            self._timer = self._surface.after(_PAUSE_MS, self._read_next)

    def _read_next(self) -> None:
        self._timer = ""
        key = self._wanted.pop(0)
        data = _read(*key)
        self._ready[key] = tk.PhotoImage(master=self._surface, data=data, format="PPM") if data else None
        if data:
            self._arrived()
        self._arm()

    def _disarm(self) -> None:
        if self._timer:
            self._surface.after_cancel(self._timer)
            self._timer = ""


def _read(path: str, side: int, behind: str) -> bytes | None:
    """Read a picture, cut it to a square with round corners, and write it as PPM."""
    # Pillow costs more to import than the menu to draw, and a menu without photographs never needs it.
    from PIL import Image, ImageDraw, ImageOps  # noqa: PLC0415

    try:
        with warnings.catch_warnings(action="ignore"), Image.open(path, formats=_FORMATS) as opened:
            opened.draft("RGB", (side, side))
            if opened.width * opened.height > _MOST_PIXELS:
                log.warning("picture %s is too large: %dx%d", path, opened.width, opened.height)
                return None
            square = ImageOps.fit(opened.convert("RGBA"), (side, side))
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError) as exc:
        log.warning("picture %s cannot be read: %s", path, exc)
        return None
    mask = Image.new("L", (side * 4, side * 4))
    ImageDraw.Draw(mask).rounded_rectangle((0, 0, side * 4 - 1, side * 4 - 1), side // 2, fill=255)
    ground = Image.new("RGBA", (side, side), behind)
    ground.paste(Image.alpha_composite(ground, square), mask=mask.resize((side, side)))
    written = BytesIO()
    ground.convert("RGB").save(written, "PPM")
    return written.getvalue()
