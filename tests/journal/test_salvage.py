"""What becomes of a journal that was damaged: real SQLite files, damaged by a seed, and the journal made of them."""

import os
import shutil
import signal
import sqlite3
import stat
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from dataclasses import replace
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

import pytest

from pos import private
from pos.core.menu import StockChanged
from pos.core.payment import fold
from pos.core.payment_events import Cancelled, Entry, HandedOver, NotFound, Opened, Quoted, Settled
from pos.core.payment_states import Lapsed, Paid, Withdrawn, at_counter
from pos.engine import Engine
from pos.errors import JournalDamaged, JournalError, JournalInUse
from pos.journal import inspection, pages, record, salvage
from pos.journal.inspection import suspicion
from pos.journal.journal import Journal
from tests import wrecks
from tests.samples import ATTEMPT, QUOTE, TRAIL
from tests.world import Crew
from tests.wrecks import NOW_MS, ORDERS, PAGE, Past, contents, copied, rows_in, spoil

ROOT = Path(__file__).resolve().parents[2]
SEEDS = int(os.environ.get("SALVAGE_SEEDS", "4"))
"""For each way of coming to harm; 150 were run by hand."""


@pytest.fixture(scope="module")
def pasts(tmp_path_factory: pytest.TempPathFactory) -> dict[bool, Past]:
    return {logged: wrecks.past(tmp_path_factory.mktemp("past"), with_log=logged) for logged in (False, True)}


@pytest.fixture
def path(pasts: dict[bool, Past], tmp_path: Path) -> Path:
    """Give a journal of a till that was switched off at the wall: its newest entries are in the log."""
    return copied(pasts[True], tmp_path / "var")


@pytest.fixture
def closed(pasts: dict[bool, Past], tmp_path: Path) -> Path:
    """Give a journal of a till that was closed in order."""
    return copied(pasts[False], tmp_path / "var")


@pytest.fixture
def take_up() -> Iterator[Callable[..., Journal]]:
    """Return what starts a till's journal; every one is closed in the end."""
    opened = []

    def start(path: Path, *backups: Path) -> Journal:
        opened.append(salvage.take_up(path, backups, NOW_MS, Journal))
        return opened[-1]

    yield start
    for journal in opened:
        journal.close()


def asides(path: Path) -> list[Path]:
    return sorted(path.parent.glob("journal.damaged-*.db"))


# --- whatever happens to the files -----------------------------------------------------------------------------------


@pytest.mark.parametrize("logged", [False, True], ids=["closed in order", "power cut"])
@pytest.mark.parametrize("wreck", wrecks.WRECKS, ids=lambda wreck: wreck.__name__)
def test_what_can_be_read_is_kept_and_nothing_is_made_up(
    pasts: dict[bool, Past], tmp_path: Path, wreck: Callable[[Path, Random], None], logged: bool
) -> None:
    if not logged and wreck in (wrecks.log_sectors, wrecks.log_head, wrecks.both):
        pytest.skip("there is no log")
    past = pasts[logged]
    for seed in range(SEEDS):
        path = copied(past, tmp_path / str(seed))
        wreck(path, Random(seed))
        inspection.suspect(path)
        _check_one(past, path)
        shutil.rmtree(path.parent)


def _check_one(past: Past, path: Path) -> None:
    damaged, must = contents(path), past.untouched(path)
    journal = salvage.take_up(path, [], NOW_MS, Journal)
    reports = journal.unseen_salvages()
    rows = [row for row in rows_in(path) if row[1] != NOW_MS]
    truth = {row[0]: row for row in past.rows}
    assert all(truth[row[0]] == row for row in rows), "an entry that never was"
    assert must <= {row[0] for row in rows}, "an entry that could have been read"
    if reports:
        (report,) = reports
        aside = path.with_name(report.aside)
        assert contents(aside) == damaged
        assert (report.kept, report.from_backup) == (len(rows), 0)
        assert report.lost == (rows[-1][0] if rows else 0) - len(rows)
        assert journal.last_number() >= ORDERS or not rows or len(rows) < len(truth)
    else:
        assert tuple(rows) == past.rows or not damaged
    _sell_on(journal, path)


def _sell_on(journal: Journal, path: Path) -> None:
    """A till takes the journal up and makes a sale, and SQLite finds no fault with what is there then."""
    engine = Engine(journal, Crew(), lambda: NOW_MS)
    engine.recover()
    number = journal.last_number() + 1
    attempt = replace(ATTEMPT, order=replace(ATTEMPT.order, number=number))
    engine.open(attempt)
    assert engine.tell(attempt.id, Quoted(QUOTE))
    assert engine.tell(attempt.id, Settled(TRAIL, 8_231_000, 0))
    assert engine.tell(attempt.id, HandedOver())
    journal.close()
    inspection.suspect(path)
    inspection.look(path)
    assert not suspicion(path).exists()


# --- what a start finds ----------------------------------------------------------------------------------------------


def sql(path: Path, statement: str, *values: object) -> None:
    """Run SQL on a journal that nobody has open, as somebody with a shell could."""
    with closing(sqlite3.connect(path, isolation_level=None)) as db:
        db.execute(statement, values)


BAD_ROW = "INSERT INTO event (at_ms, subject, kind, body, final) VALUES (0, ?, ?, ?, ?)"


@pytest.mark.parametrize(
    "spoiled",
    [
        lambda path: spoil(path, 0, b"\0" * 100),
        lambda path: path.write_bytes(path.read_bytes()[:-PAGE]),
        lambda path: path.write_bytes(Random(1).randbytes(path.stat().st_size)),
        lambda path: sql(path, "DROP TRIGGER event_is_not_changed"),
        lambda path: sql(path, "DROP TRIGGER payment_opens"),
        lambda path: sql(path, "DROP INDEX event_opened"),
        lambda path: sql(path, "DROP TABLE open_payment"),
        lambda path: sql(path, "DROP TABLE event"),
        lambda path: sql(path, "PRAGMA user_version = 1"),
        lambda path: sql(path, "PRAGMA user_version = 99"),
        lambda path: spoil(path, 47, b"\x14"),  # the file's format
        lambda path: sql(path, BAD_ROW, "K1-0001-1", "Settled", "{}", 0),
        lambda path: sql(path, BAD_ROW, "K1-0500-1", "Opened", "{}", 0),
        lambda path: sql(path, BAD_ROW, "nonsense", *record.write(Opened(ATTEMPT)), 0),
        lambda path: sql(path, BAD_ROW, "salvage", "Salvaged", "nothing", 0),
        lambda path: sql(path, "INSERT INTO open_payment VALUES (1, 'K1-0001-1')"),
        lambda path: sql(path, "INSERT INTO open_payment VALUES (99999, 'K1-0001-1')"),
    ],
)
def test_damage_that_would_be_met_is_found_at_the_start_and_the_till_starts_all_the_same(
    closed: Path, take_up: Callable[..., Journal], spoiled: Callable[[Path], object]
) -> None:
    spoiled(closed)
    with pytest.raises(JournalDamaged):
        inspection.look(closed)
    journal = take_up(closed)
    (report,) = journal.unseen_salvages()
    assert closed.with_name(report.aside).exists()
    Engine(journal, Crew(), lambda: NOW_MS).recover()
    journal.append([Entry(ATTEMPT.id, HandedOver(), final=True)], NOW_MS)


def test_a_healthy_journal_is_left_exactly_as_it_was(path: Path, closed: Path) -> None:
    for healthy in (path, closed):
        before = contents(healthy)
        inspection.look(healthy)
        assert contents(healthy) == before


@pytest.mark.parametrize("times", [1, 3])
def test_text_in_the_tables_that_is_no_text_any_more_does_not_keep_the_till_from_starting(
    pasts: dict[bool, Past], tmp_path: Path, take_up: Callable[..., Journal], times: int
) -> None:
    """SQLite's complaint quotes the damaged text, and then cannot be read itself."""
    for seed in range(10 * SEEDS):
        path, dice = copied(pasts[False], tmp_path / str(seed)), Random(seed)
        for _ in range(times):
            spoil(path, dice.randrange(100, PAGE), dice.randbytes(dice.choice((1, 3, 16, 200))))
        with suppress(JournalError):
            Journal(path).close()  # somebody opens it who has not looked
        journal = take_up(path)
        assert {row[0] for row in rows_in(path)} >= {row[0] for row in pasts[False].rows}
        journal.close()
        shutil.rmtree(path.parent)


@pytest.mark.parametrize("from_the_end", [1, 2, 3, 4, 5])
def test_a_power_cut_that_kept_parts_of_the_last_transaction_brings_the_same_qr_back(
    tmp_path: Path, take_up: Callable[..., Journal], from_the_end: int
) -> None:
    """A card may keep the end of what was not flushed and lose its beginning: no damage, and no order taken down."""
    path = fresh(tmp_path)
    log = inspection.log_of(path)
    frames = pages.frames(log.read_bytes())
    before_last = [frame.place for frame in frames if frame.commits][-2]
    place = len(frames) - from_the_end + 1
    if place <= before_last:
        pytest.skip("the last transaction has fewer frames")
    spoil(log, 32 + (place - 1) * (PAGE + 24), bytes(PAGE + 24))
    assert take_up(path).unseen_salvages() == ()


def test_a_qr_whose_entry_was_not_flushed_is_not_shown_before_it_is(
    path: Path, take_up: Callable[..., Journal], monkeypatch: pytest.MonkeyPatch
) -> None:
    flushed, flush = [], private.flush

    def noted(place: Path) -> None:
        flush(place)
        flushed.append(place)

    monkeypatch.setattr(private, "flush", noted)
    # The last till was killed: it wrote its last entry, and the flush never came.
    take_up(path)
    assert flushed == [path.with_name("journal.db-wal"), path.parent]


def fresh(folder: Path) -> Path:
    """Make the files of a till that was begun, made one order and lost its power: all but a page is in the log."""
    journal = Journal(folder / "begun" / "journal.db")
    for event in (Opened(ATTEMPT), NotFound(), NotFound()):
        journal.append([Entry(ATTEMPT.id, event, final=False)], NOW_MS)
    shutil.copytree(folder / "begun", folder / "off")
    journal.close()
    return folder / "off" / "journal.db"


@pytest.mark.parametrize("place", range(1, 9))
def test_orders_of_the_first_evening_are_not_lost_in_silence_when_the_beginning_of_the_log_is_damaged(
    tmp_path: Path, take_up: Callable[..., Journal], place: int
) -> None:
    path = fresh(tmp_path)
    spoil(inspection.log_of(path), 32 + (place - 1) * (PAGE + 24) + 24 + 2000, b"\x5a" * 8)
    journal = take_up(path)
    assert len(journal.unseen_salvages()) == 1
    kinds = [type(event).__name__ for event in journal.events_of(ATTEMPT.id)]
    assert kinds == ["Opened", "NotFound", "NotFound", "Cancelled"]


def test_a_power_cut_in_the_very_first_transaction_is_no_damage(
    tmp_path: Path, take_up: Callable[..., Journal]
) -> None:
    path = fresh(tmp_path)
    log = inspection.log_of(path)
    first = next(frame for frame in pages.frames(log.read_bytes()) if frame.commits)
    os.truncate(log, first.begins + PAGE)
    spoil(log, 3 * PAGE, bytes(512))
    assert take_up(path).unseen_salvages() == ()


def test_an_invoice_whose_id_came_to_be_another_is_told_and_sought_and_not_watched(
    closed: Path, take_up: Callable[..., Journal]
) -> None:
    content = closed.read_bytes()
    at = content.rindex(b'"invoice_id":"Inv') + len('"invoice_id":"')
    spoil(closed, at, b"J")
    journal = take_up(closed)
    (report,) = journal.unseen_salvages()
    assert report.lost == 1
    assert journal.salvages_to_follow() == (report,)


@pytest.mark.parametrize("of_the_list", [True, False], ids=["list of open payments", "log"])
def test_a_payment_that_an_index_does_not_find_is_told_before_it_stays_open_for_ever(
    closed: Path, take_up: Callable[..., Journal], of_the_list: bool
) -> None:
    with closing(sqlite3.connect(closed)) as db:
        root = "SELECT rootpage FROM sqlite_schema WHERE name = 'sqlite_autoindex_open_payment_1'"
        (list_page,) = db.execute(root).fetchone()
        (newest,) = db.execute("SELECT subject FROM open_payment ORDER BY seq DESC").fetchone()
    content = closed.read_bytes()
    leaves = [at for at in range(0, len(content), PAGE) if content[at] == 0x0A]  # of any index
    for at in leaves:
        place = content.find(newest.encode(), at, at + PAGE)
        if place >= 0 and (at == (list_page - 1) * PAGE) is of_the_list:
            spoil(closed, place, b"k")
    assert len(take_up(closed).unseen_salvages()) == 1


def test_looking_at_a_damaged_journal_changes_nothing(path: Path) -> None:
    wrecks.log_sectors(path, Random(1))
    before = contents(path)
    with pytest.raises(JournalDamaged, match="its log is damaged behind frame"):
        inspection.look(path)
    assert contents(path) == before


def test_an_order_long_over_that_cannot_be_read_stops_nobody_until_it_is_needed(
    closed: Path, take_up: Callable[..., Journal]
) -> None:
    sql(closed, "DROP TRIGGER event_is_not_changed")
    sql(closed, "UPDATE event SET body = '{}' WHERE subject = 'K1-0002-1' AND kind = 'Quoted'")
    sql(closed, "CREATE TRIGGER event_is_not_changed BEFORE UPDATE ON event\n"
        "        BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END")
    journal = take_up(closed)
    assert journal.unseen_salvages() == ()
    Engine(journal, Crew(), lambda: NOW_MS).recover()
    journal.append([Entry(ATTEMPT.id, Opened(ATTEMPT), final=False)], NOW_MS)
    # Somebody asks for it: this is told, and the next start mends it.
    with pytest.raises(JournalError, match="cannot be read"):
        journal.events_of("K1-0002-1")
    journal.close()
    journal = take_up(closed)
    (report,) = journal.unseen_salvages()
    assert report.lost == 1
    assert [type(event).__name__ for event in journal.events_of("K1-0002-1")] == ["Opened", "Settled", "HandedOver"]


def test_a_page_that_is_met_while_selling_is_mended_at_the_next_start(
    pasts: dict[bool, Past], closed: Path, take_up: Callable[..., Journal]
) -> None:
    rows = {row[0]: row for row in pasts[False].rows}
    orders = {row[2][: len("K1-0001")] for row in rows.values()}
    still_read = {f"K1-{number:04}" for number in range(1, ORDERS) if number % 10 in (3, 7)} | {"item:it"}
    at, here = next(
        (at, here)
        for (_, at), here in pasts[False].places.items()
        if here and orders - still_read >= {rows[seq][2][: len("K1-0001")] for seq in here}
    )
    lost_order = rows[min(here)][2]
    journal = take_up(closed)
    for payment_id, _ in list(journal.open_payments()):
        journal.append([Entry(payment_id, HandedOver(), final=True)], NOW_MS)
    journal.close()
    spoil(closed, at, bytes(PAGE))
    journal = take_up(closed)
    assert journal.unseen_salvages() == ()
    with pytest.raises(JournalError, match="malformed"):
        journal.events_of(lost_order)
    journal.remember_stock(StockChanged("beer", sold_out=True), NOW_MS)
    journal.close()
    journal = take_up(closed)
    (report,) = journal.unseen_salvages()
    assert report.lost == len(here)
    assert len(journal.events_of(lost_order)) < 4


def test_a_suspicion_that_proves_wrong_is_dropped(closed: Path, take_up: Callable[..., Journal]) -> None:
    inspection.suspect(closed)
    journal = take_up(closed)
    assert journal.unseen_salvages() == ()
    assert not suspicion(closed).exists()


def test_a_journal_of_a_newer_till_is_not_called_damaged(closed: Path, take_up: Callable[..., Journal]) -> None:
    sql(closed, "CREATE TABLE of_a_newer_till (name TEXT)")
    sql(closed, "PRAGMA user_version = 99")
    before = contents(closed)
    with pytest.raises(JournalError, match="newer version"):
        take_up(closed)
    assert contents(closed) == before


def test_a_journal_of_an_older_till_is_taken_up(tmp_path: Path, take_up: Callable[..., Journal]) -> None:
    path = tmp_path / "journal.db"
    with closing(sqlite3.connect(path)) as db:
        salvage.schema.migrate(db, 1)
    journal = take_up(path)
    assert (journal.unseen_salvages(), journal.service("")) == ((), {})


def test_the_power_going_while_a_new_journal_is_begun_is_no_damage(
    tmp_path: Path, take_up: Callable[..., Journal]
) -> None:
    path = tmp_path / "journal.db"
    take_up(path).close()
    with closing(sqlite3.connect(path, isolation_level=None)) as db:
        db.execute("PRAGMA journal_mode = DELETE")
        db.execute("BEGIN")
        db.execute("PRAGMA user_version = 1")
        db.execute("PRAGMA cache_size = 0")
        shutil.copyfile(f"{path}-journal", tmp_path / "taken")
    shutil.copyfile(tmp_path / "taken", f"{path}-journal")
    assert take_up(path).unseen_salvages() == ()


@pytest.mark.parametrize("content", [b"holiday pictures" * 1000, b"SQLite format 3\0" + bytes(4080)])
def test_a_file_that_never_was_a_journal_is_refused_and_left_alone(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "pictures.db"
    path.write_bytes(content)
    for _ in range(2):
        with pytest.raises(JournalError, match="not a journal"):
            salvage.take_up(path, [], NOW_MS, Journal)
        assert path.read_bytes() == content
        assert list(tmp_path.iterdir()) == [path]


def test_somebody_elses_database_is_refused_and_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "addresses.db"
    sql(path, "CREATE TABLE address (name TEXT, street TEXT)")
    before = path.read_bytes()
    with pytest.raises(JournalError, match="not a journal"):
        salvage.take_up(path, [], NOW_MS, Journal)
    assert path.read_bytes() == before


def test_a_damaged_journal_that_was_carried_to_another_machine_is_mended(
    closed: Path, take_up: Callable[..., Journal]
) -> None:
    closed.with_name("journal.db.lock").unlink()
    spoil(closed, 0, bytes(100))
    (report,) = take_up(closed).unseen_salvages()
    assert report.kept > 400


def test_a_journal_that_another_program_has_locked_is_told_and_not_called_damaged(closed: Path) -> None:
    with closing(sqlite3.connect(closed, isolation_level=None)) as db:
        db.execute("PRAGMA locking_mode = EXCLUSIVE")
        db.execute("BEGIN IMMEDIATE")
        with pytest.raises(JournalError, match="locked"):
            salvage.take_up(closed, [], NOW_MS, Journal)
    assert asides(closed) == []


def test_a_journal_that_was_begun_and_never_used_is_no_damage(tmp_path: Path, take_up: Callable[..., Journal]) -> None:
    path = tmp_path / "journal.db"
    with closing(sqlite3.connect(path)) as db:
        db.execute("PRAGMA journal_mode = WAL")
    assert take_up(path).unseen_salvages() == ()


def test_a_journal_that_another_till_has_open_is_not_touched(closed: Path, take_up: Callable[..., Journal]) -> None:
    take_up(closed)
    with pytest.raises(JournalInUse):
        take_up(closed)


# --- what is made of it ----------------------------------------------------------------------------------------------


def without(path: Path, where: str) -> None:
    """Take entries out of a journal as damage could, and let the next start look into it."""
    with closing(sqlite3.connect(path, isolation_level=None)) as db:
        triggers = db.execute("SELECT name, sql FROM sqlite_schema WHERE type = 'trigger'").fetchall()
        for name, _ in triggers:
            db.execute(f"DROP TRIGGER {name}")
        db.execute(f"DELETE FROM event WHERE {where}")  # noqa: S608 a test's own text


def wholly_lost(path: Path) -> None:
    path.write_bytes(Random(1).randbytes(path.stat().st_size))
    path.with_name("journal.db-wal").unlink(missing_ok=True)


def backup_of(path: Path, folder: Path, day: str = "2026-11-21", where: str = "0") -> Path:
    """Copy a journal that was closed in order, without some of its entries."""
    folder.mkdir(exist_ok=True)
    copy = folder / f"journal-{day}.db"
    shutil.copyfile(path, copy)
    without(copy, where)
    return copy


def test_what_is_lost_comes_from_the_newest_backup(
    pasts: dict[bool, Past], closed: Path, take_up: Callable[..., Journal]
) -> None:
    rows = pasts[False].rows
    newest = backup_of(closed, closed.parent / "backup", "2026-11-21", f"seq > {len(rows) - 100}")
    oldest = backup_of(closed, closed.parent / "backup", "2026-11-20", f"seq > {len(rows) - 200}")
    without(closed, f"seq BETWEEN 100 AND 109 OR seq BETWEEN {len(rows) - 49} AND {len(rows) - 40}")
    journal = take_up(closed, newest, oldest)
    (report,) = journal.unseen_salvages()
    assert (report.kept, report.from_backup, report.lost) == (len(rows) - 10, 10, 10)
    kept = [row for row in rows_in(closed) if row[1] != NOW_MS]
    assert kept == [row for row in rows if not len(rows) - 49 <= row[0] <= len(rows) - 40]


def test_the_log_names_the_payment_of_an_entry_that_is_lost(
    closed: Path, take_up: Callable[..., Journal], caplog: pytest.LogCaptureFixture
) -> None:
    with closing(sqlite3.connect(closed, isolation_level=None)) as db:
        db.execute("INSERT INTO event (at_ms, subject, kind, body, final) VALUES (7, 'K1-0099-1', 'Nothing', '', 0)")
    take_up(closed)
    assert "subject='K1-0099-1' is lost" in caplog.text


def test_a_journal_that_is_wholly_lost_is_its_backup(
    pasts: dict[bool, Past], closed: Path, take_up: Callable[..., Journal]
) -> None:
    rows = pasts[False].rows
    backup = backup_of(closed, closed.parent / "backup", where="seq > 400")
    for lose, gone in ((wholly_lost, False), (lambda path: path.write_bytes(b""), True), (Path.unlink, True)):
        lose(closed)
        journal = take_up(closed, backup)
        assert [row for row in rows_in(closed) if row[1] != NOW_MS] == list(rows[:400])
        report = journal.unseen_salvages()[-1]
        assert (report.from_backup, report.gone) == (400, gone)
        assert closed.with_name(report.aside).exists() is not gone
        journal.close()


def test_of_a_journal_that_is_wholly_lost_and_has_no_backup_it_is_told_that_nothing_was_kept(
    closed: Path, take_up: Callable[..., Journal]
) -> None:
    wholly_lost(closed)
    (report,) = take_up(closed).unseen_salvages()
    assert (report.kept, report.from_backup) == (0, 0)


def test_a_damaged_newest_backup_is_filled_up_from_the_one_before(
    pasts: dict[bool, Past], closed: Path, take_up: Callable[..., Journal]
) -> None:
    folder = closed.parent / "backup"
    backups = [
        backup_of(closed, folder, "2026-11-21", "seq BETWEEN 50 AND 60"),
        backup_of(closed, folder, "2026-11-20", "seq BETWEEN 55 AND 400"),
        backup_of(closed, folder, "2026-11-19", "seq > 58"),
        backup_of(closed, folder, "2026-11-18"),
    ]
    wholly_lost(closed)
    journal = take_up(closed, *backups)
    (report,) = journal.unseen_salvages()
    # The fourth is not asked any more: what three do not have between them is lost.
    assert (report.lost, report.from_backup) == (2, len(pasts[False].rows) - 2)


def test_a_backup_of_an_earlier_journal_adds_nothing(
    tmp_path: Path, closed: Path, take_up: Callable[..., Journal]
) -> None:
    backup = backup_of(closed, tmp_path / "old")
    closed.unlink()
    journal = Journal(closed)
    for number in range(1, 9):
        attempt = replace(ATTEMPT, intent="another", order=replace(ATTEMPT.order, number=number))
        journal.append([Entry(attempt.id, Opened(attempt), final=False)], number)
    journal.close()
    without(closed, "seq = 4")
    journal = take_up(closed, backup)
    (report,) = journal.unseen_salvages()
    assert (report.kept, report.lost, report.from_backup) == (7, 1, 0)
    assert {row[4].count("another") for row in rows_in(closed) if row[3] == "Opened"} == {1}


def test_where_a_backup_differs_it_is_right(closed: Path, tmp_path: Path, take_up: Callable[..., Journal]) -> None:
    backup = backup_of(closed, tmp_path / "backup")
    sql(closed, "DROP TRIGGER event_is_not_changed")
    sql(closed, "UPDATE event SET body = replace(body, '8231000', '1') WHERE kind = 'Settled' AND seq < 5")
    journal = take_up(closed, backup)
    assert Settled(TRAIL, 8_231_000, 0) in journal.events_of("K1-0001-1")
    (report,) = journal.unseen_salvages()
    assert (report.lost, report.from_backup) == (0, 1)


@pytest.mark.parametrize(("last", "leapt"), [(0, 1000), (120, 1000), (500, 1000), (501, 2000), (1501, 3000)])
def test_numbers_leap_clear_of_every_order_that_may_be_lost(
    tmp_path: Path, take_up: Callable[..., Journal], last: int, leapt: int
) -> None:
    path = tmp_path / "journal.db"
    journal = take_up(path)
    if last:
        attempt = replace(ATTEMPT, order=replace(ATTEMPT.order, number=last))
        journal.append([Entry(attempt.id, Opened(attempt), final=False)], 1)
    journal.close()
    spoil(path, 0, bytes(100))
    assert take_up(path).last_number() == leapt


def test_a_second_salvage_counts_only_what_was_lost_since(closed: Path, take_up: Callable[..., Journal]) -> None:
    without(closed, "seq BETWEEN 100 AND 109")
    take_up(closed).close()
    without(closed, "seq = 50")
    first, second = take_up(closed).unseen_salvages()
    assert (first.lost, second.lost) == (10, 1)
    assert second.last_number > first.last_number
    assert first.aside != second.aside
    assert closed.with_name(first.aside).exists()


def test_who_stood_at_the_counter_is_put_back_watched_and_reported(
    tmp_path: Path, take_up: Callable[..., Journal]
) -> None:
    path = tmp_path / "journal.db"
    journal = take_up(path)
    creating, awaiting, paid, lapsed = (
        replace(ATTEMPT, order=replace(ATTEMPT.order, number=number)) for number in (1, 2, 3, 4)
    )
    quoted, settled = Quoted(QUOTE), Settled(TRAIL, 8_231_000, 0)
    for attempt, *events in ((creating,), (awaiting, quoted), (paid, settled), (lapsed, quoted, Cancelled())):
        for event in (Opened(attempt), *events):
            journal.append([Entry(attempt.id, event, final=False)], 1)
    journal.close()
    spoil(path, 0, bytes(100))
    journal = take_up(path)
    states = {payment_id: fold(events) for payment_id, events in journal.open_payments()}
    assert isinstance(states[creating.id], Withdrawn)
    assert isinstance(states[awaiting.id], Lapsed)
    assert isinstance(states[paid.id], Paid)
    assert isinstance(states[lapsed.id], Lapsed)
    assert len(journal.events_of(lapsed.id)) == 3
    assert [payment_id for payment_id, state in states.items() if at_counter(state)] == [paid.id]


def test_a_payment_whose_beginning_is_lost_stays_in_the_log_and_does_not_stop_the_till(
    closed: Path, take_up: Callable[..., Journal]
) -> None:
    without(closed, "subject = 'K1-0060-1' AND kind = 'Opened'")
    journal = take_up(closed)
    engine = Engine(journal, Crew(), lambda: NOW_MS)
    engine.recover()
    assert engine.history(replace(ATTEMPT.order, number=60)) == {}
    assert [row[3] for row in rows_in(closed) if row[2] == "K1-0060-1"] == ["Quoted", "Settled", "HandedOver"]


def test_a_payment_that_was_found_again_after_a_loss_is_open_once_when_the_backup_comes_back(
    closed: Path, tmp_path: Path, take_up: Callable[..., Journal]
) -> None:
    twin = "K1-0003-1-Inv3"
    backup = backup_of(closed, tmp_path / "backup")
    without(closed, f"subject = '{twin}'")
    journal = take_up(closed)
    attempt = replace(ATTEMPT, order=replace(ATTEMPT.order, number=3), twin="Inv3")
    assert Engine(journal, Crew(), lambda: NOW_MS).find_twin(attempt, TRAIL)
    journal.close()
    without(closed, "seq = 50")
    journal = take_up(closed, backup)
    assert [payment_id for payment_id, _ in journal.open_payments()].count(twin) == 1


# --- nothing is destroyed --------------------------------------------------------------------------------------------


def doomed(step: int, path: Path, backups: list[Path]) -> bool:
    """Start a till that dies before so many things that it does to names and disks; False if it came to an end."""
    child = os.fork()
    if child == 0:
        left = [step]

        def mortal(act: Callable[..., object]) -> Callable[..., object]:
            def perform(*given: object, **named: object) -> object:
                left[0] -= 1
                if left[0] < 0:
                    os.kill(os.getpid(), signal.SIGKILL)
                return act(*given, **named)

            return perform

        try:
            for name in ("link", "replace", "fsync", "unlink", "open"):
                setattr(os, name, mortal(getattr(os, name)))
            inspection.check = mortal(inspection.check)
            salvage.take_up(path, backups, NOW_MS, Journal)
            os._exit(0)
        finally:
            os._exit(1)
    _, status = os.waitpid(child, 0)
    assert status in (0, signal.SIGKILL)
    return status != 0


def test_a_power_cut_at_any_moment_leaves_the_damaged_journal_or_the_new_one(
    pasts: dict[bool, Past], tmp_path: Path
) -> None:
    step, new_ones = 0, 0
    while True:
        path = copied(pasts[True], tmp_path / str(step))
        backup = backup_of(copied(pasts[False], tmp_path / "closed"), path.parent / "backup", where="seq > 300")
        wrecks.both(path, Random(step))
        before, damaged = contents(path), path.stat().st_ino
        died = doomed(step, path, [backup])
        finished = path.with_name("journal.db.salvaged").exists() or path.stat().st_ino != damaged
        assert finished or contents(path) == before
        new_ones += finished
        journal = salvage.take_up(path, [backup], NOW_MS, Journal)
        (report,) = journal.unseen_salvages()
        (aside,) = asides(path)
        assert contents(aside) == before
        assert report.kept >= 300
        assert [row for row in rows_in(path) if row[1] != NOW_MS and row[0] <= 300] == list(pasts[True].rows[:300])
        left = {file.name for file in path.parent.iterdir()} - {"backup", aside.name, aside.name + "-wal"}
        assert left == {"journal.db", "journal.db-wal", "journal.db-shm", "journal.db.lock"}
        _sell_on(journal, path)
        shutil.rmtree(path.parent)
        if not died:
            break
        step += 1
    assert 5 < new_ones < step - 5


def test_a_sale_is_not_lost_when_a_power_cut_left_the_new_journal_under_both_of_its_names(
    closed: Path, take_up: Callable[..., Journal]
) -> None:
    os.link(closed, closed.with_name("journal.db.salvaged"))
    sold = replace(ATTEMPT, order=replace(ATTEMPT.order, number=9999))
    take_up(closed).append([Entry(sold.id, Opened(sold), final=False)], NOW_MS)
    # The power fails once more: what was sold stands in the log alone.
    after = closed.parent.parent / "after"
    shutil.copytree(closed.parent, after)
    assert list(take_up(after / closed.name).events_of(sold.id)) == [Opened(sold)]


def test_a_file_system_without_second_names_keeps_a_copy(
    path: Path, take_up: Callable[..., Journal], monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(*_: object) -> None:
        raise PermissionError(1, "Operation not permitted")

    wrecks.both(path, Random(3))
    before = contents(path)
    monkeypatch.setattr(os, "link", refused)
    (report,) = take_up(path).unseen_salvages()
    aside = path.with_name(report.aside)
    assert contents(aside) == before
    assert {stat.S_IMODE(file.stat().st_mode) for file in aside.parent.glob("journal.damaged-*")} == {0o600}


def test_two_salvages_in_the_same_second_keep_both_damaged_journals(
    closed: Path, take_up: Callable[..., Journal]
) -> None:
    for _ in range(3):
        spoil(closed, 0, bytes(100))
        journal = take_up(closed)
        journal.close()
    assert len(asides(closed)) == 3
    assert len({report.aside for report in take_up(closed).unseen_salvages()}) == 3


def test_everything_that_is_made_is_for_its_owner_alone(path: Path, take_up: Callable[..., Journal]) -> None:
    wrecks.both(path, Random(3))
    for file in path.parent.iterdir():
        file.chmod(0o600)
    before = os.umask(0)
    try:
        take_up(path)
    finally:
        os.umask(before)
    assert {stat.S_IMODE(file.stat().st_mode) for file in path.parent.iterdir()} == {0o600}


MEND_ON_A_FULL_DISK = """
import resource, sys
from pathlib import Path
from pos.journal import salvage
from pos.errors import JournalError
from pos.journal.journal import Journal

resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, 200_000))
try:
    salvage.take_up(Path(sys.argv[1]), [], 1_795_374_000_000, Journal)
except JournalError as exc:
    print(exc)
"""


def test_a_disk_that_is_full_is_told_and_costs_nothing(path: Path, take_up: Callable[..., Journal]) -> None:
    wrecks.both(path, Random(3))
    before = contents(path)
    command = [sys.executable, "-W", "error", "-c", MEND_ON_A_FULL_DISK, str(path)]
    for _ in range(2):
        child = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
        assert "disk is full" in child.stdout or "disk I/O error" in child.stdout
        assert contents(path) == before
    # There is room again.
    (report,) = take_up(path).unseen_salvages()
    assert [aside.name for aside in asides(path)] == [report.aside]
    assert contents(path.with_name(report.aside)) == before


START_WITHOUT_RIGHTS = """
import os, sys
from pathlib import Path
from pos.journal import salvage
from pos.errors import JournalError
from pos.journal.journal import Journal

if os.getuid() == 0:
    os.setuid(65534)
try:
    salvage.take_up(Path(sys.argv[1]), [], 1_795_374_000_000, Journal)
except JournalError as exc:
    print(exc)
"""


def test_a_disk_that_cannot_be_written_is_told_and_nothing_changes(pasts: dict[bool, Past]) -> None:
    with TemporaryDirectory(dir="/tmp") as folder:
        Path(folder).chmod(0o755)
        path = copied(pasts[True], Path(folder) / "var")
        for damaged in (False, True):
            if damaged:
                wrecks.both(path, Random(3))
            before = contents(path)
            for file in path.parent.iterdir():
                file.chmod(0o644)
            path.parent.chmod(0o555)
            command = [sys.executable, "-c", START_WITHOUT_RIGHTS, str(path)]
            child = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
            path.parent.chmod(0o755)
            assert "journal.db" in child.stdout
            assert contents(path) == before
            assert asides(path) == []
