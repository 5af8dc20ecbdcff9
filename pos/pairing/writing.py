"""Puts a pairing into kiosk.yaml, and the key into a file of its own.

Rule: all or nothing. The new file is read back by the till's own reader before it takes the old one's place in one
step; whatever stops it, Ctrl-C included, leaves everything as it was.
"""

import os
import shutil
import signal
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from itertools import count
from pathlib import Path
from tempfile import TemporaryFile
from typing import Final

from pos import config as configs
from pos import private
from pos.config import BTCPayServer, Config, Secret
from pos.core.route import Route
from pos.errors import ConfigError, PairingError
from pos.pairing.block import with_server
from pos.words import Words

_BACKUP: Final = ".before-pairing"
_OTHER_PLACES: Final = ("key_environment", "key_credential")
_SOCKS: Final = "socks5h://"


@dataclass(frozen=True, slots=True)
class Settings:
    """What a pairing decided; a CA file of the route is copied beside kiosk.yaml."""

    route: Route
    store_id: str
    key: Secret


@dataclass(frozen=True, slots=True)
class Written:
    """The configuration as it was read back, where the key is, and the copy of kiosk.yaml as it was before."""

    config: Config
    key_file: Path
    backup: Path | None


def must_be_writable(path: Path) -> None:
    """Make sure that files can be made beside kiosk.yaml; PairingError names the folder and whose it is."""
    folder = path.resolve().parent
    if not folder.is_dir():
        raise PairingError("no_folder", folder=str(folder))
    try:
        with TemporaryFile(dir=folder):
            pass
    except OSError as exc:
        raise _not_writable(folder, exc) from exc


def write(path: Path, template: Path, settings: Settings, words: Mapping[str, Words]) -> Written:
    """Write a pairing into the file at `path`; a missing or empty one is made from `template` first.

    ConfigError if the rest of the file has mistakes, PairingError if its server: block cannot be found or nothing can
    be written there.
    """
    path = path.resolve()
    try:
        old = path.read_bytes() if path.exists() else b""
        if not old.strip() and not template.is_file():
            raise PairingError("no_template")
        text = (old if old.strip() else template.read_bytes()).decode("utf-8")
        with ExitStack() as undo:
            key_file = _keep(path.parent, "btcpay", ".key", f"{settings.key.reveal()}\n".encode(), undo)
            route = settings.route
            if route.ca_file is not None:
                ca_file = _keep(path.parent, "btcpay-ca", ".pem", _certificates(route.ca_file), undo)
                route = replace(route, ca_file=str(ca_file))
            draft = path.with_name(f".{path.name}.{os.getpid()}")
            mode = path.stat().st_mode & 0o777 if old else private.FILE_MODE
            wanted = BTCPayServer(route, settings.store_id, configs.KeyFromFile(key_file))
            _create(draft, with_server(text, _values(wanted, key_file.name)).encode(), mode, undo)
            config = replace(_read_back(draft, path, words), path=path)
            _must_be(config, wanted)
            backup = _back_up(path) if old else None
            with _undisturbed():
                draft.replace(path)
                undo.pop_all()
            private.flush(path.parent)
    except UnicodeDecodeError as exc:
        raise PairingError("not_utf8") from exc
    except OSError as exc:
        raise _not_writable(path.parent, exc) from exc
    return Written(config, key_file, backup)


def _not_writable(folder: Path, error: OSError) -> PairingError:
    try:
        owner = folder.owner()
    except (OSError, KeyError):  # a number without a name
        owner = "?"
    return PairingError("not_writable", folder=str(folder), owner=owner, why=error.strerror or type(error).__name__)


def _certificates(ca_file: str) -> bytes:
    try:
        return Path(ca_file).read_bytes()
    except OSError as exc:
        raise PairingError("ca_no_file", file=ca_file) from exc


@contextmanager
def _undisturbed() -> Iterator[None]:
    """Let Ctrl-C wait: between these lines the new file would be there and its key taken away."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _values(wanted: BTCPayServer, key_file: str) -> dict[str, str | None]:
    route = wanted.route
    return {
        "url": route.url,
        "store_id": wanted.store_id,
        "key_file": key_file,
        **dict.fromkeys(_OTHER_PLACES),
        "ca_file": Path(route.ca_file).name if route.ca_file else None,  # it is kept beside kiosk.yaml
        "certificate_sha256": route.fingerprint,
        "socks_proxy": route.proxy.removeprefix(_SOCKS) if route.proxy else None,
    }


def _keep(folder: Path, name: str, ending: str, content: bytes, undo: ExitStack) -> Path:
    """Write a new file: one of that name that is there already may be what the backup copy of kiosk.yaml needs."""
    for number in count(1):
        path = folder / (f"{name}{ending}" if number == 1 else f"{name}-{number}{ending}")
        try:
            _create(path, content, private.FILE_MODE, undo)
        except FileExistsError:
            continue
        return path
    raise AssertionError


def _create(path: Path, content: bytes, mode: int, undo: ExitStack) -> None:
    """Make a file that has its rights from the start and is on the disk when this returns."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, mode)
    undo.callback(path.unlink, missing_ok=True)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def _read_back(draft: Path, path: Path, words: Mapping[str, Words]) -> Config:
    try:
        return configs.load(draft, words)
    except ConfigError as exc:
        # The owner knows the file by its own name.
        complaints = [replace(complaint, file=str(path)) for complaint in exc.complaints]
        raise ConfigError(complaints) from exc


def _must_be(config: Config, wanted: BTCPayServer) -> None:
    """Make sure that the file says what was decided, however it was laid out before; its allow_rights stay."""
    server = config.server
    if not isinstance(server, BTCPayServer) or wanted != replace(server, allowed_rights=wanted.allowed_rights):
        raise PairingError("no_server_line")


def _back_up(path: Path) -> Path:
    backup = path.with_name(path.name + _BACKUP)
    shutil.copy2(path, backup)
    return backup
