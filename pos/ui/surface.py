"""One screen's canvas: what is drawn on it in parts, what of it can be touched, what of it scrolls.

Rule: everything is drawn inside a named part. A part whose content did not change is not drawn again, so showing a
view costs what it changes and nothing else.
"""

import tkinter as tk
from collections.abc import Callable, Hashable
from dataclasses import replace
from time import monotonic
from typing import Final, TypedDict, Unpack

from pos.core.touches import Touch
from pos.ui.drawing import Drawing
from pos.ui.finger import Finger
from pos.ui.geometry import Rect
from pos.ui.regions import Area, Layer, Region, Regions
from pos.ui.theme import ROLES, Theme, scale_of
from pos.ui.view import Button

_ICON = 1.5
"""A button's icon, in sizes of its words."""

_THUMB_LEAST = 24
"""However long a list is, its thumb is this long."""


class ButtonLook(TypedDict, total=False):
    """How a button looks beyond its role: the size of its words, an icon before them, what lies behind it.

    `fill` is another colour than the role's.
    """

    size: str
    icon: str
    behind: str
    radius: int
    fill: str


class RegionLook(TypedDict, total=False):
    """What a region reports besides a tap, and the boxes that change under a finger."""

    hold: Touch | None
    swipe: Touch | None
    looks: tuple[int, ...]


class Surface(Drawing):
    """A canvas that fills its window."""

    def __init__(
        self,
        parent: tk.Misc,
        theme: Theme,
        report: Callable[[Touch], None],
        *,
        clock_ms: Callable[[], int] = lambda: int(monotonic() * 1000),
    ) -> None:
        super().__init__(parent, theme)
        self.regions: Final = Regions()
        self.finger: Final = Finger(self, report, clock_ms)
        self._drawn: Final[dict[str, Hashable]] = {}
        self._tags: Final[dict[str, str]] = {}
        self._part = ("", Layer.CHROME, "")
        self._size = (0, 0)
        self._beat = False

    @property
    def whole(self) -> Rect:
        """The whole surface."""
        return Rect(0, 0, *self._size)

    def fit(self, width: int, height: int) -> None:
        """Take a window's size: everything goes, to be drawn again at its scale."""
        self.theme = replace(self.theme, scale=scale_of(width, height))
        self._size = (width, height)
        self.wipe()
        self.regions.clear()
        self.finger.forget()
        self._drawn.clear()
        # Nothing to see: a part is put just below the ceiling of its layer.
        for layer in Layer:
            self.create_line(0, 0, 0, 0, state="hidden", tags=f"ceiling{layer}")

    def part(
        self, name: str, what: Hashable, draw: Callable[[], object], *, layer: Layer = Layer.CHROME, area: str = ""
    ) -> None:
        """Draw a part by calling `draw`, unless it already shows `what`; inside an area it scrolls with it.

        Of a layer's parts the one drawn last is on top.
        """
        if name in self._drawn and self._drawn[name] == what:
            return
        self.drop(name)
        self._drawn[name] = what
        tag = self._tags.setdefault(name, f"part{len(self._tags)}")
        self._part = (name, layer, area)
        self.pen = (tag, f"area-{area}") if area else (tag,)
        try:
            draw()
        finally:
            self._part, self.pen = ("", Layer.CHROME, ""), ()
        if area:
            self.move(tag, *self.regions.areas[area].shift)
        if self.find_withtag(tag):
            self.tag_lower(tag, f"ceiling{layer}")

    def shows(self, name: str) -> bool:
        """Tell whether a part is drawn."""
        return name in self._drawn

    def drop(self, name: str) -> None:
        """Take a part off, if it is there."""
        if name in self._drawn:
            del self._drawn[name]
            self.erase(self._tags[name])
            self.regions.drop(name)

    def drop_all(self, prefix: str, *, keep: frozenset[str] = frozenset()) -> None:
        """Take the parts off whose names begin so."""
        for name in [name for name in self._drawn if name.startswith(prefix) and name not in keep]:
            self.drop(name)

    def area(self, name: str, area: Area, *, rewound: bool = False) -> None:
        """Make or change an area that scrolls, and draw it; it keeps its place as far as its length allows.

        `rewound` lets it begin at its start again, because it shows something else than before.
        """
        before = self.regions.areas.get(name)
        offset = min(before.offset, area.furthest) if before and not rewound else 0
        self.regions.areas[name] = replace(area, offset=offset)
        if before:
            self.move(f"area-{name}", *area.along(before.offset - offset))
        area.draw()

    def scroll(self, name: str, by: int) -> bool:
        """Scroll an area's content by pixels towards its end; False where there is no further."""
        area = self.regions.areas[name]
        moved, area.offset = area.offset, min(area.furthest, max(0, area.offset + by))
        moved -= area.offset
        if moved:
            self.move(f"area-{name}", *area.along(moved))
            area.draw()
        return bool(moved)

    def thumb(self, name: str, track: Rect, margin: int = 0) -> None:
        """Show along an upright track how much of an area is in sight; nothing where all is but its lower margin."""
        area, part = self.regions.areas[name], f"{name} thumb"
        if area.furthest <= margin:
            self.drop(part)
            return
        high = max(self.theme.px(_THUMB_LEAST), track.h * area.rect.h // area.extent)
        thumb = Rect(track.x, track.y + (track.h - high) * area.offset // area.furthest, track.w, high)
        self.part(part, thumb, lambda: self.box(thumb, "muted", radius=thumb.w // 2))

    def button(self, rect: Rect, button: Button, **look: Unpack[ButtonLook]) -> None:
        """Draw a button by its role, and let it be touched where it is enabled."""
        fill, words, outline = ROLES[button.role]
        fill, behind = look.get("fill", fill), look.get("behind", "background")
        if not button.enabled:
            fill, words, outline = ("raised", "disabled", "") if fill else ("", "disabled", "line")
        radius = look.get("radius", self.theme.px(12))
        item = self.box(rect, fill, outline=outline, behind=behind, radius=radius)
        self._label(rect, button.label, words, fill or behind, look)
        # A dead button still swallows the finger: nothing that lies under it may be meant.
        self.region(rect, button.touch if button.enabled else None, looks=(item,))

    def region(self, rect: Rect, touch: Touch | None, **look: Unpack[RegionLook]) -> None:
        """Let a rectangle be touched; None swallows the finger."""
        part, layer, area = self._part
        hold, swipe, looks = look.get("hold"), look.get("swipe"), look.get("looks", ())
        self.regions.add(Region(rect, touch, hold, swipe, looks, layer, area, part))

    def pulse(self, item: int) -> None:
        """Let a box change its look with every beat."""
        self.addtag_withtag("pulse", item)

    def beat(self) -> None:
        """Let what pulses change its look once."""
        self._beat = not self._beat
        for item in self.find_withtag("pulse"):
            self.press(item, down=self._beat)

    def _label(self, rect: Rect, words: str, color: str, behind: str, look: ButtonLook) -> None:
        size, icon = look.get("size", "body"), look.get("icon", "")
        inner = rect.inset(self.theme.px(8), self.theme.px(2))
        if not icon:
            self.text(inner, words, size, bold=True, color=color, align="center", lines=2)
            return
        side = min(round(self.theme.size(size) * _ICON), inner.h)
        gap = self.theme.px(6) if words else 0
        width = min(inner.w, side + gap + self.measure(words, size, bold=True))
        spot, rest = inner.center(width, inner.h).cut_left(side, gap)
        self.icon(icon, spot.center(side, side), color, behind=behind)
        self.text(rest, words, size, bold=True, color=color, steps=3)
