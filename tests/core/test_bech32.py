import pytest
from hypothesis import given
from hypothesis import strategies as st

from pos.core import bech32
from pos.core.bech32 import Bech32Error

WORDS = st.lists(st.integers(min_value=0, max_value=31), max_size=300)
PREFIX = st.text(st.characters(min_codepoint=33, max_codepoint=126), min_size=1, max_size=83).map(str.lower)

# BIP 173, "Test vectors"; the one too long for an address is valid here, as there is no limit.
VALID = [
    "A12UEL5L",
    "a12uel5l",
    "an83characterlonghumanreadablepartthatcontainsthenumber1andtheexcludedcharactersbio1tt5tgs",
    "abcdef1qpzry9x8gf2tvdw0s3jn54khce6mua7lmqqqxw",
    "11qqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqc8247j",
    "split1checkupstagehandshakeupstreamerranterredcaperred2y9e3w",
    "?1ezyfcl",
    "an84characterslonghumanreadablepartthatcontainsthenumber1andtheexcludedcharactersbio1569pvx",
]
INVALID = [
    ("\x201nwldj5", "outside printable ASCII"),
    ("\x7f1axkwrx", "outside printable ASCII"),
    ("\x801eym55h", "outside printable ASCII"),
    ("pzry9x0s0muk", "separator 1 is missing"),
    ("1pzry9x0s0muk", "before the separator is empty"),
    ("x1b4n0q5v", "not in the bech32 alphabet"),
    ("li1dgmt3", "too short"),
    ("de1lg7wt\xff", "outside printable ASCII"),
    ("A1G7SGD8", "checksum is wrong"),
    ("10a06t8", "before the separator is empty"),
    ("1qzzfhee", "before the separator is empty"),
    ("A12uEL5L", "mixed"),
    ("", "separator 1 is missing"),
]


@pytest.mark.parametrize("text", VALID)
def test_valid_text_of_bip_173_is_read_and_written_again(text: str) -> None:
    hrp, words = bech32.decode(text)
    assert bech32.encode(hrp, words) == text.lower()


@pytest.mark.parametrize(("text", "reason"), INVALID)
def test_invalid_text_of_bip_173_is_refused_with_its_reason(text: str, reason: str) -> None:
    with pytest.raises(Bech32Error, match=reason):
        bech32.decode(text)


@given(PREFIX, WORDS)
def test_words_of_any_length_survive_the_round_trip_in_both_cases(hrp: str, words: list[int]) -> None:
    text = bech32.encode(hrp, words)
    assert bech32.decode(text) == bech32.decode(text.upper()) == (hrp, tuple(words))


@pytest.mark.parametrize("word", [-1, 32])
def test_a_word_beyond_5_bits_is_not_written(word: int) -> None:
    with pytest.raises(Bech32Error, match=r"^a word does not fit 5 bits$"):
        bech32.encode("a", [word])


@given(st.binary(max_size=200))
def test_bytes_survive_the_round_trip_through_words(data: bytes) -> None:
    assert bech32.bytes_from_words(bech32.words_from_bytes(data)) == data


def test_bytes_are_cut_most_significant_bits_first() -> None:
    assert bech32.words_from_bytes(b"\xff\x00") == (31, 28, 0, 0)
    assert bech32.words_from_bytes(b"") == ()


@pytest.mark.parametrize("words", [(0, 0, 0), (0,), (31, 31, 31, 31, 31, 31)])
def test_a_whole_word_of_padding_is_refused(words: tuple[int, ...]) -> None:
    with pytest.raises(Bech32Error, match="whole word"):
        bech32.bytes_from_words(words)


@pytest.mark.parametrize("words", [(0, 1), (31, 29), (31, 28, 0, 1)])
def test_padding_that_is_not_zero_is_refused(words: tuple[int, ...]) -> None:
    with pytest.raises(Bech32Error, match="not zero"):
        bech32.bytes_from_words(words)


def test_words_are_read_as_one_big_endian_number() -> None:
    assert bech32.int_from_words((1, 28)) == 60
    assert bech32.int_from_words(()) == 0
