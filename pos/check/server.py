"""What the server says: its version and sync, what the key may do, the store and how it can be paid.

Rule: only questions, no changes. A right that selling does not need is not asked for: what it would have shown is said
to be hidden, which is no mistake.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

from pos.btcpay import greenfield as gf
from pos.btcpay import rights, setup
from pos.btcpay.refusals import Response
from pos.check.finding import Finding, fail, ok, warn
from pos.core.problem import Problem
from pos.errors import BTCPayError

OLDEST: Final = (1, 13)
"""The oldest server whose answers are known."""

_HIDDEN: Final = frozenset({Problem.FORBIDDEN, Problem.NOT_FOUND})

_LAST: Final = frozenset({"key_unknown", "key_lacks", "store_wrong", "store_refused"})
"""Reasons for which every further question would be refused as well."""

Send = Callable[[gf.Request], Response]


@dataclass(frozen=True, slots=True)
class Target:
    """The store to look at, and what its owner lets the key do beyond what is needed."""

    store_id: str
    allowed_rights: frozenset[str]


def server_clock(send: Send) -> tuple[Finding | None, int | None]:
    """Ask whether the server is there at all: (None, its Date in unix seconds), or the failure."""
    try:
        answer = send(gf.get_health())
        gf.healthy(answer)
    except BTCPayError as exc:
        return fail("server", "server_problem", problem=exc.problem), None
    return None, answer.date_s


def version(send: Send) -> Iterator[Finding]:
    """Ask for the server's version and whether it has caught up with the chain."""
    try:
        info = setup.server_info(send(setup.get_server_info()))
    except BTCPayError as exc:
        unknown = exc.problem is Problem.KEY_UNKNOWN  # the fault of the key, which has a step of its own
        yield ok("server", "server_answers") if unknown else fail("server", "server_problem", problem=exc.problem)
        return
    numbers = [int(part) if part.isdecimal() else 0 for part in info.version.split(".")[:2]]
    old = tuple(numbers) < OLDEST
    yield (warn if old else ok)("server", "server_old" if old else "server_ok", version=info.version or "?")
    yield ok("sync", "sync_ok") if info.synchronized else fail("sync", "sync_behind")


def selling(send: Send, target: Target) -> Iterator[Finding]:
    """Ask whether a till can sell with this key in this store; one cause is told once and ends the questions."""
    for step in (key, store, methods):
        found = tuple(step(send, target))
        yield from found
        if not _LAST.isdisjoint(finding.reason for finding in found):
            return


def key(send: Send, target: Target) -> Iterator[Finding]:
    """Ask what the key may do and judge it: too little keeps the till from selling, too much is a danger.

    A key with all it takes for another store is right, and the store_id is not.
    """
    try:
        held = gf.current_key(send(gf.get_current_key()))
    except BTCPayError as exc:
        unknown = exc.problem is Problem.KEY_UNKNOWN
        yield fail("key", "key_unknown") if unknown else fail("key", "key_problem", problem=exc.problem)
        return
    judged = rights.judge(held, target.store_id, target.allowed_rights)
    others = rights.stores(held) if judged.missing else ()
    lacking = bool(judged.missing) and not others
    if lacking:
        yield fail("key", "key_lacks", rights=", ".join(judged.missing), store=target.store_id)
    if judged.dangerous:
        yield fail("key", "key_dangerous", rights=", ".join(judged.dangerous))
    if not lacking and not judged.dangerous:
        yield ok("key", "key_ok")
    if others:
        yield fail("store", "store_wrong", store=target.store_id, stores=", ".join(others))


def store(send: Send, target: Target) -> Iterator[Finding]:
    """Ask for the store's invoices, which the till must be able to do, and for its name, which it need not."""
    try:
        gf.invoices(send(gf.find_invoices(target.store_id, "check")))
    except BTCPayError as exc:
        hidden = exc.problem in _HIDDEN
        values = {"store": target.store_id} if hidden else {"store": target.store_id, "problem": exc.problem}
        yield fail("store", "store_refused" if hidden else "store_problem", **values)
        return
    try:
        found = setup.store(send(setup.get_store(target.store_id)))
    except BTCPayError as exc:
        hidden = exc.problem in _HIDDEN
        yield ok("store", "store_hidden", store=target.store_id) if hidden else _failed("store", exc)
        return
    values = {"store": target.store_id, "name": found.name, "currency": found.currency or "?"}
    yield ok("store", "store_ok", **values)


def methods(send: Send, target: Target) -> Iterator[Finding]:
    """Ask whether the store can be paid with Lightning."""
    try:
        lightning = setup.takes_lightning(send(setup.get_store_methods(target.store_id)))
    except BTCPayError as exc:
        yield ok("methods", "methods_hidden") if exc.problem in _HIDDEN else _failed("methods", exc)
        return
    yield ok("methods", "methods_ok") if lightning else fail("methods", "methods_no_lightning")


def _failed(step: str, exc: BTCPayError) -> Finding:
    return fail(step, "server_problem", problem=exc.problem)
