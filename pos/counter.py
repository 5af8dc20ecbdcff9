"""What happens at the counter: touches and letters come in, the sale is told, the screen is shown the result.

Rule: only here do till, payments and screen meet, on one thread, without Tk or HTTP; the tests hold the same talk.
Whatever cannot be recorded stops the sale, and is not believed.
"""

import logging
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial

from pos.contact import Contact
from pos.core import till as tills
from pos.core import touches as t
from pos.core import wishes as w
from pos.core.menu import StockChanged
from pos.core.payment_events import Acknowledged, AnswerLost, Cancelled, Event, HandedOver, Mismatched, Quoted
from pos.core.payment_states import Creating, Paid, State, Withdrawn, at_counter, has_surplus, trail_of
from pos.core.salvage import Salvaged
from pos.core.screens import AtPayment, Inspecting, Selling, Stopped, Unlocking
from pos.core.till import Till
from pos.display import Display, Facts
from pos.engine import Engine
from pos.errors import JournalError
from pos.house import Clocks, Hands, House, Screen
from pos.mailbox import BackedUp, Drawn, Failed, Health, Letter, PinChecked, Seen, StraysFound
from pos.sales import Sales
from pos.upkeep import Upkeep

log = logging.getLogger(__name__)

_RETRY_S = 5.0
_PAD_S = 60.0
"""A pad for the PIN that nobody touches goes away, and the digits on it."""


class Counter:
    """Holds the till's state and moves it."""

    def __init__(self, house: House, engine: Engine, hands: Hands, clocks: Clocks, upkeep: Upkeep) -> None:
        self._house = house
        self._hands = hands
        self._clocks = clocks
        self._upkeep = upkeep
        self._sales = Sales(house, engine, hands, clocks)
        self._contact = Contact(clocks.steady_s)
        facts = Facts(self._sales, self._contact, upkeep)
        self._display = Display(house, facts, clocks, demo=hands.phone is not None)
        self._till = tills.fresh(house.shop, frozenset())
        self._paid_since: tuple[str, float] = ("", 0.0)
        self._touched_s = 0.0
        self._retry_at_s = 0.0

    @property
    def till(self) -> Till:
        """What the screen depends on, apart from the payments."""
        return self._till

    @property
    def payments(self) -> Mapping[str, State]:
        """The open payments."""
        return self._sales.payments

    def begin(
        self,
        screen: Screen,
        *,
        last_number: int,
        sold_out: frozenset[str],
        salvages: tuple[Salvaged, ...] = (),
    ) -> None:
        """Take up the journal where it ends and show the screen that belongs to it."""
        self._display.use(screen)
        self._sales.go_on_from(last_number)
        self._till = tills.fresh(self._house.shop, sold_out, salvages)
        self._recorded(self._upkeep.begin)
        self._recorded(self._recover)
        self.refresh()

    def touch(self, touched: t.Touch) -> None:
        """Answer a finger."""
        self._touched_s = self._clocks.steady_s()
        before = self._till
        self._till, wish = tills.touch(before, touched, self._house.shop)
        if wish is not None:
            if not self._recorded(partial(self._fulfil, wish)):
                self._till = replace(before, screen=Stopped())
        elif isinstance(before.screen, Stopped) and not isinstance(self._till.screen, Stopped):
            self._recorded(self._recover)
        elif isinstance(self._till.screen, Inspecting) and not isinstance(before.screen, Inspecting):
            self._upkeep.look()
        self.refresh()

    def read(self, letters: list[Letter]) -> None:
        """Take what the workers saw."""
        for letter in letters:
            match letter:
                case Seen():
                    self._seen(letter)
                case Failed(payment_id, problem, answer_lost):
                    self._upkeep.meter.polled(failed=True)
                    self._contact.failed(payment_id, problem)
                    if answer_lost:
                        self._recorded(partial(self._tell, payment_id, AnswerLost(problem)))
                case Health():
                    self._probed(letter)
                case Drawn():
                    self._display.take_qr(letter, self._till)
                case BackedUp(_, failed):
                    self._upkeep.backed_up(failed=failed)
                case StraysFound():
                    if self._recorded(partial(self._sales.adopt, letter.some)):
                        self._recorded(partial(self._upkeep.strays_sought, letter))
                case PinChecked(tried, right) if tried == self._upkeep.lock.tried:
                    self._recorded(partial(self._pin_checked, right=right))
        if letters:
            self.refresh()

    def tick(self) -> None:
        """Let a second pass: clocks, PAID that has stood long enough, silence, a disk that may have room again."""
        match self._till.screen:
            case AtPayment(payment_id) if isinstance(paid := self.payments.get(payment_id), Paid):
                # A surplus is somebody's money: it does not leave the screen by itself.
                if not has_surplus(paid):
                    self._time_paid(payment_id)
            case AtPayment(payment_id):
                self._contact.wait_for(payment_id)
            case Unlocking() if self._clocks.steady_s() - self._touched_s > _PAD_S:
                self._till = replace(self._till, screen=Selling())
            case Stopped() if self._clocks.steady_s() >= self._retry_at_s:
                if not self._recorded(self._recover):
                    self._upkeep.demand_a_start()
        self._contact.keep(self.payments)
        self._upkeep.meter.keep({name for name, state in self.payments.items() if at_counter(state)})
        self._upkeep.tick()
        self.refresh()

    def refresh(self) -> None:
        """Show what is true now; if the journal cannot be read for it, the sale stops and that is shown."""
        if not self._recorded(lambda: self._display.show(self._till)):
            self._display.show(self._till)

    def _recover(self) -> None:
        self._till = self._sales.recover(self._till)

    def _fulfil(self, wish: w.Wish) -> None:
        match wish:
            case w.Place(cart):
                self._till = self._sales.place(self._till, cart)
                self._note_tap()
            case w.Requote(payment_id):
                self._till = self._sales.requote(self._till, payment_id)
                self._note_tap()
            case w.Cancel(payment_id):
                self._tell(payment_id, Cancelled())
            case w.HandOver(payment_id):
                self._tell(payment_id, HandedOver())
            case w.TakeNote(payment_id):
                self._tell(payment_id, Acknowledged())
            case w.TakeNoteOfSalvage(aside):
                self._upkeep.salvage_seen(aside)
                left = tuple(salvaged for salvaged in self._till.salvages if salvaged.aside != aside)
                self._till = tills.news(replace(self._till, salvages=left), self.payments, self._house.shop)
            case w.Hurry():
                self._hands.hurry()
            case w.RememberSoldOut(item_id, sold_out):
                self._hands.keep_stock(StockChanged(item_id, sold_out), self._clocks.now_ms())
            case w.CheckPin(pin):
                self._check_pin(pin)
            case w.RingPhone(payment_id, kind):
                trail = trail_of(self.payments[payment_id])
                if trail and self._hands.phone:
                    self._hands.phone(trail.invoice_id, kind)

    def _note_tap(self) -> None:
        """Begin to measure where a tap has led to a payment of its own."""
        screen = self._till.screen
        if isinstance(screen, AtPayment) and isinstance(self.payments.get(screen.payment_id), Creating):
            self._upkeep.meter.tapped(screen.payment_id, self._touched_s)

    def _check_pin(self, pin: str) -> None:
        """Have a PIN compared, unless too many were wrong; the try is recorded first, and numbered."""
        if self._upkeep.lock.wait_s:
            self._till = replace(self._till, screen=Unlocking())
            return
        self._hands.check_pin(self._upkeep.lock.try_one(self._clocks.now_ms()), pin)

    def _pin_checked(self, *, right: bool) -> None:
        """Leave, if it was right and somebody still stands at the pad."""
        waiting = self._till.screen == Unlocking(step="checking")
        if right:
            self._upkeep.lock.opened(self._clocks.now_ms())
        if right and waiting:
            log.info("left with the PIN")
            self._display.close()
        elif waiting:
            self._till = replace(self._till, screen=Unlocking(step="wrong"))

    def _seen(self, letter: Seen) -> None:
        payment_id = letter.payment_id
        self._upkeep.meter.polled(failed=False)
        self._contact.seen(payment_id, self._now_s(), letter.answer.server_now_s)
        asked = isinstance(self.payments.get(payment_id), Creating | Withdrawn)
        if asked and any(isinstance(event, Quoted | Mismatched) for event in letter.answer.events):
            self._contact.link = self._contact.link.made_invoice()
        news = [partial(self._tell, payment_id, event) for event in letter.answer.events]
        duplicates = [partial(self._sales.find_twin, twin, trail) for twin, trail in letter.answer.twins]
        # The invoice to be shown is written before its duplicates, they are written before a payment comes to its end,
        # and what could not be written ends it: "nothing more can come" must not be believed then.
        for act in news + duplicates if asked else duplicates + news:
            if not self._recorded(act):
                break
        state = self.payments.get(payment_id)
        if state is not None and at_counter(state) and not isinstance(state, Paid):
            self._upkeep.meter.looked(payment_id, letter.begun_s)

    def _probed(self, letter: Health) -> None:
        link, problem = self._contact.link, letter.problem
        self._upkeep.meter.polled(failed=problem is not None)
        if problem is None:
            self._contact.link = link.healthy(
                self._now_s(), synchronized=letter.synchronized, version=letter.version
            )
        else:
            self._contact.link = link.failed(problem)

    def _tell(self, payment_id: str, event: Event) -> None:
        self._till = self._sales.tell(self._till, payment_id, event)

    def _time_paid(self, payment_id: str) -> None:
        now_s = self._clocks.steady_s()
        if self._paid_since[0] != payment_id:
            self._paid_since = (payment_id, now_s)
        elif self._house.paid_screen_s and now_s - self._paid_since[1] >= self._house.paid_screen_s:
            self._recorded(partial(self._tell, payment_id, HandedOver()))

    def _recorded(self, act: Callable[[], object]) -> bool:
        """Do something that writes to the journal; where it cannot, the sale stops and nothing is believed."""
        try:
            act()
        except JournalError:
            log.exception("journal")
            self._till = replace(self._till, screen=Stopped())
            self._retry_at_s = self._clocks.steady_s() + _RETRY_S
            return False
        return True

    def _now_s(self) -> int:
        return self._clocks.now_ms() // 1000
