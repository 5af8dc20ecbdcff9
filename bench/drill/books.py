"""The till's journal as it lies on the disk while the till is dead, and what must be true of it at any such moment.

Rule: the files are copied before they are opened, so that the next till finds them just as the last one left them.
"""

import shutil
import sqlite3
import tempfile
from collections.abc import Container, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import cast, get_args

from pos.core.duties import Watch, duty
from pos.core.order import Attempt
from pos.core.payment import fold
from pos.core.payment_events import (
    Audited,
    CameLate,
    Event,
    Mismatched,
    Noticed,
    PartReceived,
    Quoted,
    RanOut,
    Settled,
    TwinFound,
    from_birth,
)
from pos.core.payment_states import Awaiting, Closed, Paid, PaidLate, PartPaid, State, at_counter
from pos.journal import record

EVENTS = get_args(Event)


@dataclass(frozen=True, slots=True)
class Books:
    """What the journal says: `rows` are payment and kind in the order they were written, `states` by payment.

    `listed` are the payments in the journal's own index of open ones, oldest first. `invoices` are the server's ids of
    all invoices it speaks of, `came_msat` what it says came in for each, `money_at` the place of the row in which money
    for a payment is spoken of first.
    """

    rows: tuple[tuple[str, str], ...]
    states: dict[str, State]
    listed: tuple[str, ...]
    invoices: frozenset[str]
    came_msat: dict[str, int]
    money_at: dict[str, int]

    @classmethod
    def read(cls, journal: Path) -> "Books":
        with tempfile.TemporaryDirectory() as folder:
            for path in (journal, journal.with_name(journal.name + "-wal")):
                if path.exists():
                    shutil.copy(path, folder)
            with sqlite3.connect(Path(folder) / journal.name) as database:
                rows, listed = _contents(database)
            database.close()
        events: dict[str, list[Event]] = {}
        for subject, event in rows:
            events.setdefault(subject, []).append(event)
        # Of a payment whose beginning was lost to damage nothing can be said.
        lives = {subject: life for subject, happened in events.items() if (life := from_birth(happened))}
        told = [money for life in lives.values() for money in _money_of(life)]
        came_msat: dict[str, int] = {}
        money_at: dict[str, int] = {}
        for place, (subject, event) in enumerate(rows):
            if any(msat for _, msat in _money_in(event)):
                money_at.setdefault(subject, place)
        for invoice_id, msat in told:
            came_msat[invoice_id] = max(msat, came_msat.get(invoice_id, 0))
        return cls(
            rows=tuple((subject, type(event).__name__) for subject, event in rows),
            states={subject: fold(life) for subject, life in lives.items()},
            listed=listed,
            invoices=frozenset(invoice_id for invoice_id, _ in told),
            came_msat=came_msat,
            money_at=money_at,
        )

    @property
    def attempts(self) -> dict[str, Attempt]:
        """The attempts by what BTCPay files their invoices under; duplicates are not among them."""
        attempts = (state.attempt for state in self.states.values())
        return {attempt.reference: attempt for attempt in attempts if not attempt.twin}

    def watched(self) -> set[str]:
        """Name the invoices that a till with this journal asks the server about."""
        duties = [duty(state) for state in self.states.values()]
        return {owed.trail.invoice_id for owed in duties if isinstance(owed, Watch)}

    def states_of(self, reference: str) -> list[State]:
        """Give the states of an attempt and of its duplicates."""
        return [state for state in self.states.values() if state.attempt.reference == reference]

    def first_qr(self) -> str | None:
        """Say which QR a till with this journal must begin with; None where no customer is to be shown anything.

        A QR of an order that another QR has brought the money for is not put up again.
        """
        late = [state.attempt.order for state in self.states.values() if isinstance(state, PaidLate)]
        candidates = [self.states[name] for name in self.listed if at_counter(self.states[name])]
        waiting = [state for state in candidates if isinstance(state, Paid) or state.attempt.order not in late]
        if not waiting:
            return None
        match waiting[-1]:
            case Awaiting(quote=quote):
                return quote.bolt11
            case PartPaid(quote=quote, received=received) if quote.amount_msat == received.due_msat:
                return quote.bolt11
        return ""

    def opened_after(self, attempt: Attempt, place: int) -> bool:
        """Tell whether a later attempt at the same order was begun before a row of that place."""
        later = {
            state.attempt.id
            for state in self.states.values()
            if state.attempt.order.id == attempt.order.id and state.attempt.number > attempt.number
        }
        return any(row == (name, "Opened") for row in self.rows[:place] for name in later)

    def contradictions(self, hurt: Container[int]) -> list[str]:
        """List what must never be so, whatever the world did; of a `hurt` order only the end may be there."""
        wrong = []
        open_states = {name: state for name, state in self.states.items() if not isinstance(state, Closed)}
        still_open = {name for name, state in open_states.items() if state.attempt.order.number not in hurt}
        listed = {name for name in self.listed if name in still_open or int(name.split("-")[1]) not in hurt}
        if still_open != listed:
            wrong.append(f"the index of open payments {listed} is not the fold's {still_open}")
        at_once = [state.attempt.order.id for state in self.states.values() if at_counter(state)]
        if len(at_once) != len(set(at_once)):
            wrong.append(f"an order has two attempts at the counter: {at_once}")
        return wrong


def _money_of(life: Sequence[Event]) -> Iterator[tuple[str, int]]:
    """Say how much had come for which invoice, event by event; an audit tells of what was settled before it."""
    settled = ""
    for event in life:
        yield from _money_in(event)
        match event:
            case Settled(trail):
                settled = settled or trail.invoice_id
            case Audited(paid_msat) if settled:
                yield settled, paid_msat


def _money_in(event: Event) -> list[tuple[str, int]]:
    """Say how much had come for which invoice when this was written."""
    match event:
        case Settled(trail, paid_msat) | CameLate(trail, paid_msat):
            return [(trail.invoice_id, paid_msat)]
        case PartReceived() | RanOut() | Mismatched():
            return [(event.trail.invoice_id, event.received.paid_msat)]
        case Quoted() | Noticed() | TwinFound():
            return [(event.trail.invoice_id, 0)]
    return []


def _contents(database: sqlite3.Connection) -> tuple[list[tuple[str, Event]], tuple[str, ...]]:
    if not database.execute("SELECT 1 FROM sqlite_master WHERE name = 'event'").fetchone():
        return [], ()
    rows = []
    for subject, kind, body in database.execute("SELECT subject, kind, body FROM event ORDER BY seq"):
        written = record.read(kind, body)
        if isinstance(written, EVENTS):
            rows.append((subject, cast(Event, written)))
    listed = database.execute("SELECT subject FROM open_payment ORDER BY seq").fetchall()
    return rows, tuple(subject for (subject,) in listed)
