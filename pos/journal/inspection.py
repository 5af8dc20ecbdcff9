"""Whether a journal that nobody has open is whole: a quick look at every start, a thorough one after a suspicion.

Rule: looking changes nothing, neither the file nor its log. SQLite would write its log into a damaged file when it
closes it, and delete the log; so the file is opened to be read only, which does neither.

The quick look reads what the till is about to read. All of it would take a Pi several seconds with 100,000 orders, so
damage among old orders is found by the daily backup, or when it is met: both leave a suspicion for the next start.
"""

import sqlite3
import sys
from collections.abc import Iterable
from contextlib import closing, suppress
from pathlib import Path

from pos import private
from pos.core.order import number_in
from pos.core.payment_events import Birth
from pos.errors import JournalDamaged, JournalError
from pos.journal import pages, record, schema

_NEWEST = 200
"""So many of the newest entries are read at every start."""

_PATIENCE_S = 1
"""How long to wait for another program to let go; no other till is at work."""

_DAMAGE = {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_ERROR}
"""The last one is about a statement; ours are right where the tables are, and the file's format."""

_MEDIUM_FAILED = {sqlite3.SQLITE_IOERR_READ, sqlite3.SQLITE_IOERR_SHORT_READ, sqlite3.SQLITE_IOERR_CORRUPTFS}

FAILURES = (sqlite3.Error, UnicodeDecodeError)
"""What SQLite's module raises: a message that quotes a table's damaged text may be no text itself."""

_UNREADABLE_ENTRIES = "SELECT count(*) FROM event WHERE NOT is_record(kind, body)"
_NOT_FOUND_BY_SUBJECT = """
    SELECT min(seq) FROM event AS this NOT INDEXED
    WHERE seq >= min((SELECT max(seq) - ? FROM event), coalesce((SELECT min(seq) FROM open_payment), 1 << 62))
    AND NOT EXISTS (SELECT 1 FROM event AS same INDEXED BY event_of_subject
    WHERE same.subject = this.subject AND same.seq = this.seq)
"""
_OPEN_BY_THE_LOG = """
    SELECT subject FROM event AS birth WHERE kind IN ('Opened', 'TwinFound') AND NOT EXISTS
    (SELECT 1 FROM event AS last WHERE last.subject = birth.subject AND last.seq > birth.seq AND last.final = 1)
"""


def is_damage(exc: Exception) -> bool:
    """Tell whether SQLite failed because of what is in the file, and not for want of room or rights."""
    if isinstance(exc, UnicodeDecodeError):
        return True
    if isinstance(exc, sqlite3.OperationalError) and not hasattr(exc, "sqlite_errorcode"):
        return True  # a text that is not UTF-8: the module itself found it
    code = getattr(exc, "sqlite_errorcode", 0)
    return code & 0xFF in _DAMAGE or code in _MEDIUM_FAILED


def suspicion(path: Path) -> Path:
    """Name the file whose being there asks the next start for a thorough look."""
    return path.with_name(path.name + ".suspect")


def suspect(path: Path) -> None:
    """Ask the next start for a thorough look; a disk that cannot take even that is told elsewhere."""
    with suppress(OSError):
        suspicion(path).touch(private.FILE_MODE)


def look(path: Path, *, thorough: bool = False) -> None:
    """Look at a journal before it is opened, at all of it if that is asked for or if it is suspected.

    JournalDamaged if it must not be used as it is, JournalNewer, or JournalError if it cannot be looked at.
    """
    expect_its_log(path)
    if not size(path):
        return
    thorough = thorough or suspicion(path).exists()
    try:
        with closing(_open_to_read(path)) as db:
            # Being opened by this till would cost the journal of a newer one what is damaged of its log.
            expect_known(db, path)
            _look_at_log(path, log_of(path))
            if not schema.version_of(db):
                return  # the power went while it was begun
            _read_ahead(db)
            if thorough:
                check(db)
                _read(db.execute("SELECT kind, body FROM event NOT INDEXED"))
    except FAILURES as exc:
        if is_damage(exc):
            raise JournalDamaged(str(exc)) from exc
        raise JournalError(f"{path}: {exc}") from exc
    suspicion(path).unlink(missing_ok=True)


def expect_its_log(path: Path) -> None:
    """JournalDamaged if the file is empty and its log is not: SQLite deletes that log, even for one who only reads."""
    if not size(path) and size(log_of(path)):
        raise JournalDamaged("the file is empty and its log is not")


def expect_known(db: sqlite3.Connection, path: Path) -> None:
    """JournalNewer if a newer till wrote this file, JournalDamaged if its tables are not those of its version."""
    _look_at_tables(db, schema.version_of(db))
    schema.expect_known(db, path)


def check(db: sqlite3.Connection) -> None:
    """Check all of a database, entry by entry, beside a till at work if need be; JournalDamaged or FAILURES.

    SQLite finds what does not fit its pages; a digit of an amount that has become another one only its checksum shows.
    """
    _check_pages(db, "PRAGMA integrity_check(1)")
    db.create_function("is_record", 2, record.is_record, deterministic=True)
    (bad,) = db.execute(_UNREADABLE_ENTRIES).fetchone()
    if bad:
        raise JournalDamaged(f"{bad} entries cannot be read")
    by_the_log = {subject for (subject,) in db.execute(_OPEN_BY_THE_LOG)}
    if by_the_log != {subject for (subject,) in db.execute("SELECT subject FROM open_payment")}:
        raise JournalDamaged("the list of open payments is not what the log says")


def _check_pages(db: sqlite3.Connection, how: str) -> None:
    said = [text for (text,) in db.execute(how)]
    if said != ["ok"]:
        raise JournalDamaged("; ".join(map(str, said)))


def _open_to_read(path: Path) -> sqlite3.Connection:
    if path.with_name(path.name + "-journal").exists():
        # The power went while the very first page was written: only whoever may write can put that right.
        with closing(sqlite3.connect(path)) as db:
            db.execute("SELECT count(*) FROM sqlite_schema")
    return sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True, timeout=_PATIENCE_S)


def _look_at_tables(db: sqlite3.Connection, version: int) -> None:
    tables, newer = _tables(db), version > len(schema.MIGRATIONS)
    with closing(sqlite3.connect(":memory:")) as model:
        schema.migrate(model, min(version, len(schema.MIGRATIONS)))
        # A newer till has other tables: with those of this one it is the version that is damaged.
        if (tables == _tables(model)) is newer:
            raise JournalDamaged(f"the tables are not those of version {version}")


def _tables(db: sqlite3.Connection) -> list[tuple[str, str]]:
    return db.execute("SELECT name, sql FROM sqlite_schema ORDER BY name").fetchall()


def _look_at_log(path: Path, log: Path) -> None:
    """Compare the log with what SQLite took of it: it silently leaves out all that follows the first damage."""
    content = log.read_bytes() if log.exists() else b""
    known = pages.frames(content)
    if not known:
        return
    if not pages.log_is_headed(content):
        raise JournalDamaged("the header of its log is damaged")
    taken = _frames_taken(path)
    # Of the transaction behind those any part may be missing where the power cut it short: a card may have kept its
    # frames in any order, the last without the first. Behind that one nothing can have been finished.
    if sum(frame.commits for frame in known if frame.place > taken) > 1:
        raise JournalDamaged(f"its log is damaged behind frame {taken}")


def _frames_taken(path: Path) -> int:
    """Read from the log's index (-shm) how many frames SQLite found whole (walformat.html, WAL-index header)."""
    with path.with_name(path.name + "-shm").open("rb") as index:
        return int.from_bytes(index.read(20)[16:], sys.byteorder)


def _read_ahead(db: sqlite3.Connection) -> None:
    """Read what the till will read when it starts and sells."""
    _read(db.execute("SELECT kind, body FROM event NOT INDEXED ORDER BY seq DESC LIMIT ?", (_NEWEST,)))
    _read(db.execute("SELECT kind, body FROM event WHERE subject = 'salvage'"))
    latest = "SELECT max(seq) FROM event WHERE subject > 'item:' AND subject < 'item;' GROUP BY subject"
    _read(db.execute(f"SELECT kind, body FROM event WHERE seq IN ({latest})"))  # noqa: S608 our own text
    newest = db.execute("SELECT subject FROM event WHERE kind = 'Opened' ORDER BY seq DESC LIMIT 1").fetchone()
    if newest and number_in(newest[0]) is None:
        raise JournalDamaged("the newest order has no number")
    _check_pages(db, "PRAGMA integrity_check('open_payment')")
    (astray,) = db.execute(_NOT_FOUND_BY_SUBJECT, (_NEWEST,)).fetchone()
    if astray is not None:
        raise JournalDamaged(f"entry {astray} is not found by its subject")
    for seq, subject in db.execute("SELECT seq, subject FROM open_payment").fetchall():
        _look_at_payment(db, seq, subject)


def _look_at_payment(db: sqlite3.Connection, seq: int, subject: str) -> None:
    """Read an open payment and all others of its order, which the till counts together."""
    row = db.execute("SELECT kind, body FROM event WHERE seq = ? AND subject = ?", (seq, subject)).fetchone()
    birth = _record(*row) if row else None
    if not isinstance(birth, Birth):
        raise JournalDamaged(f"{subject} does not begin with its birth")
    if db.execute("SELECT 1 FROM event WHERE subject = ? AND seq > ? AND final = 1", (subject, seq)).fetchone():
        raise JournalDamaged(f"{subject} is over and listed as open")
    order = birth.attempt.order.id
    values = (f"{order}-", f"{order}.")
    _read(db.execute("SELECT kind, body FROM event WHERE subject > ? AND subject < ? ORDER BY seq", values))


def _read(rows: Iterable[tuple[str, str]]) -> None:
    for kind, body in rows:
        _record(kind, body)


def _record(kind: str, body: str) -> record.Record:
    try:
        return record.read(kind, body)
    except ValueError as exc:
        raise JournalDamaged(f"an entry cannot be read: {exc}") from exc


def log_of(path: Path) -> Path:
    """Name the log in which SQLite keeps what it has not put into a journal yet."""
    return path.with_name(path.name + "-wal")


def size(path: Path) -> int:
    """Say how long a file is; 0 if it is not there."""
    return path.stat().st_size if path.exists() else 0
