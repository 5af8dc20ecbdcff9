"""A demo server on a free port for each test, a client that speaks to it over HTTP, and BTCPay's own schemas.

Rule: time is the shop's clock, set forward by hand; nothing sleeps.
"""

import json
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from pos.demo.server import DemoServer
from pos.demo.shop import Shop

from .client import NOW_S, Check, Client

OPENAPI = Path(__file__).parents[3] / "shared" / "btcpay" / "openapi"


@pytest.fixture
def serve() -> Iterator[Callable[..., Client]]:
    """Start servers with the options a test needs; all are stopped at its end."""
    clients: list[Client] = []

    def start(**options: Any) -> Client:
        options.setdefault("shop", Shop(clock=lambda: NOW_S))
        clients.append(Client(DemoServer(**options).start()))
        return clients[-1]

    yield start
    for client in clients:
        client.session.close()
        client.server.stop()


@pytest.fixture
def client(serve: Callable[..., Client]) -> Client:
    return serve()


@pytest.fixture(scope="session")
def check() -> Check:
    """Compare a body with a schema of BTCPay's OpenAPI files, given by name or as a schema."""
    if not OPENAPI.is_dir():
        pytest.skip("BTCPay's OpenAPI files are not here")
    schemas: dict[str, Any] = {}
    for path in sorted(OPENAPI.glob("*.json")):
        schemas |= json.loads(path.read_text("utf-8-sig")).get("components", {}).get("schemas", {})
    _mend(schemas)
    document = {"components": {"schemas": {name: _modern(schema) for name, schema in schemas.items()}}}

    def check(name: str, body: Any) -> None:
        root = document | {"$ref": f"#/components/schemas/{name}"}
        jsonschema.Draft202012Validator(root).validate(body)

    return check


def _mend(schemas: dict[str, Any]) -> None:
    """Change the few places where the files say other than the server does."""
    # The list's and, from 2.4.1, the single invoice's embedded payment methods are missing from InvoiceData.
    data = schemas["InvoiceData"]["allOf"][1]["properties"]
    data["paymentMethods"] = schemas["InvoiceDataList"]["items"]["allOf"][0]["properties"]["paymentMethods"]
    # "additionalProperties: false" in one half of an allOf forbids what the other half declares.
    for half in (*schemas["InvoiceData"]["allOf"], schemas["StoreBaseData"]):
        half.pop("additionalProperties", None)
    for name in ("InvoiceData", "StoreData"):
        schemas[name]["unevaluatedProperties"] = False
    # Null where nothing is there yet, without the file's saying so.
    prompt = schemas["InvoicePaymentMethodDataModel"]["properties"]
    for field in (
        prompt["destination"],
        schemas["ApplicationServerInfoData"]["properties"]["onion"],
        schemas["StoreRateResult"]["properties"]["rate"],
        schemas["LightningInvoiceData"]["properties"]["amountReceived"],
    ):
        field["nullable"] = True
    # A list, though the file says object.
    schemas["StoreBaseData"]["properties"]["paymentMethodCriteria"]["type"] = "array"


def _modern(schema: Any) -> Any:
    """Turn OpenAPI 3.0's `nullable` into JSON Schema."""
    if isinstance(schema, list):
        return [_modern(part) for part in schema]
    if not isinstance(schema, dict):
        return schema
    modern = {name: _modern(part) for name, part in schema.items() if name not in ("example", "nullable")}
    return {"anyOf": [modern, {"type": "null"}]} if schema.get("nullable") is True else modern


@pytest.fixture(autouse=True)
def _no_thread_is_left() -> Iterator[None]:
    before = set(threading.enumerate())
    yield
    left = [thread for thread in threading.enumerate() if thread not in before]
    assert not left, left
