"""Servers and transports that the demo server is too well-behaved for: bytes on a socket, and answers out of a list.

Rule: a wire says just what it was told to say, and remembers what it heard.
"""

import contextlib
import socket
import ssl
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Self

from pos.btcpay import greenfield as gf
from pos.btcpay.refusals import Response

_GOOD_KEY = b'{"permissions": ["btcpay.store.cancreateinvoice", "btcpay.store.canviewinvoices"]}'
Answer = Callable[[socket.socket, bytes], None]


class Wire:
    """A port on 127.0.0.1 that answers every request alike; `heard` are the requests, `calls` counts connections."""

    def __init__(self, answer: Answer, *, tls: tuple[Path, Path] | None = None) -> None:
        self.heard: list[bytes] = []
        self.calls = 0
        self._answer = answer
        self._tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER) if tls else None
        if self._tls and tls:
            self._tls.load_cert_chain(*tls)
        self._stopping = False
        self._open: socket.socket | None = None
        self._port = socket.create_server(("127.0.0.1", 0))
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    @property
    def url(self) -> str:
        """Its address."""
        return f"{'https' if self._tls else 'http'}://127.0.0.1:{self._port.getsockname()[1]}"

    def close(self) -> None:
        """Stop listening; the thread has ended then."""
        self._stopping = True
        with contextlib.suppress(OSError):
            if self._open:
                socket.socket.shutdown(self._open, socket.SHUT_RDWR)
        with contextlib.suppress(OSError):
            socket.create_connection(self._port.getsockname(), timeout=1).close()
        self._thread.join()
        self._port.close()

    def _serve(self) -> None:
        while True:
            connection, _ = self._port.accept()
            if self._stopping:
                connection.close()
                return
            self.calls += 1
            self._open = connection
            connection.settimeout(5)
            with contextlib.suppress(OSError):
                if self._tls:
                    connection = self._tls.wrap_socket(connection, server_side=True)
                while request := _read(connection):
                    self.heard.append(request)
                    self._answer(connection, request)
            connection.close()


def _read(connection: socket.socket) -> bytes:
    head = b""
    while b"\r\n\r\n" not in head:
        more = connection.recv(65536)
        if not more:
            return b""
        head += more
    head, _, body = head.partition(b"\r\n\r\n")
    length = next((int(line[15:]) for line in head.split(b"\r\n") if line.lower().startswith(b"content-length:")), 0)
    while len(body) < length:
        body += connection.recv(65536)
    return head + b"\r\n\r\n" + body


def page(status: str, *headers: str, body: bytes = b"") -> Answer:
    """Answer with this status line's end, these headers and this body."""
    head = "\r\n".join((f"HTTP/1.1 {status}", *headers, f"Content-Length: {len(body)}", "", "")).encode("latin-1")
    return lambda connection, _request: connection.sendall(head + body)


def echo(connection: socket.socket, request: bytes) -> None:
    """Answer 500 with the request itself, as some servers do that are made for debugging."""
    page("500 Oops", "Content-Type: text/plain", body=request)(connection, request)


def break_tls(connection: socket.socket, _request: bytes) -> None:
    """Begin an answer and go on with bytes that are no TLS."""
    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{")
    with socket.socket(fileno=connection.detach()) as bare:
        bare.sendall(b"this is no TLS record at all")


def stall(connection: socket.socket, _request: bytes) -> None:
    """Begin an answer and never end it."""
    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{")
    connection.recv(1)


class Canned:
    """A transport that gives answers out of a list; `asked` is what it was asked."""

    def __init__(self, *bodies: bytes, date_s: int | None = None) -> None:
        self._bodies = list(bodies)
        self._date_s = date_s
        self.asked: list[gf.Request] = []
        self.closed = False

    def send(self, request: gf.Request) -> Response:
        """Give the next answer; what the key may do is answered by itself."""
        if request == gf.get_current_key():
            return Response(200, "application/json", self._date_s, _GOOD_KEY)
        self.asked.append(request)
        return Response(200, "application/json", self._date_s, self._bodies.pop(0))

    def close(self) -> None:
        """Remember it."""
        self.closed = True

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
