"""Bech32 text: a readable prefix, 5-bit words and a checksum (BIP 173).

Rule: nothing of Lightning or Bitcoin addresses is known here. BIP 173's limit of 90 characters is not
applied, because BOLT #11 lifts it; callers that read what strangers write set their own.
"""

from collections.abc import Iterable, Sequence
from typing import Final

ALPHABET: Final = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"
_WORD_OF: Final = {letter: word for word, letter in enumerate(ALPHABET)}
_GENERATOR: Final = (0x3B6A57B2, 0x26508E6D, 0x1EA119FA, 0x3D4233DD, 0x2A1462B3)
_CHECKSUM_LENGTH: Final = 6


class Bech32Error(ValueError):
    """Text that is not bech32, words that are not 5-bit words, or padding that is not padding."""


def decode(text: str) -> tuple[str, tuple[int, ...]]:
    """Return the prefix in lower case and the words without the checksum; Bech32Error if a rule is broken."""
    for letter in text:
        if not "!" <= letter <= "~":
            raise Bech32Error(f"character {letter!r} is outside printable ASCII")
    # Before lowering: a mixture is refused even where the checksum of the lowered text would be right.
    if text != text.lower() and text != text.upper():
        raise Bech32Error("upper and lower case are mixed")
    hrp, separator, data = text.lower().rpartition("1")
    if not separator:
        raise Bech32Error("the separator 1 is missing")
    if not hrp:
        raise Bech32Error("the part before the separator is empty")
    if len(data) < _CHECKSUM_LENGTH:
        raise Bech32Error("too short to hold a checksum")
    words = _words(data)
    if _polymod((*_spread(hrp), *words)) != 1:
        raise Bech32Error("the checksum is wrong")
    return hrp, words[:-_CHECKSUM_LENGTH]


def encode(hrp: str, words: Sequence[int]) -> str:
    """Join a prefix, which the caller gives in lower-case printable ASCII, and 5-bit words to bech32 text."""
    if any(not 0 <= word < 32 for word in words):
        raise Bech32Error("a word does not fit 5 bits")
    remainder = _polymod((*_spread(hrp), *words, *[0] * _CHECKSUM_LENGTH)) ^ 1
    checksum = [remainder >> 5 * (_CHECKSUM_LENGTH - 1 - place) & 31 for place in range(_CHECKSUM_LENGTH)]
    return f"{hrp}1{''.join(ALPHABET[word] for word in (*words, *checksum))}"


def words_from_bytes(data: bytes) -> tuple[int, ...]:
    """Cut bytes into 5-bit words, most significant bits first, the last word filled up with zero bits."""
    count = -(-len(data) * 8 // 5)
    number = int.from_bytes(data, "big") << count * 5 - len(data) * 8
    return tuple(number >> 5 * (count - 1 - place) & 31 for place in range(count))


def bytes_from_words(words: Sequence[int]) -> bytes:
    """Join 5-bit words to bytes; Bech32Error if left-over bits are 5 or more or not all zero (BIP 173)."""
    size, padding = divmod(len(words) * 5, 8)
    number = int_from_words(words)
    if padding >= 5:
        raise Bech32Error("the padding is a whole word or longer")
    if number & (1 << padding) - 1:
        raise Bech32Error("the padding is not zero")
    return (number >> padding).to_bytes(size, "big")


def int_from_words(words: Iterable[int]) -> int:
    """Read 5-bit words as one big-endian number; no words are 0."""
    number = 0
    for word in words:
        number = number << 5 | word
    return number


def _words(data: str) -> tuple[int, ...]:
    try:
        return tuple(_WORD_OF[letter] for letter in data)
    except KeyError as exc:
        raise Bech32Error(f"character {exc.args[0]!r} is not in the bech32 alphabet") from exc


def _spread(hrp: str) -> list[int]:
    codes = [ord(letter) for letter in hrp]
    return [code >> 5 for code in codes] + [0] + [code & 31 for code in codes]


def _polymod(values: Iterable[int]) -> int:
    remainder = 1
    for value in values:
        top = remainder >> 25
        remainder = (remainder & 0x1FFFFFF) << 5 ^ value
        for place, term in enumerate(_GENERATOR):
            if top >> place & 1:
                remainder ^= term
    return remainder
