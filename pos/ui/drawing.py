"""Words, boxes and icons on a canvas.

Rule: nothing is clipped and nothing is jagged; fonts, widths and pictures are made once per scale and kept.
"""

import logging
import tkinter as tk
from dataclasses import replace
from tkinter import font as tkfont
from typing import Final, Literal, TypedDict, Unpack

from pos.ui import shapes, typeset
from pos.ui.geometry import Rect
from pos.ui.theme import FAMILIES, SHRINK, SMALLEST, Theme

log = logging.getLogger(__name__)

Align = Literal["left", "center", "right"]
Valign = Literal["top", "middle", "bottom"]


class TextLook(TypedDict, total=False):
    """How words look: `lines` is how many there may be, `steps` how often they may shrink before an ellipsis.

    `even` breaks them as evenly as centred words, which is for sentences and not for a list.
    """

    bold: bool
    color: str
    align: Align
    valign: Valign
    lines: int
    steps: int
    even: bool


class BoxLook(TypedDict, total=False):
    """How a box looks: `radius` in pixels (default 12 scaled), `behind` what shows in its corners."""

    radius: int
    outline: str
    behind: str


_Key = shapes.Box | tuple[str, int, str, str]


class Drawing(tk.Canvas):
    """A canvas that draws with a theme; everything drawn carries the tags in `pen`."""

    def __init__(self, parent: tk.Misc, theme: Theme) -> None:
        super().__init__(parent, highlightthickness=0, borderwidth=0, takefocus=0)
        self.theme = theme
        self.pen: tuple[str, ...] = ()
        self._fonts: Final[dict[tuple[int, bool], tkfont.Font]] = {}
        self._ascents: Final[dict[tuple[int, bool], int]] = {}
        self._widths: Final[dict[tuple[int, bool, str], int]] = {}
        self._pictures: Final[dict[_Key, tk.PhotoImage]] = {}
        self._boxes: Final[dict[int, shapes.Box]] = {}

    def wipe(self) -> None:
        """Take everything off and forget what was made for this scale."""
        self.delete("all")
        for kept in (self._boxes, self._fonts, self._ascents, self._widths, self._pictures):
            kept.clear()
        self.configure(background=self.theme.color("background"))

    def fill(self, rect: Rect, color: str) -> int:
        """Draw a rectangle with plain corners."""
        paint = self.theme.color(color)
        return self.create_rectangle(rect.x, rect.y, rect.right, rect.bottom, fill=paint, width=0, tags=self.pen)

    def box(self, rect: Rect, color: str, **look: Unpack[BoxLook]) -> int:
        """Draw a rounded box and return the item, 0 where there is no room; an empty colour is the one behind it."""
        theme = self.theme
        behind = theme.color(look.get("behind", "background"))
        outline = look.get("outline", "")
        shape = shapes.Box(
            rect.w,
            rect.h,
            look.get("radius", theme.px(12)),
            theme.color(color) if color else behind,
            theme.color(outline) if outline else behind,
            theme.px(1.3) if outline else 0,
            behind,
        )
        if shape.w <= 0 or shape.h <= 0:
            return 0
        item = self.create_image(rect.x, rect.y, image=self._picture(shape), anchor="nw", tags=self.pen)
        self._boxes[item] = shape
        return item

    def icon(self, name: str, rect: Rect, color: str, *, behind: str = "background") -> int:
        """Draw an icon as large as fits into the middle of the rectangle."""
        side = min(rect.w, rect.h)
        if side <= 0:
            return 0
        square = rect.center(side, side)
        picture = self._picture((name, side, self.theme.color(color), self.theme.color(behind)))
        return self.create_image(square.x, square.y, image=picture, anchor="nw", tags=self.pen)

    def text(self, rect: Rect, words: str, size: str, **look: Unpack[TextLook]) -> int:
        """Draw words so that they fit; returns the width they take."""
        if not words or rect.w <= 0:
            return 0
        bold, align = look.get("bold", False), look.get("align", "left")
        px, lines = self.fitted(words, size, (rect.w, rect.h), **look)
        if align == "center" or look.get("even", False):
            lines = typeset.balanced(words, lines, rect.w, lambda text: self._measure(text, px, bold))
        anchor, x = _anchor(rect, align)
        baseline = _first_baseline(rect, px, len(lines), look.get("valign", "middle"))
        font = self._font(px, bold)
        up = self._ascent(px, bold)
        color = self.theme.color(look.get("color", "text"))
        for i, line in enumerate(lines):
            y = round(baseline + i * typeset.LINE * px) - up
            self.create_text(x, y, text=line, font=font, fill=color, anchor=anchor, tags=self.pen)
        return max(self._measure(line, px, bold) for line in lines)

    def fitted(self, words: str, size: str, box: tuple[int, int], **look: Unpack[TextLook]) -> tuple[int, list[str]]:
        """Return the size in pixels and the lines with which words fit into (width, height)."""
        bold, sizes = look.get("bold", False), self._sizes(size, look.get("steps", 1))
        return typeset.fit(
            words, box, look.get("lines", 1), sizes, lambda text, px: self._measure(text, px, bold)
        )

    def measure(self, words: str, size: str, *, bold: bool = False) -> int:
        """Return the width of words on one line, unshrunk."""
        return self._measure(words, self.theme.size(size), bold)

    def press(self, item: int, *, down: bool) -> None:
        """Show a box as it looks under a finger, or as it was; nothing if it has been drawn anew since."""
        if item not in self._boxes:
            return
        shape = self._boxes[item]
        if down:
            outline = self.theme.pressed(shape.outline) if shape.edge else shape.outline
            shape = replace(shape, fill=self.theme.pressed(shape.fill), outline=outline)
        self.itemconfigure(item, image=self._picture(shape))

    def erase(self, tag: str) -> None:
        """Take everything with this tag off."""
        for item in self.find_withtag(tag):
            self._boxes.pop(item, None)
        self.delete(tag)

    def _sizes(self, size: str, steps: int) -> list[int]:
        full = self.theme.size(size)
        least = min(full, self.theme.px(SMALLEST))
        return [max(least, round(full * SHRINK**step)) for step in range(steps + 1)]

    def _picture(self, key: _Key) -> tk.PhotoImage:
        if key not in self._pictures:
            data = shapes.box(key) if isinstance(key, shapes.Box) else shapes.icon(*key)
            self._pictures[key] = tk.PhotoImage(master=self, data=data, format="PPM")
        return self._pictures[key]

    def _font(self, px: int, bold: bool) -> tkfont.Font:
        if (px, bold) not in self._fonts:
            weight: Literal["bold", "normal"] = "bold" if bold else "normal"
            self._fonts[px, bold] = tkfont.Font(self, family=self.theme.family, size=-px, weight=weight)
        return self._fonts[px, bold]

    def _ascent(self, px: int, bold: bool) -> int:
        if (px, bold) not in self._ascents:
            self._ascents[px, bold] = self._font(px, bold).metrics("ascent")
        return self._ascents[px, bold]

    def _measure(self, words: str, px: int, bold: bool) -> int:
        """Add the widths of the characters: Tk kerns nothing, and a till writes with few of them."""
        total = 0
        for character in words:
            key = (px, bold, character)
            if key not in self._widths:
                self._widths[key] = self._font(px, bold).measure(character)
            total += self._widths[key]
        return total


def _first_baseline(rect: Rect, px: int, lines: int, valign: Valign) -> float:
    """Find where the first line stands; the middle is that of the letters, which a font's own line box misses."""
    below = (lines - 1) * typeset.LINE * px
    top, bottom = rect.y + typeset.ASCENT * px, rect.bottom - typeset.DESCENT * px - below
    if valign == "top":
        return top
    if valign == "bottom":
        return bottom
    return max(top, min(bottom, rect.y + (rect.h - below) / 2 + 0.37 * px))


def _anchor(rect: Rect, align: Align) -> tuple[Literal["nw", "n", "ne"], int]:
    if align == "left":
        return "nw", rect.x
    return ("n", rect.center_x) if align == "center" else ("ne", rect.right)


def find_family(root: tk.Misc) -> str:
    """Choose the first font that is installed; Tk itself would silently take another, with Chinese forms."""
    for family in FAMILIES:
        if root.tk.call("font", "actual", (family, -16), "-family") == family:
            if family != FAMILIES[0]:
                log.warning("font %s is not installed, using %s", FAMILIES[0], family)
            return family
    log.warning("none of the fonts %s is installed", ", ".join(FAMILIES))
    return FAMILIES[-1]
