"""Which answers are not what was asked for, and which exception each becomes.

Rule: every status has one meaning for the people at the counter, found in one table. Bodies may be a dict, a list,
empty, or a proxy's HTML; none of them may surprise us, and none reaches a screen.
"""

import json
from dataclasses import dataclass

from pos.core.plain_text import plain
from pos.core.problem import Problem
from pos.errors import Broken, BTCPayError, Denied, Refused

_EVIDENCE_MAX = 300


@dataclass(frozen=True, slots=True)
class Response:
    """One answer; `date_s` is its Date header in unix seconds, None if there was none."""

    status: int
    content_type: str
    date_s: int | None
    body: bytes


_BY_STATUS: dict[int, tuple[type[BTCPayError], Problem]] = {
    401: (Denied, Problem.KEY_UNKNOWN),
    403: (Denied, Problem.FORBIDDEN),
    404: (Refused, Problem.NOT_FOUND),
    408: (Broken, Problem.SLOW),
    422: (Refused, Problem.INVALID),
    429: (Refused, Problem.BUSY),
}


def refuse(response: Response) -> None:
    """Raise what an answer means unless it is a 200 that may hold JSON (greenfield errors: {code, message} or a list).

    A 4xx was understood and declined: nothing was made. After a 5xx, a proxy's page or nonsense the server may have
    acted all the same.
    """
    status = response.status
    if status == 200 and "html" not in response.content_type:
        return
    evidence = _evidence(response)
    if 300 <= status < 400:
        raise Refused(Problem.REDIRECT, evidence, maybe_heard=False)
    if "html" in response.content_type and status != 429:
        raise Broken(Problem.PROXY_PAGE, evidence, maybe_heard=True)
    if status in _BY_STATUS:
        error, problem = _BY_STATUS[status]
        raise error(problem, evidence, maybe_heard=status == 408)
    if status == 400:
        raise Refused(_reason(response), evidence, maybe_heard=False)
    if 400 <= status < 500:
        raise Refused(Problem.DECLINED, evidence, maybe_heard=False)
    raise Broken(Problem.SERVER_ERROR if status >= 500 else Problem.NONSENSE, evidence, maybe_heard=True)


def nonsense(response: Response, why: str) -> Broken:
    """Make the exception for an answer that cannot be understood."""
    return Broken(Problem.NONSENSE, f"{why[:_EVIDENCE_MAX]}; {_evidence(response)}", maybe_heard=True)


def _reason(response: Response) -> Problem:
    """Tell why an invoice could not be made: the server says so only in the words of its log lines."""
    try:
        message = str(json.loads(response.body).get("message", ""))
    except (ValueError, AttributeError, RecursionError):
        return Problem.DECLINED
    if "get rate(s)" in message or "Error from exchange" in message:
        return Problem.NO_RATE
    if "accepted value" in message:  # the store takes Lightning only below or above some amount
        return Problem.DECLINED
    if "Payment method unavailable" in message or "matching payment method" in message:
        return Problem.LIGHTNING_DOWN
    return Problem.DECLINED


def _evidence(response: Response) -> str:
    """Describe an answer on one line for the log, short and without control characters."""
    text = response.body[:_EVIDENCE_MAX].decode("utf-8", "replace")
    return f"status={response.status} type={response.content_type[:60]!r} body={plain(text, _EVIDENCE_MAX)!r}"
