"""A small SOCKS 5 proxy that forwards what it is asked to, wherever the test says the name lies.

Rule: the names it was asked for are remembered; it resolves none.
"""

import contextlib
import select
import socket
import threading
from collections.abc import Callable

Reply = Callable[[socket.socket], None]


class Proxy:
    """A port on 127.0.0.1; `names` says where each name leads, `reply` answers in place of a connection."""

    def __init__(self, names: dict[str, int], reply: Reply | None = None) -> None:
        self.asked: list[tuple[str, int]] = []
        self._names, self._reply = names, reply
        self._stopping = False
        self._port = socket.create_server(("127.0.0.1", 0))
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    @property
    def address(self) -> str:
        """Its address, as the client takes it."""
        return f"socks5h://127.0.0.1:{self._port.getsockname()[1]}"

    def close(self) -> None:
        """Stop; the thread has ended then."""
        self._stopping = True
        with contextlib.suppress(OSError):
            socket.create_connection(self._port.getsockname(), timeout=1).close()
        self._thread.join()
        self._port.close()

    def _serve(self) -> None:
        while True:
            caller, _ = self._port.accept()
            with caller, contextlib.suppress(OSError):
                if self._stopping:
                    return
                caller.settimeout(5)
                self._talk(caller)

    def _talk(self, caller: socket.socket) -> None:
        if self._reply is not None:
            self._reply(caller)
            return
        assert caller.recv(3) == b"\x05\x01\x00"
        caller.sendall(b"\x05\x00")
        assert caller.recv(4) == b"\x05\x01\x00\x03"
        name = caller.recv(caller.recv(1)[0]).decode()
        port = int.from_bytes(caller.recv(2), "big")
        self.asked.append((name, port))
        # Byte by byte: an answer may arrive in any pieces.
        for byte in b"\x05\x00\x00\x03\x09localhost\x00\x50":
            caller.sendall(bytes((byte,)))
        with socket.create_connection(("127.0.0.1", self._names[name]), timeout=5) as host:
            self._forward(caller, host)

    def _forward(self, caller: socket.socket, host: socket.socket) -> None:
        other = {caller: host, host: caller}
        while not self._stopping:
            for ready in select.select([caller, host], [], [], 0.05)[0]:
                data = ready.recv(65_536)
                if not data:
                    return
                other[ready].sendall(data)
