"""SQLite, append-only: every event of every order, in order, for ever.

Rule: what `append` returned from is on the disk, and nothing that was written is ever changed; triggers refuse it.
The truth is the fold over `event`. `open_payment` is an index of that log, kept by triggers inside the very same
transactions, so that starting up does not read a hundred thousand finished orders; a test compares the two.

The price of synchronous=FULL is one flush to the card for each event, about as long as a frame; it is paid on
purpose, on Tk's thread, because the next thing the till does may rely on it.
"""

import os
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TypeVar

from pos import private
from pos.core.menu import StockChanged
from pos.core.order import number_in
from pos.core.payment_events import Entry, Event, from_birth
from pos.core.salvage import Salvaged, SalvageSeen, StraysSought
from pos.core.way_out import PinTried
from pos.errors import JournalError
from pos.journal import inspection, record, schema
from pos.journal.claim import claimed

_ITEM = "item:"
SALVAGE = "salvage"
_PIN = "pin"
_SERVICE_DAYS = 400
_Note = TypeVar("_Note", Salvaged, SalvageSeen, StraysSought)


class Journal:
    """The file that outlives everything; every method raises JournalError when it cannot keep its word."""

    def __init__(self, path: Path) -> None:
        self._path = path
        with _reported(path), ExitStack() as undo:
            private.make_folder(path.parent)
            undo.enter_context(claimed(path))
            os.close(private.open_file(path))  # SQLite gives the log and its index the same mode
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
        """Give one payment's events in order; empty if there is no such payment, or if its beginning was lost."""
        return self._read("subject = ?", payment_id).get(payment_id, ())

    def payments_of(self, order_id: str) -> dict[str, tuple[Event, ...]]:
        """Give every payment of one order with its events, ended ones too, in the order they began."""
        # '.' is the character after '-': the range holds K1-0042-1 and K1-0042-2, and no other order's.
        return self._read("subject > ? AND subject < ?", f"{order_id}-", f"{order_id}.")

    def last_number(self) -> int:
        """Give the number behind which to go on: the newest order's, or where a salvage leapt to; 0 if there is none.

        The name of the payment is enough, so that a body that cannot be read does not stop the next sale.
        """
        with _reported(self._path):
            newest = "SELECT subject FROM event WHERE kind = 'Opened' ORDER BY seq DESC LIMIT 1"
            row = self._db.execute(newest).fetchone()
        number = number_in(row[0]) if row else 0
        if number is None:
            raise JournalError(f"{self._path}: the newest order has no number: {row[0]!r}")
        leaps = [note.last_number for note in self._salvages(Salvaged)]
        leaps += [note.last_number for note in self._salvages(StraysSought)]
        return max(number, *leaps, 0)

    def stock_of(self, item_id: str) -> bool | None:
        """Tell whether an item was last marked sold out; None if nobody ever touched it."""
        with _reported(self._path):
            row = self._db.execute(
                "SELECT kind, body FROM event WHERE subject = ? ORDER BY seq DESC LIMIT 1", (_ITEM + item_id,)
            ).fetchone()
        change = self._parse(*row) if row else None
        return change.sold_out if isinstance(change, StockChanged) else None

    def unseen_salvages(self) -> tuple[Salvaged, ...]:
        """Give what nobody at the counter has acknowledged yet, oldest first."""
        return self._salvages_without(SalvageSeen)

    def salvages_to_follow(self) -> tuple[Salvaged, ...]:
        """Give those behind which the server has not been asked yet for what was lost, oldest first."""
        return self._salvages_without(StraysSought)

    def note_salvage_seen(self, aside: str, at_ms: int) -> None:
        """Write that somebody has read the report of what was put `aside`."""
        self._insert([(at_ms, SALVAGE, *record.write(SalvageSeen(aside)), 0)])

    def note_strays_sought(self, sought: StraysSought, at_ms: int) -> None:
        """Write that the server was asked for what was lost."""
        self._insert([(at_ms, SALVAGE, *record.write(sought), 0)])

    def add_service(self, day: str, counts: Mapping[tuple[str, int], int]) -> None:
        """Add to what was measured on a day like 2026-11-22, by measure and bucket; the newest 400 days are kept.

        It is flushed as an event is although it is never money: once a minute that is nothing, and a connection whose
        strictness is switched to and fro could be left lax.
        """
        rows = [(day, measure, bucket, count) for (measure, bucket), count in counts.items()]
        with _reported(self._path), _transaction(self._db):
            known = self._db.execute("SELECT 1 FROM service WHERE day = ? LIMIT 1", (day,)).fetchone()
            self._db.executemany(
                "INSERT INTO service VALUES (?, ?, ?, ?)"
                " ON CONFLICT (day, measure, bucket) DO UPDATE SET count = count + excluded.count",
                rows,
            )
            if known is None:
                # By their order and not by a date: a clock that leaps ahead must not make everything look old.
                self._db.execute(
                    "DELETE FROM service WHERE day NOT IN (SELECT DISTINCT day FROM service ORDER BY day DESC LIMIT ?)",
                    (_SERVICE_DAYS,),
                )

    def service(self, since_day: str) -> Mapping[str, Mapping[tuple[str, int], int]]:
        """Give what was measured on that day and later, oldest day first."""
        with _reported(self._path):
            return service_in(self._db, since_day)

    def note_pin_try(self, at_ms: int, *, right: bool) -> None:
        """Write that a PIN is being tried, or that it was right."""
        self._insert([(at_ms, _PIN, *record.write(PinTried(right)), 0)])

    def wrong_pins(self) -> int:
        """Count the PINs that were tried since the last right one."""
        _, right = record.write(PinTried(right=True))
        with _reported(self._path):
            (count,) = self._db.execute(
                "SELECT count(*) FROM event WHERE subject = ? AND seq > "
                "(SELECT coalesce(max(seq), 0) FROM event WHERE subject = ? AND body = ?)",
                (_PIN, _PIN, right),
            ).fetchone()
        return int(count)

    def close(self) -> None:
        """Let go of the file."""
        self._let_go()

    def _insert(self, rows: list[tuple[int, str, str, str, int]]) -> None:
        with _reported(self._path), _transaction(self._db):
            self._db.executemany(
                "INSERT INTO event (at_ms, subject, kind, body, final) VALUES (?, ?, ?, ?, ?)", rows
            )

    def _read(self, where: str, *values: str) -> dict[str, tuple[Event, ...]]:
        with _reported(self._path):
            rows = self._db.execute(
                f"SELECT subject, kind, body FROM event WHERE {where} ORDER BY seq",  # noqa: S608 our own two texts
                values,
            ).fetchall()
        found: dict[str, list[Event]] = {}
        for subject, kind, body in rows:
            event = self._parse(kind, body)
            if isinstance(event, Event):
                found.setdefault(subject, []).append(event)
        whole = {subject: from_birth(events) for subject, events in found.items()}
        return {subject: events for subject, events in whole.items() if events}

    def _salvages_without(self, kind: type[_Note]) -> tuple[Salvaged, ...]:
        done = {note.aside for note in self._salvages(kind)}
        return tuple(salvaged for salvaged in self._salvages(Salvaged) if salvaged.aside not in done)

    def _salvages(self, kind: type[_Note]) -> list[_Note]:
        with _reported(self._path):
            rows = self._db.execute(
                "SELECT kind, body FROM event WHERE subject = ? AND kind = ? ORDER BY seq", (SALVAGE, kind.__name__)
            ).fetchall()
        return [note for note in (self._parse(*row) for row in rows) if isinstance(note, kind)]

    def _parse(self, kind: str, body: str) -> record.Record:
        try:
            return record.read(kind, body)
        except ValueError as exc:
            inspection.suspect(self._path)
            raise JournalError(f"an entry of the journal cannot be read: {exc}") from exc

    def _migrate(self) -> None:
        schema.expect_known(self._db, self._path)
        schema.migrate(self._db)


def service_in(db: sqlite3.Connection, since_day: str) -> Mapping[str, Mapping[tuple[str, int], int]]:
    """Read what was measured out of an open database; as `Journal.service`, and raising what SQLite does."""
    found: dict[str, dict[tuple[str, int], int]] = {}
    for day, measure, bucket, count in db.execute("SELECT * FROM service WHERE day >= ? ORDER BY day", (since_day,)):
        found.setdefault(day, {})[measure, bucket] = count
    return found


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
    except (*inspection.FAILURES, OSError) as exc:
        if inspection.is_damage(exc):
            inspection.suspect(path)
        raise JournalError(f"{path}: {exc}") from exc
