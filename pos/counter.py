"""What happens at the counter: touches and letters come in, the engine is told, the screen is shown the result.

Rule: only here do till, engine and screen meet, on one thread, without Tk or HTTP; the tests hold the same talk.
"""

import logging
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial

from pos.contact import Contact
from pos.core import till as tills
from pos.core import touches as t
from pos.core.menu import StockChanged
from pos.core.order import Attempt, Order, order_id
from pos.core.payment_events import Acknowledged, AnswerLost, Cancelled, Event, HandedOver, Mismatched, Quoted
from pos.core.payment_states import (
    Creating,
    Paid,
    PaidLate,
    Refused,
    RunOut,
    State,
    Withdrawn,
    at_counter,
    owed_to_staff,
    trail_of,
)
from pos.core.problem import Problem
from pos.core.till import AtPayment, Reading, Selling, Stopped, Till
from pos.engine import Engine
from pos.errors import JournalError
from pos.house import Clocks, Hands, House, Screen
from pos.mailbox import Drawn, Failed, Health, Letter, Seen
from pos.ui.views import Scene, build

log = logging.getLogger(__name__)

_RETRY_S = 5.0


class Counter:
    """Holds the till's state and moves it."""

    def __init__(self, house: House, engine: Engine, hands: Hands, clocks: Clocks) -> None:
        self._house = house
        self._engine = engine
        self._hands = hands
        self._clocks = clocks
        self._till = tills.fresh(house.shop, frozenset())
        self._screen: Screen | None = None
        self._number = 0
        self._contact = Contact(clocks.steady_s)
        self._paid_since: tuple[str, float] = ("", 0.0)
        self._retry_at_s = 0.0

    @property
    def till(self) -> Till:
        """What the screen depends on, apart from the payments."""
        return self._till

    @property
    def payments(self) -> Mapping[str, State]:
        """The open payments."""
        return self._engine.payments

    def begin(self, screen: Screen, *, last_number: int, sold_out: frozenset[str]) -> None:
        """Take up the journal where it ends and show the screen that belongs to it."""
        self._screen = screen
        self._number = last_number
        self._till = tills.fresh(self._house.shop, sold_out)
        self._recorded(self._recover)
        self.refresh()

    def touch(self, touched: t.Touch) -> None:
        """Answer a finger."""
        before = self._till
        self._till, wish = tills.touch(before, touched, self._house.shop)
        if wish is not None:
            if not self._recorded(partial(self._fulfil, wish)):
                self._till = replace(before, screen=Stopped())
        elif isinstance(before.screen, Stopped) and not isinstance(self._till.screen, Stopped):
            self._recorded(self._recover)
        self.refresh()

    def read(self, letters: list[Letter]) -> None:
        """Take what the workers saw."""
        for letter in letters:
            match letter:
                case Seen():
                    self._seen(letter)
                case Failed(payment_id, problem, answer_lost):
                    self._contact.failed(payment_id, problem)
                    if answer_lost:
                        self._recorded(partial(self._tell, payment_id, AnswerLost(problem)))
                case Health(None, synchronized):
                    self._contact.link = self._contact.link.healthy(self._now_s(), synchronized=synchronized)
                case Health(problem):
                    self._contact.link = self._contact.link.failed(problem or Problem.UNREACHABLE)
                case Drawn(text, side_px, modules):
                    if self._screen is not None:
                        self._screen.qr_ready(text, side_px, modules)
        if letters:
            self.refresh()

    def tick(self) -> None:
        """Let a second pass: clocks, PAID that has stood long enough, silence, a disk that may have room again."""
        match self._till.screen:
            case AtPayment(payment_id) if isinstance(self.payments.get(payment_id), Paid):
                self._time_paid(payment_id)
            case AtPayment(payment_id):
                self._contact.wait_for(payment_id)
            case Stopped() if self._clocks.steady_s() >= self._retry_at_s:
                self._recorded(self._recover)
        self._contact.keep(self.payments)
        self.refresh()

    def refresh(self) -> None:
        """Show what is true now; if the journal cannot be read for it, the sale stops and that is shown."""
        if not self._recorded(self._show):
            self._show()

    def _show(self) -> None:
        if self._screen is not None:
            self._screen.show(build(self._scene()))

    def _recover(self) -> None:
        """Take up the journal where it ends, at the start and after it could not be written."""
        self._engine.recover()
        self._till = replace(self._till, screen=Selling())
        self._spare_the_customer()
        self._till = tills.resume(self._till, self.payments)

    def _fulfil(self, wish: t.Wish) -> None:
        match wish:
            case t.Place(cart):
                order = Order(self._house.till, self._number + 1, cart.lines, cart.total, self._now_s())
                self._engine.open(Attempt(order, 1, order.total, self._hands.intent()))
                self._number = order.number
                begun = replace(self._till, cart=replace(cart, lines=()), guest_language=self._house.shop.language)
                self._till = tills.resume(begun, self.payments)
            case t.Requote(payment_id):
                self._requote(payment_id)
            case t.Cancel(payment_id):
                self._tell(payment_id, Cancelled())
            case t.HandOver(payment_id):
                self._tell(payment_id, HandedOver())
            case t.TakeNote(payment_id):
                self._tell(payment_id, Acknowledged())
            case t.Hurry():
                self._hands.hurry()
            case t.RememberSoldOut(item_id, sold_out):
                self._hands.keep_stock(StockChanged(item_id, sold_out), self._clocks.now_ms())
            case t.RingPhone(payment_id, kind):
                trail = trail_of(self.payments[payment_id])
                if trail and self._hands.phone:
                    self._hands.phone(trail.invoice_id, kind)

    def _requote(self, payment_id: str) -> None:
        """Ask for a new QR instead of one that has ended; a second tap, or one that came too late, finds none."""
        state = self.payments.get(payment_id)
        if not isinstance(state, RunOut | Refused):
            return
        again = self._engine.next_attempt(state.attempt, self._hands.intent())
        if again.amount.minor <= 0:
            # Parts of earlier QRs have added up meanwhile, and an invoice of nothing would settle by itself.
            self._till = replace(self._till, screen=Reading())
            self._tell(payment_id, Cancelled())
            return
        self._engine.open(again, instead_of=payment_id)
        self._till = replace(self._till, screen=AtPayment(again.id))

    def _seen(self, letter: Seen) -> None:
        self._contact.seen(letter.payment_id, self._now_s(), letter.answer.server_now_s)
        asked = isinstance(self.payments.get(letter.payment_id), Creating | Withdrawn)
        for event in letter.answer.events:
            if asked and isinstance(event, Quoted | Mismatched):
                self._contact.link = self._contact.link.made_invoice()
            if not self._recorded(partial(self._tell, letter.payment_id, event)):
                # "Nothing more can come" must not be believed where what did come could not be written.
                return
        for twin, trail in letter.answer.twins:
            self._recorded(partial(self._engine.find_twin, twin, trail))

    def _tell(self, payment_id: str, event: Event) -> None:
        """Tell the engine, and let the till follow; JournalError if nothing could be recorded."""
        before = self.payments.get(payment_id)
        if not self._engine.tell(payment_id, event):
            return
        after = self.payments.get(payment_id)
        if after is not None:
            self._announce(before, after)
        if isinstance(self._till.screen, Stopped):
            # What was seen while nothing could be written is lost, and with it what it would have led to.
            self._recover()
        else:
            self._spare_the_customer()
        self._till = tills.news(self._till, self.payments, self._house.shop)

    def _announce(self, before: State | None, after: State) -> None:
        if isinstance(after, Paid):
            self._hands.sound("paid")
        elif owed_to_staff(after) and not (before and owed_to_staff(before)):
            self._hands.sound("attention")

    def _spare_the_customer(self) -> None:
        """Take a QR down whose order was paid late by an earlier one: nobody is to pay twice."""
        late = {state.attempt.order.id for state in self.payments.values() if isinstance(state, PaidLate)}
        for payment_id, state in list(self.payments.items()):
            if state.attempt.order.id in late and at_counter(state) and not isinstance(state, Paid):
                self._till = replace(self._till, screen=Reading())
                self._engine.tell(payment_id, Cancelled())

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

    def _scene(self) -> Scene:
        return Scene(
            till=self._till,
            shop=self._house.shop,
            name=self._house.name,
            order_id=order_id(self._house.till, self._number + 1),
            demo=self._hands.phone is not None,
            words=self._house.words,
            payments=self.payments,
            notices=self._engine.notices() if isinstance(self._till.screen, Reading) else {},
            troubles=self._contact.troubles,
            link=self._contact.link,
            now_s=self._now_s(),
            utc_offset_s=self._clocks.utc_offset_s(),
        )
