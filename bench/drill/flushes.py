"""Notes every write and every flush that SQLite makes of the journal, inside the till process.

Rule: the product and its SQLite stay as they are. A copy of SQLite's own way to the disk (its VFS) becomes the default
before the journal is opened; it passes everything on and writes down what it passed on, so that another process can
say what a disk would hold if the power failed now (`disk.py`). Nothing is noted as flushed before the flush returned.

    o name                opened, and made if it was not there
    w name offset data    written: it may reach the disk, or not, before the next flush
    t name size           cut off at a size
    s name                flushed: everything noted for this file before is on the disk
    d name                deleted
    m name other          moved to another name; l: given another name
    f folder              flushed: every name in it is as it is now

SQLite flushes the folder together with the first flush of a log or rollback journal that it opened to create. What the
till does to files without SQLite is heard from Python itself (`sys.addaudithook`, and `pos.private.flush`).

What the wrapper cannot see is what a disk does that lies about flushes; nobody can.
"""

import ctypes
import os
import sqlite3
import struct
import sys
from collections.abc import Callable
from ctypes import CFUNCTYPE, POINTER, Structure, c_char_p, c_int, c_int64, c_void_p, cast
from pathlib import Path
from typing import Any

from pos import private

HEADER = struct.Struct("<cHqI")
"""Kind, length of the name, offset or size, length of the data or other name; both follow."""

_OK, _IOERR_WRITE = 0, 10 | (3 << 8)
_CREATE, _MAIN_DB, _MAIN_JOURNAL, _WAL = 0x4, 0x100, 0x800, 0x80000

_MOVES = {"os.rename": b"m", "os.link": b"l"}

_Close = CFUNCTYPE(c_int, c_void_p)
_Write = CFUNCTYPE(c_int, c_void_p, c_void_p, c_int, c_int64)
_Truncate = CFUNCTYPE(c_int, c_void_p, c_int64)
_Sync = CFUNCTYPE(c_int, c_void_p, c_int)
# Names stay pointers: SQLite keeps them, and reads more behind their end than a copy would have.
_Open = CFUNCTYPE(c_int, c_void_p, c_void_p, c_void_p, c_int, c_void_p)
_Delete = CFUNCTYPE(c_int, c_void_p, c_void_p, c_int)


class _Methods(Structure):
    """SQLite's `sqlite3_io_methods`, whose layout is part of its public interface."""

    _fields_ = (
        ("iVersion", c_int),
        ("xClose", _Close),
        ("xRead", c_void_p),
        ("xWrite", _Write),
        ("xTruncate", _Truncate),
        ("xSync", _Sync),
        ("rest", c_void_p * 13),
    )


class _File(Structure):
    """What every `sqlite3_file` begins with."""

    _fields_ = (("pMethods", POINTER(_Methods)),)


class _Vfs(Structure):
    """SQLite's `sqlite3_vfs`."""

    _fields_ = (
        ("iVersion", c_int),
        ("szOsFile", c_int),
        ("mxPathname", c_int),
        ("pNext", c_void_p),
        ("zName", c_char_p),
        ("pAppData", c_void_p),
        ("xOpen", _Open),
        ("xDelete", _Delete),
        ("rest", c_void_p * 14),
    )


class Flushes:
    """The wrapped way to the disk; `come_to` is called before each write and around each flush.

    While `broken`, writes fail as on a disk that the system has made read-only after an error.
    """

    def __init__(self, log: Path, come_to: Callable[[str, str], None]) -> None:
        self.broken = False
        self._come_to = come_to
        self._log = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        self._names: dict[int, str] = {}
        self._plain_methods: dict[int, _Methods] = {}
        self._new: set[int] = set()
        # Everything SQLite points into has to live as long as the process.
        self._own_methods: dict[int, _Methods] = {}
        self._wrapped = (_Write(self._write), _Truncate(self._truncate), _Sync(self._sync), _Close(self._close))
        self._plain_flush = private.flush
        self._library = _library()
        self._library.sqlite3_vfs_find.restype = POINTER(_Vfs)
        self._library.sqlite3_vfs_register.argtypes = (POINTER(_Vfs), c_int)
        self._plain = self._library.sqlite3_vfs_find(None).contents
        self._own = _Vfs.from_buffer_copy(self._plain)
        self._own.zName = b"noted"
        self._own.xOpen, self._own.xDelete = _Open(self._open), _Delete(self._delete)

    def become_default(self) -> None:
        """Let every database that is opened from now on be written through here."""
        if self._library.sqlite3_vfs_register(ctypes.byref(self._own), 1) != _OK:
            raise RuntimeError("SQLite does not take another way to the disk")
        sys.addaudithook(self._hear)

    def flush(self, path: Path) -> None:
        """Flush a file or a folder, as `pos.private.flush` does."""
        self._come_to("flush", "before")
        self._plain_flush(path)
        self._note(b"f" if path.is_dir() else b"s", str(path))
        self._come_to("flush", "after")

    def _hear(self, event: str, arguments: tuple[Any, ...]) -> None:
        """Note what is about to be done to a name; one that is not there is nobody's."""
        if event == "os.remove":
            self._come_to("name", "before")
            self._note(b"d", os.fspath(arguments[0]))
        elif event in _MOVES:
            self._come_to("name", "before")
            self._note(_MOVES[event], os.fspath(arguments[0]), data=os.fspath(arguments[1]).encode())

    def _open(self, _vfs: int, name: int | None, file: int, flags: int, out_flags: int) -> int:
        result: int = self._plain.xOpen(ctypes.addressof(self._plain), name, file, flags, out_flags)
        if result == _OK and name and flags & (_MAIN_DB | _MAIN_JOURNAL | _WAL):
            opened = cast(file, POINTER(_File)).contents
            self._names[file] = _name(name)
            self._note(b"o", self._names[file])
            if flags & _CREATE and flags & (_MAIN_JOURNAL | _WAL):
                self._new.add(file)
            self._plain_methods[file] = plain = opened.pMethods.contents
            opened.pMethods = ctypes.pointer(self._wrap(plain))
        return result

    def _wrap(self, plain: _Methods) -> _Methods:
        """Copy the methods of a file; SQLite has one set of them for each way of locking."""
        address = ctypes.addressof(plain)
        if address not in self._own_methods:
            own = self._own_methods[address] = _Methods.from_buffer_copy(plain)
            own.xWrite, own.xTruncate, own.xSync, own.xClose = self._wrapped
        return self._own_methods[address]

    def _close(self, file: int) -> int:
        del self._names[file]
        self._new.discard(file)
        return int(self._plain_methods.pop(file).xClose(file))

    def _write(self, file: int, data: int, size: int, offset: int) -> int:
        if self.broken:
            return _IOERR_WRITE
        self._note(b"w", self._names[file], offset, ctypes.string_at(data, size))
        self._come_to("write", "before")
        return int(self._plain_methods[file].xWrite(file, data, size, offset))

    def _truncate(self, file: int, size: int) -> int:
        self._note(b"t", self._names[file], size)
        return int(self._plain_methods[file].xTruncate(file, size))

    def _sync(self, file: int, flags: int) -> int:
        self._come_to("flush", "before")
        result = int(self._plain_methods[file].xSync(file, flags))
        if result == _OK:
            self._note(b"s", self._names[file])
            if file in self._new:
                self._new.remove(file)
                self._note(b"f", os.path.dirname(self._names[file]))
        self._come_to("flush", "after")
        return result

    def _delete(self, _vfs: int, name: int, flush_folder: int) -> int:
        result = int(self._plain.xDelete(ctypes.addressof(self._plain), name, flush_folder))
        if result == _OK:
            self._note(b"d", _name(name))
            if flush_folder:
                self._note(b"f", os.path.dirname(_name(name)))
        return result

    def _note(self, kind: bytes, name: str, number: int = 0, data: bytes = b"") -> None:
        # One write call: a till that is killed leaves whole notes, or half of the last one.
        encoded = name.encode()
        os.write(self._log, HEADER.pack(kind, len(encoded), number, len(data)) + encoded + data)


def _name(pointer: int) -> str:
    return os.fsdecode(ctypes.string_at(pointer))


def _library() -> Any:
    """Find the SQLite that Python itself uses; RuntimeError where it cannot be told."""
    with sqlite3.connect(":memory:"), open("/proc/self/maps") as maps:
        loaded = {line.split()[-1] for line in maps if "sqlite3" in line}
    for path in sorted(loaded, key=lambda name: "libsqlite3" not in name):
        library = ctypes.CDLL(path)
        if hasattr(library, "sqlite3_vfs_register"):
            library.sqlite3_libversion.restype = c_char_p
            if library.sqlite3_libversion().decode() == sqlite3.sqlite_version:
                return library
    raise RuntimeError("Python's SQLite cannot be reached")


def possible() -> bool:
    """Tell whether flushes can be noted with this Python and its SQLite."""
    try:
        _library()
    except (OSError, RuntimeError):
        return False
    return True
