"""A server that means harm, or one that stands where the real one should: what it learns, and what it can hold up.

Rule: every test reads what the other side has heard, not what the client says of itself.
"""

import contextlib
import gzip
import hashlib
import logging
import socket
import ssl
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from random import Random

import pytest

from pos.btcpay import adapter
from pos.btcpay import client as client_module
from pos.btcpay import greenfield as gf
from pos.btcpay.connection import trusting
from pos.core.problem import Problem
from pos.errors import Broken, BTCPayError, Refused, Unreachable
from tests.samples import ATTEMPT

from .conftest import KEY, Certificates, Kit
from .wire import Answer, page

OK = page("200 OK", "Content-Type: application/json", body=b"{}")
GET, POST = gf.get_health(), gf.create_invoice("S", ATTEMPT, language="en", expiry_min=10)
BOTH = pytest.mark.parametrize("request_", [GET, POST], ids=["GET", "POST"])
SHORT_S = 0.3


def fingerprint(certificate: Path) -> str:
    return hashlib.sha256(ssl.PEM_cert_to_DER_cert(certificate.read_text())).hexdigest()


# Where the key goes


@BOTH
@pytest.mark.parametrize("status", [300, 301, 302, 303, 307, 308])
def test_redirect_to_another_port_or_path_takes_the_key_nowhere(kit: Kit, status: int, request_: gf.Request) -> None:
    elsewhere = kit.wire(OK)
    for place in (f"{elsewhere.url}/api/v1/health", "/elsewhere", "//127.0.0.1:1/x", f"//x@{elsewhere.url[7:]}/"):
        wire = kit.wire(page(f"{status} Go", f"Location: {place}", "Refresh: 0", f"Link: <{place}>; rel=preload"))
        response = kit.client(wire.url).send(request_)
        with pytest.raises(Refused) as caught:
            gf.invoice(response)
        assert (caught.value.problem, caught.value.maybe_heard) == (Problem.REDIRECT, False)
        assert len(wire.heard) == 1
    assert elsewhere.calls == 0


def test_addresses_in_an_answer_are_never_gone_to(kit: Kit) -> None:
    elsewhere = kit.wire(OK)
    body = f'{{"synchronized": true, "checkoutLink": "{elsewhere.url}/i/x", "next": "{elsewhere.url}"}}'.encode()
    headers = (f"Content-Location: {elsewhere.url}", f'Alt-Svc: http/1.1="{elsewhere.url[7:]}"')
    wire = kit.wire(page("200 OK", *headers, "Strict-Transport-Security: max-age=99999999", body=body))
    client = kit.client(wire.url)
    for _ in range(3):
        assert gf.healthy(client.send(GET))
    assert (len(wire.heard), elsewhere.calls) == (3, 0)


def test_cookies_are_not_kept_and_nothing_of_an_answer_comes_back_to_the_server(kit: Kit) -> None:
    cookies = ("Set-Cookie: session=1; Path=/", "Set-Cookie: other=2; Max-Age", "Set-Cookie2: third=3; Port")
    wire = kit.wire(page("401 No", *cookies, 'WWW-Authenticate: Basic realm="x"', 'ETag: "e"'))
    client = kit.client(wire.url)
    for _ in range(3):
        client.send(GET)
    assert len(set(wire.heard)) == 1
    assert b"ookie" not in wire.heard[0]


@pytest.mark.parametrize(
    ("path", "sent"),
    [
        ("/a/../b", "/b"),
        ("/%2e%2e/x", "/../x"),
        ("//evil.example/x", "//evil.example/x"),
        ("/;@evil.example", "/;@evil.example"),
        ("/x:80@y", "/x:80@y"),
    ],
)
def test_path_of_the_address_leads_to_no_other_host(kit: Kit, path: str, sent: str) -> None:
    wire = kit.wire(OK)
    kit.client(wire.url + path).send(GET)
    host = f"\r\nHost: {wire.url[7:]}\r\n".encode()
    assert host in wire.heard[0]
    assert wire.heard[0].startswith(f"GET {sent}/api/v1/health HTTP/1.1\r\n".encode())


def test_no_setting_of_the_environment_reaches_the_client(
    kit: Kit, certificates: Certificates, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    keys, proxy = tmp_path / "tls-keys", kit.wire(OK)
    monkeypatch.setenv("SSLKEYLOGFILE", str(keys))
    monkeypatch.setenv("SSL_CERT_FILE", str(certificates.ca))
    monkeypatch.setenv("SSL_CERT_DIR", str(certificates.ca.parent))
    for name in ("HTTPS_PROXY", "https_proxy", "ALL_PROXY", "SOCKS_PROXY"):
        monkeypatch.setenv(name, proxy.url)
    wire = kit.wire(OK, tls=certificates.right)
    with pytest.raises(Unreachable) as caught:
        kit.client(wire.url).send(GET)
    assert caught.value.problem is Problem.TLS
    kit.client(wire.url, ca_file=str(certificates.ca)).send(GET)
    assert (len(wire.heard), proxy.calls, keys.exists()) == (1, 0, False)


# The pinned certificate


def test_pinned_certificate_is_taken(kit: Kit, certificates: Certificates) -> None:
    wire = kit.wire(OK, tls=certificates.right)
    pin = fingerprint(certificates.right[0])
    kit.client(wire.url, ca_file=str(certificates.ca), fingerprint=pin).send(GET)
    assert len(wire.heard) == 1


@BOTH
def test_another_certificate_hears_nothing_although_it_is_trusted(
    kit: Kit, certificates: Certificates, request_: gf.Request
) -> None:
    wire = kit.wire(OK, tls=certificates.right)
    pin = fingerprint(certificates.wrong[0])
    client = kit.client(wire.url, ca_file=str(certificates.ca), fingerprint=pin)
    for _ in range(2):
        with pytest.raises(Unreachable) as caught:
            client.send(request_)
        assert (caught.value.problem, caught.value.maybe_heard) == (Problem.CERTIFICATE_CHANGED, False)
        assert fingerprint(certificates.right[0]) in caught.value.evidence
    wire.close()
    assert wire.heard == []


def test_pin_of_a_certificate_does_not_make_it_trusted(kit: Kit, certificates: Certificates) -> None:
    # Of another host, and then without its CA: a pin comes on top of what is verified anyway.
    for tls, ca_file in ((certificates.wrong, str(certificates.ca)), (certificates.right, None)):
        wire = kit.wire(OK, tls=tls)
        with pytest.raises(Unreachable) as caught:
            kit.client(wire.url, ca_file=ca_file, fingerprint=fingerprint(tls[0])).send(GET)
        wire.close()
        assert (caught.value.problem, wire.heard) == (Problem.TLS, [])


def test_pin_without_tls_is_held_against_nothing_and_fails(kit: Kit) -> None:
    wire = kit.wire(OK)
    with pytest.raises(Unreachable) as caught:
        kit.client(wire.url, fingerprint="0" * 64).send(GET)
    wire.close()
    assert (caught.value.problem, caught.value.maybe_heard, wire.heard) == (Problem.CERTIFICATE_CHANGED, False, [])


def test_owners_ca_is_trusted_alone(certificates: Certificates) -> None:
    assert len(trusting(str(certificates.ca)).get_ca_certs()) == 1
    assert len(trusting(None).get_ca_certs()) > 50


def test_second_connection_trusts_no_more_than_the_first(kit: Kit, certificates: Certificates) -> None:
    # requests hands its own CAs to urllib3 before each request, and urllib3 would add them to the owner's.
    context = trusting(str(certificates.ca))
    client = kit.client(kit.wire(OK, tls=certificates.right).url, ca_file=str(certificates.ca))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(adapter, "trusting", lambda _: context)
        client.send(GET)
    assert (len(context.get_ca_certs()), context.check_hostname, context.verify_mode) == (1, True, ssl.CERT_REQUIRED)


def test_pin_is_compared_again_on_every_new_connection(kit: Kit, certificates: Certificates) -> None:
    wire = kit.wire(page("200 OK", "Connection: close", body=b"{}"), tls=certificates.right)
    pin = fingerprint(certificates.right[0])
    client = kit.client(wire.url, ca_file=str(certificates.ca), fingerprint=pin)
    for _ in range(3):
        client.send(GET)
    assert (wire.calls, len(wire.heard)) == (3, 3)


# TLS that never comes about


def _port(kit: Kit, say: Callable[[socket.socket], object]) -> int:
    """Open a port that deals with its one caller by hand."""
    port = kit.cleanup.enter_context(socket.create_server(("127.0.0.1", 0)))

    def serve() -> None:
        with contextlib.suppress(OSError), port.accept()[0] as line:
            say(line)

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    kit.cleanup.callback(thread.join)
    return int(port.getsockname()[1])


def test_server_that_speaks_no_tls_is_told_apart_from_one_that_is_away(kit: Kit) -> None:
    port = _port(kit, lambda line: line.recv(1000) and line.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n"))
    with pytest.raises(Unreachable) as caught:
        kit.client(f"https://127.0.0.1:{port}").send(GET)
    assert (caught.value.problem, caught.value.maybe_heard) == (Problem.TLS, False)


def test_handshake_that_drips_is_given_up(kit: Kit, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(client_module, "DIRECT", client_module.Patience(connect_s=SHORT_S))

    def drip(line: socket.socket) -> None:
        line.recv(1)
        line.sendall(b"\x16\x03\x03\x40\x00")
        while True:
            line.sendall(b"\x02")
            time.sleep(0.01)

    with pytest.raises(Unreachable) as caught:
        kit.client(f"https://127.0.0.1:{_port(kit, drip)}").send(GET)
    assert (caught.value.problem, caught.value.maybe_heard) == (Problem.UNREACHABLE, False)


def test_server_that_hangs_up_in_the_handshake_is_away(kit: Kit) -> None:
    port = _port(kit, lambda line: line.recv(1000) and line.close())
    with pytest.raises(Unreachable) as caught:
        kit.client(f"https://127.0.0.1:{port}").send(GET)
    assert (caught.value.problem, caught.value.maybe_heard) == (Problem.UNREACHABLE, False)


# Answers without end


def drip(head: bytes, drop: bytes) -> Answer:
    """Say the head at once, and then a drop now and then until the other side is gone."""

    def say(connection: socket.socket, _request: bytes) -> None:
        connection.sendall(head)
        while True:
            connection.sendall(drop)
            time.sleep(0.01)

    return say


CHUNKED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
DRIPS = {
    "status": (b"HTTP/1.1 200 O", b"K"),
    "continue": (b"", b"HTTP/1.1 100 Continue\r\n\r\n"),
    "header": (b"HTTP/1.1 200 OK\r\nX: ", b"x"),
    "body": (b"HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n", b" "),
    "body to the end": (b"HTTP/1.1 200 OK\r\n\r\n", b" "),
    "chunks": (CHUNKED, b"1\r\n \r\n"),
    "size of a chunk": (CHUNKED, b"0"),
    "trailers": (CHUNKED + b"0\r\n", b"X: x\r\n"),
}


@BOTH
@pytest.mark.parametrize("where", DRIPS)
def test_answer_that_drips_is_given_up_in_time_and_may_have_been_heard(
    kit: Kit, monkeypatch: pytest.MonkeyPatch, where: str, request_: gf.Request
) -> None:
    monkeypatch.setattr(client_module, "DIRECT", client_module.Patience(ask_s=SHORT_S))
    wire = kit.wire(drip(*DRIPS[where]))
    begun_s = time.monotonic()
    with pytest.raises(Unreachable) as caught:
        kit.client(wire.url, read_timeout_s=SHORT_S).send(request_)
    assert (caught.value.problem, caught.value.maybe_heard) == (Problem.SLOW, True)
    assert time.monotonic() - begun_s >= SHORT_S


def test_answer_that_drips_over_tls_is_given_up_as_well(kit: Kit, certificates: Certificates) -> None:
    wire = kit.wire(drip(*DRIPS["header"]), tls=certificates.right)
    with pytest.raises(Unreachable) as caught:
        kit.client(wire.url, ca_file=str(certificates.ca), read_timeout_s=SHORT_S).send(GET)
    assert caught.value.problem is Problem.SLOW


def test_server_that_does_not_listen_to_the_end_may_have_heard_enough(kit: Kit) -> None:
    heard, much = bytearray(), 50_000_000

    def dawdle(line: socket.socket) -> None:
        heard.extend(line.recv(1))
        time.sleep(2 * SHORT_S)
        while more := line.recv(1_000_000):
            heard.extend(more)

    client = kit.client(f"http://127.0.0.1:{_port(kit, dawdle)}", read_timeout_s=SHORT_S)
    with pytest.raises(Unreachable) as caught:
        client.send(gf.Request("POST", "/x", body="x" * much))
    assert (caught.value.problem, caught.value.maybe_heard) == (Problem.SLOW, True)
    kit.cleanup.close()
    assert 0 < len(heard) < much


def test_time_that_is_over_before_it_began_is_over(kit: Kit) -> None:
    with pytest.raises(Unreachable) as caught:
        kit.client(kit.wire(OK).url, read_timeout_s=1e-9).send(GET)
    assert caught.value.problem is Problem.SLOW


def flood(head: bytes, wave: bytes) -> Answer:
    """Say the head, and then waves until the other side has had enough."""

    def say(connection: socket.socket, _request: bytes) -> None:
        connection.sendall(head)
        while True:
            connection.sendall(wave)

    return say


FLOODS = {
    "headers": (b"HTTP/1.1 200 OK\r\n", b"X: x\r\n" * 1000),
    "one header": (b"HTTP/1.1 200 OK\r\nX: ", b"x" * 65_536),
    "status": (b"HTTP/1.1 200 ", b"O" * 65_536),
    "chunks": (CHUNKED, b"10000\r\n" + b" " * 65_536 + b"\r\n"),
    "small chunks": (CHUNKED, (b"40\r\n" + b" " * 64 + b"\r\n") * 1000),
    "body to the end": (b"HTTP/1.1 200 OK\r\n\r\n", b" " * 65_536),
    "size of a chunk": (CHUNKED, b"1" * 65_536),
}


@pytest.mark.parametrize("kind", FLOODS)
def test_flood_is_dammed_long_before_memory_is_full(kit: Kit, kind: str) -> None:
    with pytest.raises(BTCPayError) as caught:
        kit.client(kit.wire(flood(*FLOODS[kind])).url).send(GET)
    assert caught.value.problem in (Problem.NONSENSE, Problem.CUT_OFF)
    assert caught.value.maybe_heard
    assert len(caught.value.evidence) < 300


@pytest.mark.parametrize("coding", ["gzip", "deflate", "br", "GZIP, gzip", "zstd"])
def test_packed_answer_is_not_unpacked(kit: Kit, coding: str) -> None:
    bomb = gzip.compress(bytes(50_000_000))
    wire = kit.wire(page("200 OK", f"Content-Encoding: {coding}", body=bomb))
    with pytest.raises(Broken, match="packed"):
        kit.client(wire.url).send(GET)
    assert b"\r\nAccept-Encoding: identity\r\n" in wire.heard[0]


@pytest.mark.parametrize("length", ["-1", "999999999999999999999", "0x10", "5, 5", "9" * 5000])
def test_length_that_is_a_lie_is_not_believed(kit: Kit, length: str) -> None:
    def say(connection: socket.socket, _request: bytes) -> None:
        connection.sendall(f"HTTP/1.1 200 OK\r\nContent-Length: {length}\r\n\r\n{{}}".encode())
        connection.shutdown(socket.SHUT_RDWR)

    client = kit.client(kit.wire(say).url)
    with contextlib.suppress(BTCPayError):
        assert client.send(GET).body == b"{}"


@pytest.mark.parametrize(
    "answer",
    [
        b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n[]",
        CHUNKED + b"2\r\n[]",
        CHUNKED + b"2\r\n[]\r\n",
        CHUNKED + b"9\r\n[]",
        b"",
    ],
)
def test_answer_that_ends_too_early_is_cut_off_even_if_it_could_be_read(kit: Kit, answer: bytes) -> None:
    def say(connection: socket.socket, _request: bytes) -> None:
        connection.sendall(answer)
        connection.shutdown(socket.SHUT_RDWR)

    with pytest.raises(Unreachable) as caught:
        kit.client(kit.wire(say).url).send(GET)
    assert (caught.value.problem, caught.value.maybe_heard) == (Problem.CUT_OFF, True)


def test_what_is_left_of_a_bad_answer_is_not_taken_for_the_next_one(kit: Kit) -> None:
    answers = [b"HTTP/1.1 200 OK\r\nContent-Encoding: br\r\nContent-Length: 2\r\n\r\n{}HTTP/1.1 200 OK\r\n\r\nevil"]

    def say(connection: socket.socket, request: bytes) -> None:
        if answers:
            connection.sendall(answers.pop())
        else:
            OK(connection, request)

    client = kit.client(kit.wire(say).url)
    with pytest.raises(Broken):
        client.send(GET)
    assert client.send(GET).body == b"{}"


def test_server_that_hangs_up_between_two_calls_is_dialled_again(kit: Kit) -> None:
    def say(connection: socket.socket, request: bytes) -> None:
        OK(connection, request)
        connection.shutdown(socket.SHUT_RDWR)

    wire = kit.wire(say)
    client = kit.client(wire.url)
    for _ in range(3):
        assert client.send(GET).body == b"{}"
        time.sleep(0.05)  # its farewell has to arrive
    assert wire.calls == 3


@pytest.mark.parametrize("status", ["413 Too Large", "429 Slow down", "503 Later"])
def test_server_that_says_when_to_come_back_is_neither_waited_for_nor_asked_again(kit: Kit, status: str) -> None:
    wire = kit.wire(page(status, "Retry-After: 3600"))
    assert kit.client(wire.url).send(GET).status == int(status[:3])
    assert len(wire.heard) == 1


def test_any_answer_is_taken_or_told_what_is_wrong_with_it(kit: Kit) -> None:
    dice = Random(1)
    good = b"HTTP/1.1 200 OK\r\nSet-Cookie: a=b; expires=Wed, 23 Jul 2025 05:53:20 GMT; Max-Age=9; Domain=127.0.0.1\r\n"
    odd = (b"", b"\r\n", b"\0", b"\xff", b" ", b":", b";", b"=", b",", b"\t", b"\x80", b"99999999999999999999", b"-1")
    ends = (b"Content-Length: 2\r\n\r\n{}", b"Transfer-Encoding: chunked\r\n\r\n2;x=y\r\n{}\r\n0\r\nX: y\r\n\r\n")

    def say(connection: socket.socket, _request: bytes) -> None:
        answer = bytearray(good + dice.choice(ends))
        for _ in range(dice.randint(1, 4)):
            where = dice.randrange(len(answer))
            answer[where : where + dice.randint(0, 3)] = dice.choice(odd)
        connection.sendall(answer)
        connection.shutdown(socket.SHUT_RDWR)

    client = kit.client(kit.wire(say).url, read_timeout_s=SHORT_S)
    for _ in range(300):
        with contextlib.suppress(BTCPayError):
            client.send(GET)


def test_sequences_a_terminal_obeys_stay_out_of_the_evidence(kit: Kit) -> None:
    nasty = "\x1b[2J\r\n\u202eevil\u2066\u200b\u2028\x85\x00"
    for status in ("200 OK", "500 Oops", "403 No"):
        wire = kit.wire(page(status, f"Content-Type: text/{'x' * 500}\x1b[2J", body=nasty.encode()))
        with pytest.raises(BTCPayError) as caught:
            gf.invoice(kit.client(wire.url).send(GET))
        assert caught.value.evidence.isprintable()
        assert len(caught.value.evidence) < 1000


# What is left of the key


def test_key_is_in_no_error_of_any_depth(kit: Kit) -> None:
    for key in (f"{KEY}\n", f"{KEY}\r\nX: y", f"{KEY}\u20ac"):
        with pytest.raises(Broken) as caught:
            kit.client(kit.wire(OK).url, key=key).send(GET)
        assert (caught.value.maybe_heard, caught.value.__cause__, caught.value.__context__) == (False, None, None)


@pytest.mark.parametrize(
    "head", ["", "HTTP/1.1 200 OK\r\nno header:\r\n ", "HTTP/1.1 200 OK\r\nno header at all ", "HTTP/1.1 x"]
)
def test_key_that_comes_back_where_no_answer_can_be_read_is_in_no_log(
    kit: Kit, caplog: pytest.LogCaptureFixture, head: str
) -> None:
    def say(connection: socket.socket, request: bytes) -> None:
        connection.sendall(head.encode() + request.partition(b"\r\nAuthorization: ")[2])
        connection.shutdown(socket.SHUT_RDWR)

    caplog.set_level(logging.INFO)
    evidence = ""
    try:
        kit.client(kit.wire(say).url).send(GET)
    except BTCPayError as exc:
        evidence = str(exc)
    assert KEY not in evidence + caplog.text


def test_traceback_of_a_failed_call_shows_no_key(kit: Kit) -> None:
    script = (
        "from pos.btcpay.client import Client; from pos.btcpay.greenfield import get_health;"
        "from pos.core.route import Route; import sys;"
        "Client(Route('http://127.0.0.1:1'), sys.stdin.read()).send(get_health())"
    )
    run = subprocess.run(
        [sys.executable, "-c", script], input=KEY, capture_output=True, text=True, check=False,
        cwd=Path(__file__).parents[2],
    )  # fmt: skip
    assert "Unreachable" in run.stderr
    assert KEY not in run.stderr
