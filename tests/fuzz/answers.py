"""What BTCPay Server may answer, or a proxy, a captive portal or a thief in its place.

Rule: an answer is understood or becomes one of our exceptions, with evidence that fits a line of the log. What was
understood can be written into the journal and read back, and no figure of it is more than money and clocks can be.

A case is `STATUS CONTENT-TYPE`, a line's end, and the body.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass

from pos.btcpay import greenfield as gf
from pos.btcpay import rights, setup
from pos.btcpay.clerk import Answer, Clerk
from pos.btcpay.offers import Terms
from pos.btcpay.refusals import Response
from pos.core.duties import Create, Duty, LookUp, Watch
from pos.core.payment import birth, step
from pos.core.payment_events import Event, Opened, Quote, Received, Trail
from pos.core.problem import Problem
from pos.errors import BTCPayError
from pos.journal import record
from tests.fuzz import corpus, edits
from tests.fuzz.campaign import Parser, outcome
from tests.samples import ATTEMPT, QUOTE, T0_S

_HEAD = re.compile(rb"([1-5][0-9][0-9]) ([^\n]*)\n")
_TERMS = Terms("S", "regtest", None, 10, "en")
_TRAIL = Trail("HMprBnL9BTXWuPvpoKBS6e", T0_S + 86_400)
_DUTIES: tuple[Duty, ...] = (
    Create(ATTEMPT),
    LookUp(ATTEMPT),
    Watch(ATTEMPT, _TRAIL, None, quick=False),
    Watch(ATTEMPT, _TRAIL, QUOTE, quick=True),
)
_MOST_MSAT = 2**63
_MOST_UNIX_S = 2**53
_READERS: tuple[Callable[[Response], object], ...] = (
    *(gf.invoice, gf.invoices, gf.payment_methods, gf.healthy),
    *(setup.server_info, setup.store, setup.stores, setup.takes_lightning, setup.voided),
)


@dataclass(frozen=True, slots=True)
class _Line:
    """A transport that brings the same answer to every question, or a good one to those about the invoice itself."""

    answer: Response
    invoice: Response | None = None

    def send(self, request: gf.Request) -> Response:
        """Give an answer."""
        about_methods = request.path.endswith("/payment-methods")
        return self.answer if self.invoice is None or about_methods else self.invoice

    def close(self) -> None:
        """Hold nothing."""


def judge(case: bytes) -> bool:
    """Let every reader and every duty meet an answer; True if any of them understood it."""
    head = _HEAD.match(case)
    status, kind = (int(head[1]), head[2].decode("latin-1").lower()) if head else (200, "application/json")
    response = Response(status, kind, T0_S, case[head.end() :] if head else case)
    understood = [_understood(lambda reader=reader: reader(response)) for reader in _READERS]  # type: ignore[misc]
    understood.append(_rights(response))
    bare = Response(200, "application/json", T0_S, corpus.good("greenfield")[0].partition(b"\n")[2])
    for line in (_Line(response), _Line(response, bare)):
        clerk = Clerk(line, _TERMS, lambda: T0_S)
        for duty in _DUTIES:
            answer = _understood(lambda clerk=clerk, duty=duty: clerk.perform(duty, sweep=True, last=True))  # type: ignore[misc]
            if isinstance(answer, Answer):
                _can_be_kept(answer)
    return any(each is not None for each in understood)


def _rights(response: Response) -> object | None:
    held = _understood(lambda: gf.current_key(response))
    if isinstance(held, frozenset):
        found = rights.judge(held, _TERMS.store_id, frozenset())
        assert all(name.isprintable() for name in (*found.missing, *found.dangerous))
    return held


def _understood(ask: Callable[[], object]) -> object | None:
    understood = outcome(ask, BTCPayError)
    if not isinstance(understood, BTCPayError):
        return understood
    assert understood.problem in Problem
    assert type(understood.maybe_heard) is bool
    assert understood.evidence.isprintable(), "the log would be written over several lines"
    assert len(understood.evidence) < 1000
    understood.evidence.encode()
    return None


def _can_be_kept(answer: Answer) -> None:
    for event in answer.events:
        _reads_back(event)
        assert step(birth(Opened(ATTEMPT)), event).attempt == ATTEMPT
    for twin, trail in answer.twins:
        assert twin.id
        _is_bounded(trail)


def _reads_back(event: Event) -> None:
    kind, body = record.write(event)
    body.encode()
    assert record.read(kind, body) == event
    for part in (getattr(event, name, None) for name in ("quote", "trail", "received")):
        if part is not None:
            _is_bounded(part)
    for name in ("paid_msat", "over_msat"):
        assert 0 <= getattr(event, name, 0) <= _MOST_MSAT


def _is_bounded(part: Quote | Trail | Received) -> None:
    match part:
        case Trail():
            assert part.invoice_id
            assert -_MOST_UNIX_S < part.payable_until_s < _MOST_UNIX_S
        case Received():
            assert 0 <= part.paid_msat <= _MOST_MSAT
            assert 0 <= part.due_msat <= _MOST_MSAT
        case Quote():
            assert 0 < part.amount_msat <= _MOST_MSAT
            assert -_MOST_UNIX_S < part.created_s < _MOST_UNIX_S
            assert -_MOST_UNIX_S < part.expires_s < _MOST_UNIX_S
            assert part.rate.minor >= 0


GREENFIELD = Parser(
    "greenfield", (*edits.BYTES, *(edits.json_value,) * 8, edits.json_twice, edits.json_twice), lambda _room: judge
)
