"""How what workers saw reaches Tk's thread: frozen letters in a queue, and a descriptor that wakes its reader.

Rule: a letter holds values and nothing else. A pipe is used instead of a timer because it wakes Tk within a tenth of a
millisecond and costs nothing while nothing happens; `event_generate` from another thread is not reliable.
"""

import contextlib
import os
from dataclasses import dataclass, replace
from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING, Protocol

from pos.core.order import Attempt
from pos.core.payment_events import Event, Trail
from pos.core.problem import Problem

if TYPE_CHECKING:
    # The encoder is slow to import and is first needed by a worker, long after the first frame.
    from pos.qr import Modules

_PIPE_BYTES = 65_536
"""All that a pipe holds, so that one look takes every wake-up; for the letters it leaves there is another."""

_STRAYS = 10
"""Each takes a flush of the card, which is about as long as a frame."""


class Answer(Protocol):
    """What a visit to the server showed."""

    @property
    def events(self) -> tuple[Event, ...]:
        """What happened, in our words."""

    @property
    def twins(self) -> tuple[tuple[Attempt, Trail], ...]:
        """Duplicates that the server holds of the attempt."""

    @property
    def server_now_s(self) -> int:
        """The server's clock in unix seconds."""


@dataclass(frozen=True, slots=True)
class Seen:
    """A visit to the server succeeded; `begun_s` is when it began, by the steady clock."""

    payment_id: str
    answer: Answer
    begun_s: float


@dataclass(frozen=True, slots=True)
class Failed:
    """A visit to the server failed; `answer_lost` when it may have made an invoice all the same."""

    payment_id: str
    problem: Problem
    answer_lost: bool


@dataclass(frozen=True, slots=True)
class Health:
    """The server is up (None), or what stands between; `version` is '' where it was not told."""

    problem: Problem | None
    synchronized: bool = False
    version: str = ""


@dataclass(frozen=True, slots=True)
class Drawn:
    """The QR of a BOLT11 is ready, for a square of so many pixels."""

    text: str
    side_px: int
    modules: "Modules"


@dataclass(frozen=True, slots=True)
class PinChecked:
    """A PIN was compared with the owner's; `tried` is the number of the try, and only the newest one counts."""

    tried: int
    right: bool


@dataclass(frozen=True, slots=True)
class BackedUp:
    """The day's copy of the journal was made or not; what there is to tell of it is looked up on the disk."""

    day: str
    failed: bool


@dataclass(frozen=True, slots=True)
class Told:
    """What a question of the first start brought; `asked` is the question's number."""

    asked: int
    answer: object


@dataclass(frozen=True, slots=True)
class StraysFound:
    """The newest invoices this till made; `asides` name the salvages that are done with then, none if it failed.

    Those before `begun` are watched already: thousands at once would keep a finger waiting.
    """

    asides: tuple[str, ...]
    found: tuple[tuple[Attempt, Trail], ...]
    begun: int = 0

    @property
    def some(self) -> tuple[tuple[Attempt, Trail], ...]:
        """Those whose turn it is."""
        return self.found[self.begun : self.begun + _STRAYS]

    @property
    def rest(self) -> "StraysFound | None":
        """The letter about those behind; None if these are the last."""
        behind = self.begun + _STRAYS
        return replace(self, begun=behind) if behind < len(self.found) else None


Letter = Seen | Failed | Health | Drawn | PinChecked | BackedUp | StraysFound | Told


class Mailbox:
    """Letters for Tk's thread, with a file descriptor that is readable while there are any."""

    def __init__(self) -> None:
        self._letters: SimpleQueue[Letter] = SimpleQueue()
        self._read_fd, self._write_fd = os.pipe()
        os.set_blocking(self._read_fd, False)
        os.set_blocking(self._write_fd, False)

    def fileno(self) -> int:
        """Give the descriptor to wait on."""
        return self._read_fd

    def post(self, letter: Letter) -> None:
        """Leave a letter, from any thread."""
        self._letters.put(letter)
        self._wake()

    def collect(self, most: int = 10) -> list[Letter]:
        """Take a few letters, so that a flood of them cannot freeze the screen."""
        letters: list[Letter] = []
        try:
            os.read(self._read_fd, _PIPE_BYTES)
        except BlockingIOError:
            return letters
        while len(letters) < most:
            try:
                letters.append(self._letters.get_nowait())
            except Empty:
                return letters
        self._wake()
        return letters

    def _wake(self) -> None:
        # A full pipe wakes the reader as well as one more byte would.
        with contextlib.suppress(BlockingIOError):
            os.write(self._write_fd, b"!")

    def close(self) -> None:
        """Give the descriptors back."""
        os.close(self._read_fd)
        os.close(self._write_fd)
