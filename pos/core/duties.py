"""What the till owes an attempt at the server, as long as it is in the state it is in.

Rule: a duty follows from the state alone, so beginning it again after a crash is safe. `Create` is, because a restart
is an event of its own that puts look-ups before it.
"""

from dataclasses import dataclass
from typing import assert_never

from pos.core.order import Attempt
from pos.core.payment_events import Quote, Trail
from pos.core.payment_states import (
    Awaiting,
    Confirming,
    Creating,
    Fulfilled,
    Lapsed,
    Overpaid,
    Paid,
    PaidLate,
    PartPaid,
    Refused,
    RunOut,
    Served,
    State,
    TakenOver,
    Void,
    Withdrawn,
)


@dataclass(frozen=True, slots=True)
class Create:
    """Ask for an invoice; only in a state in which the server cannot have heard of the attempt."""

    attempt: Attempt


@dataclass(frozen=True, slots=True)
class LookUp:
    """Find the attempt's invoice by its orderId; never create one; `quick` while somebody waits."""

    attempt: Attempt
    quick: bool = True


@dataclass(frozen=True, slots=True)
class Watch:
    """Ask what became of an invoice; `quick` while somebody waits, `quote` what is on the screen."""

    attempt: Attempt
    trail: Trail
    quote: Quote | None
    quick: bool


@dataclass(frozen=True, slots=True)
class Audit:
    """Ask once more, behind a paid invoice, how much came for it and what duplicates of it there are."""

    attempt: Attempt
    trail: Trail


Duty = Create | LookUp | Watch | Audit


def duty(state: State) -> Duty | None:
    """Name what the till owes the attempt; None where there is nothing to ask."""
    match state:
        case Creating(attempt, looks):
            return LookUp(attempt) if looks else Create(attempt)
        case Withdrawn(attempt):
            return LookUp(attempt, quick=False)
        case Awaiting(attempt, quote) | PartPaid(attempt, quote):
            return Watch(attempt, quote.trail, quote, quick=True)
        case Confirming(attempt, trail) | RunOut(attempt, trail):
            return Watch(attempt, trail, None, quick=True)
        case Refused(attempt, trail) | Lapsed(attempt, trail):
            return Watch(attempt, trail, None, quick=False)
        case (
            Paid(attempt, to_audit=Trail() as trail)
            | PaidLate(attempt, to_audit=Trail() as trail)
            | Overpaid(attempt, to_audit=Trail() as trail)
        ):
            return Audit(attempt, trail)
        case Served(paid):
            return duty(paid)
        case Paid() | PaidLate() | Overpaid() | Fulfilled() | TakenOver() | Void():
            return None
        case _:
            assert_never(state)
