"""Photographs on tiles: drawn when they are there, left out when they cannot be read."""

import logging
import tkinter as tk
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image

from . import gallery_menu as sample
from .gallery import Stage

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
