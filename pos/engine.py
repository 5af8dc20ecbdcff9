"""Keeps every open payment moving: an event comes in, is stepped, is written down, and the new duty is handed out.

Rule: nothing is believed before it is in the journal. If the journal raises, the state has not moved and no duty was
given, so the world on the disk and the world in memory stay the same one. No threads here, and no network.
"""

import logging
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Protocol

from pos.core.duties import Duty, duty
from pos.core.notices import Notice, notices
from pos.core.order import Attempt, Order
from pos.core.payment import birth, fold, step
from pos.core.payment_events import Entry, Event, Opened, Restarted, Superseded, Trail, TwinFound, trail_in
from pos.core.payment_states import Closed, Open, State, came_in, owed_to_staff, trail_of

log = logging.getLogger(__name__)


class Journal(Protocol):
    """Where events are kept; every method may raise JournalError."""

    def append(self, entries: Sequence[Entry], at_ms: int) -> None:
        """Write all entries or none; they are on the disk when this returns."""

    def open_payments(self) -> Iterable[tuple[str, tuple[Event, ...]]]:
        """Give the payments that have not come to an end, oldest first."""

    def events_of(self, payment_id: str) -> tuple[Event, ...]:
        """Give one payment's events."""

    def payments_of(self, order_id: str) -> Mapping[str, tuple[Event, ...]]:
        """Give every payment of an order with its events."""


class Crew(Protocol):
    """Who does duties, elsewhere and in their own time."""

    def assign(self, payment_id: str, duty: Duty | None) -> None:
        """Replace what is being done for a payment."""


class Engine:
    """Holds the state of every open payment, in the order in which they were opened."""

    def __init__(self, journal: Journal, crew: Crew, now_ms: Callable[[], int]) -> None:
        self._journal = journal
        self._crew = crew
        self._now_ms = now_ms
        self._open: dict[str, Open] = {}

    @property
    def payments(self) -> Mapping[str, State]:
        """The open payments by id, oldest first."""
        return self._open

    def recover(self) -> None:
        """Take up every payment where the journal left it, and begin every duty; again whenever writing had failed."""
        found: dict[str, Open] = {}
        for payment_id, events in self._journal.open_payments():
            state = fold(events)
            if isinstance(state, Closed):
                log.error("recover payment=%s state=%s already closed", payment_id, type(state).__name__)
                continue
            found[payment_id] = state
            log.info("recover payment=%s state=%s", payment_id, type(state).__name__)
        self._open = found
        # First whatever needs nothing to be written: a full disk must not leave a QR that was shown unwatched.
        for payment_id, state in sorted(found.items(), key=lambda entry: _needs_writing(entry[1])):
            self._restart(payment_id, state)

    def open(self, attempt: Attempt, *, instead_of: str | None = None) -> None:
        """Begin an attempt, and in the same transaction end the wait for the one it replaces."""
        entries = [Entry(attempt.id, Opened(attempt), final=False)]
        replaced = self._open.get(instead_of) if instead_of else None
        if instead_of and replaced is not None:
            entries.append(Entry(instead_of, Superseded(), final=False))
        self._append(entries)
        if instead_of and replaced is not None:
            self._move(instead_of, replaced, step(replaced, Superseded()))
        begun = birth(Opened(attempt))
        self._open[attempt.id] = begun
        self._crew.assign(attempt.id, duty(begun))

    def tell(self, payment_id: str, event: Event) -> bool:
        """Let an event happen to a payment; False when it changes nothing or the payment is over."""
        state = self._open.get(payment_id)
        if state is None:
            return False
        known, told = trail_of(state), trail_in(event)
        if known and told and told.invoice_id != known.invoice_id:
            # Answers crossed, each with an invoice: the one that people may have seen stays, the other is watched.
            return self.find_twin(replace(state.attempt, twin=told.invoice_id), told)
        new = step(state, event)
        if new is state:
            return False
        self._append([Entry(payment_id, event, final=isinstance(new, Closed))])
        self._move(payment_id, state, new)
        return True

    def find_twin(self, twin: Attempt, trail: Trail) -> bool:
        """Watch a duplicate invoice from now on; False when it is known already."""
        if twin.id in self._open or self._journal.events_of(twin.id):
            return False
        found = TwinFound(twin, trail)
        self._append([Entry(twin.id, found, final=False)])
        self._open[twin.id] = birth(found)
        self._crew.assign(twin.id, duty(self._open[twin.id]))
        return True

    def adopt(self, stray: Attempt, trail: Trail) -> bool:
        """Watch an invoice whose attempt the journal has lost; False when it knows the attempt, or this very invoice.

        `stray` is named after its invoice, as a duplicate is; those of an attempt that is known are found elsewhere.
        """
        for state in self._bearing(stray.order.id).values():
            if state.attempt.reference == stray.reference and state.attempt.twin in ("", stray.twin):
                return False
        return self.find_twin(stray, trail)

    def history(self, order: Order) -> Mapping[str, State]:
        """Tell the state of every attempt at an order, those that are over too, in the order they began.

        An invoice that was adopted stands for itself: the order behind it is lost, and its number may be given again.
        """
        known = self._bearing(order.id)
        return {payment_id: state for payment_id, state in known.items() if state.attempt.order == order}

    def notices(self) -> Mapping[str, Notice]:
        """Judge all money that staff are owed a word about, oldest first, by everything that came for each order."""
        owed = {payment_id: state for payment_id, state in self._open.items() if owed_to_staff(state)}
        judged: dict[str, Notice] = {}
        for payment_id, state in owed.items():
            if payment_id not in judged:
                judged |= notices(self.history(state.attempt.order))
        return {payment_id: judged[payment_id] for payment_id in owed}

    def next_attempt(self, attempt: Attempt, intent: str) -> Attempt:
        """Prepare the next attempt at an order: the next number, and only what has not been received yet."""
        attempts = self.history(attempt.order).values()
        amount = attempt.order.total
        for state in attempts:
            amount = amount - came_in(state)
        number = max(state.attempt.number for state in attempts) + 1
        return Attempt(attempt.order, number, amount, intent)

    def _bearing(self, order_id: str) -> Mapping[str, State]:
        return {payment_id: fold(events) for payment_id, events in self._journal.payments_of(order_id).items()}

    def _restart(self, payment_id: str, state: Open) -> None:
        """Tell a payment that the till was away; the duty is handed out even if it is the one there was before."""
        new = step(state, Restarted())
        if new is not state and not isinstance(new, Closed):
            self._append([Entry(payment_id, Restarted(), final=False)])
            state = self._open[payment_id] = new
        self._crew.assign(payment_id, duty(state))

    def _append(self, entries: Sequence[Entry]) -> None:
        self._journal.append(entries, self._now_ms())
        for entry in entries:
            log.info("event payment=%s kind=%s", entry.payment_id, type(entry.event).__name__)

    def _move(self, payment_id: str, old: State, new: State) -> None:
        if isinstance(new, Closed):
            del self._open[payment_id]
        else:
            self._open[payment_id] = new
        if duty(new) != duty(old):
            self._crew.assign(payment_id, duty(new))


def _needs_writing(state: State) -> bool:
    """Tell whether a restart changes what is true of a payment."""
    return step(state, Restarted()) is not state
