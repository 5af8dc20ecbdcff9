"""`run_kiosk.py status`: what it says, and that it disturbs no till."""

import json
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from pos.commands.status import main
from pos.core.payment_events import Entry, Opened
from pos.core.salvage import Salvaged
from pos.exit_code import Exit
from pos.house import Clocks
from pos.journal import record
from pos.journal.journal import Journal
from pos.journal.schema import migrate
from pos.service import POLL_FAILURES, POLLS, TAP_TO_QR
from pos.upkeep import day_now
from tests.samples import ATTEMPT, T0_S, WORDS

ROOT = Path(__file__).resolve().parents[2]
EN = WORDS["en"]


@pytest.fixture
def config(tmp_path: Path) -> Path:
    """Write a configuration with its journal beside it."""
    text = (ROOT / "kiosk.yaml").read_text(encoding="utf-8").replace("language: ja", "language: en")
    (tmp_path / "kiosk.yaml").write_text(text, encoding="utf-8")
    return tmp_path / "kiosk.yaml"


@pytest.fixture
def journal(config: Path) -> Iterator[Journal]:
    """Keep a till's journal open, with a day in it."""
    journal = Journal(config.parent / "var" / "journal.db")
    clocks = Clocks(lambda: T0_S * 1000, lambda: 0.0, lambda: 0)
    # Today, a day of this week, one long ago, and one that a clock has left which leapt ahead.
    days = (day_now(_real()), day_now(_real(), days_ago=3), day_now(clocks, days_ago=3650), "2199-01-01")
    for day in days:
        journal.add_service(day, {(TAP_TO_QR, 300): 2, (TAP_TO_QR, 5000): 1, (POLLS, 0): 1000, (POLL_FAILURES, 0): 4})
    journal.append([Entry(ATTEMPT.id, Opened(ATTEMPT), final=False)], T0_S * 1000)
    for aside in ("first", "second"):
        journal._insert([(T0_S * 1000, "salvage", *record.write(Salvaged(aside, 1, 0, 0)), 0)])
    journal.note_salvage_seen("first", T0_S * 1000)
    yield journal
    journal.close()


def _real() -> Clocks:
    return Clocks(lambda: time.time_ns() // 1_000_000, time.monotonic, lambda: time.localtime().tm_gmtoff)


def told(config: Path, capsys: pytest.CaptureFixture[str], *options: str) -> str:
    """Run the command, which succeeds, and give what it printed."""
    assert main(["--config", str(config), *options]) == 0
    return capsys.readouterr().out


def test_it_tells_people_how_the_till_served_while_the_till_runs(
    config: Path, journal: Journal, capsys: pytest.CaptureFixture[str]
) -> None:
    lines = told(config, capsys).splitlines()
    assert lines[0].startswith(f"{EN('service.name')}: K1 · ")
    assert f"{EN('service.open')}: 1" in lines
    assert f"{EN('service.salvages')}: 1" in lines
    today, week = lines.index(EN("service.today")), lines.index(EN("service.week"))
    assert lines[today + 1].endswith("Half ≤ 300 ms, 95 % ≤ 5 s, 99 % ≤ 5 s, Longest ≤ 5 s, Times 3")
    assert lines[today + 2].endswith("–")
    assert lines[week + 1].endswith("Times 6")
    assert lines[week + 3].strip() == f"{EN('service.failed')}: 8 / 2,000"
    assert lines[-1] == EN("service.note")


def test_it_tells_machines_the_same(config: Path, journal: Journal, capsys: pytest.CaptureFixture[str]) -> None:
    report = json.loads(told(config, capsys, "--json"))
    assert (report["till"], report["open_payments"], report["salvages_unseen"]) == ("K1", 1, 1)
    assert report["service"]["week"]["to_qr"] == {
        "count": 6, "half_ms": 300, "most_ms": 5000, "nearly_all_ms": 5000, "longest_ms": 5000,
    }
    assert report["free_bytes"] > 0


def test_of_a_till_that_does_not_run_nothing_is_left_beside_the_journal(
    config: Path, journal: Journal, capsys: pytest.CaptureFixture[str]
) -> None:
    journal.close()
    before = sorted(config.parent.rglob("*"))
    told(config, capsys)
    assert sorted(config.parent.rglob("*")) == before


def test_a_journal_of_the_first_version_has_nothing_measured(config: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (config.parent / "var").mkdir()
    db = sqlite3.connect(config.parent / "var" / "journal.db", isolation_level=None)
    migrate(db, 1)
    db.close()
    assert json.loads(told(config, capsys, "--json"))["service"]["week"]["polls"] == 0


def refused(config: Path, *options: str) -> tuple[str, str]:
    """Run the command as its owner does, which fails for its journal, and give what it printed and complained."""
    command = [sys.executable, "run_kiosk.py", "status", "--config", str(config), *options]
    run = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert run.returncode == Exit.JOURNAL
    return run.stdout, run.stderr


def test_before_the_first_start_it_says_so_in_one_sentence(config: Path) -> None:
    assert refused(config) == ("", EN("service.not_started") + "\n")
    assert not (config.parent / "var").exists()


def test_machines_are_told_as_well_why_there_is_nothing_to_show(config: Path) -> None:
    told = json.loads(refused(config, "--json")[0])
    assert (told["till"], told["problem"]) == ("K1", "not_started")


def test_of_a_damaged_journal_it_says_that_a_start_mends_it(config: Path, journal: Journal) -> None:
    journal.close()
    path = config.parent / "var" / "journal.db"
    path.write_bytes(bytes(range(256)) * 64)
    assert refused(config) == ("", EN("service.broken", file=path) + "\n")


def test_a_journal_that_is_gone_is_not_a_till_that_was_never_started(config: Path, journal: Journal) -> None:
    journal.close()
    path = config.parent / "var" / "journal.db"
    path.unlink()
    assert refused(config) == ("", EN("service.lost", file=path) + "\n")


def test_a_journal_behind_anothers_door_is_not_said_to_be_missing(config: Path) -> None:
    # A file where the folder should be fails in the same way as a folder of another user's, and for root too.
    (config.parent / "var").write_bytes(b"")
    path = config.parent / "var" / "journal.db"
    assert refused(config)[1] == EN("service.unreadable", file=path, why="unable to open database file") + "\n"
