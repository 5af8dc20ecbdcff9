"""Where the first start's touches, its workers and its screen meet.

Rule: on Tk's thread; the network is asked by a worker. Whoever enters a key has it hidden from every report first.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Protocol

from pos.core import touches as t
from pos.first_start import asking, first_file, state
from pos.first_start.first_file import Place
from pos.first_start.pages import Connect, FirstStart, LookAt, Outcome, Practise, Reach, Saved, Wish
from pos.first_start.views import build
from pos.mailbox import Drawn, Letter, Told
from pos.ui.view_first import FirstView
from pos.words import Words

if TYPE_CHECKING:
    from pos.qr import Modules


class Screen(Protocol):
    """What people look at."""

    def show(self, view: FirstView) -> None:
        """Show a page."""

    def qr_ready(self, text: str, side_px: int, modules: "Modules") -> None:
        """Take a QR that was asked for."""


Compute = Callable[[Callable[[], Letter]], None]
"""Lets a worker do something and post the letter that it makes."""


@dataclass(frozen=True, slots=True)
class Outside:
    """What is outside of the desk: the memory of what is secret, what comes after it, the clock in unix seconds."""

    hide: Callable[[str], None]
    done: Callable[[], None]
    now_s: Callable[[], int]


class Desk:
    """Holds the first start's state and moves it."""

    def __init__(
        self, start: FirstStart, place: Place, words: Mapping[str, Words], outside: Outside, compute: Compute
    ) -> None:
        self._start = start
        self._place = place
        self._words = words
        self._outside = outside
        self._compute = compute
        self._screen: Screen | None = None

    def begin(self, screen: Screen) -> None:
        """Show the first page."""
        self._screen = screen
        self._show()

    def touch(self, touched: t.Touch) -> None:
        """Answer a finger, a keyboard or a scanner."""
        self._start, wish = state.touch(self._start, touched)
        self._fulfil(wish)
        self._show()

    def read(self, letters: list[Letter]) -> None:
        """Take what the workers brought."""
        for letter in letters:
            if isinstance(letter, Told) and isinstance(letter.answer, Outcome):
                self._answered(letter.asked, letter.answer)
            elif isinstance(letter, Drawn) and self._screen is not None:
                self._screen.qr_ready(letter.text, letter.side_px, letter.modules)
        self._show()

    def _answered(self, asked: int, answer: Outcome) -> None:
        self._start, wish = state.answer(self._start, asked, answer)
        self._fulfil(wish)

    def _fulfil(self, wish: Wish | None) -> None:
        match wish:
            case Reach(asked, address, key):
                self._outside.hide(key.reveal())
                self._ask(asked, partial(asking.reach, address, key, self._outside.now_s))
            case LookAt(asked, address, key, store_id):
                self._ask(asked, partial(asking.look, address, key, store_id))
            case Practise(asked):
                self._finish(asked, first_file.practise(wish, self._place, self._words))
            case Connect(asked):
                self._finish(asked, first_file.connect(wish, self._place, self._words))

    def _ask(self, asked: int, ask: Callable[[], Outcome]) -> None:
        self._compute(lambda: Told(asked, ask()))

    def _finish(self, asked: int, answer: Outcome) -> None:
        self._answered(asked, answer)
        if isinstance(answer, Saved):
            self._outside.done()

    def _show(self) -> None:
        if self._screen is not None:
            self._screen.show(build(self._start, self._words))
