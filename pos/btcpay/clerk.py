"""Does one duty at the server and reports what was seen there as events.

Rule: a BOLT11 leaves this module only inside a `Quote` that passed the check (`offers.py`).
Finding and asking are apart: `create` never looks up, `look_up` never creates.
"""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Protocol, assert_never

from pos.btcpay import greenfield as gf
from pos.btcpay import offers, setup
from pos.btcpay.key_check import KeyCheck
from pos.btcpay.offers import Terms
from pos.btcpay.refusals import Response, nonsense
from pos.btcpay.twins import of_attempt, twins
from pos.core.bolt11 import Mismatch
from pos.core.duties import Audit, Create, Duty, LookUp, Watch
from pos.core.order import Attempt
from pos.core.payment_events import (
    Audited,
    CameLate,
    Event,
    Mismatched,
    NotFound,
    Noticed,
    PartReceived,
    Quote,
    Quoted,
    RanOut,
    Received,
    Settled,
    Trail,
    WatchEnded,
)
from pos.core.plain_text import plain
from pos.core.problem import Problem
from pos.errors import BTCPayError, Denied

_DESTINATION_MAX = 4000

log = logging.getLogger(__name__)


class Transport(Protocol):
    """What moves the bytes."""

    def send(self, request: gf.Request) -> Response:
        """Send one request and give the whole answer; BTCPayError if there is none."""

    def close(self) -> None:
        """Let go of the connection."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What one visit to the server showed; `server_now_s` is its clock, `twins` are duplicates of the attempt."""

    events: tuple[Event, ...]
    twins: tuple[tuple[Attempt, Trail], ...]
    server_now_s: int


class Clerk:
    """Speaks with one server; every visit may raise BTCPayError and then nothing was concluded."""

    def __init__(self, transport: Transport, terms: Terms, now_s: Callable[[], int]) -> None:
        self._send = transport.send
        self.close = transport.close
        self._terms = terms
        self._now_s = now_s
        self._key = KeyCheck(terms.store_id, terms.allowed_rights, now_s)

    def perform(self, duty: Duty, *, sweep: bool = False, last: bool = False) -> Answer:
        """Do a duty once; with `sweep` a watch also looks for duplicates that a lost answer may have left.

        `last` is told where no other look is needed after this one: no server can still be at an earlier request.
        """
        try:
            return self._visit(duty, sweep=sweep, last=last)
        except Denied as exc:
            if exc.problem in (Problem.KEY_UNKNOWN, Problem.FORBIDDEN):
                self._key.forget()
            raise

    def _visit(self, duty: Duty, *, sweep: bool, last: bool) -> Answer:
        match duty:
            case Create(attempt):
                return self._create(attempt)
            case LookUp(attempt):
                return self._look_up(attempt)
            case Watch():
                return self._watch(duty, sweep=sweep, last=last)
            case Audit():
                return self._audit(duty, last=last)
            case _:
                assert_never(duty)

    def healthy(self) -> bool:
        """Ask whether the server is up and has caught up with the chain; Denied if the key is not one to sell with."""
        synchronized = gf.healthy(self._send(gf.get_health()))
        self._key.admit(self._send)
        return synchronized

    def version(self) -> str:
        """Ask for the server's version, like "2.4.1"; '' where it is not told, and nothing depends on it."""
        try:
            return setup.server_info(self._send(setup.get_server_info())).version
        except BTCPayError as exc:
            log.warning("version problem=%s %s", exc.problem, exc.evidence)
            return ""

    def _create(self, attempt: Attempt) -> Answer:
        terms = self._terms
        self._key.admit(self._send)
        response = self._send(
            gf.create_invoice(terms.store_id, attempt, language=terms.language, expiry_min=terms.expiry_min)
        )
        made = gf.invoice(response)
        if made.order_id != attempt.reference:
            # Whatever gave us another's answer (a proxy, a cache), its PAID would be somebody else's.
            raise nonsense(response, "an invoice of another order")
        try:
            return self._report(attempt, made, response)
        except BTCPayError as exc:
            # The invoice is there: whatever failed after it was made, it is to be found and never made again.
            raise type(exc)(exc.problem, exc.evidence, maybe_heard=True) from exc

    def _look_up(self, attempt: Attempt) -> Answer:
        found, response = self._find(attempt)
        if not found:
            return Answer((NotFound(),), (), self._clock(response))
        # The server lists the newest first; one that is still open is the one to show.
        ours = next((invoice for invoice in found if invoice.standing is gf.Standing.OPEN), found[0])
        answer = self._report(attempt, ours, response)
        return replace(answer, twins=twins(attempt, ours.id, found))

    def _watch(self, duty: Watch, *, sweep: bool, last: bool) -> Answer:
        response = self._send(gf.get_invoice(self._terms.store_id, duty.trail.invoice_id))
        invoice = gf.invoice(response)
        if invoice.id != duty.trail.invoice_id:
            raise nonsense(response, "another invoice")
        answer = self._report(duty.attempt, invoice, response, duty)
        over = last and answer.server_now_s > duty.trail.payable_until_s and not duty.quick
        # Only an invoice that the server has ended is given up: while it is open, money may be on its way.
        ends = over and all(isinstance(event, RanOut) for event in answer.events)
        # What is settled is audited behind PAID; a look for duplicates would stand before it.
        sweep = ends or (sweep and invoice.standing is not gf.Standing.SETTLED)
        try:
            found = self._find(duty.attempt)[0] if sweep and not duty.attempt.twin else []
        except BTCPayError as exc:
            # What was seen of the invoice itself must not be lost; the watch goes on until both were seen.
            log.warning("sweep payment=%s problem=%s %s", duty.attempt.id, exc.problem, exc.evidence)
            return answer
        events = (*answer.events, WatchEnded()) if ends else answer.events
        return replace(answer, events=events, twins=twins(duty.attempt, invoice.id, found))

    def _audit(self, duty: Audit, *, last: bool) -> Answer:
        """Find what else the server holds of a paid attempt, and how much came for what it paid."""
        found, response = self._find(duty.attempt)
        ours = next((one for one in found if one.id == duty.trail.invoice_id), None)
        # A duplicate's own duplicates are those of the attempt it is one of.
        others = () if duty.attempt.twin else twins(duty.attempt, duty.trail.invoice_id, found)
        try:
            prompts = ours.prompts if ours and ours.prompts is not None else self._ask_prompts(duty.trail.invoice_id)
        except BTCPayError as exc:
            # The duplicates that were seen must not be lost; the audit goes on until the amounts were seen too.
            log.warning("amounts payment=%s problem=%s %s", duty.attempt.id, exc.problem, exc.evidence)
            # Of an invoice that the server does not know nothing will ever be seen.
            prompts, last = (), last and exc.problem is Problem.NOT_FOUND
        return Answer((Audited(*_amounts(prompts), last=last),), others, self._clock(response))

    def _find(self, attempt: Attempt) -> tuple[list[gf.Invoice], Response]:
        response = self._send(gf.find_invoices(self._terms.store_id, attempt.reference))
        return of_attempt(attempt, gf.invoices(response)), response

    def _report(
        self, attempt: Attempt, invoice: gf.Invoice, response: Response, watch: Watch | None = None
    ) -> Answer:
        trail = watch.trail if watch else Trail(invoice.id, invoice.monitored_until_s)
        now_s = self._clock(response)
        if invoice.standing in (gf.Standing.OPEN, gf.Standing.PART_PAID):
            event = self._offer(attempt, invoice, trail, watch.quote if watch else None, now_s)
        else:
            event = self._outcome(invoice, trail)
            if isinstance(event, Settled | CameLate) and not invoice.asks_for(attempt.amount):
                # A top-up invoice is settled by any payment. What is settled for another price is not known to be paid.
                raise nonsense(response, "an invoice for another price")
        return Answer((event,), (), now_s)

    def _outcome(self, invoice: gf.Invoice, trail: Trail) -> Event:
        """Say what became of an invoice that is no longer open; amounts are asked for where they matter."""
        if invoice.standing is gf.Standing.SETTLED:
            # Never behind another call: the amounts of an old server are not worth a second before PAID.
            return Settled(trail, *_amounts(invoice.prompts or ()))
        if invoice.standing is gf.Standing.NOTICED:
            return Noticed(trail)
        received = _received(self._prompt(invoice))
        if invoice.standing is gf.Standing.PAID_LATE or (received.paid_msat and not received.due_msat):
            return CameLate(trail, received.paid_msat)
        return RanOut(trail, received, invoice.standing.value)

    def _offer(
        self, attempt: Attempt, invoice: gf.Invoice, trail: Trail, known: Quote | None, now_s: int
    ) -> Event:
        """Say what an open invoice offers to the customer: the QR it had, a checked one, or one to refuse."""
        prompt = self._prompt(invoice)
        received = _received(prompt)
        if received.paid_msat and not received.due_msat:
            return Noticed(trail)
        if known and (prompt is None or prompt.destination in ("", known.bolt11)):
            # A part payment leaves the old BOLT11 in place for a moment; its amount shows that it is used up.
            return PartReceived(known, received) if received.paid_msat else Quoted(known)
        checked = offers.check(self._terms, attempt, invoice, prompt, now_s)
        if isinstance(checked, Mismatch):
            shown = plain(prompt.destination, _DESTINATION_MAX) if prompt else ""
            return Mismatched(trail, received, checked.fault, checked.expected, checked.found, shown)
        return PartReceived(checked, received) if received.paid_msat else Quoted(checked)

    def _prompt(self, invoice: gf.Invoice) -> gf.Prompt | None:
        prompts = self._ask_prompts(invoice.id) if invoice.prompts is None else invoice.prompts
        return prompts[0] if prompts else None

    def _ask_prompts(self, invoice_id: str) -> tuple[gf.Prompt, ...]:
        return gf.payment_methods(self._send(gf.get_payment_methods(self._terms.store_id, invoice_id)))

    def _clock(self, response: Response) -> int:
        return self._now_s() if response.date_s is None else response.date_s


def _amounts(prompts: Sequence[gf.Prompt]) -> tuple[int, int]:
    """Say how much came for what is paid, and how much of it is too much; in millisatoshi, 0 where it is not told."""
    return (prompts[0].paid_msat, max(0, -prompts[0].due_msat)) if prompts else (0, 0)


def _received(prompt: gf.Prompt | None) -> Received:
    """Say what came in; nothing at all is the same as not having been asked for anything."""
    return Received(prompt.paid_msat, max(0, prompt.due_msat)) if prompt and prompt.paid_msat else Received()
