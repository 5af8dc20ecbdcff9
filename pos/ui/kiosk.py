"""The whole screen, taken and kept.

Rule: it asks the window manager politely and does by size what nobody obeys; it never hides that a window is gone.
"""

import tkinter as tk

_USUAL = (1280, 720)


def take_screen(root: tk.Tk) -> None:
    """Make a window cover the screen, without a pointer."""
    root.configure(cursor="none")
    root.attributes("-fullscreen", True)
    root.attributes("-topmost", True)
    root.geometry(_whole(root))
    root.update_idletasks()


def window_size(root: tk.Tk) -> str:
    """Say how large an ordinary window is where nobody says: no larger than the screen."""
    return f"{min(_USUAL[0], root.winfo_screenwidth())}x{min(_USUAL[1], root.winfo_screenheight())}"


def keep_screen(root: tk.Tk) -> None:
    """Take the screen back from whatever took it: a dialog, an icon, a window manager that came late.

    Without a window manager the screen is taken by size. The size alone tells nothing where there is one: under
    XWayland the screen is the box around all outputs.
    """
    if root.state() != "normal":
        root.deiconify()
    if root.focus_get() is None:
        root.lift()
        root.focus_force()
    if not root.attributes("-fullscreen"):
        root.attributes("-fullscreen", True)
        if root.geometry() != _whole(root):
            root.geometry(_whole(root))


def _whole(root: tk.Tk) -> str:
    return f"{root.winfo_screenwidth()}x{root.winfo_screenheight()}+0+0"
