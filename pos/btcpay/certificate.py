"""The certificate a server shows: whether the till trusts it, its fingerprint and its last day.

Rule: nothing is sent over a connection that is only looked at, least of all the key. A certificate is read here and
never judged: the verdict is OpenSSL's, on the same terms as for every other connection.
"""

import hashlib
import ssl
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final
from urllib.parse import urlsplit

from pos.btcpay.client import DIRECT, THROUGH_TOR
from pos.btcpay.connection import dial, trusting
from pos.core.route import Route

_VERSION: Final = 0xA0
_UTC_TIME: Final = 0x17
_GENERALIZED_TIME: Final = 0x18


@dataclass(frozen=True, slots=True)
class Certificate:
    """What a server showed; `distrust` is OpenSSL's reason for not trusting it, in its own English words, or None."""

    der: bytes
    distrust: str | None

    @property
    def sha256(self) -> str:
        """The fingerprint, in lower-case hex as kiosk.yaml has it."""
        return hashlib.sha256(self.der).hexdigest()

    @property
    def expires_s(self) -> int | None:
        """Its last second in unix time; None if that cannot be read."""
        return last_second(self.der)

    @property
    def pem(self) -> str:
        """The certificate as text, as a CA file holds it."""
        return ssl.DER_cert_to_PEM_cert(self.der)


def look(route: Route) -> Certificate:
    """Shake hands with the server and go away again; OSError if there is no handshake (ssl.SSLError is one).

    The pin is not compared: what is shown is what is wanted.
    """
    try:
        return Certificate(_shown(trusting(route.ca_file), route), None)
    except ssl.SSLCertVerificationError as exc:
        blind = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        blind.check_hostname, blind.verify_mode = False, ssl.CERT_NONE
        return Certificate(_shown(blind, route), exc.verify_message)


def grouped(sha256: str) -> str:
    """Write a fingerprint as people compare it: AB:CD:…"""
    return ":".join(sha256[start : start + 2] for start in range(0, len(sha256), 2)).upper()


def last_second(der: bytes) -> int | None:
    """Find notAfter in a certificate (RFC 5280 4.1.2.5), in unix seconds; None if the bytes are none.

    The standard library tells it of trusted certificates only, and a pinned one is not.
    """
    try:
        _, certificate, _ = _element(der)
        _, rest, _ = _element(certificate)
        fields = _elements(rest)
        if fields[0][0] == _VERSION:
            fields = fields[1:]
        _serial, _algorithm, _issuer, (_, validity), *_ = fields
        (_, _begin), (kind, end) = _elements(validity)
        return _unix(kind, end.decode("ascii"))
    except (ValueError, IndexError):
        return None


def _shown(context: ssl.SSLContext, route: Route) -> bytes:
    parts = urlsplit(route.url)
    host, timeout_s = parts.hostname or "", (THROUGH_TOR if route.proxy else DIRECT).connect_s
    with dial(host, parts.port or 443, route.proxy, timeout_s=timeout_s) as line:
        line.settimeout(timeout_s)
        with context.wrap_socket(line, server_hostname=host) as secure:
            return secure.getpeercert(binary_form=True) or b""


def _element(der: bytes) -> tuple[int, bytes, bytes]:
    """Split off the first element (X.690 8.1): its tag, its content and what follows it."""
    tag, length, start = der[0], der[1], 2
    if length & 0x80:
        start += length & 0x7F
        length = int.from_bytes(der[2:start], "big")
    if start + length > len(der):
        raise ValueError("an element longer than the certificate")
    return tag, der[start : start + length], der[start + length :]


def _elements(der: bytes) -> list[tuple[int, bytes]]:
    found = []
    while der:
        tag, content, der = _element(der)
        found.append((tag, content))
    return found


def _unix(kind: int, text: str) -> int:
    if kind == _UTC_TIME:
        # "Where YY is greater than or equal to 50, the year SHALL be interpreted as 19YY" (RFC 5280 4.1.2.5.1)
        text = ("19" if int(text[:2]) >= 50 else "20") + text
    elif kind != _GENERALIZED_TIME:
        raise ValueError("no time")
    return int(datetime.strptime(text, "%Y%m%d%H%M%SZ").replace(tzinfo=UTC).timestamp())
