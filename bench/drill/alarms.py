"""Things that happen later, whatever people are waiting for then: a disk gets room again, the till is killed.

Rule: nothing here has a thread; whoever waits asks how long they may, and lets what is due happen.
"""

import heapq
import time
from collections.abc import Callable
from itertools import count


class Alarms:
    """What is still to come, by the steady clock."""

    def __init__(self) -> None:
        self._waiting: list[tuple[float, int, Callable[[], None]]] = []
        self._numbers = count()

    def later(self, seconds: float, act: Callable[[], None]) -> None:
        """Let something happen after so long."""
        heapq.heappush(self._waiting, (time.monotonic() + seconds, next(self._numbers), act))

    def ring(self) -> None:
        """Let everything happen that is due."""
        while self._waiting and self._waiting[0][0] <= time.monotonic():
            heapq.heappop(self._waiting)[2]()

    def before(self, end_s: float) -> float:
        """Say how long one may wait until `end_s`, and no longer than to the next alarm."""
        next_s = self._waiting[0][0] if self._waiting else end_s
        return max(0.0, min(end_s, next_s) - time.monotonic())
