"""Who may do what over HTTP: keys, permissions, stores, unknown paths."""

from collections.abc import Callable

import pytest

from pos.demo.access import (
    CREATE,
    EVERYTHING,
    LEAST,
    MODIFY,
    VIEW,
    VIEW_LIGHTNING,
    VIEW_STORE,
)

from .client import Client, order

Serve = Callable[..., Client]


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
