"""What staff are told of money that came without a sale in front of it."""

from dataclasses import replace

from pos.core.money import Money
from pos.core.notices import Notice, notices
from pos.core.payment_states import Awaiting, Fulfilled, Lapsed, Overpaid, PaidLate, State, TakenOver
from tests.samples import ATTEMPT, NOTHING, PART, QUOTE, TRAIL

SECOND = replace(ATTEMPT, number=2)
REST = replace(SECOND, amount=Money(890, "JPY"))
PART_CAME = Lapsed(ATTEMPT, TRAIL, PART, reported=False)


def judged(*states: State) -> list[Notice]:
    return list(notices({state.attempt.id: state for state in states}).values())


def test_the_whole_amount_with_nobody_waiting_is_late() -> None:
    assert judged(PaidLate(ATTEMPT, 8_231_000, 0)) == [Notice.LATE]
    assert judged(PaidLate(ATTEMPT, 8_231_000, 0), Awaiting(SECOND, QUOTE)) == [Notice.LATE]


def test_money_for_an_order_that_was_paid_is_a_surplus() -> None:
    assert judged(PaidLate(ATTEMPT, 8_231_000, 0), Fulfilled(SECOND)) == [Notice.TWICE]
    assert judged(Fulfilled(ATTEMPT), replace(PART_CAME, attempt=SECOND)) == [Notice.TWICE]


def test_of_two_late_payments_the_later_is_the_surplus() -> None:
    assert judged(PaidLate(ATTEMPT, 8_231_000, 0), PaidLate(SECOND, 8_231_000, 0)) == [Notice.LATE, Notice.TWICE]


def test_a_late_payment_that_somebody_took_note_of_still_counts() -> None:
    assert judged(TakenOver(ATTEMPT, ATTEMPT.amount), PaidLate(SECOND, 8_231_000, 0)) == [Notice.TWICE]


def test_a_part_alone_is_short() -> None:
    assert judged(PART_CAME) == [Notice.SHORT]
    assert judged(PART_CAME, Awaiting(REST, QUOTE)) == [Notice.SHORT]


def test_a_part_whose_rest_was_paid_by_the_next_qr_leaves_nothing_missing() -> None:
    assert judged(PART_CAME, Fulfilled(REST)) == [Notice.WHOLE]
    assert judged(PART_CAME, PaidLate(REST, 5_231_000, 0)) == [Notice.WHOLE, Notice.LATE]


def test_nobody_is_told_of_what_needs_nobody() -> None:
    assert judged(Lapsed(ATTEMPT, TRAIL, NOTHING, reported=True), Fulfilled(SECOND)) == []


def test_a_surplus_told_after_the_sale_is_told_as_such_and_the_order_counts_as_paid() -> None:
    assert judged(Overpaid(ATTEMPT, 69_000)) == [Notice.OVER]
    assert judged(Overpaid(ATTEMPT, 69_000), PaidLate(SECOND, 8_231_000, 0)) == [Notice.OVER, Notice.TWICE]
    assert judged(PaidLate(ATTEMPT, 8_231_000, 0), Overpaid(SECOND, 69_000)) == [Notice.TWICE, Notice.OVER]
