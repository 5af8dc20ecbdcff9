"""The Greenfield operations over HTTP, their answers held against BTCPay's own schemas."""

from collections.abc import Callable
from decimal import Decimal

import pytest

from pos.core.bolt11 import decode
from pos.demo.access import LEAST
from pos.demo.creation import Store
from pos.demo.shop import Shop

from .client import NOW_S, Check, Client, order

Serve = Callable[..., Client]


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
    metadata = {
        "orderId": "酒-1",
        "posData": {"tip": 0.48, "cart": [{"count": 2, "price": 700}]},
        "kioskId": None,
    }
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
    assert answer.json()["message"].startswith(
        "Error retrieving a matching payment method or rate.\nBTC-LN: "
    )


def test_store_settings_reach_the_api(serve: Serve) -> None:
    client = serve(shop=Shop(Store(id="S", default_currency="EUR", expiration_s=120), clock=lambda: NOW_S))
    body = client.post("/invoices", json={"amount": "4.5"}).json()
    assert (body["currency"], body["amount"], body["checkout"]["expirationMinutes"]) == ("EUR", "4.5", 2)


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
    assert (body["status"], body["paidAmount"], body["availableStatusesForManualMarking"]) == (
        "Settled",
        "1400",
        [],
    )
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


def test_metadata_is_replaced_as_a_whole(client: Client) -> None:
    invoice_id = client.create()["id"]
    answer = client.call("PUT", f"/invoices/{invoice_id}", json={"metadata": {"orderId": "other"}})
    assert answer.json()["metadata"] == {"orderId": "other"}
    assert client.get("/invoices?orderId=other").json()[0]["id"] == invoice_id


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


@pytest.mark.parametrize(
    ("kind", "status", "received"),
    [(None, "Unpaid", None), ("lost", "Paid", "8231000"), ("expire", "Expired", None)],
)
def test_node_says_what_really_happened(
    client: Client, check: Check, kind: str, status: str, received: str
) -> None:
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
