"""The QR code of an invoice: what decoders read from it, and how large it comes out."""

import random
import shutil
import subprocess
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image
from qrcode.constants import ERROR_CORRECT_L
from qrcode.main import QRCode

from pos import qr

BECH32 = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"
FINDER = (0b1111111, 0b1000001, 0b1011101, 0b1011101, 0b1011101, 0b1000001, 0b1111111)

needs_zbarimg = pytest.mark.skipif(shutil.which("zbarimg") is None, reason="zbarimg is not installed")


def an_invoice(length: int, seed: int = 0) -> str:
    dice = random.Random(seed)
    return "lnbc" + "".join(dice.choice(BECH32) for _ in range(length - 4))


def save_png(modules: qr.Modules, path: Path, side_px: int) -> None:
    """Draw modules in the middle of a white square, as a screen does."""
    size = len(modules.rows)
    small = Image.new("1", (size, size), 1)
    small.putdata([0 if row >> x & 1 else 1 for row in modules.rows for x in range(size)])
    picture = Image.new("1", (side_px, side_px), 1)
    corner = (side_px - modules.side_px) // 2
    picture.paste(small.resize((modules.side_px, modules.side_px), Image.Resampling.NEAREST), (corner, corner))
    picture.save(path)


def test_scheme_stays_lower_case_and_invoice_becomes_upper_case() -> None:
    assert qr.payload("lnbc1qz") == "lightning:LNBC1QZ"


@needs_zbarimg
def test_fifty_invoices_of_real_lengths_are_read_exactly_by_another_decoder(tmp_path: Path) -> None:
    invoices = [an_invoice(260 + 7 * number, number) for number in range(50)]
    paths = [tmp_path / f"{number:02}.png" for number in range(50)]
    for invoice, path in zip(invoices, paths, strict=True):
        save_png(qr.matrix(invoice, 480), path, 480)
    # Only QR codes: among so many stripes zbarimg now and then believes to see an old bar code as well.
    command = ["zbarimg", "--quiet", "--nodbus", "--raw", "-Sdisable", "-Sqrcode.enable", *map(str, paths)]
    read = subprocess.run(command, check=True, capture_output=True, text=True)
    assert read.stdout.split() == [qr.payload(invoice) for invoice in invoices]


@pytest.mark.parametrize(
    ("length", "side_px", "level", "modules", "px"),
    [
        (290, 480, "M", 57, 7),  # costs nothing: 53 modules would be 7 px as well
        (297, 400, "L", 53, 6),  # M would be 5 px
        (297, 480, "M", 61, 6),  # L would be 7 px, and 6 are enough
        (420, 440, "L", 61, 6),
        (420, 480, "M", 69, 6),
        (600, 480, "L", 69, 6),
        (600, 720, "M", 81, 8),
        (700, 440, "L", 77, 5),
        (700, 480, "M", 85, 5),  # both are small, M costs nothing
    ],
)
def test_stronger_level_is_taken_only_where_modules_stay_large(
    length: int, side_px: int, level: str, modules: int, px: int
) -> None:
    code = qr.matrix(an_invoice(length), side_px)
    assert (code.level, len(code.rows), code.px) == (level, modules, px)


def test_scheme_in_its_own_segment_saves_two_versions_over_one_byte_segment() -> None:
    as_bytes = QRCode(error_correction=ERROR_CORRECT_L)
    as_bytes.add_data(qr.payload(an_invoice(350)), optimize=0)
    assert 17 + 4 * as_bytes.best_fit() == 65
    code = qr.matrix(an_invoice(350), 400)
    assert (code.level, len(code.rows)) == ("L", 57)


@settings(max_examples=60, deadline=None)
@given(st.integers(200, 1200), st.integers(300, 1080), st.randoms(use_true_random=False))
def test_every_code_is_square_framed_by_finders_and_fits_with_its_quiet_zone(
    length: int, side_px: int, dice: random.Random
) -> None:
    invoice = "lnbcrt" + "".join(dice.choice(BECH32) for _ in range(length))
    code = qr.matrix(invoice, side_px)
    size = len(code.rows)
    assert (size - 17) % 4 == 0
    assert all(0 <= row < 1 << size for row in code.rows)
    assert tuple(row & 0x7F for row in code.rows[:7]) == FINDER
    assert tuple(row >> (size - 7) for row in code.rows[:7]) == FINDER
    assert tuple(row & 0x7F for row in code.rows[-7:]) == FINDER
    assert code.px * (size + 2 * qr.QUIET_ZONE) <= side_px < (code.px + 1) * (size + 2 * qr.QUIET_ZONE)


@pytest.mark.parametrize("text", ["", "lnbc 1", "lnbc1é", "lnbc1:"])
def test_text_that_is_no_invoice_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="letters and digits"):
        qr.matrix(text, 480)


def test_invoice_longer_than_any_code_is_refused() -> None:
    with pytest.raises(ValueError, match="fits no QR code"):
        qr.matrix(an_invoice(5000), 480)


def test_space_too_small_for_whole_pixels_is_refused() -> None:
    with pytest.raises(ValueError, match="too few"):
        qr.matrix(an_invoice(395), 60)


# --- addresses, and terminals ----------------------------------------------------------------------------------------

ADDRESS = "https://btcpay.example.com/api-keys/authorize?applicationName=Bar%20Kiosk&strict=true&selectiveStores=true"


def test_an_address_is_encoded_letter_by_letter() -> None:
    code = QRCode(error_correction=ERROR_CORRECT_L, mask_pattern=0)
    code.add_data(ADDRESS.encode(), optimize=0)
    code.make(fit=True)
    expected = tuple(sum(1 << x for x, dark in enumerate(row) if dark) for row in code.modules)
    assert qr.page(ADDRESS, 400).rows == expected


def test_a_square_too_small_for_an_address_is_refused() -> None:
    with pytest.raises(ValueError, match="40 px are too few"):
        qr.page(ADDRESS, 40)


@needs_zbarimg
def test_a_decoder_reads_an_address(tmp_path: Path) -> None:
    picture = tmp_path / "qr.png"
    save_png(qr.page(ADDRESS, 400), picture, 400)
    run = subprocess.run(["zbarimg", "--quiet", "--raw", str(picture)], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == ADDRESS


@pytest.mark.parametrize(("colored", "inked"), [(True, {"▀": (1, 0), "▄": (0, 1), "█": (1, 1), " ": (0, 0)}),
                                                (False, {"▄": (1, 0), "▀": (0, 1), " ": (1, 1), "█": (0, 0)})])
def test_a_terminal_shows_every_module_and_the_quiet_zone(*, colored: bool, inked: dict[str, tuple[int, int]]) -> None:
    modules = qr.page(ADDRESS, 400)
    lines = [line.replace("\x1b[38;5;16m\x1b[48;5;231m", "").replace("\x1b[0m", "")
             for line in qr.half_blocks(modules, colored=colored).split("\n")]
    halves = [[inked[sign][half] for sign in line] for line in lines for half in (0, 1)]
    side, quiet = len(modules.rows), qr.QUIET_ZONE
    assert all(len(row) == side + 2 * quiet for row in halves)
    inside = [row[quiet:-quiet] for row in halves[quiet : quiet + side]]
    assert inside == [[row >> x & 1 for x in range(side)] for row in modules.rows]
    around = [*halves[:quiet], *halves[quiet + side :], *(row[:quiet] + row[-quiet:] for row in halves)]
    assert not any(dark for row in around for dark in row)
