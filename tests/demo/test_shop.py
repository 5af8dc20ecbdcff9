"""The demo shop: what money does to an invoice, and what the shop's clock does."""

import random
from decimal import Decimal

import pytest

from pos.core.bolt11 import decode
from pos.demo.creation import read
from pos.demo.lightning import PhoneRefused, UnknownInvoice
from pos.demo.shop import Shop, Unavailable
from pos.demo.states import Invoice, NodeInvoice

NOW_S = 1_753_250_000


@pytest.fixture
def shop() -> Shop:
    return Shop(clock=lambda: NOW_S, rng=random.Random(7))


def create(shop: Shop, amount: object = "1400", **more: object) -> Invoice:
    return shop.create(read({"amount": amount, "currency": "JPY", **more}, shop.store, v2=True))


def issued(invoice: Invoice) -> NodeInvoice:
    assert invoice.prompt is not None
    assert invoice.prompt.node_invoice is not None
    return invoice.prompt.node_invoice


def state(shop: Shop, invoice: Invoice) -> tuple[str, str]:
    now = shop.invoice(invoice.id)
    return now.status, now.additional_status


def test_bolt11_asks_for_the_price_in_whole_satoshi_rounded_up(shop: Shop) -> None:
    invoice = create(shop)
    bolt11 = decode(issued(invoice).bolt11)
    assert invoice.total_msat == 8_231_000  # 1400 / 17009000 BTC is 8230.9 sat
    assert (bolt11.network, bolt11.amount_msat, bolt11.payee) == ("regtest", 8_231_000, shop.node.node_id)
    assert bolt11.payment_hash == issued(invoice).payment_hash


def test_bolt11_lives_as_long_as_the_invoice_and_names_the_order(shop: Shop) -> None:
    invoice = create(shop, metadata={"orderId": "K1-7"}, checkout={"expirationMinutes": 10})
    bolt11 = decode(issued(invoice).bolt11)
    assert (bolt11.timestamp, bolt11.expiry_s) == (NOW_S, 600)
    assert bolt11.description == "Paid to Demo Bar (Order ID: K1-7)"


def test_full_payment_settles_in_one_step(shop: Shop) -> None:
    invoice = create(shop)
    payment = shop.pay(issued(invoice).bolt11)
    assert state(shop, invoice) == ("Settled", "None")
    assert shop.ledger == (payment,)
    assert (payment.amount_msat, payment.invoice_id, payment.at_s) == (8_231_000, invoice.id, NOW_S)


def test_half_a_payment_brings_a_new_bolt11_for_the_rest(shop: Shop) -> None:
    invoice = create(shop)
    shop.play(invoice.id, "under")
    after = shop.invoice(invoice.id)
    assert state(shop, invoice) == ("New", "PaidPartial")
    assert issued(after).bolt11 != issued(invoice).bolt11
    assert issued(after).amount_msat == after.due_msat == 8_231_000 - 4_115_000
    shop.play(invoice.id, "full")
    assert state(shop, invoice) == ("Settled", "None")


def test_a_tenth_too_much_is_paid_over_and_due_is_negative(shop: Shop) -> None:
    invoice = create(shop)
    shop.play(invoice.id, "over")
    assert state(shop, invoice) == ("Settled", "PaidOver")
    assert shop.invoice(invoice.id).due_msat == -823_000


def test_less_than_a_satoshi_too_much_is_not_paid_over(shop: Shop) -> None:
    invoice = create(shop)
    shop.pay(issued(invoice).bolt11, amount_msat=8_231_999)
    assert state(shop, invoice) == ("Settled", "None")


def test_payment_within_the_tolerance_settles(shop: Shop) -> None:
    invoice = create(shop, checkout={"paymentTolerance": 1})
    shop.pay(issued(invoice).bolt11, amount_msat=8_148_690)
    assert state(shop, invoice) == ("Settled", "None")


def test_invoice_expires_when_its_time_is_over_and_not_before(shop: Shop) -> None:
    invoice = create(shop, checkout={"expirationMinutes": 10})
    shop.advance(599)
    assert state(shop, invoice) == ("New", "None")
    shop.advance(1)
    assert state(shop, invoice) == ("Expired", "None")


def test_phone_refuses_an_expired_bolt11(shop: Shop) -> None:
    invoice = create(shop)
    assert shop.play(invoice.id, "expire") is None
    with pytest.raises(PhoneRefused, match="expired"):
        shop.pay(issued(invoice).bolt11)
    assert shop.ledger == ()


def test_late_payment_is_noted_and_never_settles(shop: Shop) -> None:
    invoice = create(shop)
    shop.play(invoice.id, "late")
    assert state(shop, invoice) == ("Expired", "PaidLate")


def test_part_of_the_money_after_expiry_stays_expired_paid_partial(shop: Shop) -> None:
    invoice = create(shop)
    shop.play(invoice.id, "expire")
    shop.pay(issued(invoice).bolt11, amount_msat=1_000_000, late=True)
    assert state(shop, invoice) == ("Expired", "PaidPartial")


def test_partly_paid_invoice_stays_partly_paid_when_it_expires(shop: Shop) -> None:
    invoice = create(shop)
    shop.play(invoice.id, "under")
    shop.play(invoice.id, "expire")
    assert state(shop, invoice) == ("Expired", "PaidPartial")


def test_lost_payment_is_known_to_the_node_and_the_phone_only(shop: Shop) -> None:
    invoice = create(shop)
    shop.play(invoice.id, "lost")
    assert state(shop, invoice) == ("Expired", "None")
    assert shop.node_invoice(issued(invoice).id).received_msat == 8_231_000
    assert len(shop.ledger) == 1


def test_voided_invoice_can_still_be_paid_and_stays_void(shop: Shop) -> None:
    invoice = create(shop)
    shop.mark(invoice.id, "Invalid")
    shop.pay(issued(invoice).bolt11)
    assert state(shop, invoice) == ("Invalid", "Marked")
    assert shop.invoice(invoice.id).paid_msat == 8_231_000


def test_bolt11_is_paid_once(shop: Shop) -> None:
    invoice = create(shop)
    shop.pay(issued(invoice).bolt11)
    with pytest.raises(PhoneRefused, match="has been paid"):
        shop.pay(issued(invoice).bolt11)
    assert len(shop.ledger) == 1


def test_bolt11_is_taken_as_it_stands_in_the_qr(shop: Shop) -> None:
    invoice = create(shop)
    shop.pay("lightning:" + issued(invoice).bolt11.upper())
    assert state(shop, invoice) == ("Settled", "None")


def test_unknown_bolt11_and_invoice_are_refused(shop: Shop) -> None:
    with pytest.raises(PhoneRefused, match="did not issue"):
        shop.pay("lnbcrt1nothing")
    with pytest.raises(UnknownInvoice):
        shop.play("nothing", "full")


@pytest.mark.parametrize(
    ("before", "allowed"),
    [
        ("new", ("Settled", "Invalid")),
        ("expire", ("Settled", "Invalid")),
        ("full", ()),
        ("over", ()),
        ("Settled", ("Invalid",)),
        ("Invalid", ("Settled",)),
    ],
)
def test_staff_may_mark_as_btcpay_allows(shop: Shop, before: str, allowed: tuple[str, ...]) -> None:
    invoice = create(shop)
    if before in ("Settled", "Invalid"):
        shop.mark(invoice.id, before)
    elif before != "new":
        shop.play(invoice.id, before)
    assert shop.invoice(invoice.id).markable == allowed
    for status in {"Settled", "Invalid"} - set(allowed):
        with pytest.raises(ValueError, match="cannot be marked"):
            shop.mark(invoice.id, status)


def test_top_up_invoice_takes_what_the_customer_gives(shop: Shop) -> None:
    invoice = create(shop, amount=None)
    assert decode(issued(invoice).bolt11).amount_msat is None
    shop.pay(issued(invoice).bolt11, amount_msat=10_000_000)
    assert state(shop, invoice) == ("Settled", "None")
    assert shop.invoice(invoice.id).amount == Decimal("1700.9")


def test_free_invoice_has_no_bolt11_and_settles_by_itself(shop: Shop) -> None:
    invoice = create(shop, amount=0)
    assert invoice.prompt is None
    assert state(shop, invoice) == ("Settled", "None")


def test_lazy_invoice_has_no_bolt11_until_activated(shop: Shop) -> None:
    invoice = create(shop, checkout={"lazyPaymentMethods": True})
    with pytest.raises(PhoneRefused, match="no BOLT11"):
        shop.play(invoice.id, "full")
    shop.activate(invoice.id)
    shop.play(invoice.id, "full")
    assert state(shop, invoice) == ("Settled", "None")


def test_expired_lazy_invoice_is_not_activated(shop: Shop) -> None:
    invoice = create(shop, checkout={"lazyPaymentMethods": True})
    shop.play(invoice.id, "expire")
    shop.activate(invoice.id)
    prompt = shop.invoice(invoice.id).prompt
    assert prompt is not None
    assert not prompt.activated


def test_rate_is_frozen_with_the_invoice() -> None:
    rates = {"JPY": Decimal(10000000)}
    shop = Shop(clock=lambda: NOW_S, rates=rates)
    invoice = create(shop)
    rates["JPY"] = Decimal(20000000)
    assert shop.invoice(invoice.id).total_msat == 14_000_000


def test_sats_are_taken_at_their_own_value(shop: Shop) -> None:
    assert create(shop, amount="1234", currency="sats").total_msat == 1_234_000


def test_currency_without_a_rate_leaves_no_payment_method(shop: Shop) -> None:
    with pytest.raises(Unavailable, match="Unable to get rate"):
        create(shop, currency="XTS")


def test_asking_for_on_chain_only_leaves_no_payment_method(shop: Shop) -> None:
    with pytest.raises(Unavailable):
        create(shop, checkout={"paymentMethods": ["BTC-CHAIN"]})


def test_seeded_shop_repeats_itself() -> None:
    one, other = (create(Shop(clock=lambda: NOW_S, rng=random.Random(1))) for _ in range(2))
    assert one == other
