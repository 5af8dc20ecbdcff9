"""`run_kiosk.py restore`, as an owner runs it."""

import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from pos import app
from pos.core.payment_events import Entry, Opened
from pos.errors import JournalNewer
from pos.exit_code import Exit
from pos.journal import backup, salvage
from pos.journal.journal import Journal
from tests.samples import ATTEMPT
from tests.wrecks import NOW_MS, rows_in, spoil

ROOT = Path(__file__).resolve().parents[2]

Said = Callable[[], tuple[str, str]]


@pytest.fixture
def config(tmp_path: Path) -> Path:
    text = (ROOT / "kiosk.yaml").read_text(encoding="utf-8")
    path = tmp_path / "kiosk.yaml"
    path.write_text(text.replace("language: ja", "language: en"), encoding="utf-8")
    return path


@pytest.fixture
def path(config: Path) -> Path:
    return config.parent / "var" / "journal.db"


def sell(path: Path, *numbers: int, intent: str = "5eed01") -> None:
    journal = salvage.take_up(path, backup.copies(path), NOW_MS, Journal)
    for number in numbers:
        attempt = replace(ATTEMPT, intent=intent, order=replace(ATTEMPT.order, number=number))
        journal.append([Entry(attempt.id, Opened(attempt), final=False)], number)
    journal.close()


def make_newer(path: Path) -> None:
    with closing(sqlite3.connect(path)) as db:
        db.executescript("CREATE TABLE of_a_newer_till (name TEXT); PRAGMA user_version = 99")


def run(config: Path, *words: str) -> int:
    return app.main(["restore", *words, "--config", str(config)])


def test_without_backups_it_says_so(config: Path, path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(config) == 0
    assert capsys.readouterr().out == f"There are no backups in {path.parent / 'backup'}.\n"


def test_backups_are_listed_with_what_they_hold(
    config: Path, path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    sell(path)
    backup.make(path, "2026-11-19")
    sell(path, 1, 2)
    backup.make(path, "2026-11-20")
    sell(path, 3)
    backup.make(path, "2026-11-21")
    backup.make(path, "2026-11-22")
    spoil(backup.copy_of(path, "2026-11-22"), 0, bytes(4096))
    assert run(config) == 0
    assert capsys.readouterr().out.splitlines()[1:] == [
        "  2026-11-22  damaged",
        "  2026-11-21  orders: 3, the last: K1-0003-1",
        "  2026-11-20  orders: 2, the last: K1-0002-1",
        "  2026-11-19  orders: 0, the last: -",
        f"To put one back: python3 run_kiosk.py restore 2026-11-21 --config {config}",
    ]


def test_a_lost_journal_is_brought_back_by_the_day_of_its_backup(
    config: Path, path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    sell(path, 1, 2, 3)
    backup.make(path, "2026-11-21")
    before = rows_in(path)
    path.unlink()
    assert run(config, "2026-11-21") == 0
    said = capsys.readouterr().out
    assert "Entries: 3, of these only in the backup: 3." in said
    assert "is kept as" not in said, "there was none"
    assert "Order numbers go on at 1001" in said
    assert rows_in(path)[:3] == before
    journal = salvage.take_up(path, [], NOW_MS, Journal)
    (report,) = journal.unseen_salvages()
    assert (report.kept, report.from_backup, journal.last_number()) == (3, 3, 1000)
    journal.close()


def test_a_journal_that_is_whole_and_has_all_of_the_backup_is_left_alone(
    config: Path, path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    sell(path, 1, 2)
    backup.make(path, "2026-11-21")
    sell(path, 3, 4)
    before = path.read_bytes()
    assert run(config, "2026-11-21") == 0
    said = capsys.readouterr().out
    assert said == "Everything in this backup is in the journal already. Nothing was changed.\n"
    assert (path.read_bytes(), list(path.parent.glob("journal.*-*.db"))) == (before, [])
    journal = salvage.take_up(path, [], NOW_MS, Journal)
    assert (journal.unseen_salvages(), journal.last_number()) == ((), 4)
    journal.close()


def test_what_is_newer_than_the_backup_is_kept(
    config: Path, path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    sell(path, 1, 2)
    backup.make(path, "2026-11-21")
    sell(path, 3, 4)
    before = rows_in(path)
    spoil(path, 0, bytes(100))
    content = path.read_bytes()
    assert run(config, "2026-11-21") == 0
    assert rows_in(path)[:4] == before
    assert "of these only in the backup: 0." in capsys.readouterr().out
    (aside,) = path.parent.glob("journal.damaged-*.db")
    assert aside.read_bytes() == content


def test_a_whole_journal_that_a_backup_adds_to_is_not_put_aside_as_damaged(
    config: Path, path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    sell(path, 1, 2)
    older = path.read_bytes()
    sell(path, 3)
    backup.make(path, "2026-11-21")
    path.write_bytes(older)
    assert run(config, "2026-11-21") == 0
    said = capsys.readouterr().out
    assert "Entries: 3, of these only in the backup: 1." in said
    (aside,) = path.parent.glob("journal.*-*.db")
    assert aside.name.startswith("journal.before-restore-")
    assert aside.name in said
    assert aside.read_bytes() == older
    journal = salvage.take_up(path, [], NOW_MS, Journal)
    assert [report.put_back for report in journal.unseen_salvages()] == [True]
    journal.close()


def test_a_backup_of_a_newer_till_is_put_back_by_nobody_who_does_not_know_all_of_it(
    config: Path, path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    sell(path, 1, 2)
    backup.make(path, "2026-11-21")
    (copy,) = backup.copies(path)
    make_newer(copy)
    path.unlink()
    assert run(config) == 0
    assert "  2026-11-21  of a newer version of the till\n" in capsys.readouterr().out
    assert run(config, "2026-11-21") == Exit.FAILED
    assert capsys.readouterr().err.startswith("A newer version of the till made this backup.")
    with pytest.raises(JournalNewer):
        sell(path)
    assert not path.exists() or not path.stat().st_size


def test_the_journal_of_a_newer_till_is_not_replaced_by_what_this_one_knows_of_it(
    config: Path, path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    sell(path, 1, 2)
    backup.make(path, "2026-11-21")
    (path.parent / "backup").rename(path.parent / "elsewhere")
    path.unlink()
    sell(path, 1, intent="another")
    make_newer(path)
    before = path.read_bytes()
    assert run(config, str(path.parent / "elsewhere" / "journal-2026-11-21.db")) == Exit.JOURNAL
    assert capsys.readouterr().err.startswith("A newer version of the till wrote this journal.")
    assert path.read_bytes() == before


def test_an_emptied_journal_is_put_together_from_its_log_and_the_backup(config: Path, path: Path) -> None:
    sell(path, 1)
    backup.make(path, "2026-11-21")
    journal = salvage.take_up(path, [], NOW_MS, Journal)
    attempt = replace(ATTEMPT, order=replace(ATTEMPT.order, number=2))
    journal.append([Entry(attempt.id, Opened(attempt), final=False)], 2)
    log = path.with_name("journal.db-wal")
    cut = log.read_bytes()
    journal.close()
    path.write_bytes(b"")
    log.write_bytes(cut)
    assert run(config, "2026-11-21") == 0
    assert [row[2] for row in rows_in(path) if row[3] == "Opened"] == ["K1-0001-1", "K1-0002-1"]


def test_the_log_of_a_newer_till_is_left_to_that_till(path: Path) -> None:
    sell(path, 1)
    make_newer(path)
    with closing(sqlite3.connect(path)) as db, db:
        db.execute("INSERT INTO of_a_newer_till VALUES ('x')")
        db.commit()
        log = path.with_name("journal.db-wal")
        cut = log.read_bytes()
    log.write_bytes(cut)
    with pytest.raises(JournalNewer):
        sell(path)
    assert log.read_bytes() == cut


def test_old_backups_of_a_newer_till_do_not_keep_a_damaged_journal_from_being_mended(config: Path, path: Path) -> None:
    sell(path, 1)
    backup.make(path, "2026-11-20")
    make_newer(backup.copy_of(path, "2026-11-20"))
    sell(path, 2)
    backup.make(path, "2026-11-21")
    spoil(path, 0, bytes(4096))
    sell(path, 3)
    assert [row[2] for row in rows_in(path) if row[3] == "Opened"] == ["K1-0001-1", "K1-0002-1", "K1-0003-1"]


def test_a_backup_of_another_journal_replaces_the_present_one_which_stays_aside(config: Path, path: Path) -> None:
    sell(path, 1, 2)
    backup.make(path, "2026-11-21")
    path.unlink()
    (path.parent / "backup").rename(path.parent / "elsewhere")
    sell(path, 1, 2, 3, intent="another")
    assert run(config, str(path.parent / "elsewhere" / "journal-2026-11-21.db")) == 0
    assert ["another" in row[4] for row in rows_in(path) if row[3] == "Opened"] == [False, False]
    (aside,) = path.parent.glob("journal.before-restore-*.db")
    assert len(rows_in(aside)) == 3


def test_the_owner_reads_sentences_and_no_log(config: Path, path: Path) -> None:
    sell(path, 1, 2)
    backup.make(path, "2026-11-21")
    path.write_bytes(bytes(range(256)) * 64)
    command = [sys.executable, "run_kiosk.py", "restore", "2026-11-21", "--config", str(config)]
    run = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    assert run.stderr == ""
    assert run.stdout.startswith("The backup was put back. Entries: 2,")


def test_it_is_refused_while_a_till_runs(config: Path, path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    sell(path, 1)
    backup.make(path, "2026-11-21")
    journal = Journal(path)
    assert run(config, "2026-11-21") == 3
    assert "The till is running." in capsys.readouterr().err
    assert journal.last_number() == 1
    journal.close()


def test_a_damaged_backup_is_refused(config: Path, path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    sell(path, 1)
    backup.make(path, "2026-11-21")
    spoil(backup.copy_of(path, "2026-11-21"), 4096, bytes(4096))
    before = path.read_bytes()
    assert run(config, "2026-11-21") == 1
    assert "This backup is damaged." in capsys.readouterr().err
    assert path.read_bytes() == before


@pytest.mark.parametrize("name", ["2026-11-30", "nowhere.db", "."])
def test_a_backup_that_is_not_there_is_told(
    config: Path, name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(config, name) == 1
    assert name in capsys.readouterr().err


def test_a_disk_that_takes_nothing_is_told(
    config: Path, path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    sell(path, 1)
    backup.make(path, "2026-11-21")
    path.unlink()
    (path.parent / "journal.db.building").mkdir()
    assert run(config, "2026-11-21") == 3
    assert "The journal is as it was." in capsys.readouterr().err
