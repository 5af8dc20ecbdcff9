"""What the till keeps about itself beside the sales: how it serves, how its disk is, who tried to get out.

Rule: counting and looking never stop a sale. What cannot be written of them stays counted and is tried again a minute
later, and the status bar says so; a power cut costs the last minute of the service level and nothing else. What must be
believed stops the sale where it cannot be read or written, as an order does: the tries of a PIN, a report that was
read, a search that is done. So does a journal that only a start can mend.
"""

import logging
import shutil
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Protocol

from pos.core.salvage import StraysSought
from pos.core.storage import Storage
from pos.errors import JournalDamaged, JournalError
from pos.house import Clocks
from pos.journal import backup, inspection
from pos.lock import Book, Lock
from pos.mailbox import StraysFound
from pos.service import Counts, Meter, Served, added, day_of, level

log = logging.getLogger(__name__)

EVERY_S = 60.0
WEEK_DAYS = 7


class Journal(Book, Protocol):
    """Where it is kept; every method may raise JournalError."""

    def add_service(self, day: str, counts: Counts) -> None:
        """Add to what was measured on a day."""

    def service(self, since_day: str) -> Mapping[str, Counts]:
        """Give what was measured on that day and later."""

    def note_salvage_seen(self, aside: str, at_ms: int) -> None:
        """Write that somebody has read the report of what was put aside."""

    def note_strays_sought(self, sought: StraysSought, at_ms: int) -> None:
        """Write that the server was asked for what was lost."""


def look_at_disk(journal: Path, clocks: Clocks) -> Storage:
    """Find out how the disk is on which the journal lies, and its copies; what cannot be told is None."""
    try:
        return Storage(
            free_bytes=shutil.disk_usage(journal.parent).free,
            journal_bytes=sum(kin.stat().st_size for kin in journal.parent.glob(f"{journal.name}*")),
            backup_s=backup.made_s(journal, clocks.now_ms() // 1000),
            backs_up=True,
            damaged=inspection.suspicion(journal).exists(),
        )
    except OSError as exc:
        log.warning("the disk cannot be looked at: %s", exc)
        return Storage(backs_up=True)


def day_now(clocks: Clocks, *, days_ago: int = 0) -> str:
    """Name today at the till, or a day before it, like 2026-11-22."""
    return day_of(clocks.now_ms() // 1000, clocks.utc_offset_s(), days_ago=days_ago)


class Upkeep:
    """Once a minute it writes down what was counted, has the disk looked at and a backup made where one is due."""

    def __init__(
        self,
        journal: Journal,
        look: Callable[[], Storage],
        back_up: Callable[[], None],
        clocks: Clocks,
        read_on: Callable[[StraysFound], None] = lambda _: None,
    ) -> None:
        self._journal = journal
        self._look = look
        self._back_up = back_up
        self._clocks = clocks
        self._read_on = read_on
        self._due_s = clocks.steady_s() + EVERY_S
        self._written: Mapping[str, Counts] = {}
        self._writable = True
        self._backup_failed = False
        self.storage = Storage()
        self.meter = Meter()
        self.lock = Lock(journal, clocks.steady_s)

    def begin(self) -> None:
        """Take up what earlier runs left; JournalError if it cannot be read."""
        self.lock.begin()
        self.look()

    def tick(self) -> None:
        """Let a second pass."""
        if self._clocks.steady_s() >= self._due_s:
            self._due_s = self._clocks.steady_s() + EVERY_S
            self.look()
            self._back_up()

    def look(self) -> None:
        """Write down and look now, whenever the next minute is over."""
        try:
            if self.meter.counts:
                self._journal.add_service(day_now(self._clocks), self.meter.counts)
                self.meter.written()
            days = self._journal.service(day_now(self._clocks, days_ago=WEEK_DAYS - 1))
            # A clock that leapt ahead once has left days to come.
            self._written = {day: counts for day, counts in days.items() if day <= day_now(self._clocks)}
            self._writable = True
        except JournalError as exc:
            log.warning("service level is not written: %s", exc)
            self._writable = False
        self.storage = replace(self._look(), writable=self._writable, backup_failed=self._backup_failed)

    def served(self) -> Served:
        """Tell how the till has served, with what is not written down yet."""
        days, fresh = self._written, self.meter.counts
        return Served(level(added(days.get(day_now(self._clocks), {}), fresh)), level(added(*days.values(), fresh)))

    def backed_up(self, *, failed: bool) -> None:
        """Note what became of a backup."""
        self._backup_failed = failed
        self.look()

    def demand_a_start(self) -> None:
        """Raise JournalDamaged if what stops the sale is not the disk but what stands in the journal."""
        self.look()
        if self.storage.damaged:
            raise JournalDamaged("the journal has to be mended, and that is done at a start")

    def strays_sought(self, letter: StraysFound) -> None:
        """Write down that the server was asked for what a damaged journal had lost, once all of it is watched."""
        if letter.rest is not None:
            self._read_on(letter.rest)
            return
        last_number = max((attempt.order.number for attempt, _ in letter.found), default=0)
        for aside in letter.asides:
            self._journal.note_strays_sought(StraysSought(aside, last_number), self._clocks.now_ms())

    def salvage_seen(self, aside: str) -> None:
        """Write down that the report of a damaged journal was read."""
        self._journal.note_salvage_seen(aside, self._clocks.now_ms())

    def close(self) -> None:
        """Write the last minute down."""
        self.look()
