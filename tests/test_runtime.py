"""The workers, with real threads and a desk in the server's place.

Rule: nothing is timed. A test waits for what must happen, and where something must not happen it lets the health probe
tick meanwhile, which is this file's clock.
"""

import logging
import select
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pos.btcpay.clerk import Answer
from pos.core.duties import Audit, Create, Duty, LookUp, Watch
from pos.core.problem import Problem
from pos.errors import Broken, BTCPayError, Denied, Unreachable
from pos.mailbox import Drawn, Failed, Health, Letter, Mailbox, Seen
from pos.pace import Pace
from pos.runtime import SWEEP_EVERY, Crew
from tests.samples import ATTEMPT, QUOTE, TRAIL

SOON_S = 10.0
AGES = 3600.0
MANY = 20_000
AT_ONCE = Pace(
    quick_s=0.0,
    steady_s=0.0,
    lapsed_s=((float("inf"), 0.0),),
    look_up_gap_s=0.0,
    idle_look_up_s=0.0,
    audit_s=(0.0, 0.0),
    audit_for_s=AGES,
    back_off_s=0.0005,
    back_off_most_s=0.001,
    health_s=0.001,
)
SLOW = Pace(quick_s=AGES, steady_s=AGES, back_off_s=AGES, back_off_most_s=AGES, health_s=AGES)
HEARD = Unreachable(Problem.CUT_OFF, "reset", maybe_heard=True)
NOT_HEARD = Unreachable(Problem.UNREACHABLE, "refused", maybe_heard=False)

WELL = Health(None, synchronized=True, version="2.4.1")

QUICK = Watch(ATTEMPT, TRAIL, QUOTE, quick=True)
LAPSED = Watch(ATTEMPT, TRAIL, None, quick=False)
AUDIT = Audit(ATTEMPT, TRAIL)


def of(payment: str, duty: Duty) -> Duty:
    """Make a duty belong to a payment."""
    return replace(duty, attempt=replace(ATTEMPT, intent=payment))


@dataclass(frozen=True, slots=True)
class Visit:
    """One call that a worker made."""

    payment: str
    kind: str
    worker: str
    sweep: bool
    last: bool = False


@dataclass(slots=True)
class Desk:
    """What all fake clerks share: what they were asked, what they are to answer, and where they have to wait."""

    changed: threading.Condition = field(default_factory=threading.Condition)
    visits: list[Visit] = field(default_factory=list)
    inside: list[str] = field(default_factory=list)
    overlaps: list[str] = field(default_factory=list)
    probes: list[str] = field(default_factory=list)
    versions: int = 0
    hired: int = 0
    closed: int = 0
    faults: dict[str, list[Exception]] = field(default_factory=dict)
    gates: dict[str, threading.Event] = field(default_factory=dict)

    def wait_for(self, happened: Callable[[], bool]) -> None:
        """Wait until something has happened at the desk."""
        with self.changed:
            assert self.changed.wait_for(happened, SOON_S), f"it never happened; visits: {self.visits[-5:]}"

    def let_time_pass(self, probes: int = 5) -> None:
        """Let the health probe come round some times, so that whatever else is due has been done."""
        seen = len(self.probes)
        self.wait_for(lambda: len(self.probes) >= seen + probes)

    def gate(self, name: str) -> threading.Event:
        """Make whoever comes for `name` wait until the event is set."""
        self.gates[name] = threading.Event()
        return self.gates[name]

    def count(self, payment: str, kind: str = "") -> int:
        """Count the visits for a payment."""
        return sum(visit.payment == payment and kind in ("", visit.kind) for visit in self.visits)

    def enter(self, name: str, visit: Visit | None) -> None:
        """Note a call, and hold it at its gate."""
        with self.changed:
            if visit is not None:
                self.overlaps += [name] if name in self.inside else []
                self.inside.append(name)
                self.visits.append(visit)
            else:
                self.probes.append(threading.current_thread().name)
            self.changed.notify_all()
            gate = self.gates.get(name)
        if gate is not None:
            assert gate.wait(SOON_S)

    def leave(self, name: str) -> None:
        """End a call with the fault that was scripted for it, if any."""
        with self.changed:
            if name in self.inside:
                self.inside.remove(name)
            fault = next(iter(self.faults.get(name, [])), None)
            if fault is not None:
                self.faults[name].pop(0)
        if fault is not None:
            raise fault


class FakeClerk:
    """A clerk whose server is the desk."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        desk.hired += 1

    def perform(self, duty: Duty, *, sweep: bool = False, last: bool = False) -> Answer:
        """Note the visit; the answer carries the number of the payment's visit as its clock."""
        desk, payment = self._desk, duty.attempt.intent
        desk.enter(payment, Visit(payment, type(duty).__name__, threading.current_thread().name, sweep, last))
        number = desk.count(payment)
        desk.leave(payment)
        return Answer((), (), number)

    def healthy(self) -> bool:
        """Note the probe."""
        self._desk.enter("health", None)
        self._desk.leave("health")
        return True

    def version(self) -> str:
        """Be of a version that grows each time it is asked for."""
        self._desk.versions += 1
        return f"2.4.{self._desk.versions}"

    def close(self) -> None:
        """Note it."""
        self._desk.closed += 1


@dataclass(slots=True)
class Place:
    """A crew at work."""

    desk: Desk = field(default_factory=Desk)
    mailbox: Mailbox = field(default_factory=Mailbox)
    crew: Crew | None = None

    def work(self, pace: Pace = AT_ONCE, **duties: Duty) -> Crew:
        """Start a crew with these duties."""
        self.crew = Crew(lambda: FakeClerk(self.desk), self.mailbox, pace, Random(7))
        for payment, duty in duties.items():
            self.crew.assign(payment, of(payment, duty))
        self.crew.start()
        return self.crew

    def letters(self, enough: Callable[[list[Letter]], bool]) -> list[Letter]:
        """Collect letters until there are enough."""
        letters: list[Letter] = []
        while not enough(letters):
            assert len(letters) < MANY, f"not among {letters[-5:]}"
            assert select.select([self.mailbox], [], [], SOON_S)[0], f"no more letters after {letters[-5:]}"
            letters += self.mailbox.collect()
        return letters

    def letter(self, kind: type[Letter]) -> Letter:
        """Wait for a letter of some kind."""
        return next(
            letter
            for letter in self.letters(lambda letters: any(isinstance(one, kind) for one in letters))
            if isinstance(letter, kind)
        )


@pytest.fixture
def place() -> Iterator[Place]:
    place = Place()
    yield place
    for gate in place.desk.gates.values():
        gate.set()
    if place.crew is not None:
        place.crew.stop(SOON_S)
    place.mailbox.close()


# One payment, one worker


def seen_of(payment: str, letters: Sequence[Letter]) -> int:
    return sum(isinstance(one, Seen) and one.payment_id == payment for one in letters)


def test_payment_never_has_two_visits_at_a_time_and_its_letters_keep_their_order(place: Place) -> None:
    duties = {f"p{number}": duty for number, duty in enumerate([QUICK, QUICK, QUICK, LAPSED, LAPSED, LookUp(ATTEMPT)])}
    crew = place.work(**duties)
    letters: list[Letter] = []
    for turn in range(60):
        payment = f"p{turn % 6}"
        crew.assign(payment, of(payment, QUICK if turn % 2 else LAPSED))
        crew.hurry()
        letters += place.letters(lambda some: len(some) >= 20)
    # How the workers share the processor is not theirs to say: each payment is waited for until it was seen often.
    letters += place.letters(lambda some: all(seen_of(payment, [*letters, *some]) > 10 for payment in duties))
    assert place.desk.overlaps == []
    for payment in duties:
        numbers = [one.answer.server_now_s for one in letters if isinstance(one, Seen) and one.payment_id == payment]
        assert len(numbers) > 10
        assert all(earlier < later for earlier, later in pairwise(numbers))


def test_new_duty_waits_until_the_call_for_the_old_one_has_ended(place: Place) -> None:
    gate = place.desk.gate("p")
    crew = place.work(p=Create(ATTEMPT))
    place.desk.wait_for(lambda: place.desk.count("p") == 1)
    crew.assign("p", of("p", LookUp(ATTEMPT)))
    crew.assign("other", of("other", QUICK))
    place.desk.wait_for(lambda: place.desk.count("other") >= 5)
    assert place.desk.count("p", "LookUp") == 0
    gate.set()
    place.desk.wait_for(lambda: place.desk.count("p", "LookUp") >= 1)
    assert place.desk.overlaps == []


# Creating


def test_invoice_that_was_made_is_not_asked_for_again(place: Place) -> None:
    crew = place.work(p=Create(ATTEMPT))
    assert place.letter(Seen).answer == Answer((), (), 1)
    crew.hurry()
    place.desk.let_time_pass()
    assert place.desk.count("p") == 1


@pytest.mark.parametrize("fault", [HEARD, Broken(Problem.SERVER_ERROR, "status=500", maybe_heard=True)])
def test_invoice_that_may_have_been_made_is_not_asked_for_again(place: Place, fault: BTCPayError) -> None:
    place.desk.faults["p"] = [fault]
    crew = place.work(p=Create(ATTEMPT))
    assert place.letter(Failed) == Failed("p", fault.problem, answer_lost=True)
    for _ in range(3):
        crew.hurry()
        place.desk.let_time_pass()
    assert place.desk.count("p") == 1
    crew.assign("p", of("p", LookUp(ATTEMPT)))
    place.desk.wait_for(lambda: place.desk.count("p", "LookUp") >= 3)
    assert place.desk.count("p", "Create") == 1


def test_request_that_was_not_heard_is_made_again(place: Place) -> None:
    place.desk.faults["p"] = [NOT_HEARD, Denied(Problem.KEY_UNKNOWN, "status=401", maybe_heard=False), NOT_HEARD]
    place.work(p=Create(ATTEMPT))
    letters = place.letters(lambda some: any(isinstance(one, Seen) for one in some))
    assert [one for one in letters if isinstance(one, Failed)] == [
        Failed("p", Problem.UNREACHABLE, answer_lost=False),
        Failed("p", Problem.KEY_UNKNOWN, answer_lost=False),
        Failed("p", Problem.UNREACHABLE, answer_lost=False),
    ]
    assert place.desk.count("p", "Create") == 4


def test_hurry_does_not_shorten_the_time_a_slow_server_is_given(place: Place) -> None:
    crew = place.work(replace(AT_ONCE, look_up_gap_s=AGES), p=LookUp(ATTEMPT))
    place.letter(Seen)
    for _ in range(3):
        crew.hurry()
        place.desk.let_time_pass()
    assert place.desk.count("p") == 1


def test_hurry_repeats_a_look_up_that_failed(place: Place) -> None:
    place.desk.faults["p"] = [NOT_HEARD]
    crew = place.work(replace(AT_ONCE, look_up_gap_s=AGES, back_off_s=AGES, back_off_most_s=AGES), p=LookUp(ATTEMPT))
    place.letter(Failed)
    place.desk.let_time_pass()
    assert place.desk.count("p") == 1
    crew.hurry()
    assert place.letter(Seen).answer == Answer((), (), 2)


# Watching


@pytest.mark.parametrize("duty", [QUICK, LAPSED, LookUp(ATTEMPT)])
def test_watch_goes_on_whatever_fails(place: Place, duty: Duty) -> None:
    place.desk.faults["p"] = [HEARD, NOT_HEARD, Broken(Problem.NONSENSE, "x", maybe_heard=True)] * 10
    place.work(p=duty)
    letters = place.letters(lambda some: sum(isinstance(one, Seen) for one in some) >= 5)
    failed = [one for one in letters if isinstance(one, Failed)]
    assert len(failed) == 30
    assert not any(one.answer_lost for one in failed)


def test_every_tenth_visit_looks_for_duplicates(place: Place) -> None:
    place.work(p=QUICK)
    place.desk.wait_for(lambda: place.desk.count("p") >= 3 * SWEEP_EVERY)
    sweeps = [number for number, visit in enumerate(place.desk.visits[: 3 * SWEEP_EVERY], 1) if visit.sweep]
    assert sweeps == [SWEEP_EVERY, 2 * SWEEP_EVERY, 3 * SWEEP_EVERY]


def test_payment_that_is_over_is_left_alone(place: Place) -> None:
    crew = place.work(p=QUICK)
    place.desk.wait_for(lambda: place.desk.count("p") >= 3)
    crew.assign("p", None)
    place.desk.let_time_pass(1)
    visits = place.desk.count("p")
    crew.assign("p", None)
    crew.hurry()
    place.desk.let_time_pass()
    assert place.desk.count("p") == visits


def test_failing_watch_of_nobodys_sale_keeps_to_its_pace(place: Place) -> None:
    place.desk.faults["p"] = [NOT_HEARD]
    crew = place.work(replace(AT_ONCE, lapsed_s=((float("inf"), AGES),)), p=LAPSED)
    place.letter(Failed)
    place.desk.let_time_pass()
    assert place.desk.count("p") == 1
    crew.hurry()
    place.desk.wait_for(lambda: place.desk.count("p") == 2)


def test_paid_is_drawn_before_duplicates_are_looked_for(place: Place) -> None:
    crew = place.work(replace(AT_ONCE, audit_s=(AGES, AGES)), p=QUICK)
    place.desk.wait_for(lambda: place.desk.count("p") >= 1)
    crew.assign("p", AUDIT)
    place.desk.let_time_pass()
    assert "Audit" not in {visit.kind for visit in place.desk.visits}
    crew.hurry()
    place.desk.wait_for(lambda: any(visit.kind == "Audit" for visit in place.desk.visits))


def test_duplicates_are_looked_for_until_no_server_can_be_making_one(place: Place) -> None:
    place.work(replace(AT_ONCE, audit_s=(0.0, 0.001), audit_for_s=0.02), p=AUDIT)
    place.desk.wait_for(lambda: any(visit.last for visit in place.desk.visits))
    assert [visit.last for visit in place.desk.visits][:2] == [False, False]


# Who works


def test_one_customer_is_served_by_one_warm_connection(place: Place) -> None:
    place.work(p=QUICK)
    place.desk.wait_for(lambda: place.desk.count("p") >= 50)
    assert {visit.worker for visit in place.desk.visits} == {"front"}
    assert place.desk.hired == 1


def test_call_that_hangs_does_not_hold_up_the_next_customer(place: Place) -> None:
    gate = place.desk.gate("first")
    crew = place.work(first=Create(ATTEMPT))
    place.desk.wait_for(lambda: place.desk.count("first") == 1)
    crew.assign("second", of("second", QUICK))
    place.desk.wait_for(lambda: place.desk.count("second") >= 5)
    assert {visit.worker for visit in place.desk.visits if visit.payment == "second"} == {"relief"}
    gate.set()
    place.desk.wait_for(lambda: any(one == Visit("second", "Watch", "front", one.sweep) for one in place.desk.visits))


def test_probe_that_hangs_does_not_hold_up_the_customer(place: Place) -> None:
    place.desk.gate("health")
    crew = place.work()
    place.desk.wait_for(lambda: place.desk.probes == ["front"])
    crew.assign("p", of("p", QUICK))
    place.desk.wait_for(lambda: place.desk.count("p") >= 3)
    assert {visit.worker for visit in place.desk.visits} == {"relief"}


def test_relief_outlives_a_payment_that_waits_for_its_next_duty(place: Place) -> None:
    crew = place.work(made=Create(ATTEMPT))
    place.letter(Seen)
    place.desk.gate("health")
    crew.hurry()
    seen = len(place.desk.probes)
    place.desk.wait_for(lambda: len(place.desk.probes) > seen)
    crew.assign("p", of("p", QUICK))
    place.desk.wait_for(lambda: place.desk.count("p") >= 3)
    assert place.desk.count("made") == 1


def test_sales_nobody_waits_for_are_watched_apart(place: Place) -> None:
    gate = place.desk.gate("lapsed")
    crew = place.work(lapsed=LAPSED, p=QUICK)
    place.desk.wait_for(lambda: place.desk.count("lapsed") == 1 and place.desk.count("p") >= 5)
    gate.set()
    place.desk.wait_for(lambda: place.desk.count("lapsed") >= 5)
    idle = {"audit": AUDIT, "withdrawn": LookUp(ATTEMPT, quick=False)}
    for name, owed in idle.items():
        crew.assign(name, of(name, owed))
        place.desk.wait_for(lambda name=name: place.desk.count(name) >= 3)  # type: ignore[misc]
    assert {visit.worker for visit in place.desk.visits if visit.payment in {"lapsed", *idle}} == {"back"}
    assert "back" not in {visit.worker for visit in place.desk.visits if visit.payment == "p"}


# Health


def test_health_is_told(place: Place) -> None:
    place.work()
    assert place.letter(Health) == WELL
    assert set(place.desk.probes) == {"front"}


def test_health_that_fails_is_told_and_asked_for_again(place: Place, caplog: pytest.LogCaptureFixture) -> None:
    place.desk.faults["health"] = [NOT_HEARD, HEARD]
    place.work()
    letters = place.letters(lambda some: len(some) >= 3)
    assert letters[:3] == [Health(Problem.UNREACHABLE), Health(Problem.CUT_OFF), WELL]
    assert "health problem=unreachable refused" in caplog.text


def test_the_servers_version_is_asked_for_again_only_after_it_was_away(place: Place) -> None:
    place.work()
    letters = place.letters(lambda some: len(some) >= 3)
    assert letters[:3] == [WELL] * 3
    place.desk.faults["health"] = [NOT_HEARD]
    letters = place.letters(lambda some: replace(WELL, version="2.4.2") in some)
    assert Health(Problem.UNREACHABLE) in letters


def test_a_visit_tells_when_it_began(place: Place) -> None:
    before_s = time.monotonic()
    place.desk.gate("p")
    place.work(p=QUICK)
    place.desk.wait_for(lambda: place.desk.count("p") == 1)
    inside_s = time.monotonic()
    place.desk.gates["p"].set()
    assert before_s <= place.letter(Seen).begun_s <= inside_s


def test_health_is_not_asked_for_while_visits_succeed(place: Place) -> None:
    place.work(replace(AT_ONCE, health_s=AGES), p=QUICK)
    place.desk.wait_for(lambda: place.desk.count("p") >= 50)
    assert len(place.desk.probes) <= 1


def test_hurry_does_for_every_payment_what_was_waiting_its_turn(place: Place) -> None:
    payments = {"create": Create(ATTEMPT), "watch": QUICK, "lapsed": LAPSED}
    place.desk.faults |= {name: [NOT_HEARD] for name in payments}
    crew = place.work(SLOW, **payments)
    place.letters(lambda some: sum(isinstance(one, Failed) for one in some) == 3)
    crew.hurry()
    place.letters(lambda some: {one.payment_id for one in some if isinstance(one, Seen)} == payments.keys())


def test_hurry_asks_for_health(place: Place) -> None:
    place.desk.faults["health"] = [NOT_HEARD]
    crew = place.work(SLOW)
    assert place.letter(Health) == Health(Problem.UNREACHABLE)
    crew.hurry()
    assert place.letter(Health) == WELL


# Faults of our own


@pytest.mark.logs_errors
@pytest.mark.parametrize(("duty", "lost"), [(Create(ATTEMPT), True), (QUICK, False)])
def test_fault_of_the_tills_own_is_survived_and_never_makes_two_invoices(
    place: Place, caplog: pytest.LogCaptureFixture, duty: Duty, lost: bool
) -> None:
    place.desk.faults["p"] = [ZeroDivisionError("ours")]
    crew = place.work(p=duty)
    assert place.letter(Failed) == Failed("p", Problem.NONSENSE, answer_lost=lost)
    assert "ZeroDivisionError: ours" in caplog.text
    crew.assign("next", of("next", Create(ATTEMPT)))
    place.desk.wait_for(lambda: place.desk.count("next") == 1)
    assert place.desk.count("p", "Create") == lost


@pytest.mark.logs_errors
def test_fault_in_the_probe_is_survived(place: Place) -> None:
    place.desk.faults["health"] = [ZeroDivisionError("ours")]
    place.work()
    assert place.letter(Health) == WELL
    assert set(place.desk.probes) == {"front"}


# How the workers are


def test_workers_are_well_at_work_and_before_and_after_they_are_not(place: Place) -> None:
    crew = Crew(lambda: FakeClerk(place.desk), place.mailbox, AT_ONCE, Random(7))
    assert not crew.well()
    crew.start()
    place.letter(Health)
    assert crew.well()
    crew.stop(SOON_S)
    assert not crew.well()


def test_a_call_that_no_time_out_ends_is_not_well(place: Place) -> None:
    place.desk.gate("p")
    crew = place.work(replace(SLOW, stuck_s=0.0), p=QUICK)
    place.desk.wait_for(lambda: place.desk.count("p") == 1)
    assert not crew.well()
    place.desk.gates["p"].set()
    place.letter(Seen)
    crew.compute(lambda: Drawn("x", 1, modules=()))
    place.letter(Drawn)


def test_a_backup_that_takes_longer_than_any_call_does_not_have_the_till_killed(place: Place) -> None:
    crew = place.work(replace(SLOW, stuck_s=0.0))
    place.letter(Health)
    begun, done = threading.Event(), threading.Event()

    def back_up() -> Letter:
        begun.set()
        done.wait(SOON_S)
        return Drawn("x", 1, modules=())

    crew.compute(back_up, slow=True)
    begun.wait(SOON_S)
    assert crew.well()
    done.set()
    place.letter(Drawn)


# Work that is not about the server


def test_what_is_computed_is_posted(place: Place) -> None:
    drawn = Drawn("lightning:LNBC", 500, modules=((True,),))
    place.work().compute(lambda: drawn)
    assert place.letter(Drawn) == drawn


def test_qr_is_drawn_while_a_call_hangs(place: Place) -> None:
    place.desk.gate("p")
    crew = place.work(p=QUICK)
    place.desk.wait_for(lambda: place.desk.count("p") == 1)
    workers = []

    def draw() -> Letter:
        workers.append(threading.current_thread().name)
        return Drawn("x", 500, modules=())

    crew.compute(draw)
    place.letter(Drawn)
    assert workers == ["relief"]


@pytest.mark.logs_errors
def test_computation_that_fails_is_survived(place: Place, caplog: pytest.LogCaptureFixture) -> None:
    crew = place.work()
    crew.compute(lambda: 1 // 0)  # type: ignore[arg-type, return-value]
    crew.compute(lambda: Drawn("x", 500, modules=()))
    place.letter(Drawn)
    crew.stop(SOON_S)
    assert "ZeroDivisionError" in caplog.text


# Going home


def test_stop_ends_every_worker_and_closes_every_connection(place: Place) -> None:
    before = threading.active_count()
    crew = place.work(p=QUICK, q=QUICK, lapsed=LAPSED)
    place.desk.wait_for(lambda: place.desk.count("lapsed") >= 3)
    crew.stop(SOON_S)
    assert threading.active_count() == before
    assert place.desk.closed == place.desk.hired >= 2


def test_crew_that_never_started_can_stop() -> None:
    mailbox = Mailbox()
    Crew(lambda: FakeClerk(Desk()), mailbox, AT_ONCE, Random(1)).stop()
    mailbox.close()


def test_call_that_hung_is_left_behind_and_writes_nowhere_when_it_comes_back(place: Place) -> None:
    gate = place.desk.gate("p")
    crew = place.work(p=QUICK)
    place.desk.wait_for(lambda: place.desk.count("p") == 1)
    crew.stop(wait_s=0.01)
    assert place.mailbox.collect() == []
    gate.set()
    crew.stop(SOON_S)
    assert place.mailbox.collect() == []


# How long things wait


@pytest.mark.parametrize(
    ("duty", "age_s", "wait_s"),
    [
        (QUICK, 0.0, 0.5),
        (QUICK, 59.9, 0.5),
        (QUICK, 60.0, 1.0),
        (QUICK, 1e9, 1.0),
        (LAPSED, 0.0, 2.0),
        (LAPSED, 119.9, 2.0),
        (LAPSED, 120.0, 15.0),
        (LAPSED, 1800.0, 60.0),
        (LAPSED, 1e9, 60.0),
        (LookUp(ATTEMPT), 0.0, 5.0),
        (LookUp(ATTEMPT, quick=False), 0.0, 60.0),
        (AUDIT, 0.0, 2.0),
        (AUDIT, 0.1, 60.0),
    ],
)
def test_pace(duty: Duty, age_s: float, wait_s: float) -> None:
    assert Pace().next_visit_s(duty, age_s) == wait_s


def test_back_off_doubles_up_to_its_most() -> None:
    class Middle(Random):
        def random(self) -> float:
            return 0.5

    waits = [round(Pace().retry_s(failures, Middle()), 6) for failures in range(1, 9)]
    assert waits == [0.5, 1.0, 2.0, 4.0, 8.0, 8.0, 8.0, 8.0]


@given(st.integers(1, 10**9), st.integers())
def test_back_off_is_spread_and_bounded(failures: int, seed: int) -> None:
    pace = Pace()
    whole_s = min(8.0, 0.5 * 2.0 ** min(failures - 1, 10))
    assert 0.7 * whole_s <= pace.retry_s(failures, Random(seed)) <= 1.3 * whole_s


def test_failures_in_a_row_are_counted_until_one_success(place: Place, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.WARNING)
    asked: list[int] = []

    class Noting(Pace):
        def retry_s(self, failures: int, random: Random) -> float:
            asked.append(failures)
            return random.uniform(0.0, 0.0)

    place.desk.faults["p"] = [NOT_HEARD, NOT_HEARD, NOT_HEARD]
    place.work(Noting(quick_s=0.0, health_s=AGES), p=QUICK)
    place.letter(Seen)
    place.desk.faults["p"] = [HEARD]
    place.letter(Failed)
    assert asked == [1, 2, 3, 1]
    assert caplog.text.count("visit payment=p duty=Watch problem=unreachable refused") == 3
