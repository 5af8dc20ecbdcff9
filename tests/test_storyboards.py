"""Stories from the counter: touch, the server says, see; the journal is the real one."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from pos.core import touches as t
from pos.core.duties import Audit, Create, LookUp, Watch
from pos.core.payment import LOOKS
from pos.core.payment_events import (
    Audited,
    CameLate,
    Entry,
    Mismatched,
    NotFound,
    Noticed,
    Opened,
    PartReceived,
    Quoted,
    RanOut,
    Received,
    Settled,
    WatchEnded,
)
from pos.core.problem import Problem
from pos.core.screens import AtPayment
from pos.core.storage import Storage
from pos.counter import Counter
from pos.engine import Engine
from pos.errors import JournalDamaged
from pos.house import Clocks, Hands, House
from pos.journal.journal import Journal
from pos.mailbox import Drawn, Failed, Health, Letter
from pos.ui.view import (
    KeypadView,
    MenuView,
    NoticesView,
    PaidView,
    PayView,
    TroubleView,
)
from pos.upkeep import Upkeep
from tests.bar import FULL, Bar, BreakableJournal, quote
from tests.samples import NOTHING, PAYEE, SHOP, T0_S, WORDS
from tests.world import Crew

EN, JA = WORDS["en"], WORDS["ja"]
ONE, TWO, NEXT = "K1-0001-1", "K1-0001-2", "K1-0002-1"
FIRST, SECOND = quote("A"), quote("B")
LATE = CameLate(FIRST.trail, 8_231_000)
RAN_OUT = RanOut(FIRST.trail, NOTHING, "expired")
WRONG = Mismatched(FIRST.trail, NOTHING, "payee", PAYEE, "03" + "c3" * 32, "lnbcrt1evil")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "journal.db"


@pytest.fixture
def open_bar(path: Path) -> Iterator[Callable[..., Bar]]:
    bars = []

    def start(**options: Any) -> Bar:
        bars.append(Bar(path, **options))
        return bars[-1]

    yield start
    for bar in bars:
        bar.journal.close()


@pytest.fixture
def bar(open_bar: Callable[..., Bar]) -> Bar:
    return open_bar()


# --- one sale --------------------------------------------------------------------------------------------------------


def test_one_sale_from_the_first_tap_to_the_next_customer(bar: Bar) -> None:
    bar.tap("Draft beer", "Draft beer")
    menu = bar.see(MenuView)
    assert (menu.total, menu.number, menu.count) == ("¥1,400", "K1-0001", "Items: 2, tax incl.")
    bar.tap(EN("menu.pay", amount="¥1,400"))
    assert bar.see(PayView).instead == EN("pay.creating")
    assert isinstance(bar.duty(ONE), Create)
    bar.server(ONE, Quoted(FIRST))
    shown = bar.see(PayView)
    assert (shown.qr, shown.amount, shown.sats) == (FIRST.bolt11, "¥1,400", "8,231 sats")
    assert isinstance(bar.duty(ONE), Watch)
    bar.server(ONE, Settled(FIRST.trail, 8_231_000, 0))
    paid = bar.see(PaidView)
    assert (paid.title, paid.amount, paid.order) == ("PAID", "¥1,400", "Order 1")
    assert isinstance(bar.duty(ONE), Audit)
    bar.server(ONE, Audited())
    assert (bar.see(PaidView), bar.sounds, bar.duty(ONE)) == (paid, ["paid"], None)
    bar.tap(EN("paid.next"))
    menu = bar.see(MenuView)
    assert (menu.lines, menu.number) == ((), "K1-0002")
    assert list(bar.journal.open_payments()) == []


def test_the_next_customer_is_served_while_the_server_has_not_told_of_duplicates(bar: Bar) -> None:
    bar.order_beer()
    bar.server(ONE, Quoted(FIRST))
    bar.server(ONE, Settled(FIRST.trail, 8_231_000, 0))
    bar.tap(EN("paid.next"))
    bar.order_beer()
    bar.server(NEXT, Quoted(SECOND))
    bar.cut_the_power()
    assert isinstance(bar.duty(ONE), Audit)
    bar.server(ONE, Audited(last=False))
    twin = replace(bar.counter.payments[ONE].attempt, twin="C")
    bar.server(ONE, Audited(), twins=((twin, quote("C").trail),))
    assert bar.see(PayView).qr == SECOND.bolt11
    assert list(bar.counter.payments) == [NEXT, f"{ONE}-C"]


@pytest.mark.logs_errors
def test_a_duplicate_that_cannot_be_written_down_is_looked_for_again(bar: Bar) -> None:
    bar.order_beer()
    bar.server(ONE, Quoted(FIRST))
    bar.server(ONE, Settled(FIRST.trail, 8_231_000, 0))
    twin = replace(bar.counter.payments[ONE].attempt, twin="C")
    bar.journal.full = True
    bar.server(ONE, Audited(), twins=((twin, quote("C").trail),))
    bar.see(TroubleView)
    bar.journal.full = False
    bar.tap(EN("stopped.again"))
    assert isinstance(bar.duty(ONE), Audit)


def test_a_surplus_that_is_known_before_paid_is_taken_away_stands_there(bar: Bar) -> None:
    bar.order_beer()
    bar.server(ONE, Quoted(FIRST))
    bar.server(ONE, Settled(FIRST.trail, 0, 0))
    bar.server(ONE, Audited(8_300_000, 69_000))
    assert EN("paid.over", sats="69 sats") in bar.see(PaidView).detail
    bar.wait(60)
    bar.see(PaidView)
    assert bar.sounds == ["paid"]


def test_a_surplus_that_is_known_only_after_paid_was_taken_away_is_a_notice(bar: Bar) -> None:
    bar.order_beer()
    bar.server(ONE, Quoted(FIRST))
    bar.server(ONE, Settled(FIRST.trail, 0, 0))
    bar.tap(EN("paid.next"))
    bar.server(ONE, Audited(8_300_000, 69_000))
    assert bar.sounds == ["paid", "attention"]
    bar.tap(EN("status.notices", count=1))
    (notice,) = bar.see(NoticesView).notices
    assert (notice.title, notice.text) == (EN("notices.over", number=1, sats="69 sats"), EN("notices.over_text"))
    bar.tap(EN("notices.acknowledge"))
    assert list(bar.journal.open_payments()) == []


def test_a_double_tap_on_pay_orders_once(bar: Bar) -> None:
    bar.tap("Draft beer")
    for _ in range(2):
        bar.counter.touch(t.Pay())
    assert list(bar.counter.payments) == [ONE]
    assert bar.journal.last_number() == 1


def test_a_double_tap_on_new_qr_asks_once(bar: Bar) -> None:
    bar.order_beer()
    bar.server(ONE, Quoted(FIRST))
    bar.server(ONE, RAN_OUT)
    for _ in range(2):
        bar.counter.touch(t.NewQr())
    assert list(bar.counter.payments) == [ONE, TWO]


def test_a_finger_that_was_on_its_way_to_new_qr_does_not_ask_for_a_paid_order_again(bar: Bar) -> None:
    bar.order_beer()
    bar.server(ONE, Quoted(FIRST))
    bar.server(ONE, RAN_OUT)
    bar.server(ONE, Settled(FIRST.trail, 8_231_000, 0))
    bar.counter.touch(t.NewQr())
    bar.see(PaidView)
    assert list(bar.counter.payments) == [ONE]


def test_paid_stays_until_a_tap_or_the_configured_time(bar: Bar) -> None:
    bar.order_beer()
    bar.server(ONE, Settled(FIRST.trail, 0, 0))
    bar.wait(8)
    bar.see(PaidView)
    bar.wait(1)
    bar.see(MenuView)


def test_a_surplus_stays_on_the_screen_until_somebody_has_seen_it(bar: Bar) -> None:
    bar.order_beer()
    bar.server(ONE, Settled(FIRST.trail, 9_231_000, 1_000_000))
    bar.wait(1000)
    assert EN("paid.over", sats="1,000 sats") in bar.see(PaidView).detail
    bar.tap(EN("paid.next"))
    bar.see(MenuView)


def test_paid_with_no_configured_time_stays_until_a_tap(open_bar: Callable[..., Bar]) -> None:
    bar = open_bar(paid_screen_s=0)
    bar.order_beer()
    bar.server(ONE, Settled(FIRST.trail, 8_231_000, 0))
    bar.wait(1000)
    bar.see(PaidView)
    bar.tap(EN("paid.next"))
    bar.see(MenuView)


def test_the_time_of_one_paid_screen_is_not_counted_for_the_next(bar: Bar) -> None:
    for number in (1, 2):
        bar.order_beer()
        bar.server(f"K1-000{number}-1", Settled(FIRST.trail, 8_231_000, 0))
        bar.wait(6)
        bar.see(PaidView)
        bar.tap(EN("paid.next"))


def test_the_customers_language_lasts_for_this_sale_only(bar: Bar) -> None:
    bar.order_beer()
    bar.server(ONE, Quoted(FIRST))
    bar.tap("日本語")
    assert bar.see(PayView).instruction == JA("pay.instruction")
    bar.server(ONE, Settled(FIRST.trail, 8_231_000, 0))
    assert bar.see(PaidView).button.label == JA("paid.next")
    bar.tap(JA("paid.next"))
    assert bar.see(MenuView).pay.label == EN("menu.pay_nothing")
    bar.order_beer()
    assert bar.see(PayView).instead == EN("pay.creating")


def test_an_amount_from_the_keypad_is_ordered_and_paid(bar: Bar) -> None:
    bar.tap(EN("menu.custom"), "3", "00")
    assert bar.see(KeypadView).amount == "¥300"
    bar.tap(EN("keypad.enter"), EN("menu.pay", amount="¥300"))
    assert bar.see(PayView).amount == "¥300"


# --- cancel, expiry, and money that comes late -----------------------------------------------------------------------


def test_a_cancelled_order_is_back_and_its_late_money_is_told_until_acknowledged(bar: Bar) -> None:
    bar.order_beer()
    bar.server(ONE, Quoted(FIRST))
    bar.tap(EN("pay.back"))
    assert bar.see(PayView).sheet is not None
    bar.tap(EN("pay.back"))
    menu = bar.see(MenuView)
    assert [(line.key, line.quantity) for line in menu.lines] == [("beer", "2")]
    assert bar.duty(ONE) == Watch(bar.counter.payments[ONE].attempt, FIRST.trail, None, quick=False)
    assert menu.status.notices is None

    bar.server(ONE, LATE)
    assert bar.sounds == ["attention"]
    assert bar.see(MenuView).status.notices is not None
    bar.cut_the_power()
    bar.wait(3)
    bar.tap(EN("status.notices", count=1))
    (notice,) = bar.see(NoticesView).notices
    assert notice.title == EN("notices.late", number=1, amount="¥1,400")
    assert notice.goods == "Draft beer ×2"
    bar.tap(EN("notices.close"))
    assert bar.see(MenuView).status.notices is not None
    bar.tap(EN("status.notices", count=1), EN("notices.acknowledge"))
    assert bar.see(MenuView).status.notices is None
    bar.server(ONE, Audited())
    assert list(bar.journal.open_payments()) == []


def test_too_much_money_that_comes_late_is_told_with_what_is_too_much(bar: Bar) -> None:
    bar.order_beer()
    bar.server(ONE, Quoted(FIRST))
    bar.tap(EN("pay.back"), EN("pay.back"))
    bar.server(ONE, Settled(FIRST.trail, 0, 0))
    bar.server(ONE, Audited(8_300_000, 69_000, last=False))
    bar.tap(EN("status.notices", count=1))
    (notice,) = bar.see(NoticesView).notices
    assert notice.text == EN("notices.late_text") + "\n" + EN("notices.with_surplus", sats="69 sats")
    bar.tap(EN("notices.acknowledge"))
    bar.server(ONE, Audited(8_300_000, 69_000))
    assert list(bar.journal.open_payments()) == []


def test_late_money_that_was_paid_back_is_not_asked_back_again_when_it_turns_out_to_be_too_much(bar: Bar) -> None:
    bar.order_beer()
    bar.server(ONE, Quoted(FIRST))
    bar.tap(EN("pay.back"), EN("pay.back"))
    bar.server(ONE, Settled(FIRST.trail, 0, 0))
    bar.tap(EN("status.notices", count=1), EN("notices.acknowledge"))
    bar.server(ONE, Audited(8_300_000, 69_000, last=False))
    assert bar.sounds == ["attention", "attention"]
    bar.tap(EN("status.notices", count=1))
    (notice,) = bar.see(NoticesView).notices
    assert (notice.title, notice.text) == (EN("notices.over", number=1, sats="69 sats"), EN("notices.over_text"))
    bar.tap(EN("notices.acknowledge"))
    bar.server(ONE, Audited(8_300_000, 69_000))
    assert list(bar.journal.open_payments()) == []


def test_staying_at_the_payment_leaves_everything_as_it_was(bar: Bar) -> None:
    bar.order_beer()
    bar.server(ONE, Quoted(FIRST))
    bar.tap(EN("pay.back"), EN("pay.stay"))
    assert bar.see(PayView).qr == FIRST.bolt11


def test_an_expired_qr_offers_a_new_one_and_the_old_one_stays_watched(bar: Bar) -> None:
    bar.order_beer()
    bar.server(ONE, Quoted(FIRST))
    bar.server(ONE, RAN_OUT)
    ended = bar.see(PayView)
    assert (ended.qr, ended.instead) == ("", EN("pay.expired"))
    bar.tap(EN("pay.new_qr"))
    assert isinstance(bar.duty(TWO), Create)
    assert bar.duty(ONE) == Watch(bar.counter.payments[ONE].attempt, FIRST.trail, None, quick=False)
    bar.server(TWO, Quoted(SECOND))
    assert bar.see(PayView).qr == SECOND.bolt11
    bar.server(TWO, Settled(SECOND.trail, 8_231_000, 0))
    bar.tap(EN("paid.next"))
    bar.server(TWO, Audited())
    bar.server(ONE, RAN_OUT, WatchEnded())
    assert list(bar.journal.open_payments()) == []


def test_the_money_of_an_old_qr_takes_the_new_one_down(bar: Bar) -> None:
    bar.order_beer()
    bar.server(ONE, Quoted(FIRST))
    bar.server(ONE, RAN_OUT)
    bar.tap(EN("pay.new_qr"))
    bar.server(TWO, Quoted(SECOND))
    bar.server(ONE, LATE)
    (notice,) = bar.see(NoticesView).notices
    assert notice.text == EN("notices.late_text")
    assert bar.sounds == ["attention"]
    # Had the customer been quick, the second payment would be told as one to give back.
    assert bar.duty(TWO) == Watch(bar.counter.payments[TWO].attempt, SECOND.trail, None, quick=False)


def test_the_new_qr_stays_down_when_the_power_goes_right_after_the_money_of_the_old_one(bar: Bar) -> None:
    bar.order_beer()
    bar.server(ONE, Quoted(FIRST))
    bar.server(ONE, RAN_OUT)
    bar.tap(EN("pay.new_qr"))
    bar.server(TWO, Quoted(SECOND))
    bar.journal.append([Entry(ONE, LATE, final=False)], T0_S * 1000)
    bar.cut_the_power()
    bar.see(NoticesView)
    assert bar.duty(TWO) == Watch(bar.counter.payments[TWO].attempt, SECOND.trail, None, quick=False)


def test_an_order_paid_twice_is_told_as_money_to_give_back(bar: Bar) -> None:
    bar.order_beer()
    bar.server(ONE, Quoted(FIRST))
    bar.server(ONE, RAN_OUT)
    bar.tap(EN("pay.new_qr"))
    bar.server(TWO, Quoted(SECOND))
    bar.server(TWO, Settled(SECOND.trail, 8_231_000, 0))
    bar.server(ONE, LATE)
    bar.see(PaidView)
    bar.tap(EN("paid.next"), EN("status.notices", count=1))
    (notice,) = bar.see(NoticesView).notices
    assert (notice.title, notice.text) == (
        EN("notices.twice", number=1, amount="¥1,400"),
        EN("notices.twice_text"),
    )


def test_money_that_came_late_while_the_customer_waited_is_told_at_once(bar: Bar) -> None:
    bar.order_beer()
    bar.server(ONE, Quoted(FIRST))
    bar.server(ONE, RAN_OUT)
    bar.server(ONE, LATE)
    assert len(bar.see(NoticesView).notices) == 1


# --- part payments ---------------------------------------------------------------------------------------------------


def test_a_part_payment_shows_the_rest_and_its_new_qr(bar: Bar) -> None:
    bar.order_beer()
    bar.server(ONE, Quoted(FIRST))
    part = Received(3_000_000, 5_231_000)
    bar.server(ONE, PartReceived(FIRST, part))
    waiting = bar.see(PayView)
    assert (waiting.qr, waiting.instead, waiting.amount) == ("", EN("pay.renewing"), "¥890")
    # Nobody is asked to pay what cannot be scanned yet.
    assert (waiting.instruction, waiting.state.word) == ("", EN("pay.creating"))
    bar.server(ONE, PartReceived(quote("A", 5_231_000, "rest"), part))
    rest = bar.see(PayView)
    assert (rest.qr, rest.sats) == ("lnbcrt1arest", "5,231 sats")
    assert (rest.instruction, rest.state.word) == (EN("pay.instruction_rest"), EN("pay.waiting"))
    assert [row.figure for row in rest.rows[1:3]] == ["3,000 sats", "5,231 sats"]


def test_a_new_qr_after_a_part_payment_asks_for_just_the_rest(bar: Bar) -> None:
    bar.order_beer()
    bar.server(ONE, Quoted(FIRST))
    bar.server(ONE, RanOut(FIRST.trail, Received(3_000_000, 5_231_000), "expired"))
    assert bar.see(PayView).amount == "¥890"
    bar.tap(EN("pay.new_qr"))
    assert bar.counter.payments[TWO].attempt.amount.minor == 890
    assert bar.see(PayView).amount == "¥890"


def test_parts_that_have_added_up_to_the_whole_ask_for_nothing_more(bar: Bar) -> None:
    bar.order_beer()
    bar.server(ONE, Quoted(FIRST))
    bar.server(ONE, RanOut(FIRST.trail, Received(4_115_500, 4_115_500), "expired"))
    bar.tap(EN("pay.new_qr"))
    bar.server(TWO, Quoted(SECOND))
    bar.server(TWO, RanOut(SECOND.trail, Received(2_000_000, 2_000_000), "expired"))
    bar.server(ONE, RanOut(FIRST.trail, Received(8_000_000, 231_000), "expired"))
    bar.tap(EN("pay.new_qr"))
    assert list(bar.counter.payments) == [ONE, TWO]
    notices = bar.see(NoticesView).status.notices
    assert notices is not None
    assert notices.label == EN("status.notices", count=2)


def test_a_part_of_a_cancelled_order_is_told_to_staff(bar: Bar) -> None:
    bar.order_beer()
    bar.server(ONE, PartReceived(FIRST, Received(3_000_000, 5_231_000)))
    bar.tap(EN("pay.back"), EN("pay.back"), EN("status.notices", count=1))
    (notice,) = bar.see(NoticesView).notices
    assert notice.title == EN("notices.part", number=1, sats="3,000 sats")
    bar.tap(EN("notices.acknowledge"))
    bar.server(ONE, RanOut(FIRST.trail, Received(4_000_000, 4_231_000), "expired"))
    assert bar.see(MenuView).status.notices is not None, "more came than staff know of"


# --- a QR that must not be shown -------------------------------------------------------------------------------------


def test_a_bolt11_that_failed_its_check_is_never_shown_and_its_evidence_is_kept(bar: Bar) -> None:
    bar.order_beer()
    bar.server(ONE, WRONG)
    trouble = bar.see(TroubleView)
    assert trouble.text.startswith(EN("refused.payee"))
    assert [row.figure for row in trouble.rows] == ["02b2b2…b2b2b2", "03c3c3…c3c3c3"]
    assert bar.journal.events_of(ONE)[-1] == WRONG
    bar.tap(EN("refused.again"))
    assert isinstance(bar.duty(TWO), Create)


def test_a_qr_that_stops_being_right_is_taken_down(bar: Bar) -> None:
    bar.order_beer()
    bar.server(ONE, Quoted(FIRST))
    bar.server(ONE, WRONG)
    bar.see(TroubleView)
    bar.tap(EN("pay.back"))
    assert bar.see(MenuView).lines


# --- the server is away ----------------------------------------------------------------------------------------------


def test_with_the_server_away_the_menu_works_and_pay_says_so_and_keeps_trying(bar: Bar) -> None:
    bar.counter.read([Health(Problem.UNREACHABLE)])
    banner = bar.see(MenuView).banner
    assert banner is not None
    assert banner.text.startswith(EN("problem.unreachable"))
    bar.order_beer()
    bar.counter.read([Failed(ONE, Problem.UNREACHABLE, answer_lost=False)])
    assert bar.see(PayView).instead == EN("problem.unreachable")
    assert isinstance(bar.duty(ONE), Create), "it never heard us: ask again"
    bar.tap(EN("status.try_now"))
    assert bar.hurried == 1
    bar.server(ONE, Quoted(FIRST))
    assert bar.see(PayView).qr == FIRST.bolt11


def test_a_lost_answer_is_settled_by_looking_before_another_invoice_is_asked_for(bar: Bar) -> None:
    bar.order_beer()
    bar.counter.read([Failed(ONE, Problem.SLOW, answer_lost=True)])
    assert isinstance(bar.duty(ONE), LookUp)
    for _ in range(LOOKS - 1):
        bar.server(ONE, NotFound())
        assert bar.see(PayView).instead == EN("pay.checking")
    bar.server(ONE, NotFound())
    assert isinstance(bar.duty(ONE), Create)


def test_an_outage_never_takes_the_qr_down(bar: Bar) -> None:
    bar.order_beer()
    bar.server(ONE, Quoted(FIRST))
    bar.counter.read([Failed(ONE, Problem.CUT_OFF, answer_lost=False)])
    shown = bar.see(PayView)
    assert (shown.qr, shown.state.word) == (FIRST.bolt11, EN("pay.lost"))
    bar.server(ONE, Quoted(FIRST))
    assert bar.see(PayView).state.word == EN("pay.waiting")


def test_news_of_a_payment_that_is_over_is_no_trouble(bar: Bar) -> None:
    bar.counter.read([Failed("K1-0099-1", Problem.SLOW, answer_lost=True)])
    bar.server("K1-0099-1", Quoted(FIRST))
    bar.counter.read([])
    bar.see(MenuView)


def test_health_says_whether_the_server_has_caught_up(bar: Bar) -> None:
    bar.counter.read([Health(None, synchronized=False)])
    assert bar.see(MenuView).status.lights[0].word == EN("status.btcpay_syncing")
    bar.counter.read([Health(None, synchronized=True)])
    assert bar.see(MenuView).status.lights[0].word == EN("status.btcpay")


def test_a_payment_on_its_way_is_neither_paid_nor_unpaid(bar: Bar) -> None:
    bar.order_beer()
    bar.server(ONE, Quoted(FIRST))
    bar.server(ONE, Noticed(FIRST.trail))
    shown = bar.see(PayView)
    assert (shown.qr, shown.instead) == ("", EN("pay.confirming"))


def test_a_duplicate_invoice_is_watched_and_its_money_told(bar: Bar) -> None:
    bar.order_beer()
    twin = replace(bar.counter.payments[ONE].attempt, twin="B")
    bar.server(ONE, Quoted(FIRST), twins=((twin, SECOND.trail),))
    assert bar.see(PayView).qr == FIRST.bolt11
    bar.server(f"{ONE}-B", CameLate(SECOND.trail, 8_231_000))
    assert bar.sounds == ["attention"]
    bar.see(NoticesView)


# --- a journal that cannot be written --------------------------------------------------------------------------------


@pytest.mark.logs_errors
def test_a_full_card_stops_the_sale_before_an_invoice_exists_and_keeps_the_order(bar: Bar) -> None:
    bar.tap("Draft beer")
    bar.journal.full = True
    bar.tap(EN("menu.pay", amount="¥700"))
    assert bar.see(TroubleView).title == EN("stopped.title")
    assert bar.crew.tasks == {}
    bar.journal.full = False
    bar.tap(EN("stopped.again"))
    assert bar.see(MenuView).total == "¥700"
    bar.tap(EN("menu.pay", amount="¥700"))
    assert bar.see(PayView).amount == "¥700"
    assert bar.journal.last_number() == 1


@pytest.mark.logs_errors
def test_a_full_card_at_the_start_sells_nothing_until_there_is_room(bar: Bar) -> None:
    bar.order_beer()
    bar.journal.close()
    BreakableJournal.full = True
    try:
        bar.switch_on()
        bar.see(TroubleView)
        bar.tap(EN("stopped.again"))
        bar.see(TroubleView)
    finally:
        BreakableJournal.full = False
    bar.tap(EN("stopped.again"))
    assert bar.see(PayView).instead == EN("pay.checking")
    assert isinstance(bar.duty(ONE), LookUp)


@pytest.mark.logs_errors
def test_a_journal_that_went_bad_is_mended_by_a_new_start_and_not_waited_for(bar: Bar) -> None:
    """The till asked for the SD card to be looked at, for ever; only its status screen knew that a start would do."""
    bar.order_beer()
    bar.journal.close()
    BreakableJournal.full = True
    try:
        bar.switch_on()
        bar.wait(6)
        bar.see(TroubleView)
        bar.storage = replace(bar.storage, damaged=True)
        with pytest.raises(JournalDamaged):
            bar.wait(6)
    finally:
        BreakableJournal.full = False


@pytest.mark.logs_errors
def test_an_answer_that_could_not_be_written_is_asked_for_again_by_itself(bar: Bar) -> None:
    """The customer saw "preparing the QR" for ever: another payment's news had ended the stop."""
    bar.order_beer()
    bar.server(ONE, Quoted(FIRST))
    bar.tap(EN("pay.back"), EN("pay.back"), EN("menu.pay", amount="¥1,400"))
    bar.journal.full = True
    bar.server("K1-0002-1", Quoted(SECOND))
    bar.see(TroubleView)
    bar.journal.full = False
    bar.server(ONE, RanOut(FIRST.trail, Received(1_000, 8_230_000), "expired"))
    assert bar.see(PayView).instead == EN("pay.checking")
    assert isinstance(bar.duty("K1-0002-1"), LookUp)


@pytest.mark.logs_errors
def test_money_that_could_not_be_written_is_not_forgotten_with_the_end_of_the_watch(bar: Bar) -> None:
    """Both came with one visit, there was room for the second row only, and nobody was told of the money."""
    bar.order_beer()
    bar.server(ONE, Quoted(FIRST))
    bar.tap(EN("pay.back"), EN("pay.back"))
    real, room = bar.journal.append, iter([False, True])

    def append(entries: Sequence[Entry], at_ms: int) -> None:
        if not next(room, True):
            raise FULL
        real(entries, at_ms)

    bar.journal.append = append  # type: ignore[method-assign]
    bar.server(ONE, LATE, WatchEnded())
    bar.see(TroubleView)
    bar.server(ONE, LATE, WatchEnded())
    assert bar.see(MenuView).status.notices is not None


@pytest.mark.logs_errors
def test_money_of_an_old_qr_that_ends_the_stop_takes_the_new_one_down_and_has_it_watched(bar: Bar) -> None:
    bar.order_beer()
    bar.server(ONE, Quoted(FIRST))
    bar.server(ONE, RAN_OUT)
    bar.tap(EN("pay.new_qr"))
    bar.journal.full = True
    bar.server(TWO, Quoted(SECOND))
    bar.journal.full = False
    bar.server(ONE, LATE)
    bar.see(NoticesView)
    assert isinstance(bar.duty(TWO), LookUp)


@pytest.mark.logs_errors
def test_a_sold_out_mark_that_cannot_be_written_is_not_believed(bar: Bar) -> None:
    bar.journal.full = True
    bar.tap("hold Sake", EN("menu.mark_sold_out"))
    bar.see(TroubleView)
    bar.journal.full = False
    bar.tap(EN("stopped.again"))
    assert not any(tile.flag for tile in bar.see(MenuView).tiles)


@pytest.mark.logs_errors
def test_notices_that_cannot_be_read_stop_the_sale_and_are_there_again_later(bar: Bar) -> None:
    bar.order_beer()
    bar.server(ONE, RAN_OUT)
    bar.server(ONE, LATE)
    bar.journal.unreadable = True
    bar.wait(1)
    bar.see(TroubleView)
    bar.journal.unreadable = False
    bar.tap(EN("stopped.again"), EN("status.notices", count=1))
    assert len(bar.see(NoticesView).notices) == 1


# --- power cuts ------------------------------------------------------------------------------------------------------


def test_a_live_qr_comes_back_as_the_same_qr(bar: Bar) -> None:
    bar.order_beer()
    bar.server(ONE, Quoted(FIRST))
    before = bar.see(PayView)
    bar.cut_the_power()
    assert bar.see(PayView) == before
    assert bar.duty(ONE) == Watch(bar.counter.payments[ONE].attempt, FIRST.trail, FIRST, quick=True)


def test_paid_comes_back_until_somebody_saw_it(bar: Bar) -> None:
    bar.order_beer()
    bar.server(ONE, Settled(FIRST.trail, 8_231_000, 0))
    bar.cut_the_power()
    bar.see(PaidView)
    bar.tap(EN("paid.next"))
    bar.cut_the_power()
    assert bar.see(MenuView).number == "K1-0002"


def test_what_is_sold_out_is_still_so_after_a_power_cut(bar: Bar) -> None:
    bar.tap("hold Sake", EN("menu.mark_sold_out"))
    bar.cut_the_power()
    flags = {tile.name: tile.flag for tile in bar.see(MenuView).tiles}
    assert flags["Sake"] == EN("menu.sold_out")
    bar.tap("Sake")
    assert bar.see(MenuView).lines == ()
    bar.tap("hold Sake", EN("menu.mark_available"))
    bar.cut_the_power()
    assert not any(tile.flag for tile in bar.see(MenuView).tiles)


# --- the demo's phone, and the QR that a worker draws ----------------------------------------------------------------


def test_the_demos_phone_acts_on_the_invoice_on_the_screen(open_bar: Callable[..., Bar]) -> None:
    bar = open_bar(demo=True)
    bar.order_beer()
    bar.counter.touch(t.PhoneDoes("full"))
    assert bar.rung == [], "there is no invoice yet"
    bar.server(ONE, Quoted(FIRST))
    bar.tap(EN("pay.phone"), EN("pay.phone_under"))
    assert bar.rung == [("A", "under")]
    assert bar.see(PayView).sheet is None


def test_a_real_shop_has_no_phone(bar: Bar) -> None:
    bar.order_beer()
    bar.server(ONE, Quoted(FIRST))
    assert bar.see(PayView).demo is None
    bar.counter.touch(t.PhoneDoes("full"))
    assert bar.rung == []


def test_a_drawn_qr_is_handed_to_the_screen(bar: Bar) -> None:
    letters: list[Letter] = [Drawn(FIRST.bolt11, 300, ())]  # type: ignore[arg-type]
    bar.counter.read(letters)
    assert bar.drawn == [FIRST.bolt11]


def test_without_a_screen_the_counter_works_all_the_same(path: Path) -> None:
    journal = Journal(path)
    clocks = Clocks(lambda: T0_S * 1000, lambda: 0.0, lambda: 0)
    hands = Hands(lambda: None, journal.remember_stock, lambda: "5eed01", lambda _: None, None)
    engine = Engine(journal, Crew(), lambda: T0_S * 1000)
    upkeep = Upkeep(journal, Storage, lambda: None, clocks)
    counter = Counter(House("K1", "BAR", SHOP, WORDS, 8), engine, hands, clocks, upkeep)
    counter.touch(t.TapItem("beer"))
    counter.touch(t.Pay())
    counter.read([Drawn("x", 300, ())])  # type: ignore[arg-type]
    assert counter.till.screen == AtPayment(ONE)
    assert [type(event) for event in journal.events_of(ONE)] == [Opened]
    journal.close()


# --- what a reviewer's story found ------------------------------------------------------------------------------------


@pytest.mark.logs_errors
def test_a_full_disk_at_the_start_leaves_no_qr_unwatched_and_sells_again_by_itself(bar: Bar) -> None:
    bar.order_beer()
    bar.tap(EN("pay.back"), EN("menu.pay", amount="¥1,400"))
    bar.server(ONE, NotFound())
    bar.server(NEXT, Quoted(replace(FIRST, trail=replace(FIRST.trail, invoice_id="Inv9"))))
    bar.journal.close()
    BreakableJournal.full = True
    try:
        bar.switch_on()
        bar.see(TroubleView)
        assert isinstance(bar.duty(NEXT), Watch)
    finally:
        BreakableJournal.full = False
    bar.seconds += 6
    bar.counter.tick()
    assert bar.see(PayView).qr == FIRST.bolt11


def test_silence_is_not_shown_as_waiting(bar: Bar) -> None:
    bar.order_beer()
    bar.server(ONE, Quoted(FIRST))
    bar.counter.tick()
    assert bar.see(PayView).state.color == "green"
    bar.seconds += 8
    bar.counter.tick()
    assert bar.see(PayView).state.word == EN("pay.lost")
    bar.server(ONE, Quoted(FIRST))
    assert bar.see(PayView).state.color == "green"


def test_money_for_another_order_is_told_on_the_payment_screen(bar: Bar) -> None:
    bar.order_beer()
    bar.server(ONE, Quoted(FIRST))
    bar.tap(EN("pay.back"), EN("pay.back"))
    bar.tap(EN("menu.pay", amount=bar.see(MenuView).total))
    bar.server(ONE, CameLate(FIRST.trail, 8_231_000))
    assert bar.see(PayView).state.word == EN("pay.attention", count=1)


def test_the_next_customer_begins_in_the_shops_language(bar: Bar) -> None:
    bar.order_beer()
    bar.server(ONE, Quoted(FIRST))
    bar.tap(EN("pay.other_language"))
    bar.cut_the_power()
    bar.server(ONE, Settled(FIRST.trail, 8_231_000, 0))
    bar.tap(EN("paid.next"))
    bar.order_beer()
    assert bar.see(PayView).language.label == EN("pay.other_language")


def test_the_poll_of_an_old_qr_says_nothing_of_the_node(bar: Bar) -> None:
    bar.order_beer()
    bar.server(ONE, Quoted(FIRST))
    bar.tap(EN("pay.back"), EN("pay.back"))
    bar.counter.read([Failed(NEXT, Problem.LIGHTNING_DOWN, answer_lost=False)])
    bar.server(ONE, Quoted(FIRST))
    assert bar.see(MenuView).status.lights[1].color == "red"
