"""The journal, on real files and real SQLite."""

import os
import sqlite3
import stat
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pos.core.menu import StockChanged
from pos.core.payment import fold, step
from pos.core.payment_events import (
    Acknowledged,
    AnswerLost,
    Cancelled,
    Entry,
    Event,
    HandedOver,
    NotFound,
    Opened,
    Quoted,
    Restarted,
    Settled,
    Superseded,
    TwinFound,
)
from pos.core.payment_states import Closed, State
from pos.core.salvage import Salvaged, StraysSought
from pos.engine import Engine
from pos.errors import JournalError
from pos.journal import record, schema
from pos.journal.inspection import suspicion
from pos.journal.journal import Journal
from pos.journal.schema import MIGRATIONS
from tests.samples import ATTEMPT, EVENTS, QUOTE, T0_S, TRAIL, TWIN
from tests.world import Crew

AT_MS = T0_S * 1000
ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "var" / "journal.db"


@pytest.fixture
def journal(path: Path) -> Iterator[Journal]:
    journal = Journal(path)
    yield journal
    journal.close()


@pytest.fixture
def sql(path: Path) -> Iterator[Callable[..., list[tuple[object, ...]]]]:
    """Return a function that runs SQL on the journal's file, as somebody with a shell could."""
    connections = []

    def run(statement: str, *values: object) -> list[tuple[object, ...]]:
        connection = sqlite3.connect(path, isolation_level=None)
        connections.append(connection)
        return connection.execute(statement, values).fetchall()

    yield run
    for connection in connections:
        connection.close()


def entry(event: Event, payment_id: str = ATTEMPT.id, *, final: bool = False) -> Entry:
    return Entry(payment_id, event, final)


OPENED = entry(Opened(ATTEMPT))


def attempt_at(number: int, till: str = "K1") -> Entry:
    """Open the first attempt at the order of that number."""
    attempt = replace(ATTEMPT, order=replace(ATTEMPT.order, till=till, number=number))
    return entry(Opened(attempt), attempt.id)


# --- what is written stays -------------------------------------------------------------------------------------------


def test_what_was_appended_is_there_after_the_file_was_closed(path: Path) -> None:
    first = Journal(path)
    first.append([OPENED], AT_MS)
    first.append([entry(Quoted(QUOTE))], AT_MS + 1)
    first.close()
    second = Journal(path)
    assert second.events_of(ATTEMPT.id) == (Opened(ATTEMPT), Quoted(QUOTE))
    assert list(second.open_payments()) == [(ATTEMPT.id, (Opened(ATTEMPT), Quoted(QUOTE)))]
    second.close()


def test_an_append_is_on_the_disk_before_it_returns(journal: Journal, sql: Callable[..., object]) -> None:
    journal.append([OPENED], AT_MS)
    assert sql("SELECT seq, at_ms, subject, kind, final FROM event") == [(1, AT_MS, "K1-0042-1", "Opened", 0)]
    assert sql("PRAGMA journal_mode") == [("wal",)]
    # Only its own connection can be asked how hard it flushes: 2 is FULL, each commit waits for the disk.
    assert journal._db.execute("PRAGMA synchronous").fetchone() == (2,)


@pytest.mark.parametrize(
    "statement", ["UPDATE event SET at_ms = 0", "DELETE FROM event", "REPLACE INTO event SELECT * FROM event"]
)
def test_nobody_changes_what_was_written(journal: Journal, sql: Callable[..., object], statement: str) -> None:
    journal.append([OPENED], AT_MS)
    with pytest.raises(sqlite3.IntegrityError):
        sql(statement)
    assert journal.events_of(ATTEMPT.id) == (Opened(ATTEMPT),)


def test_several_entries_are_written_all_or_none(journal: Journal) -> None:
    journal.append([OPENED], AT_MS)
    second = replace(ATTEMPT, number=2)
    with pytest.raises(JournalError):
        # The same birth twice is refused, and with it everything that came in the same transaction.
        journal.append([entry(Opened(second), second.id), entry(Superseded()), OPENED], AT_MS)
    assert journal.events_of(second.id) == ()
    assert journal.events_of(ATTEMPT.id) == (Opened(ATTEMPT),)
    journal.append([entry(Opened(second), second.id), entry(Superseded())], AT_MS)
    assert [payment_id for payment_id, _ in journal.open_payments()] == [ATTEMPT.id, second.id]


def test_a_text_that_cannot_be_stored_leaves_the_journal_usable(journal: Journal) -> None:
    with pytest.raises(UnicodeEncodeError):
        journal.append([OPENED, entry(Opened(ATTEMPT), "\ud800")], AT_MS)
    journal.append([OPENED], AT_MS)
    assert journal.events_of(ATTEMPT.id) == (Opened(ATTEMPT),)


# --- what is asked of it ---------------------------------------------------------------------------------------------


def test_a_payment_that_came_to_an_end_is_not_open_and_its_events_remain(journal: Journal) -> None:
    events = (Opened(ATTEMPT), Quoted(QUOTE), Settled(TRAIL, 1, 0), HandedOver())
    for event in events:
        journal.append([entry(event, final=isinstance(event, HandedOver))], AT_MS)
    assert list(journal.open_payments()) == []
    assert journal.events_of(ATTEMPT.id) == events


def test_an_unknown_payment_has_no_events(journal: Journal) -> None:
    assert journal.events_of("K1-0001-1") == ()


def test_payments_of_an_order_are_all_of_its_own_and_nobody_elses(journal: Journal) -> None:
    first, second = attempt_at(1), replace(attempt_at(1).event.attempt, number=2)  # type: ignore[union-attr]
    twin = entry(TwinFound(TWIN, TRAIL), f"{first.payment_id}-Inv2")
    journal.append([first, entry(Opened(second), second.id), twin], AT_MS)
    for number in (0, 2, 10, 12):
        journal.append([attempt_at(number)], AT_MS)
    journal.append([attempt_at(10_001), entry(Restarted(), "K1-00010-1"), entry(Restarted(), "K1-00011")], AT_MS)
    assert list(journal.payments_of("K1-0001")) == ["K1-0001-1", "K1-0001-2", "K1-0001-1-Inv2"]
    assert list(journal.payments_of("K1-10001")) == ["K1-10001-1"]
    assert journal.payments_of("K1-0003") == {}


def test_an_empty_journal_begins_to_count_at_zero(journal: Journal) -> None:
    assert journal.last_number() == 0
    assert list(journal.open_payments()) == []


def test_the_last_number_is_the_newest_orders_whatever_happened_to_it_since(journal: Journal) -> None:
    journal.append([attempt_at(7)], AT_MS)
    journal.append([attempt_at(8)], AT_MS)
    journal.append([entry(Cancelled(), "K1-0007-1"), entry(TwinFound(TWIN, TRAIL), TWIN.id)], AT_MS)
    assert journal.last_number() == 8


def test_stock_is_remembered_by_its_last_word(journal: Journal) -> None:
    assert journal.stock_of("beer") is None
    journal.remember_stock(StockChanged("beer", sold_out=True), AT_MS)
    assert journal.stock_of("beer") is True
    journal.remember_stock(StockChanged("beer", sold_out=False), AT_MS)
    assert (journal.stock_of("beer"), journal.stock_of("bee")) == (False, None)
    assert list(journal.open_payments()) == []


HAPPENINGS = [event for event in EVENTS if not isinstance(event, Opened | TwinFound)]


@settings(max_examples=100, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 3), st.sampled_from(HAPPENINGS)), max_size=40))
def test_the_index_of_open_payments_is_what_the_log_says(
    tmp_path_factory: pytest.TempPathFactory, happened: list[tuple[int, Event]]
) -> None:
    path = tmp_path_factory.mktemp("property") / "journal.db"
    journal = Journal(path)
    # The property is about what is written, not how hard it is flushed, and a hundred journals are to be quick.
    journal._db.execute("PRAGMA synchronous = OFF")
    engine = Engine(journal, Crew(), lambda: AT_MS)
    ids = []
    for number in range(4):
        attempt = replace(ATTEMPT, order=replace(ATTEMPT.order, number=number))
        engine.open(attempt)
        ids.append(attempt.id)
    for which, event in happened:
        engine.tell(ids[which], event)
    folded: dict[str, State] = {payment_id: fold(journal.events_of(payment_id)) for payment_id in ids}
    still_open = {payment_id: state for payment_id, state in folded.items() if not isinstance(state, Closed)}
    assert dict(engine.payments) == still_open
    assert {payment_id: fold(events) for payment_id, events in journal.open_payments()} == still_open
    for payment_id in ids:
        # Only what changed something is in the log.
        opened, *later = journal.events_of(payment_id)
        state = fold([opened])
        for event in later:
            assert step(state, event) is not state
            state = step(state, event)
    journal.close()


# --- versions, and who may open it -----------------------------------------------------------------------------------


def test_a_new_file_has_the_newest_version(journal: Journal, sql: Callable[..., object]) -> None:
    assert sql("PRAGMA user_version") == [(len(MIGRATIONS),)]


def test_a_migration_that_fails_leaves_the_version_and_the_tables_as_they_were(
    path: Path, sql: Callable[..., object], monkeypatch: pytest.MonkeyPatch
) -> None:
    Journal(path).close()
    broken = "CREATE TABLE half (x INTEGER) STRICT; CREATE TABLE event (again INTEGER) STRICT;"
    monkeypatch.setattr(schema, "MIGRATIONS", (*MIGRATIONS, broken))
    with pytest.raises(JournalError, match="already exists"):
        Journal(path)
    assert sql("PRAGMA user_version") == [(len(MIGRATIONS),)]
    assert sql("SELECT name FROM sqlite_schema WHERE name = 'half'") == []
    monkeypatch.setattr(schema, "MIGRATIONS", (*MIGRATIONS, "CREATE TABLE whole (x INTEGER) STRICT;"))
    Journal(path).close()
    assert sql("PRAGMA user_version") == [(len(MIGRATIONS) + 1,)]


def test_a_file_of_a_newer_till_is_refused_and_let_go(path: Path, sql: Callable[..., object]) -> None:
    Journal(path).close()
    sql("PRAGMA user_version = 99")
    with pytest.raises(JournalError, match="newer version"):
        Journal(path)
    sql(f"PRAGMA user_version = {len(MIGRATIONS)}")
    Journal(path).close()


def test_a_second_till_on_the_same_journal_is_refused(journal: Journal, path: Path) -> None:
    with pytest.raises(JournalError, match="in use by another till"):
        Journal(path)
    journal.append([OPENED], AT_MS)


@pytest.mark.parametrize("umask", [0o000, 0o022, 0o077, 0o777])
def test_nobody_else_on_the_machine_can_read_it_whatever_the_umask(tmp_path: Path, umask: int) -> None:
    path = tmp_path / "var" / "lib" / "journal.db"
    before = os.umask(umask)
    try:
        journal = Journal(path)
        journal.append([OPENED], AT_MS)
    finally:
        os.umask(before)
    modes = {file.name: stat.S_IMODE(file.stat().st_mode) for file in path.parent.iterdir()}
    assert modes == dict.fromkeys(("journal.db", "journal.db-wal", "journal.db-shm", "journal.db.lock"), 0o600)
    assert [stat.S_IMODE(folder.stat().st_mode) for folder in path.parents[:2]] == [0o700, 0o700]
    journal.close()


def test_a_file_system_without_modes_stops_no_till(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(*_: object) -> None:
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr(Path, "chmod", refused)
    journal = Journal(path)
    journal.append([OPENED], AT_MS)
    journal.close()


# --- trouble ---------------------------------------------------------------------------------------------------------


def test_a_place_where_no_file_can_be_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(JournalError, match="file"):
        Journal(tmp_path / "file" / "journal.db")


def test_a_file_that_is_no_journal_is_told(tmp_path: Path) -> None:
    path = tmp_path / "journal.db"
    path.write_bytes(b"holiday pictures" * 1000)
    with pytest.raises(JournalError, match="not a database"):
        Journal(path)


@pytest.mark.parametrize(
    ("kind", "body"),
    [("Opened", "{}"), ("Nonsense", "{}"), ("Opened", "{"), ("NotFound", '{"looks": 1}')],
)
def test_a_damaged_entry_is_told_and_not_guessed_at(
    journal: Journal, sql: Callable[..., object], kind: str, body: str
) -> None:
    sql("INSERT INTO event (at_ms, subject, kind, body, final) VALUES (0, 'K1-0042-1', ?, ?, 0)", kind, body)
    for read in (lambda: journal.events_of("K1-0042-1"), lambda: journal.payments_of("K1-0042")):
        with pytest.raises(JournalError, match="cannot be read"):
            read()


def test_a_damaged_payment_that_is_open_is_told(journal: Journal, sql: Callable[..., object]) -> None:
    sql("INSERT INTO event (at_ms, subject, kind, body, final) VALUES (0, 'K1-0042-1', 'Opened', '{}', 0)")
    with pytest.raises(JournalError, match="cannot be read"):
        list(journal.open_payments())


def test_a_damaged_order_that_is_over_does_not_stop_the_next_sale(
    journal: Journal, sql: Callable[..., object]
) -> None:
    sql("INSERT INTO event (at_ms, subject, kind, body, final) VALUES (0, 'K1-0042-1', 'Opened', '{}', 0)")
    journal.append([entry(HandedOver(), final=True)], AT_MS)
    assert journal.last_number() == 42
    assert list(journal.open_payments()) == []


def test_a_newest_order_without_a_number_is_told(journal: Journal, sql: Callable[..., object]) -> None:
    sql("INSERT INTO event (at_ms, subject, kind, body, final) VALUES (0, 'nonsense', 'Opened', '{}', 1)")
    with pytest.raises(JournalError, match="no number"):
        journal.last_number()


def test_damage_that_is_met_is_looked_into_at_the_next_start(
    journal: Journal, path: Path, sql: Callable[..., object]
) -> None:
    journal.append([attempt_at(1)], AT_MS)
    assert not suspicion(path).exists()
    sql("INSERT INTO event (at_ms, subject, kind, body, final) VALUES (0, 'K1-0042-1', 'Opened', '{}', 0)")
    with pytest.raises(JournalError):
        journal.events_of("K1-0042-1")
    assert stat.S_IMODE(suspicion(path).stat().st_mode) == 0o600


def test_a_payment_whose_beginning_was_lost_is_left_out_and_the_rest_of_its_order_is_there(
    journal: Journal, sql: Callable[..., object]
) -> None:
    second = replace(ATTEMPT, number=2)
    journal.append([entry(Quoted(QUOTE)), entry(Opened(second), second.id)], AT_MS)
    assert journal.events_of(ATTEMPT.id) == ()
    assert dict(journal.payments_of("K1-0042")) == {second.id: (Opened(second),)}
    # What is found again at the server begins anew; what was left of it does not count.
    twin = TwinFound(ATTEMPT, TRAIL)
    journal.append([entry(twin)], AT_MS)
    assert journal.events_of(ATTEMPT.id) == (twin,)


# --- what is no payment ----------------------------------------------------------------------------------------------

SALVAGED = Salvaged("journal.damaged-1.db", kept=7, lost=1, from_backup=0, last_number=2000)


def test_a_salvage_is_told_until_somebody_has_seen_it(path: Path, sql: Callable[..., object]) -> None:
    journal = Journal(path)
    for report in (SALVAGED, replace(SALVAGED, aside="journal.damaged-2.db")):
        kind, body = record.write(report)
        sql("INSERT INTO event (at_ms, subject, kind, body, final) VALUES (0, 'salvage', ?, ?, 0)", kind, body)
    assert [report.aside for report in journal.unseen_salvages()] == ["journal.damaged-1.db", "journal.damaged-2.db"]
    journal.note_salvage_seen("journal.damaged-1.db", AT_MS)
    journal.close()
    journal = Journal(path)
    assert [report.aside for report in journal.unseen_salvages()] == ["journal.damaged-2.db"]
    assert list(journal.open_payments()) == []
    journal.close()


def test_numbers_go_on_behind_those_that_a_salvage_may_have_lost(journal: Journal, sql: Callable[..., object]) -> None:
    journal.append([attempt_at(42)], AT_MS)
    sql("INSERT INTO event (at_ms, subject, kind, body, final) VALUES (0, 'salvage', ?, ?, 0)", *record.write(SALVAGED))
    assert journal.last_number() == 2000
    journal.append([attempt_at(2001)], AT_MS)
    assert journal.last_number() == 2001


def test_a_salvage_is_followed_until_the_server_was_asked(journal: Journal, sql: Callable[..., object]) -> None:
    sql("INSERT INTO event (at_ms, subject, kind, body, final) VALUES (0, 'salvage', ?, ?, 0)", *record.write(SALVAGED))
    assert journal.salvages_to_follow() == (SALVAGED,)
    journal.note_strays_sought(StraysSought(SALVAGED.aside, last_number=3007), AT_MS)
    assert journal.salvages_to_follow() == ()
    assert journal.unseen_salvages() == (SALVAGED,)
    assert journal.last_number() == 3007


def test_the_service_level_is_added_up_and_given_by_day(journal: Journal) -> None:
    journal.add_service("2026-11-21", {("tap_to_qr", 300): 2, ("polls", 0): 7})
    journal.add_service("2026-11-22", {("tap_to_qr", 300): 1})
    journal.add_service("2026-11-22", {("tap_to_qr", 300): 1, ("tap_to_qr", 500): 1})
    assert journal.service("2026-11-22") == {"2026-11-22": {("tap_to_qr", 300): 2, ("tap_to_qr", 500): 1}}
    assert list(journal.service("2026-11-01")) == ["2026-11-21", "2026-11-22"]
    assert journal.service("2026-11-23") == {}


def test_the_service_level_of_the_newest_days_is_kept_whatever_the_clock_says(
    journal: Journal, sql: Callable[..., list[tuple[object, ...]]]
) -> None:
    days = [f"{year}-01-{day:02}" for year in range(2000, 2020) for day in range(1, 21)]
    for day in (*days, "2099-01-01", "1970-01-01"):
        journal.add_service(day, {("polls", 0): 1})
    assert list(journal.service("")) == [*days[1:], "2099-01-01"]
    assert sql("SELECT count(*) FROM service") == [(400,)]


@pytest.mark.parametrize(
    "ask",
    [
        lambda journal: journal.append([OPENED], AT_MS),
        lambda journal: journal.remember_stock(StockChanged("beer", sold_out=True), AT_MS),
        lambda journal: list(journal.open_payments()),
        lambda journal: journal.events_of(ATTEMPT.id),
        lambda journal: journal.payments_of("K1-0042"),
        lambda journal: journal.last_number(),
        lambda journal: journal.stock_of("beer"),
        lambda journal: journal.unseen_salvages(),
        lambda journal: journal.salvages_to_follow(),
        lambda journal: journal.note_strays_sought(StraysSought("aside", 0), AT_MS),
        lambda journal: journal.note_salvage_seen("aside", AT_MS),
        lambda journal: journal.add_service("2026-11-22", {("polls", 0): 1}),
        lambda journal: journal.service("2026-11-22"),
    ],
)
def test_a_file_that_breaks_underneath_is_told_whatever_is_asked(
    journal: Journal, sql: Callable[..., object], ask: Callable[[Journal], object]
) -> None:
    for table in ("open_payment", "event", "service"):
        sql(f"DROP TABLE {table}")
    with pytest.raises(JournalError):
        ask(journal)


FILL_THE_DISK = """
import resource, sys
from pathlib import Path
from pos.core.payment_events import AnswerLost, Entry, Opened
from pos.errors import JournalError
from pos.journal.inspection import suspicion
from pos.journal.journal import Journal
from tests.samples import ATTEMPT

journal = Journal(Path(sys.argv[1]))
journal.append([Entry(ATTEMPT.id, Opened(ATTEMPT), False)], 0)
# No file may grow beyond this, for root neither: the same to SQLite as a card that is full.
resource.setrlimit(resource.RLIMIT_FSIZE, (120_000, 120_000))
written = 0
try:
    while written < 1000:
        journal.append([Entry(ATTEMPT.id, AnswerLost(f"{written} {half} {'x' * 2000}"), False) for half in (0, 1)], 0)
        written += 1
except JournalError:
    try:
        journal.append([Entry(ATTEMPT.id, AnswerLost("y" * 9000), False)], 0)
    except JournalError:
        # It was one refusal and not a transaction left open: what is there can still be read.
        assert len(journal.events_of(ATTEMPT.id)) == 1 + 2 * written
        print(written)
"""


def test_a_full_disk_is_told_and_keeps_whole_appends_only(path: Path) -> None:
    child = subprocess.run(
        [sys.executable, "-c", FILL_THE_DISK, str(path)], cwd=ROOT, capture_output=True, text=True, check=True
    )
    written = int(child.stdout)
    assert 0 < written < 1000
    journal = Journal(path)
    problems = [event.problem.split()[:2] for event in journal.events_of(ATTEMPT.id) if isinstance(event, AnswerLost)]
    assert problems == [[str(number), str(half)] for number in range(written) for half in (0, 1)]
    journal.append([entry(NotFound()), entry(Acknowledged())], AT_MS)
    journal.close()


KILL = """
import os, signal, sys
from pathlib import Path
from pos.core.payment_events import Entry, Opened
from pos.journal.inspection import suspicion
from pos.journal.journal import Journal
from tests.samples import ATTEMPT

Journal(Path(sys.argv[1])).append([Entry(ATTEMPT.id, Opened(ATTEMPT), False)], 0)
os.kill(os.getpid(), signal.SIGKILL)
"""


def test_a_till_killed_right_after_an_append_has_written_it_and_lets_go(path: Path) -> None:
    subprocess.run([sys.executable, "-c", KILL, str(path)], cwd=ROOT, check=False)
    journal = Journal(path)
    assert journal.events_of(ATTEMPT.id) == (Opened(ATTEMPT),)
    journal.close()
