"""The bitmap of a QR, read back as Tk reads it."""

import re

import pytest

from pos import qr
from pos.ui.qr_picture import xbm

from .gallery_pay import BOLT11


@pytest.mark.parametrize("side_px", [300, 480, 1080])
def test_bitmap_has_a_square_of_whole_pixels_for_each_module(side_px: int) -> None:
    modules = qr.matrix(BOLT11, side_px)
    text = xbm(modules)
    side = modules.side_px
    assert text.startswith(f"#define qr_width {side}\n#define qr_height {side}\n")
    data = bytes(int(byte, 16) for byte in re.findall(r"0x[0-9a-f]{1,2}", text))
    stride = len(data) // side
    assert stride == (side + 7) // 8
    read = tuple(
        sum(
            (data[y * modules.px * stride + x * modules.px // 8] >> (x * modules.px % 8) & 1) << x
            for x in range(len(modules.rows))
        )
        for y in range(len(modules.rows))
    )
    assert read == modules.rows
    first_line, same_module = data[:stride], data[(modules.px - 1) * stride : modules.px * stride]
    assert first_line == same_module
