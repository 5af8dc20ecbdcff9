"""An evening of the drill (`bench.drill`) in which the till dies at one planned point.

Rule: the till, the witness and the ledgers are the drill's own; here it is only said where the power fails.
"""

from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any

from bench.drill import ledgers
from bench.drill.evening import Evening
from bench.drill.hands import Hand
from bench.drill.lives import KILLED
from bench.drill.place import Place
from bench.drill.tills import Cradle

THREE_DAYS_S = 3 * 86_400
"""Longer than any invoice here can be paid."""


@dataclass(frozen=True, slots=True)
class Doom:
    """Where the power fails: in which life of the till, counted from 1, and at which point of it."""

    life: int
    point: str


class World(Evening):
    """The evening; `hasty` customers pay what is on the screen at the moment the power fails."""

    def __init__(self, folder: Path, cradle: Cradle, doom: Doom | None = None, *, hasty: bool = False) -> None:
        super().__init__(Place(folder, small=False), cradle, Random(21))
        self.doom = doom
        self.points: list[Doom] = []
        self.cuts = 0
        self._hasty = hasty
        self._life = 1
        self.till.heard = self._note_point
        self.till.died = self._note_death
        self._foretell()

    def close_the_night(self, by: Hand) -> None:
        """Cut the power once more, clear every screen, let the time of all invoices pass, and add up."""
        self.cut()
        self.see(lambda sight: sight.kind == "MenuView" and not sight.buttons, by)
        self.shop.advance(THREE_DAYS_S)
        self.see(lambda sight: sight.kind == "MenuView" and not sight.open, by)
        self.cut()
        wrong = ledgers.compare(self.shop, self.till.books, self.witness).wrong
        assert not wrong, wrong
        assert "Traceback" not in self.till.log, "the till logged a fault of its own"

    def _foretell(self) -> None:
        """Tell the next till when it dies."""
        self.till.spec["doom"] = self.doom.point if self.doom and self.doom.life == self._life else ""

    def _note_point(self, told: dict[str, Any]) -> None:
        if "point" in told:
            self.points.append(Doom(self._life, told["point"]))
        if "dying" in told and self.doom == Doom(self._life, told["dying"]):
            self.doom = None

    def _note_death(self, ended: int) -> None:
        self._life += 1
        self._foretell()
        assert ended == KILLED, f"the till ended by itself: {ended}"
        self.cuts += 1
        if self._hasty and self.till.sight.qr:
            self.pay(self.till.sight.qr)
