"""A command of the owner's, in a process of its own that may die at a named point of its way to the disk.

Rule: it is the product's command line and nothing else; all it says is kept for whoever wonders how it ended.
"""

import os
import signal
import socket
import sys
from pathlib import Path
from typing import Any

from bench.drill.flushes import Flushes
from bench.drill.mortal import Fate
from bench.drill.tills import TIMEOUT_S
from pos import app, private


def obey(spec: dict[str, Any], line: socket.socket) -> int:
    """Run `run_kiosk.py` with the words of a command; give its exit code.

    `spec` has command, said (the file for what it says) and doom, and notes: '' where flushes cannot be noted.
    """
    line.close()
    said = os.open(spec["said"], os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    os.dup2(said, sys.stdout.fileno())
    os.dup2(said, sys.stderr.fileno())
    # One that hangs is a fault too.
    signal.alarm(TIMEOUT_S)
    if spec["notes"]:
        fate = Fate(spec["doom"], lambda _: None, talkative=False)
        flushes = Flushes(Path(spec["notes"]), fate.write_or_flush)
        flushes.become_default()
        private.flush = flushes.flush
    try:
        return app.main(spec["command"])
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
