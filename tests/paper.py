"""A journal in memory that writes what the real one writes, and breaks when it is told to."""

from collections.abc import Iterator, Mapping, Sequence

from pos.core.order import Attempt
from pos.core.payment_events import Entry, Event, Mismatched, Opened, PartReceived, RanOut, Received
from pos.errors import JournalError
from pos.journal import record


class PowerCut(Exception):
    """The till is off; whatever was not in the journal is gone."""


class Paper:
    """A journal in memory that writes what the real one writes, and breaks when the world says so."""

    def __init__(self) -> None:
        self.rows: list[tuple[str, str, str, bool]] = []
        self.fate: list[str] = []

    def append(self, entries: Sequence[Entry], at_ms: int) -> None:
        """Write all entries, unless the power goes before or after, or there is no room."""
        fate = self.fate.pop(0) if self.fate else ""
        if fate == "cut before":
            raise PowerCut
        if fate == "full":
            raise JournalError("no room")
        for entry in entries:
            if isinstance(entry.event, Opened):
                self._check_amount(entry.event.attempt)
        self.rows += [(entry.payment_id, *record.write(entry.event), entry.final) for entry in entries]
        if fate == "cut after":
            raise PowerCut

    def add_service(self, day: str, counts: Mapping[tuple[str, int], int]) -> None:
        """Nobody asks here how the till served."""

    def service(self, since_day: str) -> Mapping[str, Mapping[tuple[str, int], int]]:
        """Tell nothing."""
        return {}

    def note_salvage_seen(self, aside: str, at_ms: int) -> None:
        """There is nothing to salvage."""

    def note_pin_try(self, at_ms: int, *, right: bool) -> None:
        """Nobody leaves."""

    def wrong_pins(self) -> int:
        """Nobody tried."""
        return 0

    def histories(self) -> dict[str, tuple[Event, ...]]:
        """Read everything back."""
        found: dict[str, tuple[Event, ...]] = {}
        for payment_id, kind, body, _ in self.rows:
            event = record.read(kind, body)
            found[payment_id] = (*found.get(payment_id, ()), event)  # type: ignore[arg-type]
        return found

    def _check_amount(self, attempt: Attempt) -> None:
        """A new QR asks for what is missing, as far as the till can know."""
        known = 0
        for events in self.payments_of(attempt.order.id).values():
            asked = events[0].attempt.amount.minor  # type: ignore[union-attr]
            parts = [event.received for event in events if isinstance(event, PartReceived | RanOut | Mismatched)]
            part = max(parts, key=lambda received: received.paid_msat, default=Received())
            known += asked * part.paid_msat // max(1, part.paid_msat + part.due_msat)
        assert attempt.amount.minor == attempt.order.total.minor - known, "asks for another amount than is missing"

    def open_payments(self) -> Iterator[tuple[str, tuple[Event, ...]]]:
        """Give the payments without a final entry."""
        over = {payment_id for payment_id, _, _, final in self.rows if final}
        return iter([item for item in self.histories().items() if item[0] not in over])

    def events_of(self, payment_id: str) -> tuple[Event, ...]:
        """Give one payment's events."""
        return self.histories().get(payment_id, ())

    def payments_of(self, order_id: str) -> dict[str, tuple[Event, ...]]:
        """Give every payment of an order."""
        return {key: events for key, events in self.histories().items() if key.startswith(f"{order_id}-")}

    def last_number(self) -> int:
        """Give the newest order's number."""
        opened = [events[0] for events in self.histories().values() if isinstance(events[0], Opened)]
        return opened[-1].attempt.order.number if opened else 0
