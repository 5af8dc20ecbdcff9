"""The drill, played small: nothing is lost, every fault takes effect, and a till that loses things is caught.

Rule: what is run is the command that the README tells of, in processes of its own.
"""

import json
import subprocess
import sys
from pathlib import Path
from random import Random
from typing import Any

import pytest

from bench.drill import plan
from bench.drill.disk import Disk
from bench.drill.faults import Kind
from bench.drill.flushes import HEADER

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
    sums = figures["satoshi"]
    assert sums["phones"] == sums["server"] == sums["till"] > 0
    assert figures["counts"]["kills"] >= 60
    assert figures["counts"]["sales in a window"] > 0


@pytest.mark.parametrize("pragma", ["synchronous = OFF", "synchronous = NORMAL"])
def test_a_till_that_does_not_flush_is_caught(pragma: str) -> None:
    code, figures, said = drill("--sales", "80", "--seed", str(SEED), "--spoil", pragma)
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
