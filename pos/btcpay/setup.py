"""What is asked of BTCPay Server while a till is set up or checked, besides what selling asks (Greenfield API v1).

Rule: no I/O; the same border as greenfield.py. What a server calls itself is made fit for a terminal here.
"""

from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from pos.btcpay import body as bodies
from pos.btcpay.greenfield import LIGHTNING_IN_ANSWERS, Request
from pos.btcpay.refusals import Response, nonsense
from pos.core.plain_text import plain

_NAME_MAX = 60


@dataclass(frozen=True, slots=True)
class ServerInfo:
    """A server's version, like "2.4.1", and whether it has caught up with the chain."""

    version: str
    synchronized: bool


@dataclass(frozen=True, slots=True)
class StoreInfo:
    """A store as its key may see it; `currency` is what its owner prices in by default."""

    id: str
    name: str
    currency: str


def get_server_info() -> Request:
    """Ask for the server's version (GET /api/v1/server/info); any key will do."""
    return Request("GET", "/api/v1/server/info")


def get_stores() -> Request:
    """Ask for the stores this key may see (GET /api/v1/stores)."""
    return Request("GET", "/api/v1/stores")


def get_store(store_id: str) -> Request:
    """Ask for one store's settings (GET /api/v1/stores/{id}); needs canviewstoresettings."""
    return Request("GET", _store(store_id))


def get_store_methods(store_id: str) -> Request:
    """Ask how a store can be paid (GET /api/v1/stores/{id}/payment-methods); needs canviewstoresettings."""
    return Request("GET", f"{_store(store_id)}/payment-methods", (("onlyEnabled", "true"),))


def mark_invalid(store_id: str, invoice_id: str) -> Request:
    """Ask to void an invoice (POST .../invoices/{id}/status); needs canmodifyinvoices, and its BOLT11 stays payable."""
    path = f"{_store(store_id)}/invoices/{quote(invoice_id, safe='')}/status"
    return Request("POST", path, body='{"status": "Invalid"}')


def server_info(response: Response) -> ServerInfo:
    """Understand the server's version and standing."""
    body = bodies.read(response, dict)
    return ServerInfo(_name(body.get("version")), body.get("fullySynched") is True)


def store(response: Response) -> StoreInfo:
    """Understand one store."""
    return _store_info(bodies.read(response, dict), response)


def stores(response: Response) -> tuple[StoreInfo, ...]:
    """Understand a list of stores."""
    return tuple(_store_info(entry, response) for entry in bodies.read(response, list))


def takes_lightning(response: Response) -> bool:
    """Understand whether a store can be paid with Lightning; 1.x answers an object by name, 2.x a list."""
    body = bodies.read(response, (dict, list))
    if isinstance(body, dict):
        body = [entry | {"paymentMethodId": name} for name, entry in body.items() if isinstance(entry, dict)]
    return any(_enabled_lightning(entry) for entry in body)


def voided(response: Response) -> None:
    """Understand that an invoice was marked; BTCPayError if it was not."""
    bodies.read(response, dict)


def _enabled_lightning(entry: Any) -> bool:
    if not isinstance(entry, dict) or entry.get("enabled") is not True:
        return False
    return str(entry.get("paymentMethodId")) in LIGHTNING_IN_ANSWERS


def _store(store_id: str) -> str:
    return f"/api/v1/stores/{quote(store_id, safe='')}"


def _store_info(body: Any, response: Response) -> StoreInfo:
    try:
        return StoreInfo(bodies.word(body["id"]), _name(body.get("name")), _name(body.get("defaultCurrency")))
    except (KeyError, TypeError, ValueError, AttributeError) as exc:
        raise nonsense(response, "not a store") from exc


def _name(value: object) -> str:
    return plain(value, _NAME_MAX) if isinstance(value, str) else ""
