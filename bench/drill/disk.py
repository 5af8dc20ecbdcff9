"""What is on a disk after a power cut: everything that was flushed, and of the rest what chance left.

Rule: it is reckoned from what `flushes.py` noted and from nothing on the real disk. Whatever was written after the last
flush of its file may be there, may be missing, in any order, and one write may be there by half; what was flushed is
there. Names that were made, moved or deleted since the last flush of their folder are there up to some moment.
"""

import os
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

from bench.drill.flushes import HEADER

SECTOR = 512
"""A write is torn between two of these."""


@dataclass(frozen=True, slots=True)
class _Change:
    """Something done to a file after its last flush: data at an offset, or None for a cut at that size."""

    at: int
    data: bytes | None


@dataclass(slots=True, eq=False)
class _File:
    """What is in a file, under whatever names."""

    flushed: bytes = b""
    pending: list[_Change] = field(default_factory=list)


@dataclass(frozen=True, slots=True, eq=False)
class _Naming:
    """Something done to a name: `file` got it, or nothing has it any more."""

    name: str
    file: _File | None


class Disk:
    """The files that the tills of one night wrote to, as far as they are certain."""

    def __init__(self, notes: Path) -> None:
        self._notes = notes
        self._read = 0
        self._names: dict[str, _File] = {}
        self._sure: dict[str, _File] = {}
        self._namings: list[_Naming] = []

    def lose_power(self, dice: Random) -> int:
        """Make the files what they are after a power cut; give how many writes did not reach the disk."""
        self._catch_up()
        style = dice.choice(("nothing", "all", "some", "half"))
        kept = {"nothing": 0, "all": len(self._namings)}.get(style, dice.randrange(len(self._namings) + 1))
        ever = {*self._names, *self._sure, *(naming.name for naming in self._namings)}
        names = _renamed(self._sure, self._namings[:kept])
        lost = sum(_settle(file, style, dice) for file in {id(file): file for file in names.values()}.values())
        _write(names, ever - set(names))
        self._names, self._sure, self._namings = names, dict(names), []
        return lost

    def trust(self) -> None:
        """Take the files for certain as they are now: somebody else has changed them."""
        self._catch_up()
        names = {name: file for name, file in self._names.items() if Path(name).exists()}
        for name, file in names.items():
            file.flushed, file.pending = Path(name).read_bytes(), []
        self._names, self._sure, self._namings = names, dict(names), []

    def _catch_up(self) -> None:
        """Read what was noted since the last time."""
        if not self._notes.exists():
            return
        with self._notes.open("rb") as notes:
            notes.seek(self._read)
            data = notes.read()
        at = 0
        while at + HEADER.size <= len(data):
            kind, name_size, number, size = HEADER.unpack_from(data, at)
            begins = at + HEADER.size + name_size
            if begins + size > len(data):
                break
            name = data[at + HEADER.size : begins].decode()
            self._take(kind, name, number, data[begins : begins + size])
            at = begins + size
        self._read += at

    def _take(self, kind: bytes, name: str, number: int, data: bytes) -> None:
        match kind:
            case b"o":
                self._known(name)
            case b"w":
                self._known(name).pending.append(_Change(number, data))
            case b"t":
                self._known(name).pending.append(_Change(number, None))
            case b"s":
                _settle(self._known(name), "all", Random(0))
            case b"d" if name in self._names:
                del self._names[name]
                self._namings.append(_Naming(name, None))
            case b"m" | b"l" if name in self._names:
                self._name(data.decode(), self._names[name])
                if kind == b"m":
                    self._take(b"d", name, 0, b"")
            case b"f":
                self._flush_folder(name)

    def _known(self, name: str) -> _File:
        if name not in self._names:
            self._name(name, _File())
        return self._names[name]

    def _name(self, name: str, file: _File) -> None:
        self._names[name] = file
        self._namings.append(_Naming(name, file))

    def _flush_folder(self, folder: str) -> None:
        inside = [naming for naming in self._namings if os.path.dirname(naming.name) == folder]
        self._sure = _renamed(self._sure, inside)
        self._namings = [naming for naming in self._namings if naming not in inside]


def _renamed(names: dict[str, _File], namings: list[_Naming]) -> dict[str, _File]:
    result = dict(names)
    for naming in namings:
        if naming.file is None:
            result.pop(naming.name, None)
        else:
            result[naming.name] = naming.file
    return result


def _settle(file: _File, style: str, dice: Random) -> int:
    """Let a file hold what reached the disk; give how many of its writes did not."""
    pending, file.pending = file.pending, []
    kept = [change for change in pending if style == "all" or (style == "some" and dice.random() < 0.5)]
    torn = style == "half" and bool(pending)
    if torn:
        kept = pending[: dice.randrange(len(pending)) + 1]
        kept[-1] = _torn(kept[-1], dice)
    content = bytearray(file.flushed)
    for change in kept:
        if change.data is None:
            del content[change.at :]
            continue
        content.extend(bytes(max(0, change.at - len(content))))
        content[change.at : change.at + len(change.data)] = change.data
    file.flushed = bytes(content)
    return len(pending) - len(kept) + torn


def _torn(change: _Change, dice: Random) -> _Change:
    if not change.data:
        return change
    # Sectors are counted from the file's beginning, not from the write's.
    cuts = [0, *range(-change.at % SECTOR, len(change.data), SECTOR)]
    return _Change(change.at, change.data[: dice.choice(cuts)])


def _write(names: dict[str, _File], gone: set[str]) -> None:
    """Put the files on the real disk; several names of one file stay names of one file."""
    for name in gone | set(names):
        Path(name).unlink(missing_ok=True)
    written: dict[int, str] = {}
    for name, file in names.items():
        if id(file) in written:
            os.link(written[id(file)], name)
            continue
        Path(name).write_bytes(file.flushed)
        Path(name).chmod(0o600)
        written[id(file)] = name
    # The index of a log is memory that both sides share; it does not outlive the machine.
    for folder in {os.path.dirname(name) for name in gone | set(names)}:
        for left in Path(folder).glob("*-shm"):
            left.unlink()
