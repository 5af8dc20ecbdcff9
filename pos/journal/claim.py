"""The lock that keeps a second till, and whoever mends or restores, off a journal that is in use.

Rule: the lock is the kernel's and ends with the process; the file only gives it a name, and shows that a till was here.
"""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from pos import private
from pos.errors import JournalInUse


def lock_of(path: Path) -> Path:
    """Name the lock of a journal."""
    return path.with_name(path.name + ".lock")


@contextmanager
def claimed(path: Path) -> Iterator[None]:
    """Hold a journal for oneself; JournalInUse if another does: two tills would not know of each other's payments."""
    lock = private.open_file(lock_of(path))
    try:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as exc:
            raise JournalInUse(f"{path} is in use by another till on this machine") from exc
        yield
    finally:
        os.close(lock)
