"""The `server:` block: the demo, or the address of a BTCPay Server and the place of its key.

Rule: plain http is for networks that nobody else can listen on; the key is never in kiosk.yaml, only its place is.
"""

import re
import stat
from ipaddress import ip_address, ip_network
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from pos.config.key import KeyFromEnvironment, KeyFromFile
from pos.config.section import Section
from pos.config.settings import BTCPayServer, DemoServer

_DEMO: Final = "demo"
_STORE_ID: Final = re.compile(r"[0-9A-Za-z]{1,64}")
_VARIABLE: Final = re.compile(r"[A-Za-z_][0-9A-Za-z_]{0,63}")
_URL_TEXT: Final = re.compile(r"https?://[!-\[\]-~]+", re.IGNORECASE)  # printable ASCII without the backslash
_HOST: Final = re.compile(r"[0-9a-z-]+(\.[0-9a-z-]+)*")
# What people copy from the browser's address bar together with the address.
_PAGE: Final = re.compile(r"/(api|stores|account|login|invoices)(/|$)")
_NEAR_NETWORKS: Final = tuple(map(ip_network, (
    "127.0.0.0/8", "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "169.254.0.0/16",
    "::1/128", "fc00::/7", "fe80::/10",
)))
_NEAR_NAMES: Final = (".local", ".onion")
_MOST_CA_BYTES: Final = 1_000_000


def read_server(top: Section, base: Path) -> DemoServer | BTCPayServer:
    """Read `server: demo` or the block with url, store_id and the key's place; relative paths start at `base`."""
    if not top.holds_section("server"):
        if top.text("server") not in (_DEMO, ""):
            top.complain("server", "server")
        return DemoServer()
    block = top.section("server")
    server = BTCPayServer(_url(block), block.text("store_id", pattern=_STORE_ID, reason="store_id"),
                          _key_place(block, base), _ca_file(block, base))
    block.close()
    return server


def url_mistake(url: str) -> str | None:
    """Return a word for what is wrong with a server's address, or None if it can be used."""
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
        is_host = ip_address(host).version == 6 if "[" in parts.netloc else _HOST.fullmatch(host) is not None
        well_formed = is_host and parts.port != 0 and _URL_TEXT.fullmatch(url) is not None
    except ValueError:  # a bracket left open, no address inside it, or a port that is no number
        return "url"
    if "@" in parts.netloc:
        return "url_password"
    if not well_formed:
        return "url"
    if "?" in url or "#" in url:
        return "url_query"
    if _PAGE.search(parts.path):
        return "url_page"
    if parts.scheme == "http" and not _is_near(host):
        return "url_http"
    return None


def file_mistake(path: Path, *, most_bytes: int) -> str | None:
    """Return a word for why a file cannot be used, or None."""
    try:
        status = path.stat()
    except OSError:
        return "no_file"
    if not stat.S_ISREG(status.st_mode):
        return "no_file"
    return "file_too_big" if status.st_size > most_bytes else None


def _url(block: Section) -> str:
    url = block.text("url")
    mistake = url_mistake(url) if url else None
    if mistake is not None:
        block.complain("url", mistake)
        return ""
    return url.rstrip("/")


def _is_near(host: str) -> bool:
    if host == "localhost" or host.endswith(_NEAR_NAMES):
        return True
    try:
        address = ip_address(host)
    except ValueError:
        return False
    return any(address in network for network in _NEAR_NETWORKS)


def _key_place(block: Section, base: Path) -> KeyFromEnvironment | KeyFromFile:
    in_file, in_environment = block.has("key_file"), block.has("key_environment")
    if in_file == in_environment:
        block.complain("key_file", "two_keys" if in_file else "no_key")
    if in_environment:
        return KeyFromEnvironment(block.text("key_environment", pattern=_VARIABLE, reason="variable"))
    return KeyFromFile(base / block.text("key_file", default=""))


def _ca_file(block: Section, base: Path) -> Path | None:
    if not block.has("ca_file"):
        return None
    path = base / block.text("ca_file")
    mistake = file_mistake(path, most_bytes=_MOST_CA_BYTES) or _certificate_mistake(path)
    if mistake is not None:
        block.complain("ca_file", mistake, most_mb=1)
    return path


def _certificate_mistake(path: Path) -> str | None:
    try:
        return None if b"-----BEGIN CERTIFICATE-----" in path.read_bytes() else "no_certificate"
    except OSError:
        return "no_file"
