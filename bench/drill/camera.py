"""Takes pictures of a till's screen as the X server has it, and has another program read the QR on them.

Rule: nothing here asks the till what it has drawn. What is read must be the QR that people are to see, as the server
made it; an invoice that failed its check is none of the server's.
"""

import shutil
import subprocess
from collections import Counter as Tally
from pathlib import Path
from random import Random

from PIL import Image, ImageGrab, features

from bench.drill.sight import Sight
from pos.demo.lightning import UnknownInvoice
from pos.demo.shop import Shop

SCHEME = "lightning:"
READ, EMPTY = "QRs read off the screen", "screens without a QR photographed"
"""What is counted."""
_READER = "zbarimg"
_SHARE = 0.75
"""So many screens of a sale are photographed; the customers at the others are quicker than a camera."""
_KINDS = ("PayView", "TroubleView", "PaidView")


def missing() -> str:
    """Say what there is too little of here to read a QR off a screen; '' if there is everything."""
    if shutil.which(_READER) is None:
        return f"{_READER} is not installed"
    return "" if features.check("xcb") else "Pillow cannot take pictures of a screen"


class Camera:
    """Looks at a display that one till has alone; `shop` made the invoices, `counts` says how often what was seen."""

    def __init__(self, display: str, shop: Shop, folder: Path, dice: Random) -> None:
        self.counts: Tally[str] = Tally()
        self._display = display
        self._shop = shop
        self._file = folder / "screen.png"
        self._dice = dice
        self._judged: tuple[str, str] = ("", "")

    def wants(self, sight: Sight) -> bool:
        """Tell whether a screen that people see now is to be photographed; the first QR always is."""
        screen = (sight.kind, sight.qr)
        if sight.kind not in _KINDS or sight.covered or screen == self._judged:
            return False
        self._judged = screen
        first = bool(sight.qr) and not self.counts[READ]
        return first or self._dice.random() < _SHARE

    def shows(self, sight: Sight) -> bool:
        """Take a picture and tell whether it shows what people are to see; AssertionError for a QR of nobody's."""
        read = self._read()
        for text in read:
            self._judge(text)
        return read == ([SCHEME + sight.qr.upper()] if sight.qr else [])

    def count(self, sight: Sight) -> None:
        """Note that a screen was as it has to be."""
        self.counts[READ if sight.qr else EMPTY] += 1

    def _read(self) -> list[str]:
        picture: Image.Image = ImageGrab.grab(xdisplay=self._display)
        picture.save(self._file, compress_level=1)
        command = [_READER, "--nodbus", "--quiet", "--raw", "-Sdisable", "-Sqrcode.enable", str(self._file)]
        return subprocess.run(command, capture_output=True, text=True, check=False).stdout.splitlines()

    def _judge(self, text: str) -> None:
        bolt11 = text.removeprefix(SCHEME)
        assert bolt11 != text, f"a QR on the screen is not Lightning's: {text}"
        assert bolt11.isupper(), f"a QR on the screen is not in upper case: {text}"
        try:
            self._shop.invoice_of(bolt11.lower())
        except UnknownInvoice as exc:
            raise AssertionError(f"the picture of the screen has a QR that the server did not make: {text}") from exc
