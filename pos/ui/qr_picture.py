"""The QR on the screen: modules as a picture that Tk paints in one go.

Rule: black on white in every theme, in whole pixels; most decoders read no other.
"""

from __future__ import annotations

import tkinter as tk
from typing import TYPE_CHECKING

from pos.ui.drawing import Drawing
from pos.ui.geometry import Rect

if TYPE_CHECKING:
    # The encoder runs off Tk's thread; importing it here would delay the first frame for a type's name.
    from pos.qr import Modules


class QrPicture:
    """The QR of one surface."""

    def __init__(self, surface: Drawing) -> None:
        self._surface = surface
        # Tk does not keep a picture alive for being drawn: whoever lets go of it blanks the screen.
        self._shown: tk.BitmapImage | None = None

    def draw(self, modules: Modules, card: Rect) -> None:
        """Draw the modules in the middle of a white card that leaves them their quiet zone."""
        self._shown = tk.BitmapImage(
            master=self._surface, data=xbm(modules), foreground="black", background="white"
        )
        place = card.center(modules.side_px, modules.side_px)
        self._surface.create_image(
            place.x, place.y, image=self._shown, anchor="nw", tags=self._surface.pen
        )


def xbm(modules: Modules) -> str:
    """Write the modules as an X bitmap, each as wide and high as on the screen.

    Against canvas rectangles it takes half the time, and against a PhotoImage it needs no colours allocated.
    """
    size, side = len(modules.rows), modules.side_px
    lines: list[str] = []
    for row in modules.rows:
        # Both have the first column in the lowest bit; an X bitmap's lines end on whole bytes.
        wide = "".join(bit * modules.px for bit in f"{row:0{size}b}")
        line = ",".join(map(hex, int(wide, 2).to_bytes((side + 7) // 8, "little")))
        lines += [line] * modules.px
    head = f"#define qr_width {side}\n#define qr_height {side}\n"
    # Tk's reader insists on the spaces around the brackets.
    return head + "static char qr_bits[] = {\n" + ",\n".join(lines) + "};\n"
