"""The journal is looked at while a till uses it, and nothing that is looked at is changed."""

import os
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from pos.check import disk
from pos.check.finding import Finding
from pos.core.payment_events import Entry, Opened
from pos.journal import schema
from pos.journal.backup import copy_of
from pos.journal.journal import Journal
from tests.samples import ATTEMPT

NOW_S = 1_790_000_000


@pytest.fixture
def path(tmp_path: Path) -> Path:
    folder = tmp_path / "var"
    folder.mkdir(mode=0o700)
    return folder / "journal.db"


@pytest.fixture
def till(path: Path) -> Iterator[Journal]:
    """A till at work, with one open payment."""
    journal = Journal(path)
    journal.append([Entry(ATTEMPT.id, Opened(ATTEMPT), final=False)], NOW_S * 1000)
    yield journal
    journal.close()


def reasons(found: Iterator[Finding]) -> list[str]:
    return [finding.reason for finding in found]


def test_a_journal_in_use_is_read_beside_the_till(till: Journal, path: Path) -> None:
    (found,) = disk.journal(path)
    assert (found.reason, found.values["open"]) == ("journal_ok", 1)
    till.append([Entry(ATTEMPT.id, Opened(ATTEMPT), final=True)], NOW_S * 1000)


def test_a_journal_at_rest_is_left_without_helpers_beside_it(till: Journal, path: Path) -> None:
    till.close()
    before = {file: file.read_bytes() for file in path.parent.iterdir()}
    assert reasons(disk.journal(path)) == ["journal_ok"]
    assert {file: file.read_bytes() for file in path.parent.iterdir()} == before


def test_a_journal_that_is_not_there_yet_is_no_failure(path: Path) -> None:
    assert reasons(disk.journal(path)) == ["journal_new"]


def test_a_damaged_journal_is_told(till: Journal, path: Path) -> None:
    till.close()
    with path.open("r+b") as file:
        file.seek(4096)
        file.write(b"\xff" * 4096)
    assert reasons(disk.journal(path)) == ["journal_damaged"]


def test_a_file_that_is_no_journal_is_told(path: Path) -> None:
    path.write_bytes(b"this is a shopping list " * 500)
    path.chmod(0o600)
    assert reasons(disk.journal(path)) == ["journal_damaged"]


def test_a_list_of_open_payments_that_is_not_the_logs_is_told(till: Journal, path: Path) -> None:
    till.close()
    with sqlite3.connect(path) as db:
        db.execute("DELETE FROM open_payment")
    db.close()
    (found,) = disk.journal(path)
    assert found.reason == "journal_damaged"


def test_a_journal_of_a_newer_till_is_told(till: Journal, path: Path) -> None:
    till.close()
    with sqlite3.connect(path) as db:
        db.execute(f"PRAGMA user_version = {len(schema.MIGRATIONS) + 1}")
    db.close()
    assert reasons(disk.journal(path)) == ["journal_newer"]


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_journal_that_may_not_be_read_is_told(till: Journal, path: Path) -> None:
    till.close()
    path.chmod(0)
    assert reasons(disk.journal(path)) == ["journal_unreadable"]


def test_a_journal_that_others_can_read_is_a_note(till: Journal, path: Path) -> None:
    path.chmod(0o644)
    path.parent.chmod(0o755)
    assert reasons(disk.journal(path)) == ["journal_ok", "journal_open_to_others", "folder_open_to_others"]


def test_a_folder_that_is_not_there_yet_is_tried_where_it_will_be_made(tmp_path: Path) -> None:
    (found,) = disk.space(tmp_path / "a" / "b" / "journal.db")
    assert found.values["folder"] == str(tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_cannot_be_written_is_told() -> None:
    assert reasons(disk.space(Path("/proc/journal.db"))) == ["disk_read_only"]


@pytest.mark.parametrize(
    ("age_s", "reason"),
    [
        (3_600, "backup_ok"),
        (3_599, "backup_new"),
        (-3_600, "backup_new"),
        (3 * 86_400, "backup_old"),
        (-3 * 86_400, "backup_none"),
    ],
)
def test_the_age_of_the_newest_backup_is_told(till: Journal, path: Path, age_s: int, reason: str) -> None:
    copy = copy_of(path, "2026-09-21")
    copy.parent.mkdir()
    copy.touch()
    os.utime(copy, (NOW_S - age_s, NOW_S - age_s))
    assert reasons(disk.backup(path, NOW_S)) == [reason]


def test_a_journal_without_a_backup_is_a_note(till: Journal, path: Path) -> None:
    assert reasons(disk.backup(path, NOW_S)) == ["backup_none"]


def test_before_there_is_a_journal_no_backup_is_missed(path: Path) -> None:
    assert reasons(disk.backup(path, NOW_S)) == ["backup_not_yet"]


def test_tables_whose_text_is_no_text_any_more_are_told_as_damage(till: Journal, path: Path) -> None:
    till.close()
    at = path.read_bytes().index(b"payment_closes")
    with path.open("r+b") as file:
        file.seek(at)
        file.write(b"\xff\xfe")
    assert reasons(disk.journal(path)) == ["journal_damaged"]
