"""The disk, the journal and its backups.

Rule: the journal is only read, and a till may be using it meanwhile. What is written is one file of the check's own,
taken away again.
"""

import os
import shutil
import stat
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from pos.check.finding import Finding, fail, ok, warn
from pos.core.storage import OLDEST_BACKUP_S
from pos.errors import JournalDamaged, JournalError
from pos.journal import reading
from pos.journal.backup import made_s as made_at

_HOUR_S: Final = 3_600
_DAY_S: Final = 86_400
_MB: Final = 1_000_000
_MB_IN_GB: Final = 1_000
_LITTLE_MB: Final = 1_000
_TOO_LITTLE_MB: Final = 100
_WHY_MAX: Final = 200
_OTHERS: Final = stat.S_IRWXG | stat.S_IRWXO
_TRIED: Final = b"the till checks that it can write here\n"


def space(journal: Path) -> Iterator[Finding]:
    """Write a file where the journal is, flush it and take it away; then look at the space left."""
    folder = next(parent for parent in journal.absolute().parents if parent.exists())
    try:
        with tempfile.NamedTemporaryFile(dir=folder, prefix=".check-") as file:
            file.write(_TRIED)
            file.flush()
            os.fsync(file.fileno())
        free_mb = shutil.disk_usage(folder).free // _MB
    except OSError as exc:
        yield fail("disk", "disk_read_only", folder=str(folder), why=os.strerror(exc.errno or 0))
        return
    grade = fail if free_mb < _TOO_LITTLE_MB else warn if free_mb < _LITTLE_MB else ok
    reason = "disk_ok" if free_mb >= _LITTLE_MB else "disk_little"
    yield grade("disk", reason, folder=str(folder), megabytes=free_mb, gigabytes=free_mb // _MB_IN_GB)


def journal(path: Path) -> Iterator[Finding]:
    """Read the journal through and through: whole, of a version we know, with so many open payments, private."""
    if not path.exists():
        yield ok("journal", "journal_new", path=str(path))
        return
    yield _judged(path)
    yield from _privacy(path)


def _judged(path: Path) -> Finding:
    try:
        found = reading.whole(path)
    except JournalError as exc:
        damaged = isinstance(exc, JournalDamaged)
        reason = "journal_damaged" if damaged else "journal_unreadable"
        return fail("journal", reason, path=str(path), why=str(exc)[:_WHY_MAX])
    if found.open_payments is None:
        return fail("journal", "journal_newer", path=str(path), version=found.version)
    return ok("journal", "journal_ok", path=str(path), version=found.version, open=found.open_payments)


def _privacy(path: Path) -> Iterator[Finding]:
    """Look for anybody else who could read what was sold."""
    kin = [kin for kin in path.parent.glob(f"{path.name}*") if kin.is_file()]
    if any(file.stat().st_mode & _OTHERS for file in kin):
        yield warn("journal", "journal_open_to_others", files=f"{path}*")
    if path.parent.stat().st_mode & _OTHERS:
        yield warn("journal", "folder_open_to_others", folder=str(path.parent))


def backup(journal: Path, now_s: int) -> Iterator[Finding]:
    """Tell how old the newest backup is; before there is a journal there is nothing to back up."""
    made_s = made_at(journal, now_s)
    if made_s is not None and now_s - made_s <= OLDEST_BACKUP_S:
        hours = (now_s - made_s) // _HOUR_S
        yield ok("backup", "backup_ok", hours=hours) if hours > 0 else ok("backup", "backup_new")
    elif made_s is not None:
        yield warn("backup", "backup_old", days=(now_s - made_s) // _DAY_S)
    elif journal.exists():
        yield warn("backup", "backup_none")
    else:
        yield ok("backup", "backup_not_yet")
