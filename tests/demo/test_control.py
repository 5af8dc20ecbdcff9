"""The control paths: the customer, the clock and misfortune over HTTP."""

import pytest

from .client import NOW_S, Client


def test_customer_pays_over_http(client: Client) -> None:
    invoice_id = client.create()["id"]
    payment = client.post("/pay", at="demo", json={"invoiceId": invoice_id, "kind": "full"}).json()
    assert (payment["amount_msat"], payment["invoice_id"]) == (8_231_000, invoice_id)
    assert client.read(invoice_id)["status"] == "Settled"
    again = client.post("/pay", at="demo", json={"invoiceId": invoice_id, "kind": "full"})
    assert (again.status_code, again.json()["code"]) == (409, "refused")


@pytest.mark.parametrize(
    ("kind", "state"),
    [
        ("full", ("Settled", "None")),
        ("under", ("New", "PaidPartial")),
        ("over", ("Settled", "PaidOver")),
        ("late", ("Expired", "PaidLate")),
        ("lost", ("Expired", "None")),
        ("expire", ("Expired", "None")),
    ],
)
def test_customer_pays_the_qr_in_every_way(client: Client, kind: str, state: tuple[str, str]) -> None:
    invoice_id = client.create()["id"]
    bolt11 = client.prompt(invoice_id)["destination"]
    assert client.post("/pay", at="demo", json={"bolt11": bolt11, "kind": kind}).status_code == 200
    body = client.read(invoice_id)
    assert (body["status"], body["additionalStatus"]) == state


def test_time_is_set_forward_over_http(client: Client) -> None:
    first, second = client.create()["id"], client.create()["id"]
    assert client.post("/advance", at="demo", json={"seconds": 60}).json() == {"now": NOW_S + 60}
    client.post("/expire", at="demo", json={"invoiceId": first})
    assert client.read(second)["status"] == "Expired"


def test_state_tells_everything_at_once(client: Client) -> None:
    invoice_id = client.create()["id"]
    client.server.shop.play(invoice_id, "full")
    state = client.get("/state", at="demo").json()
    assert (state["now"], state["misfortunes"]) == (NOW_S, [])
    assert state["invoices"][0] == state["invoices"][0] | {
        "invoiceId": invoice_id,
        "status": "Settled",
        "dueMsat": 0,
    }
    assert [payment["invoice_id"] for payment in state["ledger"]] == [invoice_id]
    assert [request["method"] for request in state["requests"]] == ["POST"]


@pytest.mark.parametrize(
    ("path", "body", "status"),
    [
        ("/pay", {"invoiceId": "x"}, 404),
        ("/pay", {"bolt11": "x", "kind": "full"}, 409),
        ("/pay", {"invoiceId": "x", "kind": "twice"}, 400),
        ("/expire", {}, 404),
        ("/advance", {"seconds": "x"}, 400),
        ("/misfortune", {"kind": "plague"}, 400),
        ("/misfortune", {"kind": "drop", "on": "nothing"}, 400),
        ("/misfortune", {"sort": "drop"}, 400),
        ("/misfortune", [], 400),
        ("/elsewhere", {}, 404),
    ],
)
def test_nonsense_to_the_control_paths_is_refused(
    client: Client, path: str, body: object, status: int
) -> None:
    assert client.post(path, at="demo", json=body).status_code == status
