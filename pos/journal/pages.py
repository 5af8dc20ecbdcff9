"""Rows of the journal, read off the pages of a SQLite file without SQLite, so that damage costs only what it hit.

Rule: nothing on a page is believed. SQL gives up at the first page of the tree that is wrong and loses all that hangs
below it; here every page is looked at for itself, in the file and in the log beside it (`-wal`). A row is never
changed once it is written, so an older copy of a page holds nothing that is untrue. The formats:
https://www.sqlite.org/fileformat2.html (1.6 B-tree pages, 2.1 records, 4.1 WAL).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from struct import iter_unpack, unpack_from
from typing import BinaryIO

PAGE_BYTES = 4096
"""Of every page of every journal: `journal` makes them so."""

Row = tuple[int, int, str, str, str, int]
"""seq, at_ms, subject, kind, body, final: as in the table `event`."""

_MOST_SEQ = 1 << 62
_LEAF = 0x0D  # a table's page that holds rows
_MOST_LOCAL = PAGE_BYTES - 35
_LEAST_LOCAL = (PAGE_BYTES - 12) * 32 // 255 - 23
_INTEGER_BYTES = {1: 1, 2: 2, 3: 3, 4: 4, 5: 6, 6: 8, 8: 0, 9: 0}
_LOG_MAGIC = {0x377F0682: "<", 0x377F0683: ">"}
_LOG_HEADER_BYTES = 32
_FRAME_HEADER_BYTES = 24
_FRAME_BYTES = _FRAME_HEADER_BYTES + PAGE_BYTES


@dataclass(frozen=True, slots=True)
class Frame:
    """One page in the log; `place` counts from 1, `commits` if it ends a transaction."""

    place: int
    page: int
    commits: bool

    @property
    def begins(self) -> int:
        """Where in the log the page's bytes begin."""
        return _LOG_HEADER_BYTES + (self.place - 1) * _FRAME_BYTES + _FRAME_HEADER_BYTES


def log_is_headed(log: bytes) -> bool:
    """Tell whether the header of a log is whole; without it SQLite takes the log for empty."""
    order = _LOG_MAGIC.get(int.from_bytes(log[:4]))
    if order is None or len(log) < _LOG_HEADER_BYTES:
        return False
    first = second = 0
    for left, right in iter_unpack(f"{order}II", log[:24]):
        first = (first + left + second) & 0xFFFFFFFF
        second = (second + right + first) & 0xFFFFFFFF
    return (first, second) == unpack_from(">II", log, 24)


def frames(log: bytes) -> list[Frame]:
    """Give the frames that belong to the log's present round; older ones, which it has not overwritten yet, do not.

    Where the header is lost the first frame tells which round it is.
    """
    round_at = 16 if log_is_headed(log) else _LOG_HEADER_BYTES + 8
    salts = log[round_at : round_at + 8]
    found = []
    for place in range(1, (len(log) - _LOG_HEADER_BYTES) // _FRAME_BYTES + 1):
        page, size, its_salts = unpack_from(">II8s", log, _LOG_HEADER_BYTES + (place - 1) * _FRAME_BYTES)
        if its_salts == salts:
            found.append(Frame(place, page, commits=size > 0))
    return found


def rows(path: Path) -> Iterator[Row]:
    """Give every row of `event` that stands whole on any page, in no order; of one seq the last is the newest copy."""
    log = _content(path.with_name(path.name + "-wal"))
    with path.open(mode="rb") if path.exists() else BytesIO() as file:
        pages = _Pages(file, log)
        for number in range(2, pages.in_file + 1):
            yield from pages.rows_on(pages.from_file(number))
        for frame in pages.frames:
            yield from pages.rows_on(pages.from_log(frame))


def _content(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return b""


class _Pages:
    """A database file and its log."""

    def __init__(self, file: BinaryIO, log: bytes) -> None:
        self._file = file
        self._log = log
        self.in_file = -(-file.seek(0, 2) // PAGE_BYTES)
        known = frames(log)
        committed = max((frame.place for frame in known if frame.commits), default=0)
        # What follows the last commit was never part of the journal.
        self.frames = [frame for frame in known if frame.place <= committed]
        self._newest = {frame.page: frame for frame in self.frames}

    def from_file(self, number: int) -> bytes:
        """Read a page of the file; the last one may be cut short, and one the medium has lost is empty."""
        self._file.seek((number - 1) * PAGE_BYTES)
        try:
            page = self._file.read(PAGE_BYTES)
        except OSError:
            page = b""
        return page.ljust(PAGE_BYTES, b"\0")

    def from_log(self, frame: Frame) -> bytes:
        """Read a page of the log."""
        return self._log[frame.begins : frame.begins + PAGE_BYTES]

    def rows_on(self, page: bytes) -> Iterator[Row]:
        """Give the rows of `event` on a page; what is damaged, or is something else, is passed over."""
        if page[0] != _LEAF:
            return
        (count,) = unpack_from(">H", page, 3)
        for at in range(8, min(8 + 2 * count, PAGE_BYTES - 1), 2):
            try:
                row = self._row(page, *unpack_from(">H", page, at))
            except (IndexError, ValueError):
                continue
            if row is not None:
                yield row

    def _row(self, page: bytes, at: int) -> Row | None:
        size, at = _varint(page, at)
        seq, at = _varint(page, at)
        local = _local_bytes(size)
        payload = page[at : at + local]
        if local < size:
            payload += self._overflow(int.from_bytes(page[at + local : at + local + 4]), size - local)
        return _event(seq, payload) if len(payload) == size else None

    def _overflow(self, number: int, size: int) -> bytes:
        """Follow the chain of pages that hold the rest of a long row, as far as it goes."""
        parts = []
        while number and size > 0 and (number in self._newest or number <= self.in_file):
            newest = self._newest.get(number)
            page = self.from_log(newest) if newest else self.from_file(number)
            number = int.from_bytes(page[:4])
            parts.append(page[4 : 4 + size])
            size -= len(parts[-1])
        return b"".join(parts)


def _local_bytes(size: int) -> int:
    """Say how much of a row stands on its own page."""
    if size <= _MOST_LOCAL:
        return size
    wanted = _LEAST_LOCAL + (size - _LEAST_LOCAL) % (PAGE_BYTES - 4)
    return wanted if wanted <= _MOST_LOCAL else _LEAST_LOCAL


def _event(seq: int, payload: bytes) -> Row | None:
    """Read a record as a row of `event`; None if it has another shape, ValueError if its text is no text."""
    end, at = _varint(payload, 0)
    kinds = []
    while at < end:
        kind, at = _varint(payload, at)
        kinds.append(kind)
    if len(kinds) != 6 or kinds[0] != 0:  # the seq itself is not stored twice
        return None
    values: list[int | str] = []
    for kind in kinds[1:]:
        is_text = kind >= 13 and kind % 2 == 1
        if not is_text and kind not in _INTEGER_BYTES:
            return None
        size = (kind - 13) // 2 if is_text else _INTEGER_BYTES[kind]
        part = payload[at : at + size]
        at += size
        # 8 and 9 are the numbers 0 and 1 themselves.
        values.append(part.decode() if is_text else kind - 8 if kind > 6 else int.from_bytes(part, signed=True))
    if at != len(payload) or not 0 < seq < _MOST_SEQ:
        return None
    match values:
        case [int() as at_ms, str() as subject, str() as kind_name, str() as body, 0 | 1 as final]:
            return seq, at_ms, subject, kind_name, body, int(final)
    return None


def _varint(data: bytes, at: int) -> tuple[int, int]:
    """Read a number of one to nine bytes, and where it ends; IndexError if it is cut off."""
    value = 0
    for step in range(8):
        byte = data[at + step]
        if byte < 0x80:
            return value << 7 | byte, at + step + 1
        value = value << 7 | byte & 0x7F
    return value << 8 | data[at + 8], at + 9
