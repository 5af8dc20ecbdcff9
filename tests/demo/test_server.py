"""The demo server over HTTP: the Greenfield API as BTCPay Server's versions speak it."""

import itertools
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from email.utils import parsedate_to_datetime
from pathlib import Path

import pytest
import requests

from pos.core.bolt11 import decode
from pos.demo.access import CREATE, EVERYTHING, LEAST, MODIFY, VIEW, VIEW_LIGHTNING, VIEW_STORE
from pos.demo.creation import Store
from pos.demo.server import DemoServer
from pos.demo.shop import Shop

from .client import NOW_S, Check, Client, order

Serve = Callable[..., Client]


# Creating


def test_created_invoice_is_what_btcpay_says_it_is(client: Client, check: Check) -> None:
    body = client.create("1400")
    check("InvoiceData", body)
    assert len(body["id"]) == 22
    assert body == body | {
        "storeId": client.server.store_id,
        "amount": "1400",
        "paidAmount": "0",
        "currency": "JPY",
        "type": "Standard",
        "checkoutLink": f"{client.server.url}/i/{body['id']}",
        "status": "New",
        "additionalStatus": "None",
        "createdTime": NOW_S,
        "expirationTime": NOW_S + 600,
        "monitoringExpiration": NOW_S + 600 + 86400,
        "availableStatusesForManualMarking": ["Settled", "Invalid"],
        "archived": False,
        "paymentMethods": [],
        "metadata": {"orderId": "K1-0001", "itemDesc": "Beer x2"},
        "receipt": {"enabled": True, "showQR": True, "showPayments": True},
    }
    assert body["checkout"]["paymentMethods"] == ["BTC-LN"]
    assert body["checkout"]["expirationMinutes"] == 10
    assert body["checkout"]["lazyPaymentMethods"] is None


def test_answer_to_a_creation_never_has_the_bolt11(client: Client) -> None:
    assert "lnbcrt" not in client.post("/invoices", json=order()).text


def test_metadata_comes_back_as_it_was_sent(client: Client) -> None:
    metadata = {"orderId": "酒-1", "posData": {"tip": 0.48, "cart": [{"count": 2, "price": 700}]}, "kioskId": None}
    assert client.create(metadata=metadata)["metadata"] == metadata


def test_amount_may_be_a_number_or_text(client: Client) -> None:
    assert [client.create(amount)["amount"] for amount in (1400, "1400", "1400.00")] == ["1400"] * 3


def test_missing_amount_makes_a_top_up_invoice(client: Client, check: Check) -> None:
    body = client.create(None)
    assert (body["type"], body["amount"]) == ("TopUp", "0")
    check("InvoicePaymentMethodDataModel", client.prompt(body["id"]))


def test_creation_twice_makes_two_invoices(client: Client) -> None:
    assert client.create()["id"] != client.create()["id"]


def test_validation_errors_are_a_list_with_csharp_paths(client: Client, check: Check) -> None:
    answer = client.post("/invoices", json=order("-5", checkout={"paymentMethods": ["DOGE"]}))
    assert answer.status_code == 422
    check("ValidationProblemDetails", answer.json())
    assert answer.json() == [
        {"path": "Amount", "message": "The amount should be 0 or more."},
        {"path": "Checkout.PaymentMethods[0]", "message": "Invalid PaymentMethodId"},
    ]


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"\xff", b"null"])
def test_body_that_is_no_json_object_is_unprocessable(client: Client, body: bytes) -> None:
    assert client.post("/invoices", data=body).status_code == 422


def test_no_rate_is_a_400_that_says_so(client: Client, check: Check) -> None:
    answer = client.post("/invoices", json=order(currency="XTS"))
    assert answer.status_code == 400
    check("ProblemDetails", answer.json())
    assert answer.json()["code"] == "generic-error"
    assert answer.json()["message"].startswith("Error retrieving a matching payment method or rate.\nBTC-LN: ")


# Reading


def test_payment_methods_hold_a_bolt11_for_the_sum_due(client: Client, check: Check) -> None:
    prompt = client.prompt(client.create()["id"])
    check("InvoicePaymentMethodDataModel", prompt)
    bolt11 = decode(prompt["destination"])
    assert bolt11.amount_msat == int(Decimal(prompt["due"]) * 10**11) == 8_231_000
    assert (bolt11.payee, bolt11.network) == (client.server.node_id, "regtest")
    assert prompt == prompt | {
        "paymentMethodId": "BTC-LN",
        "currency": "BTC",
        "activated": True,
        "paymentLink": f"lightning:{prompt['destination']}",
        "rate": "17009000.0",
        "amount": "0.00008231",
        "due": "0.00008231",
        "totalPaid": "0",
        "paymentMethodPaid": "0",
        "paymentMethodFee": "0",
        "payments": [],
    }
    assert prompt["additionalData"]["paymentHash"] == bolt11.payment_hash
    assert prompt["additionalData"]["preimage"] is None


def test_paid_invoice_shows_the_payment_and_the_preimage(client: Client, check: Check) -> None:
    invoice_id = client.create()["id"]
    payment = client.server.shop.play(invoice_id, "full")
    assert payment is not None
    body, prompt = client.read(invoice_id), client.prompt(invoice_id)
    check("InvoiceData", body)
    check("InvoicePaymentMethodDataModel", prompt)
    assert (body["status"], body["paidAmount"], body["availableStatusesForManualMarking"]) == ("Settled", "1400", [])
    assert (prompt["due"], prompt["totalPaid"]) == ("0", "0.00008231")
    assert prompt["payments"] == [
        {
            "id": payment.payment_hash,
            "receivedDate": NOW_S,
            "value": "0.00008231",
            "fee": "0",
            "status": "Settled",
            "destination": prompt["destination"],
        }
    ]
    assert len(prompt["additionalData"]["preimage"]) == 64


def test_overpaid_invoice_has_a_negative_due(client: Client) -> None:
    invoice_id = client.create()["id"]
    client.server.shop.play(invoice_id, "over")
    assert client.prompt(invoice_id)["due"] == "-0.00000823"


def test_partial_payment_replaces_the_destination(client: Client) -> None:
    invoice_id = client.create()["id"]
    before = client.prompt(invoice_id)
    client.server.shop.play(invoice_id, "under")
    after = client.prompt(invoice_id)
    assert after["destination"] != before["destination"]
    assert decode(after["destination"]).amount_msat == int(Decimal(after["due"]) * 10**11) == 4_116_000
    assert client.read(invoice_id)["additionalStatus"] == "PaidPartial"


def test_one_call_reads_invoice_and_payment_methods(client: Client, check: Check) -> None:
    invoice_id = client.create()["id"]
    body = client.get(f"/invoices/{invoice_id}?includePaymentMethods=true").json()
    check("InvoiceData", body)
    assert body["paymentMethods"] == [client.prompt(invoice_id)]


def test_unnested_paths_answer_as_the_nested_ones(client: Client) -> None:
    invoice_id = client.create()["id"]
    assert client.get(f"/invoices/{invoice_id}", at="api").json() == client.read(invoice_id)
    prompts = client.get(f"/invoices/{invoice_id}/payment-methods", at="api").json()
    assert prompts == [client.prompt(invoice_id)]


def test_unknown_invoice_is_404_nested_and_403_unnested(client: Client) -> None:
    answer = client.get("/invoices/2222222222222222222222")
    assert answer.status_code == 404
    assert answer.json() == {"code": "invoice-not-found", "message": "The invoice was not found"}
    assert client.get("/invoices/2222222222222222222222", at="api").status_code == 403


def test_lazy_invoice_is_activated_on_request(client: Client, check: Check) -> None:
    invoice_id = client.create(checkout={"lazyPaymentMethods": True})["id"]
    prompt = client.prompt(invoice_id)
    check("InvoicePaymentMethodDataModel", prompt)
    assert (prompt["activated"], prompt["destination"], prompt["paymentLink"]) == (False, None, "")
    answer = client.post(f"/invoices/{invoice_id}/payment-methods/BTC-LightningNetwork/activate")
    assert (answer.status_code, answer.content) == (200, b"")
    assert client.prompt(invoice_id)["activated"]


def test_activating_a_method_that_is_not_there_is_an_empty_500(client: Client) -> None:
    answer = client.post(f"/invoices/{client.create()['id']}/payment-methods/BTC-CHAIN/activate")
    assert (answer.status_code, answer.content) == (500, b"")


def test_sensitive_details_need_a_permission_the_key_lacks(client: Client) -> None:
    answer = client.get(f"/invoices/{client.create()['id']}/payment-methods?includeSensitive=true")
    assert answer.json()["missingPermission"] == "btcpay.store.canmodifystoresettings"


# Listing


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


@pytest.mark.parametrize(("query", "paths"), [("startDate=x", ["startDate"]), ("startDate=2&endDate=1", ["startDate", "endDate"])])
def test_bad_dates_are_unprocessable(client: Client, query: str, paths: list[str]) -> None:
    answer = client.get(f"/invoices?{query}")
    assert answer.status_code == 422
    assert [problem["path"] for problem in answer.json()] == paths


def test_list_embeds_payment_methods_when_asked(three: Client) -> None:
    bare, full = (three.get(f"/invoices?take=1{more}").json()[0] for more in ("", "&includePaymentMethods=true"))
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


# Changing


def test_metadata_is_replaced_as_a_whole(client: Client) -> None:
    invoice_id = client.create()["id"]
    answer = client.call("PUT", f"/invoices/{invoice_id}", json={"metadata": {"orderId": "other"}})
    assert answer.json()["metadata"] == {"orderId": "other"}
    assert orders(client, "orderId=other") == ["other"]


def test_invoice_is_marked_and_its_bolt11_stays_payable(client: Client) -> None:
    invoice_id = client.create()["id"]
    body = client.post(f"/invoices/{invoice_id}/status", json={"status": "invalid"}).json()
    assert (body["status"], body["additionalStatus"]) == ("Invalid", "Marked")
    client.server.shop.play(invoice_id, "full")
    assert client.read(invoice_id)["status"] == "Invalid"
    assert len(client.prompt(invoice_id)["payments"]) == 1


@pytest.mark.parametrize("body", [{"status": "Invalid"}, {"status": "New"}, {"status": None}, [], {}])
def test_settled_invoice_cannot_be_marked(client: Client, body: object) -> None:
    invoice_id = client.create()["id"]
    client.server.shop.play(invoice_id, "full")
    answer = client.post(f"/invoices/{invoice_id}/status", json=body)
    assert answer.status_code == 422
    assert answer.json()[0]["path"] == "Status"


# Store, server, node


def test_store_and_server_fit_their_schemas(client: Client, check: Check) -> None:
    check("StoreData", client.get("").json())
    check("ApplicationServerInfoData", client.get("/server/info", at="api").json())
    check("ApplicationHealthData", client.get("/health", at="api").json())
    check("ApiKeyData", client.get("/api-keys/current", at="api").json())
    assert client.get("").json()["name"] == "Demo Bar"
    assert client.get("/payment-methods").json() == [{"enabled": True, "paymentMethodId": "BTC-LN"}]


def test_key_tells_its_permissions_and_their_store(serve: Serve) -> None:
    client = serve(permissions=LEAST)
    assert client.get("/api-keys/current", at="api").json() == {
        "apiKey": client.server.api_key,
        "label": "Demo till",
        "permissions": [f"{permission}:{client.server.store_id}" for permission in sorted(LEAST)],
    }


def test_rates_are_read_up_to_the_first_malformed_pair(client: Client, check: Check) -> None:
    body = client.get("/rates?currencyPair=BTC_JPY,BTC_XTS&currencyPair=nonsense&currencyPair=BTC_USD").json()
    for row in body:
        check("StoreRateResult", row)
    assert body == [
        {"currencyPair": "BTC_JPY", "rate": "17009000.0", "errors": []},
        {"currencyPair": "BTC_XTS", "rate": None, "errors": ["Unable to get rate(s) BTC_XTS"]},
    ]
    assert client.get("/rates").json() == []


@pytest.mark.parametrize(("kind", "status", "received"), [(None, "Unpaid", None), ("lost", "Paid", "8231000"), ("expire", "Expired", None)])
def test_node_says_what_really_happened(client: Client, check: Check, kind: str, status: str, received: str) -> None:
    invoice_id = client.create()["id"]
    node_id = client.prompt(invoice_id)["additionalData"]["invoiceId"]
    if kind:
        client.server.shop.play(invoice_id, kind)
    body = client.get(f"/lightning/BTC/invoices/{node_id}").json()
    check("LightningInvoiceData", body)
    assert (body["status"], body["amount"], body["amountReceived"]) == (status, "8231000", received)
    assert client.read(invoice_id)["status"] == ("Expired" if kind else "New")


def test_node_knows_only_its_own_invoices_and_bitcoin(client: Client) -> None:
    assert client.get("/lightning/BTC/invoices/nothing").json()["code"] == "invoice-not-found"
    assert client.get("/lightning/LTC/invoices/nothing").json()["code"] == "lightning-not-configured"


# Who may


def test_wrong_or_missing_key_is_401(client: Client) -> None:
    answers = [client.get("", headers={"Authorization": header}) for header in ("", "token x", "Basic x")]
    assert [answer.status_code for answer in answers] == [401, 401, 401]
    assert {answer.json()["code"] for answer in answers} == {"unauthenticated"}
    assert answers[1].json()["message"] == "ApiKey authentication failed: Unknown API Key"


def test_health_needs_no_key(client: Client) -> None:
    assert client.get("/health", at="api", headers={"Authorization": ""}).json() == {"synchronized": True}


def test_store_of_somebody_else_is_a_missing_permission(client: Client) -> None:
    answer = client.get("/stores/another/invoices", at="api")
    assert answer.status_code == 403
    assert answer.json()["missingPermission"] == VIEW
    assert answer.json()["code"] == "missing-permission"


@pytest.mark.parametrize(
    ("held", "allowed"),
    [
        (LEAST, {CREATE, VIEW}),
        ({CREATE}, {CREATE}),
        ({MODIFY}, {CREATE, VIEW, MODIFY, VIEW_LIGHTNING}),
        ({VIEW_STORE}, {VIEW, VIEW_STORE}),
        (EVERYTHING, EVERYTHING),
        ((), ()),
    ],
)
def test_key_may_do_what_its_permissions_include(serve: Serve, held: set[str], allowed: set[str]) -> None:
    client = serve(permissions=held)
    tries = {
        CREATE: client.post("/invoices", json=order()),
        VIEW: client.get("/invoices"),
        MODIFY: client.post("/invoices/x/status", json={}),
        VIEW_STORE: client.get(""),
        VIEW_LIGHTNING: client.get("/lightning/BTC/invoices/x"),
    }
    assert {permission for permission, answer in tries.items() if answer.status_code != 403} == set(allowed)


def test_unknown_path_is_an_empty_404_and_wrong_method_an_empty_405(client: Client) -> None:
    for answer, status in ((client.get("/apps"), 404), (client.call("DELETE", ""), 405)):
        assert (answer.status_code, answer.content) == (status, b"")


# Versions


def test_version_1_speaks_of_cryptocode_and_old_ids(serve: Serve) -> None:
    client = serve(version="1.13.7")
    body = client.create()
    assert body["checkout"]["paymentMethods"] == ["BTC-LightningNetwork"]
    assert not {"paidAmount", "paymentMethods"} & set(body)
    prompt = client.prompt(body["id"])
    assert (prompt["paymentMethod"], prompt["cryptoCode"], prompt["networkFee"]) == ("BTC-LightningNetwork", "BTC", "0")
    assert not {"paymentMethodId", "currency", "paymentMethodFee"} & set(prompt)
    assert client.get("/payment-methods").json() == {"BTC-LightningNetwork": {"enabled": True}}
    info = client.get("/server/info", at="api").json()
    assert (info["version"], info["supportedPaymentMethods"][1]) == ("1.13.7", "BTC-LightningNetwork")
    answer = client.post("/invoices", json=order(checkout={"paymentMethods": ["BTC-LN"]}))
    assert answer.json() == [{"path": "Checkout.PaymentMethods[0]", "message": "Invalid payment method"}]


VERSIONS = ("1.13.7", "2.0.0", "2.0.6", "2.1.2", "2.3.6", "2.3.7", "2.4.0", "2.4.1")
SINCE = {
    "new ids": "2.0.0",
    "bearer": "2.0.6",
    "paid amount": "2.1.2",
    "methods in list": "2.3.6",
    "top-up": "2.3.7",
    "unnested": "2.4.0",
    "methods in one": "2.4.1",
}


@pytest.mark.parametrize("version", VERSIONS)
def test_each_version_can_what_it_could(serve: Serve, version: str) -> None:
    client = serve(version=version)
    body = client.create()
    path = f"/invoices/{body['id']}?includePaymentMethods=true"
    can = {
        "new ids": client.prompt(body["id"]).get("paymentMethodId") == "BTC-LN",
        "bearer": client.get("", headers={"Authorization": f"Bearer {client.server.api_key}"}).status_code == 200,
        "paid amount": "paidAmount" in body,
        "methods in list": bool(client.get("/invoices?includePaymentMethods=true").json()[0].get("paymentMethods")),
        "top-up": client.post("/invoices", json=order(None)).status_code == 200,
        "unnested": client.get(path, at="api").status_code == 200,
        "methods in one": bool(client.get(path).json().get("paymentMethods")),
    }
    assert can == {name: VERSIONS.index(version) >= VERSIONS.index(since) for name, since in SINCE.items()}


# On the wire


def test_date_header_is_the_shops_clock(client: Client) -> None:
    client.server.shop.advance(3600)
    date = client.get("/health", at="api").headers["Date"]
    assert parsedate_to_datetime(date).timestamp() == NOW_S + 3600


def test_connection_is_kept_alive_and_an_answer_is_one_piece(client: Client) -> None:
    host, port = client.server.url.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port)), timeout=5) as connection:
        for _ in range(3):
            connection.sendall(b"GET /api/v1/health HTTP/1.1\r\nHost: till\r\n\r\n")
            assert connection.recv(65536).endswith(b'\r\n\r\n{"synchronized":true}')


def test_log_has_every_request_and_its_status(client: Client) -> None:
    client.get("/invoices")
    client.get("/apps")
    root = f"/api/v1/stores/{client.server.store_id}"
    entries = [(seen.method, seen.path, seen.status) for seen in client.server.log]
    assert entries == [("GET", f"{root}/invoices", 200), ("GET", f"{root}/apps", 404)]


def test_server_comes_back_on_the_same_port_with_its_data(client: Client) -> None:
    invoice_id = client.create()["id"]
    client.server.down()
    with pytest.raises(requests.ConnectionError):
        client.get("")
    client.server.up()
    assert client.read(invoice_id)["id"] == invoice_id


def test_stopped_server_can_be_started_again(client: Client) -> None:
    client.server.stop()
    client.server.start()
    assert client.get("").status_code == 200


def test_url_is_unknown_before_the_first_start() -> None:
    with pytest.raises(RuntimeError):
        _ = DemoServer().url


def test_many_clients_at_once_all_get_their_own_invoice(serve: Serve) -> None:
    client = serve()
    with ThreadPoolExecutor(8) as pool:
        made = list(pool.map(lambda number: client.create(order_id=f"K1-{number}"), range(40)))
    assert len({body["id"] for body in made}) == 40
    assert len(client.get("/invoices").json()) == 40


@pytest.fixture(scope="session")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    folder = tmp_path_factory.mktemp("tls")
    made = folder / "cert.pem", folder / "key.pem"
    subject = ["-subj", "/CN=till", "-addext", "subjectAltName=IP:127.0.0.1"]
    command = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", *subject]
    try:
        subprocess.run([*command, "-out", made[0], "-keyout", made[1]], check=True, capture_output=True)
    except FileNotFoundError:
        pytest.skip("openssl is not installed")
    return made


def test_https_is_served_with_the_given_certificate(serve: Serve, certificate: tuple[Path, Path]) -> None:
    client = serve(tls=certificate)
    assert client.server.url.startswith("https://")
    with pytest.raises(requests.exceptions.SSLError):
        client.get("")
    client.session.verify = str(certificate[0])
    invoice_id = client.create()["id"]
    assert client.read(invoice_id)["checkoutLink"] == f"{client.server.url}/i/{invoice_id}"


# The customer and the clock, over HTTP


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
    assert state["invoices"][0] == state["invoices"][0] | {"invoiceId": invoice_id, "status": "Settled", "dueMsat": 0}
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
def test_nonsense_to_the_control_paths_is_refused(client: Client, path: str, body: object, status: int) -> None:
    assert client.post(path, at="demo", json=body).status_code == status


# Alone


def test_runs_alone_says_how_to_reach_it_and_stops_on_a_signal() -> None:
    command = [sys.executable, "-m", "pos.demo", "--version", "2.0.0", "--store-id", "S", "--api-key", "k" * 40]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=Path(__file__).parents[2]) as process:
        assert process.stdout is not None
        said = "".join(itertools.islice(process.stdout, 6))
        url = said.split()[1]
        try:
            answer = requests.get(f"{url}/api/v1/stores/S", headers={"Authorization": "token " + "k" * 40}, timeout=10)
            assert answer.json()["id"] == "S"
        finally:
            os.kill(process.pid, signal.SIGTERM)
        assert process.wait(10) == 0
    assert "curl" in said


def test_taken_port_is_said_in_one_line(client: Client) -> None:
    port = client.server.url.rpartition(":")[2]
    command = [sys.executable, "-m", "pos.demo", "--port", port]
    done = subprocess.run(command, capture_output=True, text=True, timeout=10, check=False, cwd=Path(__file__).parents[2])
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.count("\n") == 1 and port in done.stderr


def test_importing_the_server_brings_neither_the_client_library_nor_tk() -> None:
    check = "import sys, pos.demo.server; sys.exit(bool({'requests', 'tkinter', 'pos.btcpay'} & set(sys.modules)))"
    subprocess.run([sys.executable, "-c", check], check=True, timeout=10, cwd=Path(__file__).parents[2])


def test_store_settings_reach_the_api(serve: Serve) -> None:
    client = serve(shop=Shop(Store(id="S", default_currency="EUR", expiration_s=120), clock=lambda: NOW_S))
    body = client.post("/invoices", json={"amount": "4.5"}).json()
    assert (body["currency"], body["amount"], body["checkout"]["expirationMinutes"]) == ("EUR", "4.5", 2)
