"""What each kind of customer does, told so that the power may fail at any word of it.

Rule: each line is something that people want to come true, not a tap at a certain moment. Nobody but the customer
decides what is paid; when a QR is gone they take the one that is there.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from bench.drill.evening import Evening
from bench.drill.faults import Kind
from bench.drill.hands import either, leaving, menu, opening, other_than, patient, qr
from bench.drill.plan import Customer, Stage

TOO_MUCH_PERCENT = 115


@dataclass(frozen=True, slots=True)
class Visit:
    """One customer at the counter; `reach` lets the faults of a stage begin, `mark` notes what a phone did."""

    evening: Evening
    reach: Callable[[Stage], None]
    mark: Callable[[Kind], None]


def begin(evening: Evening) -> int:
    """Clear the screen, put something into the order and tap pay, until a new order has begun; give its number."""
    # A journal that was lost with the newest orders, none of which the server ever heard of, goes on before them.
    before = evening.witness.orders
    evening.see(lambda _: evening.witness.latest not in {0, *before}, by=opening)
    return evening.witness.latest


def serve(customer: Customer, visit: Visit) -> None:
    """Play a customer to the end: the menu is up and nothing is waiting to be read."""
    _PLAYS[customer](visit)
    visit.evening.see(menu, by=leaving if customer is Customer.LEAVES else patient)


def _scan(visit: Visit) -> str:
    """Give the QR that the customer has before them; '' if the order has ended some other way."""
    return visit.evening.see(either(qr, menu), by=patient).qr


def _shown(visit: Visit) -> str:
    """Wait for the order's first QR and let what goes wrong then begin."""
    first = _scan(visit)
    visit.reach(Stage.SHOWN)
    return first


def _pay_what_is_shown(visit: Visit, *, percent: int = 100) -> str:
    """Pay the QR on the screen, or the next if the phone declines; give the one that was paid."""
    while shown := _scan(visit):
        if visit.evening.pay(shown, percent=percent):
            visit.reach(Stage.PAID)
            return shown
        visit.evening.see(either(menu, other_than(shown)), by=patient)
    return ""


def _leave(visit: Visit) -> None:
    visit.evening.see(menu, by=leaving)


def _pays(visit: Visit) -> None:
    _shown(visit)
    _pay_what_is_shown(visit)


def _pays_too_much(visit: Visit) -> None:
    _shown(visit)
    visit.mark(Kind.OVER)
    _pay_what_is_shown(visit, percent=TOO_MUCH_PERCENT)


def _pays_in_parts(visit: Visit) -> None:
    _shown(visit)
    visit.mark(Kind.PARTIAL)
    paid = _pay_what_is_shown(visit, percent=40)
    while paid:
        visit.evening.see(either(menu, other_than(paid)), by=patient)
        paid = _pay_what_is_shown(visit)


def _pays_the_rest_anew(visit: Visit) -> None:
    first = _shown(visit)
    visit.mark(Kind.PARTIAL)
    if not _pay_what_is_shown(visit, percent=40):
        return
    # The till asks for the rest on the same invoice; when that ends, only a new one can bring it.
    rest = visit.evening.see(either(menu, other_than(first)), by=patient).qr
    if rest:
        visit.evening.expire(rest)
        visit.evening.see(either(menu, other_than(rest)), by=patient)
    while paid := _pay_what_is_shown(visit):
        visit.evening.see(either(menu, other_than(paid)), by=patient)


def _pays_a_part(visit: Visit) -> None:
    _shown(visit)
    visit.mark(Kind.PARTIAL)
    _pay_what_is_shown(visit, percent=40)
    _leave(visit)


def _pays_old_qr(visit: Visit) -> None:
    first = _shown(visit)
    if not first:
        return
    visit.evening.expire(first)
    visit.evening.see(either(menu, other_than(first)), by=patient)
    visit.mark(Kind.LATE)
    if visit.evening.pay(first, late=True):
        visit.reach(Stage.PAID)
    else:
        _leave(visit)


def _pays_expired_qr(visit: Visit, *, percent: int = 100) -> None:
    first = _shown(visit)
    if first:
        visit.evening.expire(first)
        _leave(visit)
        visit.mark(Kind.LATE)
        _pay_unasked(visit, first, percent)


def _pays_after_cancel(visit: Visit, *, percent: int = 100) -> None:
    first = _shown(visit)
    _leave(visit)
    if first:
        visit.mark(Kind.CANCELLED)
        _pay_unasked(visit, first, percent)


def _pay_unasked(visit: Visit, qr: str, percent: int) -> None:
    if percent > 100:
        visit.mark(Kind.OVER)
    visit.evening.pay(qr, percent=percent, late=True)
    visit.reach(Stage.PAID)


def _pays_twice(visit: Visit) -> None:
    first = _shown(visit)
    if not first:
        return
    visit.evening.expire(first)
    visit.mark(Kind.TWICE)
    _pay_what_is_shown(visit)
    visit.evening.pay(first, late=True)


def _pays_the_dead(visit: Visit) -> None:
    first = _shown(visit)
    visit.mark(Kind.WHILE_DEAD)
    visit.evening.cut()
    if first:
        visit.evening.pay(first)
    visit.reach(Stage.PAID)
    _pay_what_is_shown(visit)


def _leaves(visit: Visit) -> None:
    _shown(visit)


_PLAYS: dict[Customer, Callable[[Visit], None]] = {
    Customer.PAYS: _pays,
    Customer.PAYS_TOO_MUCH: _pays_too_much,
    Customer.PAYS_IN_PARTS: _pays_in_parts,
    Customer.PAYS_THE_REST_ANEW: _pays_the_rest_anew,
    Customer.PAYS_A_PART: _pays_a_part,
    Customer.PAYS_OLD_QR: _pays_old_qr,
    Customer.PAYS_EXPIRED_QR: _pays_expired_qr,
    Customer.PAYS_EXPIRED_TOO_MUCH: partial(_pays_expired_qr, percent=TOO_MUCH_PERCENT),
    Customer.PAYS_AFTER_CANCEL: _pays_after_cancel,
    Customer.PAYS_TOO_MUCH_AFTER_CANCEL: partial(_pays_after_cancel, percent=TOO_MUCH_PERCENT),
    Customer.PAYS_TWICE: _pays_twice,
    Customer.PAYS_THE_DEAD: _pays_the_dead,
    Customer.LEAVES: _leaves,
}
