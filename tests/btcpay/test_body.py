"""JSON of a server that nobody trusts."""

import json
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pos.btcpay import body
from pos.btcpay import greenfield as gf
from pos.btcpay.refusals import Response
from pos.errors import Broken, BTCPayError

KEY = "4b1d5a0c3f2e49870f6be15c2d8a7391e04c6f5d"
READERS = (gf.invoice, gf.invoices, gf.payment_methods, gf.healthy, gf.current_key)
DEEP = 200
"""Deep enough for trouble, not for the parser's own limit; the next is deeper than that."""


def answer(text: str | bytes, status: int = 200) -> Response:
    return Response(status, "application/json", None, text.encode() if isinstance(text, str) else text)


@pytest.mark.parametrize(
    "text",
    ['{"a": 1, "a": 2}', '{"a": {"b": 1, "b": 1}}', '{"a": NaN}', '{"a": Infinity}', '{"a": -Infinity}', "{} {}",
     "[" * 100_000, '{"a":' * 100_000, "\x00{}", '{"a": "\n"}', "{'a': 1}", '{"a": 01}', f'{{"a": {"9" * 10_000}}}'],
)  # fmt: skip
def test_what_is_no_json_or_says_two_things_is_nonsense(text: str) -> None:
    with pytest.raises(Broken, match="not JSON"):
        body.read(answer(text), dict)


def nested(depth: int) -> str:
    return "[" * depth + "]" * depth


PLACES = ("id", "amount", "currency", "status", "createdTime", "metadata", "paymentMethods")
PROMPT_PLACES = ("paymentMethodId", "destination", "due", "totalPaid", "rate")


@pytest.mark.parametrize("depth", [DEEP, sys.getrecursionlimit() - 100, 50_000])
@pytest.mark.parametrize("place", [*PLACES, *PROMPT_PLACES, "orderId", "permissions"])
def test_value_that_is_nested_without_end_breaks_nothing(place: str, depth: int) -> None:
    invoice: dict[str, object] = {
        "id": "A", "amount": "1", "currency": "JPY", "type": "Standard", "status": "New", "additionalStatus": "None",
        "createdTime": 1, "expirationTime": 1, "monitoringExpiration": 1,
    }  # fmt: skip
    prompt = {"paymentMethodId": "BTC-LN", "destination": "x", "due": "0", "totalPaid": "0", "rate": "1"}
    invoice |= {"paymentMethods": [prompt], "metadata": {"orderId": "x"}}
    marked = json.dumps(invoice | {place: "HERE"}) if place in PLACES else json.dumps({"permissions": "HERE"})
    if place in PROMPT_PLACES:
        marked = json.dumps(invoice | {"paymentMethods": [prompt | {place: "HERE"}]})
    if place == "orderId":
        marked = json.dumps(invoice | {"metadata": {place: "HERE"}})
    for read in READERS:
        evidence = ""
        try:
            read(answer(marked.replace('"HERE"', nested(depth))))
        except BTCPayError as exc:
            evidence = exc.evidence
        assert len(evidence) < 1000
        assert evidence.isprintable()


@pytest.mark.parametrize(
    "text", ["K1 42", "a\nb", "\x1b[2J", "\u202eevil", "\u200b", "ｆｕｌｌ", "x" * 201, "\ud800", "é"]
)
def test_word_of_a_server_is_visible_ascii(text: str) -> None:
    with pytest.raises(ValueError, match="is not a word"):
        body.word(text)


@pytest.mark.parametrize("value", [None, 1, True, [], {}])
def test_word_is_text(value: object) -> None:
    with pytest.raises(TypeError):
        body.word(value)


@pytest.mark.parametrize("value", [-1, 1 << 40, 10**400, True, "1", 1.5, None])
def test_time_is_one_that_a_clock_can_show(value: object) -> None:
    with pytest.raises(TypeError):
        body.unix(value)


# What the key may do: the one answer that repeats the key


def test_permissions_are_read_as_they_stand() -> None:
    text = '{"apiKey": "x", "label": "y", "permissions": ["a.b:S", "unrestricted", "a.b:S"]}'
    assert gf.current_key(answer(text)) == {"a.b:S", "unrestricted"}


ESCAPED = "".join(f"\\u{ord(letter):04x}" for letter in KEY)


@pytest.mark.parametrize(
    "rest",
    ["", ', "permissions": null', ', "permissions": "a.b"', ', "permissions": {"a": 1}', ', "permissions": [1]',
     ', "permissions": ["a b"]', ', "permissions": ["\\u202e"]', ', "permissions": [["a"]]', ', "permissions": [',
     ', "permissions": [NaN]'],
)  # fmt: skip
@pytest.mark.parametrize("key", [KEY, ESCAPED])
def test_answer_that_repeats_the_key_is_no_evidence(key: str, rest: str) -> None:
    with pytest.raises(Broken, match="not an API key") as caught:
        gf.current_key(answer(f'{{"apiKey": "{key}"{rest}}}'))
    error: BaseException | None = caught.value
    assert key[:20] not in str(error)
    assert caught.value.evidence.endswith("body=''")
    assert error.__suppress_context__


@given(st.text() | st.binary().map(lambda raw: raw.decode("latin-1")))
def test_whatever_the_text_permissions_are_words_or_refused(text: str) -> None:
    for raw in (text, json.dumps({"permissions": [text]})):
        try:
            held = gf.current_key(answer(raw.encode("utf-8", "surrogatepass")))
        except BTCPayError:
            continue
        assert all(word.isascii() and word.isprintable() and " " not in word for word in held)
