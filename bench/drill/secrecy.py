"""Looks for the API key in everything a till has written.

Rule: the whole folder of a night is read as bytes: logs, journals, the notes of every write to the disk, what was kept
aside. The process's environment is the one place where the key may be, because it was given there.
"""

import os
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Search:
    """How many files were read, and in which the secret was."""

    searched: int
    found: tuple[str, ...]


def places_with(secret: str, folder: Path) -> Search:
    """Search a folder and everything in it, names of files too."""
    needle = secret.encode()
    files = [Path(where) / name for where, _, names in os.walk(folder) for name in names]
    return Search(
        len(files),
        tuple(path.name for path in files if needle in path.read_bytes() or secret in path.name),
    )


def in_command_line(secret: str, pid: int) -> bool:
    """Tell whether anybody on the machine could read the secret in the list of processes."""
    try:
        return secret.encode() in Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return False
