"""What can go wrong, as one closed list, and what has to be possible on a machine for it.

Rule: a kind is counted twice, when the plan draws it and when it is seen to have taken effect. One that was drawn and
never took effect proves nothing, and shows.
"""

import os
from enum import StrEnum

from bench.drill import camera, display, flushes, place


class Kind(StrEnum):
    """One way for an evening to go wrong."""

    # the line
    REFUSED = "connection refused"
    RESET = "reset without an answer"
    RESET_MIDWAY = "reset mid-answer"
    TIMED_OUT = "answer after the time-out"
    CARRIED_OUT_LATE = "invoice made after the time-out"
    # the server and what stands before it
    EMPTY_500 = "500 with an empty body"
    PAGE_502 = "502 with a page of HTML"
    BUSY_429 = "429 too many requests"
    TRUNCATED = "JSON that ends half-way"
    SIGN_IN_PAGE = "200 with a page of HTML"
    REDIRECTED = "redirect to another host"
    KEY_REFUSED = "401 key unknown"
    NODE_DOWN = "Lightning node down"
    DUPLICATE = "two invoices made of one request"
    WRONG_AMOUNT = "QR of a wrong amount"
    WRONG_PAYEE = "QR of a wrong payee"
    SWAPPED = "QR swapped while it is shown"
    RESTARTED = "server restarted"
    SERVER_CLOCK = "server's clock jumps"
    # customers
    PARTIAL = "paid in part"
    OVER = "paid too much"
    LATE = "paid after expiry"
    CANCELLED = "paid after cancel"
    TWICE = "paid twice, by an old and a new QR"
    WHILE_DEAD = "paid while the till is dead"
    # the till
    TILL_CLOCK = "till's clock jumps"
    KILLED = "till killed"
    SWITCHED_OFF = "till closed in order"
    POWER_CUT = "power cut, unflushed writes gone"
    # its disk
    FULL = "disk full"
    BROKEN = "disk refuses writes"
    READ_ONLY = "disk read-only at the start"
    DAMAGED = "journal damaged while the till is dead"
    # its owner, who puts a backup back
    RESTORED = "restored from a backup"
    RESTORE_KILLED = "restore killed half-way"
    RESTORE_CUT = "power cut while restoring"
    RESTORE_FULL = "restore on a full disk"


PHONES = frozenset({Kind.PARTIAL, Kind.OVER, Kind.LATE, Kind.CANCELLED, Kind.TWICE, Kind.WHILE_DEAD})
"""What customers do; the rest strikes whoever stands there."""

RESTORES = frozenset({Kind.RESTORED, Kind.RESTORE_KILLED, Kind.RESTORE_CUT, Kind.RESTORE_FULL})
"""What needs a backup to begin with."""

SMALL_DISK = frozenset({Kind.FULL, Kind.READ_ONLY, Kind.RESTORE_FULL})
"""What only happens on a disk that was mounted for it."""

DISKS = frozenset({Kind.FULL, Kind.READ_ONLY, Kind.BROKEN})
"""What keeps a till from writing."""

WINDOW = "a real window"
PICTURES = "a QR read off the screen"


def impossible_here() -> dict[str, str]:
    """Say what cannot be played on this machine, and why; by the name of the fault, or WINDOW or PICTURES."""
    missing: dict[str, str] = {}
    if not place.can_mount():
        missing |= dict.fromkeys(SMALL_DISK, "nobody may mount a file system here")
    if not flushes.possible():
        hidden = (Kind.POWER_CUT, Kind.BROKEN, Kind.RESTORE_KILLED, Kind.RESTORE_CUT)
        missing |= dict.fromkeys(hidden, "Python's SQLite cannot be reached")
    if not display.virtual():
        missing[PICTURES] = "Xvfb is not installed"
        if not os.environ.get("DISPLAY"):
            missing[WINDOW] = "there is no display"
    elif reason := camera.missing():
        missing[PICTURES] = reason
    return missing
