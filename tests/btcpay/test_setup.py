"""What a server says while a till is set up, in every shape it may come in."""

import json
from typing import Any

import pytest

from pos.btcpay import setup
from pos.btcpay.refusals import Response
from pos.core.problem import Problem
from pos.errors import Broken, Denied


def saying(body: Any, status: int = 200) -> Response:
    return Response(status, "application/json", None, json.dumps(body).encode())


def test_requests_name_the_store_and_nothing_slips_out_of_the_path() -> None:
    assert setup.get_server_info().path == "/api/v1/server/info"
    assert setup.get_stores().path == "/api/v1/stores"
    assert setup.get_store("a/b").path == "/api/v1/stores/a%2Fb"
    assert setup.get_store_methods("S").path == "/api/v1/stores/S/payment-methods"
    void = setup.mark_invalid("S", "../x")
    assert (void.method, void.path) == ("POST", "/api/v1/stores/S/invoices/..%2Fx/status")
    assert json.loads(void.body or "") == {"status": "Invalid"}


def test_a_servers_version_and_sync_are_read() -> None:
    assert setup.server_info(saying({"version": "2.4.1", "fullySynched": True})) == setup.ServerInfo("2.4.1", True)


@pytest.mark.parametrize("body", [{}, {"version": None, "fullySynched": "yes"}, {"version": 2, "fullySynched": 1}])
def test_what_a_server_does_not_say_is_unknown_and_not_synchronised(body: Any) -> None:
    assert setup.server_info(saying(body)) == setup.ServerInfo("", False)


def test_a_name_cannot_command_the_terminal() -> None:
    told = setup.store(saying({"id": "S", "name": "\x1b[2J" + "店" * 100, "defaultCurrency": "JPY\n"}))
    assert told.id == "S"
    assert told.name.isprintable()
    assert len(told.name) == 60
    assert told.currency == "JPY "


def test_stores_are_listed() -> None:
    assert [store.id for store in setup.stores(saying([{"id": "A"}, {"id": "B", "name": "b"}]))] == ["A", "B"]


@pytest.mark.parametrize("body", [{}, {"id": 7}, {"id": "a b"}])
def test_what_is_no_store_is_nonsense(body: Any) -> None:
    with pytest.raises(Broken) as caught:
        setup.store(saying(body))
    assert caught.value.problem is Problem.NONSENSE


@pytest.mark.parametrize("body", [[7], ["A"], [None]])
def test_a_list_of_something_else_is_nonsense(body: Any) -> None:
    with pytest.raises(Broken):
        setup.stores(saying(body))


@pytest.mark.parametrize(("body", "lightning"), [
    ([{"paymentMethodId": "BTC-LN", "enabled": True}], True),
    ([{"paymentMethodId": "BTC-CHAIN", "enabled": True}, {"paymentMethodId": "BTC-LN", "enabled": True}], True),
    ([{"paymentMethodId": "BTC-LN", "enabled": False}], False), ([{"paymentMethodId": "BTC-LN"}], False),
    ([{"paymentMethodId": "BTC-CHAIN", "enabled": True}], False), ([], False), ([7, "BTC-LN"], False),
    ({"BTC-LightningNetwork": {"enabled": True}}, True), ({"BTC": {"enabled": True}}, False),
    ({"BTC-LightningNetwork": 7}, False), ({}, False),
])
def test_lightning_is_found_among_the_methods_of_every_version(body: Any, *, lightning: bool) -> None:
    assert setup.takes_lightning(saying(body)) is lightning


def test_a_refusal_to_void_is_an_error() -> None:
    setup.voided(saying({"id": "x"}))
    with pytest.raises(Denied):
        setup.voided(saying({"code": "missing-permission"}, 403))
