"""The client over real sockets: where the key goes, what is sent, and how much of an answer is taken."""

from pathlib import Path

import pytest

from pos.btcpay import client as client_module
from pos.btcpay import greenfield as gf
from pos.core.problem import Problem
from pos.demo.misfortune import Misfortune
from pos.errors import Broken, Refused, Unreachable
from tests.samples import ATTEMPT

from .conftest import KEY, Certificates, Kit
from .wire import page

OK = page("200 OK", "Content-Type: application/json", body=b"{}")


def test_key_is_sent_as_a_token_which_every_version_takes(kit: Kit) -> None:
    wire = kit.wire(OK)
    kit.client(wire.url).send(gf.get_health())
    assert f"\r\nAuthorization: token {KEY}\r\n".encode() in wire.heard[0]
    assert b"\r\nAccept: application/json\r\n" in wire.heard[0]


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
@pytest.mark.parametrize("request_", [gf.get_health(), gf.Request("POST", "/api/v1/x", body="{}")], ids=["GET", "POST"])
def test_redirect_is_never_followed(kit: Kit, status: int, request_: gf.Request) -> None:
    elsewhere = kit.wire(OK)
    wire = kit.wire(page(f"{status} Go", f"Location: {elsewhere.url}/api/v1/health"))
    response = kit.client(wire.url).send(request_)
    assert response.status == status
    with pytest.raises(Refused) as caught:
        gf.healthy(response)
    assert caught.value.problem is Problem.REDIRECT
    assert (len(wire.heard), elsewhere.heard, elsewhere.calls) == (1, [], 0)


def test_redirect_to_nonsense_is_a_redirect(kit: Kit) -> None:
    for target in ("http://[", "//", "\x7f", "https://x.example:99999999/"):
        response = kit.client(kit.wire(page("302 Go", f"Location: {target}")).url).send(gf.get_health())
        assert response.status == 302


def test_body_of_a_redirect_is_not_read_without_end(kit: Kit) -> None:
    wire = kit.wire(page("302 Go", "Location: /x", body=b"x" * 2 * client_module.MAX_BODY))
    with pytest.raises(Broken, match="more than"):
        kit.client(wire.url).send(gf.get_health())


def test_proxy_of_the_environment_is_not_used(kit: Kit, monkeypatch: pytest.MonkeyPatch) -> None:
    proxy, wire = kit.wire(OK), kit.wire(OK)
    for name in ("http_proxy", "HTTP_PROXY", "https_proxy", "all_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, proxy.url)
    monkeypatch.delenv("no_proxy", raising=False)
    kit.client(wire.url).send(gf.get_health())
    assert (proxy.calls, wire.calls) == (0, 1)


def test_netrc_does_not_take_the_keys_place(kit: Kit, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login somebody password secret\n")
    monkeypatch.setenv("NETRC", str(netrc))
    wire = kit.wire(OK)
    kit.client(wire.url).send(gf.get_health())
    assert b"Basic" not in wire.heard[0]
    assert f"token {KEY}".encode() in wire.heard[0]


@pytest.mark.parametrize("path", ["", "/", "/btcpay", "/btcpay/", "/a/b"])
def test_path_of_the_servers_address_is_kept(kit: Kit, path: str) -> None:
    wire = kit.wire(OK)
    kit.client(wire.url + path).send(gf.get_health())
    assert wire.heard[0].startswith(f"GET {path.rstrip('/')}/api/v1/health HTTP/1.1\r\n".encode())


def test_request_is_sent_as_it_was_built(kit: Kit) -> None:
    wire = kit.wire(OK)
    client = kit.client(wire.url)
    client.send(gf.Request("POST", "/api/v1/x", body='{"title": "生ビール"}'))
    client.send(gf.find_invoices("S", "K1-0042-1-a&b=c"))
    post, get = wire.heard
    assert post.startswith(b"POST /api/v1/x HTTP/1.1\r\n")
    assert b"\r\nContent-Type: application/json\r\n" in post
    assert post.endswith('\r\n\r\n{"title": "生ビール"}'.encode())
    assert b"orderId=K1-0042-1-a%26b%3Dc&take=10&includeArchived=true&includePaymentMethods=true" in get
    assert b"Content-Type" not in get


def test_connection_is_kept_from_call_to_call(kit: Kit) -> None:
    wire = kit.wire(OK)
    client = kit.client(wire.url)
    for _ in range(5):
        client.send(gf.get_health())
    assert (wire.calls, len(wire.heard)) == (1, 5)


def test_broken_connection_is_not_tried_again_down_here(kit: Kit) -> None:
    server = kit.server()
    server.suffer(Misfortune(kind="drop", times=None))
    with pytest.raises(Unreachable):
        kit.client(server.url).send(gf.create_invoice(server.store_id, ATTEMPT, language="en", expiry_min=10))
    assert len(server.log) == 1


def test_next_call_after_a_broken_connection_gets_a_new_one(kit: Kit) -> None:
    server = kit.server()
    client = kit.client(server.url)
    for kind in ("drop", "cut", "huge"):
        server.suffer(Misfortune(kind=kind))
        with pytest.raises((Unreachable, Broken)):
            client.send(gf.get_health())
        assert gf.healthy(client.send(gf.get_health()))


@pytest.mark.parametrize(
    ("header", "date_s"),
    [
        (["Date: Wed, 23 Jul 2025 05:53:20 GMT"], 1_753_250_000),
        ([], None),
        (["Date: yesterday"], None),
        (["Date: Wed, 99 Jul 2025 05:53:20 GMT"], None),
        (["Date: Wed, 23 Jul 99999999 05:53:20 GMT"], None),
        (["Date: Wed, 23 Jul 2025 05:53:20 +999999"], None),
        (["Date: \xff"], None),
        (["Date: 1 Jan 0001 00:02400009999"], None),
    ],
)
def test_servers_clock_is_read_from_its_date(kit: Kit, header: list[str], date_s: int | None) -> None:
    wire = kit.wire(page("200 OK", "Content-Type: Application/JSON", *header, body=b"{}"))
    response = kit.client(wire.url).send(gf.get_health())
    assert (response.date_s, response.content_type, response.body) == (date_s, "application/json", b"{}")


def test_answer_of_just_the_most_is_taken(kit: Kit) -> None:
    for size, taken in ((client_module.MAX_BODY, True), (client_module.MAX_BODY + 1, False)):
        client = kit.client(kit.wire(page("200 OK", body=b" " * size)).url)
        if taken:
            assert len(client.send(gf.get_health()).body) == size
            continue
        with pytest.raises(Broken) as caught:
            client.send(gf.get_health())
        assert caught.value.maybe_heard


def test_key_that_comes_back_in_an_answer_stays_in_the_client(kit: Kit) -> None:
    wire = kit.wire(page("200 OK", body=f'{{"apiKey":"{KEY}"}}'.encode()))
    assert kit.client(wire.url).send(gf.get_health()).body == b'{"apiKey":"***"}'


def test_key_that_cannot_be_a_header_is_not_in_the_evidence(kit: Kit) -> None:
    with pytest.raises(Broken) as caught:
        kit.client(kit.wire(OK).url, key=f"{KEY}\n").send(gf.get_health())
    assert KEY not in str(caught.value)


def test_ca_file_of_ones_own_works(kit: Kit, certificates: Certificates) -> None:
    server = kit.server(tls=certificates.right)
    assert gf.healthy(kit.client(server.url, ca_file=str(certificates.ca)).send(gf.get_health()))


def test_ca_bundle_of_the_environment_is_not_used(
    kit: Kit, certificates: Certificates, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"):
        monkeypatch.setenv(name, str(certificates.ca))
    server = kit.server(tls=certificates.right)
    with pytest.raises(Unreachable) as caught:
        kit.client(server.url).send(gf.get_health())
    assert caught.value.problem is Problem.TLS
    assert server.log == ()
