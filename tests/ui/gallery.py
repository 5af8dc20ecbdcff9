"""Every screen in every state, in a real window; `python -m tests.ui.gallery DIR [WxH] [light]` writes pictures."""

import sys
from pathlib import Path

from PIL import Image, ImageGrab

from pos import qr
from pos.core.touches import Touch
from pos.ui import fault
from pos.ui.first_start import first_screens
from pos.ui.screens import till_screens
from pos.ui.view import View
from pos.ui.view_fault import FaultView
from pos.ui.view_first import FirstView
from pos.ui.window import Window

from . import gallery_fault, gallery_first, gallery_menu, gallery_pay, gallery_real, gallery_service

SIZES = ("800x480", "1280x720", "1280x800", "1920x1080", "720x1280")
VIEWS: tuple[tuple[str, View | FaultView | FirstView], ...] = (
    *gallery_menu.VIEWS,
    *gallery_pay.VIEWS,
    *gallery_real.VIEWS,
    *gallery_fault.VIEWS,
    *gallery_first.VIEWS,
    *gallery_service.VIEWS,
)


class Stage:
    """A window to show views in; QRs are drawn as they are asked for, touches are kept."""

    def __init__(self, size: str, theme: str = "dark", *, kiosk: bool = False) -> None:
        self.touches: list[Touch] = []
        self._asked: list[tuple[str, int]] = []

        def draw_qr(text: str, side_px: int) -> None:
            self._asked.append((text, side_px))

        self.window = Window(
            theme,
            {**till_screens(draw_qr), **fault.SCREENS, **first_screens(draw_qr)},
            self.touches.append,
            kiosk=kiosk,
            size=size,
        )
        self.width, self.height = map(int, size.split("x"))

    def show(self, view: View | FaultView | FirstView) -> None:
        """Show a view until everything of it is painted."""
        self.window.show(view)
        while self._asked:
            text, side_px = self._asked.pop(0)
            draw = qr.page if "://" in text else qr.matrix
            self.window.qr_ready(text, side_px, draw(text, side_px))
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
