"""The way through a SOCKS proxy: who resolves the name, what a proxy that fails is told of, and where TLS ends."""

import socket
import time
from collections.abc import Callable
from urllib.parse import urlsplit

import pytest

from pos.btcpay import client as client_module
from pos.btcpay import greenfield as gf
from pos.core.problem import Problem
from pos.errors import Unreachable

from .conftest import Certificates, Kit
from .proxy import Proxy, Reply

ONION = "abcdefghijklmnopqrstuvwxyz234567abcdefghijklmnopqrstuvwx.onion"
SHORT_S = 0.3


@pytest.fixture
def proxies(kit: Kit) -> Callable[..., Proxy]:
    def start(names: dict[str, int] | None = None, reply: Reply | None = None) -> Proxy:
        proxy = Proxy(names or {}, reply)
        kit.cleanup.callback(proxy.close)
        return proxy

    return start


@pytest.fixture
def resolved(monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """Return what this machine's DNS is asked from now on."""
    names: list[object] = []
    ask = socket.getaddrinfo

    def listen(host: object, *args: object, **options: object) -> object:
        names.append(host)
        return ask(host, *args, **options)  # type: ignore[arg-type]

    monkeypatch.setattr(socket, "getaddrinfo", listen)
    return names


def port_of(url: str) -> int:
    return urlsplit(url).port or 0


def test_onion_is_reached_through_the_proxy_and_its_name_is_never_looked_up(
    kit: Kit, proxies: Callable[..., Proxy], resolved: list[object]
) -> None:
    server = kit.server()
    proxy = proxies({ONION: port_of(server.url)})
    client = kit.client(f"http://{ONION}", proxy=proxy.address)
    for _ in range(3):
        assert gf.healthy(client.send(gf.get_health()))
    assert proxy.asked == [(ONION, 80)]
    assert set(resolved) == {"127.0.0.1"}


def test_port_of_the_address_is_the_one_behind_the_proxy(kit: Kit, proxies: Callable[..., Proxy]) -> None:
    server = kit.server()
    proxy = proxies({ONION: port_of(server.url)})
    kit.client(f"http://{ONION}:23000", proxy=proxy.address).send(gf.get_health())
    assert proxy.asked == [(ONION, 23_000)]


def test_certificate_is_verified_and_pinned_behind_the_proxy(
    kit: Kit, proxies: Callable[..., Proxy], certificates: Certificates
) -> None:
    server = kit.server(tls=certificates.wrong)  # made out to btcpay.example
    names = {"btcpay.example": port_of(server.url), "btcpay.other": port_of(server.url)}
    proxy, ca_file = proxies(names), str(certificates.ca)
    client = kit.client("https://btcpay.example", proxy=proxy.address, ca_file=ca_file)
    assert gf.healthy(client.send(gf.get_health()))
    client.close()
    for url, pin, problem in (
        ("https://btcpay.other", None, Problem.TLS),
        ("https://btcpay.example", "0" * 64, Problem.CERTIFICATE_CHANGED),
    ):
        with pytest.raises(Unreachable) as caught:
            kit.client(url, proxy=proxy.address, ca_file=ca_file, fingerprint=pin).send(gf.get_health())
        assert caught.value.problem is problem
    assert len(server.log) == 1


def test_tor_is_given_more_time_than_a_cable() -> None:
    direct, tor = client_module.DIRECT, client_module.THROUGH_TOR
    assert tor.connect_s > direct.connect_s
    assert tor.ask_s > direct.ask_s
    assert tor.more_for_an_invoice_s > direct.more_for_an_invoice_s


def say(data: bytes) -> Reply:
    """Answer anything with this, and hang up."""

    def reply(caller: socket.socket) -> None:
        caller.recv(100)
        caller.sendall(data)
        if len(data) > len(b"\x05\x00"):
            caller.recv(1000)

    return reply


@pytest.mark.parametrize(
    ("data", "evidence"),
    [
        (b"\x05\xff", "authentication methods were rejected"),
        (b"\x05\x02", "Server requested username/password"),
        (b"\x04\x00", "sent invalid data"),
        (b"HTTP/1.1 400 Bad Request\r\n\r\n", "sent invalid data"),
        (b"", "closed unexpectedly"),
        (b"\x05", "closed unexpectedly"),
        (b"\x05\x00\x05\x01\x00\x01", "General SOCKS server failure"),
        (b"\x05\x00\x05\x05\x00\x01", "Connection refused"),
        (b"\x05\x00\x05\xf0\x00\x01", "0xf0"),  # Tor's own: no such onion service
        (b"\x05\x00\x04\x00\x00\x01", "sent invalid data"),
        (b"\x05\x00\x05\x00\x00\x01\x7f\x00", "closed unexpectedly"),
    ],
)
def test_proxy_that_makes_no_connection_says_why_and_nobody_heard(
    kit: Kit, proxies: Callable[..., Proxy], data: bytes, evidence: str
) -> None:
    proxy = proxies(reply=say(data))
    with pytest.raises(Unreachable) as caught:
        kit.client(f"http://{ONION}", proxy=proxy.address).send(gf.Request("POST", "/x", body="{}"))
    assert (caught.value.problem, caught.value.maybe_heard) == (Problem.UNREACHABLE, False)
    assert evidence in caught.value.evidence


@pytest.mark.parametrize("bound", [b"\x01\x7f\x00\x00\x01", b"\x04" + bytes(16), b"\x03\x01x", b"\x03\x00"])
def test_whatever_address_the_proxy_connects_from(
    kit: Kit, proxies: Callable[..., Proxy], bound: bytes
) -> None:
    answer = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}"

    def reply(caller: socket.socket) -> None:
        caller.recv(3)
        caller.sendall(b"\x05\x00")
        caller.recv(1000)
        caller.sendall(b"\x05\x00\x00" + bound + b"\x00\x50")
        caller.recv(1000)
        caller.sendall(answer)
        caller.recv(1)

    client = kit.client(f"http://{ONION}", proxy=proxies(reply=reply).address)
    assert client.send(gf.get_health()).body == b"{}"
    client.close()


def test_proxy_that_drips_is_given_up(
    kit: Kit, proxies: Callable[..., Proxy], monkeypatch: pytest.MonkeyPatch
) -> None:
    def drip(caller: socket.socket) -> None:
        caller.sendall(b"\x05\x00\x05\x00\x00\x03\xff")
        while True:
            caller.sendall(b"x")
            time.sleep(0.05)

    monkeypatch.setattr(client_module, "THROUGH_TOR", client_module.Patience(connect_s=SHORT_S))
    with pytest.raises(Unreachable) as caught:
        kit.client(f"http://{ONION}", proxy=proxies(reply=drip).address).send(gf.get_health())
    assert (caught.value.problem, caught.value.maybe_heard) == (Problem.UNREACHABLE, False)


def test_proxy_that_is_not_there_is_named_apart_from_the_server(kit: Kit, proxies: Callable[..., Proxy]) -> None:
    proxy = proxies()
    address = proxy.address
    proxy.close()
    with pytest.raises(Unreachable) as caught:
        kit.client(f"http://{ONION}", proxy=address).send(gf.get_health())
    assert caught.value.problem is Problem.UNREACHABLE
    assert "SOCKS5 proxy" in caught.value.evidence
