"""A bare client of the demo server, and the request a till sends.

Rule: plain requests, nothing of the till's own client: what a test sees is what is on the wire.
"""

from collections.abc import Callable
from typing import Any

import requests

from pos.demo.server import DemoServer

NOW_S = 1_753_250_000
Check = Callable[[str, Any], None]


class Client:
    """A bare HTTP client with the server's key; paths are relative to the store."""

    def __init__(self, server: DemoServer) -> None:
        self.server = server
        self.session = requests.Session()
        self.session.trust_env = False
        self.session.headers["Authorization"] = f"token {server.api_key}"

    def call(self, method: str, path: str, *, at: str = "store", **more: Any) -> requests.Response:
        root = {"store": f"/api/v1/stores/{self.server.store_id}", "api": "/api/v1", "demo": "/demo"}[at]
        more.setdefault("allow_redirects", False)
        return self.session.request(method, f"{self.server.url}{root}{path}", timeout=10, **more)

    def get(self, path: str, **more: Any) -> requests.Response:
        return self.call("GET", path, **more)

    def post(self, path: str, **more: Any) -> requests.Response:
        return self.call("POST", path, **more)

    def create(self, amount: object = "1400", *, order_id: str = "K1-0001", **more: Any) -> dict[str, Any]:
        answer = self.post("/invoices", json=order(amount, order_id=order_id, **more))
        assert answer.status_code == 200, answer.text
        return answer.json()

    def read(self, invoice_id: str) -> dict[str, Any]:
        return self.get(f"/invoices/{invoice_id}").json()

    def prompt(self, invoice_id: str) -> dict[str, Any]:
        (prompt,) = self.get(f"/invoices/{invoice_id}/payment-methods").json()
        return prompt


def order(amount: object = "1400", *, order_id: str = "K1-0001", **more: Any) -> dict[str, Any]:
    """Return the body of a creation request; `checkout` is added to what a till sends."""
    checkout = {
        "paymentMethods": ["BTC-LightningNetwork"],
        "expirationMinutes": 10,
        "lazyPaymentMethods": False,
    }
    return {
        "amount": amount,
        "currency": "JPY",
        "metadata": {"orderId": order_id, "itemDesc": "Beer x2"},
        **more,
        "checkout": checkout | more.get("checkout", {}),
    }
