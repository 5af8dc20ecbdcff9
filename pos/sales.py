"""What a touch or a visit to the server means for the payments, and which till follows from it.

Rule: every method either has everything in the journal and gives the till that follows, or raises JournalError; who
calls must then keep the till it had and stop selling. What was recorded on the way there stays recorded.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from pos.core import till as tills
from pos.core.cart import Cart
from pos.core.notices import Notice
from pos.core.order import Attempt, Order, order_id
from pos.core.payment_events import Cancelled, Event, Trail
from pos.core.payment_states import Paid, PaidLate, Refused, RunOut, State, at_counter, owed_to_staff
from pos.core.screens import AtPayment, Reading, Selling, Stopped
from pos.core.till import Till
from pos.engine import Engine
from pos.house import Clocks, Hands, House


@dataclass(frozen=True, slots=True)
class Sold:
    """The order that was paid last, and when, by the till's clock in unix seconds."""

    order: Order
    at_s: int


class Sales:
    """The engine with what a shop adds to it: numbers, sounds, and nobody who pays twice."""

    def __init__(self, house: House, engine: Engine, hands: Hands, clocks: Clocks) -> None:
        self._house = house
        self._engine = engine
        self._hands = hands
        self._clocks = clocks
        self._number = 0
        self.last: Sold | None = None

    @property
    def payments(self) -> Mapping[str, State]:
        """The open payments by id, oldest first."""
        return self._engine.payments

    @property
    def next_order(self) -> str:
        """The name that the next order will have."""
        return order_id(self._house.till, self._number + 1)

    def find_twin(self, twin: Attempt, trail: Trail) -> None:
        """Watch a duplicate invoice from now on."""
        self._engine.find_twin(twin, trail)

    def adopt(self, strays: Sequence[tuple[Attempt, Trail]]) -> None:
        """Watch what the journal had lost, and number orders from behind it."""
        for stray, trail in strays:
            self._engine.adopt(stray, trail)
            self._number = max(self._number, stray.order.number)

    def notices(self) -> Mapping[str, Notice]:
        """Judge all money that staff are owed a word about."""
        return self._engine.notices()

    def go_on_from(self, last_number: int) -> None:
        """Number orders from behind the newest one there is."""
        self._number = last_number

    def recover(self, till: Till) -> Till:
        """Take up the journal where it ends, at the start and after it could not be written."""
        self._engine.recover()
        till = self._spare_the_customer(replace(till, screen=Selling()))
        return tills.resume(till, self.payments)

    def place(self, till: Till, cart: Cart) -> Till:
        """Freeze an order, and ask for an invoice as soon as it is recorded."""
        now_s = self._clocks.now_ms() // 1000
        order = Order(self._house.till, self._number + 1, cart.lines, cart.total, now_s)
        self._engine.open(Attempt(order, 1, order.total, self._hands.intent()))
        self._number = order.number
        begun = replace(till, cart=replace(cart, lines=()), guest_language=self._house.shop.language)
        return tills.resume(begun, self.payments)

    def requote(self, till: Till, payment_id: str) -> Till:
        """Ask for a new QR instead of one that has ended; a second tap, or one that came too late, finds none."""
        state = self.payments.get(payment_id)
        if not isinstance(state, RunOut | Refused):
            return till
        again = self._engine.next_attempt(state.attempt, self._hands.intent())
        if again.amount.minor <= 0:
            # Parts of earlier QRs have added up meanwhile, and an invoice of nothing would settle by itself.
            return self.tell(replace(till, screen=Reading()), payment_id, Cancelled())
        self._engine.open(again, instead_of=payment_id)
        return replace(till, screen=AtPayment(again.id))

    def tell(self, till: Till, payment_id: str, event: Event) -> Till:
        """Let an event happen to a payment, and let the till follow."""
        before = self.payments.get(payment_id)
        if not self._engine.tell(payment_id, event):
            return till
        after = self.payments.get(payment_id)
        if after is not None:
            self._announce(before, after)
        # What was seen while nothing could be written is lost, and with it what it would have led to.
        till = self.recover(till) if isinstance(till.screen, Stopped) else self._spare_the_customer(till)
        return tills.news(till, self.payments, self._house.shop)

    def _announce(self, before: State | None, after: State) -> None:
        if isinstance(after, Paid) and not isinstance(before, Paid):
            self._hands.sound("paid")
            self.last = Sold(after.attempt.order, self._clocks.now_ms() // 1000)
        elif owed_to_staff(after) and not (before and owed_to_staff(before)):
            self._hands.sound("attention")

    def _spare_the_customer(self, till: Till) -> Till:
        """Take a QR down whose order was paid late by an earlier one: nobody is to pay twice."""
        late = [state.attempt.order for state in self.payments.values() if isinstance(state, PaidLate)]
        for payment_id, state in list(self.payments.items()):
            if state.attempt.order in late and at_counter(state) and not isinstance(state, Paid):
                till = replace(till, screen=Reading())
                self._engine.tell(payment_id, Cancelled())
        return till
