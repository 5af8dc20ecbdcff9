"""Files and folders that nobody else on the machine can read.

Rule: their modes are set, and not left to the umask of whoever started the till.
"""

import os
from contextlib import suppress
from pathlib import Path

FILE_MODE = 0o600
FOLDER_MODE = 0o700


def make_folder(path: Path) -> None:
    """Make a folder and those above it; one that is there already stays as its owner made it."""
    if not path.is_dir():
        make_folder(path.parent)
        path.mkdir(exist_ok=True)
        keep(path, FOLDER_MODE)


def open_file(path: Path) -> int:
    """Open a file for reading and writing, making it if it is not there; give its descriptor."""
    os.close(os.open(path, os.O_RDWR | os.O_CREAT, FILE_MODE))
    keep(path)
    return os.open(path, os.O_RDWR)


def keep(path: Path, mode: int = FILE_MODE) -> None:
    """Keep others out of a file; on a file system without modes, like that of a USB stick, nothing can be done."""
    with suppress(PermissionError):
        path.chmod(mode)


def flush(path: Path) -> None:
    """Wait until a file, or the names in a folder, are on the disk."""
    place = os.open(path, os.O_RDONLY)
    try:
        os.fsync(place)
    finally:
        os.close(place)
