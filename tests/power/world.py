"""One evening at the counter: a server, a till that may die and is started again, a bartender, customers with phones.

Rule: the world goes on when the till is dead. Everybody acts on what is on the screen, never on what the till holds
inside, and whatever a person saw is compared with the server's invoices at that moment.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from random import Random

from pos.demo.gate import Gate
from pos.demo.server import DemoServer
from pos.demo.shop import Shop
from pos.demo.states import Invoice

from .books import Books
from .headless_till import KEY_VARIABLE
from .till_process import TIMEOUT_S, Cradle, PowerLost, Sight, TillProcess

Touch = tuple[object, ...]
Hand = Callable[[Sight], Touch | None]
KILLED = -9
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
        self.server = DemoServer(Shop(rng=Random(21))).start()
        self.shop: Shop = self.server.shop
        self.doom = doom
        self.points: list[Doom] = []
        self.cuts = 0
        self.duplicates = False
        self.shown: dict[str, int] = {}
        self.paid_shown: set[int] = set()
        self.noticed: set[str] = set()
        self._hasty = hasty
        self._cradle = cradle
        self._folder = folder
        self._rows: list[tuple[str, str]] = []
        self._orders: set[int] = set()
        self._handed_over: set[int] = set()
        self._phones: set[str] = set()
        self._life = 0
        self._till: TillProcess | None = None
        folder.mkdir()
        (folder / "kiosk.yaml").write_text(
            KIOSK.format(
                url=self.server.url,
                store_id=self.server.store_id,
                variable=KEY_VARIABLE,
                node_id=self.server.node_id,
            )
        )
        self.books = Books.read(self.journal)
        self.start()

    @property
    def journal(self) -> Path:
        """Where the till keeps its journal."""
        return self._folder / "journal.db"

    @property
    def log(self) -> str:
        """What the tills of this evening logged."""
        path = self._folder / "till.log"
        return path.read_text() if path.exists() else ""

    def close(self) -> None:
        """End the evening as it stands."""
        if self._till is not None:
            self._till.kill()
            self._till.bury()
        self.server.stop()

    def start(self) -> None:
        """Switch the till on, again and again if it dies at once, and look at its first screen."""
        self._life += 1
        doomed = self.doom is not None and self.doom.life == self._life
        spec = {
            "config": str(self._folder / "kiosk.yaml"),
            "key": self.server.api_key,
            "log": str(self._folder / "till.log"),
            "doom": self.doom.point if self.doom is not None and doomed else "",
        }
        self._till = self._cradle.start(spec)
        self.sight: Sight | None = None
        end_s = time.monotonic() + TIMEOUT_S
        try:
            while self.sight is None:
                self._listen(end_s)
        except PowerLost:
            self._after_death()
            self.start()
            return
        expected = self.books.first_qr()
        at_counter = self.sight.kind not in ("MenuView", "NoticesView")
        assert (at_counter, self.sight.qr) == (expected is not None, expected or ""), (
            f"the till came back to {self.sight}, and not to {expected!r}"
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
            assert self.sight is not None
            if wanted(self.sight):
                return self.sight
            assert time.monotonic() < end_s, f"it never came; the screen is {self.sight}"
            touch = by(self.sight)
            self._alive(lambda touch=touch: self._touch(*touch) if touch else self._listen(end_s))  # type: ignore[misc]

    def wait_for(self, gate: Gate) -> None:
        """Wait until a request stands at a gate; the till may die meanwhile."""
        end_s = time.monotonic() + TIMEOUT_S
        while time.monotonic() < end_s:
            self._alive(lambda: self._listen(time.monotonic() + 0.01, patient=True))
            try:
                return gate.wait(0.01)
            except TimeoutError:
                continue
        raise AssertionError(f"nothing came to the gate; the screen is {self.sight}")

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

    def _touch(self, name: object, *values: object) -> None:
        assert self._till is not None
        before = self.sight
        self._till.touch(str(name), *values)
        end_s = time.monotonic() + TIMEOUT_S
        while not self._listen(end_s):
            pass
        if name == "Done" and before and before.kind == "PaidView" and self.sight != before:
            self._handed_over.add(before.order)

    def _listen(self, end_s: float, *, patient: bool = False) -> bool:
        """Take in the next thing that the till tells; True if it has dealt with a touch."""
        assert self._till is not None
        told = self._till.news(max(0.0, end_s - time.monotonic()))
        if told is None:
            assert patient, f"the till is silent; the screen is {self.sight}"
            return False
        if "point" in told:
            self.points.append(Doom(self._life, told["point"]))
        elif "rows" in told:
            self._rows += [(payment_id, kind) for payment_id, kind in told["rows"]]
        elif "sight" in told:
            self.sight = Sight.of(told["sight"])
            self._witness(self.sight)
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
        assert ended == KILLED, f"the till ended by itself: {ended}\n{self.log}"
        if self.doom is not None and self.points and self.points[-1] == self.doom:
            self.doom = None
        self.cuts += 1
        self.books = Books.read(self.journal)
        wrong = self._wrong_at_death()
        assert not wrong, wrong
        if self._hasty and self.sight is not None and self.sight.qr:
            self.pay(self.sight.qr)

    def _witness(self, sight: Sight) -> None:
        """Compare what somebody sees with the world."""
        self.noticed |= set(sight.notices)
        if sight.order:
            self._orders.add(sight.order)
        if sight.qr:
            # The shop knows no BOLT11 but its own, so one that lies ends the test right here.
            assert _order_of(self.shop.invoice_of(sight.qr)) == sight.order
            self.shown.setdefault(sight.qr, sight.order)
        if sight.kind == "PaidView":
            assert sight.order not in self._handed_over, f"order {sight.order} is shown as paid again"
            assert self._settled(sight.order), f"order {sight.order} is shown as paid without money"
            self.paid_shown.add(sight.order)

    def _settled(self, order: int) -> bool:
        received = {payment.invoice_id for payment in self.shop.ledger}
        return any(
            invoice.id in received and invoice.status == "Settled" and _order_of(invoice) == order
            for invoice in self.shop.invoices()
        )

    def _wrong_at_death(self) -> list[str]:
        """List what the journal must hold, at whatever moment the power failed."""
        wrong = self.books.contradictions()
        written = iter(self.books.rows)
        if not all(row in written for row in self._rows):
            wrong.append(f"written and gone: {self._rows} is not in {self.books.rows}")
        unknown = [invoice for invoice in self.shop.invoices() if invoice.order_id not in self.books.attempts]
        wrong += [f"nobody knows of invoice {invoice.id} {invoice.order_id}" for invoice in unknown]
        numbers = {state.attempt.order.number for state in self.books.states.values()}
        wrong += [f"order {order} was on the screen and is lost" for order in self._orders - numbers]
        watched = self.books.watched()
        for invoice in {invoice.id: invoice for invoice in map(self.shop.invoice_of, self.shown)}.values():
            if invoice.id not in watched and not self._needs_no_watch(invoice):
                wrong.append(f"nobody watches {invoice.order_id} {invoice.status}/{invoice.additional_status}")
        return wrong

    def _needs_no_watch(self, invoice: Invoice) -> bool:
        """Tell whether the till knows all there is to know: the whole money came, or none can come any more."""
        assert invoice.order_id is not None
        kinds = {type(state).__name__ for state in self.books.states_of(invoice.order_id)}
        whole = invoice.paid_msat >= invoice.total_msat and kinds & {"Paid", "PaidLate", "Fulfilled", "TakenOver"}
        return bool(whole) or self.shop.now_s() > invoice.monitored_s


def _order_of(invoice: Invoice) -> int:
    assert invoice.order_id is not None
    return int(invoice.order_id.split("-")[1])
