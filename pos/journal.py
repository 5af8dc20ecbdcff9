"""SQLite, append-only: every event of every order, in order, for ever.

Rule: what `append` returned from is on the disk, and nothing that was written is ever changed; triggers refuse it.
The truth is the fold over `event`. `open_payment` is an index of that log, kept by triggers inside the very same
transactions, so that starting up does not read a hundred thousand finished orders; a test compares the two.

The price of synchronous=FULL is one flush to the card for each event, about as long as a frame; it is paid on
purpose, on Tk's thread, because the next thing the till does may rely on it.
"""

import fcntl
import os
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path

from pos import record
from pos.core.menu import StockChanged
from pos.core.payment_events import Entry, Event, Opened
from pos.errors import JournalError, JournalInUse

MIGRATIONS = (
    """
    CREATE TABLE event (
        seq     INTEGER PRIMARY KEY,
        at_ms   INTEGER NOT NULL,
        subject TEXT    NOT NULL,
        kind    TEXT    NOT NULL,
        body    TEXT    NOT NULL,
        final   INTEGER NOT NULL CHECK (final IN (0, 1))
    ) STRICT;
    CREATE INDEX event_of_subject ON event (subject, seq);
    CREATE INDEX event_opened ON event (seq) WHERE kind = 'Opened';
    CREATE TRIGGER event_is_not_changed BEFORE UPDATE ON event
        BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END;
    CREATE TRIGGER event_is_not_deleted BEFORE DELETE ON event
        BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END;
    CREATE TRIGGER event_is_not_replaced BEFORE INSERT ON event WHEN EXISTS (SELECT 1 FROM event WHERE seq = new.seq)
        BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END;
    CREATE TABLE open_payment (seq INTEGER PRIMARY KEY, subject TEXT NOT NULL UNIQUE) STRICT;
    CREATE TRIGGER payment_opens AFTER INSERT ON event WHEN new.kind IN ('Opened', 'TwinFound')
        BEGIN INSERT INTO open_payment (seq, subject) VALUES (new.seq, new.subject); END;
    CREATE TRIGGER payment_closes AFTER INSERT ON event WHEN new.final = 1
        BEGIN DELETE FROM open_payment WHERE subject = new.subject; END;
    """,
)
"""One script a version; PRAGMA user_version counts those that were applied, each in one transaction with its number."""

_ITEM = "item:"


class Journal:
    """The file that outlives everything; every method raises JournalError when it cannot keep its word."""

    def __init__(self, path: Path) -> None:
        self._path = path
        with _reported(path), ExitStack() as undo:
            path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            undo.callback(os.close, _claim(path))
            os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
            self._db = sqlite3.connect(path, isolation_level=None)
            undo.callback(self._db.close)
            self._db.execute("PRAGMA journal_mode = WAL")
            self._db.execute("PRAGMA synchronous = FULL")
            self._db.execute("PRAGMA cache_size = -256")  # kilobytes: what is read is always the newest few pages
            self._migrate()
            self._let_go = undo.pop_all().close

    def append(self, entries: Sequence[Entry], at_ms: int) -> None:
        """Write events in one transaction, all or none; `at_ms` is the till's clock in unix milliseconds."""
        rows = [(at_ms, entry.payment_id, *record.write(entry.event), int(entry.final)) for entry in entries]
        self._insert(rows)

    def remember_stock(self, change: StockChanged, at_ms: int) -> None:
        """Write that an item ran out, or is there again."""
        self._insert([(at_ms, _ITEM + change.item_id, *record.write(change), 0)])

    def open_payments(self) -> Iterator[tuple[str, tuple[Event, ...]]]:
        """Give every payment that has not come to an end with its events, oldest payment first."""
        with _reported(self._path):
            subjects = self._db.execute("SELECT subject FROM open_payment ORDER BY seq").fetchall()
        for (subject,) in subjects:
            yield subject, self.events_of(subject)

    def events_of(self, payment_id: str) -> tuple[Event, ...]:
        """Give one payment's events in order; empty if there is no such payment."""
        return tuple(event for _, event in self._read("subject = ?", payment_id))

    def payments_of(self, order_id: str) -> dict[str, tuple[Event, ...]]:
        """Give every payment of one order with its events, ended ones too, in the order they began."""
        found: dict[str, tuple[Event, ...]] = {}
        # '.' is the character after '-': the range holds K1-0042-1 and K1-0042-2, and no other order's.
        for subject, event in self._read("subject > ? AND subject < ?", f"{order_id}-", f"{order_id}."):
            found[subject] = (*found.get(subject, ()), event)
        return found

    def last_number(self) -> int:
        """Give the number of the newest order; 0 in an empty journal."""
        with _reported(self._path):
            row = self._db.execute(
                "SELECT kind, body FROM event WHERE kind = 'Opened' ORDER BY seq DESC LIMIT 1"
            ).fetchone()
        opened = _parse(*row) if row else None
        return opened.attempt.order.number if isinstance(opened, Opened) else 0

    def stock_of(self, item_id: str) -> bool | None:
        """Tell whether an item was last marked sold out; None if nobody ever touched it."""
        with _reported(self._path):
            row = self._db.execute(
                "SELECT kind, body FROM event WHERE subject = ? ORDER BY seq DESC LIMIT 1", (_ITEM + item_id,)
            ).fetchone()
        change = _parse(*row) if row else None
        return change.sold_out if isinstance(change, StockChanged) else None

    def close(self) -> None:
        """Let go of the file."""
        self._let_go()

    def _insert(self, rows: list[tuple[int, str, str, str, int]]) -> None:
        with _reported(self._path), _transaction(self._db):
            self._db.executemany(
                "INSERT INTO event (at_ms, subject, kind, body, final) VALUES (?, ?, ?, ?, ?)", rows
            )

    def _read(self, where: str, *values: str) -> list[tuple[str, Event]]:
        with _reported(self._path):
            rows = self._db.execute(
                f"SELECT subject, kind, body FROM event WHERE {where} ORDER BY seq",  # noqa: S608 our own two texts
                values,
            ).fetchall()
        events = ((subject, _parse(kind, body)) for subject, kind, body in rows)
        return [(subject, event) for subject, event in events if not isinstance(event, StockChanged)]

    def _migrate(self) -> None:
        (version,) = self._db.execute("PRAGMA user_version").fetchone()
        if version > len(MIGRATIONS):
            raise JournalError(f"{self._path} was written by a newer version of this till ({version})")
        for number in range(version, len(MIGRATIONS)):
            self._db.executescript(f"BEGIN IMMEDIATE; {MIGRATIONS[number]} PRAGMA user_version = {number + 1}; COMMIT;")


def _parse(kind: str, body: str) -> record.Record:
    try:
        return record.read(kind, body)
    except ValueError as exc:
        raise JournalError(f"an entry of the journal cannot be read: {exc}") from exc


def _claim(path: Path) -> int:
    """Keep a second till off the same journal: two would not know of each other's payments."""
    lock = os.open(path.with_name(path.name + ".lock"), os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as exc:
        os.close(lock)
        raise JournalInUse(f"{path} is in use by another till on this machine") from exc
    return lock


@contextmanager
def _transaction(db: sqlite3.Connection) -> Iterator[None]:
    db.execute("BEGIN IMMEDIATE")
    try:
        yield
        db.execute("COMMIT")
    finally:
        # Whatever broke it: half a transaction left open would keep every later one out.
        if db.in_transaction:
            db.execute("ROLLBACK")


@contextmanager
def _reported(path: Path) -> Iterator[None]:
    try:
        yield
    except (sqlite3.Error, OSError) as exc:
        raise JournalError(f"{path}: {exc}") from exc
