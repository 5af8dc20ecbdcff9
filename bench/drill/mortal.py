"""The parts of a till that can be made to die at one exact point, and that tell what they do.

Rule: they are the product's own, subclassed for three things only: to stop at named points and there, if fate has it
so, kill the process with SIGKILL; to tell what was written and heard; and to have a clock that somebody sets.

    schema n written         the n-th transaction of the journal's migration, before its COMMIT
    row n before             the n-th append of this life, nothing done
    row n written            the same, every row inserted, before its COMMIT
    row n after              the same, committed, and the till does not know it yet
    call NAME n before       the n-th HTTP call of this name, nothing sent
    call NAME n after        the same, answered, and nothing concluded yet
    write n before           the n-th write of SQLite to the disk
    flush n before, after    the n-th flush of SQLite
    name n before            the n-th time that Python moves, links or deletes a file
"""

import json
import os
import signal
import threading
import time
from collections import Counter as Tally
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from pos.btcpay import client, greenfield
from pos.btcpay.refusals import Response
from pos.core.payment_events import Entry
from pos.journal.journal import Journal
from pos.mailbox import BackedUp, Failed, Health, Letter, Mailbox, Seen

Tell = Callable[[dict[str, Any]], None]
JUMP_S = 30
"""A clock that moves so much more or less than time has jumped."""


class Fate:
    """Knows the point at which this process dies, and tells of every point it came to alive if it is `talkative`."""

    def __init__(self, doom: str, tell: Tell, *, talkative: bool) -> None:
        self._doom = doom
        self._tell = tell
        self._talkative = talkative
        self._lock = threading.Lock()
        self._seen: Tally[str] = Tally()

    def doom(self, what: str, ahead: int, phase: str) -> None:
        """Die at a phase of the `ahead`-th thing of this kind from now."""
        with self._lock:
            self._doom = f"{what} {self._seen[what] + ahead} {phase}"

    def nth(self, what: str) -> str:
        """Number something that is about to happen."""
        with self._lock:
            self._seen[what] += 1
            return f"{what} {self._seen[what]}"

    def come_to(self, point: str) -> None:
        """Pass a point, or die there."""
        if self._talkative:
            self._tell({"point": point})
        if point == self._doom:
            self._die(point)

    def write_or_flush(self, what: str, phase: str) -> None:
        """Pass a write or a flush: those are too many to tell of."""
        with self._lock:
            self._seen[what] += phase == "before"
            point = f"{what} {self._seen[what]} {phase}"
        if point == self._doom:
            self._die(point)

    def _die(self, point: str) -> None:
        self._tell({"dying": point})
        os.kill(os.getpid(), signal.SIGKILL)


class Clock:
    """The till's wall clock, which is set by `ahead_ms`."""

    def __init__(self, ahead_ms: int) -> None:
        self.ahead_ms = ahead_ms

    def now_ms(self) -> int:
        """Tell the time in unix milliseconds."""
        return time.time_ns() // 1_000_000 + self.ahead_ms


class Settlements:
    """When each order was first told to be settled, by the steady clock."""

    def __init__(self) -> None:
        self._heard_s: dict[int, float] = {}

    def hear(self, response: Response) -> None:
        """Note what the server's answer says, before the till has read it."""
        if response.status != 200 or b'"Settled"' not in response.body:
            return
        try:
            told = json.loads(response.body)
        except ValueError:
            return
        for invoice in told if isinstance(told, list) else [told]:
            if isinstance(invoice, dict) and invoice.get("status") == "Settled":
                order = str(invoice.get("metadata", {}).get("orderId", "")).split("-")
                if len(order) > 1:
                    self._heard_s.setdefault(int(order[1]), time.monotonic())

    def age_ms(self, order: int) -> int:
        """Say once how long ago that was, in milliseconds; -1 if this till never heard of it, or was asked before."""
        heard_s = self._heard_s.pop(order, None)
        return -1 if heard_s is None else round((time.monotonic() - heard_s) * 1000)


class MortalJournal(Journal):
    """The journal, with points before, inside and after every transaction; `pragma` spoils it on purpose."""

    def __init__(self, fate: Fate, tell: Tell, pragma: str, path: Path, *others: Any, **more: Any) -> None:
        self._fate = fate
        self._tell = tell
        self._point = ""
        super().__init__(path, *others, **more)
        if salvages := self.unseen_salvages():
            tell({"salvages": [salvaged.aside for salvaged in salvages]})
        if pragma:
            self._db.execute(f"PRAGMA {pragma}")

    def append(self, entries: Sequence[Entry], at_ms: int) -> None:
        self._point = self._fate.nth("row")
        self._fate.come_to(f"{self._point} before")
        super().append(entries, at_ms)
        rows = [[entry.payment_id, type(entry.event).__name__] for entry in entries]
        self._tell({"rows": rows, "at_ms": at_ms})
        self._fate.come_to(f"{self._point} after")

    def _migrate(self) -> None:
        # The first moment at which there is a connection to listen to.
        self._db.set_trace_callback(self._statement)
        super()._migrate()

    def _statement(self, sql: str) -> None:
        if sql.strip().startswith("COMMIT"):
            self._fate.come_to(f"{self._point or self._fate.nth('schema')} written")


class MortalClient(client.Client):
    """The HTTP client, with points before and after every call."""

    def __init__(self, fate: Fate, settlements: Settlements, *others: Any, **more: Any) -> None:
        super().__init__(*others, **more)
        self._fate = fate
        self._settlements = settlements

    def send(self, request: greenfield.Request) -> Response:
        point = self._fate.nth(f"call {_name(request)}")
        self._fate.come_to(f"{point} before")
        response = super().send(request)
        self._settlements.hear(response)
        self._fate.come_to(f"{point} after")
        return response


class ToldMailbox(Mailbox):
    """The mailbox, which tells what the workers met; `failing` are the payments whose last visit failed."""

    def __init__(self, tell: Tell) -> None:
        super().__init__()
        self.failing: set[str] = set()
        self._tell = tell
        self._server_ahead_s: float | None = None

    def collect(self, most: int = 10) -> list[Letter]:
        letters = super().collect(most)
        for letter in letters:
            match letter:
                case Failed(payment_id, problem):
                    self.failing.add(payment_id)
                    self._tell({"failed": problem, "of": payment_id})
                case Health(problem) if problem is not None:
                    self._tell({"failed": problem, "of": ""})
                case BackedUp(day):
                    self._tell({"backed_up": day})
                case Seen(payment_id, answer):
                    self.failing.discard(payment_id)
                    self._compare_clocks(answer.server_now_s)
        return letters

    def _compare_clocks(self, server_now_s: int) -> None:
        ahead_s, before_s = server_now_s - time.monotonic(), self._server_ahead_s
        self._server_ahead_s = ahead_s
        if before_s is not None and abs(ahead_s - before_s) > JUMP_S:
            self._tell({"server_jumped": True})


def _name(request: greenfield.Request) -> str:
    if request.method == "POST":
        return "create"
    if request.path.endswith(("/health", "/current", "/info")):
        return request.path.rpartition("/")[2]
    if request.path.endswith("/payment-methods"):
        return "prompts"
    return "look-up" if any(key == "orderId" for key, _ in request.query) else "read"
