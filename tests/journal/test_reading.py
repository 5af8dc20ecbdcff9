"""A journal is read beside the till that holds it, or at rest, and is afterwards as it was."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from pos.core.payment_events import Entry, HandedOver, Opened
from pos.core.salvage import Salvaged
from pos.errors import JournalDamaged, JournalError
from pos.journal import reading, record, schema
from pos.journal.journal import Journal
from pos.journal.reading import Contents, Summary, Whole
from tests.samples import ATTEMPT, T0_S
from tests.wrecks import spoil

DAY = "2026-11-22"
NEWEST = len(schema.MIGRATIONS)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "journal.db"


@pytest.fixture
def till(path: Path) -> Iterator[Journal]:
    """A till at work: one open payment, two salvages of which one was seen, two days on which it served."""
    journal = Journal(path)
    journal.append([Entry(ATTEMPT.id, Opened(ATTEMPT), final=False)], T0_S * 1000)
    for aside in ("first", "second"):
        journal._insert([(T0_S * 1000, "salvage", *record.write(Salvaged(aside, 1, 0, 0)), 0)])
    journal.note_salvage_seen("first", T0_S * 1000)
    for day in ("2026-11-01", DAY):
        journal.add_service(day, {("polls", 0): 7})
    yield journal
    journal.close()


def changed(path: Path, statement: str) -> None:
    """Change a journal at rest behind the till's back."""
    with closing(sqlite3.connect(path)) as db, db:
        db.execute(statement)


def files(path: Path) -> dict[Path, bytes]:
    return {file: file.read_bytes() for file in path.parent.iterdir()}


def test_how_things_stand_is_read_beside_a_till_which_goes_on_selling(till: Journal, path: Path) -> None:
    assert reading.summary(path, DAY) == Summary(1, 1, {DAY: {("polls", 0): 7}})
    till.append([Entry(ATTEMPT.id, HandedOver(), final=True)], T0_S * 1000)
    assert reading.summary(path, DAY).open_payments == 0


def test_a_journal_of_the_first_version_has_nothing_measured(path: Path) -> None:
    with closing(sqlite3.connect(path, isolation_level=None)) as db:
        schema.migrate(db, 1)
    assert reading.summary(path, DAY) == Summary(0, 0, {})


def test_a_whole_journal_is_known_by_its_version_and_open_payments(till: Journal, path: Path) -> None:
    assert reading.whole(path) == Whole(NEWEST, 1)


def test_of_a_journal_of_a_newer_till_only_the_version_is_told(till: Journal, path: Path) -> None:
    till.close()
    changed(path, f"PRAGMA user_version = {NEWEST + 1}")
    changed(path, "DROP TABLE open_payment")
    assert reading.whole(path) == Whole(NEWEST + 1, None)


def test_a_backup_whose_version_alone_is_spoiled_is_damaged_and_not_of_a_newer_till(till: Journal, path: Path) -> None:
    till.close()
    changed(path, f"PRAGMA user_version = {NEWEST + 1}")
    with pytest.raises(JournalDamaged, match="the tables are not those of version"):
        reading.contents(path)


def test_a_backup_tells_its_orders_and_the_last_of_them(till: Journal, path: Path) -> None:
    assert reading.contents(path) == Contents(1, ATTEMPT.id)


def test_a_backup_of_a_till_that_sold_nothing_has_no_last_order(path: Path) -> None:
    Journal(path).close()
    assert reading.contents(path) == Contents(0, "")


@pytest.mark.parametrize("read", [lambda path: reading.summary(path, DAY), reading.whole, reading.contents])
def test_what_is_at_rest_is_left_as_it_is_and_nothing_beside_it(
    till: Journal, path: Path, read: Callable[[Path], object]
) -> None:
    till.close()
    before = files(path)
    read(path)
    assert files(path) == before


@pytest.mark.parametrize("read", [reading.whole, reading.contents])
def test_a_list_of_open_payments_that_is_not_the_logs_is_damage(
    till: Journal, path: Path, read: Callable[[Path], object]
) -> None:
    till.close()
    changed(path, "DELETE FROM open_payment")
    with pytest.raises(JournalDamaged, match="not what the log says"):
        read(path)


@pytest.mark.parametrize("read", [lambda path: reading.summary(path, DAY), reading.whole, reading.contents])
def test_an_emptied_journal_keeps_its_log_whoever_looks_at_it(
    till: Journal, path: Path, tmp_path: Path, read: Callable[[Path], object]
) -> None:
    """check or status took the payments away that the next start would have found in the log."""
    emptied = tmp_path / "cut" / "journal.db"
    emptied.parent.mkdir()
    emptied.touch()
    log = emptied.with_name("journal.db-wal")
    log.write_bytes(path.with_name("journal.db-wal").read_bytes())
    before = files(emptied)
    with pytest.raises(JournalDamaged, match="its log is not"):
        read(emptied)
    assert files(emptied) == before


def test_what_sqlite_cannot_read_is_damage_and_no_suspicion_is_left(till: Journal, path: Path) -> None:
    till.close()
    spoil(path, 0, b"a shopping list ")
    before = files(path)
    with pytest.raises(JournalDamaged, match="not a database"):
        reading.summary(path, DAY)
    assert files(path) == before


@pytest.mark.parametrize("name", ["nowhere.db", "n" * 255])
def test_what_is_not_there_is_an_error_and_no_damage_and_is_not_made(tmp_path: Path, name: str) -> None:
    with pytest.raises(JournalError) as caught:
        reading.contents(tmp_path / name)
    assert not isinstance(caught.value, JournalDamaged)
    assert list(tmp_path.iterdir()) == []
