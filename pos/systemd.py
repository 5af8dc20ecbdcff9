"""Tells systemd how the till is doing: that its first frame is up, that it still moves, that it is ending.

Rule: without systemd it does nothing, and what goes wrong with it never stops a sale. The protocol is one datagram a
message to the socket that NOTIFY_SOCKET names (sd_notify(3)); a library would be larger than the protocol.
"""

import contextlib
import socket
from collections.abc import MutableMapping
from typing import Final

_NAMES: Final = ("NOTIFY_SOCKET", "WATCHDOG_USEC", "WATCHDOG_PID")


class Notifier:
    """Speaks to the service manager; `address` is a path, `@name` for the abstract namespace, or None for nobody."""

    def __init__(self, address: str | None) -> None:
        self._address = f"\0{address[1:]}" if address and address.startswith("@") else address

    @classmethod
    def from_environment(cls, environ: MutableMapping[str, str]) -> "Notifier":
        """Take the address out of the environment, so that no program the till starts can speak in its name."""
        address, *_ = [environ.pop(name, None) for name in _NAMES]
        # Anything else would be a transport that only virtual machines use (vsock:).
        return cls(address if address and address[0] in "/@" else None)

    def ready(self) -> None:
        """Say that people can use the till."""
        self._send(b"READY=1")

    def alive(self) -> None:
        """Say that the till still moves; said too seldom (WatchdogSec=), systemd starts it anew."""
        self._send(b"WATCHDOG=1")

    def stopping(self) -> None:
        """Say that the till is on its way out."""
        self._send(b"STOPPING=1")

    def _send(self, message: bytes) -> None:
        if self._address is None:
            return
        # A full or missing socket is systemd's trouble; the next heartbeat comes in a second.
        with contextlib.suppress(OSError), socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as speaker:
            speaker.setblocking(False)
            speaker.sendto(message, self._address)
