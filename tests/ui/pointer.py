"""A finger and a keyboard for a surface: Tk's own events, generated."""

import tkinter as tk

from pos.core.touches import Touch
from pos.ui.geometry import Rect
from pos.ui.surface import Surface


def press(surface: Surface, x: int, y: int) -> None:
    """Put the finger down."""
    surface.event_generate("<ButtonPress-1>", x=x, y=y)


def drag(surface: Surface, x: int, y: int) -> None:
    """Move the finger while it is down."""
    surface.event_generate("<B1-Motion>", x=x, y=y)


def release(surface: Surface, x: int, y: int) -> None:
    """Lift the finger."""
    surface.event_generate("<ButtonRelease-1>", x=x, y=y)


def tap(surface: Surface, touch: Touch) -> None:
    """Tap the middle of what reports this touch."""
    rect = place_of(surface, touch)
    press(surface, rect.center_x, rect.center_y)
    release(surface, rect.center_x, rect.center_y)


def place_of(surface: Surface, touch: Touch) -> Rect:
    """Find where something can be touched; the newest of several."""
    return [region.rect for region in surface.regions if region.tap == touch][-1]


def can_touch(surface: Surface, touch: Touch) -> bool:
    """Tell whether a touch can be made at all."""
    return any(region.tap == touch and region.rect.w and region.rect.h for region in surface.regions)


def type_key(root: tk.Misc, keysym: str, time_ms: int) -> None:
    """Press a key; a window without a window manager has to be given the keyboard first."""
    root.focus_force()
    root.update()
    root.event_generate(f"<KeyPress-{keysym}>", time=time_ms)


def words_on(surface: Surface) -> list[str]:
    """Read every text that is drawn."""
    texts = (item for item in surface.find_all() if surface.type(item) == "text")
    return [surface.itemcget(item, "text") for item in texts]
