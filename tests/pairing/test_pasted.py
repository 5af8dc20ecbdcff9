"""What owners type, paste and scan, right and wrong."""

from collections.abc import Mapping
from contextlib import suppress
from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pos.errors import PairingError
from pos.pairing import authorize_url, read_key_text, sentence, server_address
from pos.words import Words

from .conftest import KEY


def reason_of(call, text: str) -> str:  # type: ignore[no-untyped-def]
    with pytest.raises(PairingError) as caught:
        call(text)
    assert text.strip() == "" or text.strip() not in str(caught.value)
    chain: BaseException | None = caught.value
    while chain is not None:
        assert KEY not in repr(chain)
        chain = chain.__cause__ or (None if chain.__suppress_context__ else chain.__context__)
    return caught.value.reason


@pytest.mark.parametrize(("typed", "address"), [
    ("https://btcpay.example.com", "https://btcpay.example.com"),
    ("  https://btcpay.example.com/ \n", "https://btcpay.example.com"),
    ("btcpay.example.com", "https://btcpay.example.com"),
    ("btcpay.example.com/root", "https://btcpay.example.com/root"),
    ("btcpay.local:8443", "https://btcpay.local:8443"),
    ("http://192.168.1.20:23000", "http://192.168.1.20:23000"),
    ("abcdef.onion", "http://abcdef.onion"),
])
def test_an_address_is_read_as_people_write_it(typed: str, address: str) -> None:
    assert server_address(typed) == address


@pytest.mark.parametrize(("typed", "reason"), [
    ("", "url"), ("   ", "url"), ("x" * 5000, "url"), ("https://", "url"), ("http://btcpay.example.com", "url_http"),
    ("https://me:pw@btcpay.example.com", "url_password"), ("https://btcpay.example.com/stores/abc", "url_page"),
])
def test_what_is_no_address_is_refused_with_the_sentence_of_the_configuration(
    typed: str, reason: str, words: Mapping[str, Words]
) -> None:
    assert reason_of(server_address, typed) == reason
    assert sentence(PairingError(reason), words["en"]) == words["en"](f"config.wrong.{reason}")


def test_the_page_that_makes_a_key_asks_for_no_more_than_needed() -> None:
    parts = urlsplit(authorize_url("https://btcpay.example.com/root"))
    assert (parts.netloc, parts.path) == ("btcpay.example.com", "/root/api-keys/authorize")
    assert parse_qs(parts.query) == {
        "applicationName": ["Bar Kiosk"],
        "strict": ["true"],
        "selectiveStores": ["true"],
        "permissions": ["btcpay.store.cancreateinvoice", "btcpay.store.canviewinvoices"],
    }


@pytest.mark.parametrize(("typed", "address"), [
    (KEY, None), (f"  {KEY}\r\n", None), (KEY.upper(), None),
    (f'{{"apiKey":"{KEY}","host":"https://btcpay.example.com/"}}', "https://btcpay.example.com"),
    (f'{{"ApiKey": " {KEY} ", "Host": "https://btcpay.example.com"}}', "https://btcpay.example.com"),
    (f'{{"apiKey":"{KEY}"}}', None), (f'{{"apiKey":"{KEY}","host":7}}', None),
    (f'{{"apiKey":"{KEY}","host":"not an address"}}', None),
])
def test_a_key_is_read_alone_or_from_btcpays_own_qr(typed: str, address: str | None) -> None:
    pasted = read_key_text(typed)
    assert pasted.key.reveal().lower() == KEY
    assert pasted.address == address
    assert KEY not in repr(pasted)


@given(st.one_of(st.text(), st.from_regex(r"\{.{0,40}apiKey.{0,60}\}")))
def test_any_text_is_a_key_or_refused(typed: str) -> None:
    with suppress(PairingError):
        assert len(read_key_text(typed).key.reveal()) == 40


@given(st.text())
def test_any_text_is_an_address_or_refused(typed: str) -> None:
    with suppress(PairingError):
        assert server_address(typed).lower().startswith(("http://", "https://"))


@pytest.mark.parametrize(("typed", "reason"), [
    ("", "key_empty"), ("\n", "key_empty"), ("https://btcpay.example.com", "key_link"),
    ("LNBC1PVJLUEZ", "key_invoice"), ("lightning:lnbc1", "key_invoice"), ("bitcoin:bc1q", "key_invoice"),
    *((rubbish, "key_garbled") for rubbish in (
        "hello", KEY[:-1], KEY + "0", f"{KEY} {KEY}", "鍵" * 40, "{", f'{{"apiKey":"{KEY}"', "{}", '{"apiKey":7}',
        '{"apiKey":"short"}', "[" * 5000, '{"a":' * 700 + "1", "{" + "x" * 5000,
    )),
])
def test_rubbish_is_refused_and_never_repeated(typed: str, reason: str, words: Mapping[str, Words]) -> None:
    assert reason_of(read_key_text, typed) == reason
    for book in words.values():
        assert sentence(PairingError(reason), book) == book(f"pair.wrong.{reason}")
