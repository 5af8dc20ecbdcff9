"""The drill, played small: nothing is lost, every fault takes effect, and a till that loses things is caught.

Rule: what is run is the command that the README tells of, in processes of its own.
"""

import json
import subprocess
import sys
import tkinter as tk
from collections.abc import Iterator
from itertools import product
from pathlib import Path
from random import Random
from typing import Any

import pytest

from bench.drill import camera, plan
from bench.drill.camera import Camera
from bench.drill.disk import Disk
from bench.drill.faults import PICTURES, RESTORES, Kind
from bench.drill.flushes import HEADER
from bench.drill.sight import Sight
from bench.drill.versions import VERSIONS
from pos import qr
from pos.demo.creation import read
from pos.demo.shop import Shop
from pos.qr import QUIET_ZONE, Modules

ROOT = Path(__file__).resolve().parents[1]
SALES, SEED = 300, 8


def drill(*options: str) -> tuple[int, dict[str, Any], str]:
    """Run the drill; give its exit code, its figures, and what it said while it ran."""
    command = [sys.executable, "-m", "bench.drill", "--json", *options]
    run = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    return run.returncode, json.loads(run.stdout) if run.stdout else {}, run.stderr


def test_nothing_is_lost_whatever_goes_wrong() -> None:
    code, figures, said = drill("--sales", str(SALES), "--seed", str(SEED), "--jobs", "4")
    assert code == 0, (figures.get("never_took_effect"), said)
    assert figures["discrepancies"] == 0
    assert figures["sales"] == SALES
    sums = figures["millisatoshi"]
    assert 0 < sums["till"] <= sums["phones"] == sums["server"] <= sums["till"] + sums["lost orders"]
    assert figures["counts"]["kills"] >= 60
    assert figures["counts"]["sales in a window"] > 0
    assert figures["counts"].get(camera.READ) or PICTURES in figures["not_possible_here"]
    assert all(figures["sales_by_server_version"].values())


@pytest.mark.parametrize("pragma", ["synchronous = OFF", "synchronous = NORMAL"])
def test_a_till_that_does_not_flush_is_caught(pragma: str) -> None:
    code, figures, said = drill("--sales", "40", "--seed", str(SEED), "--spoil", pragma)
    if Kind.POWER_CUT in figures["not_possible_here"]:
        pytest.skip(figures["not_possible_here"][Kind.POWER_CUT])
    assert code == 1
    assert "written and gone" in said


def test_the_plan_follows_from_the_seed_alone() -> None:
    assert list(plan.nights(500, 3)) == list(plan.nights(500, 3))
    assert list(plan.nights(500, 3)) != list(plan.nights(500, 4))


def test_a_longer_drill_begins_with_the_same_nights() -> None:
    assert list(plan.nights(1000, 3))[:20] == list(plan.nights(500, 3))[:20]


def test_every_kind_of_fault_is_drawn_or_is_what_a_customer_does() -> None:
    drawn = {fault.kind for night in plan.nights(2000, 1) for sale in night.sales for fault in sale.faults}
    of_customers = {Kind.PARTIAL, Kind.OVER, Kind.LATE, Kind.CANCELLED, Kind.TWICE, Kind.WHILE_DEAD}
    assert drawn | of_customers == set(Kind)


def test_every_server_version_is_played_in_as_many_nights_as_there_are_versions() -> None:
    drawn = [night.version for night in plan.nights(2000, 5)]
    size = len(VERSIONS)
    assert all(set(drawn[at : at + size]) == set(VERSIONS) for at in range(0, len(drawn) - size, size))


def test_a_backup_is_made_in_every_night_in_which_one_is_put_back() -> None:
    for night in plan.nights(2000, 5):
        if len(night.sales) > 3 and RESTORES & {fault.kind for sale in night.sales for fault in sale.faults}:
            assert any(sale.new_day for sale in night.sales)


# --- the camera ------------------------------------------------------------------------------------------------------


Screen = tuple[tk.Tk, Camera, Shop]


@pytest.fixture
def screen(tmp_path: Path, display: str) -> Iterator[Screen]:
    if reason := camera.missing():
        pytest.skip(reason)
    root, shop = tk.Tk(), Shop()
    root.overrideredirect(boolean=True)
    yield root, Camera(display, shop, tmp_path, Random(1)), shop
    root.destroy()


def issued_by(shop: Shop) -> str:
    prompt = shop.create(read({"amount": "1400", "currency": "JPY"}, shop.store, v2=True)).prompt
    assert prompt is not None
    assert prompt.node_invoice is not None
    return prompt.node_invoice.bolt11


def paint(root: tk.Tk, modules: Modules) -> None:
    canvas = tk.Canvas(root, width=500, height=500, background="white", highlightthickness=0)
    canvas.pack()
    for (y, row), x in product(enumerate(modules.rows), range(len(modules.rows))):
        if row >> x & 1:
            left, top = (QUIET_ZONE + x) * modules.px, (QUIET_ZONE + y) * modules.px
            canvas.create_rectangle(left, top, left + modules.px, top + modules.px, fill="black", width=0)
    root.update()


def test_a_qr_that_the_server_made_is_read_off_the_screen(screen: Screen) -> None:
    root, eye, shop = screen
    bolt11 = issued_by(shop)
    paint(root, qr.matrix(bolt11, 500))
    assert eye.shows(Sight("PayView", qr=bolt11))
    assert not eye.shows(Sight("PaidView"))


def test_a_qr_on_the_screen_that_the_server_did_not_make_is_caught(screen: Screen) -> None:
    root, eye, shop = screen
    paint(root, qr.matrix(issued_by(Shop()), 500))
    with pytest.raises(AssertionError, match="did not make"):
        eye.shows(Sight("PayView", qr=issued_by(shop)))


@pytest.mark.parametrize("words", ["https://example.com", "lightning:lnbcrt1"])
def test_a_qr_on_the_screen_of_another_kind_is_caught(screen: Screen, words: str) -> None:
    root, eye, _ = screen
    paint(root, qr.page(words, 500))
    with pytest.raises(AssertionError, match="a QR on the screen is not"):
        eye.shows(Sight("PaidView"))


# --- the disk after a power cut --------------------------------------------------------------------------------------


class Notebook:
    """The notes of one disk, written as a till writes them."""

    def __init__(self, folder: Path) -> None:
        self.notes = folder / "notes"
        self.disk = Disk(self.notes)
        self.journal = str(folder / "journal.db")
        self.folder = str(folder)

    def note(self, kind: bytes, name: str, number: int = 0, data: bytes = b"") -> None:
        """Note one thing."""
        with self.notes.open("ab") as notes:
            notes.write(HEADER.pack(kind, len(name.encode()), number, len(data)) + name.encode() + data)

    def flushed(self, content: bytes) -> None:
        """Note a journal with this content, and that it is on the disk."""
        self.note(b"w", self.journal, 0, content)
        self.note(b"s", self.journal)
        self.note(b"f", self.folder)


@pytest.mark.parametrize("chance", range(20))
def test_what_was_flushed_is_there_after_a_power_cut(tmp_path: Path, chance: int) -> None:
    book = Notebook(tmp_path)
    book.flushed(b"a" * 2048)
    book.note(b"w", book.journal, 2048, b"b" * 1024)
    book.disk.lose_power(Random(chance))
    content = Path(book.journal).read_bytes()
    assert content[:2048] == b"a" * 2048
    assert set(content[2048:]) <= {ord("b")}


def test_a_write_that_was_not_flushed_may_be_lost_kept_or_torn(tmp_path: Path) -> None:
    sizes = set()
    for chance in range(60):
        folder = tmp_path / str(chance)
        folder.mkdir()
        book = Notebook(folder)
        book.flushed(b"")
        book.note(b"w", book.journal, 0, b"b" * 1024)
        book.disk.lose_power(Random(chance))
        sizes.add(Path(book.journal).stat().st_size)
    assert sizes == {0, 512, 1024}


def test_a_name_that_was_not_flushed_may_be_the_old_one(tmp_path: Path) -> None:
    contents = set()
    for chance in range(60):
        folder = tmp_path / str(chance)
        folder.mkdir()
        book = Notebook(folder)
        book.flushed(b"old")
        book.note(b"w", book.journal + ".new", 0, b"new")
        book.note(b"s", book.journal + ".new")
        book.note(b"m", book.journal + ".new", 0, book.journal.encode())
        book.disk.lose_power(Random(chance))
        contents.add(Path(book.journal).read_bytes())
    assert contents == {b"old", b"new"}


def test_a_till_that_goes_on_after_a_power_cut_is_noted_from_there(tmp_path: Path) -> None:
    book = Notebook(tmp_path)
    book.flushed(b"a" * 10)
    book.disk.lose_power(Random(1))
    book.note(b"w", book.journal, 10, b"b" * 10)
    book.note(b"s", book.journal)
    book.disk.lose_power(Random(2))
    assert Path(book.journal).read_bytes() == b"a" * 10 + b"b" * 10
