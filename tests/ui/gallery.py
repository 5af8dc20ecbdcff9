"""Every screen in every state, in a real window; `python -m tests.ui.gallery DIR [WxH] [light]` writes pictures."""

import sys
from pathlib import Path

from PIL import Image, ImageGrab

from pos import qr
from pos.core.touches import Touch
from pos.ui.view import View
from pos.ui.window import Window

from . import gallery_menu, gallery_pay, gallery_real

SIZES = ("800x480", "1280x720", "1280x800", "1920x1080", "720x1280")
VIEWS: tuple[tuple[str, View], ...] = (*gallery_menu.VIEWS, *gallery_pay.VIEWS, *gallery_real.VIEWS)


class Stage:
    """A window to show views in; QRs are drawn as they are asked for, touches are kept."""

    def __init__(self, size: str, theme: str = "dark", *, kiosk: bool = False) -> None:
        self.touches: list[Touch] = []
        self._asked: list[tuple[str, int]] = []
        self.window = Window(
            theme,
            self.touches.append,
            lambda text, side: self._asked.append((text, side)),
            kiosk=kiosk,
            size=size,
        )
        self.width, self.height = map(int, size.split("x"))

    def show(self, view: View) -> None:
        """Show a view until everything of it is painted."""
        self.window.show(view)
        while self._asked:
            text, side_px = self._asked.pop(0)
            self.window.qr_ready(text, side_px, qr.matrix(text, side_px))
        self.window.root.update()

    def picture(self) -> Image.Image:
        """Photograph the window."""
        return ImageGrab.grab(bbox=(0, 0, self.width, self.height), xdisplay="")


def main(directory: Path, sizes: tuple[str, ...], theme: str) -> None:
    """Write a picture of each view in each size."""
    directory.mkdir(parents=True, exist_ok=True)
    for size in sizes:
        stage = Stage(size, theme)
        for name, view in VIEWS:
            stage.show(view)
            stage.picture().save(directory / f"{size}-{name}.png")
        stage.window.close()


if __name__ == "__main__":
    words = sys.argv[2:]
    main(
        Path(sys.argv[1]),
        tuple(word for word in words if "x" in word) or SIZES,
        "light" if "light" in words else "dark",
    )
