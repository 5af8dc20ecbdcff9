"""Money for orders that the journal has lost: behind every salvage the server is asked which invoices there were.

Rule: it is asked until it has answered once, and that is written down. It is asked for the newest invoices and not for
those since a date: the till's clock or the server's may have been wrong by years when the lost ones were made. Those
the journal does not know are watched from then on as duplicates are: never shown, and each payment for them is reported
to staff. One that was paid and handed over before it was lost is reported as well, because nobody can know that any
more.

They are taken up a few at a time, so that a finger is answered meanwhile. Only behind the last of them is it written
that the server was asked: a till that stops in between asks again, and takes up what is left.
"""

import logging
from collections.abc import Callable, Sequence
from functools import partial
from typing import Protocol

from pos.core.order import Attempt
from pos.core.payment_events import Trail
from pos.core.salvage import Salvaged
from pos.errors import BTCPayError, JournalError
from pos.mailbox import Letter, StraysFound

log = logging.getLogger(__name__)

_RETRY_S = 60.0

Stray = tuple[Attempt, Trail]
Seek = Callable[[], Sequence[Stray]]


class Journal(Protocol):
    """Where the salvages stand; every method may raise JournalError."""

    def salvages_to_follow(self) -> tuple[Salvaged, ...]:
        """Give those behind which the server has not been asked yet."""


class Strays:
    """Has the server asked; what it answers comes as a letter, and whoever reads that writes down that it was asked."""

    def __init__(
        self,
        journal: Journal,
        seek: Seek,
        compute: Callable[[Callable[[], Letter]], None],
        steady_s: Callable[[], float],
    ) -> None:
        self._journal = journal
        self._seek = seek
        self._compute = compute
        self._steady_s = steady_s
        self._due_s = 0.0

    def tick(self) -> None:
        """Look whether there is a salvage to follow, about once a minute; what failed is tried again in another."""
        if self._steady_s() < self._due_s:
            return
        try:
            waiting = self._journal.salvages_to_follow()
        except JournalError as exc:
            log.warning("strays: %s", exc)
            return
        if waiting:
            self._due_s = self._steady_s() + _RETRY_S
            asides = tuple(salvaged.aside for salvaged in waiting)
            self._compute(partial(_look, self._seek, asides))

    def read_on(self, rest: StraysFound) -> None:
        """Have the rest of what was found sent as a letter of its own, behind what fingers have done meanwhile."""
        self._due_s = self._steady_s() + _RETRY_S
        self._compute(lambda: rest)


def _look(seek: Seek, asides: tuple[str, ...]) -> Letter:
    try:
        found = tuple(seek())
    except BTCPayError as exc:
        log.warning("strays problem=%s %s", exc.problem, exc.evidence)
        return StraysFound((), ())
    log.info("strays found=%s", len(found))
    return StraysFound(asides, found)
