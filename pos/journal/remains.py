"""What can still be read of a damaged journal, filled up from its backups.

Rule: an entry counts only if every field of it can be read. One that is in a backup as well is taken from there, since
that was whole when it was made; but a backup that mostly says something else is of another journal and is left alone.
"""

import logging
import sqlite3
from collections.abc import Iterable, Sequence
from pathlib import Path

from pos.journal import inspection, pages, record

log = logging.getLogger(__name__)

_ASKED = 3
"""So many backups are read at most, the newest: each holds all that the older ones hold, unless it is damaged too."""

_FOUND = "(seq INTEGER PRIMARY KEY, at_ms, subject, kind, body, final)"
_INTO = {
    "found": "INSERT OR REPLACE INTO found VALUES (?, ?, ?, ?, ?, ?)",
    "copy": "INSERT OR REPLACE INTO copy VALUES (?, ?, ?, ?, ?, ?)",
}
_COMPARE = """
    SELECT coalesce(sum(same), 0), coalesce(sum(NOT same), 0) FROM
    (SELECT f.subject = c.subject AND f.kind = c.kind AND f.body = c.body AS same
     FROM found AS f JOIN copy AS c USING (seq))
"""


def gather(db: sqlite3.Connection, path: Path, backups: Sequence[Path], *, insist: bool) -> int:
    """Read the journal, and the backups that are needed, into `found`; give how many entries came from those."""
    db.execute(f"CREATE TEMP TABLE found {_FOUND}")
    _read(db, "found", path)
    added = 0
    for backup in backups[:_ASKED]:
        db.execute(f"CREATE TEMP TABLE copy {_FOUND}")
        _read(db, "copy", backup)
        added += _add(db, backup, insist=insist)
        db.execute("DROP TABLE copy")
        # Not only until no gap is left: a copy that is named after a day to come may be an old one, and what is missing
        # at the end leaves no gap.
        if insist:
            break
    return added


def _read(db: sqlite3.Connection, table: str, path: Path) -> None:
    if path.exists() or inspection.log_of(path).exists():
        # The newest copy of a row comes last.
        db.executemany(_INTO[table], _readable(pages.rows(path)))


def _readable(rows: Iterable[pages.Row]) -> Iterable[pages.Row]:
    for row in rows:
        try:
            record.read(row[3], row[4])
        except ValueError as exc:
            log.warning("journal entry seq=%s subject=%r is lost: %s", row[0], row[2], exc)
        else:
            yield row


def _add(db: sqlite3.Connection, backup: Path, *, insist: bool) -> int:
    """Fill up from a backup; one that tells another story, that of an earlier journal, is left alone."""
    same, other = db.execute(_COMPARE).fetchone()
    if other > same:
        log.warning("backup %s is of another journal: %s entries agree, %s do not", backup.name, same, other)
        if not insist:
            return 0
        db.execute("DELETE FROM found")
        same = 0
    (rows,) = db.execute("SELECT count(*) FROM copy").fetchone()
    db.execute("INSERT OR REPLACE INTO found SELECT * FROM copy")
    return int(rows - same)


def gaps(db: sqlite3.Connection) -> int:
    """Count the entries that are missing between others."""
    (missing,) = db.execute("SELECT coalesce(max(seq), 0) - count(*) FROM found").fetchone()
    return int(missing)
