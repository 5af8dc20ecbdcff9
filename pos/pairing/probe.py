"""What the server says of itself and of the key, before anything is written down.

Rule: the key goes to the address it is paired with and nowhere else, and only once that address is trusted; whatever
goes wrong is a BTCPayError with its problem.
"""

import ssl
from collections.abc import Iterable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from pos.btcpay import greenfield as gf
from pos.btcpay import rights, setup
from pos.btcpay.certificate import Certificate, look
from pos.btcpay.client import Client
from pos.btcpay.connection import trusting
from pos.config import Secret, url_mistake
from pos.config.server import MOST_CA_BYTES, file_mistake, place
from pos.core.plain_text import plain
from pos.core.problem import Problem
from pos.core.route import Route
from pos.errors import BTCPayError, PairingError, Unreachable

_MOST_SHOWN: Final = 300
_MOST_NAMED: Final = 50
"""A name costs a request; a key for more stores than that is none for a till, and its owner knows the id."""
# OpenSSL's names for an answer that is no TLS; the newest calls it a failure of the record layer.
_NO_TLS: Final = frozenset({"WRONG_VERSION_NUMBER", "RECORD_LAYER_FAILURE", "HTTP_REQUEST"})
_NOT_FOR_THIS_KEY: Final = frozenset({Problem.FORBIDDEN, Problem.NOT_FOUND})


@dataclass(frozen=True, slots=True)
class Store:
    """A store the key is for; `name` is None where the key may not see it."""

    id: str
    name: str | None


@dataclass(frozen=True, slots=True)
class Found:
    """What answered. No `stores` means that the key is for all of its owner's and may not list them: ask for the id."""

    version: str
    synchronized: bool
    permissions: frozenset[str]
    stores: tuple[Store, ...]

    def rights(self, store_id: str, allowed: frozenset[str] = frozenset()) -> rights.Rights:
        """Judge what the key may do in one store; `allowed` is kiosk.yaml's allow_rights."""
        return rights.judge(self.permissions, store_id, allowed)


def certificate(route: Route) -> Certificate | None:
    """Look at the server's certificate without telling it anything; None where the address is http.

    Unreachable; PairingError("no_https") if the server does not encrypt, ("no_https_near", plain=…) where it need not.
    """
    if route.url.lower().startswith("http:"):
        return None
    try:
        return look(route)
    except OSError as exc:
        if isinstance(exc, ssl.SSLError) and exc.reason in _NO_TLS:
            unencrypted = "http" + route.url[len("https") :]
            reason = "no_https" if url_mistake(unencrypted) else "no_https_near"
            raise PairingError(reason, plain=unencrypted) from exc
        problem = Problem.TLS if isinstance(exc, ssl.SSLError) else Problem.UNREACHABLE
        evidence = f"{type(exc).__name__}: {plain(str(exc), 120)!r}"
        raise Unreachable(problem, evidence, maybe_heard=False) from exc


def ca_file(typed: str) -> str:
    """Find the file of a CA that the owner named, as an absolute path; PairingError says which file and why not."""
    path = place(Path.cwd(), typed)
    shown = plain(str(path), _MOST_SHOWN)
    try:
        mistake = file_mistake(path, most_bytes=MOST_CA_BYTES)
        if mistake is None:
            trusting(str(path))
    except ssl.SSLError as exc:
        raise PairingError("ca_no_certificate", file=shown) from exc
    except (OSError, ValueError) as exc:
        raise PairingError("ca_no_file", file=shown) from exc
    if mistake is not None:
        raise PairingError("ca_no_file" if mistake == "no_file" else "ca_no_certificate", file=shown)
    return str(path)


def keep(shown: Certificate, folder: Path) -> str:
    """Write a certificate down as a CA file, for an owner who knows it for the own server's; gives its path.

    Only a certificate that signed itself can vouch for itself: look again through it to see whether this one does.
    """
    path = folder / "shown.pem"
    path.write_text(shown.pem, encoding="ascii")
    return str(path)


def probe(route: Route, key: Secret) -> Found:
    """Ask the server for its version, and what the key is for."""
    with closing(call(route, key)) as client:
        info = setup.server_info(client.send(setup.get_server_info()))
        permissions = gf.current_key(client.send(gf.get_current_key()))
        return Found(info.version, info.synchronized, permissions, tuple(_stores(client, permissions)))


def call(route: Route, key: Secret) -> Client:
    """Make the till's own client for a server."""
    return Client(route, key.reveal())


def _stores(client: Client, permissions: Iterable[str]) -> list[Store]:
    scopes = [permission.partition(":")[::2] for permission in permissions]
    ids = sorted({scope for _, scope in scopes if scope})
    if ids:
        named = {store_id: _name(client, store_id) for store_id in ids[:_MOST_NAMED]}
        return [Store(store_id, named.get(store_id)) for store_id in ids]
    try:
        return [Store(store.id, store.name) for store in setup.stores(client.send(setup.get_stores()))]
    except BTCPayError as exc:
        if exc.problem not in _NOT_FOR_THIS_KEY:
            raise
        return []


def _name(client: Client, store_id: str) -> str | None:
    try:
        return setup.store(client.send(setup.get_store(store_id))).name
    except BTCPayError as exc:
        if exc.problem not in _NOT_FOR_THIS_KEY:
            raise
        return None
