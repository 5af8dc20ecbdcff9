"""What people are told of a journal that was damaged: what was saved of it, and that somebody has read so.

Rule: it stands in the new journal itself, so it is told after every start until somebody at the counter has seen it.
"""

from dataclasses import dataclass
from typing import Final

DAMAGED: Final = "damaged"
LOST: Final = "lost"
BEFORE_RESTORE: Final = "before-restore"
"""What the name of a journal that was put aside says of it."""


@dataclass(frozen=True, slots=True)
class Salvaged:
    """The journal was damaged, gone or put back; a new one was made of what could be read.

    `aside` is the name of the file the one before was kept in, beside the journal, if there was any of it. `kept`
    entries are in the new one, `from_backup` of them because a backup still had them, and at least `lost` are in
    neither. Orders that are lost may have had numbers up to `last_number`, so numbering goes on behind it.
    """

    aside: str
    kept: int
    lost: int
    from_backup: int
    last_number: int = 0

    @property
    def gone(self) -> bool:
        """Whether there was no file of it left to be put aside."""
        return f".{LOST}-" in self.aside

    @property
    def put_back(self) -> bool:
        """Whether nothing was damaged: a backup was put in the place of a journal that was whole."""
        return f".{BEFORE_RESTORE}-" in self.aside


@dataclass(frozen=True, slots=True)
class SalvageSeen:
    """Staff tapped that they know of it."""

    aside: str


@dataclass(frozen=True, slots=True)
class StraysSought:
    """The server was asked for the invoices of what was lost; the newest of them was for order `last_number`."""

    aside: str
    last_number: int
