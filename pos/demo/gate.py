"""A gate that stops one request on its way, for tests that must act between two moments of the server.

Rule: the request waits at the gate, nobody else does; a server that stops opens all its gates.
"""

import threading

from pos.demo.misfortune import check_operation, concerns
from pos.demo.operations import Request


class Gate:
    """Stops the `nth` request that `on` means (see Misfortune): before the work, or `after` it."""

    def __init__(self, on: str, nth: int, *, after: bool) -> None:
        check_operation(on)
        self._on = on
        self._left = nth
        self._after = after
        self._lock = threading.Lock()
        self._arrived = threading.Event()
        self._open = threading.Event()
        self._discard = False

    def wait(self, timeout_s: float = 10) -> None:
        """Wait until the request stands at the gate; TimeoutError if none comes."""
        if not self._arrived.wait(timeout_s):
            raise TimeoutError(f"no request {self._on!r} came within {timeout_s} s")

    def release(self, *, discard: bool = False) -> None:
        """Let the request go on, or throw it away as if it, or its answer, had been lost on the network."""
        self._discard = discard
        self._open.set()

    def passes(self, name: str, request: Request, *, after: bool) -> bool:
        """Hold the request if it is the one; False if it was thrown away. Called by the server."""
        with self._lock:
            if after != self._after or self._left == 0 or not concerns(self._on, name, request):
                return True
            self._left -= 1
            if self._left:
                return True
        self._arrived.set()
        self._open.wait()
        return not self._discard
