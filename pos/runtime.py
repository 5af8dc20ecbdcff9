"""The only module that knows threads: workers do duties and post what they saw to the mailbox.

Rule: only frozen values cross, and a worker never touches Tk. One payment is worked on by one worker at a time, so a
look-up cannot overtake the request that it looks for.

Two workers serve payments that somebody is waiting for, so that a call that hangs does not hold up the next customer;
the second works only while the first is busy, so the first one's connection stays warm. A third watches what nobody
waits for. With a server that hangs on every call, three customers at once would wait for one another.
"""

import logging
import threading
import time
from collections import deque
from collections.abc import Callable
from functools import partial
from random import Random
from typing import Protocol

from pos.core.duties import Audit, Create, Duty, Watch
from pos.core.problem import Problem
from pos.errors import BTCPayError
from pos.mailbox import Answer, Failed, Health, Letter, Mailbox, Seen
from pos.pace import NEVER_S, Pace
from pos.task import Task

log = logging.getLogger(__name__)

SWEEP_EVERY = 10
"""Every so many visits a watch also looks for duplicates of its invoice."""


class Clerk(Protocol):
    """Who speaks with the server; each worker has its own."""

    def perform(self, duty: Duty, *, sweep: bool = False, last: bool = False) -> Answer:
        """Do a duty once; BTCPayError if nothing can be concluded."""

    def healthy(self) -> bool:
        """Ask whether the server is up and synchronized; BTCPayError if it is not."""

    def version(self) -> str:
        """Ask for the server's version; '' if it does not tell."""

    def close(self) -> None:
        """Let go of the connection."""


Hired = Callable[[], Clerk]
"""Gives a worker its clerk, who is hired when there is first something to do."""

Work = Callable[[Hired], None]


class Crew:
    """Three workers and the list of what they have to do."""

    def __init__(self, hire: Callable[[], Clerk], mailbox: Mailbox, pace: Pace, random: Random) -> None:
        self._hire = hire
        self._mailbox = mailbox
        self._pace = pace
        self._random = random
        self._changed = threading.Condition()
        self._tasks: dict[str, Task] = {}
        self._running: set[str] = set()
        self._jobs: deque[Callable[[], Letter]] = deque()
        self._chores: deque[Callable[[], Letter]] = deque()
        self._health_due_s = 0.0
        self._version: str | None = None
        self._stopping = False
        self._begun_s = dict.fromkeys(("front", "relief", "back"), NEVER_S)
        self._threads = [threading.Thread(target=self._work, args=(n,), name=n, daemon=True) for n in self._begun_s]

    def start(self) -> None:
        """Begin to work."""
        for thread in self._threads:
            thread.start()

    def stop(self, wait_s: float = 2.0) -> None:
        """Finish; a worker inside a call that hangs is left behind, it is a daemon and holds nothing."""
        with self._changed:
            self._stopping = True
            self._changed.notify_all()
        for thread in self._threads:
            if thread.is_alive():
                thread.join(wait_s)

    def assign(self, payment_id: str, duty: Duty | None) -> None:
        """Replace what is being done for a payment, beginning at once; None ends it.

        What follows a visit of a moment ago begins one pace later: the QR, or PAID, is to be drawn first.
        """
        now_s = time.monotonic()
        with self._changed:
            before = self._tasks.pop(payment_id, None)
            if duty is not None:
                visited = before is not None and (before.visits or payment_id in self._running)
                fresh = visited and isinstance(duty, Watch | Audit)
                wait_s = self._pace.next_visit_s(duty, 0) if fresh else 0
                self._tasks[payment_id] = Task(payment_id, duty, begun_s=now_s, due_s=now_s + wait_s)
            self._changed.notify_all()

    def hurry(self) -> None:
        """Do everything now that is waiting for its time, unless it has to wait."""
        with self._changed:
            self._health_due_s = 0.0
            for task in self._tasks.values():
                if not task.patient:
                    task.due_s = 0.0
            self._changed.notify_all()

    def compute(self, job: Callable[[], Letter], *, slow: bool = False) -> None:
        """Run something away from Tk's thread and post the letter it makes; what is `slow` keeps nobody waiting."""
        with self._changed:
            (self._chores if slow else self._jobs).append(job)
            self._changed.notify_all()

    def well(self) -> bool:
        """Tell whether every worker lives and none has been in one call for longer than any time-out explains."""
        stuck = time.monotonic() - min(self._begun_s.values()) > self._pace.stuck_s
        return not stuck and all(thread.is_alive() for thread in self._threads)

    def _work(self, name: str) -> None:
        hired: list[Clerk] = []

        def clerk() -> Clerk:
            if not hired:
                hired.append(self._hire())
            return hired[0]

        while (work := self._next(name)) is not None:
            try:
                work(clerk)
            except Exception:
                log.exception("worker=%s", name)
            self._begun_s[name] = NEVER_S
        for one in hired:
            one.close()

    def _next(self, name: str) -> Work | None:
        """Wait for the next thing this worker may do; None when it is time to go home."""
        with self._changed:
            while not self._stopping:
                now_s = time.monotonic()
                jobs = self._chores if name == "back" else self._jobs
                if jobs and (name != "relief" or self._begun_s["front"] < NEVER_S):
                    job = partial(self._compute, jobs.popleft())
                    # A chore may take as long as it needs, a backup on a slow card above all; calls are timed.
                    return job if jobs is self._chores else self._take(name, job)
                task = self._due_task(name)
                if task is not None and task.due_s <= now_s:
                    self._running.add(task.payment_id)
                    return self._take(name, partial(self._visit, task))
                if name == "front" and self._health_due_s <= now_s:
                    self._health_due_s = now_s + self._pace.health_s
                    return self._take(name, self._probe)
                self._changed.wait(self._idle_s(name, task, now_s))
            return None

    def _take(self, name: str, work: Work) -> Work:
        self._begun_s[name] = time.monotonic()
        if name == "front":
            self._changed.notify_all()
        return work

    def _due_task(self, name: str) -> Task | None:
        if name == "relief" and self._begun_s["front"] == NEVER_S:
            return None
        urgent = name != "back"
        free = (task for task in self._tasks.values() if task.payment_id not in self._running)
        return min((task for task in free if task.urgent == urgent), key=lambda task: task.due_s, default=None)

    def _idle_s(self, name: str, task: Task | None, now_s: float) -> float | None:
        dues = [task.due_s] if task else []
        if name == "front":
            dues.append(self._health_due_s)
        due_s = min(dues, default=NEVER_S)
        return None if due_s == NEVER_S else max(0.0, due_s - now_s)

    def _visit(self, task: Task, clerk: Hired) -> None:
        begun_s = time.monotonic()
        try:
            sweep = task.visits % SWEEP_EVERY == SWEEP_EVERY - 1
            last = begun_s - task.begun_s >= self._pace.audit_for_s
            answer = clerk().perform(task.duty, sweep=sweep, last=last)
        except BTCPayError as exc:
            self._failed(task, exc.problem, exc.evidence, maybe_heard=exc.maybe_heard)
        except Exception:
            log.exception("visit payment=%s duty=%s", task.payment_id, task.kind)
            self._failed(task, Problem.NONSENSE, "a fault of the till's own", maybe_heard=True)
        else:
            self._answered(task, answer, begun_s)

    def _answered(self, task: Task, answer: Answer, begun_s: float) -> None:
        with self._changed:
            now_s = time.monotonic()
            task.visits += 1
            task.failures = 0
            # Create must not be done twice: what it saw gives the payment another duty.
            wait_s = self._pace.next_visit_s(task.duty, now_s - task.begun_s)
            task.due_s = NEVER_S if isinstance(task.duty, Create) else now_s + wait_s
            self._health_due_s = now_s + self._pace.health_s
            self._finish(task, Seen(task.payment_id, answer, begun_s))

    def _failed(self, task: Task, problem: Problem, evidence: str, *, maybe_heard: bool) -> None:
        log.warning("visit payment=%s duty=%s problem=%s %s", task.payment_id, task.kind, problem, evidence)
        with self._changed:
            task.failures += 1
            # An invoice that may exist is looked up, never asked for again: the engine gives the next duty.
            answer_lost = isinstance(task.duty, Create) and maybe_heard
            now_s = time.monotonic()
            wait_s = self._pace.retry_s(task.failures, self._random)
            if not task.urgent:
                wait_s = max(wait_s, self._pace.next_visit_s(task.duty, now_s - task.begun_s))
            task.due_s = NEVER_S if answer_lost else now_s + wait_s
            self._finish(task, Failed(task.payment_id, problem, answer_lost))

    def _post(self, letter: Letter) -> None:
        with self._changed:
            # A call that hung may come back when the mailbox is closed and its descriptor is another file's.
            if not self._stopping:
                self._mailbox.post(letter)

    def _finish(self, task: Task, letter: Letter) -> None:
        # Posted before the payment's next visit can begin, so that its letters come in their order.
        self._post(letter)
        self._running.discard(task.payment_id)
        self._changed.notify_all()

    def _probe(self, clerk: Hired) -> None:
        try:
            synchronized = clerk().healthy()
        except BTCPayError as exc:
            log.warning("health problem=%s %s", exc.problem, exc.evidence)
            self._version = None
            self._post(Health(exc.problem))
            return
        if self._version is None:
            # Once for as long as it stays up: a server that was away may be another version afterwards.
            self._version = clerk().version()
        self._post(Health(None, synchronized, self._version))

    def _compute(self, job: Callable[[], Letter], _clerk: Hired) -> None:
        self._post(job())
