"""The lives of a till on one journal: switched on, killed at any moment, read while it is dead, switched on again.

Rule: what a till tells is passed on as it comes, and every death is followed by a look at the journal as it lies there.
"""

import sqlite3
import time
from collections import Counter as Tally
from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import Any

from bench.drill import damage
from bench.drill.alarms import Alarms
from bench.drill.books import Books
from bench.drill.damage import Harm
from bench.drill.disk import Disk
from bench.drill.headless import JOURNAL_EXIT
from bench.drill.place import Place
from bench.drill.secrecy import in_command_line
from bench.drill.sight import Sight
from bench.drill.tills import TIMEOUT_S, Cradle, PowerLost, TillProcess
from bench.drill.witness import Witness

KILLED = -9


class Lives:
    """One till after another; `spec` is what they are told besides (`headless.live`).

    `heard` is called with everything a till tells, and `died` with how each life ended, before its journal is read.
    `damaged` once the journal has come to harm: then things may be missing that were there. `torn` while the last
    write before a power cut may be there by half. `tally` counts what happened between the lives.
    """

    def __init__(self, place: Place, cradle: Cradle, witness: Witness, spec: dict[str, Any]) -> None:
        self.place = place
        self.witness = witness
        self.spec = spec
        self.disk = Disk(place.folder / "notes")
        self.alarms = Alarms()
        self.books = Books.read(place.journal)
        self.sight = Sight("")
        self.count = 0
        self.screens = 0
        self.damaged = self.torn = False
        self.tally: Tally[str] = Tally()
        self.heard: Callable[[dict[str, Any]], None] = lambda _: None
        self.died: Callable[[int], None] = lambda _: None
        self._cradle = cradle
        self._harm = Random(f"harm {place.folder.name}")
        self._power = Random(f"power {place.folder.name}")
        self._salvages: set[str] = set()
        self._just_salvaged = False
        self._restored = False
        self._unseen = False
        self._till: TillProcess | None = None

    @property
    def log(self) -> str:
        """What the tills of this journal logged."""
        return _text(self.place.folder / "till.log")

    @property
    def said(self) -> str:
        """What the owner's commands said."""
        return _text(self.place.folder / "said.txt")

    def begin(self) -> None:
        """Switch the till on, again if it dies at once, and compare its first screen with its journal."""
        end_s, unseen = time.monotonic() + TIMEOUT_S, self._unseen
        while not self._begin():
            assert time.monotonic() < end_s, "the till does not start any more"
        if unseen or self.damaged or self._just_salvaged:
            return
        expected, sight = self.books.first_qr(), self.sight
        at_counter = sight.kind not in ("MenuView", "NoticesView")
        assert sight.stopped or (at_counter, sight.qr) == (expected is not None, expected or ""), (
            f"the till came back to {sight}, and not to {expected!r}"
        )

    def cut(self) -> None:
        """Let the power fail now."""
        if self.strike():
            self._see_it_die()

    def strike(self) -> bool:
        """Kill the till without waiting for its end; False if it is dead already."""
        if self._till is None:
            return False
        self._till.kill()
        return True

    def switch_off(self) -> None:
        """Let the till end as it does when somebody closes it."""
        if self._till is not None:
            self._till.leave()
            self._see_it_die()

    def harm(self, how: Harm = Harm.SPOILED) -> None:
        """Let the till die and its journal come to harm."""
        self.cut()
        self.place.mend()
        damage.harm(self.place.journal, self._harm, how)
        self.disk.trust()
        self.witness.note_damage()
        self.damaged = self._unseen = True

    def lose_power(self) -> None:
        """Make of the dead till's disk what it is after a power cut."""
        self.place.mend()
        lost = self.disk.lose_power(self._power)
        self.torn = bool(lost)
        self.tally.update({"power cuts": 1, "power cuts that lost writes": bool(lost), "writes lost": lost})

    def restore(self, day: str, doom: str = "") -> int:
        """Put the backup of a day back while the till is dead, or die at a point of that; give how it ended."""
        command = ["restore", day, "--config", self.spec["config"]]
        spec = {"command": command, "said": str(self.place.folder / "said.txt"), "doom": doom}
        ended = self._cradle.run({"notes": self.spec.get("notes", ""), **spec})
        self._restored = self.damaged
        # One that was cut short may have left its new journal beside the old one, for whoever comes next to finish.
        self._unseen = ended != 0
        self._look_at_journal(mended=True)
        return ended

    def say(self, *words: object) -> None:
        """Say something to the till that is not a touch; one that is dead does not hear it."""
        if self._till is not None:
            try:
                self._till.say(*words)
            except PowerLost:
                return

    def touch(self, name: object, *values: object) -> None:
        """Touch the screen, and wait until the till has dealt with it; PowerLost if it dies meanwhile."""
        before = self.sight
        if self._till is not None:
            self._till.say(name, *values)
        end_s = time.monotonic() + TIMEOUT_S
        while not self.listen(end_s):
            pass
        # What else is open may have changed behind PAID.
        gone = (self.sight.kind, self.sight.order) != (before.kind, before.order) and not self.sight.stopped
        if name == "Done" and before.kind == "PaidView" and gone:
            self.witness.note_hand_over(before.order)

    def listen(self, end_s: float, *, patient: bool = False) -> bool:
        """Take in the next thing that the till tells, until `end_s`; True if it has dealt with a touch.

        PowerLost if it is dead; AssertionError if it is silent, unless that is all one can expect.
        """
        self.alarms.ring()
        if self._till is None:
            raise PowerLost
        told = self._till.news(self.alarms.before(end_s))
        if told is None:
            assert patient or time.monotonic() < end_s, f"the till is silent; the screen is {self.sight}"
            return False
        self._take(told)
        return "touched" in told

    def alive(self, act: Callable[[], object]) -> None:
        """Do something with the till, and switch it on again if that was its death."""
        try:
            if self._till is None:
                self.begin()
            act()
        except PowerLost:
            self._bury()
            self.begin()

    def end(self) -> None:
        """Let nothing of it be left."""
        if self._till is not None:
            self._till.kill()
            self._till.bury()
            self._till = None

    def _begin(self) -> bool:
        """Start the till; False if it ended before it showed anything."""
        self.count += 1
        self._just_salvaged = False
        self.sight = Sight("")
        self._till = self._cradle.start({"log": str(self.place.folder / "till.log"), "doom": "", **self.spec})
        assert not in_command_line(self.spec["key"], self._till.pid), "the key is in the list of processes"
        end_s = time.monotonic() + TIMEOUT_S
        try:
            while not self.sight.kind:
                self.listen(end_s)
        except PowerLost:
            self._bury()
            return False
        return True

    def _take(self, told: dict[str, Any]) -> None:
        assert "leak" not in told, told["leak"]
        if "rows" in told:
            self.witness.note_rows([(payment_id, kind) for payment_id, kind in told["rows"]])
        elif "sight" in told:
            self.screens += 1
            self._unseen = self.torn = self._restored = False
            self.sight = Sight.of(told["sight"])
            self.witness.see(self.sight)
        elif new := set(told.get("salvages", ())) - self._salvages:
            self._salvages |= new
            self._just_salvaged = not self._restored
            told = {"salvaged" if self._just_salvaged else "restored": sorted(new)}
        self.heard(told)

    def _see_it_die(self) -> None:
        try:
            while True:
                self.listen(time.monotonic() + TIMEOUT_S)
        except PowerLost:
            self._bury()

    def _bury(self) -> None:
        """Wait for the end of a till that is dead, and read its journal."""
        if self._till is None:
            return
        till, self._till = self._till, None
        ended = till.bury()
        self.died(ended)
        self.sight = Sight("")
        assert ended in (KILLED, 0, JOURNAL_EXIT), f"the till ended by itself: {ended}"
        self._look_at_journal()

    def _look_at_journal(self, *, mended: bool = False) -> None:
        """Read the journal as it lies there; one that came to harm says nothing before it was looked at and mended."""
        if self._unseen:
            return
        try:
            self.books = Books.read(self.place.journal)
        except (sqlite3.DatabaseError, ValueError) as exc:
            if mended or not self.damaged:
                raise AssertionError(f"the journal cannot be read: {exc}") from exc
            return
        wrong = self.witness.wrong_at_death(self.books)
        assert not wrong, wrong


def _text(path: Path) -> str:
    return path.read_text() if path.exists() else ""
