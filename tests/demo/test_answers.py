"""The same invoice as each version of BTCPay Server tells it."""

from collections.abc import Callable

import pytest

from .client import Client, order

Serve = Callable[..., Client]


def test_version_1_speaks_of_cryptocode_and_old_ids(serve: Serve) -> None:
    client = serve(version="1.13.7")
    body = client.create()
    assert body["checkout"]["paymentMethods"] == ["BTC-LightningNetwork"]
    assert not {"paidAmount", "paymentMethods"} & set(body)
    prompt = client.prompt(body["id"])
    assert (prompt["paymentMethod"], prompt["cryptoCode"], prompt["networkFee"]) == (
        "BTC-LightningNetwork",
        "BTC",
        "0",
    )
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
        "bearer": client.get("", headers={"Authorization": f"Bearer {client.server.api_key}"}).status_code
        == 200,
        "paid amount": "paidAmount" in body,
        "methods in list": bool(
            client.get("/invoices?includePaymentMethods=true").json()[0].get("paymentMethods")
        ),
        "top-up": client.post("/invoices", json=order(None)).status_code == 200,
        "unnested": client.get(path, at="api").status_code == 200,
        "methods in one": bool(client.get(path).json().get("paymentMethods")),
    }
    assert can == {name: VERSIONS.index(version) >= VERSIONS.index(since) for name, since in SINCE.items()}
