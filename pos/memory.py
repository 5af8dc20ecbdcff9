"""Keeps what this process holds in memory out of core dumps and out of other programs' reach.

Rule: called before a key is read. The same user's other programs can then no longer look into the process (ptrace, and
/proc/PID/mem and environ), and a crash leaves no image of it on the disk. Where the system has no such switch, the till
runs all the same. Swap is not covered: an owner who swaps to a card swaps the key as well.
"""

import ctypes
import resource
from typing import Final

_PR_SET_DUMPABLE: Final = 4  # linux/prctl.h


def keep_private() -> None:
    """Forbid images of this process's memory, for as long as it lives."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    prctl = getattr(ctypes.CDLL(None), "prctl", None)
    if prctl is not None:
        prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0)
