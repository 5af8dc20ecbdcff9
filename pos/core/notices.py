"""What to tell staff of money that came without a sale in front of it: late, twice, a part, or too much.

Rule: it depends on everything that came for the order, so it is asked of all its attempts and never remembered.
"""

from collections.abc import Mapping
from enum import StrEnum

from pos.core.payment_states import Overpaid, PaidLate, State, came_in, owed_to_staff


class Notice(StrEnum):
    """One kind of thing to tell."""

    LATE = "late"  # the whole amount, with nobody waiting: hand over or pay back
    TWICE = "twice"  # the order was paid without it: pay back
    SHORT = "short"  # a part, and the rest is missing
    WHOLE = "whole"  # a part, and the rest came by another QR: nothing is missing
    OVER = "over"  # more than the price, and it was known only after the sale: pay back what is too much


def notices(attempts: Mapping[str, State]) -> Mapping[str, Notice]:
    """Judge each attempt of one order that staff are owed a word about; `attempts` in the order they began."""
    found: dict[str, Notice] = {}
    for payment_id, state in attempts.items():
        if owed_to_staff(state):
            found[payment_id] = _judge(state, attempts, found)
    return found


def _judge(state: State, attempts: Mapping[str, State], judged: Mapping[str, Notice]) -> Notice:
    """Judge one; of two that would each do, the earlier is the payment and the later the surplus."""
    if isinstance(state, Overpaid):
        return Notice.OVER
    total = state.attempt.order.total.minor
    came = {other: came_in(attempts[other]).minor for other in attempts}
    owed = {other for other, one in attempts.items() if owed_to_staff(one) and not isinstance(one, Overpaid)}
    later = owed - set(judged)
    if sum(minor for other, minor in came.items() if other not in later) >= total:
        return Notice.TWICE
    if isinstance(state, PaidLate):
        return Notice.LATE
    return Notice.WHOLE if sum(came.values()) >= total else Notice.SHORT
