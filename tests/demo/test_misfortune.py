"""Scripted trouble: each kind is what a till meets in a bad hour, and nothing else happens."""

import json
import re
import time
from collections.abc import Callable
from typing import Any

import pytest
import requests

from pos.demo import lies, misfortune
from pos.demo.misfortune import KINDS, Misfortune

from .client import NOW_S, Client, order

Serve = Callable[..., Client]


def suffer(client: Client, kind: str, on: str = "create", **more: Any) -> None:
    client.server.suffer(Misfortune(kind=kind, on=on, **more))


def made(client: Client) -> int:
    return len(client.server.shop.invoices())


# What the client meets


@pytest.mark.parametrize(("after", "invoices"), [(False, 0), (True, 1)])
def test_dropped_request_gets_no_answer(client: Client, after: bool, invoices: int) -> None:
    suffer(client, "drop", after=after)
    with pytest.raises(requests.ConnectionError):
        client.create()
    assert made(client) == invoices
    assert client.server.log[-1].status is None
    client.create()


def test_cut_answer_breaks_in_the_middle(client: Client) -> None:
    suffer(client, "cut")
    with pytest.raises((requests.ConnectionError, requests.exceptions.ChunkedEncodingError)):
        client.create()
    assert made(client) == 1


@pytest.mark.parametrize("after", [False, True])
def test_delay_outlasts_an_impatient_client(client: Client, after: bool) -> None:
    suffer(client, "delay", seconds=0.3, after=after)
    url = f"{client.server.url}/api/v1/stores/{client.server.store_id}/invoices"
    with pytest.raises(requests.ReadTimeout):
        client.session.post(url, json=order(), timeout=0.1)
    assert made(client) == (1 if after else 0)
    wait_until(lambda: made(client) == 1)


def test_hanging_server_says_nothing_and_still_stops(client: Client) -> None:
    suffer(client, "hang", after=True)
    url = f"{client.server.url}/api/v1/stores/{client.server.store_id}/invoices"
    with pytest.raises(requests.ReadTimeout):
        client.session.post(url, json=order(), timeout=0.1)
    assert made(client) == 1


@pytest.mark.parametrize(("after", "invoices"), [(False, 0), (True, 1)])
def test_restart_refuses_for_a_while_and_keeps_the_data(client: Client, after: bool, invoices: int) -> None:
    kept = client.create()["id"]
    suffer(client, "restart", seconds=0.2, after=after)
    with pytest.raises(requests.ConnectionError):
        client.create()
    with pytest.raises(requests.ConnectionError):
        client.get("")
    wait_until(lambda: answers(client))
    assert client.read(kept)["status"] == "New"
    assert made(client) == 1 + invoices


def test_server_stops_while_it_is_away(client: Client) -> None:
    suffer(client, "restart", on="store", seconds=60)
    with pytest.raises(requests.ConnectionError):
        client.get("")
    client.server.stop()


@pytest.mark.parametrize(
    ("kind", "status", "body"),
    [
        ("500", 500, b""),
        ("502", 502, b"<html>"),
        ("503", 503, b"<html>"),
        ("504", 504, b"<html>"),
        ("401", 401, b'{"code":"unauthenticated"'),
        ("403", 403, b'{"missingPermission":"btcpay.store.canviewinvoices"'),
        ("404", 404, b'{"code":"invoice-not-found"'),
        ("404-empty", 404, b""),
        ("422", 422, b'[{"path":"Amount"'),
        ("429", 429, b"Too many"),
        (
            "lightning-down",
            400,
            b'{"code":"generic-error","message":"Error retrieving a matching payment method or',
        ),
        ("lightning-slow", 400, b'{"code":"generic-error"'),
        ("rate-down", 400, b'{"code":"generic-error"'),
        ("no-wallet", 400, b'{"code":"generic-error","message":"No wallet'),
        ("html", 200, b"<!DOCTYPE html>"),
        ("wrong-shape", 200, b'{"hello"'),
        ("list", 200, b"[1,2,3]"),
        ("null", 200, b"null"),
        ("empty", 200, b""),
        ("garbage", 200, b"\xff\xfe"),
        ("huge", 200, b'{"id":"xxx'),
    ],
)
def test_canned_answer_comes_once_and_nothing_was_done(
    client: Client, kind: str, status: int, body: bytes
) -> None:
    suffer(client, kind)
    answer = client.post("/invoices", json=order())
    assert answer.status_code == status
    assert answer.content.startswith(body)
    assert bool(answer.content) == bool(body)
    assert made(client) == 0
    assert client.create()["status"] == "New"


def test_canned_answer_can_hide_that_the_work_was_done(client: Client) -> None:
    suffer(client, "500", after=True)
    assert client.post("/invoices", json=order()).status_code == 500
    assert [body["status"] for body in client.get("/invoices?orderId=K1-0001").json()] == ["New"]


@pytest.mark.parametrize(("kind", "status"), [("redirect", 302), ("redirect-307", 307)])
def test_redirect_points_elsewhere(client: Client, kind: str, status: int) -> None:
    suffer(client, kind, url="https://elsewhere.example/login")
    answer = client.post("/invoices", json=order())
    assert (answer.status_code, answer.headers["Location"]) == (status, "https://elsewhere.example/login")


def test_truncated_answer_is_whole_http_and_half_json(client: Client) -> None:
    suffer(client, "truncated")
    answer = client.post("/invoices", json=order())
    assert answer.status_code == 200
    with pytest.raises(json.JSONDecodeError):
        json.loads(answer.text)
    assert made(client) == 1


def test_duplicate_leaves_two_payable_invoices_for_one_order(client: Client) -> None:
    suffer(client, "duplicate")
    kept = client.create()["id"]
    assert {body["status"] for body in client.get("/invoices?orderId=K1-0001").json()} == {"New"}
    assert made(client) == 2
    client.server.shop.play(kept, "full")


def test_clock_jump_expires_what_was_open(client: Client) -> None:
    invoice_id = client.create()["id"]
    suffer(client, "clock-jump", on="read", seconds=3600)
    assert client.read(invoice_id)["status"] == "Expired"
    assert client.server.shop.now_s() == NOW_S + 3600


# When it strikes


def statuses(client: Client, count: int, path: str = "") -> list[int]:
    return [client.get(path).status_code for _ in range(count)]


def test_strikes_from_the_nth_on_as_often_as_said(client: Client) -> None:
    suffer(client, "503", on="store", nth=2, times=2)
    assert statuses(client, 5) == [200, 503, 503, 200, 200]


def test_strikes_until_cleared_without_a_number(client: Client) -> None:
    suffer(client, "503", on="any", times=None)
    assert statuses(client, 3) == [503] * 3
    client.call("DELETE", "/misfortune", at="demo")
    assert statuses(client, 1) == [200]


def test_lines_of_a_script_strike_one_after_the_other(client: Client) -> None:
    client.server.suffer(*(Misfortune(kind=kind, on="store") for kind in ("500", "502", "401")))
    assert statuses(client, 4) == [500, 502, 401, 200]


def test_other_operations_are_left_alone(client: Client) -> None:
    suffer(client, "503", on="poll", times=None)
    invoice_id = client.create()["id"]
    assert statuses(client, 1, f"/invoices/{invoice_id}") == [503]
    assert statuses(client, 1, f"/invoices/{invoice_id}/payment-methods") == [503]
    assert statuses(client, 1, "/invoices") == [200]


def test_operation_can_be_a_method_and_a_path(client: Client) -> None:
    suffer(client, "503", on="GET /api/v1/stores/*/rates", times=None)
    assert statuses(client, 1, "/rates") == [503]
    assert statuses(client, 1) == [200]


def test_control_paths_never_suffer(client: Client) -> None:
    suffer(client, "500", on="any", times=None)
    assert client.get("/state", at="demo").json()["misfortunes"][0]["kind"] == "500"


def test_misfortune_is_scripted_over_http(client: Client) -> None:
    client.post("/misfortune", at="demo", json={"kind": "429", "on": "store"})
    assert statuses(client, 2) == [429, 200]


@pytest.mark.parametrize("line", [{"kind": "plague"}, {"kind": "drop", "on": "everything"}])
def test_script_with_a_mistake_is_refused(line: dict[str, str]) -> None:
    with pytest.raises(ValueError, match="there is no"):
        Misfortune(**line)


def test_every_kind_stands_in_the_table() -> None:
    table = f"{misfortune.__doc__}{lies.__doc__}"
    assert [kind for kind in sorted(KINDS) if not re.search(rf"^    .*\b{kind}\b", table, re.MULTILINE)] == []


def answers(client: Client) -> bool:
    try:
        return client.get("").status_code == 200
    except requests.ConnectionError:
        return False


def wait_until(true: Callable[[], bool], timeout_s: float = 5) -> None:
    end = time.monotonic() + timeout_s
    while not true():
        assert time.monotonic() < end, "it never came true"
        time.sleep(0.01)
