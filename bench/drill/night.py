"""One night: a journal's whole life, from the first sale to the books that are compared when everything is over.

Rule: whatever is found wrong ends the night and is kept with the night's number and the sale's, so that it can be
played again alone.
"""

import time
from collections import Counter as Tally
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any

from bench.drill import customers, display, ledgers, secrecy, versions
from bench.drill.camera import Camera
from bench.drill.customers import Visit
from bench.drill.evening import Evening
from bench.drill.faults import DISKS, PICTURES, WINDOW, Kind
from bench.drill.hands import leaving, menu
from bench.drill.headless import JOURNAL_EXIT
from bench.drill.ledgers import Ledgers
from bench.drill.lives import KILLED
from bench.drill.place import Place
from bench.drill.plan import Fault, Night, Sale, Stage
from bench.drill.tills import Cradle
from bench.drill.troubles import TIME_OUT_S, Troubles
from bench.drill.witness import number_of
from pos import service
from pos.core.payment_states import Fulfilled, TakenOver
from pos.journal import backup

HOUR_MS = 3_600_000
THREE_DAYS_S = 3 * 86_400
"""Longer than any invoice here can be paid."""
WINDOW_SIZE = "800x480"
_LOG_LINES = 25


@dataclass(slots=True)
class Played:
    """What a night was: counts by name, faults begun and seen, and what was wrong, as people read it."""

    night: int
    counts: Tally[str] = field(default_factory=Tally)
    begun: Tally[str] = field(default_factory=Tally)
    seen: Tally[str] = field(default_factory=Tally)
    paid_ms: list[int] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)


class Player:
    """Plays one night; `impossible` names the faults that cannot be had here, `pragma` spoils the tills on purpose."""

    def __init__(self, plan: Night, evening: Evening, impossible: dict[str, str]) -> None:
        self._plan = plan
        self._evening = evening
        self._impossible = impossible
        self._played = Played(plan.number)
        self._troubles = Troubles(evening, self._saw, Random(f"restores {plan.number}"))
        self._sale: Sale | None = None
        self._backed_up = ""
        evening.till.heard = self._hear
        evening.till.died = self._died

    def play(self) -> Played:
        """Play the night to its end, or to the first thing that is wrong."""
        played, evening = self._played, self._evening
        try:
            for sale in self._plan.sales:
                self._serve(sale)
                played.counts["sales"] += 1
                played.counts["sales in a window"] += self._plan.window and WINDOW not in self._impossible
                played.counts[versions.sales_at(self._plan.version)] += 1
            self._sale = None
            self._compare(self._close())
        except AssertionError as exc:
            played.wrong.append(self._where(str(exc)))
        played.wrong += [self._where(text) for text in self._faults_of_the_till()]
        played.paid_ms = evening.witness.paid_ms
        played.counts.update(evening.till.tally)
        if evening.camera is not None:
            played.counts.update(evening.camera.counts)
        played.counts["lives"] = evening.till.count
        played.counts["screens judged"] = evening.till.screens
        return played

    def _serve(self, sale: Sale) -> None:
        self._sale = sale
        evening, troubles = self._evening, self._troubles
        if sale.new_day:
            self._let_a_day_pass()
        troubles.sale()
        self._reach(Stage.ORDER)
        two = troubles.makes_two()
        order = customers.begin(evening)
        troubles.order(order, two=two)
        customers.serve(sale.customer, Visit(evening, self._reach, self._mark))
        troubles.normal()
        if sum(number_of(invoice) == order for invoice in evening.shop.invoices()) > 1:
            troubles.prove(Kind.DUPLICATE)

    def _reach(self, stage: Stage) -> None:
        """Let the faults of a stage begin."""
        assert self._sale is not None
        for fault in self._sale.faults:
            if fault.stage is stage and fault.kind not in self._impossible:
                self._played.begun[fault.kind] += 1
                self._troubles.begin(fault)

    def _mark(self, kind: Kind) -> None:
        self._played.begun[kind] += 1
        self._troubles.begin(Fault(kind, Stage.PAID))

    def _saw(self, kind: Kind) -> None:
        self._played.seen[kind] += 1

    def _hear(self, told: dict[str, Any]) -> None:
        if "salvaged" in told:
            self._judge_salvage()
        self._backed_up = told.get("backed_up", self._backed_up)
        self._troubles.hear(told)

    def _judge_salvage(self) -> None:
        """Ask why the till made a new journal: after a write that was torn it may, and without a reason it must not."""
        self._played.counts["journals salvaged"] += 1
        if not self._evening.till.damaged:
            assert self._evening.till.torn, "the journal was taken for damaged, and nothing had happened to it"
            self._played.counts["torn logs taken for damage"] += 1

    def _died(self, ended: int) -> None:
        """Do what a death does to the disk, and let a customer who was just scanning pay."""
        evening, counts = self._evening, self._played.counts
        names = {KILLED: "kills", JOURNAL_EXIT: "starts refused for the disk", 0: "closed in order"}
        counts[names.get(ended, "ended by itself")] += 1
        fault = self._troubles.claim_death()
        if fault is not None and fault.kind is Kind.POWER_CUT:
            evening.till.lose_power()
        if self._sale is not None and self._sale.hasty and evening.till.sight.qr:
            evening.pay(evening.till.sight.qr)

    def _close(self) -> Ledgers:
        """Cut the power once more, clear every screen, let the time of all invoices pass, and add up."""
        evening = self._evening
        evening.server.script.clear()
        self._troubles.normal()
        evening.see(menu, by=leaving)
        if evening.till.damaged:
            self._let_a_day_pass()
        evening.cut()
        evening.see(menu, by=leaving)
        self._troubles.let_server_finish()
        evening.set_server_clock(evening.witness.behind_s() + THREE_DAYS_S)
        evening.see(lambda sight: menu(sight) and not sight.open, by=leaving)
        evening.cut()
        return ledgers.compare(evening.shop, evening.till.books, evening.witness)

    def _let_a_day_pass(self) -> None:
        """Let a new day begin: the backup reads everything, and what it finds is mended at the next start."""
        evening, before = self._evening, self._backed_up
        ahead_ms = evening.till.spec.get("clock_ms", 0) + 36 * HOUR_MS
        while backup.copy_of(evening.place.journal, _day(ahead_ms)).exists():
            ahead_ms += 24 * HOUR_MS
        evening.till.spec["clock_ms"] = ahead_ms
        evening.till.say("!clock", ahead_ms)
        evening.see(lambda _: self._backed_up != before, by=leaving)

    def _compare(self, sums: Ledgers) -> None:
        evening, counts = self._evening, self._played.counts
        books, invoices = evening.till.books, evening.shop.invoices()
        states = list(books.states.values())
        counts["orders"] += len({state.attempt.order.number for state in states})
        counts["QRs shown"] += len(evening.witness.shown)
        counts["invoices"] += len(invoices)
        counts["orders paid"] += sum(isinstance(state, Fulfilled) for state in states)
        counts["notices read"] += sum(isinstance(state, TakenOver) for state in states)
        counts["duplicates found"] += sum(bool(state.attempt.twin) for state in states)
        counts["msat by phones"] += sums.phones_msat
        counts["msat by server"] += sums.server_msat
        counts["msat by till"] += sums.till_msat
        counts["msat by lost orders"] += sums.lost_msat
        counts[versions.SURPLUS_LATER] += len(evening.witness.surplus_later)
        counts["orders lost to damage, reported"] += sums.lost
        counts["orders hurt by damage"] += len(evening.witness.hurt)
        self._played.wrong += [self._where(text) for text in sums.wrong]

    def _faults_of_the_till(self) -> list[str]:
        """List what the tills logged of their own faults, and where the key is to be read."""
        lines = self._evening.till.log.splitlines()
        errors = [line for line in lines if " ERROR " in line or " CRITICAL " in line]
        allowed = any(fault.kind in DISKS for sale in self._plan.sales for fault in sale.faults)
        of_the_disk = [line for line in errors if line == "MainThread ERROR journal"]
        strange = [line for line in errors if line not in of_the_disk or not allowed]
        if sum(line.startswith("Traceback") for line in lines) > 2 * len(of_the_disk):
            strange.append("the till logged a traceback of its own")
        leaks = secrecy.places_with(self._evening.server.api_key, self._evening.place.folder)
        self._played.counts["files searched for the key"] += leaks.searched
        return [*strange, *(f"the API key stands in {name}" for name in leaks.found)]

    def _where(self, text: str) -> str:
        at = f"sale {self._sale.number}: {self._sale.customer}, {_told(self._sale)}; " if self._sale else ""
        log = "\n    ".join(self._evening.till.log.splitlines()[-_LOG_LINES:])
        return f"night {self._plan.number}, {at}{text}\n    {log}"


def play(plan: Night, folder: Path, cradle: Cradle, impossible: dict[str, str], *, pragma: str = "") -> Played:
    """Play a night in a folder of its own."""
    spec: dict[str, Any] = {
        "notes": str(folder / "notes"),
        "read_timeout_s": TIME_OUT_S,
        "talkative": False,
        "pragma": pragma,
    }
    if Kind.POWER_CUT in impossible:
        del spec["notes"]
    small = plan.small_disk and Kind.FULL not in impossible
    dice = Random(f"ids {plan.number}")
    with ExitStack() as cleanup:
        if plan.window and WINDOW not in impossible:
            spec |= {"window": WINDOW_SIZE, "display": cleanup.enter_context(display.screen())}
        evening = cleanup.enter_context(Evening(Place(folder, small=small), cradle, dice, spec, plan.version))
        if "window" in spec and PICTURES not in impossible:
            evening.camera = Camera(str(spec["display"]), evening.shop, folder, Random(f"pictures {plan.number}"))
        return Player(plan, evening, impossible).play()


def _day(ahead_ms: int) -> str:
    """Name the day of a till whose clock is so far ahead."""
    return service.day_of(time.time_ns() // 10**9 + ahead_ms // 1000, time.localtime().tm_gmtoff)


def _told(sale: Sale) -> str:
    told = [
        f"{fault.kind} at {fault.stage} ({fault.on} {fault.nth} {fault.phase}, {fault.seconds} s)"
        for fault in sale.faults
    ]
    return ", ".join(told) or "no fault"
