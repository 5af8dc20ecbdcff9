"""One evening at the counter: a server, a till that may die and is started again, a bartender, customers with phones.

Rule: the world goes on when the till is dead. Everybody acts on what is on the screen, never on what the till holds
inside, and whatever a person saw is compared with the server's invoices at that moment.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from random import Random
from types import TracebackType
from typing import Self

from pos.demo.gate import Gate
from pos.demo.server import DemoServer
from pos.demo.shop import Shop

from .books import Books
from .headless_till import KEY_VARIABLE
from .till_process import TIMEOUT_S, Cradle, PowerLost, Sight, TillProcess
from .witness import Witness

Touch = tuple[object, ...]
Hand = Callable[[Sight], Touch | None]
KILLED = -9
THREE_DAYS_S = 3 * 86_400
"""Longer than any invoice here can be paid."""

KIOSK = """\
till: K1
shop: POWER CUT BAR
language: en
currency: JPY
sound: false
server:
  url: {url}
  store_id: {store_id}
  key_environment: {variable}
lightning:
  network: regtest
  node_id: {node_id}
journal: journal.db
menu:
  categories:
    - {{id: beer, color: amber, name: {{ja: ビール, en: Beer}}}}
  items:
    - {{id: heartland, category: beer, price: 1400, name: {{ja: ハートランド, en: Heartland}}}}
"""


@dataclass(frozen=True, slots=True)
class Doom:
    """Where the power fails: in which life of the till, counted from 1, and at which point of it."""

    life: int
    point: str


def idle(sight: Sight) -> Touch | None:
    """Keep the hands off the screen."""
    return None


class World:
    """The evening; `hasty` customers pay what is on the screen at the moment the power fails."""

    def __init__(self, folder: Path, cradle: Cradle, doom: Doom | None = None, *, hasty: bool = False) -> None:
        self.server = DemoServer(Shop(rng=Random(21)))
        self.shop: Shop = self.server.shop
        self.witness = Witness(self.shop)
        self.doom = doom
        self.points: list[Doom] = []
        self.cuts = 0
        self._hasty = hasty
        self._cradle = cradle
        self._folder = folder
        self._books = Books.read(self._journal)
        self._phones: set[str] = set()
        self._life = 0
        self._till: TillProcess | None = None
        self._sight: Sight | None = None

    def __enter__(self) -> Self:
        self.server.start()
        server = self.server
        self._folder.mkdir()
        (self._folder / "kiosk.yaml").write_text(
            KIOSK.format(url=server.url, store_id=server.store_id, variable=KEY_VARIABLE, node_id=server.node_id)
        )
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._till is not None:
            self._till.kill()
            self._till.bury()
        self.server.stop()

    @property
    def log(self) -> str:
        """What the tills of this evening logged."""
        path = self._folder / "till.log"
        return path.read_text() if path.exists() else ""

    def start(self) -> None:
        """Switch the till on, again if it dies at once, and compare its first screen with its journal."""
        self._life += 1
        self._sight = None
        doomed = self.doom is not None and self.doom.life == self._life
        self._till = self._cradle.start(
            {
                "config": str(self._folder / "kiosk.yaml"),
                "key": self.server.api_key,
                "log": str(self._folder / "till.log"),
                "doom": self.doom.point if self.doom is not None and doomed else "",
            }
        )
        try:
            sight = self._first_sight()
        except PowerLost:
            self._after_death()
            self.start()
            return
        expected = self._books.first_qr()
        at_counter = sight.kind not in ("MenuView", "NoticesView")
        assert (at_counter, sight.qr) == (expected is not None, expected or ""), (
            f"the till came back to {sight}, and not to {expected!r}"
        )

    def cut(self) -> None:
        """Let the power fail now."""
        assert self._till is not None
        self._till.kill()
        try:
            while True:
                self._listen(time.monotonic() + TIMEOUT_S)
        except PowerLost:
            self._after_death()

    def see(self, wanted: Callable[[Sight], bool], by: Hand = idle) -> Sight:
        """Wait for a screen while a hand does what it does on the screens before it; the till may die meanwhile."""
        end_s = time.monotonic() + TIMEOUT_S
        while True:
            assert self._sight is not None
            if wanted(self._sight):
                return self._sight
            assert time.monotonic() < end_s, f"it never came; the screen is {self._sight}"
            touch = by(self._sight)
            self._alive(partial(self._touch, *touch) if touch else partial(self._listen, end_s))

    def wait_for(self, gate: Gate) -> None:
        """Wait until a request stands at a gate; the till may die meanwhile."""
        end_s = time.monotonic() + TIMEOUT_S
        while time.monotonic() < end_s:
            self._alive(partial(self._listen, time.monotonic() + 0.01, patient=True))
            try:
                return gate.wait(0.01)
            except TimeoutError:
                continue
        raise AssertionError(f"nothing came to the gate; the screen is {self._sight}")

    def pay(self, bolt11: str, *, percent: int = 100, late: bool = False) -> None:
        """Pay a BOLT11 with a phone, or a part of it; a phone that has paid it already does nothing."""
        if bolt11 in self._phones:
            return
        self._phones.add(bolt11)
        issued = self.shop.node_invoice(bolt11)
        assert issued.amount_msat is not None
        sats = issued.amount_msat * percent // 100 // 1000
        self.shop.pay(bolt11, amount_msat=issued.amount_msat if percent == 100 else sats * 1000, late=late)

    def expire(self, bolt11: str) -> None:
        """Let so much time pass that the invoice of a BOLT11 ends."""
        self.shop.advance(max(0, self.shop.invoice_of(bolt11).expires_s + 1 - self.shop.now_s()))

    def close_the_night(self, by: Hand) -> None:
        """Cut the power once more, clear every screen, let the time of all invoices pass, and add up."""
        self.cut()
        self.start()
        self.see(lambda sight: sight.kind == "MenuView" and not sight.buttons, by)
        self.shop.advance(THREE_DAYS_S)
        self.see(lambda sight: sight.kind == "MenuView" and not sight.open, by)
        self.cut()
        wrong = self.witness.wrong_at_close(self._books)
        assert not wrong, wrong
        assert "Traceback" not in self.log, "the till logged a fault of its own"

    @property
    def _journal(self) -> Path:
        return self._folder / "journal.db"

    def _first_sight(self) -> Sight:
        end_s = time.monotonic() + TIMEOUT_S
        while self._sight is None:
            self._listen(end_s)
        return self._sight

    def _touch(self, name: object, *values: object) -> None:
        assert self._till is not None
        before = self._sight
        self._till.touch(str(name), *values)
        end_s = time.monotonic() + TIMEOUT_S
        while not self._listen(end_s):
            pass
        if name == "Done" and before and before.kind == "PaidView" and self._sight != before:
            self.witness.note_hand_over(before.order)

    def _listen(self, end_s: float, *, patient: bool = False) -> bool:
        """Take in the next thing that the till tells; True if it has dealt with a touch."""
        assert self._till is not None
        told = self._till.news(max(0.0, end_s - time.monotonic()))
        if told is None:
            assert patient, f"the till is silent; the screen is {self._sight}"
            return False
        if "point" in told:
            self.points.append(Doom(self._life, told["point"]))
        elif "rows" in told:
            self.witness.note_rows([(payment_id, kind) for payment_id, kind in told["rows"]])
        elif "sight" in told:
            self._sight = Sight.of(told["sight"])
            self.witness.see(self._sight)
        return "touched" in told

    def _alive(self, act: Callable[[], object]) -> None:
        try:
            act()
        except PowerLost:
            self._after_death()
            self.start()

    def _after_death(self) -> None:
        assert self._till is not None
        ended = self._till.bury()
        self._till = None
        assert ended == KILLED, f"the till ended by itself: {ended}"
        if self.doom is not None and self.points and self.points[-1] == self.doom:
            self.doom = None
        self.cuts += 1
        self._books = Books.read(self._journal)
        wrong = self.witness.wrong_at_death(self._books)
        assert not wrong, wrong
        if self._hasty and self._sight is not None and self._sight.qr:
            self.pay(self._sight.qr)
