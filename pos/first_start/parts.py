"""Builds the first start: its desk, its workers and the mailbox between them.

Rule: no Tk; the window is whoever's who opens it. The workers are the till's own, with nothing to watch.
"""

from collections.abc import Callable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from functools import partial
from random import Random

from pos import qr
from pos.core.duties import Duty
from pos.core.problem import Problem
from pos.errors import Unreachable
from pos.first_start.desk import Desk, Outside
from pos.first_start.first_file import Place
from pos.first_start.pages import FirstStart
from pos.mailbox import Answer, Drawn, Letter, Mailbox
from pos.memory import keep_private
from pos.pace import Pace
from pos.runtime import Crew
from pos.words import Words

__all__ = ["Outside", "Parts", "Place", "build"]


@dataclass(frozen=True, slots=True)
class Parts:
    """A first start that is built and has not begun."""

    desk: Desk
    crew: Crew
    mailbox: Mailbox
    draw_qr: Callable[[str, int], None]


class _Nobody:
    """The clerk of a till that has no server yet."""

    def perform(self, duty: Duty, *, sweep: bool = False, last: bool = False) -> Answer:
        """Say that there is nothing to do it with."""
        raise Unreachable(Problem.UNREACHABLE, "no server yet", maybe_heard=False)

    def healthy(self) -> bool:
        """Say that nothing is known to be wrong."""
        return True

    def version(self) -> str:
        """Tell none."""
        return ""

    def close(self) -> None:
        """Let go of nothing."""


def build(place: Place, words: Mapping[str, Words], outside: Outside, cleanup: ExitStack) -> Parts:
    """Build every part; what must be closed again is left with `cleanup`."""
    keep_private()
    mailbox = Mailbox()
    cleanup.callback(mailbox.close)
    crew = Crew(_Nobody, mailbox, Pace(), Random())  # noqa: S311 spreads retries
    cleanup.callback(crew.stop)
    start = FirstStart(can_practise=not place.path.exists())
    desk = Desk(start, place, words, outside, crew.compute)

    def draw_qr(text: str, side_px: int) -> None:
        crew.compute(partial(_draw, text, side_px))

    return Parts(desk, crew, mailbox, draw_qr)


def _draw(text: str, side_px: int) -> Letter:
    return Drawn(text, side_px, qr.page(text, side_px))
