"""The copies of the journal: made beside a till at work, on real files."""

import os
import sqlite3
import stat
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from pos.core.payment_events import Entry, NotFound, Opened
from pos.errors import JournalDamaged, JournalError
from pos.journal import backup, inspection
from pos.journal.backup import Backups, copies, copy_of, made_s, make
from pos.journal.inspection import suspicion
from pos.journal.journal import Journal
from pos.mailbox import BackedUp, Letter
from tests.samples import ATTEMPT, T0_S
from tests.wrecks import PAGE, rows_in, spoil

ROOT = Path(__file__).resolve().parents[2]
DAYS = [f"2026-11-{day:02}" for day in range(1, 31)]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "var" / "journal.db"


@pytest.fixture
def journal(path: Path) -> Iterator[Journal]:
    """Keep a till's journal open, with an order in it."""
    journal = Journal(path)
    journal.append([Entry(ATTEMPT.id, Opened(ATTEMPT), final=False)], 1)
    yield journal
    journal.close()


def names(path: Path) -> list[str]:
    folder = path.parent / "backup"
    return sorted(file.name for file in folder.iterdir()) if folder.exists() else []


def days(path: Path) -> list[str]:
    """Name the days of the copies, in their order."""
    return [copy.stem[-10:] for copy in copies(path)]


def test_a_copy_holds_all_that_was_written_and_stands_alone(journal: Journal, path: Path) -> None:
    make(path, "2026-11-22")
    assert names(path) == ["journal-2026-11-22.db"]
    copy = copy_of(path, "2026-11-22")
    assert rows_in(copy) == rows_in(path)
    assert copy.read_bytes()[18:20] == b"\x01\x01"  # it has no log that would have to be carried with it
    # The till went on meanwhile and goes on.
    journal.append([Entry(ATTEMPT.id, NotFound(), final=False)], 2)
    assert len(rows_in(copy)) == 1


def test_what_a_till_writes_while_it_is_copied_neither_waits_nor_begins_the_copy_anew(
    journal: Journal, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    written = []

    def flush(place: Path) -> None:
        # Called behind each step of the copy, which here is a single page.
        if len(written) < 50:
            journal.append([Entry(ATTEMPT.id, NotFound(), final=False)], len(written))
            written.append(place)

    monkeypatch.setattr(backup, "_STEP_PAGES", 1)
    monkeypatch.setattr(backup.private, "flush", flush)
    make(path, "2026-11-22")
    assert len(rows_in(copy_of(path, "2026-11-22"))) == 1
    assert len(rows_in(path)) == 1 + len(written)
    assert len(written) > 5


def test_nobody_else_can_read_the_copies_whatever_the_umask(journal: Journal, path: Path) -> None:
    for umask in (0o000, 0o777):
        before = os.umask(umask)
        try:
            make(path, "2026-11-22")
        finally:
            os.umask(before)
        assert stat.S_IMODE((path.parent / "backup").stat().st_mode) == 0o700
        assert stat.S_IMODE(copy_of(path, "2026-11-22").stat().st_mode) == 0o600


def test_fourteen_days_are_kept_and_nothing_else_in_the_folder_is_touched(journal: Journal, path: Path) -> None:
    (path.parent / "backup").mkdir()
    for name in ("journal-2020-01-01.db.part", "journal-2020-01-01 kept by hand.db", "other-2020-01-01.db"):
        (path.parent / "backup" / name).touch()
    for day in DAYS:
        make(path, day)
    assert [copy.stem[-10:] for copy in copies(path)] == DAYS[:15:-1]
    assert len(names(path)) == 14 + 3


def test_a_clock_that_stands_in_1970_deletes_no_good_copy(journal: Journal, path: Path) -> None:
    for day in (*DAYS[:14], "1970-01-01", "1970-01-02"):
        make(path, day)
    assert days(path) == ["1970-01-02", "1970-01-01", *DAYS[13::-1]]
    # Once the clock is right again, all is as if nothing had been.
    make(path, DAYS[13])
    make(path, DAYS[14])
    assert days(path) == [DAYS[14], DAYS[13], "1970-01-02", "1970-01-01", *DAYS[12::-1]]


def test_a_copy_from_a_day_to_come_hides_neither_that_none_was_made_since_nor_what_was_made(
    journal: Journal, path: Path
) -> None:
    make(path, "2037-05-05")
    leapt = copy_of(path, "2037-05-05")
    os.utime(leapt, (T0_S + 10 * 365 * 86_400,) * 2)
    assert made_s(path, T0_S) is None
    make(path, DAYS[0])
    os.utime(copy_of(path, DAYS[0]), (T0_S, T0_S))
    assert days(path) == [DAYS[0], "2037-05-05"], "what a salvage asks first is what was made last"
    assert made_s(path, T0_S + 86_400) == T0_S
    assert leapt.stat().st_mtime == 0


def test_a_copy_that_bears_today_because_the_clock_was_wrong_once_does_not_stand_for_todays(
    journal: Journal, path: Path
) -> None:
    make(path, "2026-11-25")
    make(path, "2026-11-22")
    day = Day(path)
    day.day = "2026-11-25"
    day.backups.tick()
    assert day.work() == [BackedUp("2026-11-25", failed=False)]
    Day(path, "2026-11-25").backups.tick()
    assert day.work() == []


def test_copies_from_days_to_come_push_no_good_one_out_and_are_not_kept_without_end(
    journal: Journal, path: Path
) -> None:
    ahead = [f"2037-01-{day:02}" for day in range(1, 21)]
    for day in (*ahead, *DAYS[:20]):
        make(path, day)
    assert days(path) == [*DAYS[19:5:-1], *ahead[19:5:-1]]


def test_a_copy_that_is_a_few_hours_ahead_of_a_clock_put_right_was_made_just_now(journal: Journal, path: Path) -> None:
    make(path, DAYS[0])
    os.utime(copy_of(path, DAYS[0]), (T0_S, T0_S))
    assert made_s(path, T0_S - 3600) == T0_S - 3600
    assert made_s(path, T0_S - 2 * 86_400) is None


def test_a_copy_that_is_deleted_while_one_looks_is_none(journal: Journal, path: Path) -> None:
    make(path, DAYS[0])
    (path.parent / "backup" / "journal-2026-10-31.db").symlink_to("gone")
    assert days(path) == [DAYS[0], "2026-10-31"]


def test_a_journal_that_is_damaged_costs_no_copy_and_is_suspected(path: Path) -> None:
    journal = Journal(path)
    for number in range(400):
        journal.append([Entry(f"K1-{number:04}-1", Opened(ATTEMPT), final=False)], number)
    journal.close()
    for day in DAYS[:14]:
        make(path, day)
    before = {copy: copy.read_bytes() for copy in copies(path)}
    spoil(path, 9 * PAGE, bytes(PAGE))
    with pytest.raises(JournalError, match="no backup"):
        make(path, DAYS[20])
    assert {copy: copy.read_bytes() for copy in copies(path)} == before
    assert suspicion(path).exists()
    with pytest.raises(JournalDamaged):
        inspection.look(path)


@pytest.mark.parametrize(
    "statement",
    [
        "INSERT INTO event (at_ms, subject, kind, body, final) VALUES (0, 'K1-0001-1', 'Settled', 'nothing', 0)",
        "INSERT INTO event VALUES (9, 0, 'K1-0001-1', 'Cancelled', '{\"crc32\":1}', 0)",
        "INSERT INTO open_payment VALUES (7, 'K1-0001-1')",
        "DELETE FROM open_payment",
    ],
)
def test_what_sqlite_finds_in_order_and_the_till_could_not_read_is_suspected_too(
    journal: Journal, path: Path, statement: str
) -> None:
    with closing(sqlite3.connect(path, isolation_level=None)) as db:
        db.execute(statement)
    with pytest.raises(JournalError):
        make(path, "2026-11-22")
    assert suspicion(path).exists()


def test_a_folder_that_cannot_be_made_is_told_and_raises_no_suspicion(journal: Journal, path: Path) -> None:
    (path.parent / "backup").touch()
    with pytest.raises(JournalError, match="no backup"):
        make(path, "2026-11-22")
    assert not suspicion(path).exists()


FULL_DISK = """
import resource, sys
from pathlib import Path
from pos.journal import backup
from pos.errors import JournalError

resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000))
try:
    backup.make(Path(sys.argv[1]), "2026-11-23")
except JournalError as exc:
    print(exc)
"""


def test_a_full_disk_costs_no_copy(journal: Journal, path: Path) -> None:
    make(path, "2026-11-22")
    command = [sys.executable, "-c", FULL_DISK, str(path)]
    child = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    assert "no backup" in child.stdout
    assert [copy.stem[-10:] for copy in copies(path)] == ["2026-11-22"]
    make(path, "2026-11-23")
    assert names(path) == ["journal-2026-11-22.db", "journal-2026-11-23.db"]


def test_there_may_be_no_copies_yet(path: Path) -> None:
    assert copies(path) == []
    assert made_s(path, T0_S) is None


# --- when ------------------------------------------------------------------------------------------------------------


class Day:
    """A till's day, its steady clock and a worker that works when it is told to."""

    def __init__(self, path: Path, day: str = "2026-11-22") -> None:
        self.day = day
        self.seconds = 1000.0
        self.jobs: list[Callable[[], Letter]] = []
        self.backups = Backups(path, lambda: self.day, lambda: self.seconds, self.jobs.append)

    def work(self) -> list[Letter]:
        """Do what there is to do."""
        letters = [job() for job in self.jobs]
        self.jobs.clear()
        return letters


def test_a_copy_is_made_once_a_day_and_not_again_after_a_restart(journal: Journal, path: Path) -> None:
    day = Day(path)
    day.backups.tick()
    assert day.work() == [BackedUp("2026-11-22", failed=False)]
    day.backups.tick()
    Day(path).backups.tick()
    assert day.work() == []
    day.day = "2026-11-23"
    day.backups.tick()
    day.backups.tick()
    assert day.work() == [BackedUp("2026-11-23", failed=False)]


def test_a_copy_that_failed_is_told_and_tried_again_an_hour_later(journal: Journal, path: Path) -> None:
    (path.parent / "backup").touch()
    day = Day(path)
    day.backups.tick()
    assert day.work() == [BackedUp("2026-11-22", failed=True)]
    day.seconds += 700
    day.backups.tick()
    assert day.jobs == []
    (path.parent / "backup").unlink()
    day.seconds += 3600
    day.backups.tick()
    assert day.work() == [BackedUp("2026-11-22", failed=False)]
    made = copy_of(path, "2026-11-22").stat().st_mtime
    assert made_s(path, int(made) + 9) == int(made)
