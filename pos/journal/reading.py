"""What commands read of a journal or of a backup without holding it, also beside a till at work.

Rule: nothing is written to it, and no lock is taken that a till could meet. Damage is told and not marked: who does not
hold a journal has no say in when it is mended.

A file without a log is one that nobody has open. It is read as it stands (`immutable`), because SQLite would otherwise
leave a -wal and a -shm beside it. The price: what a till writes that is started in that very moment is not read.
"""

import logging
import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from pos.errors import JournalDamaged, JournalError, JournalNewer
from pos.journal import inspection, schema
from pos.journal.journal import service_in

log = logging.getLogger(__name__)

_PATIENCE_S = 5
"""How long to wait while a till that has just been started makes the log's index anew."""

_UNSEEN = """
    SELECT count(*) FROM event AS told WHERE kind = 'Salvaged' AND NOT EXISTS (SELECT 1 FROM event AS seen
    WHERE seen.kind = 'SalvageSeen' AND json_extract(seen.body, '$.aside') = json_extract(told.body, '$.aside'))
"""


@dataclass(frozen=True, slots=True)
class Summary:
    """What is still to be done, and what was measured by day, measure and bucket (as `Journal.service` gives it)."""

    open_payments: int
    salvages_unseen: int
    service: Mapping[str, Mapping[tuple[str, int], int]]


@dataclass(frozen=True, slots=True)
class Whole:
    """A journal that is whole; `open_payments` is None in one of a newer till, whose tables are not known here."""

    version: int
    open_payments: int | None


@dataclass(frozen=True, slots=True)
class Contents:
    """What a backup holds; `last` is the name of its newest order's newest attempt, '' if there is none."""

    orders: int
    last: str


def summary(path: Path, since_day: str) -> Summary:
    """Read what is still to be done, and what was measured on a day like 2026-11-22 and later; JournalError."""
    with _opened(path) as db:
        (unseen,) = db.execute(_UNSEEN).fetchone()
        # The first version had no table for it.
        measured = service_in(db, since_day) if schema.version_of(db) > 1 else {}
        return Summary(_open_payments(db), unseen, measured)


def whole(path: Path) -> Whole:
    """Read a journal through and through; JournalDamaged, or JournalError if it cannot be read."""
    with _opened(path) as db:
        version = schema.version_of(db)
        if version > len(schema.MIGRATIONS):
            return Whole(version, None)
        inspection.check(db)
        return Whole(version, _open_payments(db))


def contents(path: Path) -> Contents:
    """Read a backup through and through and say what it holds; JournalDamaged, JournalNewer, or JournalError."""
    with _opened(path) as db:
        inspection.expect_known(db, path)
        inspection.check(db)
        (orders,) = db.execute("SELECT count(*) FROM event WHERE kind = 'Opened' AND subject GLOB '*-1'").fetchone()
        row = db.execute("SELECT subject FROM event WHERE kind = 'Opened' ORDER BY seq DESC LIMIT 1").fetchone()
        return Contents(orders, row[0] if row else "")


def refuse_newer(path: Path) -> None:
    """JournalNewer if a newer till wrote this journal or backup; of one that cannot be read nothing is said."""
    try:
        with _opened(path) as db:
            inspection.expect_known(db, path)
    except JournalNewer:
        raise
    except JournalError:
        return


def known(backups: Iterable[Path]) -> list[Path]:
    """Leave out the backups that a newer till made."""
    return [backup for backup in backups if not _is_newer(backup)]


def _is_newer(path: Path) -> bool:
    try:
        refuse_newer(path)
    except JournalNewer as exc:
        log.warning("backup left out: %s", exc)
        return True
    return False


def _open_payments(db: sqlite3.Connection) -> int:
    (count,) = db.execute("SELECT count(*) FROM open_payment").fetchone()
    return int(count)


@contextmanager
def _opened(path: Path) -> Iterator[sqlite3.Connection]:
    try:
        inspection.expect_its_log(path)
        at_rest = not inspection.log_of(path).exists()
        uri = f"{path.absolute().as_uri()}?mode=ro" + ("&immutable=1" if at_rest else "")
        with closing(sqlite3.connect(uri, uri=True, timeout=_PATIENCE_S)) as db:
            yield db
    except (*inspection.FAILURES, OSError) as exc:
        # Who asked knows the path, and says it.
        raise (JournalDamaged if inspection.is_damage(exc) else JournalError)(str(exc)) from exc
