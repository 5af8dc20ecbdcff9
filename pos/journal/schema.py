"""The tables of the journal's database, version by version.

Rule: a version that was ever released is not edited, a new one is added behind it, and each changes the tables.
"""

import sqlite3
from pathlib import Path

from pos.errors import JournalNewer

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
    """
    CREATE TABLE service (
        day     TEXT    NOT NULL,
        measure TEXT    NOT NULL,
        bucket  INTEGER NOT NULL,
        count   INTEGER NOT NULL,
        PRIMARY KEY (day, measure, bucket)
    ) STRICT, WITHOUT ROWID;
    """,
)
"""One script a version; PRAGMA user_version counts those that were applied, each in one transaction with its number."""


def version_of(db: sqlite3.Connection) -> int:
    """Tell how many migrations a database has had."""
    (version,) = db.execute("PRAGMA user_version").fetchone()
    return int(version)


def expect_known(db: sqlite3.Connection, path: Path) -> None:
    """JournalNewer if a newer till wrote this file."""
    version = version_of(db)
    if version > len(MIGRATIONS):
        raise JournalNewer(f"{path} was written by a newer version of this till ({version})")


def migrate(db: sqlite3.Connection, version: int | None = None) -> None:
    """Apply the migrations that a database has not had, all or up to a version."""
    for number in range(version_of(db), len(MIGRATIONS) if version is None else version):
        db.executescript(f"BEGIN IMMEDIATE; {MIGRATIONS[number]} PRAGMA user_version = {number + 1}; COMMIT;")
