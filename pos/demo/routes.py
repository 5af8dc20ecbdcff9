"""The Greenfield paths the demo server answers, who may call them, and which operation does the work.

Rule: one line of the table per operation. No sockets here: a request in, an answer out.
Left out on purpose (404, empty): refunds, webhooks, apps, reports, everything the till never calls.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from pos.demo import access, answers, operations
from pos.demo.access import Access
from pos.demo.answers import Dialect, Reply, error
from pos.demo.creation import Unprocessable
from pos.demo.lightning import UnknownInvoice
from pos.demo.operations import Call, Request
from pos.demo.shop import Shop


@dataclass(frozen=True, slots=True)
class Endpoint:
    """One operation; `permission` is None where any valid key will do, and unasked where `public`."""

    name: str
    method: str
    pattern: re.Pattern[str]
    permission: str | None
    act: Callable[[Call], Reply]
    public: bool = False


def _path(template: str) -> re.Pattern[str]:
    return re.compile("/api/v1" + re.sub(r"\{(\w+)\}", r"(?P<\1>[^/]+)", template))


_STORE: Final = "/stores/{storeId}"
_NODE_INVOICE: Final = _STORE + "/lightning/{code}/invoices/{nodeInvoiceId}"
_OF_ONE_INVOICE: Final = (
    ("read", "GET", "", access.VIEW, operations.read),
    ("metadata", "PUT", "", access.MODIFY, operations.describe),
    ("archive", "DELETE", "", access.MODIFY, operations.archive),
    ("prompts", "GET", "/payment-methods", access.VIEW, operations.prompts),
    ("activate", "POST", "/payment-methods/{methodId}/activate", access.VIEW, operations.activate),
    ("status", "POST", "/status", access.MODIFY, operations.mark),
    ("unarchive", "POST", "/unarchive", access.MODIFY, operations.unarchive),
)
_NESTED: Final = (
    Endpoint("create", "POST", _path(_STORE + "/invoices"), access.CREATE, operations.create),
    Endpoint("list", "GET", _path(_STORE + "/invoices"), access.VIEW, operations.search),
    *(
        Endpoint(name, method, _path(_STORE + "/invoices/{invoiceId}" + tail), permission, act)
        for name, method, tail, permission, act in _OF_ONE_INVOICE
    ),
    Endpoint("lightning", "GET", _path(_NODE_INVOICE), access.VIEW_LIGHTNING, operations.lightning),
    Endpoint("stores", "GET", _path("/stores"), access.VIEW_STORE, operations.stores),
    Endpoint("store", "GET", _path(_STORE), access.VIEW_STORE, operations.store),
    Endpoint("methods", "GET", _path(_STORE + "/payment-methods"), access.VIEW_STORE, operations.store_methods),
    Endpoint("rates", "GET", _path(_STORE + "/rates"), access.VIEW_STORE, operations.rates),
    Endpoint("key", "GET", _path("/api-keys/current"), None, operations.current_key),
    Endpoint("info", "GET", _path("/server/info"), None, operations.info),
    Endpoint("health", "GET", _path("/health"), None, operations.health, public=True),
)
_UNNESTED: Final = tuple(
    Endpoint(name, method, _path("/invoices/{invoiceId}" + tail), permission, act)
    for name, method, tail, permission, act in _OF_ONE_INVOICE
)
NAMES: Final = frozenset(route.name for route in _NESTED)


class Greenfield:
    """The API of one shop, as one version of BTCPay Server offers it to one key."""

    def __init__(self, shop: Shop, dialect: Dialect, key: Access) -> None:
        self.shop, self.dialect, self.access = shop, dialect, key
        self._routes = _NESTED + (_UNNESTED if dialect.unnested else ())

    def name(self, request: Request) -> str:
        """Return the name of the operation a request is for, or ""."""
        routes = self._on_path(request.path)
        return next((route.name for route in routes if route.method == request.method), "")

    def answer(self, request: Request) -> Reply:
        """Carry the request out: find the operation, check the key, act."""
        routes = self._on_path(request.path)
        route = next((route for route in routes if route.method == request.method), None)
        if route is None:
            return Reply(405 if routes else 404)
        match = route.pattern.fullmatch(request.path)
        names = match.groupdict() if match else {}
        refusal = None if route.public else self._refusal(route, request, names)
        if refusal is not None:
            return refusal
        try:
            return route.act(Call(self.shop, self.dialect, self.access, request, names))
        except Unprocessable as exc:
            return answers.unprocessable(exc.problems)
        except UnknownInvoice:
            return error(404, "invoice-not-found", "The invoice was not found")

    def _on_path(self, path: str) -> list[Endpoint]:
        return [route for route in self._routes if route.pattern.fullmatch(path)]

    def _refusal(self, route: Endpoint, request: Request, names: Mapping[str, str]) -> Reply | None:
        own_store = names.get("storeId", self.shop.store.id) == self.shop.store.id
        if "storeId" not in names and "invoiceId" in names:
            # Without a store in the path the invoice stands for it: an unknown one is nobody's to see.
            own_store = any(invoice.id == names["invoiceId"] for invoice in self.shop.invoices())
        header, wanted = request.authorization, route.permission
        return self.access.refusal(header, wanted, dialect=self.dialect, own_store=own_store)
