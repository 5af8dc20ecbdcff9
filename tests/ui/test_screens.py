"""Every screen in every state and size: nothing is cut, nothing overlaps, everything can be hit, the QR can be read."""

import re
import subprocess
import tkinter as tk
from collections.abc import Iterator
from itertools import combinations
from pathlib import Path
from tkinter import font as tkfont
from typing import Any

import pytest

from pos import qr
from pos.ui.drawing import Drawing
from pos.ui.geometry import Rect
from pos.ui.regions import Layer
from pos.ui.surface import Surface
from pos.ui.theme import TARGET
from pos.ui.typeset import ASCENT, DESCENT, ELLIPSIS
from pos.ui.view import PayView, View

from . import gallery
from .conftest import close

NAMES = [name for name, _ in gallery.VIEWS]
VIEWS = dict(gallery.VIEWS)

LONG = re.compile("worst|busy|away|item|five")
"""Views with names that are longer than their place: there an ellipsis is right."""

MONEY = re.compile(r"^(¥|\$|€|£|[A-Z]{3} )?\d[\d,.]*( sats)?$")


class Placed:
    """Every text as it was drawn: the rectangle that it was given, and its canvas items."""

    def __init__(self, patch: pytest.MonkeyPatch) -> None:
        self.words: dict[tk.Misc, list[tuple[str, Rect, tuple[int, ...]]]] = {}
        draw = Drawing.text

        def text(surface: Surface, rect: Rect, words: str, size: str, **look: Any) -> int:
            before = set(surface.find_all())
            width = draw(surface, rect, words, size, **look)
            items = tuple(set(surface.find_all()) - before)
            self.words.setdefault(surface, []).append((words, rect, items))
            return width

        patch.setattr(Drawing, "text", text)


@pytest.fixture(scope="module")
def placed() -> Iterator[Placed]:
    with pytest.MonkeyPatch.context() as patch:
        yield Placed(patch)


@pytest.fixture(scope="module", params=gallery.SIZES)
def stage(request: pytest.FixtureRequest, display: str, placed: Placed) -> Iterator[gallery.Stage]:
    stage = gallery.Stage(request.param)
    yield stage
    placed.words.clear()
    close(stage.window)


@pytest.fixture(params=NAMES)
def shown(request: pytest.FixtureRequest, stage: gallery.Stage) -> tuple[str, Surface]:
    stage.show(VIEWS[request.param])
    assert stage.window.surface is not None
    return request.param, stage.window.surface


def ink(surface: Surface, item: int) -> Rect:
    """Find the rectangle that a text's letters can reach, which is less than its font's line box."""
    font = tkfont.Font(surface, name=surface.itemcget(item, "font"), exists=True)
    px = -int(font.cget("size"))
    left, _, right, _ = surface.bbox(item)
    baseline = surface.coords(item)[1] + font.metrics("ascent")
    top, bottom = round(baseline - ASCENT * px), round(baseline + DESCENT * px)
    return Rect(left + 1, top, right - left - 2, bottom - top)


def area_of(surface: Surface, item: int) -> str:
    """Name the area that an item scrolls with, '' for none."""
    tags = (tag for tag in surface.gettags(item) if tag.startswith("area-"))
    return next(tags, "-").partition("-")[2]


def clip(rect: Rect, to: Rect) -> Rect:
    """Cut off what is outside."""
    x, y = max(rect.x, to.x), max(rect.y, to.y)
    return Rect(x, y, max(0, min(rect.right, to.right) - x), max(0, min(rect.bottom, to.bottom) - y))


def seen(surface: Surface) -> list[tuple[str, Rect]]:
    """List every text that can be seen and where; under a sheet only the sheet's."""
    sheet = any(region.layer == Layer.SHEET for region in surface.regions)
    floor = surface.find_all().index(surface.find_withtag(f"ceiling{Layer.CHROME}")[0])
    found = []
    for position, item in enumerate(surface.find_all()):
        if surface.type(item) != "text" or (sheet and position < floor):
            continue
        area = area_of(surface, item)
        rect = clip(ink(surface, item), surface.regions.areas[area].rect if area else surface.whole)
        if rect.w > 0 and rect.h > 0:
            found.append((surface.itemcget(item, "text"), rect))
    return found


def test_every_word_stays_in_its_place(shown: tuple[str, Surface], placed: Placed) -> None:
    _, surface = shown
    for words, rect, items in placed.words[surface]:
        for item in items:
            if surface.type(item) != "text" or area_of(surface, item):
                continue
            found = ink(surface, item)
            place = rect.inset(-1, -2)
            assert clip(found, place) == found, (words, rect, found)
            assert clip(found, surface.whole) == found, (words, found)


def test_no_word_runs_into_another(shown: tuple[str, Surface]) -> None:
    _, surface = shown
    for (one, here), (other, there) in combinations(seen(surface), 2):
        assert not here.inset(1, 3).overlaps(there.inset(1, 3)), (one, here, other, there)


def test_only_words_that_are_too_long_are_shortened_and_money_never_is(shown: tuple[str, Surface]) -> None:
    name, surface = shown
    shortened = [words for words, _ in seen(surface) if words.endswith(ELLIPSIS)]
    assert not [words for words in shortened if MONEY.match(words.rstrip(ELLIPSIS))]
    assert LONG.search(name) or not shortened


def test_every_target_is_large_enough_for_a_finger(shown: tuple[str, Surface]) -> None:
    _, surface = shown
    least = surface.theme.px(TARGET)
    for region in surface.regions:
        area = surface.regions.areas.get(region.area)
        cut = area and (region.rect.bottom >= area.rect.bottom or region.rect.y <= area.rect.y)
        cut = cut or (area and (region.rect.right >= area.rect.right or region.rect.x <= area.rect.x))
        if region.tap is not None and not cut:
            assert region.rect.w >= least, region
            assert region.rect.h >= least, region


def test_no_two_targets_share_a_pixel(shown: tuple[str, Surface]) -> None:
    _, surface = shown
    # What closes a sheet is the whole screen around it.
    targets = [region for region in surface.regions if region.tap is not None and region.rect != surface.whole]
    for one, other in combinations(targets, 2):
        assert not one.rect.overlaps(other.rect), (one, other)


def test_every_target_is_on_the_screen(shown: tuple[str, Surface]) -> None:
    _, surface = shown
    assert all(clip(region.rect, surface.whole) == region.rect for region in surface.regions if region.rect.w)


@pytest.mark.parametrize("name", ["pay-waiting-ja", "pay-worst-en", "pay-ask-back-ja", "pay-shop-ja"])
def test_the_qr_on_the_screen_is_the_invoice(stage: gallery.Stage, tmp_path: Path, name: str) -> None:
    view: View = VIEWS[name]
    assert isinstance(view, PayView)
    stage.show(view)
    path = tmp_path / "screen.png"
    stage.picture().save(path)
    command = ["zbarimg", "--nodbus", "--quiet", "--raw", "-Sdisable", "-Sqrcode.enable", str(path)]
    read = subprocess.run(command, capture_output=True, text=True, check=False)
    assert read.stdout.strip() == (qr.payload(view.qr) if view.qr else "")
