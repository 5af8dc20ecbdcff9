"""The way to the server: its name, the connection, the certificate.

Rule: the key is not known here. Behind a proxy no name is looked up on this machine: the proxy does that, and a name
that leaked to this network's DNS would tell it where the shop's money goes.
"""

import socket
import ssl
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from ipaddress import ip_address
from typing import Final
from urllib.parse import urlsplit

from pos.btcpay.certificate import Certificate, grouped, look
from pos.btcpay.client import DIRECT
from pos.btcpay.connection import trusting
from pos.check.finding import Finding, fail, ok, warn
from pos.config.address import is_onion
from pos.core.route import Route

_HERE: Final = frozenset({"localhost", "127.0.0.1", "::1"})
_DAY_S: Final = 86_400
_FEW_DAYS: Final = 14
_MOST_SHOWN: Final = 4


def name(route: Route) -> Iterator[Finding]:
    """Look the server's name up, or see that the proxy is there which will."""
    if route.proxy is not None:
        yield _proxy(route.proxy)
        return
    try:
        ip_address(_host(route))
    except ValueError:
        yield _resolved(route)
    else:
        yield ok("dns", "dns_not_needed", host=_host(route))


def _proxy(proxy: str) -> Finding:
    parts = urlsplit(proxy)
    shown = proxy.rpartition("/")[2]
    try:
        with closing(socket.create_connection((parts.hostname or "", parts.port or 0), DIRECT.connect_s)):
            return ok("dns", "dns_by_proxy", proxy=shown)
    except OSError:
        return fail("dns", "proxy_down", proxy=shown)


def _resolved(route: Route) -> Finding:
    try:
        found = socket.getaddrinfo(_host(route), None, type=socket.SOCK_STREAM)
    except OSError:
        return fail("dns", "dns_unknown", host=_host(route))
    addresses = dict.fromkeys(str(address[0]) for *_, address in found)
    return ok("dns", "dns_ok", host=_host(route), addresses=", ".join(list(addresses)[:_MOST_SHOWN]))


def certificate(route: Route, now_s: int) -> Iterator[Finding]:
    """Look at the server's certificate: verified or pinned, its fingerprint, its last day."""
    if route.url.lower().startswith("http:"):
        yield _plain(route)
        return
    if route.ca_file is not None and not _can_be_used(route.ca_file):
        yield fail("tls", "tls_ca_file", file=route.ca_file)
        return
    try:
        shown = look(route)
    except ssl.SSLError as exc:
        yield fail("tls", "tls_none", host=_host(route), why=exc.reason or type(exc).__name__)
        return
    except OSError as exc:
        yield fail("tls", "tls_unreachable", host=_host(route), why=exc.strerror or type(exc).__name__)
        return
    yield from _judged(route, shown, now_s)


def _can_be_used(ca_file: str) -> bool:
    try:
        trusting(ca_file)
    except OSError:
        return False
    return True


def _plain(route: Route) -> Finding:
    if is_onion(route.url):
        return ok("tls", "tls_onion")
    return ok("tls", "tls_here") if _host(route) in _HERE else warn("tls", "tls_plain", host=_host(route))


def _judged(route: Route, shown: Certificate, now_s: int) -> Iterator[Finding]:
    seen = {"host": _host(route), "sha256": grouped(shown.sha256), "pin": shown.sha256}
    if route.fingerprint is not None and route.fingerprint != shown.sha256:
        yield fail("tls", "tls_changed", **seen, pinned=grouped(route.fingerprint))
    elif shown.distrust is not None:
        # A pin comes on top of trust and never instead of it.
        yield fail("tls", "tls_distrusted", **seen, why=shown.distrust)
    elif route.fingerprint is not None:
        yield ok("tls", "tls_pinned", **seen)
    else:
        yield ok("tls", "tls_ok", **seen)
    if shown.expires_s is None:
        return
    left, day = (shown.expires_s - now_s) // _DAY_S, f"{datetime.fromtimestamp(shown.expires_s, UTC):%Y-%m-%d}"
    grade = ok if left >= _FEW_DAYS else warn
    yield grade("tls", "tls_lasts" if left >= _FEW_DAYS else "tls_ends", day=day, days=left)


def _host(route: Route) -> str:
    return urlsplit(route.url).hostname or ""
