"""The `server:` block: the demo, or the address of a BTCPay Server and the place of its key.

Rule: the key is never in kiosk.yaml, only its place is; no setting makes the line to the server less safe.
"""

import os
import re
import stat
from pathlib import Path
from typing import Final

from pos.config.address import is_onion, proxy_mistake, url_mistake
from pos.config.key import KeyFromCredential, KeyFromEnvironment, KeyFromFile, KeyPlace
from pos.config.section import Section
from pos.config.settings import BTCPayServer, DemoServer
from pos.core.route import Route

_DEMO: Final = "demo"
_STORE_ID: Final = re.compile(r"[0-9A-Za-z]{1,64}")
_VARIABLE: Final = re.compile(r"[A-Za-z_][0-9A-Za-z_]{0,63}")
_CREDENTIAL: Final = re.compile(r"[0-9A-Za-z_-][0-9A-Za-z._-]{0,63}")
_FINGERPRINT: Final = re.compile(r"[0-9A-Fa-f]{64}|[0-9A-Fa-f]{2}(:[0-9A-Fa-f]{2}){31}")
_RIGHT: Final = re.compile(r"unrestricted|btcpay(\.[a-z]{1,60}){2,4}")
_KEY_PLACES: Final = ("key_file", "key_environment", "key_credential")
MOST_CA_BYTES: Final = 1_000_000


def read_server(top: Section, base: Path) -> DemoServer | BTCPayServer:
    """Read `server: demo` or the block with url, store_id and the key's place; relative paths start at `base`."""
    if not top.holds_section("server"):
        if top.text("server") not in (_DEMO, ""):
            top.complain("server", "server")
        return DemoServer()
    block = top.section("server")
    server = BTCPayServer(
        _route(block, base),
        block.text("store_id", pattern=_STORE_ID, reason="store_id"),
        _key_place(block, base),
        frozenset(block.texts("allow_rights", pattern=_RIGHT, reason="right")),
    )
    block.close()
    return server


def place(base: Path, written: str) -> Path:
    """Find a path that the owner wrote: ~ is the home folder, and what is not absolute starts at `base`."""
    # Not Path.expanduser: that raises where there is no such user, and then the name is simply not there.
    return base / os.path.expanduser(written)


def file_mistake(path: Path, *, most_bytes: int) -> str | None:
    """Return a word for why a file cannot be used, or None."""
    try:
        status = path.stat()
    except OSError:
        return "no_file"
    if not stat.S_ISREG(status.st_mode):
        return "no_file"
    return "file_too_big" if status.st_size > most_bytes else None


def _route(block: Section, base: Path) -> Route:
    url = _url(block)
    return Route(url, _ca_file(block, base), _fingerprint(block, url), _proxy(block, url))


def _url(block: Section) -> str:
    url = block.text("url")
    mistake = url_mistake(url) if url else None
    if mistake is not None:
        block.complain("url", mistake)
        return ""
    return url.rstrip("/")


def _key_place(block: Section, base: Path) -> KeyPlace:
    given = [name for name in _KEY_PLACES if block.has(name)]
    if len(given) != 1:
        block.complain("key_file", "two_keys" if given else "no_key")
    if "key_environment" in given:
        return KeyFromEnvironment(block.text("key_environment", pattern=_VARIABLE, reason="variable"))
    if "key_credential" in given:
        return KeyFromCredential(block.text("key_credential", pattern=_CREDENTIAL, reason="credential"))
    return KeyFromFile(place(base, block.text("key_file", default="")))


def _ca_file(block: Section, base: Path) -> str | None:
    if not block.has("ca_file"):
        return None
    path = place(base, block.text("ca_file"))
    mistake = file_mistake(path, most_bytes=MOST_CA_BYTES) or _certificate_mistake(path)
    if mistake is not None:
        block.complain("ca_file", mistake, most_mb=1)
    return str(path)


def _certificate_mistake(path: Path) -> str | None:
    try:
        return None if b"-----BEGIN CERTIFICATE-----" in path.read_bytes() else "no_certificate"
    except OSError:
        return "no_file"


def _fingerprint(block: Section, url: str) -> str | None:
    if not block.has("certificate_sha256"):
        return None
    if url.lower().startswith("http:"):
        block.complain("certificate_sha256", "fingerprint_http")
    written = block.text("certificate_sha256", pattern=_FINGERPRINT, reason="fingerprint")
    return written.replace(":", "").lower()


def _proxy(block: Section, url: str) -> str | None:
    if not block.has("socks_proxy"):
        if is_onion(url):
            block.complain("socks_proxy", "onion_proxy")
        return None
    written = block.text("socks_proxy")
    mistake = proxy_mistake(written, url) if written else None
    if mistake is not None:
        block.complain("socks_proxy", mistake)
    # socks5h: the proxy finds the host, so that its name is never asked of this network's DNS.
    return f"socks5h://{written}"
