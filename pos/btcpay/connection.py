"""The way to the server, up to where HTTP begins: a line, directly or through Tor, and who is trusted at its end.

Rule: every certificate is verified, and no setting changes that; a pin comes on top. Behind a proxy the host's name is
the proxy's business, and this machine's DNS never hears of it.
"""

import hashlib
import hmac
import socket
import ssl
import time
from typing import Any
from urllib.parse import urlsplit

import socks
from certifi import where


class CertificateChanged(Exception):
    """The server has a trusted certificate, and it is not the pinned one; holds the SHA-256 of the one it showed."""


def dial(host: str, port: int, proxy: str | None, *, timeout_s: float) -> socket.socket:
    """Open a connection, through the proxy ("socks5h://host:port") if there is one; OSError if there is none."""
    line = _through(proxy, host, port, timeout_s) if proxy else socket.create_connection((host, port), timeout_s)
    line.settimeout(timeout_s)
    line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, True)
    return line


def trusting(ca_file: str | None) -> ssl.SSLContext:
    """Trust the owner's CA alone, or those that requests trusts (certifi's); OSError if the file cannot be used.

    A bare context, neither ssl.create_default_context nor the one urllib3 makes: those write the keys of every
    connection where $SSLKEYLOGFILE says.
    """
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)  # verifies, and compares the host's name
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.load_verify_locations(ca_file or where())
    return context


def compare(line: socket.socket, fingerprint: str | None) -> None:
    """Hold the certificate that a line ends at against the pin, if there is one; CertificateChanged."""
    if fingerprint is None:
        return
    certificate = line.getpeercert(binary_form=True) if isinstance(line, ssl.SSLSocket) else None
    shown = hashlib.sha256(certificate or b"").hexdigest()
    if not hmac.compare_digest(shown, fingerprint):
        raise CertificateChanged(shown)


def left_s(deadline_s: float) -> float:
    """Tell how long it is until a moment of time.monotonic(); TimeoutError if it is past."""
    left = deadline_s - time.monotonic()
    if left <= 0:
        raise TimeoutError("timed out")
    return left


class _Negotiating(socks.socksocket):
    """PySocks would grant each byte of the proxy's answers a time of its own; here all of them share one."""

    deadline_s = 0.0

    def recv_into(self, *where_to: Any) -> int:
        """Read what is there before the deadline."""
        self.settimeout(left_s(self.deadline_s))
        return super().recv_into(*where_to)


def _through(proxy: str, host: str, port: int, timeout_s: float) -> socket.socket:
    parts = urlsplit(proxy)
    near = parts.hostname or ""
    with _Negotiating(socket.AF_INET6 if ":" in near else socket.AF_INET) as line:
        line.deadline_s = time.monotonic() + timeout_s
        line.settimeout(timeout_s)
        line.set_proxy(socks.SOCKS5, near, parts.port, rdns=True)
        line.connect((host, port))
        # What PySocks is for is done; it would still stand in the way of every read.
        return socket.socket(fileno=line.detach())
