"""The QR on the screen: modules as a picture that Tk paints in one go.

Rule: black on white in every theme, in whole pixels; most decoders read no other.
"""

from __future__ import annotations

import tkinter as tk
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    # The encoder runs off Tk's thread; importing it here would delay the first frame for a type's name.
    from pos.qr import Modules


class QrPicture:
    """One QR on a canvas, or none."""

    def __init__(self, canvas: tk.Canvas) -> None:
        self._canvas = canvas
        self._item = canvas.create_image(0, 0, state="hidden")
        # Tk does not keep a picture alive for being drawn: whoever lets go of it blanks the screen.
        self._picture: tk.BitmapImage | None = None

    def show(self, modules: Modules, *, center_x: int, center_y: int) -> None:
        """Paint the modules around a point, above everything drawn so far."""
        picture = tk.BitmapImage(
            master=self._canvas, data=xbm(modules), foreground="black", background="white"
        )
        self._canvas.itemconfigure(self._item, image=picture, state="normal")
        self._canvas.coords(self._item, center_x, center_y)
        self._canvas.tag_raise(self._item)
        self._picture = picture

    def hide(self) -> None:
        """Take the QR off the screen."""
        self._canvas.itemconfigure(self._item, state="hidden", image="")
        self._picture = None


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
