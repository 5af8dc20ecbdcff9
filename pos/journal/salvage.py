"""Makes a new journal of all that can still be read when the old one is damaged, or is put back from a backup.

Rule: nothing is destroyed and nothing is hidden. What was damaged stays beside the new journal under a name of its own
and is never deleted; the new journal ends in a report, which people are told until they say that they have read it.

A power cut at any moment leaves either the damaged journal or the finished new one: the new one is built under another
name, flushed, and becomes valid by one rename (`.salvaged`); whatever a cut left undone behind that is done at the next
start. The damaged file is kept by giving it a second name, which takes no room and cannot be half done.

    entries      keep their numbers. Where a backup differs it is right: it was whole when it was made.
    backups      the newest that tells the same story fills what is missing; older ones are asked only for gaps.
    payments     that stood at the counter are put back as if staff had (Cancelled): nobody can say who still waits,
                 and an entry that is lost may have ended any of them. They are watched, and their money is reported.
    lost orders  may have been paid: the server is asked which invoices there were (see `strays`).
    numbers      of orders leap to a round one behind all that are known: those of lost orders are not given again.
    the rest     (how well the till served, on which day) is not money and begins anew.
"""

import logging
import os
import shutil
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeVar

from pos import private
from pos.core.order import number_in
from pos.core.payment import fold, step
from pos.core.payment_events import Cancelled, Event, from_birth
from pos.core.payment_states import at_counter
from pos.core.salvage import BEFORE_RESTORE, DAMAGED, LOST, Salvaged
from pos.errors import JournalDamaged, JournalError
from pos.journal import inspection, pages, record, remains, schema
from pos.journal.claim import claimed, lock_of
from pos.journal.journal import SALVAGE

log = logging.getLogger(__name__)

J = TypeVar("J")

_CLEAR = 500
_ROUND = 1000


def take_up(path: Path, backups: Sequence[Path], now_ms: int, open_journal: Callable[[Path], J]) -> J:
    """Open the journal, and before that make a new one if it is damaged; `backups` are its copies, newest first.

    JournalError if there is no room for a new one, if another till is at work, or if the file never was a journal.
    """
    with _told(path):
        private.make_folder(path.parent)
        first_time = not lock_of(path).exists()
        with claimed(path):
            finish(path)
            try:
                _look(path, backups)
            except JournalDamaged as damage:
                log.warning("journal damaged: %s", damage)
                if first_time and not backups:
                    _refuse_a_stranger(path)
                mend(path, backups, now_ms)
            _flush_log(path)
    return open_journal(path)


def put_back(path: Path, backup: Path, now_ms: int) -> Salvaged | None:
    """Make a journal of a backup and of what the present one has besides; JournalError as above, JournalNewer too.

    Nothing newer than the backup is thrown away: money may have come for it. A present journal that tells another
    story only stays aside. Nothing is done, and None given, if the present one is whole and has all of the backup.
    """
    with _told(path):
        private.make_folder(path.parent)
        with claimed(path):
            finish(path)
            whole = _is_whole(path)
            if whole and not _adds(path, backup):
                return None
            return mend(path, [backup], now_ms, insist=True, whole=whole)


def mend(
    path: Path, backups: Sequence[Path], now_ms: int, *, insist: bool = False, whole: bool = False
) -> Salvaged:
    """Put a new journal in the place of this one, made of it and of backups; who calls has claimed it.

    With `insist` the first backup is taken even if the journal tells another story. A `whole` one is put aside as that.
    """
    from pos.journal import reading  # noqa: PLC0415 a start that finds all well reads no backup

    # The till that made the newest wrote the journal; behind it there may be those of a newer one that was given up.
    for newest in backups[:1]:
        reading.refuse_newer(newest)
    backups = reading.known(backups)
    kept = _put_aside(path, now_ms, BEFORE_RESTORE if whole else LOST if _is_gone(path) else DAMAGED)
    building = _beside(path, ".building")
    building.unlink(missing_ok=True)
    os.close(private.open_file(building))
    with closing(sqlite3.connect(building, isolation_level=None)) as db:
        # Until it is finished it is worth nothing, so nothing is flushed before that.
        db.executescript("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA cache_size = -8192")
        schema.migrate(db)
        db.execute("BEGIN")
        from_backup = remains.gather(db, path, backups, insist=insist)
        report = _write_down(db, kept.name, from_backup, now_ms)
        db.execute("COMMIT")
        inspection.check(db)
    private.flush(building)
    os.replace(building, _beside(path, ".salvaged"))
    private.flush(path.parent)
    finish(path)
    log.warning("journal salvaged: %s", report)
    return report


def finish(path: Path) -> None:
    """Put a new journal in its place that is finished; the log of the damaged one would be taken for its own."""
    salvaged = _beside(path, ".salvaged")
    if salvaged.exists():
        for left in ("-wal", "-shm", "-journal", ".suspect"):
            _beside(path, left).unlink(missing_ok=True)
        private.flush(path.parent)
        os.replace(salvaged, path)
        # Where a power cut came between the two halves of this, both names are the same file's, and nothing was done
        # now (rename(2)). Left there, it would cost the log at every start.
        salvaged.unlink(missing_ok=True)
        private.flush(path.parent)


def _look(path: Path, backups: Sequence[Path]) -> None:
    if backups and _is_gone(path):
        raise JournalDamaged("it is gone, and there are backups of it")
    inspection.look(path)


def _is_gone(path: Path) -> bool:
    return not inspection.size(path) and not inspection.size(inspection.log_of(path))


def _is_whole(path: Path) -> bool:
    try:
        inspection.look(path, thorough=True)
    except JournalDamaged:
        return False
    return inspection.size(path) > 0


def _adds(path: Path, backup: Path) -> int:
    with closing(sqlite3.connect(":memory:")) as db:
        return remains.gather(db, path, [backup], insist=True)


def _flush_log(path: Path) -> None:
    """Bring to the disk what is about to be believed: a till killed in a commit leaves it written and not flushed."""
    log_file = inspection.log_of(path)
    if inspection.size(log_file):
        private.flush(log_file)
        private.flush(path.parent)


def _refuse_a_stranger(path: Path) -> None:
    """Leave a file alone that no till ever wrote to: a wrong line in kiosk.yaml must not cost anybody a photograph."""
    if next(pages.rows(path), None) is None:
        lock_of(path).unlink()
        raise JournalError(f"{path} is not a journal: file is not a database of this till")


def _beside(path: Path, ending: str) -> Path:
    return path.with_name(path.name + ending)


@contextmanager
def _told(path: Path) -> Iterator[None]:
    try:
        yield
    except (*inspection.FAILURES, OSError) as exc:
        raise JournalError(f"{path}: {exc}") from exc


# --- the damaged one -------------------------------------------------------------------------------------------------


def _put_aside(path: Path, now_ms: int, why: str) -> Path:
    """Give the present file and its log a second name that is kept; the name of an earlier try is used again."""
    stamp = datetime.fromtimestamp(now_ms // 1000, UTC).strftime("%Y%m%dT%H%M%SZ")
    earlier = [name for name in path.parent.glob(f"{path.stem}.{why}-*{path.suffix}") if path.exists()]
    names = (path.with_name(f"{path.stem}.{why}-{stamp}{more}{path.suffix}") for more in ("", *range(2, 1000)))
    free = next(name for name in names if not name.exists())
    aside = next((name for name in earlier if name.samefile(path)), free)
    for end in ("", "-wal"):
        _keep(_beside(path, end), _beside(aside, end))
    private.flush(path.parent)
    return aside


def _keep(file: Path, name: Path) -> None:
    if not inspection.size(file) or name.exists():
        return
    try:
        os.link(file, name)
    except OSError:
        # A file system without second names, like that of a USB stick.
        copy = _beside(name, ".copy")
        shutil.copyfile(file, copy)
        private.keep(copy)
        private.flush(copy)
        os.replace(copy, name)


# --- the new one -----------------------------------------------------------------------------------------------------


def _write_down(db: sqlite3.Connection, aside: str, from_backup: int, now_ms: int) -> Salvaged:
    known = "SELECT coalesce(sum(body ->> 'lost'), 0), coalesce(max(body ->> 'last_number'), 0) FROM found"
    told, last = db.execute(f"{known} WHERE kind = 'Salvaged'").fetchone()
    subjects = db.execute("SELECT DISTINCT subject FROM found").fetchall()
    last = max([last, *(number_in(subject) or 0 for (subject,) in subjects)])
    # A payment that is born twice, because an earlier loss was made good from the server, is open once.
    db.execute("INSERT OR IGNORE INTO event SELECT * FROM found ORDER BY seq")
    (kept,) = db.execute("SELECT count(*) FROM event").fetchone()
    report = Salvaged(
        aside,
        kept,
        lost=max(0, remains.gaps(db) - told),
        from_backup=from_backup,
        last_number=-(-(last + _CLEAR) // _ROUND) * _ROUND,
    )
    _append(db, SALVAGE, report, now_ms)
    for (payment_id,) in db.execute("SELECT subject FROM open_payment ORDER BY seq").fetchall():
        state = fold(_events_of(db, payment_id))
        if at_counter(state) and step(state, Cancelled()) is not state:
            _append(db, payment_id, Cancelled(), now_ms)
    return report


def _append(db: sqlite3.Connection, subject: str, what: record.Record, now_ms: int) -> None:
    row = (now_ms, subject, *record.write(what))
    db.execute("INSERT INTO event (at_ms, subject, kind, body, final) VALUES (?, ?, ?, ?, 0)", row)


def _events_of(db: sqlite3.Connection, payment_id: str) -> Sequence[Event]:
    rows = db.execute("SELECT kind, body FROM event WHERE subject = ? ORDER BY seq", (payment_id,)).fetchall()
    records = [record.read(kind, body) for kind, body in rows]
    return from_birth([event for event in records if isinstance(event, Event)])
