"""Every colour, size and font of the till.

Rule: a screen names a colour by its role and a length at 800x480; only this module knows hex codes, and only it scales.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

FAMILIES: Final = ("Noto Sans CJK JP", "IPAexGothic", "TakaoGothic", "DejaVu Sans")
"""Fonts to try in turn. The Japanese one is named because Tk would mix glyphs from fonts with Chinese forms."""

SIZES: Final = MappingProxyType(
    {"small": 13, "body": 16, "tile": 17, "lead": 20, "total": 24, "title": 30, "paid": 92, "amount": 56}
)
"""Font sizes in pixels at 800x480."""

TARGET: Final = 48
"""The least side of anything to touch: 9 mm on a 7 inch panel of 800x480."""

SMALLEST: Final = 11
"""Text is never shrunk below this many pixels at 800x480."""

SHRINK: Final = 0.85
"""One step smaller, for words that do not fit."""

_BASE_W, _BASE_H = 800, 480

_SHARED: Final = {
    "orange": "#F7931A",
    "ink": "#0F1217",
    "white": "#FFFFFF",
    "ribbon": "#F2B33D",
    "alarm": "#C9252D",
    "paid": "#0C7A4C",
}

DARK: Final[Mapping[str, str]] = MappingProxyType(
    _SHARED
    | {
        "background": "#0F1217",
        "surface": "#191E26",
        "raised": "#222935",
        "line": "#2E3745",
        "text": "#F3F5F8",
        "muted": "#93A0B2",
        "disabled": "#5A6575",
        "green": "#17A86B",
        "red": "#F0696D",
        "amber": "#F2B33D",
        "grey": "#93A0B2",
        "chosen": "#F3F5F8",
        "chosen_text": "#0F1217",
        "dim": "#07090C",
    }
)

LIGHT: Final[Mapping[str, str]] = MappingProxyType(
    _SHARED
    | {
        "background": "#EBEEF3",
        "surface": "#FFFFFF",
        "raised": "#D6DDE7",
        "line": "#BAC3D0",
        "text": "#12161C",
        "muted": "#4C5868",
        "disabled": "#8893A3",
        "green": "#0B7045",
        "red": "#B81F27",
        "amber": "#855300",
        "grey": "#5B6878",
        "chosen": "#12161C",
        "chosen_text": "#FFFFFF",
        "dim": "#5D6570",
    }
)

CATEGORIES: Final[Mapping[str, Mapping[str, str]]] = MappingProxyType(
    {
        "dark": {
            "blue": "#4C8DFF",
            "amber": "#F2B33D",
            "violet": "#B765F2",
            "green": "#2FB67C",
            "grey": "#8A94A6",
        },
        "light": {
            "blue": "#2468DC",
            "amber": "#C98A00",
            "violet": "#8E35D0",
            "green": "#148A57",
            "grey": "#6B7687",
        },
    }
)

ROLES: Final[Mapping[str, tuple[str, str, str]]] = MappingProxyType(
    {
        "primary": ("orange", "ink", ""),
        "plain": ("raised", "text", ""),
        "outline": ("", "text", "line"),
        "danger": ("", "red", "red"),
        "white": ("white", "ink", ""),
    }
)
"""What a button's role looks like: fill, words, outline. '' is what lies behind, or no outline."""


@dataclass(frozen=True, slots=True)
class Theme:
    """The colours and sizes of one window; `scale` is 1 at 800x480."""

    name: str
    scale: float = 1.0
    family: str = FAMILIES[0]

    def color(self, token: str) -> str:
        """Look a role up; a value that already is a colour stays as it is."""
        return token if token.startswith("#") else (DARK if self.name == "dark" else LIGHT)[token]

    def category(self, name: str) -> str:
        """Look a category's colour up."""
        return CATEGORIES[self.name][name]

    def px(self, length: float) -> int:
        """Scale a length given at 800x480 to pixels; never 0."""
        return max(1, round(length * self.scale))

    def size(self, name: str) -> int:
        """Return a font size in pixels."""
        return self.px(SIZES[name])

    def pressed(self, token: str) -> str:
        """Make the colour that something of this colour has under a finger."""
        color = self.color(token)
        return mix(color, "#FFFFFF", 0.16) if luminance(color) < 0.18 else mix(color, "#000000", 0.16)


def scale_of(width: int, height: int) -> float:
    """Find the scale of a window, in quarters, so that what is 2 or 4 pixels wide at 800x480 stays sharp.

    A portrait window is measured against 480x800: its tiles and type keep their size.
    """
    short, long = sorted((width, height))
    return max(0.5, int(4 * min(short / _BASE_H, long / _BASE_W)) / 4)


def mix(color: str, other: str, share: float) -> str:
    """Mix two #RRGGBB colours; `share` is that of the other."""
    pairs = zip(channels(color), channels(other), strict=True)
    return "#" + "".join(f"{round(a + (b - a) * share):02X}" for a, b in pairs)


def channels(color: str) -> tuple[int, int, int]:
    """Split #RRGGBB into red, green and blue, 0 to 255."""
    return int(color[1:3], 16), int(color[3:5], 16), int(color[5:7], 16)


def luminance(color: str) -> float:
    """Compute the relative luminance of WCAG 2, 0 to 1."""
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in (v / 255 for v in channels(color))]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    """Compute the contrast ratio of WCAG 2, 1 to 21."""
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)
