"""The engine alone, and then the whole till in a simulated bar where the power may go at any row of the journal."""

import logging
from collections.abc import Iterator
from dataclasses import replace

import pytest
from hypothesis import given, note, settings
from hypothesis import strategies as st

from pos.core.duties import Create, LookUp, Watch
from pos.core.money import Money
from pos.core.notices import Notice
from pos.core.payment_events import (
    Acknowledged,
    AnswerLost,
    Audited,
    CameLate,
    Cancelled,
    Entry,
    Event,
    HandedOver,
    NotFound,
    Opened,
    PartReceived,
    Quoted,
    RanOut,
    Received,
    Restarted,
    Settled,
    WatchEnded,
)
from pos.core.payment_states import Awaiting, Creating, Fulfilled, Lapsed, RunOut, TakenOver
from pos.engine import Engine
from pos.errors import JournalError
from tests.paper import Paper, PowerCut
from tests.samples import ATTEMPT, MORE, NOTHING, PART, QUOTE, REST_QUOTE, T0_S, TRAIL, TWIN
from tests.world import Crew, World

AT_MS = T0_S * 1000
SECOND = replace(ATTEMPT, number=2)
WATCH = Watch(ATTEMPT, TRAIL, QUOTE, quick=True)


class Bench:
    """An engine with a journal on paper and a crew that only takes notes."""

    def __init__(self, paper: Paper | None = None) -> None:
        self.paper = paper or Paper()
        self.crew = Crew()
        self.engine = Engine(self.paper, self.crew, lambda: AT_MS)

    def begin(self, *events: Event) -> "Bench":
        """Open the attempt and let this happen to it."""
        self.engine.open(ATTEMPT)
        for event in events:
            assert self.engine.tell(ATTEMPT.id, event)
        return self

    def kinds(self, payment_id: str = ATTEMPT.id) -> list[str]:
        """Name what stands in the journal."""
        return [kind for subject, kind, _, _ in self.paper.rows if subject == payment_id]

    def duties(self) -> dict[str, object]:
        """Tell what the crew is to do."""
        return {payment_id: task.duty for payment_id, task in self.crew.tasks.items()}


def test_an_attempt_is_in_the_journal_before_anybody_is_asked_for_an_invoice() -> None:
    bench = Bench()
    bench.paper.fate = ["full"]
    with pytest.raises(JournalError):
        bench.engine.open(ATTEMPT)
    assert (bench.engine.payments, bench.duties()) == ({}, {})
    bench.engine.open(ATTEMPT)
    assert (bench.kinds(), bench.duties()) == (["Opened"], {ATTEMPT.id: Create(ATTEMPT)})


def test_what_cannot_be_written_is_not_believed() -> None:
    bench = Bench().begin()
    bench.paper.fate = ["full"]
    with pytest.raises(JournalError):
        bench.engine.tell(ATTEMPT.id, Quoted(QUOTE))
    assert bench.engine.payments == {ATTEMPT.id: Creating(ATTEMPT, 0)}
    assert bench.duties() == {ATTEMPT.id: Create(ATTEMPT)}


def test_an_event_that_changes_nothing_is_not_written() -> None:
    bench = Bench().begin(Quoted(QUOTE))
    rows = list(bench.paper.rows)
    assert not bench.engine.tell(ATTEMPT.id, Quoted(QUOTE))
    assert not bench.engine.tell("K1-0001-1", Quoted(QUOTE))
    assert bench.paper.rows == rows


def test_a_duty_that_stays_the_same_is_not_begun_again() -> None:
    bench = Bench().begin(AnswerLost("slow"))
    task = bench.crew.tasks[ATTEMPT.id]
    assert bench.engine.tell(ATTEMPT.id, NotFound())
    assert bench.crew.tasks[ATTEMPT.id] is task


def test_the_last_event_is_marked_as_final_and_ends_the_duty() -> None:
    bench = Bench().begin(Quoted(QUOTE), Settled(TRAIL, 8_231_000, 0), HandedOver(), Audited())
    assert [final for *_, final in bench.paper.rows] == [False, False, False, False, True]
    assert (bench.engine.payments, bench.duties()) == ({}, {})
    assert bench.engine.history(ATTEMPT.order) == {ATTEMPT.id: Fulfilled(ATTEMPT)}


# --- starting again --------------------------------------------------------------------------------------------------


def test_a_live_qr_comes_back_as_the_same_qr() -> None:
    again = Bench(Bench().begin(Quoted(QUOTE)).paper)
    again.engine.recover()
    assert again.engine.payments == {ATTEMPT.id: Awaiting(ATTEMPT, QUOTE)}
    assert again.duties() == {ATTEMPT.id: WATCH}
    assert "Restarted" not in again.kinds()


def test_a_request_that_may_have_been_heard_is_looked_for_after_a_restart() -> None:
    again = Bench(Bench().begin().paper)
    again.engine.recover()
    assert again.kinds() == ["Opened", "Restarted"]
    assert again.duties() == {ATTEMPT.id: LookUp(ATTEMPT)}


@pytest.mark.parametrize("withdrawn", [False, True])
def test_a_restart_between_two_look_ups_goes_on_looking(withdrawn: bool) -> None:
    """The customer saw "checking the earlier request" for ever: the duty was the old one, and nobody had it."""
    events: list[Event] = [AnswerLost("slow"), Cancelled(), NotFound()]
    if not withdrawn:
        events.remove(Cancelled())
    again = Bench(Bench().begin(*events).paper)
    again.engine.recover()
    assert again.duties() == {ATTEMPT.id: LookUp(ATTEMPT, quick=not withdrawn)}


def test_payments_are_taken_up_in_the_order_they_were_opened() -> None:
    bench = Bench().begin(Quoted(QUOTE))
    bench.engine.open(SECOND)
    assert bench.engine.tell(ATTEMPT.id, Cancelled())
    again = Bench(bench.paper)
    again.engine.recover()
    assert list(again.engine.payments) == [ATTEMPT.id, SECOND.id]


def test_a_journal_that_breaks_while_it_is_read_can_be_taken_up_again() -> None:
    bench = Bench().begin()
    bench.engine.open(SECOND)
    again = Bench(bench.paper)
    again.paper.fate = ["full"]
    with pytest.raises(JournalError):
        again.engine.recover()
    again.engine.recover()
    assert again.duties() == {ATTEMPT.id: LookUp(ATTEMPT), SECOND.id: LookUp(SECOND)}


@pytest.mark.logs_errors
def test_an_end_that_the_journal_did_not_mark_is_reported_and_left_alone() -> None:
    paper = Bench().begin(Quoted(QUOTE), Settled(TRAIL, 1, 0), Audited()).paper
    paper.append([Entry(ATTEMPT.id, HandedOver(), final=False)], AT_MS)
    again = Bench(paper)
    again.engine.recover()
    assert again.engine.payments == {}


@pytest.mark.logs_errors
def test_a_payment_behind_one_whose_end_was_not_marked_is_still_taken_up(caplog: pytest.LogCaptureFixture) -> None:
    paper = Bench().begin(Quoted(QUOTE), Settled(TRAIL, 1, 0), Audited()).paper
    paper.append([Entry(ATTEMPT.id, HandedOver(), final=False)], AT_MS)
    paper.append([Entry(SECOND.id, Opened(SECOND), final=False)], AT_MS)
    again = Bench(paper)
    with caplog.at_level(logging.ERROR, "pos.engine"):
        again.engine.recover()
    assert caplog.messages == [f"recover payment={ATTEMPT.id} state=Fulfilled already closed"]
    assert again.duties() == {SECOND.id: LookUp(SECOND)}


def test_a_payment_is_still_taken_up_after_the_second_power_cut() -> None:
    once = Bench(Bench().begin().paper)
    once.engine.recover()
    twice = Bench(once.paper)
    twice.engine.recover()
    assert twice.duties() == {ATTEMPT.id: LookUp(ATTEMPT)}


def test_the_log_has_one_line_for_each_event_and_each_payment_that_is_taken_up(
    caplog: pytest.LogCaptureFixture,
) -> None:
    with caplog.at_level(logging.INFO, "pos.engine"):
        paper = Bench().begin(Quoted(QUOTE)).paper
        Bench(paper).engine.recover()
    assert caplog.messages == [
        f"event payment={ATTEMPT.id} kind=Opened",
        f"event payment={ATTEMPT.id} kind=Quoted",
        f"recover payment={ATTEMPT.id} state=Awaiting",
    ]


# --- twins -----------------------------------------------------------------------------------------------------------


def test_a_duplicate_invoice_is_watched_once_and_never_shown() -> None:
    bench = Bench().begin(Quoted(QUOTE))
    assert bench.engine.find_twin(TWIN, TRAIL)
    assert not bench.engine.find_twin(TWIN, TRAIL)
    assert bench.duties()[TWIN.id] == Watch(TWIN, TRAIL, None, quick=False)
    assert bench.engine.tell(TWIN.id, WatchEnded())
    assert not bench.engine.find_twin(TWIN, TRAIL), "it has come to an end already"


def test_the_qr_on_the_screen_stays_when_a_late_answer_brings_another_invoice_and_both_are_watched() -> None:
    """The customer was shown one QR, then another of the same price, and nobody looked at the first any more."""
    bench = Bench().begin(Quoted(QUOTE))
    other = replace(QUOTE, trail=replace(TRAIL, invoice_id="Late7"), bolt11="lnbcrt1late")
    assert bench.engine.tell(ATTEMPT.id, Quoted(other))
    twin = replace(ATTEMPT, twin="Late7")
    assert bench.engine.payments[ATTEMPT.id] == Awaiting(ATTEMPT, QUOTE)
    assert bench.duties() == {ATTEMPT.id: WATCH, twin.id: Watch(twin, other.trail, None, quick=False)}
    assert not bench.engine.tell(ATTEMPT.id, Quoted(other)), "it is watched already"


def test_a_duplicate_invoice_is_still_watched_after_a_restart() -> None:
    bench = Bench().begin(Quoted(QUOTE))
    assert bench.engine.find_twin(TWIN, TRAIL)
    again = Bench(bench.paper)
    again.engine.recover()
    assert again.duties() == {ATTEMPT.id: WATCH, TWIN.id: Watch(TWIN, TRAIL, None, quick=False)}


# --- a new QR for the same order -------------------------------------------------------------------------------------


def test_a_new_qr_and_the_end_of_the_wait_for_the_old_one_are_written_together() -> None:
    bench = Bench().begin(Quoted(QUOTE), RanOut(TRAIL, NOTHING, "expired"))
    bench.paper.fate = ["full"]
    with pytest.raises(JournalError):
        bench.engine.open(SECOND, instead_of=ATTEMPT.id)
    assert bench.engine.payments == {ATTEMPT.id: RunOut(ATTEMPT, TRAIL, NOTHING, "expired")}
    bench.engine.open(SECOND, instead_of=ATTEMPT.id)
    assert bench.engine.payments == {
        ATTEMPT.id: Lapsed(ATTEMPT, TRAIL, NOTHING, reported=True),
        SECOND.id: Creating(SECOND, 0),
    }
    assert bench.duties()[ATTEMPT.id] == Watch(ATTEMPT, TRAIL, None, quick=False)
    assert (bench.kinds()[-1], bench.kinds(SECOND.id)) == ("Superseded", ["Opened"])


def test_a_new_qr_instead_of_one_that_is_over_just_begins() -> None:
    bench = Bench()
    bench.engine.open(SECOND, instead_of=ATTEMPT.id)
    assert bench.kinds() == []
    assert list(bench.engine.payments) == [SECOND.id]


def test_the_next_attempt_asks_for_the_whole_order_when_nothing_came() -> None:
    bench = Bench().begin(Quoted(QUOTE), RanOut(TRAIL, NOTHING, "expired"))
    again = bench.engine.next_attempt(ATTEMPT, "feed02")
    assert (again.id, again.amount, again.intent) == ("K1-0042-2", Money(1400, "JPY"), "feed02")


def test_the_next_attempt_asks_for_the_rest_rounded_up_and_the_one_after_it_for_the_rest_of_that() -> None:
    bench = Bench().begin(Quoted(QUOTE), PartReceived(REST_QUOTE, PART), RanOut(TRAIL, PART, "expired"))
    second = bench.engine.next_attempt(ATTEMPT, "feed02")
    assert second.amount == Money(890, "JPY")  # 1400 x 5,231,000 / 8,231,000 = 889.7
    bench.engine.open(second, instead_of=ATTEMPT.id)
    half = Received(2_616_000, 2_616_000)
    assert bench.engine.tell(second.id, RanOut(TRAIL, half, "expired"))
    third = bench.engine.next_attempt(second, "feed03")
    assert (third.id, third.amount) == ("K1-0042-3", Money(445, "JPY"))
    # More of the first one comes in while the second stands there: it is known, and is not asked for again.
    assert bench.engine.tell(ATTEMPT.id, RanOut(TRAIL, MORE, "expired"))
    assert bench.engine.next_attempt(second, "feed03").amount == Money(445 - 170, "JPY")


def test_a_duplicate_neither_counts_as_an_attempt_nor_as_money() -> None:
    bench = Bench().begin(Quoted(QUOTE), RanOut(TRAIL, NOTHING, "expired"))
    bench.engine.find_twin(TWIN, TRAIL)
    again = bench.engine.next_attempt(ATTEMPT, "feed02")
    assert (again.number, again.amount) == (2, Money(1400, "JPY"))


def test_history_knows_the_attempts_that_are_over() -> None:
    bench = Bench().begin(Quoted(QUOTE), Cancelled(), CameLate(TRAIL, 8_231_000), Acknowledged(), Audited())
    bench.engine.open(SECOND)
    taken_over = TakenOver(ATTEMPT, ATTEMPT.amount)
    assert bench.engine.history(ATTEMPT.order) == {ATTEMPT.id: taken_over, SECOND.id: Creating(SECOND, 0)}
    assert bench.engine.history(replace(ATTEMPT.order, number=43)) == {}


def test_late_money_of_two_orders_is_told_order_by_order() -> None:
    other = replace(ATTEMPT, order=replace(ATTEMPT.order, number=43))
    bench = Bench().begin(Quoted(QUOTE), Cancelled(), CameLate(TRAIL, 8_231_000))
    bench.engine.open(other)
    for event in (Quoted(QUOTE), Cancelled(), RanOut(TRAIL, PART, "expired")):
        assert bench.engine.tell(other.id, event)
    assert bench.engine.notices() == {ATTEMPT.id: Notice.LATE, other.id: Notice.SHORT}


# --- the bar ---------------------------------------------------------------------------------------------------------

# What happens more often stands here more often; "round" and "new qr" lead to where the rare things matter.
ACTS = (
    *("round",) * 6,
    *("round twice",) * 2,
    *("tap",) * 4,
    *("read",) * 3,
    *("visit",) * 3,
    *("new qr", "sale", "pay", "pay half", "time", "cut after") * 2,
    *("visit unheard", "visit lost", "visit slow", "visit crooked", "server wakes", "pay slowly"),
    *("stale tap", "cut", "cut before", "full"),
)


@pytest.fixture
def _quiet() -> Iterator[None]:
    """Leave the log alone: a bar with a full disk every few minutes has a lot to say."""
    logging.disable(logging.CRITICAL)
    yield
    logging.disable(logging.NOTSET)


@pytest.mark.usefixtures("_quiet")
@settings(max_examples=3000, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(ACTS), st.integers(0, 7)), max_size=60))
def test_whoever_paid_is_served_or_reported_and_nobody_else(evening: list[tuple[str, int]]) -> None:
    world = World()
    try:
        world.act("sale", 0)
        for kind, n in evening:
            world.act(kind, n)
        world.settle_down()
    except AssertionError:
        note("\n".join(world.story))
        raise


@pytest.mark.parametrize("cut", ["cut before", "cut after", "full"])
@pytest.mark.parametrize("at", range(6))
@pytest.mark.usefixtures("_quiet")
def test_a_sale_survives_trouble_at_each_row_of_its_journal(cut: str, at: int) -> None:
    world = World()
    world.paper.fate = [""] * at + [cut]
    for act in ("sale", "round", "pay", "round", "time", "time", "round", "round", "round"):
        world.act(act, 0)
    world.settle_down()
    assert [bill.due_msat for bill in world.server.bills if bill.paid_msat] in ([], [0])


def test_the_world_does_cut_the_power() -> None:
    """The bar is only worth something if its troubles happen: before and after a row, and a full disk."""
    paper = Paper()
    entries = [Entry(ATTEMPT.id, Opened(ATTEMPT), final=False)]
    paper.fate = ["cut before", "cut after", "full", ""]
    for raised, rows in ((PowerCut, 0), (PowerCut, 1), (JournalError, 1)):
        with pytest.raises(raised):
            paper.append(entries, AT_MS)
        assert len(paper.rows) == rows
    paper.append([Entry(ATTEMPT.id, Restarted(), final=False)], AT_MS)
    assert [kind for _, kind, _, _ in paper.rows] == ["Opened", "Restarted"]


def test_an_invoice_of_an_attempt_that_the_journal_lost_is_watched_once() -> None:
    bench = Bench()
    stray, other = replace(ATTEMPT, twin="Inv7"), replace(ATTEMPT, twin="Inv8")
    assert bench.engine.adopt(stray, TRAIL)
    assert bench.crew.tasks[stray.id].duty == Watch(stray, TRAIL, None, quick=False)
    assert not bench.engine.adopt(stray, TRAIL)
    # The server had made two of them.
    assert bench.engine.adopt(other, TRAIL)
    assert list(bench.engine.payments) == [stray.id, other.id]


def test_an_invoice_of_an_attempt_that_the_journal_knows_is_not_taken_up() -> None:
    bench = Bench().begin(Quoted(QUOTE), Settled(TRAIL, 1, 0), HandedOver())
    assert not bench.engine.adopt(replace(ATTEMPT, twin="Inv7"), TRAIL)
    # Another order had the same number once, before numbers leapt: it is told apart by its random part.
    assert bench.engine.adopt(replace(ATTEMPT, intent="0ther1", twin="Inv7"), TRAIL)
