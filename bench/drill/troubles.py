"""How each fault is brought about, and by what is seen that it took effect.

Rule: a fault took effect when the till or a person met it, not when it was arranged: a request that failed in the way
it was meant to, a screen that stopped the sale, a row in the journal dated by a clock that is wrong.
"""

import time
from collections.abc import Callable
from functools import partial
from random import Random
from typing import Any

from bench.drill.evening import Evening
from bench.drill.faults import Kind
from bench.drill.plan import Fault
from bench.drill.restoring import restore
from pos.core.problem import Problem
from pos.demo.misfortune import Misfortune

LINGER_S = 0.15
"""How long a disk stays bad once it was noticed."""
TIME_OUT_S = 0.5
"""What the drill's tills wait for an answer."""
_CLOSE_S = 120
_SCRIPTED: dict[Kind, tuple[dict[str, Any], frozenset[Problem]]] = {
    Kind.RESET: ({"kind": "drop", "after": True}, frozenset({Problem.CUT_OFF})),
    Kind.RESET_MIDWAY: ({"kind": "cut"}, frozenset({Problem.CUT_OFF})),
    Kind.TIMED_OUT: ({"kind": "delay", "after": True, "seconds": 1.5 * TIME_OUT_S}, frozenset({Problem.SLOW})),
    Kind.CARRIED_OUT_LATE: ({"kind": "delay", "seconds": 1.5 * TIME_OUT_S}, frozenset({Problem.SLOW})),
    Kind.EMPTY_500: ({"kind": "500"}, frozenset({Problem.SERVER_ERROR})),
    Kind.PAGE_502: ({"kind": "502"}, frozenset({Problem.PROXY_PAGE})),
    Kind.BUSY_429: ({"kind": "429"}, frozenset({Problem.BUSY})),
    Kind.TRUNCATED: ({"kind": "truncated"}, frozenset({Problem.NONSENSE})),
    Kind.SIGN_IN_PAGE: ({"kind": "html"}, frozenset({Problem.PROXY_PAGE})),
    Kind.REDIRECTED: ({"kind": "redirect", "url": "http://127.0.0.1:9/"}, frozenset({Problem.REDIRECT})),
    Kind.KEY_REFUSED: ({"kind": "401"}, frozenset({Problem.KEY_UNKNOWN})),
    Kind.NODE_DOWN: ({"kind": "lightning-down"}, frozenset({Problem.LIGHTNING_DOWN})),
    Kind.RESTARTED: ({"kind": "restart"}, frozenset({Problem.CUT_OFF, Problem.UNREACHABLE})),
    Kind.DUPLICATE: ({"kind": "duplicate"}, frozenset()),
    Kind.WRONG_AMOUNT: ({"kind": "lie-amount"}, frozenset()),
    Kind.WRONG_PAYEE: ({"kind": "lie-payee"}, frozenset()),
    Kind.SWAPPED: ({"kind": "lie-payee"}, frozenset()),
}
_REFUSED_QR = frozenset({Kind.WRONG_AMOUNT, Kind.WRONG_PAYEE, Kind.SWAPPED})
_ROW_OF: dict[Kind, frozenset[str]] = {
    Kind.PARTIAL: frozenset({"PartReceived"}),
    Kind.OVER: frozenset({"Settled", "CameLate"}),
    Kind.LATE: frozenset({"CameLate"}),
    Kind.CANCELLED: frozenset({"Acknowledged"}),
    Kind.TWICE: frozenset({"Acknowledged"}),
    Kind.WHILE_DEAD: frozenset({"Settled"}),
}


class Troubles:
    """The faults of one evening that have begun and were not seen to take effect yet."""

    def __init__(self, evening: Evening, saw: Callable[[Kind], None], dice: Random) -> None:
        self._evening = evening
        self._saw = saw
        self._dice = dice
        self._open: list[tuple[Fault, int]] = []
        self._orders: list[int] = []
        self._doomed: Fault | None = None
        self._struck: Fault | None = None
        self._dying = False
        self._slow = False

    def sale(self) -> None:
        """Let a sale begin, whose order nobody has a number for yet."""
        self._orders.append(0)

    def order(self, order: int, *, two: bool) -> None:
        """Say which order the sale became, and whether the server may make two invoices of it."""
        self._orders[-1] = order
        if two:
            self._evening.witness.forgiven.add(order)

    def makes_two(self) -> bool:
        """Tell whether the server would make two invoices of the next request for one."""
        lines = self._evening.server.script.lines
        return any(line.on == "create" and line.kind in ("delay", "duplicate") for line in lines)

    def begin(self, fault: Fault) -> None:
        """Bring a fault about, in the present sale."""
        evening = self._evening
        self._open.append((fault, len(self._orders) - 1))
        self._slow = self._slow or fault.kind is Kind.CARRIED_OUT_LATE
        if fault.kind in _SCRIPTED:
            words, _ = _SCRIPTED[fault.kind]
            evening.server.suffer(Misfortune(on=fault.on, nth=fault.nth, **{"seconds": fault.seconds, **words}))
        match fault.kind:
            case Kind.REFUSED:
                evening.server.restart(fault.seconds)
            case Kind.SERVER_CLOCK:
                evening.set_server_clock(fault.seconds)
            case Kind.TILL_CLOCK:
                ahead_ms = round((fault.seconds or -time.time()) * 1000)
                evening.till.spec["clock_ms"] = ahead_ms
                evening.till.say("!clock", ahead_ms)
            case Kind.FULL:
                evening.place.fill()
            case Kind.BROKEN:
                evening.till.say("!disk", True)
            case Kind.DAMAGED:
                evening.till.harm()
            case Kind.RESTORED | Kind.RESTORE_KILLED | Kind.RESTORE_CUT | Kind.RESTORE_FULL:
                if restore(fault, evening.till, self._dice):
                    self._took_effect(fault)
            case Kind.KILLED | Kind.POWER_CUT | Kind.SWITCHED_OFF | Kind.READ_ONLY:
                self._doom(fault)

    def claim_death(self) -> Fault | None:
        """Say which fault a death was; None if it was another's."""
        fault = self._struck or (self._doomed if self._dying else None)
        # A point that was not reached is forgotten with the life it was in.
        self._doomed, self._struck, self._dying = None, None, False
        if fault is not None:
            self._took_effect(fault)
        return fault

    def hear(self, told: dict[str, Any]) -> None:
        """Look whether something took effect; one piece of news is proof of one fault."""
        self._dying = self._dying or "dying" in told
        for fault, sale in self._open:
            if self._proves(told, fault, self._orders[sale]):
                self._took_effect(fault)
                return

    def prove(self, kind: Kind) -> None:
        """Note what was seen elsewhere."""
        for fault, _ in self._open:
            if fault.kind is kind:
                self._took_effect(fault)
                return

    def normal(self) -> None:
        """End what goes on until somebody ends it."""
        self._evening.place.mend()
        self._evening.till.say("!disk", False)

    def let_server_finish(self) -> None:
        """Wait for what the server may still be working on: its clock must not pass over that."""
        if self._slow:
            time.sleep(1.5 * TIME_OUT_S)

    def _doom(self, fault: Fault) -> None:
        evening = self._evening
        if fault.kind is Kind.SWITCHED_OFF:
            evening.till.switch_off()
            self._took_effect(fault)
        elif fault.kind is Kind.READ_ONLY:
            evening.cut()
            evening.place.forbid_writing()
            evening.till.alarms.later(LINGER_S, self.normal)
        elif fault.on:
            self._doomed = fault
            evening.till.say("!doom", fault.on, fault.nth, fault.phase)
        else:
            evening.till.alarms.later(fault.seconds, partial(self._strike, fault))

    def _strike(self, fault: Fault) -> None:
        if self._evening.till.strike():
            self._struck = fault

    def _proves(self, told: dict[str, Any], fault: Fault, order: int) -> bool:
        kind = fault.kind
        if "failed" in told:
            if kind is Kind.REFUSED:
                return bool(told["failed"] in (Problem.UNREACHABLE, Problem.CUT_OFF))
            return kind in _SCRIPTED and bool(told["failed"] in _SCRIPTED[kind][1])
        if "rows" in told:
            return self._rows_prove(told, kind, order)
        if "salvaged" in told:
            return kind is Kind.DAMAGED
        if "server_jumped" in told:
            return kind is Kind.SERVER_CLOCK
        place, till = self._evening.place, self._evening.till
        if kind is Kind.READ_ONLY:
            return "ended" in told and place.read_only
        stopped = "sight" in told and till.sight.stopped
        full = kind is Kind.FULL and place.full
        noticed = (stopped and (full or kind is Kind.BROKEN)) or ("ended" in told and full)
        if noticed:
            till.alarms.later(LINGER_S, self.normal)
        return noticed

    def _rows_prove(self, told: dict[str, Any], kind: Kind, order: int) -> bool:
        if kind is Kind.TILL_CLOCK:
            wrong_s = told["at_ms"] / 1000 - time.time()
            return bool(abs(wrong_s - self._evening.till.spec["clock_ms"] / 1000) < _CLOSE_S)
        for payment_id, row in told["rows"]:
            ours = payment_id.split("-")[1] == f"{order:04d}"
            if ours and row in _ROW_OF.get(kind, ()):
                return True
            if kind in _REFUSED_QR and row == "Mismatched":
                return True
        return False

    def _took_effect(self, fault: Fault) -> None:
        self._open = [(other, sale) for other, sale in self._open if other is not fault]
        self._saw(fault.kind)
