"""THE payment machine: what is true of one attempt to be paid.

    step(state, event) -> State     what is now true; the very same object if the event changes nothing

Rule: effects follow from the state (`core/duties.py`), never from the transition. An attempt read back from the
journal after a power cut has the duty of one that never stopped, so start-up is recovery and there is no second path.
The only thing a restart adds is the event `Restarted`: whatever was being asked may have been heard.

Each line below is one transition; every pair that is not listed changes nothing. A test holds the two together.

    state       events -> next state
    (birth)     Opened -> Creating; TwinFound -> Lapsed
    Creating    Restarted AnswerLost NotFound -> Creating; Quoted -> Awaiting; PartReceived -> PartPaid
    Creating    Noticed -> Confirming; Settled -> Paid; RanOut -> RunOut; CameLate -> PaidLate
    Creating    Mismatched -> Refused; Cancelled Superseded -> Withdrawn
    Withdrawn   Restarted AnswerLost NotFound -> Withdrawn; NotFound -> Void; Settled CameLate -> PaidLate
    Withdrawn   Quoted PartReceived Noticed RanOut Mismatched -> Lapsed
    Awaiting    Quoted -> Awaiting; PartReceived -> PartPaid; Noticed -> Confirming; Settled -> Paid
    Awaiting    RanOut -> RunOut; CameLate -> PaidLate; Mismatched -> Refused; Cancelled Superseded -> Lapsed
    PartPaid    PartReceived -> PartPaid; Noticed -> Confirming; Settled -> Paid; RanOut -> RunOut
    PartPaid    CameLate -> PaidLate; Mismatched -> Refused; Cancelled Superseded -> Lapsed
    Confirming  Quoted -> Awaiting; PartReceived -> PartPaid; Settled -> Paid; RanOut -> RunOut
    Confirming  CameLate -> PaidLate; Mismatched -> Refused; Cancelled Superseded -> Lapsed
    RunOut      RanOut -> RunOut; Settled -> Paid; CameLate -> PaidLate; Cancelled Superseded -> Lapsed
    Refused     PartReceived RanOut Mismatched -> Refused; Settled CameLate -> PaidLate
    Refused     Cancelled Superseded -> Lapsed
    Lapsed      PartReceived RanOut Mismatched Acknowledged -> Lapsed; Settled CameLate -> PaidLate
    Lapsed      WatchEnded -> Void; WatchEnded -> TakenOver
    Paid        Audited -> Paid; HandedOver -> Served; HandedOver -> Fulfilled
    PaidLate    Audited -> PaidLate; Acknowledged -> Served; Acknowledged -> TakenOver
    Overpaid    Audited -> Overpaid; Acknowledged -> Served; Acknowledged -> Fulfilled; Acknowledged -> TakenOver
    Served      Audited -> Served; Audited -> Overpaid; Audited -> Fulfilled; Audited -> TakenOver
"""

from collections.abc import Sequence
from dataclasses import replace
from functools import reduce
from typing import assert_never, cast

from pos.core.payment_events import (
    Acknowledged,
    AnswerLost,
    Audited,
    CameLate,
    Cancelled,
    Event,
    HandedOver,
    Mismatched,
    NotFound,
    Noticed,
    Opened,
    PartReceived,
    Quoted,
    RanOut,
    Received,
    Restarted,
    Settled,
    Superseded,
    Trail,
    TwinFound,
    WatchEnded,
)
from pos.core.payment_states import (
    SURPLUS_MSAT,
    Awaiting,
    Confirming,
    Creating,
    Fulfilled,
    Lapsed,
    Open,
    Overpaid,
    Paid,
    PaidLate,
    PartPaid,
    Refused,
    RunOut,
    Served,
    Settlement,
    State,
    TakenOver,
    Void,
    Withdrawn,
    came_in,
    received_by,
)

LOOKS = 3
"""Look-ups by orderId that must find nothing before an invoice is asked for again (asking twice makes two)."""

LOOKS_WITHDRAWN = 6
"""The same before a cancelled request counts as never heard: a slow server may still be working on it."""


def birth(event: Opened | TwinFound) -> Open:
    """Begin an attempt, or the watch over a duplicate that the server made of one."""
    if isinstance(event, Opened):
        return Creating(event.attempt, looks=0)
    return Lapsed(event.attempt, event.trail, Received(), reported=True)


def fold(events: Sequence[Event]) -> State:
    """Tell what is true after these events; ValueError if they do not begin with a birth."""
    first, *later = events
    if not isinstance(first, Opened | TwinFound):
        raise ValueError(f"a payment cannot begin with {type(first).__name__}")
    return reduce(step, later, cast(State, birth(first)))


def step(state: State, event: Event) -> State:
    """Apply an event; the same object comes back when it changes nothing."""
    match event:
        case Opened() | TwinFound():
            return state
        case Restarted() | AnswerLost() | NotFound():
            return _look_again(state, event)
        case Cancelled() | Superseded() | HandedOver() | Acknowledged() | WatchEnded():
            return _close(state, event)
        case Settled() | CameLate():
            return _money(state, event)
        case Audited():
            return _audited(state, event)
        case PartReceived() | RanOut() | Mismatched():
            return _short(state, event)
        case Quoted() | Noticed():
            return _offer(state, event)
        case _:
            assert_never(event)


def _look_again(state: State, event: Restarted | AnswerLost | NotFound) -> State:
    match state, event:
        case Creating(attempt, looks), NotFound():
            return Creating(attempt, looks - 1) if looks else state
        case Withdrawn(attempt, looks), NotFound():
            return Withdrawn(attempt, looks - 1) if looks > 1 else Void(attempt)
        case Creating(attempt, looks), _:
            return Creating(attempt, LOOKS) if looks != LOOKS else state
        case Withdrawn(attempt, looks), _:
            return Withdrawn(attempt, LOOKS_WITHDRAWN) if looks != LOOKS_WITHDRAWN else state
    return state


def _close(state: State, event: Cancelled | Superseded | HandedOver | Acknowledged | WatchEnded) -> State:
    match state, event:
        case Creating(attempt), Cancelled() | Superseded():
            return Withdrawn(attempt, LOOKS_WITHDRAWN)
        case Awaiting() | PartPaid(), Cancelled() | Superseded():
            return _lapsed(state, state.quote.trail)
        case Confirming() | RunOut() | Refused(), Cancelled() | Superseded():
            return _lapsed(state, state.trail)
        case (Paid() as paid, HandedOver()) | (PaidLate() | Overpaid() as paid, Acknowledged()):
            return Served(paid) if paid.to_audit else _ended(paid)
        case Lapsed(reported=False), Acknowledged():
            return replace(state, reported=True)
        case Lapsed(attempt, received=received, reported=True), WatchEnded():
            return TakenOver(attempt, came_in(state)) if received.paid_msat else Void(attempt)
    return state


def _money(state: State, event: Settled | CameLate) -> State:
    match state, event:
        case ((Creating() | Awaiting() | PartPaid() | Confirming() | RunOut()), Settled(_, paid_msat, over_msat)):
            return Paid(state.attempt, paid_msat, over_msat, event.trail)
        case ((Paid() | PaidLate() | Served() | Overpaid() | Fulfilled() | TakenOver() | Void()), _):
            return state
    over_msat = event.over_msat if isinstance(event, Settled) else 0
    return PaidLate(state.attempt, event.paid_msat, over_msat, event.trail)


def _audited(state: State, event: Audited) -> State:
    match state:
        case Paid() | PaidLate() | Overpaid():
            return _unless_same(state, _reckoned(state, event))
        case Served(told):
            known = _reckoned(told, event)
            if known.over_msat - told.over_msat >= SURPLUS_MSAT:
                # What was read and acted on is not told again: of late money, too, only what is too much.
                return Overpaid(known.attempt, known.over_msat, known.to_audit, _came_late(known))
            return _unless_same(state, Served(known) if known.to_audit else _ended(known))
    return state


def _reckoned(paid: Settlement, event: Audited) -> Settlement:
    """Add what an audit told; nothing that people may have read already is taken back."""
    to_audit, over_msat = None if event.last else paid.to_audit, max(paid.over_msat, event.over_msat)
    if isinstance(paid, Overpaid):
        return replace(paid, over_msat=over_msat, to_audit=to_audit)
    return replace(paid, paid_msat=event.paid_msat or paid.paid_msat, over_msat=over_msat, to_audit=to_audit)


def _ended(paid: Settlement) -> Fulfilled | TakenOver:
    attempt = paid.attempt
    return TakenOver(attempt, attempt.amount) if _came_late(paid) else Fulfilled(attempt)


def _came_late(paid: Settlement) -> bool:
    return isinstance(paid, PaidLate) or (isinstance(paid, Overpaid) and paid.late)


def _short(state: State, event: PartReceived | RanOut | Mismatched) -> State:
    match state, event:
        case (Creating() | Awaiting() | PartPaid() | Confirming()), PartReceived(quote, received):
            return _unless_same(state, PartPaid(state.attempt, quote, received))
        case (Creating() | Awaiting() | PartPaid() | Confirming() | RunOut()), RanOut(trail, received, why):
            return _unless_same(state, RunOut(state.attempt, trail, received, why))
        case (Creating() | Awaiting() | PartPaid() | Confirming()), Mismatched(trail, received):
            return Refused(state.attempt, trail, event, received)
        case Withdrawn(attempt), _:
            return Lapsed(attempt, event.trail, event.received, reported=not event.received.paid_msat)
        case Refused(received=known), _ if event.received.paid_msat > known.paid_msat:
            return replace(state, received=event.received)
        case Lapsed(received=known), _ if event.received.paid_msat > known.paid_msat:
            return replace(state, received=event.received, reported=False)
    return state


def _offer(state: State, event: Quoted | Noticed) -> State:
    match state, event:
        case (Creating() | Awaiting() | Confirming()), Quoted(quote):
            return _unless_same(state, Awaiting(state.attempt, quote))
        case (Creating() | Awaiting() | PartPaid()), Noticed(trail):
            return Confirming(state.attempt, trail)
        case Withdrawn(attempt), _:
            return Lapsed(attempt, event.trail, Received(), reported=True)
    return state


def _lapsed(state: Awaiting | PartPaid | Confirming | RunOut | Refused, trail: Trail) -> Lapsed:
    received = received_by(state)
    return Lapsed(state.attempt, trail, received, reported=not received.paid_msat)


def _unless_same(old: State, new: State) -> State:
    return old if old == new else new
