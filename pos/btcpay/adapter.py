"""How `requests` reaches the one server: its transport adapter, and the connection of urllib3 below that.

Rule: all that is known of urllib3 is known here. What goes wrong before the first byte of a request is NotConnected;
after it no byte is sent or waited for beyond the request's own deadline.
"""

import io
import logging
import socket
import time
from http.client import HTTPResponse
from typing import Any
from urllib.parse import urlsplit

from requests.adapters import HTTPAdapter
from requests.exceptions import RequestException
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.exceptions import HTTPError

from pos.btcpay.connection import CertificateChanged, compare, dial, left_s, trusting
from pos.core.route import Route

CUT_SHORT = (OSError, ValueError, HTTPError)
"""What can end an exchange that has begun: requests' exceptions are OSErrors, and it lets some of urllib3's through."""


class NotConnected(Exception):
    """There is no connection, and nothing was sent; `why` is what dialling, the handshake or the pin ended with.

    It is of no kind that requests or urllib3 would catch, so that it comes through them as it is.
    """

    def __init__(self, why: Exception) -> None:
        self.why = why
        super().__init__(str(why))


class NothingToTrust(NotConnected):
    """The CA file cannot be used."""


def unwrapped(exc: BaseException) -> BaseException:
    """Find the time-out, the reset or the bad line in what requests and urllib3 have put around it."""
    while isinstance(exc, RequestException | HTTPError) and (within := exc.__cause__ or exc.__context__):
        exc = within
    return exc


class OneServer(HTTPAdapter):
    """Sends every request to the one server over one kept-alive connection, whatever host its address names.

    `timeout` of `send` is the time for sending a request and reading all of its answer, in seconds.
    """

    def __init__(self, route: Route, connect_timeout_s: float) -> None:
        super().__init__(max_retries=0)
        self._route = route
        self._connect_timeout_s = connect_timeout_s
        self._pool: HTTPConnectionPool | None = None
        # It warns of headers it cannot read and shows them, and a server may send the key back in one.
        logging.getLogger("urllib3").setLevel(logging.CRITICAL)

    def get_connection_with_tls_context(self, *_: Any, **__: Any) -> HTTPConnectionPool:
        """Give the one pool; NothingToTrust if it cannot be made."""
        if self._pool is None:
            try:
                self._pool = _pool(self._route, self._connect_timeout_s)
            except OSError as exc:
                raise NothingToTrust(exc) from exc
        return self._pool

    def cert_verify(self, *_: Any, **__: Any) -> None:
        """Leave the pool's context as it is: requests would have it trust certifi's CAs besides the owner's."""

    def close(self) -> None:
        """Let go of the connection; the next request makes a new one."""
        super().close()
        if self._pool is not None:
            self._pool.close()
            self._pool = None


class _Plain(HTTPConnection):
    """A connection that says when it could not be made, and that has one deadline for all of an exchange."""

    def __init__(self, *where: Any, route: Route, connect_timeout_s: float, **options: Any) -> None:
        super().__init__(*where, **options)
        self._route = route
        self._connect_timeout_s = connect_timeout_s
        self._deadline_s = 0.0

    def _new_conn(self) -> socket.socket:
        # urllib3's own SOCKS connection is made at this seam too.
        return dial(self.host, self.port, self._route.proxy, timeout_s=self._connect_timeout_s)

    def connect(self) -> None:
        """Dial, shake hands, compare the pin."""
        try:
            super().connect()
            # Not by urllib3's assert_fingerprint: that would stand in for comparing the host's name.
            compare(self.sock, self._route.fingerprint)
        except (OSError, CertificateChanged) as exc:
            self.close()
            raise NotConnected(exc) from exc

    def request(self, *what: Any, **how: Any) -> None:
        """Send a request; its time begins when there is a connection."""
        if self.sock is None:
            self.connect()
        self._deadline_s = time.monotonic() + (self.timeout or 0.0)
        super().request(*what, **how)

    def send(self, data: Any) -> None:
        """Send a part of the request."""
        self.sock.settimeout(left_s(self._deadline_s))
        super().send(data)

    def response_class(self, line: socket.socket, **how: Any) -> HTTPResponse:  # type: ignore[override]  # just called
        """Begin to read an answer."""
        return _Answer(self._deadline_s, line, **how)


class _Secure(_Plain, HTTPSConnection):
    """The same over TLS."""


class _PlainPool(HTTPConnectionPool):
    ConnectionCls = _Plain


class _SecurePool(HTTPSConnectionPool):
    ConnectionCls = _Secure


def _pool(route: Route, connect_timeout_s: float) -> HTTPConnectionPool:
    parts = urlsplit(route.url)
    host = parts.hostname or ""
    how: dict[str, Any] = {"route": route, "connect_timeout_s": connect_timeout_s}
    if parts.scheme == "https":
        return _SecurePool(host, parts.port, ssl_context=trusting(route.ca_file), **how)
    return _PlainPool(host, parts.port, **how)


class _Answer(HTTPResponse):
    """An answer that is there by its deadline, and that brings no cookies."""

    def __init__(self, deadline_s: float, line: socket.socket, **how: Any) -> None:
        super().__init__(line, **how)
        self.fp.close()
        self.fp = io.BufferedReader(_Timed(line, deadline_s))

    def begin(self) -> None:
        """Read the head."""
        super().begin()
        # Nobody wants them, but requests takes them apart all the same, and stumbles over some.
        del self.headers["Set-Cookie"]
        del self.headers["Set-Cookie2"]


class _Timed(io.RawIOBase):
    """Bytes of which each must come before the deadline, so that no server can drip an answer for ever."""

    def __init__(self, line: socket.socket, deadline_s: float) -> None:
        self._line = line
        self._deadline_s = deadline_s
        # The line's own reader keeps it open after the connection has let go of it.
        self._reader = line.makefile("rb", buffering=0)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int | None:  # type: ignore[override]
        self._line.settimeout(left_s(self._deadline_s))
        return self._reader.readinto(buffer)

    def close(self) -> None:
        self._reader.close()
        super().close()
