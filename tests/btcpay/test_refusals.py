"""What an answer's status, type and body mean, without a network."""

import json

import pytest

from pos.btcpay.refusals import Response, nonsense, refuse
from pos.core.problem import Problem
from pos.errors import Broken, BTCPayError, Denied, Refused


def refused(status: int, body: bytes = b"", media: str = "application/json") -> BTCPayError:
    with pytest.raises(BTCPayError) as caught:
        refuse(Response(status, media, None, body))
    return caught.value


@pytest.mark.parametrize("media", ["", "application/json", "application/json; charset=utf-8", "text/plain"])
def test_200_that_may_be_json_passes(media: str) -> None:
    refuse(Response(200, media, None, b"anything"))


@pytest.mark.parametrize(
    ("status", "error", "problem", "maybe_heard"),
    [
        (101, Broken, Problem.NONSENSE, True),
        (201, Broken, Problem.NONSENSE, True),
        (204, Broken, Problem.NONSENSE, True),
        (300, Refused, Problem.REDIRECT, False),
        (399, Refused, Problem.REDIRECT, False),
        (400, Refused, Problem.DECLINED, False),
        (401, Denied, Problem.KEY_UNKNOWN, False),
        (403, Denied, Problem.FORBIDDEN, False),
        (404, Refused, Problem.NOT_FOUND, False),
        (405, Refused, Problem.DECLINED, False),
        (408, Broken, Problem.SLOW, True),
        (422, Refused, Problem.INVALID, False),
        (429, Refused, Problem.BUSY, False),
        (499, Refused, Problem.DECLINED, False),
        (500, Broken, Problem.SERVER_ERROR, True),
        (599, Broken, Problem.SERVER_ERROR, True),
    ],
)
def test_status_tells_who_must_act(
    status: int, error: type[BTCPayError], problem: Problem, maybe_heard: bool
) -> None:
    failure = refused(status)
    assert (type(failure), failure.problem, failure.maybe_heard) == (error, problem, maybe_heard)


@pytest.mark.parametrize("status", [200, 400, 401, 403, 404, 422, 500, 502])
@pytest.mark.parametrize("media", ["text/html", "text/html; charset=utf-8", "application/xhtml+xml"])
def test_page_is_never_btcpays_answer(status: int, media: str) -> None:
    failure = refused(status, b"<html>", media)
    assert (type(failure), failure.problem, failure.maybe_heard) == (Broken, Problem.PROXY_PAGE, True)


@pytest.mark.parametrize(("status", "problem"), [(301, Problem.REDIRECT), (429, Problem.BUSY)])
def test_page_around_a_plain_status_does_not_hide_it(status: int, problem: Problem) -> None:
    assert refused(status, b"<html>", "text/html").problem is problem


_START = "Error retrieving a matching payment method or rate.\n"


@pytest.mark.parametrize(
    ("message", "problem"),
    [
        (_START + "BTC-LN: Payment method unavailable (Impossible to create an invoice)", Problem.LIGHTNING_DOWN),
        (_START + "BTC-LN: Payment method unavailable (The lightning node did not reply)", Problem.LIGHTNING_DOWN),
        (_START, Problem.LIGHTNING_DOWN),
        ("No wallet has been linked to your BTCPay Store.", Problem.DECLINED),
        (_START + "BTC-LN: Unable to get rate(s) BTC_JPY, this payment method disabled", Problem.NO_RATE),
        (_START + "Error from exchange bitbank (timeout)", Problem.NO_RATE),
        (_START + "BTC-LN: Invoice amount above accepted value for payment method", Problem.DECLINED),
        ("Invoice creation is disabled for this store (No active user)", Problem.DECLINED),
    ],
)
def test_words_of_a_400_tell_why_there_is_no_invoice(message: str, problem: Problem) -> None:
    assert refused(400, json.dumps({"code": "generic-error", "message": message}).encode()).problem is problem


@pytest.mark.parametrize(
    "body", [b"", b"null", b"[]", b'"text"', b"{", b"\xff", b"[" * 100_000, b'{"message": null}', b'{"message": [1]}']
)
def test_400_of_any_other_shape_is_declined(body: bytes) -> None:
    assert refused(400, body).problem is Problem.DECLINED


def test_evidence_is_one_short_line_without_control_characters() -> None:
    failure = refused(500, "two\r\nlines \x1b[2J\0 and 生ビール ".encode() * 100 + b"\xff", "text/x\r\n" + "y" * 500)
    assert failure.evidence.isprintable()
    assert failure.evidence.startswith("status=500 type=")
    assert "生ビール" in failure.evidence
    assert len(failure.evidence) < 500


def test_nonsense_is_short_whatever_the_reason_says() -> None:
    failure = nonsense(Response(200, "", None, b"x" * 10_000), "y" * 10_000)
    assert (failure.problem, failure.maybe_heard) == (Problem.NONSENSE, True)
    assert len(failure.evidence) < 1000
