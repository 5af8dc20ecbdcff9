"""Stories of what the till tells of itself: how it serves, how its disk is, how staff get out of it."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from pos.core import touches as t
from pos.core.payment_events import Quoted, RanOut, Settled
from pos.core.problem import Problem
from pos.core.salvage import Salvaged
from pos.journal import record
from pos.lock import FREE_TRIES
from pos.mailbox import BackedUp, Drawn, Failed, Health, PinChecked
from pos.service import NO_QR, PAID_TO_SHOWN, POLL_FAILURES, POLLS, TAP_TO_QR
from pos.ui.view import Light, MenuView, NoticesView, PinView, ServiceView, TroubleView
from tests.bar import Bar, quote
from tests.samples import NOTHING, T0_S, WORDS

EN = WORDS["en"]
ONE, TWO = "K1-0001-1", "K1-0001-2"
FIRST, SECOND = quote("A"), quote("B")
RAN_OUT = RanOut(FIRST.trail, NOTHING, "expired")


@pytest.fixture
def open_bar(tmp_path: Path) -> Iterator[Callable[..., Bar]]:
    bars: list[Bar] = []

    def start(**options: Any) -> Bar:
        bars.append(Bar(tmp_path / "journal.db", **options))
        return bars[-1]

    yield start
    for bar in bars:
        bar.journal.close()


@pytest.fixture
def bar(open_bar: Callable[..., Bar]) -> Bar:
    return open_bar()


# --- how the till serves ----------------------------------------------------------------------------------------------


def counted(bar: Bar) -> dict[tuple[str, int], int]:
    """Give what was measured and is not written down yet."""
    return dict(bar.upkeep.meter.counts)


def test_a_sale_is_measured_from_the_tap_to_the_qr_and_from_the_last_empty_look_to_paid(bar: Bar) -> None:
    bar.order_beer()
    bar.seconds += 0.4
    bar.server(ONE, Quoted(FIRST))
    bar.counter.read([Drawn(FIRST.bolt11, 300, ())])  # type: ignore[arg-type]
    assert counted(bar)[TAP_TO_QR, 500] == 1
    bar.seconds += 3
    bar.server(ONE, Quoted(FIRST))
    bar.seconds += 0.6
    bar.server(ONE, Settled(FIRST.trail, 8_231_000, 0))
    bar.wait(3)
    assert counted(bar) == {(TAP_TO_QR, 500): 1, (PAID_TO_SHOWN, 700): 1, (POLLS, 0): 3}


def test_a_qr_that_is_drawn_after_the_customer_went_back_is_not_counted_as_shown(bar: Bar) -> None:
    bar.order_beer()
    bar.server(ONE, Quoted(FIRST))
    bar.tap(EN("pay.back"), EN("pay.back"))
    bar.counter.read([Drawn(FIRST.bolt11, 300, ())])  # type: ignore[arg-type]
    bar.wait(1)
    assert counted(bar) == {(POLLS, 0): 1, (NO_QR, 0): 1}


def test_a_new_qr_is_measured_from_its_own_tap(bar: Bar) -> None:
    bar.order_beer()
    bar.server(ONE, Quoted(FIRST))
    bar.server(ONE, RAN_OUT)
    bar.seconds += 60
    bar.tap(EN("pay.new_qr"))
    bar.seconds += 0.1
    bar.server(TWO, Quoted(SECOND))
    bar.counter.read([Drawn(SECOND.bolt11, 300, ())])  # type: ignore[arg-type]
    assert counted(bar)[TAP_TO_QR, 150] == 1


def test_every_question_that_brought_no_good_answer_is_counted(bar: Bar) -> None:
    bar.order_beer()
    bar.counter.read(
        [Failed(ONE, Problem.SLOW, answer_lost=False), Health(Problem.SLOW), Health(None, synchronized=True)]
    )
    assert counted(bar) == {(POLLS, 0): 3, (POLL_FAILURES, 0): 2}


@pytest.mark.logs_errors
def test_a_service_level_that_cannot_be_written_stops_no_sale_and_warns(bar: Bar) -> None:
    bar.counter.read([Health(None, synchronized=True)])
    bar.journal.full = True
    bar.wait(60)
    lights = bar.see(MenuView).status.lights
    assert (lights[0].color, lights[0].word) == ("red", EN("status.not_writable"))
    bar.journal.full = False
    bar.wait(60)
    assert len(bar.see(MenuView).status.lights) == 2


# --- the status screen ------------------------------------------------------------------------------------------------


def test_a_till_that_watches_for_ever_what_another_server_knew_says_so_where_staff_look(bar: Bar) -> None:
    bar.order_beer()
    bar.server(ONE, Quoted(FIRST))
    bar.tap(EN("pay.back"), EN("pay.back"))
    bar.counter.read([Failed(ONE, Problem.NOT_FOUND, answer_lost=False)])
    bar.wait(60)
    bar.counter.touch(t.OpenStatus())
    facts = {row.label: row for row in bar.see(ServiceView).facts}
    assert facts[EN("service.open")].figure == "1"
    assert (facts[EN("service.not_there")].figure, facts[EN("service.not_there")].color) == ("1", "amber")
    bar.server(ONE, RAN_OUT)
    assert EN("service.not_there") not in {row.label for row in bar.see(ServiceView).facts}


def test_a_tap_on_the_dots_tells_how_everything_is(bar: Bar) -> None:
    bar.counter.read([Health(None, synchronized=True, version="2.4.1")])
    bar.order_beer()
    bar.seconds += 0.2
    bar.server(ONE, Quoted(FIRST))
    bar.counter.read([Drawn(FIRST.bolt11, 300, ())])  # type: ignore[arg-type]
    bar.server(ONE, Settled(FIRST.trail, 8_231_000, 0))
    bar.tap(EN("paid.next"))
    bar.counter.touch(t.OpenStatus())
    shown = bar.see(ServiceView)
    assert [part.color for part in shown.parts] == ["green"] * 4
    assert shown.parts[2].word == "BTCPay 2.4.1"
    assert shown.measures[0].rows[0][-1] == "1"
    bar.tap(EN("status.try_now"))
    assert bar.hurried == 1
    bar.tap(EN("service.close"))
    assert bar.see(MenuView).last == EN("menu.last", order="K1-0001", amount="¥1,400", time=_clock(bar))


def _clock(bar: Bar) -> str:
    minutes = (bar.now_s + 9 * 3600) // 60 % 1440
    return f"{minutes // 60:02d}:{minutes % 60:02d}"


def test_opening_the_status_screen_looks_at_the_disk_at_once(bar: Bar) -> None:
    bar.storage = replace(bar.storage, free_bytes=1_000_000)
    assert len(bar.see(MenuView).status.lights) == 2
    bar.counter.touch(t.OpenStatus())
    assert bar.see(ServiceView).parts[0].text == EN("service.disk_full")
    bar.tap(EN("service.close"))
    light = bar.see(MenuView).status.lights[0]
    assert (light.color, light.word) == ("amber", EN("status.disk_full"))


def test_a_part_of_the_record_that_cannot_be_read_is_told_by_a_red_dot_and_on_the_status_screen(bar: Bar) -> None:
    bar.storage = replace(bar.storage, damaged=True, backup_failed=True)
    bar.wait(60)
    assert bar.see(MenuView).status.lights[0] == Light("red", EN("status.damaged"))
    bar.counter.touch(t.OpenStatus())
    assert EN("service.damaged") in str(bar.see(ServiceView))


def test_a_backup_that_failed_is_told_by_an_amber_dot(bar: Bar) -> None:
    bar.counter.read([BackedUp("2026-11-22", failed=True)])
    assert bar.see(MenuView).status.lights[0].word == EN("status.no_backup")
    bar.counter.read([BackedUp("2026-11-22", failed=False)])
    assert len(bar.see(MenuView).status.lights) == 2


@pytest.mark.logs_errors
def test_a_sale_that_the_tick_found_it_cannot_record_is_stopped_on_the_screen_at_once(bar: Bar) -> None:
    bar.order_beer()
    bar.server(ONE, Settled(FIRST.trail, 8_231_000, 0))
    bar.journal.full = True
    bar.wait(9)
    stopped = bar.see(TroubleView)
    assert stopped.title == EN("stopped.title")
    assert stopped.status.open is None, "nothing in the bar leads anywhere now"


# --- leaving ----------------------------------------------------------------------------------------------------------


def pad(bar: Bar) -> PinView:
    """Go to the pad for the PIN."""
    bar.counter.touch(t.OpenStatus())
    bar.tap(EN("service.leave"))
    return bar.see(PinView)


def test_the_right_pin_leaves_the_till(open_bar: Callable[..., Bar]) -> None:
    bar = open_bar(way_out="pin")
    assert pad(bar).dots == 0
    bar.tap("2", "5", "8", "0")
    assert bar.see(PinView).dots == 4
    bar.tap(EN("pin.enter"))
    assert (bar.pins, bar.see(PinView).state.word) == (["2580"], EN("pin.checking"))
    bar.judge_pin(right=True)
    assert bar.left == 1
    bar.cut_the_power()
    assert bar.upkeep.lock.tries_left == FREE_TRIES


def test_wrong_pins_are_counted_over_a_power_cut_and_then_cost_time(open_bar: Callable[..., Bar]) -> None:
    bar = open_bar(way_out="pin")
    for n in range(FREE_TRIES):
        pad(bar)
        bar.tap("1", "1", "1", "1", EN("pin.enter"))
        if n % 2:
            bar.judge_pin(right=False)
            left = FREE_TRIES - n - 1
            assert bar.see(PinView).state.word == EN("pin.wrong", count=left)
            bar.tap(EN("pin.close"), EN("service.close"))
        else:
            # Pulling the plug before the answer gives no try back.
            bar.cut_the_power()
    locked = pad(bar)
    assert locked.state.word == EN("pin.locked", time="1:00")
    assert not any(key.enabled for key in locked.keys if key)
    asked = len(bar.pins)
    for digit in "1111":
        bar.counter.touch(t.PinDigit(digit))
    bar.counter.touch(t.Enter())
    assert len(bar.pins) == asked, "nothing is compared while it is locked"
    for _ in range(6):
        bar.counter.touch(t.Erase())
        bar.wait(10)
    bar.tap("1", "1", "1", "1", EN("pin.enter"))
    bar.judge_pin(right=False)
    assert bar.see(PinView).state.word == EN("pin.locked", time="2:00")
    assert bar.left == 0


def test_a_pin_that_is_right_after_somebody_went_back_leaves_nothing(open_bar: Callable[..., Bar]) -> None:
    bar = open_bar(way_out="pin")
    pad(bar)
    bar.tap("2", "5", "8", "0", EN("pin.enter"), EN("pin.close"))
    bar.judge_pin(right=True)
    assert bar.left == 0
    bar.see(ServiceView)
    bar.judge_pin(right=False)
    bar.see(ServiceView)


@pytest.mark.parametrize("right", [True, False])
def test_an_answer_to_a_pin_that_was_given_up_neither_opens_the_till_nor_calls_the_next_one_wrong(
    open_bar: Callable[..., Bar], right: bool
) -> None:
    bar = open_bar(way_out="pin")
    pad(bar)
    bar.tap("2", "5", "8", "0", EN("pin.enter"), EN("pin.close"))
    first = bar.upkeep.lock.tried
    pad(bar)
    bar.tap("1", "1", "1", "1", EN("pin.enter"))
    bar.counter.read([PinChecked(first, right=right)])
    assert (bar.left, bar.see(PinView).state.word) == (0, EN("pin.checking"))
    assert bar.upkeep.lock.tries_left == FREE_TRIES - 2, "nor does it forgive the next one"
    bar.judge_pin(right=False)
    assert (bar.left, bar.see(PinView).state.word) == (0, EN("pin.wrong", count=FREE_TRIES - 2))


def test_a_pad_that_nobody_touches_goes_away_with_its_digits(open_bar: Callable[..., Bar]) -> None:
    bar = open_bar(way_out="pin")
    pad(bar)
    bar.tap("2", "5")
    bar.wait(60)
    assert bar.see(PinView).dots == 2
    bar.wait(1)
    bar.see(MenuView)
    assert pad(bar).dots == 0


def test_without_a_pin_the_screen_says_why_nobody_can_leave(open_bar: Callable[..., Bar]) -> None:
    bar = open_bar(way_out="none")
    bar.counter.touch(t.OpenStatus())
    shown = bar.see(ServiceView)
    assert [button.touch for button in shown.buttons] == [t.TryNow()]
    assert EN("service.no_pin") in shown.parts[0].text
    bar.counter.touch(t.Leave())
    bar.see(ServiceView)


def test_leaving_says_what_becomes_of_the_payments_that_are_watched(open_bar: Callable[..., Bar]) -> None:
    bar = open_bar(way_out="pin")
    bar.order_beer()
    bar.server(ONE, Quoted(FIRST))
    bar.tap(EN("pay.back"), EN("pay.back"))
    assert pad(bar).text == EN("pin.watched", count=1)


@pytest.mark.logs_errors
def test_a_try_that_cannot_be_written_is_not_compared(open_bar: Callable[..., Bar]) -> None:
    bar = open_bar(way_out="pin")
    pad(bar)
    bar.tap("2", "5", "8", "0")
    bar.journal.full = True
    bar.tap(EN("pin.enter"))
    bar.see(TroubleView)
    assert (bar.pins, bar.left) == ([], 0)


# --- a journal that was damaged ---------------------------------------------------------------------------------------


def test_the_report_of_a_damaged_journal_stays_until_somebody_acknowledges_it(bar: Bar) -> None:
    told = Salvaged("journal.damaged", 12, 1, 3)
    bar.journal._insert([(T0_S * 1000, "salvage", *record.write(told), 0)])
    for _ in range(2):
        bar.cut_the_power()
        bar.tap(EN("status.notices", count=1))
        (notice,) = bar.see(NoticesView).notices
        assert notice.title == EN("notices.salvage")
        assert EN("notices.salvage_lost", count=1) in notice.text
        assert "journal.damaged" in notice.when
    bar.tap(EN("notices.acknowledge"))
    assert bar.see(MenuView).status.notices is None
    bar.cut_the_power()
    assert bar.see(MenuView).status.notices is None


@pytest.mark.logs_errors
def test_a_report_whose_acknowledgement_cannot_be_written_stays(bar: Bar) -> None:
    bar.journal._insert([(T0_S * 1000, "salvage", *record.write(Salvaged("aside", 12, 0, 0)), 0)])
    bar.cut_the_power()
    bar.tap(EN("status.notices", count=1))
    bar.journal.full = True
    bar.tap(EN("notices.acknowledge"))
    bar.see(TroubleView)
    bar.journal.full = False
    bar.tap(EN("stopped.again"))
    notices = bar.see(MenuView).status.notices
    assert notices is not None
