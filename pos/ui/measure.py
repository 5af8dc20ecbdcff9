"""Measures the screen without showing anything on it.

Rule: nothing of the till is built; whoever asks may be on a machine without a screen.
"""

import tkinter as tk

from pos.errors import ScreenError


def screen_size() -> tuple[int, int]:
    """Give the screen's width and height in pixels; ScreenError if there is none."""
    try:
        root = tk.Tk(className="Kiosk")
    except tk.TclError as exc:
        raise ScreenError(str(exc)) from exc
    try:
        root.withdraw()
        return root.winfo_screenwidth(), root.winfo_screenheight()
    finally:
        root.destroy()
