"""Scripted trouble: which requests suffer, and what happens to them.

Rule: nothing goes wrong by chance. The script says what strikes, on which operation, when, and how often.

    kind                 what the till meets
    drop                 the connection is reset, no answer
    cut                  carried out; the connection is reset in the middle of the answer
    delay                `seconds` pass before the work (`after`: before the answer; the client may have left)
    hang                 no answer until the server stops
    restart              reset; the port refuses for `seconds`, then the same shop listens again
    clock-jump           the server's clock is set by `seconds`, then all is normal
    duplicate            carried out twice, answered once
    500 502 503 504      empty body; HTML of a proxy for the other three
    401 403 404 404-empty 422 429           BTCPay's own refusals; 429 is a proxy's
    lightning-down lightning-slow rate-down no-wallet    the 400s of a creation that found no payment method
    redirect redirect-307                   to `url`
    html wrong-shape list null empty garbage huge        status 200 and not what was asked for
    nothing              an empty list
    syncing              for "info" and "health": the server has not caught up with the chain
    truncated            carried out; the JSON ends half-way
    lie-* and the rest   carried out, and the answer is not true: see lies.py. On "create" the new invoice
                         stays crooked for good, on anything else only that answer is

`after` has a request carried out first where the table does not say so already.
"""

import json
import threading
from collections.abc import Callable
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase
from typing import Final, Protocol

from pos.demo import canned
from pos.demo.answers import Reply
from pos.demo.lies import LIES, lie, lie_about
from pos.demo.operations import Request
from pos.demo.routes import NAMES
from pos.demo.shop import Shop

_POLLS: Final = frozenset({"read", "prompts"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Misfortune:
    """One line of a script.

    `on`: an operation's name (routes.py), "poll" (read or prompts), "any", or method and path with wildcards
    ("GET /api/v1/stores/*"). It strikes from the `nth` such request on, `times` times; None is for ever.
    ValueError for a kind or an operation there is none of.
    """

    kind: str
    on: str = "any"
    nth: int = 1
    times: int | None = 1
    seconds: float = 0
    url: str = ""
    after: bool = False

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise ValueError(f"there is no misfortune {self.kind!r}")
        check_operation(self.on)


@dataclass(frozen=True, slots=True)
class Delivery:
    """What goes back to the client: `answer` None is a reset without a word, `cut` a reset in the middle."""

    answer: Reply | None
    cut: bool = False


class World(Protocol):
    """What misfortune can do to a server."""

    @property
    def shop(self) -> Shop: ...
    def wait(self, seconds: float | None) -> None:
        """Let time pass on this request; None is until the server stops."""

    def restart(self, seconds: float) -> None:
        """Refuse connections for a while."""


Work = Callable[[], Reply]


class Script:
    """The misfortunes still to come, and the invoices that were born crooked."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._lines: list[Misfortune] = []
        self._crooked: dict[str, str] = {}

    @property
    def lines(self) -> tuple[Misfortune, ...]:
        """What is still to come."""
        with self._lock:
            return tuple(self._lines)

    def add(self, *lines: Misfortune) -> None:
        """Append to the script; of several lines for a request the first strikes, others do not count it."""
        with self._lock:
            self._lines.extend(lines)

    def clear(self) -> None:
        """Let everything be normal from now on; crooked invoices become straight."""
        with self._lock:
            self._lines.clear()
            self._crooked.clear()

    def strike(self, name: str, request: Request) -> Misfortune | None:
        """Return what happens to this request, and count it."""
        with self._lock:
            for index, line in enumerate(self._lines):
                if not concerns(line.on, name, request):
                    continue
                if line.nth > 1:
                    self._lines[index] = replace(line, nth=line.nth - 1)
                    continue
                if line.times is not None:
                    left = [replace(line, times=line.times - 1)] if line.times > 1 else []
                    self._lines[index : index + 1] = left
                return line
        return None

    def bend(self, answer: Reply, shop: Shop) -> Reply:
        """Apply the lies about crooked invoices to an answer that speaks of them."""
        with self._lock:
            crooked = dict(self._crooked)
        for invoice_id, kind in crooked.items():
            answer = lie_about(invoice_id, kind, answer, shop)
        return answer

    def befall(self, line: Misfortune, name: str, work: Work, world: World) -> Delivery:
        """Carry out one request under a misfortune."""
        if line.kind in LIES and name == "create":
            born = work()
            if born.status == 200:
                with self._lock:
                    self._crooked[json.loads(born.body)["id"]] = line.kind
            return Delivery(self.bend(born, world.shop))
        if line.kind in LIES:
            return Delivery(lie(line.kind, work(), world.shop))
        if line.kind in _DEEDS:
            return _DEEDS[line.kind](line, work, world)
        if line.after:
            work()
        return Delivery(canned.answer(line.kind, line.url))


def concerns(on: str, name: str, request: Request) -> bool:
    """Tell whether `on` means this request, whose operation is `name`."""
    method, _, pattern = on.partition(" ")
    if pattern:
        return method == request.method and fnmatchcase(request.path, pattern)
    return on in ("any", name) or (on == "poll" and name in _POLLS)


def check_operation(on: str) -> None:
    """Raise ValueError unless `on` can mean some request."""
    if " " not in on and on not in NAMES | {"any", "poll"}:
        raise ValueError(f"there is no operation {on!r}")


def _drop(line: Misfortune, work: Work, world: World) -> Delivery:
    if line.after:
        work()
    return Delivery(None)


def _cut(line: Misfortune, work: Work, world: World) -> Delivery:
    return Delivery(work(), cut=True)


def _delay(line: Misfortune, work: Work, world: World) -> Delivery:
    if not line.after:
        world.wait(line.seconds)
    answer = work()
    if line.after:
        world.wait(line.seconds)
    return Delivery(answer)


def _hang(line: Misfortune, work: Work, world: World) -> Delivery:
    if line.after:
        work()
    world.wait(None)
    return Delivery(None)


def _restart(line: Misfortune, work: Work, world: World) -> Delivery:
    if line.after:
        work()
    world.restart(line.seconds)
    return Delivery(None)


def _clock_jump(line: Misfortune, work: Work, world: World) -> Delivery:
    world.shop.advance(line.seconds)
    return Delivery(work())


def _duplicate(line: Misfortune, work: Work, world: World) -> Delivery:
    work()
    return Delivery(work())


def _truncated(line: Misfortune, work: Work, world: World) -> Delivery:
    answer = work()
    return Delivery(replace(answer, body=answer.body[: len(answer.body) // 2]))


_DEEDS: Final[dict[str, Callable[[Misfortune, Work, World], Delivery]]] = {
    "drop": _drop,
    "cut": _cut,
    "delay": _delay,
    "hang": _hang,
    "restart": _restart,
    "clock-jump": _clock_jump,
    "duplicate": _duplicate,
    "truncated": _truncated,
}
KINDS: Final = frozenset({*_DEEDS, *canned.KINDS, *LIES})
