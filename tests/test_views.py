"""The till's state turned into views: every screen in both languages, and what must never stand on one."""

from dataclasses import fields, is_dataclass, replace
from itertools import product
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pos.core import touches as t
from pos.core.bolt11 import Fault
from pos.core.link import CUT, Link
from pos.core.money import Money
from pos.core.notices import Notice
from pos.core.payment_events import Received
from pos.core.payment_states import (
    Awaiting,
    Confirming,
    Creating,
    Lapsed,
    Paid,
    PaidLate,
    PartPaid,
    Refused,
    RunOut,
    State,
    at_counter,
)
from pos.core.problem import Problem
from pos.core.salvage import Salvaged
from pos.core.screens import AtPayment, Inspecting, Reading, Screen, Selling, Stopped, Typing, Unlocking
from pos.core.storage import Storage
from pos.core.till import fresh
from pos.ui.view import (
    Button,
    KeypadView,
    Light,
    MenuView,
    NoticesView,
    PaidView,
    PayView,
    PinView,
    Row,
    ServiceView,
    TroubleView,
    View,
)
from pos.ui.views import Itself, Scene, build
from pos.ui.views.paying import pay
from pos.ui.views.service import edge, size
from pos.words import LANGUAGES
from tests.samples import (
    ATTEMPT,
    MORE,
    NOTHING,
    PART,
    QUOTE,
    REST_QUOTE,
    SHOP,
    STATES,
    T0_S,
    TRAIL,
    WORDS,
    mismatched,
)

EN = WORDS["en"]
AWAITING = Awaiting(ATTEMPT, QUOTE)
LAPSED = Lapsed(ATTEMPT, TRAIL, NOTHING, reported=True)
AT_COUNTER = [state for state in STATES if at_counter(state)]


def scene(screen: Screen, *states: State, language: str = "en", **changes: Any) -> Scene:
    """Set a scene: this screen is up, and these payments are open."""
    till = replace(fresh(replace(SHOP, language=language), frozenset()), screen=screen)
    values: dict[str, Any] = {
        "till": till,
        "shop": replace(SHOP, language=language),
        "name": "GAME BAR",
        "till_name": "K1",
        "order_id": "K1-0043",
        "demo": False,
        "words": WORDS,
        "payments": {state.attempt.id: state for state in states},
        "notices": {},
        "troubles": {},
        "link": Link().answered(T0_S, T0_S),
        "now_s": T0_S,
        "utc_offset_s": 9 * 3600,
    }
    return Scene(**values | changes)


def at_payment(state: State, **changes: Any) -> View:
    """Build the screen of one payment."""
    return build(scene(AtPayment(state.attempt.id), state, **changes))


def pay_view(state: State, **changes: Any) -> PayView:
    """Build the payment screen."""
    view = at_payment(state, **changes)
    assert isinstance(view, PayView)
    return view


def menu_view(**changes: Any) -> MenuView:
    """Build the menu."""
    view = build(scene(Selling(), **changes))
    assert isinstance(view, MenuView)
    return view


def texts(part: Any) -> list[str]:
    """Collect every text on a screen."""
    if isinstance(part, str):
        return [part]
    if isinstance(part, tuple):
        return [text for inner in part for text in texts(inner)]
    return [text for field in fields(part) for text in texts(getattr(part, field.name))] if is_dataclass(part) else []


# --- every screen, in both languages ---------------------------------------------------------------------------------

SCENES: list[tuple[Screen, tuple[State, ...]]] = [
    (Selling(), ()),
    (Selling(clearing=True), ()),
    (Selling(sheet="beer"), ()),
    (Typing(), ()),
    (Typing("1234567"), ()),
    (Reading(), ()),
    (Reading(), (PaidLate(ATTEMPT, 1, 0), Lapsed(replace(ATTEMPT, number=2), TRAIL, PART, reported=False))),
    (Stopped(), ()),
    *((AtPayment(ATTEMPT.id, sheet), (state,)) for state in AT_COUNTER for sheet in ("", "back", "help", "phone")),
]


@pytest.mark.parametrize(("language", "demo"), list(product(LANGUAGES, (False, True))))
@pytest.mark.parametrize(("screen", "states"), SCENES)
def test_every_screen_has_its_words(
    language: str, demo: bool, screen: Screen, states: tuple[State, ...]
) -> None:
    troubles = {state.attempt.id: Problem.SLOW for state in states}
    for link in (Link(), Link().failed(Problem.TLS), Link().answered(T0_S, T0_S).made_invoice()):
        for trouble in ({}, troubles):
            view = build(scene(screen, *states, language=language, demo=demo, link=link, troubles=trouble))
            assert not [text for text in texts(view) if "{" in text or "}" in text]


def test_the_same_scene_twice_is_the_same_view() -> None:
    assert at_payment(AWAITING) == at_payment(AWAITING)


@pytest.mark.parametrize(("language", "problem"), list(product(LANGUAGES, Problem)))
def test_every_problem_has_a_sentence_of_its_own(language: str, problem: Problem) -> None:
    words = WORDS[language]
    sentences = [words(f"problem.{each}") for each in Problem]
    assert sentences.count(words(f"problem.{problem}")) == 1
    view = at_payment(Creating(ATTEMPT, 0), language=language, troubles={ATTEMPT.id: problem})
    assert isinstance(view, PayView)
    assert view.instead == words(f"problem.{problem}")


@pytest.mark.parametrize("problem", [Problem.KEY_TOO_STRONG, Problem.KEY_TOO_WEAK, Problem.CERTIFICATE_CHANGED])
def test_what_only_the_owner_can_mend_asks_for_cash_and_lights_red(problem: Problem) -> None:
    link = Link().answered(T0_S, T0_S).failed(problem)
    view = at_payment(Creating(ATTEMPT, 0), link=link, troubles={ATTEMPT.id: problem})
    assert isinstance(view, PayView)
    assert EN("pay.kept_owner") in texts(view)
    light = menu_view(link=link).status.lights[0]
    down = problem is Problem.CERTIFICATE_CHANGED
    assert (light.color, light.word) == ("red", EN("status.btcpay_down" if down else "status.btcpay_denied"))


def test_there_is_no_sentence_for_a_problem_that_does_not_exist() -> None:
    kept = {key.removeprefix("problem.") for key in EN.sentences if key.startswith("problem.")}
    assert kept == set(Problem)


@pytest.mark.parametrize(("language", "fault"), list(product(LANGUAGES, Fault)))
def test_every_fault_has_a_sentence_of_its_own(language: str, fault: Fault) -> None:
    state = Refused(ATTEMPT, TRAIL, replace(mismatched(), fault=fault), NOTHING)
    view = at_payment(state, language=language)
    assert isinstance(view, TroubleView)
    others = {WORDS[language](f"refused.{each}") for each in Fault}
    assert len(others) == len(Fault)
    assert view.text.startswith(WORDS[language](f"refused.{fault}"))


# --- the QR ----------------------------------------------------------------------------------------------------------


@given(
    st.sampled_from(AT_COUNTER),
    st.integers(0, 10_000_000),
    st.integers(0, 10_000_000),
    st.integers(0, 10_000_000),
)
def test_a_qr_stands_there_only_for_just_what_is_due(
    state: State, paid_msat: int, due_msat: int, quoted_msat: int
) -> None:
    quote = replace(QUOTE, amount_msat=quoted_msat)
    if isinstance(state, Awaiting):
        state = replace(state, quote=quote)
    if isinstance(state, PartPaid):
        state = replace(state, quote=quote, received=Received(max(1, paid_msat), due_msat))
    view = at_payment(state)
    qr = view.qr if isinstance(view, PayView) else ""
    if isinstance(state, Awaiting):
        assert qr == quote.bolt11
    elif isinstance(state, PartPaid):
        assert qr == (quote.bolt11 if quoted_msat == due_msat else "")
    else:
        assert qr == ""


@pytest.mark.parametrize("state", [state for state in STATES if not isinstance(state, Paid)])
def test_nothing_but_a_settled_payment_is_called_paid(state: State) -> None:
    if at_counter(state):
        view = at_payment(state)
        assert not isinstance(view, PaidView)
        assert EN("paid.title") not in texts(view)


def test_a_payment_that_nobody_waits_for_has_no_payment_screen() -> None:
    with pytest.raises(ValueError, match="Lapsed"):
        pay(scene(Selling()), Lapsed(ATTEMPT, TRAIL, NOTHING, reported=True), "")


# --- the payment screen ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("now_s", "ahead_s", "left", "permille", "color"),
    [
        (0, 0, "10:00", 1000, ""),
        (1, 0, "9:59", 998, ""),
        (540, 0, "1:00", 100, ""),
        (541, 0, "0:59", 98, "amber"),
        (600, 0, "0:00", 0, "amber"),
        (9999, 0, "0:00", 0, "amber"),
        (-60, 0, "11:00", 1000, ""),
        (0, 300, "5:00", 500, ""),
    ],
)
def test_the_time_left_goes_by_the_servers_clock_and_never_below_nothing(
    now_s: int, ahead_s: int, left: str, permille: int, color: str
) -> None:
    link = Link().answered(T0_S, T0_S + ahead_s)
    view = pay_view(AWAITING, now_s=T0_S + now_s, link=link)
    assert (view.rows[-1].figure, view.left_permille, view.rows[-1].color) == (left, permille, color)


def test_an_invoice_that_never_ran_divides_by_nothing() -> None:
    dead = replace(QUOTE, expires_s=QUOTE.created_s)
    assert pay_view(Awaiting(ATTEMPT, dead)).left_permille == 0


def test_the_customer_sees_yen_sats_number_and_rate() -> None:
    view = pay_view(AWAITING)
    assert (view.amount, view.sats, view.rate) == ("¥1,400", "8,231 sats", "1 BTC = ¥17,009,000")
    assert view.rows[0].figure == "42"


def test_a_part_payment_shows_both_figures_and_the_rest_in_yen() -> None:
    view = pay_view(PartPaid(ATTEMPT, REST_QUOTE, PART))
    assert (view.qr, view.amount, view.sats) == (REST_QUOTE.bolt11, "¥890", "5,231 sats")
    assert [row.figure for row in view.rows] == ["42", "3,000 sats", "5,231 sats", "10:00"]


def test_whoever_goes_back_from_a_part_payment_is_told_what_has_arrived_and_what_to_do() -> None:
    """The order stood there again at its full price, and a part of it had been paid."""
    sheet = build(scene(AtPayment(ATTEMPT.id, "back"), PartPaid(ATTEMPT, REST_QUOTE, PART))).sheet
    assert sheet.text == EN("pay.back_part", sats="3,000 sats")
    assert build(scene(AtPayment(ATTEMPT.id, "back"), AWAITING)).sheet.text == EN("pay.back_text")


@pytest.mark.parametrize("problem", Problem)
def test_where_there_is_no_qr_a_waiting_customer_may_pay_cash(problem: Problem) -> None:
    view = pay_view(Creating(ATTEMPT, 0), troubles={ATTEMPT.id: problem})
    assert "cash" in view.instruction.lower()


def test_an_ended_qr_says_why_and_what_had_come_in() -> None:
    view = pay_view(RunOut(ATTEMPT, TRAIL, MORE, "invalid"))
    assert (view.instead, view.qr) == (EN("pay.invalid"), "")
    assert [row.figure for row in view.rows] == ["42", "4,000 sats", "4,231 sats"]
    assert [button.touch for button in view.buttons] == [t.ConfirmBack(), t.NewQr()]


def test_back_asks_first_only_where_somebody_may_be_paying() -> None:
    asks = {type(state): t.Back() in touches(at_payment(state)) for state in AT_COUNTER}
    assert asks == {
        Creating: False,
        Awaiting: True,
        PartPaid: True,
        Confirming: True,
        RunOut: False,
        Refused: False,
        Paid: False,
    }


def touches(part: Any) -> list[t.Touch]:
    """Collect every touch that a screen offers."""
    if isinstance(part, Button):
        return [part.touch] if part.enabled else []
    if isinstance(part, tuple):
        return [touched for inner in part for touched in touches(inner)]
    if is_dataclass(part):
        return [touched for field in fields(part) for touched in touches(getattr(part, field.name))]
    return []


@pytest.mark.parametrize(
    ("state", "troubled", "light"),
    [
        (Creating(ATTEMPT, 0), False, Light("grey", EN("pay.creating"))),
        (Creating(ATTEMPT, 0), True, Light("amber", EN("pay.again"))),
        (AWAITING, False, Light("green", EN("pay.waiting"))),
        (AWAITING, True, Light("amber", EN("pay.lost"))),
        (Confirming(ATTEMPT, TRAIL), False, Light("amber", EN("pay.confirming_short"))),
        (RunOut(ATTEMPT, TRAIL, NOTHING, "expired"), False, Light("red", EN("pay.ended"))),
    ],
)
def test_the_light_of_a_payment_never_speaks_by_its_colour_alone(state: State, troubled: bool, light: Light) -> None:
    troubles = {ATTEMPT.id: Problem.SLOW} if troubled else {}
    assert pay_view(state, troubles=troubles).state == light


def test_the_customers_screen_speaks_the_customers_language_and_staffs_the_shops() -> None:
    english = scene(AtPayment(ATTEMPT.id), AWAITING, language="ja")
    english = replace(english, till=replace(english.till, guest_language="en"))
    view = build(english)
    assert isinstance(view, PayView)
    assert view.instruction == EN("pay.instruction")
    trouble = build(replace(english, payments={ATTEMPT.id: Refused(ATTEMPT, TRAIL, mismatched(), NOTHING)}))
    assert isinstance(trouble, TroubleView)
    assert trouble.title == WORDS["ja"]("refused.title")


# --- PAID ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("state", "detail"),
    [
        (Paid(ATTEMPT, 8_231_000, 0), "8,231 sats"),
        (Paid(ATTEMPT, 0, 0), ""),
        (Paid(ATTEMPT, 8_231_999, 999), "8,231.999 sats"),
        (Paid(ATTEMPT, 8_300_000, 69_000), "8,300 sats · " + EN("paid.over", sats="69 sats")),
    ],
)
def test_paid_stands_there_in_both_languages_with_what_came_in(state: Paid, detail: str) -> None:
    view = at_payment(state)
    assert isinstance(view, PaidView)
    assert (view.title, view.subtitle) == (EN("paid.title"), WORDS["ja"]("paid.title"))
    assert (view.amount, view.detail, view.demo) == ("¥1,400", detail, "")


def test_paid_shows_the_whole_order_when_the_last_qr_was_for_the_rest() -> None:
    view = at_payment(Paid(replace(ATTEMPT, number=2, amount=Money(890, "JPY")), 5_231_000, 0))
    assert isinstance(view, PaidView)
    assert view.amount == "¥1,400"


# --- the staff's screens ---------------------------------------------------------------------------------------------


def test_the_menu_shows_what_is_in_the_order_and_what_is_sold_out() -> None:
    till = replace(fresh(SHOP, frozenset({"sake"})), category="drinks")
    till = replace(till, cart=till.cart.add(SHOP.menu.item("beer")).change("beer", 2))
    view = menu_view(till=till)
    assert [(tile.name, tile.badge, tile.flag) for tile in view.tiles] == [
        ("Draft beer", "3", ""),
        ("Sake", "", EN("menu.sold_out")),
        (EN("menu.custom"), "", ""),
    ]
    assert [(pill.label, pill.chosen) for pill in view.pills] == [("All", False), ("Drinks", True), ("食べ物", False)]
    assert (view.newest, view.total, view.hint, view.pay.enabled) == ("beer", "¥2,100", "", True)


def test_an_empty_order_cannot_be_paid_or_cleared_and_says_what_to_do() -> None:
    view = menu_view()
    assert (view.pay.enabled, view.clear.enabled, view.total, view.hint) == (False, False, "", EN("menu.empty"))


def test_the_sheet_of_an_item_offers_only_what_can_be_done() -> None:
    sheet = menu_view(till=replace(fresh(SHOP, frozenset({"beer"})), screen=Selling(sheet="beer"))).sheet
    assert sheet is not None
    assert [(button.label, button.enabled) for button in sheet.buttons] == [
        (EN("menu.mark_available"), True),
        (EN("menu.remove_one"), False),
        (EN("menu.close"), True),
    ]


def test_the_keypad_shows_the_amount_and_offers_what_can_be_done() -> None:
    empty, typed = (build(scene(Typing(digits))) for digits in ("", "300"))
    assert isinstance(empty, KeypadView)
    assert isinstance(typed, KeypadView)
    assert (empty.amount, empty.enter.enabled, empty.keys[-1].enabled) == ("¥0", False, False)
    assert (typed.amount, typed.enter.enabled, typed.keys[-1].enabled) == ("¥300", True, True)
    assert len(typed.keys) == 12


@pytest.mark.parametrize(
    ("link", "lights"),
    [
        (Link(), [("grey", "BTCPay unknown"), ("grey", "Lightning unknown")]),
        (Link().answered(T0_S, T0_S), [("green", "BTCPay"), ("grey", "Lightning unknown")]),
        (Link().answered(T0_S, T0_S).made_invoice(), [("green", "BTCPay"), ("green", "Lightning")]),
        (Link().failed(Problem.LIGHTNING_DOWN), [("green", "BTCPay"), ("red", "Lightning down")]),
        (Link().made_invoice().failed(Problem.SLOW), [("red", "BTCPay down"), ("grey", "Lightning unknown")]),
        (Link().healthy(T0_S, synchronized=False), [("amber", "BTCPay syncing"), ("grey", "Lightning unknown")]),
    ],
)
def test_what_is_not_known_is_grey(link: Link, lights: list[tuple[str, str]]) -> None:
    assert [(light.color, light.word) for light in menu_view(link=link).status.lights] == lights


@pytest.mark.parametrize(("age_s", "age"), [(None, "none yet"), (0, "0 s ago"), (99, "99 s ago"), (100, "1 min ago")])
def test_the_banner_says_since_when_the_server_is_away(age_s: int | None, age: str) -> None:
    link = Link() if age_s is None else Link().answered(T0_S - age_s, T0_S)
    banner = menu_view(link=link.failed(Problem.SLOW)).banner
    assert banner is not None
    assert banner.text == EN("status.away", problem=EN("problem.slow"), age=age)
    assert menu_view().banner is None


def test_the_clock_is_the_shops() -> None:
    view = menu_view(now_s=13 * 3600 + 5 * 60, utc_offset_s=9 * 3600)
    assert (view.status.clock, view.status.shop) == ("22:05", "GAME BAR")


def test_notices_stand_newest_first_with_what_to_do_about_each() -> None:
    late = PaidLate(ATTEMPT, 8_231_000, 0)
    short = Lapsed(replace(ATTEMPT, number=2), TRAIL, PART, reported=False)
    known = Lapsed(replace(ATTEMPT, number=3), TRAIL, PART, reported=True)
    judged = {ATTEMPT.id: Notice.LATE, short.attempt.id: Notice.SHORT}
    view = build(scene(Reading(), late, short, known, notices=judged))
    assert isinstance(view, NoticesView)
    assert [notice.button.touch for notice in view.notices] == [t.Acknowledge("K1-0042-2"), t.Acknowledge("K1-0042-1")]
    assert view.notices[0].text == EN("notices.short_text", amount="¥1,400", rest="¥890")
    assert view.notices[1].text == EN("notices.late_text")
    twice = build(scene(Reading(), late, notices={ATTEMPT.id: Notice.TWICE}))
    assert isinstance(twice, NoticesView)
    assert twice.notices[0].text == EN("notices.twice_text")


@pytest.mark.parametrize(
    ("fault", "expected", "found", "shown"),
    [
        (Fault.AMOUNT, "8231000 msat", "16462000 msat", ["8,231,000 msat", "16,462,000 msat"]),
        (Fault.AMOUNT, "8231000 msat", "no amount", ["8,231,000 msat", EN("refused.no_amount")]),
        (Fault.NETWORK, "mainnet", "regtest", ["mainnet", "regtest"]),
        (Fault.EXPIRED, "payable at 1790000000", "expired at 1789999940", []),
        (Fault.UNREADABLE, "a BOLT11 invoice", "invalid checksum", []),
    ],
)
def test_evidence_that_people_can_compare_is_shown_and_no_other(
    fault: Fault, expected: str, found: str, shown: list[str]
) -> None:
    refused = replace(mismatched(), fault=fault, expected=expected, found=found)
    view = at_payment(Refused(ATTEMPT, TRAIL, refused, NOTHING))
    assert isinstance(view, TroubleView)
    assert [row.figure for row in view.rows] == shown


def test_long_evidence_is_shortened_to_its_ends_and_sentences_are_not() -> None:
    long = replace(mismatched(), fault="payee", expected="02" + "b" * 64, found="no Lightning payment method at all")
    view = at_payment(Refused(ATTEMPT, TRAIL, long, NOTHING))
    assert isinstance(view, TroubleView)
    assert [row.figure for row in view.rows] == ["02bbbb…bbbbbb", "no Lightning payment method at all"]
    assert view.safe == EN("refused.saved", order="K1-0042")


# --- the status screen ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("ms", "told"),
    [(10, "≤ 10 ms"), (700, "≤ 700 ms"), (1500, "≤ 1.5 s"), (70_000, "≤ 70 s"), (100_000, "≤ 2 min"),
     (1_000_000, "≤ 17 min"), (3_600_000, "≤ 1 h"), (86_400_000, "≤ 24 h")],
)
def test_no_edge_is_written_shorter_than_it_is(ms: int, told: str) -> None:
    assert edge(EN, ms) == told


@pytest.mark.parametrize(
    ("count", "told"),
    [(None, "unknown"), (0, "0.0 MB"), (1_260_000, "1.2 MB"), (1_990_000_000, "1.9 GB"), (12_400_000_000, "12 GB")],
)
def test_sizes_are_rounded_down(count: int | None, told: str) -> None:
    assert size(EN, count) == told


@pytest.mark.parametrize("problem", [None, *Problem])
def test_the_line_is_well_when_anything_answered_and_the_server_only_when_it_answered_well(
    problem: Problem | None,
) -> None:
    link = Link(known=True, problem=problem, last_answer_s=T0_S)
    view = build(scene(Inspecting(), link=link))
    assert isinstance(view, ServiceView)
    line, server = view.parts[1], view.parts[2]
    assert line.color == ("red" if problem in CUT else "green")
    assert server.color == ("green" if problem is None else "red")
    assert problem is None or server.text == EN(f"problem.{problem}")


def test_a_payment_that_btcpay_does_not_know_is_counted_where_staff_look() -> None:
    open_rows = []
    for state, problem in product((LAPSED, AWAITING, Creating(ATTEMPT, 0)), (Problem.NOT_FOUND, Problem.SLOW)):
        view = build(scene(Inspecting(), state, troubles={ATTEMPT.id: problem}))
        assert isinstance(view, ServiceView)
        assert Row(EN("service.open"), "1") in view.facts
        open_rows.append(Row(EN("service.not_there"), "1", "amber") in view.facts)
    assert open_rows == [True, False, True, False, False, False]


def test_a_qr_that_btcpay_does_not_know_is_not_a_lost_connection() -> None:
    light = pay_view(AWAITING, troubles={ATTEMPT.id: Problem.NOT_FOUND}).state
    assert light == Light("amber", EN("pay.not_there"))


def test_nobody_leaves_while_a_customer_stands_at_a_payment() -> None:
    shop = replace(SHOP, language="en", way_out="pin")
    for states, enabled in (((), True), ((AWAITING,), False), ((LAPSED,), True)):
        view = build(scene(Inspecting(), *states, shop=shop))
        assert isinstance(view, ServiceView)
        (leave,) = [button for button in view.buttons if button.touch == t.Leave()]
        assert leave.enabled is enabled


def test_a_pad_shows_how_many_digits_and_no_digit() -> None:
    view = build(scene(Unlocking("99999")))
    assert isinstance(view, PinView)
    assert view.dots == 5
    assert not any("99" in text for text in texts(view))


def test_a_backup_that_is_days_old_is_told_with_its_age() -> None:
    own = Itself(Storage(9_000_000_000, 5, T0_S - 3 * 86_400, backs_up=True))
    view = build(scene(Inspecting(), itself=own))
    assert isinstance(view, ServiceView)
    assert view.facts[-1] == Row(EN("service.backup"), "3 days ago", "amber")
    assert view.status.lights[0] == Light("amber", EN("status.no_backup"))


def test_where_no_backups_are_made_none_is_missed() -> None:
    view = build(scene(Inspecting()))
    assert isinstance(view, ServiceView)
    assert EN("service.backup") not in [row.label for row in view.facts]


@pytest.mark.parametrize(("lost", "from_backup"), [(0, 0), (3, 0), (0, 7), (3, 7)])
def test_the_report_of_a_damaged_journal_tells_what_is_left_of_it(lost: int, from_backup: int) -> None:
    made = scene(Reading())
    told = Salvaged("aside.db", 12, lost, from_backup)
    view = build(replace(made, till=replace(made.till, salvages=(told,))))
    assert isinstance(view, NoticesView)
    text = view.notices[0].text
    assert (EN("notices.salvage_lost", count=lost) in text) is bool(lost)
    assert (EN("notices.salvage_from_backup", count=from_backup) in text) is bool(from_backup)
    assert (EN("notices.salvage_no_gap") in text) is not bool(lost)
    assert EN("notices.salvage_do") in text
    assert view.status.notices is not None


def test_a_backup_that_was_put_back_does_not_read_as_damage() -> None:
    made = scene(Reading())
    told = Salvaged("journal.before-restore-20261122T183000Z.db", 12, 0, 3)
    view = build(replace(made, till=replace(made.till, salvages=(told,))))
    assert isinstance(view, NoticesView)
    (notice,) = view.notices
    assert notice.title == EN("notices.restored")
    assert notice.when == EN("notices.restored_aside", file=told.aside)
    assert EN("notices.salvage_no_gap") not in notice.text


def test_a_journal_that_was_gone_does_not_read_as_if_its_file_were_kept() -> None:
    made = scene(Reading())
    told = Salvaged("journal.lost-20261122T183000Z.db", 12, 0, 12)
    view = build(replace(made, till=replace(made.till, salvages=(told,))))
    assert isinstance(view, NoticesView)
    (notice,) = view.notices
    assert (notice.title, notice.when) == (EN("notices.gone"), EN("notices.gone_aside"))
    assert EN("notices.salvage_from_backup", count=12) in notice.text


def test_a_journal_of_which_nothing_is_left_does_not_read_as_if_all_were_fine() -> None:
    made = scene(Reading())
    view = build(replace(made, till=replace(made.till, salvages=(Salvaged("aside.db", 0, 0, 0),))))
    assert isinstance(view, NoticesView)
    text = view.notices[0].text
    assert text == EN("notices.salvage_nothing") + "\n" + EN("notices.salvage_do_all")
