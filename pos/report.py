"""What is written down when the till fails: one file for each failure, to be sent to whoever can mend it.

Rule: no secret is in it, however it was written: as it is, percent-encoded, as Base64 at any offset or escaped for
JSON; nor any value that a variable held. A disk that takes no report never makes a failure worse.
"""

import faulthandler
import logging
import os
import re
import sqlite3
import sys
import time
import traceback
from base64 import b64encode, urlsafe_b64encode
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from itertools import chain, count
from json import dumps
from pathlib import Path
from typing import Final
from urllib.parse import quote

from pos import __version__

KEPT: Final = 20
"""So many reports stay, the newest."""

MOST_CHARS: Final = 100_000
_LINES: Final = 200
_LINE_CHARS: Final = 2000
_HIDDEN: Final = "***"
_WORKERS: Final = "pos.runtime"
_HARD: Final = "hard-crash.txt"
_NAME: Final = "crash-%Y%m%dT%H%M%SZ"
# How BTCPay writes keys; how a PIN's hash is kept; what may be a preimage, and of a hash the first digits will do.
_KEY: Final = re.compile(r"(?<![0-9a-zA-Z])[0-9a-fA-F]{40}(?![0-9a-zA-Z])")
_PIN: Final = re.compile(r"scrypt:[0-9:]+[0-9a-fA-F:]+")
_TOKEN: Final = re.compile(r"(authorization\W{1,5}(?:token|basic|bearer)\s+)[^\s'\"]+", re.IGNORECASE)
_HEX_64: Final = re.compile(r"(?<![0-9a-zA-Z])([0-9a-fA-F]{6})[0-9a-fA-F]{58}(?![0-9a-zA-Z])")


class Reports(logging.Handler):
    """The reports of one till, and the last lines of its log, which belong into each.

    It is a handler of the log. A fault of ours inside a worker is reported as well, once for each place: the worker
    goes on, since it holds nothing that could be changed by half, and nobody would hear of it otherwise.
    """

    def __init__(self, folder: Path, now_s: Callable[[], float] = time.time) -> None:
        super().__init__()
        self.folder = folder
        self.facts: dict[str, str] = {}
        self._now_s = now_s
        self._begun_s: Final = time.monotonic()
        self._lines: Final[deque[str]] = deque(maxlen=_LINES)
        self._secrets: Final[list[str]] = []
        self._reported: Final[set[str]] = set()
        self.setFormatter(_Discreet(self._secrets))

    @property
    def uptime_s(self) -> float:
        """How long the till has run."""
        return time.monotonic() - self._begun_s

    def hide(self, secret: str) -> None:
        """Never write this text, nor what encoding it gives; whoever logs with this one's formatter does not either."""
        if secret:
            self._secrets.append(secret)

    def emit(self, record: logging.LogRecord) -> None:
        """Keep a line of the log."""
        try:
            self._lines.append(self.format(record)[:_LINE_CHARS])
        except (TypeError, ValueError, KeyError):
            self.handleError(record)
            return
        if record.name == _WORKERS and record.exc_info and record.exc_info[1] is not None:
            error = record.exc_info[1]
            place = f"{type(error).__name__} {traceback.extract_tb(error.__traceback__)[-1:]}"
            if place not in self._reported:
                self._reported.add(place)
                self.write(error)

    def write(self, error: BaseException) -> Path | None:
        """Write what is known of a failure and return where; None if the disk does not take it."""
        text = scrub(self._text(error), self._secrets)
        if len(text) > MOST_CHARS:
            text = text[: MOST_CHARS // 2] + "\n... shortened ...\n" + text[-MOST_CHARS // 2 :]
        try:
            self._make_folder()
            path = self._create(text.encode("utf-8", "backslashreplace"))
            self._thin_out(path)
        except OSError:
            return None
        return path

    def watch_for_hard_crashes(self) -> Path | None:
        """Let Python itself write where each thread was should the process die of a signal such as SIGSEGV.

        Return the report of the last run's, if it died so. What Python writes then are files, lines and names alone.
        """
        hard, last = self.folder / _HARD, None
        try:
            self._make_folder()
            if hard.exists() and hard.stat().st_size:
                last = hard.rename(self.folder / f"{self._stem(hard.stat().st_mtime)}-hard.txt")
                self._thin_out(last)
            # Open for as long as the process lives: it is written to when nothing can be opened any more.
            faulthandler.enable(os.open(hard, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600))
        except OSError as exc:
            logging.getLogger(__name__).warning("no report can be kept in %s: %s", self.folder, exc)
        return last

    def _text(self, error: BaseException) -> str:
        machine = os.uname()
        known: Mapping[str, str] = {
            "time": datetime.fromtimestamp(self._now_s(), UTC).isoformat(timespec="seconds"),
            "uptime": f"{self.uptime_s:.0f} s",
            "till": __version__,
            "python": sys.version.replace("\n", " "),
            "sqlite": sqlite3.sqlite_version,
            "machine": f"{machine.sysname} {machine.release} {machine.machine}",
            **self.facts,
        }
        head = "".join(f"{name}: {value}\n" for name, value in known.items())
        trace = "".join(traceback.TracebackException.from_exception(error, capture_locals=False).format())
        return f"{head}\n{trace}\nthe last lines of the log:\n" + "\n".join(self._lines) + "\n"

    def _make_folder(self) -> None:
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        self.folder.chmod(0o700)

    def _stem(self, at_s: float) -> str:
        return datetime.fromtimestamp(at_s, UTC).strftime(_NAME)

    def _create(self, text: bytes) -> Path:
        """Write a new file, all of it or none, and wait until it is on the disk."""
        name = self._stem(self._now_s())
        names = chain([name], (f"{name}-{number}" for number in count(2)))
        path = next(path for one in names if not (path := self.folder / f"{one}.txt").exists())
        with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb", buffering=0) as file:
            try:
                whole = file.write(text) == len(text)
                os.fsync(file.fileno())
            except OSError:
                path.unlink()
                raise
        if not whole:
            path.unlink()
            raise OSError(f"{path}: the disk is full")
        return path

    def _thin_out(self, newest: Path) -> None:
        """Keep the newest; the one just written stays even where the clock was ahead when the others were."""
        others = sorted(path for path in self.folder.glob("crash-*.txt") if path != newest)
        for path in others[: -(KEPT - 1)]:
            path.unlink()


class _Discreet(logging.Formatter):
    """Formats a line of the log, traceback and all, without secrets; the list may still grow."""

    def __init__(self, secrets: list[str]) -> None:
        super().__init__("%(asctime)s %(levelname)s %(name)s %(message)s")
        self._secrets = secrets

    def format(self, record: logging.LogRecord) -> str:
        """Format and scrub."""
        return scrub(super().format(record), self._secrets)


def scrub(text: str, secrets: list[str]) -> str:
    """Replace secrets in whatever form they stand, and everything that looks like one though nobody named it."""
    forms = sorted({form for secret in secrets for form in _forms(secret)}, key=len, reverse=True)
    if forms:
        text = re.sub("|".join(map(re.escape, forms)), _HIDDEN, text, flags=re.IGNORECASE)
    for pattern in (_PIN, _KEY):
        text = pattern.sub(_HIDDEN, text)
    text = _TOKEN.sub(rf"\g<1>{_HIDDEN}", text)
    return _HEX_64.sub(r"\g<1>...", text)


def _forms(secret: str) -> Iterator[str]:
    """Give every way in which a library may have written a secret."""
    raw = secret.encode()
    yield secret
    yield dumps(secret)[1:-1]
    yield quote(secret)
    yield quote(secret, safe="")
    yield "".join(f"%{byte:02x}" for byte in raw)
    yield "".join(f"\\u{ord(character):04x}" for character in secret)
    yield raw.hex()
    for encode in (b64encode, urlsafe_b64encode):
        for offset in range(3):
            # What stands before and behind a secret decides the first and the last characters: only those between are
            # its own.
            own = encode(bytes(offset) + raw).decode().rstrip("=")
            yield own[-(-offset * 8 // 6) : (offset + len(raw)) * 8 // 6]
    # The parts of a PIN's line are secret one by one.
    yield from (part for part in secret.split(":") if ":" in secret and len(part) >= 16)
