"""Lies: what is told is bent in one point, always in the same way, and the books stay right."""

from typing import Any

import pytest

from pos.core.bolt11 import Bolt11Error, decode
from pos.demo.lies import LIES
from pos.demo.misfortune import Misfortune

from .client import NOW_S, Client, order


def suffer(client: Client, kind: str, on: str = "create", **more: Any) -> None:
    client.server.suffer(Misfortune(kind=kind, on=on, **more))


def destination(client: Client, invoice_id: str) -> str:
    prompt = client.prompt(invoice_id)
    assert prompt["paymentLink"] == f"lightning:{prompt['destination']}"
    return str(prompt["destination"])


@pytest.mark.parametrize(
    ("kind", "differs"),
    [
        ("lie-amount", {"amount_msat": 16_462_000}),
        ("lie-msat", {"amount_msat": 8_231_001}),
        ("lie-no-amount", {"amount_msat": None}),
        ("wrong-network", {"network": "mainnet"}),
        ("expired-bolt11", {"timestamp": NOW_S - 7200, "expiry_s": 3600}),
    ],
)
def test_lying_bolt11_differs_from_the_true_one_in_one_point(
    client: Client, kind: str, differs: dict[str, Any]
) -> None:
    suffer(client, kind)
    invoice_id = client.create()["id"]
    told = decode(destination(client, invoice_id))
    client.server.script.clear()
    true = decode(destination(client, invoice_id))
    names = ("network", "amount_msat", "payment_hash", "payee", "timestamp", "expiry_s", "description")
    found = {name: getattr(told, name) for name in names if getattr(told, name) != getattr(true, name)}
    assert found == differs


def test_bolt11_of_another_payee_is_told_every_time_the_same(client: Client) -> None:
    suffer(client, "lie-payee")
    invoice_id = client.create()["id"]
    first, again = destination(client, invoice_id), destination(client, invoice_id)
    embedded = client.get(f"/invoices/{invoice_id}?includePaymentMethods=true").json()["paymentMethods"][0]
    listed = client.get("/invoices?includePaymentMethods=true").json()[0]["paymentMethods"][0]
    assert first == again == embedded["destination"] == listed["destination"]
    assert decode(first).payee != client.server.node_id
    assert client.post("/pay", at="demo", json={"bolt11": first}).status_code == 409


@pytest.mark.parametrize("kind", ["bad-checksum", "not-bolt11"])
def test_destination_that_is_no_bolt11(client: Client, kind: str) -> None:
    suffer(client, kind)
    with pytest.raises(Bolt11Error):
        decode(destination(client, client.create()["id"]))


def test_missing_prompt_is_missing_everywhere(client: Client) -> None:
    suffer(client, "no-prompt")
    invoice_id = client.create()["id"]
    assert client.get(f"/invoices/{invoice_id}/payment-methods").json() == []
    body = client.get(f"/invoices/{invoice_id}?includePaymentMethods=true").json()
    assert body["paymentMethods"] == body["checkout"]["paymentMethods"] == []


def test_prompt_that_is_not_activated_has_no_destination(client: Client) -> None:
    suffer(client, "not-activated")
    prompt = client.prompt(client.create()["id"])
    assert (prompt["activated"], prompt["destination"], prompt["paymentLink"]) == (False, None, "")


@pytest.mark.parametrize(
    ("kind", "name", "value"), [("lie-invoice-amount", "amount", "1"), ("lie-currency", "currency", "XPF")]
)
def test_invoice_is_for_something_else_from_its_birth(
    client: Client, kind: str, name: str, value: str
) -> None:
    suffer(client, kind)
    body = client.create()
    assert body[name] == client.read(body["id"])[name] == value
    assert client.create()[name] != value


def test_lie_on_a_reading_is_told_that_often_and_then_the_truth(client: Client) -> None:
    invoice_id = client.create()["id"]
    suffer(client, "lie-amount", on="prompts", times=2)
    amounts = [decode(destination(client, invoice_id)).amount_msat for _ in range(3)]
    assert amounts == [16_462_000, 16_462_000, 8_231_000]


def test_only_the_crooked_one_of_two_invoices_is_lied_about(client: Client) -> None:
    honest = client.create()["id"]
    suffer(client, "not-activated")
    crooked = client.create()["id"]
    listed = client.get("/invoices?includePaymentMethods=true").json()
    assert {body["id"]: body["paymentMethods"][0]["activated"] for body in listed} == {
        honest: True,
        crooked: False,
    }
    assert client.prompt(honest)["activated"]


def test_books_of_the_shop_stay_right_under_every_lie(client: Client) -> None:
    for kind in sorted(LIES):
        suffer(client, kind)
        client.post("/invoices", json=order())
    assert {invoice.total_msat for invoice in client.server.shop.invoices()} == {8_231_000}


def test_a_lie_about_a_lie_is_the_first_one(client: Client) -> None:
    suffer(client, "lie-payee")
    invoice_id = client.create()["id"]
    told = destination(client, invoice_id)
    suffer(client, "lie-amount", "prompts")
    assert destination(client, invoice_id) == told
