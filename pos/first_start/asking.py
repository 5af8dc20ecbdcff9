"""What a worker asks the server for the first start: one finding for each step, as far as asking makes sense.

Rule: the key is sent only over a connection whose certificate is trusted; a failure ends the questions. Nothing here
changes anything at the server.
"""

from collections.abc import Callable
from contextlib import closing

from pos.check import line, server
from pos.check.finding import Finding, Grade, fail, worst
from pos.check.server import Target
from pos.config import Secret
from pos.core.problem import Problem
from pos.core.route import Route
from pos.errors import BTCPayError
from pos.first_start.pages import LookedAt, Reached
from pos.pairing import call, probe

_OF_THE_KEY = frozenset({Problem.KEY_UNKNOWN, Problem.FORBIDDEN})


def reach(address: str, key: Secret, now_s: Callable[[], int]) -> Reached:
    """Find the server, judge its certificate, and ask which stores the key is for."""
    route = Route(address)
    findings: list[Finding] = []
    for found in (line.name(route), line.certificate(route, now_s())):
        findings += found
        if worst(findings) is Grade.FAIL:
            return Reached(tuple(findings), ())
    try:
        stores = probe(route, key).stores
    except BTCPayError as exc:
        step, reason = ("key", "key_problem") if exc.problem in _OF_THE_KEY else ("server", "server_problem")
        return Reached((*findings, fail(step, reason, problem=exc.problem)), ())
    with closing(call(route, key)) as client:
        findings += server.version(client.send)
    if not stores:
        findings.append(fail("store", "store_unknown"))
    return Reached(tuple(findings), stores)


def look(address: str, key: Secret, store_id: str) -> LookedAt:
    """Judge what the key may do in a store, and ask how the store can be paid."""
    target = Target(store_id, frozenset())
    with closing(call(Route(address), key)) as client:
        return LookedAt(tuple(server.selling(client.send, target)))
