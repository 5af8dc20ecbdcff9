"""Judges the key before the till sells with it.

Rule: a key that could do harm, or could not look after the invoices it makes, makes none; what exists already is
watched with any key, because money must be watched. Where the server cannot be asked what the key may do (something in
front of it knows only the paths of invoices, an answer makes no sense) the till goes on selling, says so in its log and
asks again: the question guards against a mistake in setting up, and must not stop a shop that has been set up well.
"""

import logging
from collections.abc import Callable
from typing import Final

from pos.btcpay import greenfield as gf
from pos.btcpay import rights
from pos.btcpay.refusals import Response
from pos.core.problem import Problem
from pos.errors import BTCPayError, Denied, Unreachable

log = logging.getLogger(__name__)

AGAIN_S: Final = 3600
ASK_AGAIN_S: Final = 60
_EVIDENCE_MAX: Final = 300


class KeyCheck:
    """What is known of one key; `now_s` is any clock in seconds."""

    def __init__(self, store_id: str, allowed: frozenset[str], now_s: Callable[[], int]) -> None:
        self._store_id = store_id
        self._allowed = allowed
        self._now_s = now_s
        self._refusal: tuple[Problem, str] | None = None
        self._asked_s = 0
        self._good_for_s = 0

    def admit(self, send: Callable[[gf.Request], Response]) -> None:
        """Let a key pass that may sell; Denied, or Unreachable if there is no server to ask. Nothing is sold then."""
        now_s = self._now_s()
        # A clock that was set back must not make a judgement last for ever.
        if abs(now_s - self._asked_s) >= self._good_for_s:
            self._ask(send)
            self._asked_s = now_s
        if self._refusal is not None:
            problem, evidence = self._refusal
            raise Denied(problem, evidence, maybe_heard=False)

    def forget(self) -> None:
        """Ask again at the next occasion: the server has just refused the key."""
        self._good_for_s = 0

    def _ask(self, send: Callable[[gf.Request], Response]) -> None:
        try:
            held = gf.current_key(send(gf.get_current_key()))
        except BTCPayError as exc:
            if isinstance(exc, Denied) or (isinstance(exc, Unreachable) and not exc.maybe_heard):
                raise
            log.warning("key rights unknown problem=%s %s", exc.problem, exc.evidence)
            self._good_for_s = ASK_AGAIN_S
            return
        self._refusal = _refusal(rights.judge(held, self._store_id, self._allowed))
        self._good_for_s = AGAIN_S


def _refusal(found: rights.Rights) -> tuple[Problem, str] | None:
    if found.dangerous:
        return Problem.KEY_TOO_STRONG, f"not allowed: {', '.join(found.dangerous)}"[:_EVIDENCE_MAX]
    if found.missing:
        return Problem.KEY_TOO_WEAK, f"missing: {', '.join(found.missing)}"
    return None
