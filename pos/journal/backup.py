"""One consistent copy of the journal a day, kept for fourteen days in `backup/` beside it.

Rule: a copy gets its name only after it was checked and flushed, and an old one is deleted only after that.

A Pi's clock may be wrong, and which of two days is the wrong one nobody can tell. A copy that bears a day still to come
when another is made is doubtful from then on: it loses its time (that of the file becomes zero), stands behind all
others, and is made anew when its day comes. Doubtful ones are no reason to delete any other, nor the other way round:
fourteen of each are kept, so a clock that stands in 1970 costs no good copy, and one that leapt ahead hides none.

The journal is read a megabyte at a time over a connection of its own, and each megabyte is flushed before the next, so
that the till's own flushes never queue behind more than that.
"""

import logging
import os
import re
import sqlite3
from collections.abc import Callable
from contextlib import closing
from functools import partial
from pathlib import Path

from pos import private
from pos.errors import JournalDamaged, JournalError
from pos.journal import inspection
from pos.mailbox import BackedUp, Letter

log = logging.getLogger(__name__)

KEPT = 14
_STEP_PAGES = 256
_LEEWAY_S = 86_400
"""A clock that is put right moves by hours; what lies further ahead was written by a wrong one."""

_RETRY_S = 3600.0


def folder_of(path: Path) -> Path:
    """Name the folder that holds the copies of a journal."""
    return path.parent / "backup"


def copies(path: Path) -> list[Path]:
    """Give the copies of a journal, the newest day first, and behind them those whose day is doubtful."""
    named = re.compile(re.escape(path.stem) + r"-[0-9]{4}-[0-9]{2}-[0-9]{2}" + re.escape(path.suffix))
    folder = folder_of(path)
    found = [copy for copy in folder.iterdir() if named.fullmatch(copy.name)] if folder.is_dir() else []
    return sorted(found, key=lambda copy: (_time_of(copy) > 0, copy.name), reverse=True)


def copy_of(path: Path, day: str) -> Path:
    """Name the copy of a journal that is made on a day like 2026-11-22."""
    return folder_of(path) / f"{path.stem}-{day}{path.suffix}"


def made_s(path: Path, now_s: int) -> int | None:
    """Say when the newest copy was made, in unix seconds; None if there is none of which that is known."""
    times = [_time_of(copy) for copy in copies(path)]
    return max((min(made, now_s) for made in times if 0 < made <= now_s + _LEEWAY_S), default=None)


def make(path: Path, day: str) -> None:
    """Make the copy of a day and delete those that are too old; JournalError if the journal or the disk is not well.

    A journal that fails the check is suspected from now on, so that the next start mends it.
    """
    copy = copy_of(path, day)
    begun = copy.with_name(copy.name + ".part")
    try:
        private.make_folder(copy.parent)
        _doubt(path, copy)
        begun.unlink(missing_ok=True)
        os.close(private.open_file(begun))
        _copy(path, begun)
        private.flush(begun)
        os.replace(begun, copy)
        private.flush(copy.parent)
        kept = copies(path)
        doubtful = [old for old in kept if not _time_of(old)]
        for old in (*kept[: len(kept) - len(doubtful)][KEPT:], *doubtful[KEPT:]):
            old.unlink()
    except (*inspection.FAILURES, OSError, JournalDamaged) as exc:
        if isinstance(exc, JournalDamaged) or inspection.is_damage(exc):
            inspection.suspect(path)
        raise JournalError(f"no backup of {path}: {exc}") from exc


def _time_of(copy: Path) -> int:
    """Say when a copy was made; 0 if it is doubtful, is gone or cannot be looked at."""
    try:
        return int(copy.stat().st_mtime)
    except OSError:
        return 0


def _doubt(path: Path, copy: Path) -> None:
    """Take its time from every copy that bears a later day than this one: that clock was wrong, or this one is."""
    for later in [other for other in copies(path) if other.name > copy.name]:
        os.utime(later, (0, 0))


def _copy(path: Path, begun: Path) -> None:
    with (
        closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True, isolation_level=None)) as source,
        closing(sqlite3.connect(begun, isolation_level=None)) as target,
    ):
        # One read transaction over all steps: the copy is of one moment, and the till's writing does not begin it anew.
        source.execute("BEGIN")
        source.execute("SELECT count(*) FROM sqlite_schema").fetchone()
        target.execute("PRAGMA synchronous = OFF")
        source.backup(target, pages=_STEP_PAGES, progress=lambda *_: private.flush(begun))
        source.execute("COMMIT")
        # It stands alone: whoever carries it away carries one file.
        target.execute("PRAGMA journal_mode = DELETE")
        inspection.check(target)


class Backups:
    """Has a copy made whenever there is none of the till's day."""

    def __init__(
        self,
        path: Path,
        today: Callable[[], str],
        steady_s: Callable[[], float],
        compute: Callable[[Callable[[], Letter]], None],
    ) -> None:
        self._path = path
        self._today = today
        self._steady_s = steady_s
        self._compute = compute
        self._asked: tuple[str, float] = ("", 0.0)

    def tick(self) -> None:
        """Look whether it is time, about once a minute; a copy that failed is tried again an hour later."""
        day, at_s = self._today(), self._steady_s()
        asked_day, asked_s = self._asked
        if (day != asked_day or at_s - asked_s >= _RETRY_S) and not _time_of(copy_of(self._path, day)):
            self._asked = (day, at_s)
            self._compute(partial(_make, self._path, day))


def _make(path: Path, day: str) -> Letter:
    try:
        make(path, day)
    except JournalError as exc:
        log.warning("backup day=%s failed: %s", day, exc)
        return BackedUp(day, failed=True)
    log.info("backup day=%s", day)
    return BackedUp(day, failed=False)
