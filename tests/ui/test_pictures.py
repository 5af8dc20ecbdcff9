"""Photographs on tiles: drawn when they are there, left out when they cannot be read."""

import logging
import tkinter as tk
import zlib
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image

from . import gallery_menu as sample
from .gallery import SIZES, Stage

RED = (255, 0, 0)


def wait(stage: Stage, for_ms: int) -> None:
    """Let Tk's loop run for a while."""
    done = tk.BooleanVar(stage.window.root)
    stage.window.root.after(for_ms, lambda: done.set(True))
    stage.window.root.wait_variable(done)
    stage.window.root.update()


def reds(stage: Stage) -> int:
    """Count the pixels that are plainly red."""
    colors = stage.picture().getcolors(1 << 20) or []
    return sum(count for count, (red, green, blue) in colors if red > 240 and green < 20 and blue < 20)


@pytest.mark.parametrize("kind", ["png", "jpeg", "webp"])
def test_a_picture_appears_on_its_tile(open_stage: Callable[..., Stage], tmp_path: Path, kind: str) -> None:
    path = tmp_path / f"beer.{kind}"
    Image.new("RGB", (900, 600), RED).save(path)
    stage = open_stage()
    tiles = (replace(sample.TILES_JA[0], picture=str(path)), *sample.TILES_JA[1:])
    stage.show(replace(sample.ORDER_JA, tiles=tiles))
    wait(stage, 200)
    assert reds(stage) > 2000


@pytest.mark.parametrize("badge", ["", "2"])
@pytest.mark.parametrize("size", SIZES)
def test_an_item_with_a_picture_keeps_its_name_and_its_price(
    open_stage: Callable[..., Stage], tmp_path: Path, size: str, badge: str
) -> None:
    """The picture took the whole tile: "…" stood where the name was, and nothing where the price was."""
    path = tmp_path / "beer.png"
    Image.new("RGB", (600, 600), RED).save(path)
    stage = open_stage(size)
    tile = replace(sample.TILES_JA[1], picture=str(path), badge=badge)
    stage.show(replace(sample.ORDER_JA, tiles=(tile,), lines=()))
    wait(stage, 100)
    surface = stage.window.surface
    assert surface is not None
    assert badge or reds(stage) > 500
    texts = [item for item in surface.find_withtag("area-tiles") if surface.type(item) == "text"]
    assert "".join(surface.itemcget(item, "text") for item in texts) == tile.name + badge + tile.price


def test_a_picture_that_cannot_be_read_is_left_out_and_logged_once(
    open_stage: Callable[..., Stage], tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    path = tmp_path / "beer.png"
    path.write_bytes(b"\x89PNG\r\n\x1a\nnothing")
    stage = open_stage()
    tiles = (replace(sample.TILES_JA[0], picture=str(path)), *sample.TILES_JA[1:])
    with caplog.at_level(logging.WARNING):
        for badge in ("1", "2"):
            stage.show(replace(sample.ORDER_JA, tiles=(replace(tiles[0], badge=badge), *tiles[1:])))
            wait(stage, 100)
    assert [record.getMessage() for record in caplog.records if str(path) in record.getMessage()] != []
    assert sum(str(path) in record.getMessage() for record in caplog.records) == 1


def chunk(kind: bytes, data: bytes) -> bytes:
    """Write one part of a PNG."""
    return len(data).to_bytes(4, "big") + kind + data + zlib.crc32(kind + data).to_bytes(4, "big")


def png(width: int, height: int, rows: bytes) -> bytes:
    """Write a grey PNG of which the rows may be anything."""
    head = width.to_bytes(4, "big") + height.to_bytes(4, "big") + bytes((8, 0, 0, 0, 0))
    parts = chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(rows, 9)) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + parts


def noise() -> Image.Image:
    return Image.effect_noise((300, 300), 80).convert("RGB")


def truncated(path: Path) -> None:
    noise().save(path, "PNG")
    path.write_bytes(path.read_bytes()[:20_000])


def of_another_kind(path: Path) -> None:
    noise().save(path, "TIFF")


def with_a_huge_text(path: Path) -> None:
    text = chunk(b"zTXt", b"note\0\0" + zlib.compress(bytes(200_000_000), 9))
    good = png(100, 100, bytes(101 * 100))
    path.write_bytes(good[:33] + text + good[33:])


@pytest.mark.parametrize(
    "spoil",
    [
        pytest.param(lambda path: path.write_bytes(png(4001, 4000, bytes(4002 * 4000))), id="16 million pixels"),
        pytest.param(lambda path: path.write_bytes(png(12_000, 12_000, bytes(10))), id="Pillow warns of a bomb"),
        pytest.param(lambda path: path.write_bytes(png(65_000, 65_000, bytes(10))), id="Pillow refuses a bomb"),
        pytest.param(lambda path: path.write_bytes(png(2**31 - 1, 2**31 - 1, b"")), id="no memory holds it"),
        pytest.param(lambda path: path.write_bytes(png(0, 0, b"")), id="no pixels"),
        pytest.param(lambda path: path.write_bytes(b""), id="empty"),
        truncated,
        of_another_kind,
        with_a_huge_text,
    ],
)
def test_a_picture_made_to_do_harm_leaves_the_menu_as_it_is(
    open_stage: Callable[..., Stage], tmp_path: Path, caplog: pytest.LogCaptureFixture, spoil: Callable[[Path], None]
) -> None:
    path = tmp_path / "beer.png"
    spoil(path)
    stage = open_stage()
    stage.show(replace(sample.ORDER_JA, tiles=(replace(sample.TILES_JA[0], picture=str(path)), *sample.TILES_JA[1:])))
    before = stage.picture()
    wait(stage, 100)
    assert stage.picture().tobytes() == before.tobytes()
    assert sum(str(path) in record.getMessage() for record in caplog.records) == 1


def test_a_large_photograph_of_a_telephone_is_shown(open_stage: Callable[..., Stage], tmp_path: Path) -> None:
    path = tmp_path / "beer.jpg"
    Image.new("RGB", (5712, 4284), RED).save(path, quality=30)
    stage = open_stage()
    stage.show(replace(sample.ORDER_JA, tiles=(replace(sample.TILES_JA[0], picture=str(path)), *sample.TILES_JA[1:])))
    for _ in range(50):
        wait(stage, 100)
        if reds(stage):
            break
    assert reds(stage) > 2000


def test_of_a_picture_that_moves_the_first_frame_is_shown(open_stage: Callable[..., Stage], tmp_path: Path) -> None:
    path = tmp_path / "beer.png"
    frames = [Image.new("RGB", (90, 90), color) for color in (RED, (0, 0, 255), (0, 255, 0))]
    frames[0].save(path, save_all=True, append_images=frames[1:], duration=20)
    stage = open_stage()
    stage.show(replace(sample.ORDER_JA, tiles=(replace(sample.TILES_JA[0], picture=str(path)), *sample.TILES_JA[1:])))
    wait(stage, 200)
    assert reds(stage) > 2000
