"""What the till keeps about itself."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from pos.core.storage import OLDEST_BACKUP_S, Storage
from pos.house import Clocks
from pos.journal import inspection
from pos.journal.journal import Journal
from pos.service import POLLS, TAP_TO_QR
from pos.upkeep import EVERY_S, Upkeep, day_now, look_at_disk
from tests.bar import BreakableJournal
from tests.samples import T0_S

DAY_S = 86_400
CLOCKS = Clocks(lambda: T0_S * 1000, lambda: 0.0, lambda: 0)


class House:
    """A till with a journal, whose time is moved by hand."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.now_s = T0_S
        self.seconds = 0.0
        self.backups = 0
        self.journal = BreakableJournal(path)
        self.clocks = Clocks(lambda: self.now_s * 1000, lambda: self.seconds, lambda: 9 * 3600)
        self.upkeep = Upkeep(self.journal, lambda: Storage(1_000_000_000, 5), self.back_up, self.clocks)
        self.upkeep.begin()

    def back_up(self) -> None:
        """Count how often it was asked whether a backup is due."""
        self.backups += 1

    def wait(self, seconds: int) -> None:
        """Let time pass."""
        for _ in range(seconds):
            self.now_s += 1
            self.seconds += 1
            self.upkeep.tick()


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    house = House(tmp_path / "journal.db")
    yield house
    house.journal.close()


def test_what_was_counted_is_written_once_a_minute_and_only_if_there_is_anything(house: House) -> None:
    house.upkeep.meter.polled(failed=False)
    house.wait(int(EVERY_S) - 1)
    assert house.journal.service("2000-01-01") == {}
    house.wait(1)
    today = day_now(house.clocks)
    assert house.journal.service("2000-01-01") == {today: {(POLLS, 0): 1}}
    before = house.path.with_name("journal.db-wal").stat().st_size
    house.wait(600)
    assert house.path.with_name("journal.db-wal").stat().st_size == before
    assert house.journal.service("2000-01-01") == {today: {(POLLS, 0): 1}}


def test_the_screen_is_told_of_what_is_not_written_yet(house: House) -> None:
    house.upkeep.meter.polled(failed=True)
    house.wait(int(EVERY_S))
    house.upkeep.meter.polled(failed=False)
    served = house.upkeep.served()
    assert (served.today.polls, served.today.poll_failures, served.week.polls) == (2, 1, 2)


def test_the_week_is_seven_days_with_today_among_them(house: House) -> None:
    for _ in range(9):
        house.upkeep.meter.polled(failed=False)
        house.upkeep.look()
        house.now_s += DAY_S
    house.now_s -= DAY_S
    house.upkeep.look()
    served = house.upkeep.served()
    assert (served.today.polls, served.week.polls) == (1, 7)


def test_what_was_counted_while_the_clock_was_years_ahead_is_not_in_this_week(house: House) -> None:
    house.now_s += 4000 * DAY_S
    house.upkeep.meter.polled(failed=True)
    house.upkeep.look()
    house.now_s -= 4000 * DAY_S
    house.upkeep.meter.polled(failed=False)
    house.upkeep.look()
    assert house.upkeep.served().week.polls == 1


def test_the_last_minute_is_written_when_the_till_is_closed(house: House) -> None:
    house.upkeep.meter.tapped("p", 0.0)
    house.upkeep.meter.qr_drawn("p", 0.1)
    house.upkeep.close()
    assert house.journal.service("2000-01-01")[day_now(house.clocks)] == {(TAP_TO_QR, 100): 1}


def test_what_cannot_be_written_is_kept_and_told_until_it_can(house: House) -> None:
    house.journal.full = True
    house.upkeep.meter.polled(failed=False)
    house.wait(int(EVERY_S))
    assert not house.upkeep.storage.writable
    house.upkeep.meter.polled(failed=False)
    house.journal.full = False
    house.wait(int(EVERY_S))
    assert house.upkeep.storage.writable
    assert house.journal.service("2000-01-01")[day_now(house.clocks)] == {(POLLS, 0): 2}


def test_a_backup_is_asked_for_once_a_minute_and_its_failure_is_told_until_one_was_made(house: House) -> None:
    house.wait(3 * int(EVERY_S))
    assert house.backups == 3
    house.upkeep.backed_up(failed=True)
    assert house.upkeep.storage.backup_failed
    house.wait(int(EVERY_S))
    assert house.upkeep.storage.backup_failed
    house.upkeep.backed_up(failed=False)
    assert not house.upkeep.storage.backup_failed


def test_a_backup_is_late_after_two_days_where_backups_are_made() -> None:
    kept = Storage(backup_s=T0_S, backs_up=True)
    assert not kept.backup_too_old(T0_S + OLDEST_BACKUP_S)
    assert kept.backup_too_old(T0_S + OLDEST_BACKUP_S + 1)
    assert not replace(kept, backup_s=None).backup_too_old(T0_S)
    assert not replace(kept, backs_up=False).backup_too_old(T0_S + 9 * DAY_S)


@pytest.mark.parametrize(("free_bytes", "full"), [(None, False), (49_999_999, True), (50_000_000, False)])
def test_little_room_is_told_and_unknown_room_is_not(free_bytes: int | None, full: bool) -> None:
    assert Storage(free_bytes).full is full


def test_the_disk_is_looked_at_with_the_journals_helpers(tmp_path: Path) -> None:
    journal = Journal(tmp_path / "journal.db")
    found = look_at_disk(tmp_path / "journal.db", CLOCKS)
    journal.close()
    assert found.free_bytes
    assert found.journal_bytes is not None
    assert found.journal_bytes > 4096
    assert found.backup_s is None


def test_damage_that_was_met_is_told_until_a_start_has_looked_into_it(tmp_path: Path) -> None:
    path = tmp_path / "journal.db"
    Journal(path).close()
    assert not look_at_disk(path, CLOCKS).damaged
    inspection.suspect(path)
    assert look_at_disk(path, CLOCKS).damaged
    inspection.look(path)
    assert not look_at_disk(path, CLOCKS).damaged


def test_a_disk_that_cannot_be_looked_at_is_unknown(tmp_path: Path) -> None:
    found = look_at_disk(tmp_path / "gone" / "journal.db", CLOCKS)
    assert (found.free_bytes, found.journal_bytes, found.full) == (None, None, False)
