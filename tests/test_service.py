"""How long customers waited, counted in buckets."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pos.service import (
    EDGES_MS,
    NO_QR,
    PAID_TO_SHOWN,
    POLL_FAILURES,
    POLLS,
    TAP_TO_QR,
    Level,
    Meter,
    Waits,
    added,
    bucket_ms,
    day_of,
    level,
)
from tests.samples import T0_S

DAY_MS = EDGES_MS[-1]


def test_a_time_on_an_edge_is_counted_under_it_and_one_above_it_under_the_next() -> None:
    assert [bucket_ms(ms / 1000) for ms in (0, 10, 11, 300, 301)] == [10, 10, 15, 300, 500]


def test_what_takes_longer_than_a_day_is_in_the_last_bucket() -> None:
    assert bucket_ms(1e9) == DAY_MS


def test_the_buckets_of_a_day_are_a_few_rows() -> None:
    assert len(EDGES_MS) <= 36
    assert sorted(set(EDGES_MS)) == list(EDGES_MS)


@given(st.lists(st.floats(0, 86_400), min_size=1, max_size=60))
def test_no_wait_is_told_shorter_than_it_was(waited_s: list[float]) -> None:
    counts = Counter((TAP_TO_QR, bucket_ms(wait)) for wait in waited_s)
    told, ordered = level(counts).to_qr, sorted(waited_s)
    assert told.count == len(ordered)
    shares = ((told.half_ms, 50), (told.most_ms, 95), (told.nearly_all_ms, 99), (told.longest_ms, 100))
    for edge_ms, percent in shares:
        true_s = ordered[-(-percent * len(ordered) // 100) - 1]
        assert round(true_s * 1000) <= edge_ms
        # Nor much longer: the bucket is the one that the true wait lies in.
        assert bucket_ms(true_s) == edge_ms


def test_nothing_measured_tells_nothing() -> None:
    assert level({}) == Level()
    assert level({(TAP_TO_QR, 300): 0}).to_qr == Waits()


def test_days_add_up() -> None:
    total = added({(TAP_TO_QR, 300): 2, (POLLS, 0): 5}, {}, {(TAP_TO_QR, 300): 1, (POLL_FAILURES, 0): 1, (NO_QR, 0): 4})
    assert level(total) == Level(Waits(3, 300, 300, 300, 300), polls=5, poll_failures=1, no_qr=4)


@pytest.mark.parametrize(
    ("offset_s", "days_ago", "day"),
    [(0, 0, "2026-09-21"), (-14 * 3600, 0, "2026-09-21"), (9 * 3600 + 4000, 0, "2026-09-22"), (0, 21, "2026-08-31")],
)
def test_a_day_is_the_tills_own(offset_s: int, days_ago: int, day: str) -> None:
    assert day_of(T0_S + (0 if not offset_s else 3_600 * 3), offset_s, days_ago=days_ago) == day


def measured(meter: Meter) -> dict[tuple[str, int], int]:
    """Give what a meter counted."""
    return dict(meter.counts)


def test_a_wait_for_the_qr_counts_once_although_the_qr_is_drawn_again() -> None:
    meter = Meter()
    meter.tapped("p", 1.0)
    meter.qr_drawn("p", 1.25)
    meter.qr_drawn("p", 9.0)
    assert measured(meter) == {(TAP_TO_QR, 300): 1}


def test_paid_counts_from_the_last_look_that_found_nothing() -> None:
    meter = Meter()
    meter.tapped("p", 0.0)
    meter.qr_drawn("p", 0.2)
    meter.looked("p", 5.0)
    meter.looked("p", 4.0)
    meter.paid_drawn("p", 5.7)
    meter.paid_drawn("p", 8.0)
    assert measured(meter) == {(TAP_TO_QR, 200): 1, (PAID_TO_SHOWN, 700): 1}


def test_before_the_qr_was_drawn_nobody_can_have_paid() -> None:
    meter = Meter()
    meter.tapped("p", 0.0)
    meter.looked("p", 0.05)
    meter.qr_drawn("p", 2.0)
    meter.paid_drawn("p", 2.4)
    assert measured(meter)[PAID_TO_SHOWN, 500] == 1


def test_a_qr_that_comes_back_after_a_restart_may_have_been_paid_before() -> None:
    meter = Meter()
    meter.looked("p", 1.0)
    meter.qr_drawn("p", 1.1)
    meter.paid_drawn("p", 31.0)
    assert measured(meter) == {(PAID_TO_SHOWN, 30_000): 1}


def test_what_was_paid_while_the_till_was_off_is_not_measured() -> None:
    meter = Meter()
    meter.qr_drawn("p", 1.1)
    meter.paid_drawn("p", 2.0)
    assert measured(meter) == {}


def test_a_payment_that_was_found_paid_before_it_had_a_qr_is_not_measured() -> None:
    meter = Meter()
    meter.tapped("p", 1.0)
    meter.paid_drawn("p", 2.0)
    assert measured(meter) == {}


def test_a_customer_who_went_without_a_qr_is_counted() -> None:
    meter = Meter()
    for name in ("gone", "shown", "waiting"):
        meter.tapped(name, 1.0)
    meter.qr_drawn("shown", 2.0)
    meter.keep({"waiting"})
    meter.keep({"waiting"})
    assert measured(meter) == {(TAP_TO_QR, 1000): 1, (NO_QR, 0): 1}


def test_questions_and_those_without_an_answer_are_counted_until_they_are_written() -> None:
    meter = Meter()
    for failed in (False, True, False):
        meter.polled(failed=failed)
    assert measured(meter) == {(POLLS, 0): 3, (POLL_FAILURES, 0): 1}
    meter.written()
    assert measured(meter) == {}
