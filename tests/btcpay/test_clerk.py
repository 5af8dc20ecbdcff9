"""The clerk at real demo servers of four versions, and at a transport of canned answers where none would say that."""

import json
from dataclasses import replace
from typing import Any

import pytest

from pos.btcpay.clerk import Answer, Clerk
from pos.btcpay.offers import Terms
from pos.core import bolt11
from pos.core.duties import Audit, Create, Duty, LookUp, Watch
from pos.core.money import Money
from pos.core.payment import LOOKS, birth
from pos.core.payment_events import (
    AnswerLost,
    Audited,
    CameLate,
    Cancelled,
    HandedOver,
    Mismatched,
    NotFound,
    Noticed,
    PartReceived,
    Quoted,
    RanOut,
    Received,
    Settled,
    Trail,
    TwinFound,
    WatchEnded,
)
from pos.core.payment_states import (
    Awaiting,
    Confirming,
    Creating,
    Fulfilled,
    Lapsed,
    Paid,
    PaidLate,
    PartPaid,
    Refused,
    RunOut,
    Served,
    Void,
)
from pos.demo.lies import LIES
from pos.demo.misfortune import Misfortune
from pos.demo.server import DemoServer
from pos.errors import Broken, BTCPayError, Unreachable
from tests.samples import ATTEMPT, QUOTE, T0_S, TRAIL

from .conftest import Kit, Sale, terms
from .wire import Canned

VERSIONS = ("1.13.7", "2.0.0", "2.3.6", "2.4.1")
SUM_MSAT = 8_231_000  # ¥1,400 at the demo's rate
_TERMS = Terms("Store1", "regtest", None, 10, "en")
_WATCH = Watch(ATTEMPT, TRAIL, QUOTE, quick=True)


def _ask(duty: Duty, *bodies: Any, date_s: int | None = None, last: bool = True) -> Answer:
    """Have a duty done at a transport that gives these answers."""
    transport = Canned(*(json.dumps(body).encode() for body in bodies), date_s=date_s)
    return Clerk(transport, _TERMS, lambda: T0_S).perform(duty, last=last)


def _invoice(**changes: Any) -> dict[str, Any]:
    return {
        "id": TRAIL.invoice_id,
        "amount": "1400",
        "currency": "JPY",
        "type": "Standard",
        "status": "New",
        "additionalStatus": "None",
        "createdTime": T0_S,
        "expirationTime": T0_S + 600,
        "monitoringExpiration": TRAIL.payable_until_s,
        "metadata": {"orderId": ATTEMPT.reference},
        "paymentMethods": [],
    } | changes


def _prompt(**changes: Any) -> dict[str, Any]:
    return {
        "paymentMethodId": "BTC-LN",
        "destination": QUOTE.bolt11,
        "due": "0.00008231",
        "totalPaid": "0",
        "rate": "17009000.0",
    } | changes


@pytest.fixture(params=VERSIONS)
def version(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def server(version: str, kit: Kit) -> DemoServer:
    return kit.server(version=version)


@pytest.fixture
def sale(kit: Kit, server: DemoServer) -> Sale:
    return Sale(kit.clerk(server))


@pytest.fixture
def latest(kit: Kit) -> DemoServer:
    return kit.server()


# A sale on every version


def test_sale_is_quoted_and_paid(sale: Sale, server: DemoServer) -> None:
    awaiting = sale.visit()
    assert isinstance(awaiting, Awaiting)
    read = bolt11.decode(awaiting.quote.bolt11)
    assert (read.amount_msat, read.payee, read.network) == (SUM_MSAT, server.node_id, "regtest")
    assert awaiting.quote == replace(
        awaiting.quote,
        payment_hash=read.payment_hash,
        payee=read.payee,
        amount_msat=SUM_MSAT,
        created_s=T0_S,
        expires_s=T0_S + 600,
        rate=replace(ATTEMPT.amount, minor=17_009_000),
    )
    assert awaiting.quote.trail.payable_until_s == T0_S + 600 + 86_400
    assert sale.visit() is awaiting
    server.shop.play(sale.trail.invoice_id, "full")
    paid = sale.visit()
    assert isinstance(paid, Paid)
    told = server.shop.invoice(awaiting.quote.trail.invoice_id)
    assert (told.status, told.order_id, told.currency) == ("Settled", ATTEMPT.reference, "JPY")


def test_amounts_of_a_settlement_are_told_where_they_cost_no_second_call(
    sale: Sale, server: DemoServer, version: str
) -> None:
    sale.visit()
    server.shop.play(sale.trail.invoice_id, "over")
    before = len(server.log)
    told = (9_054_000, 823_000) if version == "2.4.1" else (0, 0)
    assert sale.visit() == Paid(ATTEMPT, *told, to_audit=sale.trail)
    assert len(server.log) == before + 1


def test_surplus_is_told_behind_paid_by_a_server_that_did_not_tell_it_before(sale: Sale, server: DemoServer) -> None:
    sale.visit()
    server.shop.play(sale.trail.invoice_id, "over")
    sale.visit()
    assert sale.visit() == Paid(ATTEMPT, 9_054_000, 823_000, sale.trail)
    assert sale.visit(last=True) == Paid(ATTEMPT, 9_054_000, 823_000)


def test_duplicate_of_what_was_paid_at_once_is_found_before_the_payment_ends(sale: Sale, server: DemoServer) -> None:
    sale.clerk.perform(sale.duty)
    sale.visit()
    (other,) = {invoice.id for invoice in server.shop.invoices()} - {sale.trail.invoice_id}
    server.shop.play(sale.trail.invoice_id, "full")
    paid = sale.visit()
    assert isinstance(paid, Paid)
    server.suffer(Misfortune(kind="500", on="list", times=1))
    with pytest.raises(BTCPayError):
        sale.visit()
    assert sale.tell(HandedOver()) == Served(paid)
    assert isinstance(sale.visit(), Served)
    assert sale.twins == [other]


def test_duplicate_that_a_slow_server_makes_after_the_payment_is_found(sale: Sale, server: DemoServer) -> None:
    sale.visit()
    shown = sale.trail.invoice_id
    server.shop.play(shown, "full")
    sale.visit()
    sale.tell(HandedOver())
    assert isinstance(sale.visit(), Served)
    sale.clerk.perform(Create(ATTEMPT))
    assert sale.visit(last=True) == Fulfilled(ATTEMPT)
    assert sale.twins == [invoice.id for invoice in server.shop.invoices() if invoice.id != shown]


def test_audit_asks_for_amounts_apart_only_where_the_list_does_not_tell_them(
    sale: Sale, server: DemoServer, version: str
) -> None:
    sale.visit()
    before = len(server.log)
    answer = sale.clerk.perform(Audit(ATTEMPT, sale.trail))
    assert len(server.log) == before + 1 + (version in ("1.13.7", "2.0.0"))
    assert answer.events == (Audited(last=False),)


def test_audit_of_a_duplicate_tells_its_amounts_and_no_duplicates(sale: Sale, server: DemoServer) -> None:
    sale.clerk.perform(sale.duty)
    sale.visit()
    sale.visit(sweep=True)
    (other,) = sale.twins
    server.shop.play(other, "over")
    twin = replace(ATTEMPT, twin=other)
    answer = sale.clerk.perform(Audit(twin, Trail(other, T0_S)), last=True)
    assert (answer.events, answer.twins) == ((Audited(9_054_000, 823_000),), ())


def test_audit_that_learns_no_amounts_tells_of_duplicates_and_goes_on() -> None:
    other = _invoice(id="Twin1")
    listed = [_invoice(status="Settled", paymentMethods=None), other]
    answer = _ask(Audit(ATTEMPT, TRAIL), listed, {"code": "no-such-thing"})
    assert answer.events == (Audited(last=False),)
    assert [trail.invoice_id for _, trail in answer.twins] == ["Twin1"]


def test_audit_of_an_invoice_that_the_server_does_not_know_ends(kit: Kit, server: DemoServer) -> None:
    clerk = kit.clerk(server)
    assert clerk.perform(Audit(ATTEMPT, TRAIL)).events == (Audited(last=False),)
    assert clerk.perform(Audit(ATTEMPT, TRAIL), last=True).events == (Audited(),)


def test_surplus_of_late_money_is_told_behind_it(sale: Sale, server: DemoServer) -> None:
    awaiting = sale.visit()
    assert isinstance(awaiting, Awaiting)
    trail = sale.trail
    server.shop.play(trail.invoice_id, "expire")
    sale.visit()
    server.shop.pay(awaiting.quote.bolt11, amount_msat=9_054_000, late=True)
    assert isinstance(sale.visit(), PaidLate)
    assert sale.visit() == PaidLate(ATTEMPT, 9_054_000, 823_000, trail)


def test_part_payment_brings_a_new_qr_for_the_rest(sale: Sale, server: DemoServer) -> None:
    first = sale.visit()
    assert isinstance(first, Awaiting)
    server.shop.play(sale.trail.invoice_id, "under")
    part = sale.visit()
    assert isinstance(part, PartPaid)
    assert part.received == Received(4_115_000, 4_116_000)
    assert part.quote.bolt11 != first.quote.bolt11
    assert bolt11.decode(part.quote.bolt11).amount_msat == part.quote.amount_msat == 4_116_000
    assert sale.visit() is part
    server.shop.play(sale.trail.invoice_id, "full")
    assert isinstance(sale.visit(), Paid)


def test_used_up_qr_is_told_while_the_new_one_is_being_made(sale: Sale, server: DemoServer) -> None:
    first = sale.visit()
    assert isinstance(first, Awaiting)
    server.shop.play(sale.trail.invoice_id, "under")
    server.suffer(Misfortune(kind="not-activated", on="poll", times=2))
    part = sale.visit()
    assert isinstance(part, PartPaid)
    assert (part.quote, part.received) == (first.quote, Received(4_115_000, 4_116_000))
    server.script.clear()
    new = sale.visit()
    assert isinstance(new, PartPaid)
    assert new.quote.amount_msat == 4_116_000


def test_invoice_runs_out(sale: Sale, server: DemoServer) -> None:
    sale.visit()
    trail = sale.trail
    server.shop.play(trail.invoice_id, "expire")
    assert sale.visit() == RunOut(ATTEMPT, trail, Received(), "expired")


def test_invoice_runs_out_part_paid(sale: Sale, server: DemoServer) -> None:
    sale.visit()
    trail = sale.trail
    server.shop.play(trail.invoice_id, "under")
    server.shop.play(trail.invoice_id, "expire")
    assert sale.visit() == RunOut(ATTEMPT, trail, Received(4_115_000, 4_116_000), "expired")


def test_late_payment_is_money_that_staff_must_hear_of(sale: Sale, server: DemoServer) -> None:
    sale.visit()
    server.shop.play(sale.trail.invoice_id, "expire")
    sale.visit()
    server.shop.play(sale.trail.invoice_id, "late")
    assert sale.visit() == PaidLate(ATTEMPT, SUM_MSAT, 0, sale.trail)


def test_invoice_marked_invalid_has_run_out(sale: Sale, server: DemoServer) -> None:
    sale.visit()
    trail = sale.trail
    server.shop.mark(trail.invoice_id, "Invalid")
    assert sale.visit() == RunOut(ATTEMPT, trail, Received(), "invalid")


def test_payment_on_an_invalid_invoice_is_money_all_the_same(sale: Sale, server: DemoServer) -> None:
    sale.visit()
    server.shop.mark(sale.trail.invoice_id, "Invalid")
    server.shop.play(sale.trail.invoice_id, "full")
    assert sale.visit() == PaidLate(ATTEMPT, SUM_MSAT, 0, sale.trail)


def test_invoice_marked_settled_is_paid(sale: Sale, server: DemoServer) -> None:
    sale.visit()
    server.shop.mark(sale.trail.invoice_id, "Settled")
    assert isinstance(sale.visit(), Paid)


def test_watch_of_a_cancelled_sale_ends_by_the_servers_clock(sale: Sale, server: DemoServer) -> None:
    sale.visit()
    sale.tell(Cancelled())
    assert isinstance(sale.visit(), Lapsed)
    server.shop.advance(600 + 86_400)
    assert isinstance(sale.visit(last=True), Lapsed)
    server.shop.advance(1)
    assert sale.visit(last=True) == Void(ATTEMPT)


def test_clock_that_leaps_does_not_end_a_watch_while_the_server_may_be_making_a_duplicate(
    sale: Sale, server: DemoServer
) -> None:
    sale.visit()
    sale.tell(Cancelled())
    server.shop.advance(3 * 86_400)
    assert isinstance(sale.visit(), Lapsed)
    sale.clerk.perform(Create(ATTEMPT))
    assert (sale.visit(last=True), len(sale.twins)) == (Void(ATTEMPT), 1)


def test_watch_does_not_end_before_duplicates_have_been_looked_for(sale: Sale, server: DemoServer) -> None:
    sale.clerk.perform(sale.duty)
    sale.visit()
    sale.tell(Cancelled())
    server.shop.advance(600 + 86_400 + 1)
    server.suffer(Misfortune(kind="500", on="list", times=1))
    assert isinstance(sale.visit(last=True), Lapsed)
    assert (sale.visit(last=True), len(sale.twins)) == (Void(ATTEMPT), 1)


def test_watch_does_not_end_while_somebody_waits(sale: Sale, server: DemoServer) -> None:
    sale.visit()
    server.shop.advance(10 * 86_400)
    answer = sale.clerk.perform(sale.duty)
    assert [type(event) for event in answer.events] == [RanOut]
    assert answer.server_now_s == T0_S + 10 * 86_400


# What must not be shown


FAULTS = {
    "lie-amount": "amount",
    "lie-msat": "amount",
    "lie-no-amount": "amount",
    "lie-invoice-amount": "amount",
    "lie-currency": "amount",
    "lie-payee": "payee",
    "wrong-network": "network",
    "expired-bolt11": "expired",
    "bad-checksum": "unreadable",
    "not-bolt11": "unreadable",
    "no-prompt": "unreadable",
    "not-activated": "unreadable",
}


def test_every_lie_of_the_demo_is_in_the_table() -> None:
    assert FAULTS.keys() == LIES


@pytest.mark.parametrize("lie", FAULTS)
def test_lie_about_a_new_invoice_is_never_shown(sale: Sale, server: DemoServer, lie: str) -> None:
    server.suffer(Misfortune(kind=lie, on="create"))
    (event,) = sale.clerk.perform(Create(ATTEMPT)).events
    assert isinstance(event, Mismatched)
    assert (event.fault, event.received) == (FAULTS[lie], Received())
    assert event.expected != event.found
    assert bool(event.bolt11) == (lie not in ("no-prompt", "not-activated"))
    sale.tell(event)
    refused = sale.state
    assert isinstance(refused, Refused)
    assert sale.visit() is refused
    server.script.clear()
    assert sale.visit() is refused


ABOUT_THE_BOLT11 = FAULTS.keys() - {"lie-invoice-amount", "lie-currency", "no-prompt", "not-activated"}


@pytest.mark.parametrize("lie", sorted(ABOUT_THE_BOLT11))
def test_lie_about_the_rest_takes_the_qr_down(sale: Sale, server: DemoServer, lie: str) -> None:
    sale.visit()
    server.shop.play(sale.trail.invoice_id, "under")
    server.suffer(Misfortune(kind=lie, on="poll", times=None))
    state = sale.visit()
    assert isinstance(state, Refused)
    assert (state.mismatch.fault, state.received) == (FAULTS[lie], Received(4_115_000, 4_116_000))


@pytest.mark.parametrize("lie", ["no-prompt", "not-activated"])
def test_qr_stays_while_the_server_has_no_other(sale: Sale, server: DemoServer, lie: str) -> None:
    awaiting = sale.visit()
    server.suffer(Misfortune(kind=lie, on="poll", times=None))
    assert sale.visit() is awaiting


def test_node_that_is_not_the_pinned_one_is_refused(kit: Kit, server: DemoServer) -> None:
    strict = Clerk(kit.client(server.url), terms(server, payee="02" + "ab" * 32), lambda: T0_S)
    (event,) = strict.perform(Create(ATTEMPT)).events
    assert isinstance(event, Mismatched)
    assert (event.fault, event.expected, event.found) == ("payee", "02" + "ab" * 32, server.node_id)


def test_any_node_will_do_where_none_is_pinned(kit: Kit, server: DemoServer) -> None:
    (event,) = Clerk(kit.client(server.url), terms(server, payee=None), lambda: T0_S).perform(Create(ATTEMPT)).events
    assert isinstance(event, Quoted)


def test_other_network_than_the_configured_one_is_refused(kit: Kit, server: DemoServer) -> None:
    strict = Clerk(kit.client(server.url), terms(server, network="mainnet"), lambda: T0_S)
    (event,) = strict.perform(Create(ATTEMPT)).events
    assert isinstance(event, Mismatched)
    assert (event.fault, event.expected, event.found) == ("network", "mainnet", "regtest")


# Lost answers


@pytest.mark.parametrize("kind", ["drop", "500", "502", "truncated", "cut"])
def test_invoice_of_a_lost_answer_is_adopted(sale: Sale, server: DemoServer, kind: str) -> None:
    server.suffer(Misfortune(kind=kind, on="create", after=kind != "truncated"))
    with pytest.raises(BTCPayError) as caught:
        sale.visit()
    assert caught.value.maybe_heard
    assert sale.tell(AnswerLost(caught.value.problem)) == Creating(ATTEMPT, LOOKS)
    state = sale.visit()
    assert isinstance(state, Awaiting)
    (only,) = server.shop.invoices()
    assert (state.quote.trail.invoice_id, sale.twins) == (only.id, [])


def test_request_that_never_arrived_is_made_again_after_looking(sale: Sale, server: DemoServer) -> None:
    server.suffer(Misfortune(kind="drop", on="create"))
    with pytest.raises(Unreachable):
        sale.visit()
    sale.tell(AnswerLost("cut_off"))
    for looks in reversed(range(LOOKS)):
        assert sale.clerk.perform(sale.duty).events == (NotFound(),)
        assert sale.visit() == Creating(ATTEMPT, looks)
    assert server.shop.invoices() == ()
    assert isinstance(sale.visit(), Awaiting)


def test_duplicates_are_found_and_one_alone_is_shown(sale: Sale, server: DemoServer) -> None:
    server.suffer(Misfortune(kind="duplicate", on="create"))
    shown = sale.visit()
    assert isinstance(shown, Awaiting)
    newest, oldest = server.shop.invoices()
    assert shown.quote.trail.invoice_id == newest.id
    assert sale.visit(sweep=True) is shown
    assert sale.twins == [oldest.id]


def test_newest_open_duplicate_is_adopted_after_a_lost_answer(sale: Sale, server: DemoServer) -> None:
    server.suffer(Misfortune(kind="duplicate", on="create"))
    sale.clerk.perform(sale.duty)
    newest, oldest = server.shop.invoices()
    server.shop.mark(newest.id, "Invalid")
    server.shop.archive(oldest.id, archived=True)
    sale.tell(AnswerLost("cut_off"))
    state = sale.visit()
    assert isinstance(state, Awaiting)
    assert (state.quote.trail.invoice_id, sale.twins) == (oldest.id, [newest.id])


def test_lookup_that_finds_only_what_is_over_reports_the_newest(sale: Sale, server: DemoServer) -> None:
    sale.clerk.perform(sale.duty)
    server.shop.play(server.shop.invoices()[0].id, "expire")
    sale.tell(AnswerLost("slow"))
    assert isinstance(sale.visit(), RunOut)


def test_twin_is_watched_and_looks_for_no_twins_of_its_own(sale: Sale, server: DemoServer) -> None:
    sale.clerk.perform(sale.duty)
    sale.clerk.perform(sale.duty)
    ((twin, trail),) = sale.clerk.perform(LookUp(ATTEMPT)).twins
    assert (twin.id, twin.reference) == (f"{ATTEMPT.id}-{trail.invoice_id}", ATTEMPT.reference)
    watched = Sale(sale.clerk, state=birth(TwinFound(twin, trail)))
    before = len(server.log)
    watched.visit(sweep=True)
    assert watched.twins == []
    assert all(exchange.path.endswith((trail.invoice_id, "payment-methods")) for exchange in server.log[before:])
    server.shop.play(trail.invoice_id, "full")
    assert isinstance(watched.visit(), PaidLate)


def test_sweep_that_fails_does_not_hide_what_was_seen(sale: Sale, server: DemoServer) -> None:
    awaiting = sale.visit()
    server.suffer(Misfortune(kind="500", on="list", times=None))
    assert sale.visit(sweep=True) is awaiting
    server.shop.play(sale.trail.invoice_id, "under")
    assert isinstance(sale.visit(sweep=True), PartPaid)


def test_settlement_does_not_wait_for_a_sweep(sale: Sale, server: DemoServer) -> None:
    sale.visit()
    server.shop.play(sale.trail.invoice_id, "full")
    before = len(server.log)
    assert isinstance(sale.visit(sweep=True), Paid)
    assert len(server.log) == before + 1


def test_later_attempt_is_not_mistaken_for_an_earlier_one(sale: Sale, server: DemoServer) -> None:
    sale.visit()
    other = replace(ATTEMPT, number=2, intent="5eed02")
    assert sale.clerk.perform(LookUp(other)).events == (NotFound(),)


def test_rest_of_a_part_payment_is_asked_for_alone(kit: Kit, latest: DemoServer) -> None:
    rest = replace(ATTEMPT, number=2, amount=replace(ATTEMPT.amount, minor=700))
    (event,) = kit.clerk(latest).perform(Create(rest)).events
    assert isinstance(event, Quoted)
    (made,) = latest.shop.invoices()
    assert (str(made.amount), made.order_id) == ("700", rest.reference)


# Health, and answers the demo server would not give


def test_health_is_asked_without_touching_invoices(kit: Kit, latest: DemoServer) -> None:
    assert kit.clerk(latest).healthy() is True
    assert [exchange.path for exchange in latest.log] == ["/api/v1/health", "/api/v1/api-keys/current"]


def test_the_servers_version_is_told_and_stops_nothing_where_it_is_not(kit: Kit, latest: DemoServer) -> None:
    assert kit.clerk(latest).version().startswith("2.")
    with Canned(b"<html>not for you</html>") as transport:
        assert Clerk(transport, _TERMS, lambda: T0_S).version() == ""


def test_clerk_closes_its_transport() -> None:
    with Canned() as transport:
        Clerk(transport, _TERMS, lambda: T0_S).close()
        assert transport.closed


def test_own_clock_stands_in_where_the_server_gives_none() -> None:
    assert _ask(LookUp(ATTEMPT), []).server_now_s == T0_S
    assert _ask(LookUp(ATTEMPT), [], date_s=T0_S + 5).server_now_s == T0_S + 5


def test_processing_is_neither_paid_nor_unpaid() -> None:
    assert _ask(_WATCH, _invoice(status="Processing")).events == (Noticed(TRAIL),)


def test_payment_that_covers_all_while_new_is_noticed() -> None:
    covered = _invoice(additionalStatus="PaidPartial", paymentMethods=[_prompt(due="0", totalPaid="0.00008231")])
    assert _ask(_WATCH, covered).events == (Noticed(TRAIL),)


def test_payment_on_the_old_bolt11_shows_what_is_missing() -> None:
    part = _invoice(paymentMethods=[_prompt(destination=QUOTE.bolt11, due="0.00005231", totalPaid="0.00003")])
    assert _ask(_WATCH, part).events == (PartReceived(QUOTE, Received(3_000_000, 5_231_000)),)


def test_top_up_invoice_is_refused_for_it_would_settle_with_any_payment() -> None:
    (event,) = _ask(Create(ATTEMPT), _invoice(type="TopUp", paymentMethods=[_prompt()])).events
    assert isinstance(event, Mismatched)
    assert (event.fault, event.expected, event.found) == ("amount", "1400 JPY Standard", "1400 JPY TopUp")


def test_evidence_of_a_mismatch_is_short() -> None:
    (event,) = _ask(Create(ATTEMPT), _invoice(currency="X" * 200, paymentMethods=[_prompt()])).events
    assert isinstance(event, Mismatched)
    assert len(event.found) == 100


def test_answer_about_another_invoice_is_not_believed() -> None:
    with pytest.raises(Broken, match="another invoice"):
        _ask(_WATCH, _invoice(id="Other", status="Settled"))


@pytest.mark.parametrize("status", ["New", "Settled"])
def test_answer_about_another_order_is_no_answer_to_a_request_for_an_invoice(status: str) -> None:
    other = _invoice(status=status, metadata={"orderId": "K1-0041-1-5eed01"}, paymentMethods=[_prompt()])
    with pytest.raises(Broken, match="another order") as caught:
        _ask(Create(ATTEMPT), other)
    assert caught.value.maybe_heard


def test_both_sides_of_a_refused_price_are_in_the_same_unit() -> None:
    dollars = replace(ATTEMPT, amount=Money(1250, "USD"))
    wrong = _invoice(amount="12.50", currency="USD", type="TopUp", paymentMethods=[_prompt()])
    (event,) = _ask(Create(dollars), wrong).events
    assert isinstance(event, Mismatched)
    assert (event.expected, event.found) == ("12.50 USD Standard", "12.50 USD TopUp")


@pytest.mark.parametrize("other", [{"amount": "1"}, {"currency": "USD"}, {"type": "TopUp"}])
@pytest.mark.parametrize("standing", [{"status": "Settled"}, {"status": "Expired", "additionalStatus": "PaidLate"}])
def test_invoice_for_another_price_is_never_taken_for_paid(standing: dict[str, str], other: dict[str, str]) -> None:
    wrong = _invoice(**standing, **other, paymentMethods=[_prompt()])
    for duty, body in ((Create(ATTEMPT), wrong), (LookUp(ATTEMPT), [wrong]), (_WATCH, wrong)):
        with pytest.raises(Broken, match="another price"):
            _ask(duty, body)


def test_invoice_of_another_order_is_not_ours_even_if_the_server_lists_it() -> None:
    assert _ask(LookUp(ATTEMPT), [_invoice(metadata={"orderId": "K1-0041-1-5eed01"})]).events == (NotFound(),)


def test_late_payment_without_amounts_is_still_late_money() -> None:
    late = _invoice(status="Expired", additionalStatus="PaidLate")
    assert _ask(_WATCH, late, []).events == (CameLate(TRAIL, 0),)


def test_settlement_tells_what_was_paid_beyond_the_price() -> None:
    prompt = _prompt(due="-0.00001", totalPaid="0.0001")
    over = _invoice(status="Settled", additionalStatus="PaidOver", paymentMethods=[prompt])
    assert _ask(_WATCH, over).events == (Settled(TRAIL, 10_000_000, 1_000_000),)


def test_lapsed_watch_ends_after_the_last_moment_and_reports_what_it_saw() -> None:
    lapsed = Watch(ATTEMPT, TRAIL, None, quick=False)
    for now_s, ended in ((TRAIL.payable_until_s, ()), (TRAIL.payable_until_s + 1, (WatchEnded(),))):
        events = _ask(lapsed, _invoice(status="Expired"), [], [], date_s=now_s).events
        assert events == (RanOut(TRAIL, Received(), "expired"), *ended)


def test_watch_over_money_that_is_on_its_way_is_not_given_up() -> None:
    lapsed, late_s = Watch(ATTEMPT, TRAIL, None, quick=False), TRAIL.payable_until_s + 1
    assert _ask(lapsed, _invoice(status="Processing"), date_s=late_s).events == (Noticed(TRAIL),)
    still_open = _ask(lapsed, _invoice(), [_prompt(due="0", totalPaid="0.00008231")], date_s=late_s)
    assert still_open.events == (Noticed(TRAIL),)


def test_confirming_payment_that_vanished_is_quoted_again(kit: Kit, latest: DemoServer) -> None:
    sale = Sale(kit.clerk(latest))
    first = sale.visit()
    sale.tell(Noticed(sale.trail))
    assert isinstance(sale.state, Confirming)
    assert sale.visit() == first
