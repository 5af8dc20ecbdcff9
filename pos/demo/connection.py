"""HTTP on a socket for the demo server: requests read, answers sent in one piece, resets on order.

Rule: knows nothing of BTCPay. Each connection has a thread; closing the listener ends every one of them.
"""

import logging
import socket
import ssl
import struct
import sys
import threading
from collections.abc import Callable
from email.utils import formatdate
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Final
from urllib.parse import parse_qs, unquote, urlsplit

from pos.demo.misfortune import Delivery
from pos.demo.operations import Request

_LOG: Final = logging.getLogger("pos.demo")
_POLL_S: Final = 0.02
_JOIN_S: Final = 5
# Closing with unsent-data handling "on, zero seconds" sends RST: the client sees a reset, not an end.
_RESET: Final = struct.pack("ii", 1, 0)


class Listener(ThreadingHTTPServer):
    """An open port; `respond` turns requests into deliveries, `now_s` is for the Date header."""

    daemon_threads = True
    request_queue_size = 64

    def __init__(
        self,
        port: int,
        respond: Callable[[Request], Delivery],
        now_s: Callable[[], int],
        tls: ssl.SSLContext | None,
    ) -> None:
        self.respond, self.now_s, self._tls = respond, now_s, tls
        self._connections: dict[threading.Thread, socket.socket] = {}
        self._lock = threading.Lock()
        super().__init__(("127.0.0.1", port), Connection)
        self._acceptor = threading.Thread(target=self.serve_forever, args=(_POLL_S,), daemon=True)
        self._acceptor.start()

    @property
    def port(self) -> int:
        """The port it listens on."""
        return int(self.server_address[1])

    @property
    def scheme(self) -> str:
        """http or https."""
        return "http" if self._tls is None else "https"

    def close(self) -> None:
        """Refuse from now on and break every open connection; returns when their threads have ended."""
        self.shutdown()
        self._acceptor.join(_JOIN_S)
        self.server_close()
        with self._lock:
            left = dict(self._connections)
        for thread, connection in left.items():
            if thread is not threading.current_thread():
                _break(connection)
        for thread in left:
            if thread is not threading.current_thread():
                thread.join(_JOIN_S)

    def server_bind(self) -> None:
        """Bind without the reverse name look-up of http.server, which can take seconds."""
        # A connection that this side ended keeps the port for a minute otherwise, and a restart waits as long.
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        socket.socket.bind(self.socket, self.server_address)
        self.server_address = self.socket.getsockname()
        self.server_name, self.server_port = "127.0.0.1", self.server_address[1]

    def process_request(self, request: Any, client_address: Any) -> None:
        """Give the connection a thread of its own."""
        arguments = (request, client_address)
        thread = threading.Thread(target=self.process_request_thread, args=arguments, daemon=True)
        with self._lock:
            self._connections[thread] = request
        thread.start()

    def process_request_thread(self, request: Any, client_address: Any) -> None:
        """Serve one connection to its end."""
        try:
            super().process_request_thread(request, client_address)
        finally:
            with self._lock:
                del self._connections[threading.current_thread()]

    def finish_request(self, request: Any, client_address: Any) -> None:
        """Shake hands if this is https, then read requests; a slow handshake keeps nobody else waiting."""
        if self._tls is None:
            super().finish_request(request, client_address)
            return
        with self._tls.wrap_socket(request, server_side=True, do_handshake_on_connect=False) as secure:
            with self._lock:
                self._connections[threading.current_thread()] = secure
            secure.do_handshake()
            super().finish_request(secure, client_address)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Pass over clients that left or did not like the certificate; log anything else, a bug."""
        if not isinstance(sys.exc_info()[1], OSError):
            _LOG.exception("the demo server failed on a request")


class Connection(BaseHTTPRequestHandler):
    """One client's connection, kept alive from request to request."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server: Listener

    def handle_request(self) -> None:
        """Read the rest of a request, have it answered, write the answer or break the connection."""
        length = int(self.headers.get("Content-Length") or 0)
        body = self.rfile.read(length)
        if len(body) < length:
            # A client that died while it spoke was not heard.
            self.close_connection = True
            return
        parts = urlsplit(self.path)
        request = Request(
            method=self.command,
            path=unquote(parts.path),
            query=parse_qs(parts.query, keep_blank_values=True),
            authorization=self.headers.get("Authorization") or "",
            body=body,
            base_url=f"{self.server.scheme}://{self.headers.get('Host') or self.server.server_name}",
        )
        delivery = self.server.respond(request)
        wire = self._wire(delivery)
        if delivery.cut:
            wire = wire[: len(wire) - len(delivery.answer.body) // 2] if delivery.answer else b""
        if wire:
            self.wfile.write(wire)
        if delivery.cut or delivery.answer is None:
            self.close_connection = True
            self._reset()

    do_GET = do_POST = do_PUT = do_DELETE = do_PATCH = do_HEAD = handle_request

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 the name is http.server's own
        """Say nothing: the server keeps its own log of requests."""

    def _wire(self, delivery: Delivery) -> bytes:
        answer = delivery.answer
        if answer is None:
            return b""
        lines = [
            f"HTTP/1.1 {answer.status} {HTTPStatus(answer.status).phrase}",
            f"Date: {formatdate(self.server.now_s(), usegmt=True)}",
            "Server: Kestrel",
            f"Content-Length: {len(answer.body)}",
        ]
        lines += [f"Content-Type: {answer.media}"] if answer.media else []
        lines += [f"{name}: {value}" for name, value in answer.headers]
        body = b"" if self.command == "HEAD" else answer.body
        # One piece, so that neither Nagle's algorithm nor a delayed acknowledgement can hold half of it back.
        return "\r\n".join((*lines, "", "")).encode("latin-1") + body

    def _reset(self) -> None:
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)
        self.rfile.close()
        self.connection.close()


def _break(connection: socket.socket) -> None:
    try:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)
        # Not SSLSocket.shutdown, which takes the TLS state from under the thread that is reading.
        socket.socket.shutdown(connection, socket.SHUT_RDWR)
    except OSError:
        return  # the client was quicker
