"""A till without a window in a process of its own, which can be made to die at one exact point.

Rule: every part is the product's own, put together by `pos.assembly.assemble`. The journal and the HTTP client are
subclassed for one thing only: to stop at named points and there, if fate has it so, kill the process with SIGKILL.

    schema n written         the n-th transaction of the journal's migration, before its COMMIT
    row n before             the n-th append of this life, nothing done
    row n written            the same, every row inserted, before its COMMIT
    row n after              the same, committed, and the till does not know it yet
    call NAME n before       the n-th HTTP call of this name, nothing sent
    call NAME n after        the same, answered, and nothing concluded yet

Started as a program it is a cradle: an interpreter with everything imported that forks a till for each request, so
that hundreds of them can be started in a minute. The fork happens while there is one thread and no file of the till's
is open; from reading kiosk.yaml on, each till starts, runs and dies as any other process.
"""

import json
import logging
import os
import select
import signal
import socket
import sys
import threading
from collections import Counter as Tally
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from typing import Any

from pos import assembly
from pos import config as configs
from pos import words as wordbook
from pos.btcpay import clerk, client, greenfield
from pos.btcpay.refusals import Response
from pos.core import touches
from pos.core.payment_events import Entry
from pos.core.payment_states import State
from pos.journal import Journal
from pos.pace import Pace
from pos.qr import Modules
from pos.ui.view import MenuView, NoticesView, PaidView, PayView, View
from pos.words import Words

KEY_VARIABLE = "TILL_KEY"
QUICK = Pace(
    quick_s=0.02,
    steady_s=0.02,
    lapsed_s=((float("inf"), 0.05),),
    look_up_gap_s=0.04,
    back_off_s=0.02,
    back_off_most_s=0.2,
    health_s=5.0,
)
Tell = Callable[[dict[str, Any]], None]


class Fate:
    """Knows the point at which this process dies, and tells of every point it came to alive."""

    def __init__(self, doom: str, tell: Tell) -> None:
        self._doom = doom
        self._tell = tell
        self._lock = threading.Lock()
        self._seen: Tally[str] = Tally()

    def nth(self, what: str) -> str:
        """Number something that is about to happen."""
        with self._lock:
            self._seen[what] += 1
            return f"{what} {self._seen[what]}"

    def come_to(self, point: str) -> None:
        """Pass a point, or die there."""
        self._tell({"point": point})
        if point == self._doom:
            os.kill(os.getpid(), signal.SIGKILL)

    def remember(self, entries: Sequence[Entry]) -> None:
        """Tell what is now in the journal."""
        self._tell({"rows": [[entry.payment_id, type(entry.event).__name__] for entry in entries]})


class MortalJournal(Journal):
    """The journal, with points before, inside and after every transaction."""

    def __init__(self, fate: Fate, path: Path) -> None:
        self._fate = fate
        self._point = ""
        super().__init__(path)

    def append(self, entries: Sequence[Entry], at_ms: int) -> None:
        self._point = self._fate.nth("row")
        self._fate.come_to(f"{self._point} before")
        super().append(entries, at_ms)
        self._fate.remember(entries)
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

    def __init__(self, fate: Fate, url: str, key: str, *, ca_file: str | None = None) -> None:
        super().__init__(url, key, ca_file=ca_file)
        self._fate = fate

    def send(self, request: greenfield.Request) -> Response:
        point = self._fate.nth(f"call {_name(request)}")
        self._fate.come_to(f"{point} before")
        response = super().send(request)
        self._fate.come_to(f"{point} after")
        return response


class Blind:
    """A screen that nobody sees: it tells what it would have shown, each time that changes."""

    def __init__(self, tell: Tell) -> None:
        self._tell = tell
        self._last: dict[str, Any] = {}
        self.payments: Callable[[], dict[str, State]] = dict

    def show(self, view: View) -> None:
        sight = {**_sight(view), "open": {name: type(state).__name__ for name, state in self.payments().items()}}
        if sight != self._last:
            self._last = sight
            self._tell({"sight": sight})

    def qr_ready(self, text: str, side_px: int, modules: Modules) -> None:
        """Nobody asks for one here."""


def live(spec: dict[str, Any], line: socket.socket, words: dict[str, Words]) -> None:
    """Be a till until the line is cut; `spec` has config, key, log and doom."""
    speaking = threading.Lock()

    def tell(news: dict[str, Any]) -> None:
        with speaking:
            line.sendall(json.dumps(news).encode() + b"\n")

    logging.basicConfig(filename=spec["log"], level=logging.INFO, format="%(threadName)s %(levelname)s %(message)s")
    os.environ[KEY_VARIABLE] = spec["key"]
    fate = Fate(spec["doom"], tell)
    # The two names by which the composition root takes what is mortal here.
    for module, name, mortal in ((assembly, "Journal", MortalJournal), (client, "Client", MortalClient)):
        setattr(module, name, partial(mortal, fate))
    with ExitStack() as cleanup:
        config = configs.load(Path(spec["config"]), words)
        parts = assembly.assemble(config, words, assembly.find_server(config, words, cleanup), cleanup, QUICK)
        screen = Blind(tell)
        screen.payments = lambda: dict(parts.counter.payments)
        parts.begin(screen)
        _serve(parts, line, tell)


def _serve(parts: assembly.Parts, line: socket.socket, tell: Tell) -> None:
    buffer = b""
    while True:
        ready, _, _ = select.select([line.fileno(), parts.mailbox.fileno()], [], [], 1.0)
        if parts.mailbox.fileno() in ready:
            parts.counter.read(parts.mailbox.collect())
        if line.fileno() in ready:
            data = line.recv(65536)
            if not data:
                return
            *whole, buffer = (buffer + data).split(b"\n")
            for text in whole:
                name, *values = json.loads(text)
                parts.counter.touch(getattr(touches, name)(*values))
                tell({"touched": name})
        if not ready:
            parts.counter.tick()


def _sight(view: View) -> dict[str, Any]:
    """Reduce a view to what a story looks at."""
    sight: dict[str, Any] = {"kind": type(view).__name__, "buttons": [], "qr": "", "order": 0, "notices": []}
    match view:
        case MenuView():
            offered = [view.status.notices] if view.status.notices else []
            sight |= {"buttons": [type(button.touch).__name__ for button in offered], "lines": len(view.lines)}
        case PayView():
            buttons = [type(button.touch).__name__ for button in view.buttons]
            sight |= {"qr": view.qr, "order": int(view.rows[0].figure), "buttons": buttons, "busy": view.busy}
        case PaidView():
            sight |= {"order": int("".join(letter for letter in view.order if letter.isdigit()))}
        case NoticesView():
            sight |= {"notices": [_payment_of(notice.button.touch) for notice in view.notices]}
    return sight


def _payment_of(touch: touches.Touch) -> str:
    """Name the payment that a notice is about."""
    assert isinstance(touch, touches.Acknowledge)
    return touch.payment_id


def _name(request: greenfield.Request) -> str:
    if request.method == "POST":
        return "create"
    if request.path.endswith("/health"):
        return "health"
    if request.path.endswith("/payment-methods"):
        return "prompts"
    return "look-up" if any(key == "orderId" for key, _ in request.query) else "read"


def rock(control: socket.socket) -> None:
    """Fork a till for each request to start one, and tell how it ended when asked."""
    words = {language: wordbook.load(language, assembly.ASSETS / "words") for language in wordbook.LANGUAGES}
    while True:
        message, descriptors, _, _ = socket.recv_fds(control, 65536, 1)
        if not message:
            return
        request = json.loads(message)
        if "wait" in request:
            _, status = os.waitpid(request["wait"], 0)
            control.send(json.dumps({"exit": os.waitstatus_to_exitcode(status)}).encode())
            continue
        line = socket.socket(fileno=descriptors[0])
        child = os.fork()
        if child == 0:
            control.close()
            try:
                live(request, line, words)
            except Exception:
                # The test reads the log and fails on any traceback: nothing is hidden by this.
                logging.exception("till")
            finally:
                os._exit(1)
        line.close()
        control.send(json.dumps({"pid": child}).encode())


if __name__ == "__main__":
    assert clerk  # imported for its warmth: the product imports it in a worker, at the first call
    rock(socket.socket(fileno=int(sys.argv[1])))
