"""Searching invoices over HTTP: each filter, the order, archived ones."""

import pytest

from .client import NOW_S, Check, Client


def orders(client: Client, query: str) -> list[str]:
    answer = client.get(f"/invoices?{query}")
    assert answer.status_code == 200
    return [invoice["metadata"]["orderId"] for invoice in answer.json()]


@pytest.fixture
def three(client: Client) -> Client:
    for number in (1, 2, 3):
        client.create(number * 100, order_id=f"K1-{number}", additionalSearchTerms=[f"table{number}"])
        client.server.shop.advance(60)
    return client


def test_list_is_newest_first_and_fits_the_schema(three: Client, check: Check) -> None:
    check("InvoiceDataList", three.get("/invoices").json())
    assert orders(three, "take=10") == ["K1-3", "K1-2", "K1-1"]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("orderId=K1-2", ["K1-2"]),
        ("orderId=K1-2&orderId=K1-3", ["K1-3", "K1-2"]),
        ("orderId=k1-2", []),
        ("orderId=K1", []),
        ("take=1", ["K1-3"]),
        ("skip=1&take=1", ["K1-2"]),
        (f"startDate={NOW_S + 60}", ["K1-3", "K1-2"]),
        (f"endDate={NOW_S + 60}", ["K1-2", "K1-1"]),
        ("textSearch=K1-", ["K1-3", "K1-2", "K1-1"]),
        ("textSearch=k1-", []),
        ("textSearch=table3", ["K1-3"]),
        ("textSearch=300", ["K1-3"]),
        ("status=new", ["K1-3", "K1-2", "K1-1"]),
        ("status=Settled&status=complete", []),
        ("status=nonsense", ["K1-3", "K1-2", "K1-1"]),
    ],
)
def test_list_filters(three: Client, query: str, found: list[str]) -> None:
    assert orders(three, query) == found


def test_list_finds_settled_ones_by_their_old_name_too(three: Client) -> None:
    three.server.shop.play(three.get("/invoices?orderId=K1-2").json()[0]["id"], "full")
    assert orders(three, "status=complete") == orders(three, "status=SETTLED") == ["K1-2"]


@pytest.mark.parametrize(
    ("query", "paths"), [("startDate=x", ["startDate"]), ("startDate=2&endDate=1", ["startDate", "endDate"])]
)
def test_bad_dates_are_unprocessable(client: Client, query: str, paths: list[str]) -> None:
    answer = client.get(f"/invoices?{query}")
    assert answer.status_code == 422
    assert [problem["path"] for problem in answer.json()] == paths


def test_list_embeds_payment_methods_when_asked(three: Client) -> None:
    bare, full = (
        three.get(f"/invoices?take=1{more}").json()[0] for more in ("", "&includePaymentMethods=true")
    )
    assert bare["paymentMethods"] == []
    assert full["paymentMethods"] == [three.prompt(full["id"])]


def test_archived_invoice_is_listed_on_request_only_and_can_be_paid(client: Client) -> None:
    invoice_id = client.create()["id"]
    answer = client.call("DELETE", f"/invoices/{invoice_id}")
    assert (answer.status_code, answer.content) == (200, b"")
    assert orders(client, "take=5") == []
    assert orders(client, "includeArchived=true") == ["K1-0001"]
    client.server.shop.play(invoice_id, "full")
    assert client.post(f"/invoices/{invoice_id}/unarchive").json()["status"] == "Settled"
    assert client.post(f"/invoices/{invoice_id}/unarchive").json()["code"] == "already-unarchived"
