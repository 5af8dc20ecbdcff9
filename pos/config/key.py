"""The API key: where it is kept, how it is fetched, and how it stays unseen.

Rule: the key's value is in no message, no repr and no log; only `Secret.reveal` gives it away. A file that others could
read is refused before it is read.
"""

import os
import re
import stat
from collections.abc import MutableMapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Never, assert_never

from pos.errors import Complaint, ConfigError
from pos.words import Words

_MOST_BYTES: Final = 4096
_KEY: Final = re.compile(r"[0-9a-fA-F]{40}")  # 20 random bytes in hex, in every version of BTCPay Server
_HIDDEN: Final = "***"
_CREDENTIALS: Final = "CREDENTIALS_DIRECTORY"
_ROOT: Final = 0
_OTHERS: Final = stat.S_IRWXG | stat.S_IRWXO
# systemd leaves a credential with root and lets the till's user in by an ACL, whose mask stands in the group's bits.
_OTHERS_OF_CREDENTIAL: Final = stat.S_IWGRP | stat.S_IXGRP | stat.S_IRWXO


@dataclass(frozen=True, slots=True)
class KeyFromEnvironment:
    """The key is in the environment variable of this name."""

    name: str


@dataclass(frozen=True, slots=True)
class KeyFromFile:
    """The key is the one line of this file."""

    path: Path


@dataclass(frozen=True, slots=True)
class KeyFromCredential:
    """The key is the credential of this name that systemd hands to the till's service (LoadCredential=)."""

    name: str


KeyPlace = KeyFromEnvironment | KeyFromFile | KeyFromCredential


class Secret:
    """Text that shows itself only when asked by name."""

    __slots__ = ("_text",)

    def __init__(self, text: str) -> None:
        self._text = text

    def reveal(self) -> str:
        """Return the text itself, for the one header that needs it."""
        return self._text

    def __repr__(self) -> str:
        return _HIDDEN

    def __format__(self, _spec: str) -> str:
        return _HIDDEN

    def __reduce__(self) -> Never:
        """Refuse to be pickled or copied: a secret goes into no file."""
        raise TypeError("a secret is not written down")


def read_key(place: KeyPlace, environ: MutableMapping[str, str], words: Words) -> Secret:
    """Fetch the key; ConfigError if it is missing, empty, nothing that BTCPay makes, or kept where others can read it.

    A key in the environment is taken out of it, so that no program that the till starts inherits it.
    """
    match place:
        case KeyFromEnvironment():
            where, spot = f"${place.name}", "server.key_environment"
            reason, text = "", environ.pop(place.name, "")
        case KeyFromFile():
            where, spot = str(place.path), "server.key_file"
            reason, text = _read_private(place.path)
        case KeyFromCredential():
            where, spot = f"${_CREDENTIALS}/{place.name}", "server.key_credential"
            reason, text = _read_credential(environ.get(_CREDENTIALS, ""), place.name)
        case _:
            assert_never(place)
    key = text.strip()
    if not reason and not key:
        reason = "key_empty"
    if not reason and _KEY.fullmatch(key) is None:
        reason = "key_garbled"
    if reason:
        values = {"where": where}
        wrong, example = words(f"config.wrong.{reason}", **values), words(f"config.example.{reason}", **values)
        raise ConfigError([Complaint(where, None, spot, wrong, example)])
    return Secret(key)


def _read_credential(directory: str, name: str) -> tuple[str, str]:
    reason, text = _read_private(Path(directory, name), credential=True) if directory else ("key_no_file", "")
    return ("key_no_credential" if reason == "key_no_file" else reason), text


def _read_private(path: Path, *, credential: bool = False) -> tuple[str, str]:
    """Return (reason, ""), or ("", text); asks about the opened file, so that it cannot be swapped in between."""
    try:
        # O_NONBLOCK: a pipe in the file's place must not hang the till.
        descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError:
        return "key_no_file", ""
    try:
        status = os.fstat(descriptor)
        if not stat.S_ISREG(status.st_mode):
            return "key_no_file", ""
        from_root = credential and status.st_uid == _ROOT
        if status.st_uid != os.geteuid() and not from_root:
            return "key_owner", ""
        if status.st_mode & (_OTHERS_OF_CREDENTIAL if from_root else _OTHERS):
            return "key_mode", ""
        # Bytes that are no ASCII become characters that read_key refuses.
        return "", os.read(descriptor, _MOST_BYTES).decode("ascii", errors="replace")
    finally:
        os.close(descriptor)
