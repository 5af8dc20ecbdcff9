"""Invoices that a till made and may have forgotten, at real demo servers and out of lists of canned answers."""

import json
from dataclasses import replace
from typing import Any

import pytest

from pos.btcpay import strays
from pos.core.duties import Create
from pos.core.money import Money
from pos.demo.shop import Shop
from pos.errors import Broken
from tests.samples import ATTEMPT, T0_S

from .conftest import Kit
from .wire import Canned

VERSIONS = ("1.13.7", "2.0.0", "2.3.6", "2.4.1")


def made(till: str = "K1", number: int = 42, intent: str = "5eed01", **changes: Any) -> dict[str, Any]:
    """Make what a server lists of one invoice."""
    return {
        "id": f"Inv{till}{number}",
        "metadata": {"orderId": f"{till}-{number:04}-1-{intent}"},
        "amount": "1400",
        "currency": "JPY",
        "createdTime": T0_S,
        "monitoringExpiration": T0_S + 86_400,
    } | changes


def sought(*pages: list[Any], till: str = "K1") -> list[str]:
    """Look through these pages and name what was found."""
    transport = Canned(*(json.dumps(page).encode() for page in pages))
    return [attempt.id for attempt, _ in strays.seek(transport.send, "Store1", till)]


@pytest.mark.parametrize("version", VERSIONS)
def test_every_invoice_of_this_till_is_found_with_what_it_asks_for(kit: Kit, version: str) -> None:
    now = [T0_S]
    server = kit.server(version=version, shop=Shop(clock=lambda: now[0]))
    clerk, client = kit.clerk(server), kit.client(server.url)
    orders = [("K1", 7, 1400), ("K1", 8, 900), ("K2", 9, 900), ("K1", 10, 700)]
    for till, number, minor in orders:
        order = replace(ATTEMPT.order, till=till, number=number)
        clerk.perform(Create(replace(ATTEMPT, order=order, amount=Money(minor, "JPY"))))
        now[0] += 100
    found = strays.seek(client.send, server.store_id, "K1")
    assert [(attempt.order.number, attempt.amount.minor) for attempt, _ in found] == [(10, 700), (8, 900), (7, 1400)]
    for attempt, trail in found:
        assert attempt.reference == f"{attempt.order.id}-1-5eed01"
        assert attempt.id == f"{attempt.order.id}-1-{trail.invoice_id}"
        assert trail.payable_until_s > now[0]
        assert attempt.order.total == attempt.amount


def test_all_pages_are_looked_through_and_what_comes_twice_is_found_once() -> None:
    full = [made(number=number) for number in range(100, 100 + strays.PAGE)]
    found = sought(full, [full[-1], made(number=7)])
    assert len(found) == strays.PAGE + 1
    assert found[-1] == "K1-0007-1-InvK17"


def test_looking_comes_to_an_end_however_many_there_are() -> None:
    pages = [
        [made(number=page * strays.PAGE + n) for n in range(strays.PAGE)] for page in range(strays.MOST_PAGES + 1)
    ]
    assert len(sought(*pages)) == strays.PAGE * strays.MOST_PAGES


@pytest.mark.parametrize(
    "other",
    [
        made("K2"),
        made("K1-2"),
        made(intent="not-ours"),
        made(metadata={"orderId": 42}),
        made(metadata={}),
        made(metadata=None),
        made(metadata={"orderId": "K1-0042"}, amount=None),
        {},
        "nonsense",
        None,
    ],
)
def test_what_others_made_in_the_same_store_is_not_even_read(other: Any) -> None:
    assert sought([other, made()]) == ["K1-0042-1-InvK142"]


def test_a_till_whose_name_begins_like_another_finds_its_own() -> None:
    assert sought([made("K1"), made("K1-2")], till="K1-2") == ["K1-2-0042-1-InvK1-242"]


@pytest.mark.parametrize(
    "changes",
    [{"amount": "much"}, {"currency": "???"}, {"id": None}, {"createdTime": "now"}, {"monitoringExpiration": None}],
)
def test_an_invoice_of_ours_that_cannot_be_read_is_not_passed_over(changes: dict[str, Any]) -> None:
    with pytest.raises(Broken):
        sought([made(**changes)])


def test_an_answer_that_is_no_list_is_refused() -> None:
    with pytest.raises(Broken):
        strays.seek(Canned(b"{}").send, "Store1", "K1")
