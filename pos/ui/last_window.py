"""The window that tells what stopped the till, until somebody taps or its time is over.

Rule: an error in here is nobody's to catch: the process ends with it, and whoever started the till starts it again.
"""

import time
from collections.abc import Callable
from typing import Final

from pos.core.touches import Touch
from pos.ui.fault import SCREENS
from pos.ui.screen import Makers
from pos.ui.view_fault import FaultView
from pos.ui.window import Window

_LOCK_MS: Final = 1000
_TICK_MS: Final = 1000

Opener = Callable[[Makers, Callable[[Touch], None]], Window]
"""Opens a window with these screens, which reports touches there."""


class LastWindow:
    """Counts down, where there is something to count."""

    def __init__(self, open_window: Opener, view: Callable[[int | None], FaultView], wait_s: int | None) -> None:
        self.window: Final = open_window(SCREENS, lambda _: self._end())
        self._view = view
        self._wait_s = wait_s
        self._begun_s: Final = time.monotonic()
        self._again = False
        self._tick()
        if self.window.surface is not None:
            # Whoever was tapping the menu has not read this yet.
            self.window.surface.finger.lock(_LOCK_MS)
        self.window.every(_TICK_MS, self._tick)

    def run(self) -> bool:
        """Wait; True when the till is to start again, False when the window was closed instead."""
        self.window.run()
        return self._again

    def _tick(self) -> None:
        left_s = None if self._wait_s is None else self._wait_s - int(time.monotonic() - self._begun_s)
        self.window.show(self._view(left_s))
        if left_s is not None and left_s <= 0:
            self._end()

    def _end(self) -> None:
        self._again = True
        self.window.close()
