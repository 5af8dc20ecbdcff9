"""Gates: a request held on its way, so that a test can act between two moments of the server."""

import threading
from collections.abc import Callable

import pytest
import requests

from .client import Client


def made(client: Client) -> int:
    return len(client.server.shop.invoices())


def test_gate_holds_a_request_before_the_work(client: Client) -> None:
    gate = client.server.hold("create")
    caller = later(client.create)
    gate.wait()
    assert made(client) == 0
    gate.release()
    caller.join(5)
    assert made(client) == 1


def test_gate_holds_an_answer_after_the_work(client: Client) -> None:
    gate = client.server.hold("create", after=True)
    caller = later(client.create)
    gate.wait()
    assert made(client) == 1
    assert caller.is_alive()
    gate.release()
    caller.join(5)


def test_gate_counts_only_what_it_is_for_and_lets_the_next_pass(client: Client) -> None:
    gate = client.server.hold("list", nth=2)
    client.create()
    client.get("/invoices")
    caller = later(lambda: client.get("/invoices"))
    gate.wait()
    assert client.server.log[-1].status == 200
    assert len(client.server.log) == 2
    with requests.Session() as other:
        url = f"{client.server.url}/api/v1/stores/{client.server.store_id}/invoices"
        headers = {"Authorization": f"token {client.server.api_key}"}
        assert other.get(url, headers=headers, timeout=5).status_code == 200
    gate.release()
    caller.join(5)


@pytest.mark.parametrize(("after", "invoices"), [(False, 0), (True, 1)])
def test_request_thrown_away_at_the_gate_is_lost_on_its_way(
    client: Client, after: bool, invoices: int
) -> None:
    gate = client.server.hold("create", after=after)
    failures: list[Exception] = []

    def call() -> None:
        try:
            client.create()
        except requests.exceptions.RequestException as exc:
            failures.append(exc)

    caller = later(call)
    gate.wait()
    gate.release(discard=True)
    caller.join(5)
    assert len(failures) == 1
    assert made(client) == invoices


def test_gate_nobody_comes_to_says_so(client: Client) -> None:
    with pytest.raises(TimeoutError, match="create"):
        client.server.hold("create").wait(0.01)


def test_stopping_opens_the_gates(client: Client) -> None:
    gate = client.server.hold("store")
    caller = later(lambda: pytest.raises(requests.ConnectionError, client.get, ""))  # noqa: RUF061 in a thread
    gate.wait()
    client.server.stop()
    caller.join(5)
    assert not caller.is_alive()


def later(act: Callable[[], object]) -> threading.Thread:
    thread = threading.Thread(target=act)
    thread.start()
    return thread
