"""The till at a counter with a real journal, and the people and the server that a story needs.

Rule: people tap labels that stand on the screen; a label that is not there fails the story.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import fields, is_dataclass, replace
from pathlib import Path
from typing import Any, TypeVar, get_args

from pos.core import touches as t
from pos.core.menu import StockChanged
from pos.core.payment_events import Entry, Event, Quote, Trail
from pos.core.storage import Storage
from pos.counter import Counter
from pos.engine import Engine
from pos.errors import JournalError
from pos.house import Clocks, Hands, House
from pos.journal.journal import Journal
from pos.mailbox import PinChecked, Seen, StraysFound
from pos.ui.view import Button, View
from pos.upkeep import Upkeep
from tests.samples import EXPIRY_S, PAYEE, RATE, SHOP, T0_S, WORDS
from tests.world import Crew, Visit

V = TypeVar("V", bound=View)
EN = WORDS["en"]
TOUCHES = get_args(t.Touch)
FULL = JournalError("no room")
BLINK_S = 0.02


class BreakableJournal(Journal):
    """The real journal, with a card that can be full and one that cannot be read."""

    full = False
    unreadable = False

    def append(self, entries: Sequence[Entry], at_ms: int) -> None:
        """Write, if there is room."""
        if self.full:
            raise FULL
        super().append(entries, at_ms)

    def remember_stock(self, change: StockChanged, at_ms: int) -> None:
        """Write, if there is room."""
        if self.full:
            raise FULL
        super().remember_stock(change, at_ms)

    def add_service(self, day: str, counts: Mapping[tuple[str, int], int]) -> None:
        """Write, if there is room."""
        if self.full:
            raise FULL
        super().add_service(day, counts)

    def note_salvage_seen(self, aside: str, at_ms: int) -> None:
        """Write, if there is room."""
        if self.full:
            raise FULL
        super().note_salvage_seen(aside, at_ms)

    def note_pin_try(self, at_ms: int, *, right: bool) -> None:
        """Write, if there is room."""
        if self.full:
            raise FULL
        super().note_pin_try(at_ms, right=right)

    def payments_of(self, order_id: str) -> dict[str, tuple[Event, ...]]:
        """Read, if it can be read."""
        if self.unreadable:
            raise FULL
        return super().payments_of(order_id)


class Bar:
    """A till, the people at it, and a server that says what the story wants."""

    def __init__(self, path: Path, *, paid_screen_s: int = 8, demo: bool = False, way_out: str = "") -> None:
        self.path = path
        self.paid_screen_s = paid_screen_s
        self.demo = demo
        self.way_out = way_out
        self.storage = Storage(free_bytes=9_000_000_000, journal_bytes=1_000_000)
        self.backups = 0
        self.pins: list[str] = []
        self.left = 0
        self.now_s = T0_S
        self.seconds = 0.0
        self.sounds: list[str] = []
        self.rung: list[tuple[str, str]] = []
        self.hurried = 0
        self.drawn: list[str] = []
        self.switch_on()

    # --- the till -----------------------------------------------------------------------------------------------

    def switch_on(self) -> None:
        """Start a till on the journal."""
        self.journal = BreakableJournal(self.path)
        self.crew = Crew()
        clocks = Clocks(lambda: self.now_s * 1000, lambda: self.seconds, lambda: 9 * 3600)
        phone = self.phone if self.demo else None
        hands = Hands(
            self.hurry, self.journal.remember_stock, lambda: "5eed01", self.sounds.append, phone, self.take_pin
        )
        house = House("K1", "GAME BAR", replace(SHOP, way_out=self.way_out), WORDS, self.paid_screen_s)
        self.upkeep = Upkeep(self.journal, lambda: self.storage, self.back_up, clocks, self.read_on)
        engine = Engine(self.journal, self.crew, lambda: self.now_s * 1000)
        self.counter = Counter(house, engine, hands, clocks, self.upkeep)
        sold_out = frozenset(item.id for item in SHOP.menu.items if self.journal.stock_of(item.id))
        self.counter.begin(
            self,
            last_number=self.journal.last_number(),
            sold_out=sold_out,
            salvages=self.journal.unseen_salvages(),
        )

    def cut_the_power(self) -> None:
        """Switch off without a word, and on again."""
        self.journal.close()
        self.switch_on()

    def hurry(self) -> None:
        """Note that somebody is impatient."""
        self.hurried += 1

    def phone(self, invoice_id: str, kind: str) -> None:
        """Note what the demo's phone was asked to do."""
        self.rung.append((invoice_id, kind))

    def take_pin(self, tried: int, pin: str) -> None:
        """Note what is to be compared; the story says what comes of it."""
        self.pins.append(pin)

    def show(self, view: View) -> None:
        """Take what is to be on the screen."""
        self.view = view

    def qr_ready(self, text: str, side_px: int, modules: Any) -> None:
        """Take a QR."""
        self.drawn.append(text)

    def when_painted(self, tell: Callable[[], None]) -> None:
        """Paint within a blink."""
        self.seconds += BLINK_S
        tell()

    def close(self) -> None:
        """Note that the till was left."""
        self.left += 1

    def read_on(self, rest: StraysFound) -> None:
        """Take a letter that is to come again; a story that is about it does more."""

    def back_up(self) -> None:
        """Note that it is time for a backup."""
        self.backups += 1

    # --- the story ----------------------------------------------------------------------------------------------

    def tap(self, *labels: str) -> None:
        """Tap what carries this label and can be tapped; AssertionError if nothing on the screen does."""
        for label in labels:
            targets = dict(_targets(self.view))
            assert label in targets, f"{label!r} is not among {list(targets)}"
            self.counter.touch(targets[label])

    def server(self, payment_id: str, *events: Event, twins: tuple[Any, ...] = ()) -> None:
        """Let a visit bring this back."""
        self.counter.read([Seen(payment_id, Visit(events, twins, self.now_s), self.seconds)])

    def judge_pin(self, *, right: bool) -> None:
        """Let the newest PIN turn out right or wrong."""
        self.counter.read([PinChecked(self.upkeep.lock.tried, right=right)])

    def see(self, kind: type[V]) -> V:
        """Look at the screen, which is to be of this kind."""
        assert isinstance(self.view, kind), self.view
        return self.view

    def wait(self, seconds: int) -> None:
        """Let time pass with a tick for every second."""
        for _ in range(seconds):
            self.now_s += 1
            self.seconds += 1
            self.counter.tick()

    def duty(self, payment_id: str) -> object:
        """Tell what the crew does for a payment."""
        task = self.crew.tasks.get(payment_id)
        return task and task.duty

    def order_beer(self) -> None:
        """Order two beers and pay."""
        self.tap("Draft beer", "Draft beer", EN("menu.pay", amount="¥1,400"))


def _targets(part: Any) -> Iterator[tuple[str, t.Touch]]:
    if isinstance(part, Button):
        if part.enabled:
            yield part.label, part.touch
    elif isinstance(part, tuple):
        for inner in part:
            yield from _targets(inner)
    elif is_dataclass(part):
        name = str(getattr(part, "name", "") or getattr(part, "label", ""))
        for inner in fields(part):
            value = getattr(part, inner.name)
            if isinstance(value, TOUCHES):
                yield f"{inner.name} {name}" if inner.name not in ("tap", "touch") else name, value
            else:
                yield from _targets(value)


def quote(invoice: str, amount_msat: int = 8_231_000, version: str = "", created_s: int = T0_S) -> Quote:
    """Make the QR of an invoice; `version` tells the BOLT11s of one invoice apart."""
    trail = Trail(invoice, created_s + 86_400)
    text = f"lnbcrt1{invoice}{version}".lower()
    return Quote(trail, text, "a1" * 32, PAYEE, amount_msat, created_s, created_s + EXPIRY_S, RATE)
