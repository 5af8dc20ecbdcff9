"""The lock on the way out: who types wrong PINs has to wait, longer each time.

Rule: a try is in the journal before the PIN is compared, so pulling the plug gives no tries back. The wait itself runs
by the steady clock and begins again in full at a start: a Pi's own clock may be wrong, and nobody can hurry this one.
The price is that after a restart the owner may have to wait as well, a quarter of an hour at most.
"""

from collections.abc import Callable
from math import ceil
from typing import Protocol

FREE_TRIES = 5
FIRST_WAIT_S = 60
LONGEST_WAIT_S = 900


class Book(Protocol):
    """Where tries are kept; every method may raise JournalError."""

    def note_pin_try(self, at_ms: int, *, right: bool) -> None:
        """Write that a PIN is being tried (`right` False), or that it was right."""

    def wrong_pins(self) -> int:
        """Count the tries since the last right one."""


class Lock:
    """Counts tries and says how long to wait."""

    def __init__(self, book: Book, steady_s: Callable[[], float]) -> None:
        self._book = book
        self._steady_s = steady_s
        self._wrong = 0
        self._until_s = 0.0
        self.tried = 0

    def begin(self) -> None:
        """Take up the count where it was left; a wait that may have been running begins again."""
        self._wrong = self._book.wrong_pins()
        self._wait_from_now()

    def try_one(self, at_ms: int) -> int:
        """Write a try down as a wrong one, before anything is compared; gives its number since the start, `tried`."""
        self._book.note_pin_try(at_ms, right=False)
        self.tried += 1
        self._wrong = self._book.wrong_pins()
        self._wait_from_now()
        return self.tried

    def opened(self, at_ms: int) -> None:
        """Write down that the PIN was right, and forgive what was typed before."""
        self._book.note_pin_try(at_ms, right=True)
        self._wrong = 0
        self._until_s = 0.0

    @property
    def tries_left(self) -> int:
        """How many tries there are before the next wait."""
        return max(0, FREE_TRIES - self._wrong)

    @property
    def wait_s(self) -> int:
        """Whole seconds until the next try; 0 when one may be made."""
        return max(0, ceil(self._until_s - self._steady_s()))

    def _wait_from_now(self) -> None:
        if self._wrong >= FREE_TRIES:
            wait_s = min(LONGEST_WAIT_S, FIRST_WAIT_S * 2 ** min(self._wrong - FREE_TRIES, 10))
            self._until_s = self._steady_s() + wait_s
