"""What the counter is given: the house it stands in, its clocks, its hands, and the screen people look at.

Rule: values and callables only; who makes them is the composition root's business.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from pos.core.menu import StockChanged
from pos.core.till import Shop
from pos.pace import Pace
from pos.ui.view import View
from pos.words import Words

if TYPE_CHECKING:
    # The encoder is slow to import and is first needed by a worker, long after the first frame.
    from pos.qr import Modules


class Screen(Protocol):
    """What people look at."""

    def show(self, view: View) -> None:
        """Show a view."""

    def qr_ready(self, text: str, side_px: int, modules: "Modules") -> None:
        """Take a QR that was asked for."""

    def when_painted(self, tell: Callable[[], None]) -> None:
        """Call back once everything shown so far is before people's eyes."""

    def close(self) -> None:
        """Take the till off the screen; the program ends."""


@dataclass(frozen=True, slots=True)
class Clocks:
    """`now_ms` is the wall clock, which may jump; `steady_s` only ever goes forward."""

    now_ms: Callable[[], int]
    steady_s: Callable[[], float]
    utc_offset_s: Callable[[], int]


@dataclass(frozen=True, slots=True)
class Timing:
    """The clocks a till goes by and how long its workers wait; a bench lets a day pass in minutes."""

    clocks: Clocks
    pace: Pace


@dataclass(frozen=True, slots=True)
class House:
    """What this till is: its name, its shop, its words and its habits."""

    till: str
    name: str
    shop: Shop
    words: Mapping[str, Words]
    paid_screen_s: int


@dataclass(frozen=True, slots=True)
class Hands:
    """What the counter can set in motion: the workers, a sold-out mark, a random intent, a sound.

    `phone` lets the demo's customer act on an invoice; it is None in a real shop. `check_pin` has the PIN of a
    try of this number compared elsewhere, and the answer comes as a letter.
    """

    hurry: Callable[[], None]
    keep_stock: Callable[[StockChanged, int], None]
    intent: Callable[[], str]
    sound: Callable[[str], None]
    phone: Callable[[str, str], None] | None
    check_pin: Callable[[int, str], None] = lambda _tried, _pin: None
