"""Where a till of the drill keeps its files; some places can be filled, or made read-only while the till is dead.

Rule: a full disk is a real one, a file system of a few megabytes in memory that is mounted for one night. Where nobody
may mount, it is said, and those faults are not drawn.
"""

import os
import subprocess
from pathlib import Path
from tempfile import TemporaryDirectory
from types import TracebackType
from typing import Self

SIZE_KB = 6_144

_CHUNK = bytes(65_536)


class Place:
    """A night's folder; the journal is in `till`, which is a small file system of its own if `small`."""

    def __init__(self, folder: Path, *, small: bool) -> None:
        self.folder = folder.resolve()
        self.till = self.folder / "till"
        self.full = False
        self.read_only = False
        self._small = small

    def __enter__(self) -> Self:
        self.till.mkdir(parents=True, mode=0o700)
        if self._small:
            _mount(self.till)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._small:
            # Lazily: a till that has just been killed may hold a file for a moment.
            subprocess.run(["umount", "--lazy", str(self.till)], check=True)

    @property
    def journal(self) -> Path:
        """The till's journal."""
        return self.till / "journal.db"

    def fill(self) -> None:
        """Leave no room on the disk."""
        if self.read_only:
            return
        self.full = True
        with self._ballast.open("wb", buffering=0) as ballast:
            try:
                while ballast.write(_CHUNK):
                    pass
            except OSError:
                return

    def forbid_writing(self) -> None:
        """Mount the disk read-only; nothing may have it open for writing."""
        self._remount("ro")
        self.read_only = True

    def mend(self) -> None:
        """Give the room back and allow writing."""
        if self.read_only:
            self._remount("rw")
            self.read_only = False
        if self.full:
            self._ballast.unlink(missing_ok=True)
            self.full = False

    def _remount(self, how: str) -> None:
        subprocess.run(["mount", "-o", f"remount,{how}", str(self.till)], check=True)

    @property
    def _ballast(self) -> Path:
        return self.till / "ballast"


def can_mount() -> bool:
    """Tell whether a file system may be mounted here."""
    with TemporaryDirectory() as name:
        try:
            _mount(Path(name))
        except (OSError, subprocess.CalledProcessError):
            return False
        subprocess.run(["umount", name], check=True)
        return True


def private_mounts() -> list[str]:
    """Give the command that lets an ordinary user mount, in a name space of its own; empty where that is not needed."""
    if os.geteuid() == 0:
        return []
    command = ["unshare", "--user", "--map-root-user", "--mount"]
    try:
        allowed = subprocess.run([*command, "true"], capture_output=True, check=False).returncode == 0
    except OSError:
        return []
    return command if allowed else []


def _mount(folder: Path) -> None:
    command = ["mount", "-t", "tmpfs", "-o", f"size={SIZE_KB}k,mode=0700", "drill", str(folder)]
    subprocess.run(command, check=True, capture_output=True)
