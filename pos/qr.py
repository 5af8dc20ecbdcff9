"""The QR code of an invoice, or of an address: what it says, its error level and its modules.

Rule: no Tk and no I/O; the same text and the same space always give the same picture. It is as slow as an encoder
in Python is, so Tk's thread never calls it.
"""

from dataclasses import dataclass

from qrcode.main import QRCode
from qrcode.util import BIT_LIMIT_TABLE, MODE_8BIT_BYTE, MODE_ALPHA_NUM, QRData, length_in_bits

QUIET_ZONE = 4
"""Modules of white on each side (ISO/IEC 18004); decoders fail on a dark page without them."""

_SCHEME = "lightning:"
_GOOD_PX = 6
"""Pixels per module at which a camera reads level M at least as well as a larger level L."""

# Trying all eight masks takes three quarters of the encoder's time and decoders show no preference: the invoice's
# own bits are random. Mask 0 is the cheapest to compute.
_MASK = 0

_BLACK_ON_WHITE = "\x1b[38;5;16m\x1b[48;5;231m"
_NO_COLOR = "\x1b[0m"

_LEVELS = {"L": 1, "M": 0}
"""The standard's two-bit indicator of a level, which is also how `qrcode` numbers its tables."""


@dataclass(frozen=True, slots=True)
class Modules:
    """The dark modules without the quiet zone: bit x of rows[y] is column x; `px` is the side of one on the screen."""

    rows: tuple[int, ...]
    level: str
    px: int

    @property
    def side_px(self) -> int:
        """The side of the dark part, in pixels."""
        return len(self.rows) * self.px


def payload(bolt11: str) -> str:
    """Write an invoice as BTCPay's checkout does: a lower-case scheme, the invoice in upper case.

    BOLT #11 lets an invoice be in either case; upper case makes the QR smaller, and some apps refuse `LIGHTNING:`.
    """
    return _SCHEME + bolt11.upper()


def plan(bolt11: str, side_px: int) -> str:
    """Choose the error level for a square of `side_px` that includes the quiet zone.

    Pixels per module decide whether a phone reads it, so the stronger M is taken only where it costs none that matter.
    """
    px_l, px_m = (px_per_module(_modules(_version(bolt11, level)), side_px) for level in ("L", "M"))
    return "M" if px_m >= px_l or px_m >= _GOOD_PX else "L"


def px_per_module(modules: int, side_px: int) -> int:
    """Divide `side_px` among the modules and the quiet zone; whole pixels only, since blurred edges cost distance."""
    return side_px // (modules + 2 * QUIET_ZONE)


def matrix(bolt11: str, side_px: int) -> Modules:
    """Encode the payload of an invoice for a square of `side_px`.

    ValueError if it is not plain bech32 text, is too long for any QR code, is nothing but zeros for the length of a
    block (which `qrcode` 8 cannot divide and no signed invoice is), or if the square is too small for it.
    """
    level = plan(bolt11, side_px)
    version = _version(bolt11, level)
    code = QRCode(version=version, error_correction=_LEVELS[level], mask_pattern=_MASK)
    for segment in _segments(bolt11):
        code.add_data(segment)
    code.make(fit=False)
    return _drawn(code, level, side_px)


def page(text: str, side_px: int) -> Modules:
    """Encode any text, such as the address of a page, for a square of `side_px`; ValueError if that is too small."""
    code = QRCode(error_correction=_LEVELS["L"], mask_pattern=_MASK)
    code.add_data(QRData(text.encode(), mode=MODE_8BIT_BYTE, check_data=False))
    code.make(fit=True)
    return _drawn(code, "L", side_px)


def half_blocks(modules: Modules, *, colored: bool) -> str:
    """Draw a code with the characters of a terminal, two modules high.

    In colours of its own it is black on white whatever the terminal's are. Without, what is light is drawn and what is
    dark is left out: right on a dark terminal.
    """
    side = len(modules.rows) + 2 * QUIET_ZONE
    empty = [0] * QUIET_ZONE
    rows = [*empty, *(row << QUIET_ZONE for row in modules.rows), *empty, 0]
    signs = " ▀▄█" if colored else "█▄▀ "
    lines = [
        "".join(signs[(upper >> x & 1) + 2 * (lower >> x & 1)] for x in range(side))
        for upper, lower in zip(rows[0:side:2], rows[1 : side + 1 : 2], strict=True)
    ]
    return "\n".join(f"{_BLACK_ON_WHITE}{line}{_NO_COLOR}" if colored else line for line in lines)


def _drawn(code: QRCode, level: str, side_px: int) -> Modules:
    px = px_per_module(len(code.modules), side_px)
    if px < 1:
        raise ValueError(f"{side_px} px are too few for a QR code of {len(code.modules)} modules")
    rows = tuple(sum(1 << x for x, dark in enumerate(row) if dark) for row in code.modules)
    return Modules(rows, level, px)


def _segments(bolt11: str) -> tuple[QRData, QRData]:
    """Split the payload so that only the scheme pays for lower case: eight bits a character, the invoice 5.5."""
    if not (bolt11.isascii() and bolt11.isalnum()):
        raise ValueError("an invoice holds only ASCII letters and digits")
    scheme = QRData(_SCHEME.encode(), mode=MODE_8BIT_BYTE, check_data=False)
    invoice = QRData(bolt11.upper().encode(), mode=MODE_ALPHA_NUM, check_data=False)
    return scheme, invoice


def _version(bolt11: str, level: str) -> int:
    """Find the smallest version (1 to 40) with room for both segments."""
    pairs, odd = divmod(len(bolt11), 2)
    content_bits = 8 * len(_SCHEME) + 11 * pairs + 6 * odd
    for version in range(1, 41):
        header_bits = 2 * 4 + length_in_bits(MODE_8BIT_BYTE, version) + length_in_bits(MODE_ALPHA_NUM, version)
        if header_bits + content_bits <= BIT_LIMIT_TABLE[_LEVELS[level]][version]:
            return version
    raise ValueError(f"an invoice of {len(bolt11)} characters fits no QR code")


def _modules(version: int) -> int:
    return 17 + 4 * version
