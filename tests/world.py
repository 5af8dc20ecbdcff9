"""A bar: staff, customers, a till that may lose power, and the server and the journal it depends on.

Rule: the till is the product's own Counter and Engine, and everybody else only does what they could do at a bar: staff
tap what stands on the screen (or stood there a moment ago), customers pay QRs that were once shown. What must always
hold is asked of the world after every act; `settle_down` is the quiet night after which nothing may be left open.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass
from typing import Any, get_args

from pos.core import touches as t
from pos.core.duties import Audit, Create, Duty, LookUp, Watch, duty
from pos.core.order import Attempt
from pos.core.payment import fold
from pos.core.payment_events import (
    Audited,
    Event,
    NotFound,
    RanOut,
    Superseded,
    Trail,
    WatchEnded,
)
from pos.core.payment_states import (
    Closed,
    Fulfilled,
    Lapsed,
    Paid,
    PaidLate,
    PartPaid,
    Refused,
    RunOut,
    Served,
    State,
    TakenOver,
    Void,
    at_counter,
    owed_to_staff,
)
from pos.core.problem import Problem
from pos.core.screens import AtPayment, Stopped
from pos.core.storage import Storage
from pos.counter import Counter
from pos.engine import Engine
from pos.house import Clocks, Hands, House
from pos.mailbox import Failed, Letter, Seen
from pos.ui.view import Button, PaidView, PayView, View
from pos.upkeep import Upkeep
from tests.invoices import EXPIRY_S, Bill, Server
from tests.paper import Paper, PowerCut
from tests.samples import SHOP, WORDS

TOUCHES = get_args(t.Touch)


@dataclass(frozen=True)
class Visit:
    """What a visit brought back."""

    events: tuple[Event, ...]
    twins: tuple[tuple[Attempt, Trail], ...]
    server_now_s: int


@dataclass
class Task:
    """A duty in the crew's hands; a Create that was sent is not sent again."""

    duty: Duty
    parked: bool = False


class Crew:
    """Does what it is told when the world says so."""

    def __init__(self) -> None:
        self.tasks: dict[str, Task] = {}

    def assign(self, payment_id: str, duty: Duty | None) -> None:
        """Replace what is being done for a payment."""
        self.tasks.pop(payment_id, None)
        if duty is not None:
            self.tasks[payment_id] = Task(duty)


class World:
    """The bar for one evening."""

    def __init__(self) -> None:
        self.server = Server()
        self.paper = Paper()
        self.story: list[str] = []
        self.shown: list[str] = []
        self.slow_requests: list[Callable[[], object]] = []
        self.forgiven: set[str] = set()
        self.looked_last: set[str] = set()
        self.too_late: set[str] = set()
        self.acknowledged: set[str] = set()
        self.told: set[str] = set()
        self.seconds = 0.0
        self.night = False
        self.on = False
        self.restart()

    # --- the till -----------------------------------------------------------------------------------------------

    def restart(self) -> None:
        """Cut the power and switch the till on again."""
        self.story.append("restart")
        self.on = False
        self.mail: list[Letter] = []
        self.view: View | None = None
        self.last_view: View | None = None
        self.crew = Crew()
        clocks = Clocks(lambda: self.server.now_s * 1000, lambda: self.seconds, lambda: 0)
        hands = Hands(lambda: None, lambda *_: None, lambda: f"i{len(self.paper.rows)}", lambda _: None, None)
        house = House("K1", "BAR", SHOP, WORDS, 8)
        engine = Engine(self.paper, self.crew, lambda: self.server.now_s * 1000)
        self.counter = Counter(house, engine, hands, clocks, Upkeep(self.paper, Storage, lambda: None, clocks))
        self.begun = False
        try:
            self.counter.begin(self, last_number=self.paper.last_number(), sold_out=frozenset())
        except PowerCut:
            return
        self.on = True

    def show(self, view: View) -> None:
        """Look at the screen, as the customer does."""
        self.last_view, self.view = self.view, view
        screen = self.counter.till.screen
        if isinstance(view, PaidView):
            assert isinstance(screen, AtPayment)
            order = self.counter.payments[screen.payment_id].attempt.order
            bills = [bill for bill in self.server.bills if bill.order_id.startswith(f"{order.id}-")]
            assert any(not bill.due_msat for bill in bills), "shown paid without money"
            self.told.add(screen.payment_id)
        if isinstance(view, PayView) and view.qr:
            assert isinstance(screen, AtPayment)
            state = self.counter.payments[screen.payment_id]
            assert duty(state) == Watch(state.attempt, state.quote.trail, state.quote, quick=True)  # type: ignore[union-attr]
            late = [s for s in self.counter.payments.values() if isinstance(s, PaidLate)]
            assert state.attempt.order.id not in {s.attempt.order.id for s in late}, "asked to pay twice"
            if view.qr not in self.shown:
                self.shown.append(view.qr)

    def qr_ready(self, text: str, side_px: int, modules: Any) -> None:
        """Take a QR; nobody draws one here."""

    def when_painted(self, tell: Callable[[], None]) -> None:
        """Paint at once."""
        tell()

    def close(self) -> None:
        """Nobody leaves."""

    # --- what people do -----------------------------------------------------------------------------------------

    def act(self, kind: str, n: int) -> None:
        """Let one thing happen; a power cut during it switches the till off."""
        self.story.append(f"{kind} {n}")
        try:
            if self.on:
                self._act(kind, n)
        except PowerCut:
            self.on = False
            self.story.append("power cut")
        if not self.on:
            self.restart()
        self.check()

    def _act(self, kind: str, n: int) -> None:
        match kind:
            case "tap":
                self._tap(self.view, n)
            case "stale tap":
                self._tap(self.last_view, n)
            case "sale":
                self.counter.touch(t.TapItem("beer"))
                self.counter.touch(t.Pay())
            case "read":
                self.read(n + 1)
            case "round" | "round twice":
                self._visit(kind.removeprefix("round").strip(), n)
                self.read()
            case "new qr" if isinstance(self.view, PayView):
                self.server.tick(EXPIRY_S)
                for _ in range(3):
                    self._visit("", 0)
                    self.read()
                self.counter.touch(t.NewQr())
            case "pay" | "pay half" | "pay slowly" if self.shown:
                qr = self.shown[-1 - n % len(self.shown)]
                self.server.pay(qr, half=kind == "pay half", processing=kind == "pay slowly")
            case "time":
                self.server.tick((1, 60, EXPIRY_S, EXPIRY_S, 3 * EXPIRY_S)[n % 5])
                self.seconds += 10
                self.counter.tick()
            case "cut":
                raise PowerCut
            case "cut before" | "cut after" | "full":
                self.paper.fate = [""] * (n // 2) + [kind] * (1 if kind != "full" else 1 + n % 3)
            case "server wakes" if self.slow_requests:
                self.slow_requests.pop(0)()
            case "visit" | "visit unheard" | "visit lost" | "visit slow" | "visit crooked":
                self._visit(kind.removeprefix("visit").strip(), n)

    def _tap(self, view: View | None, n: int) -> None:
        touches = list(touches_on(view))
        if touches:
            touched = touches[n % len(touches)]
            self.story.append(f"  {touched}")
            if isinstance(touched, t.Acknowledge):
                self.acknowledged.add(touched.payment_id)
            self.counter.touch(touched)

    def read(self, most: int = 10) -> None:
        """Deliver letters to the till."""
        letters, self.mail = self.mail[:most], self.mail[most:]
        for letter in letters:
            self.story.append(f"  {letter}")
        self.counter.read(letters)

    def _visit(self, how: str, n: int) -> None:
        ids = [payment_id for payment_id, task in self.crew.tasks.items() if not task.parked]
        if not ids:
            return
        payment_id = ids[-1 - n % len(ids)]
        task = self.crew.tasks[payment_id]
        creating = isinstance(task.duty, Create)
        if isinstance(task.duty, Create) and not isinstance(self.counter.till.screen, Stopped):
            known = [fold(events) for events in self.paper.payments_of(task.duty.attempt.order.id).values()]
            assert not any(isinstance(state, Paid | Served | Fulfilled | PaidLate) for state in known), "paid already"
        self.story.append(f"  {how or 'good'} {payment_id} {type(task.duty).__name__}")
        if how == "twice" and isinstance(task.duty, Create):
            self.server.create(task.duty.attempt, crooked=False)
            self.forgiven.add(task.duty.attempt.reference)
        if how in ("", "twice", "crooked"):
            task.parked = creating
            visit = self._perform(task.duty, crooked=how == "crooked", sweep=self.night or n == 7)
            self.mail.append(Seen(payment_id, visit, self.seconds))
            return
        if how == "lost":
            self._perform(task.duty, crooked=False)
        if how == "slow" and creating:
            self.forgiven.add(task.duty.attempt.reference)
            self.slow_requests.append(lambda: self._wake(task.duty.attempt))
        answer_lost = creating and how != "unheard"
        task.parked = answer_lost
        self.mail.append(Failed(payment_id, Problem.UNREACHABLE, answer_lost))

    def _wake(self, attempt: Attempt) -> None:
        """Let a slow server make an invoice at last; nobody looks for it where the last look has been."""
        bill = self.server.create(attempt, crooked=False)
        over = isinstance(fold(self.paper.events_of(attempt.id)), Closed)
        if over or attempt.reference in self.looked_last:
            self.too_late.add(bill.id)

    def _perform(self, duty: Duty, *, crooked: bool, sweep: bool = False) -> Visit:
        server = self.server
        events: tuple[Event, ...]
        match duty:
            case Create(attempt):
                events, ours = (server.report(server.create(attempt, crooked=crooked)),), ""
            case LookUp(attempt):
                found = server.found(attempt)
                if not found:
                    # Nobody waits: this may be the last of the looks that find nothing.
                    self.looked_last |= set() if duty.quick else {attempt.reference}
                    return Visit((NotFound(),), (), server.now_s)
                bill = next((bill for bill in found if bill.standing == "new"), found[0])
                events, ours, sweep = (server.report(bill),), bill.id, True
            case Watch(attempt, trail):
                bill = next(bill for bill in server.bills if bill.id == trail.invoice_id)
                events, ours = (server.report(bill, duty),), bill.id
                if sweep and isinstance(events[0], RanOut) and server.now_s > trail.payable_until_s and not duty.quick:
                    events = (*events, WatchEnded())
            case Audit(attempt, trail):
                events, ours, sweep = (Audited(last=sweep),), trail.invoice_id, True
        if isinstance(events[-1], WatchEnded) or events[-1] == Audited():
            self.looked_last.add(attempt.reference)
        twins = tuple(
            (Attempt(attempt.order, attempt.number, attempt.amount, attempt.intent, bill.id), bill.trail)
            for bill in (server.found(attempt) if ours and sweep and not attempt.twin else ())
            if bill.id != ours
        )
        return Visit(events, twins, server.now_s)

    # --- what must hold -----------------------------------------------------------------------------------------

    def check(self) -> None:
        """Ask of the world what must hold at every moment."""
        if not self.on or isinstance(self.counter.till.screen, Stopped):
            return
        payments, tasks = self.counter.payments, self.crew.tasks
        assert {key: task.duty for key, task in tasks.items()} == {
            key: duty(state) for key, state in payments.items() if duty(state)
        }, "the crew does not do what is owed"
        assert self.mail or not any(task.parked for task in tasks.values()), "nobody looks for a lost answer"
        watched = {task.duty.trail.invoice_id for task in tasks.values() if isinstance(task.duty, Watch)}
        for bill in self.server.bills:
            was_shown = any(text in self.shown for text, _ in bill.bolt11s)
            payable = bill.due_msat and self.server.now_s <= bill.payable_until_s
            assert not (was_shown and payable) or bill.id in watched, f"{bill.id} can be paid and nobody watches"
        made = [bill.order_id for bill in self.server.bills if bill.order_id not in self.forgiven]
        assert len(set(made)) == len(made), "asked twice"
        waiting = [key for key, state in payments.items() if at_counter(state)]
        if waiting:
            assert isinstance(self.counter.till.screen, AtPayment), "somebody waits behind another screen"

    def settle_down(self) -> None:
        """Let the night pass: room on the disk, a good line, everything read, every slow request done."""
        self.paper.fate, self.night = [], True
        if not self.on:
            self.restart()
        while self.slow_requests:
            self.slow_requests.pop(0)()
        if isinstance(self.counter.till.screen, Stopped):
            self.counter.touch(t.TryNow())
        for _ in range(12):
            self.read(len(self.mail))
            for n in range(len(self.crew.tasks)):
                self._visit("", n)
        self.read(len(self.mail))
        self.check()
        states = {payment_id: fold(events) for payment_id, events in self.paper.histories().items()}
        for payment_id, state in states.items():
            self._check_money(payment_id, state)
        for events in self.paper.histories().values():
            for end in (n for n, event in enumerate(events) if isinstance(event, Superseded)):
                assert isinstance(fold(events[:end]), RunOut | Refused), "replaced while it could be paid"
        for bill in self.server.bills:
            self._check_bill(bill, states)

    def _check_money(self, payment_id: str, state: State) -> None:
        """Nothing is called paid, and nothing is reported, without money."""
        bills = [bill for bill in self.server.bills if _is_of(bill, payment_id, self.paper)]
        paid_msat = sum(bill.paid_msat for bill in bills)
        if isinstance(state, Paid | Served | Fulfilled | PaidLate):
            assert any(not bill.due_msat for bill in bills), f"{payment_id} is {state} without money"
        if isinstance(state, Fulfilled):
            assert payment_id in self.told, f"{payment_id} is fulfilled and nobody saw it"
        if owed_to_staff(state) or isinstance(state, TakenOver):
            assert paid_msat, f"{payment_id} is {state} without money"
        if isinstance(state, Void):
            assert not paid_msat, f"{payment_id} is void with money"

    def _check_bill(self, bill: Bill, states: Mapping[str, State]) -> None:
        """Whatever a customer paid is fulfilled or reported, and every invoice of a payment under watch is known."""
        ours = [key for key in states if _is_of(bill, key, self.paper)]
        same = [s for s in states.values() if s.attempt.reference == bill.order_id and not s.attempt.twin]
        if same and bill.id not in self.too_late:
            assert ours, f"nobody knows of {bill.id}"
        if not bill.paid_msat:
            return
        assert len(ours) == 1, f"{bill.id} was paid and is told {len(ours)} times"
        match states[ours[0]]:
            case Paid() | Served() | Fulfilled() | PaidLate():
                assert not bill.due_msat
            case PartPaid(received=received) | RunOut(received=received) | Refused(received=received):
                assert received.paid_msat == bill.paid_msat
            case Lapsed(received=received, reported=reported):
                assert received.paid_msat == bill.paid_msat
                assert not reported or ours[0] in self.acknowledged
            case TakenOver():
                assert ours[0] in self.acknowledged
            case state:
                raise AssertionError(f"{bill.id} was paid and its payment is {state}")


def _is_of(bill: Bill, payment_id: str, paper: Paper) -> bool:
    trails = (getattr(event, "trail", None) for event in paper.events_of(payment_id))
    return any(trail is not None and trail.invoice_id == bill.id for trail in trails)


def touches_on(part: Any) -> Iterator[t.Touch]:
    """Find everything on a screen that can be pressed."""
    if isinstance(part, TOUCHES):
        yield part
    elif isinstance(part, tuple):
        for inner in part:
            yield from touches_on(inner)
    elif is_dataclass(part) and not (isinstance(part, Button) and not part.enabled):
        for inner in fields(part):
            yield from touches_on(getattr(part, inner.name))
