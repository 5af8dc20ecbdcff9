"""What `run_kiosk.py` ends with, whatever was asked of it.

Rule: a number means the same in every command, and `--help` lists them all.
"""

from enum import IntEnum
from typing import Final


class Exit(IntEnum):
    """The exit codes; CONFIG is also argparse's for a command line it cannot read, STOPPED a shell's for Ctrl-C."""

    DONE = 0
    FAILED = 1
    CONFIG = 2
    JOURNAL = 3
    SCREEN = 4
    STOPPED = 130


MEANINGS: Final = {
    Exit.DONE: "it is done; of the till: it was left by PIN or told to stop",
    Exit.FAILED: "what was asked for was not reached; of the till: a fault of its own",
    Exit.CONFIG: "the command line, kiosk.yaml or the key has a mistake",
    Exit.JOURNAL: "the journal cannot be read or written, or another till has it",
    Exit.SCREEN: "there is no display",
    Exit.STOPPED: "stopped by Ctrl-C, or by whoever was reading",
}
"""As `run_kiosk.py --help` says it."""
