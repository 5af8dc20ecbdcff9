"""Everything that can stand between the till and its server, one row each, over real HTTP.

Rule: a row says what the till makes of it: who must act, which sentence is shown, and whether the server may have
heard. Each row is met twice: by the clerk alone, and by a worker whose log is then read.
"""

import contextlib
import logging
import select
import socket
from collections.abc import Callable
from dataclasses import dataclass
from random import Random

import pytest

from pos.btcpay import client as client_module
from pos.btcpay.clerk import Clerk
from pos.core.duties import Create
from pos.core.problem import Problem
from pos.demo.access import CREATE, MODIFY_STORE, VIEW
from pos.demo.misfortune import Misfortune
from pos.errors import Broken, BTCPayError, Denied, Refused, Unreachable
from pos.mailbox import Failed, Mailbox
from pos.pace import Pace
from pos.runtime import Crew
from tests.samples import ATTEMPT, T0_S, WORDS

from .conftest import KEY, Kit, terms
from .wire import Answer, break_tls, echo, page, stall

P = Problem
HEARD, NOT_HEARD = True, False
SHORT_S = 0.25


@dataclass(frozen=True, slots=True)
class Row:
    """One failure: how it is brought about and what it means."""

    name: str
    arrange: Callable[[Kit], Clerk]
    error: type[BTCPayError]
    problem: Problem
    maybe_heard: bool
    evidence: str = ""


def suffers(kind: str, **more: object) -> Callable[[Kit], Clerk]:
    """Let the demo server meet a misfortune whenever an invoice is asked for."""

    def arrange(kit: Kit) -> Clerk:
        server = kit.server()
        server.suffer(Misfortune(kind=kind, on="create", times=None, **more))  # type: ignore[arg-type]
        return kit.clerk(server, **{"read_timeout_s": SHORT_S} if kind in ("hang", "delay") else {})

    return arrange


def says(answer: Answer, **client: float) -> Callable[[Kit], Clerk]:
    """Let a stranger answer."""
    return lambda kit: _clerk(kit, kit.wire(answer).url, **client)


def _clerk(kit: Kit, url: str, **client: object) -> Clerk:
    return Clerk(kit.client(url, **client), terms(kit.server()), lambda: T0_S)


def nobody_listens(kit: Kit) -> Clerk:
    server = kit.server()
    server.down()
    return kit.clerk(server)


def no_such_host(kit: Kit) -> Clerk:
    return _clerk(kit, "http://btcpay.example:8080")


def queue_is_full(kit: Kit) -> Clerk:
    """Give an address whose backlog is full: the kernel lets further connections wait unanswered."""
    port = kit.cleanup.enter_context(socket.create_server(("127.0.0.1", 0), backlog=0))
    for _ in range(4):
        waiting = kit.cleanup.enter_context(socket.socket())
        waiting.setblocking(False)
        with contextlib.suppress(BlockingIOError):
            waiting.connect(port.getsockname())
        if not select.select([], [waiting], [], 0.05)[1]:
            break
    return _clerk(kit, f"http://127.0.0.1:{port.getsockname()[1]}")


def key_is_wrong(kit: Kit) -> Clerk:
    return kit.clerk(kit.server(), key="f" * 40)


def permission_is_missing(kit: Kit) -> Clerk:
    return kit.clerk(kit.server(permissions={VIEW}))


def may_not_view(kit: Kit) -> Clerk:
    return kit.clerk(kit.server(permissions={CREATE}))


def may_move_money(kit: Kit) -> Clerk:
    return kit.clerk(kit.server(permissions={CREATE, VIEW, MODIFY_STORE}))


def store_is_wrong(kit: Kit) -> Clerk:
    server = kit.server()
    return Clerk(kit.client(server.url), terms(server, store_id="NoSuchStore"), lambda: T0_S)


def ca_is_unknown(kit: Kit) -> Clerk:
    return kit.clerk(kit.server(tls=kit.certificates().right))


def host_is_another(kit: Kit) -> Clerk:
    return kit.clerk(kit.server(tls=kit.certificates().wrong), ca_file=str(kit.certificates().ca))


def certificate_is_another(kit: Kit) -> Clerk:
    tls = kit.certificates()
    return kit.clerk(kit.server(tls=tls.right), ca_file=str(tls.ca), fingerprint="0" * 64)


def ca_file_is_gone(kit: Kit) -> Clerk:
    return kit.clerk(kit.server(tls=kit.certificates().right), ca_file="/nowhere/ca.pem")


def tls_breaks(kit: Kit) -> Clerk:
    wire = kit.wire(break_tls, tls=kit.certificates().right)
    return _clerk(kit, wire.url, ca_file=str(kit.certificates().ca))


HTML = "Content-Type: text/html"
PAGE = b"<html>restarting\x1b[2J</html>"

TABLE = (
    Row("connection refused", nobody_listens, Unreachable, P.UNREACHABLE, NOT_HEARD, "ConnectionRefusedError"),
    Row("no such host", no_such_host, Unreachable, P.UNREACHABLE, NOT_HEARD, "Name or service not known"),
    Row("no answer to connecting", queue_is_full, Unreachable, P.UNREACHABLE, NOT_HEARD, "TimeoutError"),
    Row("slow answer", suffers("hang"), Unreachable, P.SLOW, HEARD, "TimeoutError"),
    Row("answer after the till left", suffers("delay", seconds=60, after=True), Unreachable, P.SLOW, HEARD),
    Row("slow in the middle", says(stall, read_timeout_s=SHORT_S), Unreachable, P.SLOW, HEARD, "timed out"),
    Row("408", says(page("408 Timeout")), Broken, P.SLOW, HEARD, "status=408"),
    Row("reset before the work", suffers("drop"), Unreachable, P.CUT_OFF, HEARD),
    Row("reset after the work", suffers("drop", after=True), Unreachable, P.CUT_OFF, HEARD),
    Row("reset in the middle", suffers("cut"), Unreachable, P.CUT_OFF, HEARD),
    Row("no HTTP at all", says(lambda c, _: c.sendall(b"\x1b[2J\r\n\r\n")), Unreachable, P.CUT_OFF, HEARD),
    Row("unknown CA", ca_is_unknown, Unreachable, P.TLS, NOT_HEARD, "CERTIFICATE_VERIFY_FAILED"),
    Row("certificate of another host", host_is_another, Unreachable, P.TLS, NOT_HEARD, "IP address mismatch"),
    Row("another certificate", certificate_is_another, Unreachable, P.CERTIFICATE_CHANGED, NOT_HEARD, "shown sha256="),
    Row("CA file gone", ca_file_is_gone, Unreachable, P.TLS, NOT_HEARD, "FileNotFoundError"),
    Row("TLS broken in the middle", tls_breaks, Unreachable, P.TLS, HEARD),
    Row("301", says(page("301 Moved", "Location: /x", HTML, body=PAGE)), Refused, P.REDIRECT, NOT_HEARD, "301"),
    Row("302", suffers("redirect", url="https://x.example"), Refused, P.REDIRECT, NOT_HEARD, "status=302"),
    Row("307", suffers("redirect-307", url="https://x.example"), Refused, P.REDIRECT, NOT_HEARD, "status=307"),
    Row("308 to nonsense", says(page("308 To", "Location: http://[")), Refused, P.REDIRECT, NOT_HEARD, "status=308"),
    Row("401", key_is_wrong, Denied, P.KEY_UNKNOWN, NOT_HEARD, "Unknown API Key"),
    Row("403", suffers("403"), Denied, P.FORBIDDEN, NOT_HEARD, "missing-permission"),
    Row("key may not create", permission_is_missing, Denied, P.KEY_TOO_WEAK, NOT_HEARD, f"missing: {CREATE}"),
    Row("key may not view", may_not_view, Denied, P.KEY_TOO_WEAK, NOT_HEARD, f"missing: {VIEW}"),
    Row("key is for another store", store_is_wrong, Denied, P.KEY_TOO_WEAK, NOT_HEARD, CREATE),
    Row("key may move money", may_move_money, Denied, P.KEY_TOO_STRONG, NOT_HEARD, f"not allowed: {MODIFY_STORE}"),
    Row("404", suffers("404"), Refused, P.NOT_FOUND, NOT_HEARD, "invoice-not-found"),
    Row("404 empty", suffers("404-empty"), Refused, P.NOT_FOUND, NOT_HEARD, "status=404 type='' body=''"),
    Row("422 is a list", suffers("422"), Refused, P.INVALID, NOT_HEARD, "Checkout.PaymentMethods[0]"),
    Row("429", suffers("429"), Refused, P.BUSY, NOT_HEARD, "Too many requests"),
    Row("429 as a page", says(page("429 Slow down", HTML, body=PAGE)), Refused, P.BUSY, NOT_HEARD),
    Row("410", says(page("410 Gone", body=b'{"code":"unsupported-in-v2"}')), Refused, P.DECLINED, NOT_HEARD),
    Row("400 node down", suffers("lightning-down"), Refused, P.LIGHTNING_DOWN, NOT_HEARD, "Connection refused"),
    Row("400 node slow", suffers("lightning-slow"), Refused, P.LIGHTNING_DOWN, NOT_HEARD, "timely manner"),
    Row("400 no wallet", suffers("no-wallet"), Refused, P.DECLINED, NOT_HEARD, "No wallet"),
    Row("400 no rate", suffers("rate-down"), Refused, P.NO_RATE, NOT_HEARD, "BTC_JPY"),
    Row("400 else", says(page("400 Bad", body=b'{"message":"No active user"}')), Refused, P.DECLINED, NOT_HEARD),
    Row("500 empty", suffers("500"), Broken, P.SERVER_ERROR, HEARD, "status=500 type='' body=''"),
    Row("500 after the work", suffers("500", after=True), Broken, P.SERVER_ERROR, HEARD),
    Row("500 with the key in it", says(echo), Broken, P.SERVER_ERROR, HEARD, "Authorization: token ***"),
    Row("502 as a page", suffers("502"), Broken, P.PROXY_PAGE, HEARD, "Bad Gateway"),
    Row("503 as a page", suffers("503"), Broken, P.PROXY_PAGE, HEARD),
    Row("504 as a page", suffers("504", after=True), Broken, P.PROXY_PAGE, HEARD),
    Row("403 as a page", says(page("403 No", HTML, body=PAGE)), Broken, P.PROXY_PAGE, HEARD),
    Row("200 as a page", suffers("html"), Broken, P.PROXY_PAGE, HEARD, "Sign in"),
    Row("204", says(page("204 No Content")), Broken, P.NONSENSE, HEARD, "status=204"),
    Row("200 empty", suffers("empty"), Broken, P.NONSENSE, HEARD, "not JSON"),
    Row("JSON cut short", suffers("truncated"), Broken, P.NONSENSE, HEARD, "not JSON"),
    Row("no JSON", suffers("garbage"), Broken, P.NONSENSE, HEARD, "not JSON"),
    Row("JSON of another shape", suffers("wrong-shape"), Broken, P.NONSENSE, HEARD, "not an invoice"),
    Row("a list", suffers("list"), Broken, P.NONSENSE, HEARD, "another shape: list"),
    Row("null", suffers("null"), Broken, P.NONSENSE, HEARD, "another shape: NoneType"),
    Row("24 MB", suffers("huge"), Broken, P.NONSENSE, HEARD, "more than 1000000 bytes"),
    Row("gzip that is none", says(page("200 OK", "Content-Encoding: gzip", body=b"{}")), Broken, P.NONSENSE, HEARD),
)


@pytest.fixture(params=TABLE, ids=lambda row: row.name)
def row(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch, kit: Kit) -> Row:
    wanted: Row = request.param
    if wanted.arrange is queue_is_full:
        monkeypatch.setattr(client_module, "DIRECT", client_module.Patience(connect_s=SHORT_S))
    if wanted.arrange is no_such_host:

        def unknown(*_: object, **__: object) -> None:
            raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

        monkeypatch.setattr(socket, "getaddrinfo", unknown)
    return wanted


def test_failure_has_its_own_meaning(row: Row, kit: Kit) -> None:
    clerk = row.arrange(kit)
    with pytest.raises(BTCPayError) as caught:
        clerk.perform(Create(ATTEMPT))
    failure = caught.value
    assert (type(failure), failure.problem, failure.maybe_heard) == (row.error, row.problem, row.maybe_heard)
    assert row.evidence in failure.evidence
    if not failure.maybe_heard:
        assert [invoice for server in kit.servers for invoice in server.shop.invoices()] == []


def test_failure_leaves_its_evidence_in_the_log(row: Row, kit: Kit, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    clerk, mailbox = row.arrange(kit), Mailbox()
    never = Pace(back_off_s=3600, back_off_most_s=3600, health_s=3600)
    crew = Crew(lambda: clerk, mailbox, never, Random(1))
    crew.assign(ATTEMPT.id, Create(ATTEMPT))
    crew.start()
    letters = []
    while not any(isinstance(letter, Failed) for letter in letters):
        assert select.select([mailbox], [], [], 10)[0], "no letter came"
        letters += mailbox.collect()
    crew.stop(wait_s=10)
    mailbox.close()
    assert Failed(ATTEMPT.id, row.problem, row.maybe_heard) in letters
    (line,) = (record.getMessage() for record in caplog.records if record.getMessage().startswith("visit "))
    assert line.startswith(f"visit payment={ATTEMPT.id} duty=Create problem={row.problem} ")
    assert row.evidence in line
    assert line.isprintable()
    assert len(line) < 1000
    assert KEY not in caplog.text
    assert "f" * 40 not in caplog.text


def test_every_problem_is_in_the_table() -> None:
    assert {row.problem for row in TABLE} == set(Problem)


@pytest.mark.parametrize("language", ["ja", "en"])
def test_every_problem_has_a_sentence_of_its_own(language: str) -> None:
    sentences = {name: text for name, text in WORDS[language].sentences.items() if name.startswith("problem.")}
    assert sentences.keys() == {f"problem.{problem}" for problem in Problem}
    assert len(set(sentences.values())) == len(Problem)


@pytest.mark.parametrize("kind", ["404", "429", "422", "401", "redirect"])
def test_refusal_behind_a_made_invoice_is_no_reason_to_make_another(kit: Kit, kind: str) -> None:
    server = kit.server()
    server.suffer(Misfortune(kind=kind, on="prompts", url="https://x.example"))
    with pytest.raises(BTCPayError) as caught:
        kit.clerk(server).perform(Create(ATTEMPT))
    assert caught.value.maybe_heard
    assert len(server.shop.invoices()) == 1
