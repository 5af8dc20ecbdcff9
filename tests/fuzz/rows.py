"""The journal after something wrote into it: a failing card, a stranger with a tool, a till of another version.

Rule: a row is read as just what was written or refused; the journal gives what can be read or says that it cannot, with
a JournalError, and nothing else ever comes out of it.

A case is a row on each line: a kind, a space, the body.
"""

import sqlite3
from collections.abc import Callable
from pathlib import Path

from pos.core.payment import fold
from pos.engine import Engine
from pos.errors import JournalError
from pos.journal import record
from pos.journal.journal import Journal
from tests.fuzz import edits
from tests.fuzz.campaign import Judge, Parser, outcome
from tests.samples import ATTEMPT
from tests.world import Crew

_SUBJECT, _ITEM = ATTEMPT.id, "beer"
_INSERT = "INSERT INTO event (at_ms, subject, kind, body, final) VALUES (0, ?, ?, ?, 0)"


def judge_rows(room: Path) -> Judge:
    """Read rows one by one, and then through a journal and an engine that starts on it."""
    path = room / "journal.db"

    def judge(case: bytes) -> bool:
        rows = [row.partition(" ")[::2] for row in case.decode("utf-8", "surrogatepass").split("\n") if row]
        taken = [_read_back(kind, body) for kind, body in rows]
        for leftover in room.iterdir():
            leftover.unlink()
        _start_on(path, rows)
        return any(taken)

    def forgiving(case: bytes) -> bool:
        # What is no UTF-8 cannot get into a TEXT column through SQLite's own doors; its bytes are met in test_journal.
        return judge(case.decode("utf-8", "replace").encode())

    return forgiving


def _read_back(kind: str, body: str) -> bool:
    """Read one row; True if it was taken, and then it is written again just as it reads."""
    read = outcome(lambda: record.read(kind, body), ValueError)
    if isinstance(read, ValueError):
        assert str(read)
        return False
    again = record.write(read)
    again[1].encode()
    assert again[0] == kind
    assert record.read(*again) == read
    return True


def _start_on(path: Path, rows: list[tuple[str, str]]) -> None:
    journal = Journal(path)
    try:
        with sqlite3.connect(path) as db:
            for kind, body in rows:
                _write(db, f"item:{_ITEM}" if kind == "StockChanged" else _SUBJECT, kind, body)
        db.close()
        events = _given(lambda: journal.events_of(_SUBJECT))
        _given(lambda: journal.payments_of(ATTEMPT.order.id))
        _given(lambda: list(journal.open_payments()))
        number = _given(journal.last_number)
        assert number is None or type(number) is int
        assert _given(lambda: journal.stock_of(_ITEM)) in (None, True, False)
        if events:
            fold(events)  # type: ignore[arg-type]
        _given(Engine(journal, Crew(), lambda: 0).recover)
    finally:
        journal.close()


def _write(db: sqlite3.Connection, subject: str, kind: str, body: str) -> None:
    try:
        db.execute(_INSERT, (subject, kind, body))
    except sqlite3.IntegrityError:
        return  # a payment that opens twice: the journal's own triggers keep it out


def _given(ask: Callable[[], object]) -> object | None:
    given = outcome(ask, JournalError)
    if not isinstance(given, JournalError):
        return given
    assert str(given)
    return None


JOURNAL = Parser("journal", (*edits.BYTES, *(edits.json_value,) * 6, edits.json_twice), judge_rows)
