"""A till in a process of its own, without a window or behind a real one, that somebody else speaks to over a line.

Rule: every part is the product's own, put together by `pos.assembly.assemble`; what `mortal.py` subclasses is put in
the places where the composition root takes it from. A line of JSON comes in for each touch, and one goes out for
everything that is shown, written or heard.
"""

import json
import logging
import os
import select
import socket
import threading
import time
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

from bench.drill.flushes import Flushes
from bench.drill.mortal import Clock, Fate, MortalClient, MortalJournal, Settlements, Tell, ToldMailbox
from bench.drill.sight import Sight, sight_of
from pos import assembly, private, upkeep
from pos import config as configs
from pos.btcpay import client
from pos.core import touches
from pos.core.touches import Touch
from pos.errors import JournalError
from pos.house import Clocks, Timing
from pos.pace import Pace
from pos.qr import Modules
from pos.ui.view import View
from pos.words import Words

KEY_VARIABLE = "TILL_KEY"
QUICK = Pace(
    quick_s=0.02,
    steady_s=0.02,
    lapsed_s=((float("inf"), 0.05),),
    look_up_gap_s=0.04,
    idle_look_up_s=0.1,
    audit_s=(0.02, 0.2),
    back_off_s=0.02,
    back_off_most_s=0.2,
    health_s=5.0,
)
JOURNAL_EXIT = 3
_TICK_S = 1.0


@dataclass(frozen=True, slots=True)
class Body:
    """What of a till the line can reach."""

    parts: assembly.Parts
    fate: Fate
    clock: Clock
    flushes: Flushes | None
    tell: Tell

    def obey(self, text: bytes, touch: Callable[[Touch], None]) -> None:
        """Do what one line says: a touch, or a word from fate that begins with '!'."""
        name, *values = json.loads(text)
        match name:
            case "!doom":
                self.fate.doom(*values)
            case "!clock":
                self.clock.ahead_ms = values[0]
            case "!disk" if self.flushes is not None:
                self.flushes.broken = values[0]
            case _:
                touch(getattr(touches, name)(*values))
                self.tell({"touched": name})


class Watcher:
    """Tells what is shown, each time that changes."""

    def __init__(self, tell: Tell, settlements: Settlements, key: str) -> None:
        self.parts: assembly.Parts | None = None
        self._tell = tell
        self._settlements = settlements
        self._key = key
        self._last: Sight | None = None

    def saw(self, view: View) -> None:
        """Tell of a view, beside what the till holds true."""
        assert self.parts is not None
        sight, mailbox = sight_of(view), self.parts.mailbox
        payments = self.parts.counter.payments
        failing = mailbox.failing if isinstance(mailbox, ToldMailbox) else set()
        at = getattr(self.parts.counter.till.screen, "payment_id", "")
        sight = replace(
            sight,
            open={name: type(state).__name__ for name, state in payments.items()},
            unknown=at in failing,
        )
        if sight == (self._last and replace(self._last, paid_ms=-1)):
            return
        self._last = replace(sight, paid_ms=self._settlements.age_ms(sight.order) if sight.kind == "PaidView" else -1)
        self._tell({"sight": self._last.told()})
        if self._key in repr(view):
            self._tell({"leak": "the API key is on the screen"})


class Blind:
    """A screen that nobody sees."""

    def __init__(self, watcher: Watcher) -> None:
        self._watcher = watcher

    def show(self, view: View) -> None:
        """Tell what would be seen."""
        self._watcher.saw(view)

    def when_painted(self, tell: Callable[[], None]) -> None:
        """Nothing is painted here, so it is at once."""
        tell()

    def close(self) -> None:
        """There is nothing to take down."""

    def qr_ready(self, text: str, side_px: int, modules: Modules) -> None:
        """Nobody asks for one here."""


def live(spec: dict[str, Any], line: socket.socket, words: dict[str, Words]) -> int:
    """Be a till until the line is cut, and give the exit code.

    `spec` has config, key, log and doom; clock_ms, display, notes, pragma, read_timeout_s, talkative and window where
    they differ from a till that nobody meddles with.
    """
    speaking = threading.Lock()

    def tell(news: dict[str, Any]) -> None:
        with speaking:
            line.sendall(json.dumps(news).encode() + b"\n")

    logging.basicConfig(filename=spec["log"], level=logging.INFO, format="%(threadName)s %(levelname)s %(message)s")
    os.environ[KEY_VARIABLE] = spec["key"]
    fate = Fate(spec["doom"], tell, talkative=spec.get("talkative", True))
    clock, settlements = Clock(spec.get("clock_ms", 0)), Settlements()
    flushes = Flushes(Path(spec["notes"]), fate.write_or_flush) if "notes" in spec else None
    if flushes is not None:
        flushes.become_default()
        private.flush = flushes.flush
    # A server is never slower than this: half as long again as the till waits for it.
    pace = replace(QUICK, audit_for_s=1.5 * spec.get("read_timeout_s", 0))
    timeout = {"read_timeout_s": spec["read_timeout_s"]} if "read_timeout_s" in spec else {}
    # The names by which the composition root takes what is mortal here; what is done once a minute is done sooner.
    for module, name, mortal in (
        (assembly, "Journal", partial(MortalJournal, fate, tell, spec.get("pragma", ""))),
        (assembly, "Mailbox", partial(ToldMailbox, tell)),
        (upkeep, "EVERY_S", _TICK_S),
        (client, "Client", partial(MortalClient, fate, settlements, **timeout)),
    ):
        setattr(module, name, mortal)
    watcher = Watcher(tell, settlements, spec["key"])
    with ExitStack() as cleanup:
        config = configs.load(Path(spec["config"]), words)
        try:
            server = assembly.find_server(config, words, cleanup)
            clocks = Clocks(clock.now_ms, time.monotonic, lambda: time.localtime().tm_gmtoff)
            parts = watcher.parts = assembly.assemble(config, words, server, cleanup, Timing(clocks, pace))
        except JournalError as exc:
            logging.warning("start: %s", exc)
            tell({"ended": "journal"})
            return JOURNAL_EXIT
        body = Body(parts, fate, clock, flushes, tell)
        if spec.get("window"):
            from bench.drill import windowed  # noqa: PLC0415 a till without a window needs no Tk

            os.environ["DISPLAY"] = spec["display"]
            windowed.serve(body, watcher, line, spec["window"])
        else:
            parts.begin(Blind(watcher))
            _serve(body, line)
    return 0


def _serve(body: Body, line: socket.socket) -> None:
    counter, mailbox, buffer = body.parts.counter, body.parts.mailbox, b""
    tick_s = time.monotonic() + _TICK_S
    while True:
        ready, _, _ = select.select([line.fileno(), mailbox.fileno()], [], [], max(0.0, tick_s - time.monotonic()))
        if mailbox.fileno() in ready:
            counter.read(mailbox.collect())
        if line.fileno() in ready:
            data = line.recv(65536)
            if not data:
                return
            *whole, buffer = (buffer + data).split(b"\n")
            for text in whole:
                body.obey(text, counter.touch)
        if time.monotonic() >= tick_s:
            tick_s += _TICK_S
            counter.tick()
