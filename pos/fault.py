"""What keeps the till from going on, judged from the error, and how long it waits before it starts again by itself.

Rule: values only. Whatever is open when the till stops is in the journal, so that starting again takes every payment's
watching up; that is why it never waits for ever, even where it fails again and again.
"""

import os
from dataclasses import dataclass
from typing import Final

from pos.errors import Complaint, ConfigError, JournalError, JournalInUse, JournalNewer
from pos.exit_code import Exit

SOON_S: Final = 60
"""A till that has run for less than this, and was started by the one before that failed, is in a loop."""

_WAIT_S: Final = 30
_WAIT_IN_LOOP_S: Final = 600


@dataclass(frozen=True, slots=True)
class Mistakes:
    """The owner has something to mend in a file; it waits for the owner."""

    complaints: tuple[Complaint, ...]

    @property
    def exit_code(self) -> int:
        """What the process ends with where there is no screen."""
        return Exit.CONFIG

    @property
    def wait_s(self) -> int | None:
        """How long the screen stays before the till starts again by itself; None for until somebody taps."""
        return None


@dataclass(frozen=True, slots=True)
class NoJournal:
    """Nothing can be recorded: the disk, another till that has the journal, or a folder that is somebody else's."""

    path: str
    in_use: bool
    denied: str = ""
    """The folder in which the till's user may not write, '' if that is not the cause."""
    newer: bool = False
    """Whether a newer till wrote it."""

    @property
    def sentence(self) -> str:
        """The key of the sentence that says so; {folder} is the one that is denied."""
        if self.newer:
            return "start.newer"
        return "start.in_use" if self.in_use else "start.denied" if self.denied else "start.journal"

    @property
    def exit_code(self) -> int:
        """What the process ends with where there is no screen."""
        return Exit.JOURNAL

    @property
    def wait_s(self) -> int | None:
        """How long the screen stays before the till starts again by itself."""
        return _WAIT_S


@dataclass(frozen=True, slots=True)
class Crash:
    """A fault of the till's own; `report` is where it is written down, '' if the disk took none."""

    report: str
    in_loop: bool

    @property
    def exit_code(self) -> int:
        """What the process ends with where there is no screen."""
        return Exit.FAILED

    @property
    def wait_s(self) -> int | None:
        """How long the screen stays before the till starts again by itself."""
        return _WAIT_IN_LOOP_S if self.in_loop else _WAIT_S


Fault = Mistakes | NoJournal | Crash


def expected(error: Exception, journal: str) -> Mistakes | NoJournal | None:
    """Tell what an error says that the till was started with; None if it is a fault of the till's own."""
    if isinstance(error, ConfigError):
        return Mistakes(error.complaints)
    if isinstance(error, JournalError):
        newer = isinstance(error, JournalNewer)
        return NoJournal(journal, isinstance(error, JournalInUse), _denied(error.__cause__), newer)
    return None


def _denied(cause: BaseException | None) -> str:
    """Name the folder whose rights keep the till out; '' if something else does."""
    return os.path.dirname(cause.filename or "") if isinstance(cause, PermissionError) else ""
