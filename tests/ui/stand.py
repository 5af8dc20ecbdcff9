"""One screen in a real window of a given size, and a camera."""

import subprocess
import tkinter as tk
from pathlib import Path
from typing import Any, TypeVar

from PIL import Image, ImageGrab

from pos.core.touches import Touch
from pos.ui.geometry import Rect
from pos.ui.theme import Theme

S = TypeVar("S", bound=Any)


class Stand:
    """A window of one size; `touches` are those that were reported."""

    def __init__(self, root: tk.Tk, size: str = "800x480", theme: str = "dark") -> None:
        self.root = root
        self.theme = Theme(theme)
        self.touches: list[Touch] = []
        self.width, self.height = map(int, size.split("x"))
        root.geometry(f"{size}+0+0")
        root.update()

    def put_up(self, screen: S) -> S:
        """Let a screen fill the window."""
        screen.surface.place(x=0, y=0, relwidth=1, relheight=1)
        screen.resize(self.width, self.height)
        self.root.update()
        return screen

    def picture(self, rect: Rect | None = None) -> Image.Image:
        """Photograph the window, or a part of it."""
        self.root.update()
        part = rect or Rect(0, 0, self.width, self.height)
        return ImageGrab.grab(bbox=(part.x, part.y, part.right, part.bottom), xdisplay="").convert("RGB")


def read_qr(picture: Image.Image, directory: Path) -> str:
    """Decode a picture with zbarimg; '' where there is no QR code."""
    path = directory / "screen.png"
    picture.save(path)
    command = ["zbarimg", "--quiet", "--nodbus", "--raw", "-Sdisable", "-Sqrcode.enable", str(path)]
    return subprocess.run(command, capture_output=True, text=True, check=False).stdout.strip()
