"""The payment machine, against the table in its own docstring and against every pair of a state and an event."""

import re
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pos.core import payment
from pos.core.duties import Audit, Create, LookUp, Watch, duty
from pos.core.money import Money
from pos.core.payment import LOOKS, LOOKS_WITHDRAWN, birth, fold, step
from pos.core.payment_events import (
    Acknowledged,
    AnswerLost,
    Audited,
    CameLate,
    Cancelled,
    Event,
    HandedOver,
    NotFound,
    Noticed,
    Opened,
    PartReceived,
    Quoted,
    RanOut,
    Received,
    Restarted,
    Settled,
    TwinFound,
    WatchEnded,
    from_birth,
    trail_in,
)
from pos.core.payment_states import (
    Awaiting,
    Closed,
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
    at_counter,
    has_surplus,
    owed_to_staff,
    received_by,
    rest_of,
    trail_of,
)
from tests.samples import (
    ATTEMPT,
    EVENTS,
    MORE,
    NOTHING,
    PART,
    QUOTE,
    REST_QUOTE,
    STATES,
    TRAIL,
    TWIN,
    mismatched,
)

Table = dict[tuple[str, str], set[str]]
KINDS_OF_STATE = sorted({type(state).__name__ for state in STATES})
KINDS_OF_EVENT = sorted({type(event).__name__ for event in EVENTS})


def the_table() -> Table:
    """Read the docstring's transitions: (state, event) to the states it may lead to."""
    lines = (payment.__doc__ or "").partition("events -> next state\n")[2].partition("\n\n")[0].splitlines()
    table: Table = {}
    for line in lines:
        state, transitions = line.split(maxsplit=1)
        for events, new in (transition.split("->") for transition in transitions.split(";")):
            for event in events.split():
                table.setdefault((state, event), set()).add(new.strip())
    return table


TABLE = the_table()


def test_the_table_speaks_of_every_state_and_event_there_is() -> None:
    reached = {new for news in TABLE.values() for new in news}
    assert {state for state, _ in TABLE} | reached == {*KINDS_OF_STATE, "(birth)"}
    assert {event for _, event in TABLE} == set(KINDS_OF_EVENT)


@pytest.mark.parametrize(("state", "event"), list(product(KINDS_OF_STATE, KINDS_OF_EVENT)))
def test_the_table_says_what_step_does(state: str, event: str) -> None:
    seen = set()
    for old, happened in product(STATES, EVENTS):
        if (type(old).__name__, type(happened).__name__) == (state, event):
            new = step(old, happened)
            assert new is old or new != old, "an event that changes nothing gives the same object"
            seen |= {type(new).__name__} - ({state} if new is old else set())
    assert seen == TABLE.get((state, event), set())


def test_the_table_says_what_birth_does() -> None:
    born = {type(event).__name__: {type(birth(event)).__name__} for event in (Opened(ATTEMPT), TwinFound(TWIN, TRAIL))}
    assert born == {event: new for (state, event), new in TABLE.items() if state == "(birth)"}


def test_the_docstring_holds_no_line_the_test_cannot_read() -> None:
    rows = [line for line in (payment.__doc__ or "").splitlines() if re.search(r"-> [A-Z]\w+(;|$)", line)]
    assert sum(len(events.split()) for row in rows for events in re.findall(r"([\w ]+) ->", row.strip()[11:])) == sum(
        len(news) for news in TABLE.values()
    )


@pytest.mark.parametrize("state", STATES)
def test_an_attempt_never_becomes_another(state: State) -> None:
    assert all(step(state, event).attempt == state.attempt for event in EVENTS)


@pytest.mark.parametrize("state", [state for state in STATES if isinstance(state, Closed)])
def test_what_has_come_to_an_end_stays_there(state: State) -> None:
    assert all(step(state, event) is state for event in EVENTS)


@pytest.mark.parametrize(
    ("state", "owed"),
    [
        (Creating(ATTEMPT, 0), Create(ATTEMPT)),
        (Creating(ATTEMPT, 1), LookUp(ATTEMPT)),
        (Withdrawn(ATTEMPT, 6), LookUp(ATTEMPT, quick=False)),
        (Awaiting(ATTEMPT, QUOTE), Watch(ATTEMPT, TRAIL, QUOTE, quick=True)),
        (PartPaid(ATTEMPT, REST_QUOTE, PART), Watch(ATTEMPT, TRAIL, REST_QUOTE, quick=True)),
        (Confirming(ATTEMPT, TRAIL), Watch(ATTEMPT, TRAIL, None, quick=True)),
        (RunOut(ATTEMPT, TRAIL, NOTHING, "expired"), Watch(ATTEMPT, TRAIL, None, quick=True)),
        (Refused(ATTEMPT, TRAIL, mismatched(), NOTHING), Watch(ATTEMPT, TRAIL, None, quick=False)),
        (Lapsed(ATTEMPT, TRAIL, NOTHING, reported=True), Watch(ATTEMPT, TRAIL, None, quick=False)),
        (Paid(ATTEMPT, 1, 0), None),
        (Paid(ATTEMPT, 1, 0, TRAIL), Audit(ATTEMPT, TRAIL)),
        (PaidLate(ATTEMPT, 1, 0), None),
        (PaidLate(ATTEMPT, 0, 0, TRAIL), Audit(ATTEMPT, TRAIL)),
        (Served(Paid(ATTEMPT, 0, 0, TRAIL)), Audit(ATTEMPT, TRAIL)),
        (Overpaid(ATTEMPT, 69_000), None),
        (Overpaid(ATTEMPT, 69_000, TRAIL), Audit(ATTEMPT, TRAIL)),
        (Fulfilled(ATTEMPT), None),
        (TakenOver(ATTEMPT, ATTEMPT.amount), None),
        (Void(ATTEMPT), None),
    ],
)
def test_each_state_owes_one_thing(state: State, owed: object) -> None:
    assert duty(state) == owed


def test_every_state_with_a_trail_is_watched_or_audited_there() -> None:
    for state in STATES:
        owed = duty(state)
        assert trail_of(state) == (owed.trail if isinstance(owed, Watch | Audit) else None)


def test_after_a_power_cut_an_invoice_is_looked_for_before_another_is_asked_for() -> None:
    state = fold([Opened(ATTEMPT), Restarted()])
    for _ in range(LOOKS):
        assert duty(state) == LookUp(ATTEMPT)
        state = step(state, NotFound())
    assert duty(state) == Create(ATTEMPT)


def test_an_invoice_is_looked_for_three_times_and_a_cancelled_one_six_times() -> None:
    """One more and the customer waits for nothing, one fewer and a slow server makes two invoices."""
    assert (LOOKS, LOOKS_WITHDRAWN) == (3, 6)


def test_a_cancelled_request_is_looked_for_longer_and_then_was_never_heard() -> None:
    state = fold([Opened(ATTEMPT), AnswerLost("slow"), Cancelled()])
    for _ in range(LOOKS_WITHDRAWN):
        assert duty(state) == LookUp(ATTEMPT, quick=False)
        state = step(state, NotFound())
    assert state == Void(ATTEMPT)


def test_an_invoice_that_turns_up_after_the_cancel_is_watched_and_not_shown() -> None:
    state = fold([Opened(ATTEMPT), Cancelled(), Quoted(QUOTE)])
    assert duty(state) == Watch(ATTEMPT, TRAIL, None, quick=False)
    assert not at_counter(state)


def test_money_of_a_qr_that_nobody_waits_for_reaches_staff() -> None:
    for event in (Settled(TRAIL, 8_231_000, 0), CameLate(TRAIL, 8_231_000)):
        state = fold([Opened(ATTEMPT), Quoted(QUOTE), Cancelled(), event])
        assert state == PaidLate(ATTEMPT, 8_231_000, 0, TRAIL)
        assert owed_to_staff(state)


def test_a_duplicate_that_is_paid_is_told_and_audited_like_any_other() -> None:
    paid = fold([TwinFound(TWIN, TRAIL), CameLate(TRAIL, 8_231_000)])
    assert paid == PaidLate(TWIN, 8_231_000, 0, TRAIL)
    assert duty(paid) == Audit(TWIN, TRAIL)


@pytest.mark.parametrize(
    ("paid", "done", "end"),
    [
        (Settled(TRAIL, 8_231_000, 0), HandedOver(), Fulfilled(ATTEMPT)),
        (CameLate(TRAIL, 8_231_000), Acknowledged(), TakenOver(ATTEMPT, ATTEMPT.amount)),
    ],
)
def test_a_paid_attempt_ends_when_people_are_done_with_it_and_the_server_has_told_of_duplicates(
    paid: Event, done: Event, end: State
) -> None:
    shown = fold([Opened(ATTEMPT), paid])
    served = step(shown, done)
    assert isinstance(served, Served)
    assert duty(served) == duty(shown)
    assert not (at_counter(served))
    assert not (owed_to_staff(served))
    assert step(served, Audited()) == end
    audited = step(shown, Audited())
    assert duty(audited) is None
    assert step(audited, done) == end


def test_a_surplus_that_an_old_server_tells_later_stands_on_paid_or_is_a_notice() -> None:
    shown = fold([Opened(ATTEMPT), Settled(TRAIL, 0, 0)])
    told = Audited(8_300_000, 69_000)
    assert step(shown, told) == Paid(ATTEMPT, 8_300_000, 69_000)
    missed = step(step(shown, HandedOver()), told)
    assert missed == Overpaid(ATTEMPT, 69_000)
    assert owed_to_staff(missed)
    assert step(missed, Acknowledged()) == Fulfilled(ATTEMPT)


@pytest.mark.parametrize(
    ("paid", "done", "end"),
    [
        (Paid(ATTEMPT, 8_231_000, 0, TRAIL), HandedOver(), Fulfilled(ATTEMPT)),
        (PaidLate(ATTEMPT, 8_231_000, 0, TRAIL), Acknowledged(), TakenOver(ATTEMPT, ATTEMPT.amount)),
        (Overpaid(ATTEMPT, 69_000, TRAIL), Acknowledged(), Fulfilled(ATTEMPT)),
    ],
)
def test_duplicates_are_looked_for_until_the_server_cannot_be_making_another(
    paid: State, done: Event, end: State
) -> None:
    again = Audited(last=False)
    assert step(paid, again) is paid
    served = step(paid, done)
    assert step(served, again) is served
    assert step(served, Audited()) == end


def test_a_surplus_that_was_missed_is_told_while_duplicates_are_still_looked_for() -> None:
    told = Audited(8_300_000, 69_000, last=False)
    missed = fold([Opened(ATTEMPT), Settled(TRAIL, 0, 0), HandedOver(), told])
    assert missed == Overpaid(ATTEMPT, 69_000, TRAIL)
    assert step(missed, Audited()) == Overpaid(ATTEMPT, 69_000)
    assert fold([Opened(ATTEMPT), Settled(TRAIL, 0, 0), told]) == Paid(ATTEMPT, 8_300_000, 69_000, TRAIL)


def test_amounts_that_are_told_again_are_no_news() -> None:
    served = fold([Opened(ATTEMPT), Settled(TRAIL, 0, 0), HandedOver(), Audited(8_231_000, 0, last=False)])
    assert served == Served(Paid(ATTEMPT, 8_231_000, 0, TRAIL))
    assert step(served, Audited(8_231_000, 0, last=False)) is served


def test_a_surplus_of_late_money_is_told_with_it() -> None:
    late = [Opened(ATTEMPT), Quoted(QUOTE), Cancelled()]
    told = fold([*late, Settled(TRAIL, 8_300_000, 69_000)])
    assert told == PaidLate(ATTEMPT, 8_300_000, 69_000, TRAIL)
    assert fold([*late, CameLate(TRAIL, 8_300_000), Audited(8_300_000, 69_000, last=False)]) == told


def test_a_surplus_of_late_money_that_staff_have_not_read_of_is_told_by_itself() -> None:
    known = fold([Opened(ATTEMPT), Quoted(QUOTE), Cancelled(), Settled(TRAIL, 0, 0), Acknowledged()])
    told = step(known, Audited(8_300_000, 69_000, last=False))
    assert told == Overpaid(ATTEMPT, 69_000, TRAIL, late=True)
    served = step(told, Acknowledged())
    assert step(served, Audited(8_300_000, 69_000)) == TakenOver(ATTEMPT, ATTEMPT.amount)
    assert step(step(told, Audited()), Acknowledged()) == TakenOver(ATTEMPT, ATTEMPT.amount)


def test_more_than_the_surplus_that_was_told_is_told_again() -> None:
    shown = fold([Opened(ATTEMPT), Settled(TRAIL, 8_300_000, 69_000), HandedOver()])
    more = step(shown, Audited(8_400_000, 169_000, last=False))
    assert more == Overpaid(ATTEMPT, 169_000, TRAIL)
    assert step(step(more, Acknowledged()), Audited(8_500_000, 269_000)) == Overpaid(ATTEMPT, 269_000)


def test_less_than_a_satoshi_too_much_is_nobodys_business() -> None:
    served = Served(Paid(ATTEMPT, 0, 0, TRAIL))
    assert step(served, Audited(8_231_999, 999)) == Fulfilled(ATTEMPT)
    assert step(served, Audited(8_232_000, 1_000)) == Overpaid(ATTEMPT, 1_000)


def test_a_satoshi_too_much_is_a_surplus_and_less_is_none() -> None:
    assert [has_surplus(Paid(ATTEMPT, 8_232_000, over_msat)) for over_msat in (999, 1_000)] == [False, True]


def test_a_surplus_that_was_shown_is_not_told_twice() -> None:
    shown = fold([Opened(ATTEMPT), Settled(TRAIL, 8_300_000, 69_000)])
    assert step(shown, Audited()) == Paid(ATTEMPT, 8_300_000, 69_000)
    assert step(step(shown, HandedOver()), Audited(8_300_000, 69_000)) == Fulfilled(ATTEMPT)


def test_a_part_that_staff_know_of_is_told_again_when_more_comes() -> None:
    known = Lapsed(ATTEMPT, TRAIL, PART, reported=True)
    assert step(known, PartReceived(REST_QUOTE, PART)) is known
    more = step(known, PartReceived(REST_QUOTE, MORE))
    assert more == Lapsed(ATTEMPT, TRAIL, MORE, reported=False)
    assert step(more, WatchEnded()) is more


@pytest.mark.parametrize(
    ("state", "event", "remembered"),
    [
        (Awaiting(ATTEMPT, QUOTE), Settled(TRAIL, 8_300_000, 69_000), Paid(ATTEMPT, 8_300_000, 69_000, TRAIL)),
        (Awaiting(ATTEMPT, QUOTE), Noticed(TRAIL), Confirming(ATTEMPT, TRAIL)),
        (Awaiting(ATTEMPT, QUOTE), mismatched(PART), Refused(ATTEMPT, TRAIL, mismatched(PART), PART)),
        (
            Refused(ATTEMPT, TRAIL, mismatched(PART), PART),
            RanOut(TRAIL, MORE, "invalid"),
            Refused(ATTEMPT, TRAIL, mismatched(PART), MORE),
        ),
        (Withdrawn(ATTEMPT, 6), Quoted(QUOTE), Lapsed(ATTEMPT, TRAIL, NOTHING, reported=True)),
        (Withdrawn(ATTEMPT, 6), Noticed(TRAIL), Lapsed(ATTEMPT, TRAIL, NOTHING, reported=True)),
        (Withdrawn(ATTEMPT, 6), PartReceived(QUOTE, PART), Lapsed(ATTEMPT, TRAIL, PART, reported=False)),
        (Withdrawn(ATTEMPT, 6), RanOut(TRAIL, NOTHING, "expired"), Lapsed(ATTEMPT, TRAIL, NOTHING, reported=True)),
    ],
)
def test_where_money_may_come_and_what_came_is_remembered(state: State, event: Event, remembered: State) -> None:
    assert step(state, event) == remembered


def test_a_part_that_somebody_took_note_of_is_counted_when_the_watch_ends() -> None:
    ended = step(Lapsed(ATTEMPT, TRAIL, PART, reported=True), WatchEnded())
    assert ended == TakenOver(ATTEMPT, Money(510, "JPY"))  # 1400 less the rest, 889.7 rounded up


def test_a_second_answer_that_finds_nothing_leaves_the_request_to_be_made() -> None:
    ready = Creating(ATTEMPT, 0)
    assert step(ready, NotFound()) is ready


def test_a_second_lost_answer_changes_nothing_while_the_look_ups_are_all_still_to_come() -> None:
    for looking in (Creating(ATTEMPT, LOOKS), Withdrawn(ATTEMPT, LOOKS_WITHDRAWN)):
        assert step(looking, AnswerLost("slow")) is looking


def test_of_a_payment_whose_beginning_was_lost_nothing_is_left_before_a_birth() -> None:
    assert from_birth([Quoted(QUOTE), Opened(ATTEMPT), Cancelled()]) == (Opened(ATTEMPT), Cancelled())
    assert from_birth([Quoted(QUOTE), Cancelled()]) == from_birth([]) == ()


def test_every_answer_that_speaks_of_an_invoice_says_of_which() -> None:
    told = {type(event).__name__ for event in EVENTS if trail_in(event) == TRAIL}
    assert told == {"Quoted", "PartReceived", "Mismatched", "Noticed", "Settled", "RanOut", "CameLate"}
    assert {trail_in(event) for event in EVENTS} == {TRAIL, None}


def test_a_payment_cannot_begin_in_the_middle() -> None:
    with pytest.raises(ValueError, match="cannot begin with Quoted"):
        fold([Quoted(QUOTE)])


@given(st.lists(st.sampled_from(EVENTS)))
def test_any_row_of_events_leads_to_a_state_that_has_a_duty_or_an_end(events: list[Event]) -> None:
    state = fold([Opened(ATTEMPT), *events])
    assert duty(state) is not None or isinstance(state, Paid | PaidLate | Overpaid | Closed)
    assert not (at_counter(state) and owed_to_staff(state))
    money = any(isinstance(event, Settled | CameLate) for event in events)
    assert money or not isinstance(state, Paid | PaidLate | Served | Overpaid | Fulfilled)


@given(st.lists(st.sampled_from(EVENTS)))
def test_the_same_news_twice_is_no_news(events: list[Event]) -> None:
    state: State = birth(Opened(ATTEMPT))
    for event in events:
        state = step(state, event)
        # Only look-ups that find nothing are counted.
        assert step(state, event) is state or isinstance(event, NotFound)


@given(st.integers(1, 10**9), st.integers(1, 10**12), st.integers(0, 10**12))
def test_the_rest_is_rounded_up_and_never_more_than_the_whole(minor: int, due_msat: int, paid_msat: int) -> None:
    rest = rest_of(Money(minor, "JPY"), Received(paid_msat, due_msat)).minor
    whole_msat = paid_msat + due_msat
    assert 1 <= rest <= minor
    assert rest * whole_msat >= minor * due_msat, "the customer is asked for less than is missing"
    assert (rest - 1) * whole_msat < minor * due_msat, "the customer is asked for more than rounding up"
    assert rest + minor * paid_msat // whole_msat == minor, "rest and paid part make the whole"


def test_nothing_received_leaves_the_whole_amount() -> None:
    assert Received() == Received(paid_msat=0, due_msat=0)
    assert rest_of(Money(1400, "JPY"), Received()) == Money(1400, "JPY")


def test_only_an_unsettled_attempt_has_received_a_part() -> None:
    assert {received_by(state) for state in STATES if isinstance(state, Paid | PaidLate | Awaiting)} == {NOTHING}
    assert received_by(PartPaid(ATTEMPT, REST_QUOTE, PART)) == PART
