"""What the fuzzing found, in the words of whoever would have met it."""

from pathlib import Path

import pytest

from pos import words as spoken
from pos.btcpay import client
from pos.btcpay import greenfield as gf
from pos.btcpay.refusals import Response
from pos.config import url_mistake
from pos.core.money import Money, msat_from_btc
from pos.errors import Broken, ConfigError, PairingError
from pos.journal import record
from pos.pairing import server_address
from pos.pairing.block import with_server
from pos.yaml_lines import Table, read, scalars
from tests.fuzz import corpus


def invoice(old: str, new: str) -> gf.Invoice:
    """Read the good invoice with its payment methods, with a word in it changed."""
    body = corpus.good("greenfield")[1].partition(b"\n")[2].decode()
    assert old in body
    return gf.invoice(Response(200, "application/json", None, body.replace(old, new).encode()))


def test_money_that_came_is_never_told_as_more_than_there_is() -> None:
    """A notice spoke of a million bitcoin times ten to the 99th; the journal held it for ever."""
    with pytest.raises(ValueError, match="more than there is"):
        msat_from_btc("9999e99")


@pytest.mark.parametrize(
    ("old", "new"),
    [
        pytest.param('"HMprBnL9BTXWuPvpoKBS6e"', '""', id="an invoice with no name, that could never be asked for"),
        pytest.param('"totalPaid": "0"', '"totalPaid": "-1"', id="less than nothing paid: more is due than the order"),
    ],
)
def test_an_answer_that_cannot_be_true_is_nonsense(old: str, new: str) -> None:
    with pytest.raises(Broken):
        invoice(old, new)


def test_a_customer_is_told_no_rate_below_nothing() -> None:
    """The customer read that a bitcoin costs minus five yen."""
    prompts = invoice('"rate": "17009000.0"', '"rate": "-5"').prompts
    assert prompts
    assert gf.rate_of(prompts[0], "JPY") == Money(0, "JPY")


@pytest.mark.parametrize("header", ["2 Nov 6 9:9999999999", "1 Jan 0001 00:02400009999"])
def test_a_server_whose_clock_stands_beyond_all_years_is_one_without_a_clock(header: str) -> None:
    """Every visit broke with an error of ours, and the log told of a fault in the till."""
    assert client._date(header) is None


@pytest.mark.parametrize("sentence", ["{amount", "amount}", "{}", "{0}", "{amount.x}", "{amount[0]}", "{amount[.]}"])
def test_a_sentence_with_a_stray_brace_is_told_at_the_start_and_not_in_the_middle_of_a_sale(
    sentence: str, tmp_path: Path
) -> None:
    (tmp_path / "en.yaml").write_text(f'menu:\n  pay: "{sentence}"\n')
    with pytest.raises(ConfigError, match=r"menu\.pay"):
        spoken.load("en", tmp_path)


@pytest.mark.parametrize("sentence", ['""', "|", '" "'])
def test_a_button_without_a_word_is_told_at_the_start(sentence: str, tmp_path: Path) -> None:
    (tmp_path / "en.yaml").write_text(f"menu:\n  pay: {sentence}\n  other: x\n")
    with pytest.raises(ConfigError, match=r"menu\.pay"):
        spoken.load("en", tmp_path)


def test_a_complaint_about_the_words_shows_no_invisible_key(tmp_path: Path) -> None:
    (tmp_path / "en.yaml").write_text("\u2068:\n", encoding="utf-8")
    with pytest.raises(ConfigError) as caught:
        spoken.load("en", tmp_path)
    assert all(complaint.key.isprintable() for complaint in caught.value.complaints)


def test_an_address_typed_with_a_colon_and_no_port_is_refused() -> None:
    with pytest.raises(PairingError, match="url"):
        server_address("btcpay.example:")


def test_an_address_that_ends_with_a_colon_can_be_written_down() -> None:
    """The pairing said that kiosk.yaml cannot be read, and the owner had only typed an address."""
    address = server_address("btcpay.example/shop:")
    document = read(with_server("server: demo\n", {"url": address}))
    assert isinstance(document.root, Table)
    assert [written.text for _, written in scalars(document.root)] == [address]


@pytest.mark.parametrize("letter", ["\u0130", "\u0131", "\u017f", "\u212a"])
def test_an_address_with_a_letter_that_only_looks_plain_is_refused(letter: str) -> None:
    assert url_mistake(f"https://btcpay.example/{letter}") == "url"


def test_half_a_letter_in_a_damaged_journal_is_damage() -> None:
    """An order came back whose names could be neither shown nor sent."""
    with pytest.raises(ValueError, match=r"AnswerLost\.problem"):
        record.read("AnswerLost", '{"problem":"\\ud800"}')
