"""Handles to processes: a cradle (`cradle.py`) that starts tills and commands, and a till that lives and dies.

Rule: a till is spoken to by touches and answers by what it shows; whether it was killed is asked of the kernel.
"""

import json
import os
import select
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from types import TracebackType
from typing import Any, Self

REPOSITORY = Path(__file__).resolve().parents[2]
TIMEOUT_S = 15


class PowerLost(Exception):
    """The till is dead."""


class Cradle:
    """A warmed-up interpreter that forks tills; used by one thread."""

    def __init__(self) -> None:
        self._control, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self._process = subprocess.Popen(
            [sys.executable, "-m", "bench.drill.cradle", str(theirs.fileno())],
            pass_fds=[theirs.fileno()],
            env={**os.environ, "PYTHONPATH": str(REPOSITORY)},
            cwd=REPOSITORY,
        )
        theirs.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._control.close()
        self._process.wait(TIMEOUT_S)

    def start(self, spec: dict[str, Any]) -> "TillProcess":
        """Start a till that dies at `spec["doom"]`, or lives if that is ''."""
        return TillProcess(self, *self._fork(spec))

    def run(self, spec: dict[str, Any]) -> int:
        """Run a command to its end (`owner.obey`); give how it ended."""
        line, pid = self._fork(spec)
        line.close()
        return self.wait(pid)

    def wait(self, pid: int) -> int:
        """Wait for a till's end: what it exited with, or minus the signal that killed it."""
        self._control.send(json.dumps({"wait": pid}).encode())
        return int(json.loads(self._control.recv(65536))["exit"])

    def _fork(self, spec: dict[str, Any]) -> tuple[socket.socket, int]:
        line, theirs = socket.socketpair()
        with theirs:
            socket.send_fds(self._control, [json.dumps(spec).encode()], [theirs.fileno()])
        return line, int(json.loads(self._control.recv(65536))["pid"])


class TillProcess:
    """One life of a till; every method raises PowerLost once it is over."""

    def __init__(self, cradle: Cradle, line: socket.socket, pid: int) -> None:
        self._cradle = cradle
        self._line = line
        self.pid = pid
        self._buffer = b""

    def say(self, *words: object) -> None:
        """Send a touch, or a word of fate; the till tells `{"touched": name}` once it has dealt with it."""
        try:
            self._line.sendall(json.dumps(words).encode() + b"\n")
        except OSError as exc:
            raise PowerLost from exc

    def news(self, wait_s: float) -> dict[str, Any] | None:
        """Give the next thing the till tells, or None after that long."""
        end_s = time.monotonic() + wait_s
        while b"\n" not in self._buffer:
            ready, _, _ = select.select([self._line], [], [], max(0.0, end_s - time.monotonic()))
            if not ready:
                return None
            self._buffer += self._received()
        text, self._buffer = self._buffer.split(b"\n", 1)
        told: dict[str, Any] = json.loads(text)
        return told

    def leave(self) -> None:
        """Let it end in an orderly way."""
        self._line.shutdown(socket.SHUT_WR)

    def kill(self) -> None:
        """Pull the plug."""
        os.kill(self.pid, signal.SIGKILL)

    def bury(self) -> int:
        """Wait until nothing is left of the process, its locks neither; give how it ended."""
        self._line.close()
        return self._cradle.wait(self.pid)

    def _received(self) -> bytes:
        try:
            data = self._line.recv(65536)
        except ConnectionError as exc:
            raise PowerLost from exc
        if not data:
            raise PowerLost
        return data
