"""Bech32 and BOLT11 under attack: spoiled as text, under a good checksum, and under a good signature.

Rule: what the till's reader says of a text, the second reader must say too, in both directions: a good invoice that is
refused stops a bar just as surely as a bad one that is taken cheats its customer.
"""

from collections.abc import Sequence
from random import Random

from coincurve import PrivateKey

from pos.core import bech32, bolt11
from pos.core.bech32 import Bech32Error
from pos.core.bolt11 import Bolt11Error, Expected, Fault, Invoice, Mismatch
from tests.fuzz import edits, second_reader
from tests.fuzz.campaign import Parser, outcome

KEYS = [PrivateKey(bytes([number]) * 32) for number in (1, 2, 3)]
SECTIONS = {"Encoding Overview", "Human-Readable Part", "Data Part", "Tagged Fields", "Feature Bits"}
_TAGS = "pshndxc9fr3m0"
_TIMESTAMP_WORDS, _SIGNATURE_WORDS = 7, 104
_EXPECTED = Expected("mainnet", 250_000_000, None, 1_496_314_658)


def judge_bech32(case: bytes) -> bool:
    """Read text as bech32; True if it was taken."""
    text = _text(case)
    second = second_reader.split(text)
    read = outcome(lambda: bech32.decode(text), Bech32Error)
    if isinstance(read, Bech32Error):
        assert str(read).isprintable()
        assert second is None, "the second reader takes it"
        return False
    hrp, words = read
    assert second == (hrp, list(words)), "the second reader reads something else"
    assert bech32.encode(hrp, words) == text.lower()
    data = outcome(lambda: bech32.bytes_from_words(words), Bech32Error)
    assert isinstance(data, Bech32Error) or bech32.words_from_bytes(data) == words
    return True


def judge_bolt11(case: bytes) -> bool:
    """Read text as an invoice; True if it was taken."""
    text = _text(case)
    second = second_reader.read(text)
    invoice = outcome(lambda: bolt11.decode(text), Bolt11Error)
    if isinstance(invoice, Bolt11Error):
        assert invoice.section in SECTIONS
        assert invoice.reason.isprintable()
        assert len(invoice.reason) < 200
        assert second is None, f"the second reader takes it: {second}"
        told = bolt11.check(text, _EXPECTED)
        assert isinstance(told, Mismatch)
        assert told.fault is Fault.UNREADABLE
        return False
    assert invoice == second, "the second reader reads something else"
    assert invoice.amount_msat is None or (type(invoice.amount_msat) is int and invoice.amount_msat > 0)
    asked = Expected(invoice.network, invoice.amount_msat or 0, invoice.payee, invoice.timestamp)
    shown = isinstance(bolt11.check(text, asked), Invoice)
    assert shown == (invoice.amount_msat is not None and invoice.expiry_s > 0)
    return True


def checksummed(chance: Random, case: bytes, others: Sequence[bytes]) -> bytes:
    """Spoil the words and put a good checksum under them."""
    parts = _taken_apart(case)
    if parts is None:
        return chance.choice(edits.BYTES)(chance, case, others)
    hrp, words = parts
    return bech32.encode(hrp, _spoiled(chance, words)).encode()


def signed(chance: Random, case: bytes, others: Sequence[bytes]) -> bytes:
    """Spoil the prefix, the timestamp or the fields and sign the result, now and then with a bent signature."""
    parts = _taken_apart(case)
    if parts is None or len(parts[1]) < _TIMESTAMP_WORDS + _SIGNATURE_WORDS:
        return chance.choice(edits.BYTES)(chance, case, others)
    hrp, words = parts
    words = words[:-_SIGNATURE_WORDS]
    if chance.random() < 0.3:
        hrp = _another_prefix(chance, hrp)
    else:
        words = words[:_TIMESTAMP_WORDS] + _other_fields(chance, words[_TIMESTAMP_WORDS:])
    return _sign(chance, hrp, words).encode()


def _text(case: bytes) -> str:
    return case.decode("utf-8", "surrogateescape")


def _taken_apart(case: bytes) -> tuple[str, list[int]] | None:
    hrp, one, data = _text(case).lower().rpartition("1")
    plain = hrp.isascii() and hrp.isprintable() and " " not in hrp
    if not one or not hrp or not plain or set(data) - set(bech32.ALPHABET) or len(data) < 6:
        return None
    return hrp, [bech32.ALPHABET.index(letter) for letter in data[:-6]]


def _spoiled(chance: Random, words: list[int]) -> list[int]:
    for _ in range(chance.randint(1, 3)):
        at = chance.randint(0, len(words))
        new = [chance.randrange(32) for _ in range(chance.randint(0, 3))]
        words = words[:at] + new + words[at + chance.randint(0, 3) :]
    return words


def _another_prefix(chance: Random, hrp: str) -> str:
    prefix = chance.choice(("lnbc", "lntb", "lntbs", "lnbcrt", "lnsb", "ln", "lnbcr", "bc", "lnbc1", "x"))
    amount = chance.choice(("", "0", "1", "20", "2500", "0250", "9" * 18, "9" * 20, "9" * 21, "-5", "2.5"))
    return prefix + amount + chance.choice(("", "m", "u", "n", "p", "k", "pp")) if chance.random() < 0.8 else hrp + "0"


def _other_fields(chance: Random, words: list[int]) -> list[int]:
    """Treat the words as fields: add, drop, double, resize or move one; now and then just spoil the words."""
    fields = _cut_into_fields(words)
    kind = chance.randrange(6)
    if not fields or kind == 0:
        return _spoiled(chance, words)
    at = chance.randrange(len(fields))
    if kind == 1:
        del fields[at]
    elif kind == 2:
        fields.insert(chance.randint(0, len(fields)), _field(chance, chance.choice(_TAGS)))
    elif kind == 3:
        fields.append(fields.pop(at))
    elif kind == 4:
        fields[at] = _field(chance, bech32.ALPHABET[fields[at][0]])
    else:
        tag, _, _, *data = fields[at]
        data = _spoiled(chance, data)[:1023]
        fields[at] = [tag, *divmod(len(data), 32), *data]
    return [word for field in fields for word in field]


def _cut_into_fields(words: list[int]) -> list[list[int]]:
    fields: list[list[int]] = []
    while len(words) >= 3:
        length = 3 + words[1] * 32 + words[2]
        fields.append(words[:length])
        words = words[length:]
    return fields


def _field(chance: Random, tag: str) -> list[int]:
    """Make a field: of the right length, of any, all zeros, a public key, or some text."""
    kind = chance.randrange(5)
    data = [chance.randrange(32) for _ in range(chance.choice((0, 1, 2, 7, 12, 13, 51, 52, 53, 54, 200)))]
    if kind == 0:
        data = [0] * len(data)
    elif kind == 1:
        data = list(bech32.words_from_bytes(chance.choice(KEYS).public_key.format()))
    elif kind == 2:
        data = list(bech32.words_from_bytes(chance.choice(edits.NASTY)[:600]))
    elif kind == 3:
        bits = sum(1 << bit for bit in chance.sample((8, 9, 14, 15, 16, 17, 24, 25, 36, 48, 49, 99, 100, 62, 63), 3))
        data = [bits >> 5 * place & 31 for place in range(bits.bit_length() // 5, -1, -1)]
    return [bech32.ALPHABET.index(tag), *divmod(len(data), 32), *data]


def _sign(chance: Random, hrp: str, words: list[int]) -> str:
    spare = -len(words) * 5 % 8
    bits = bech32.int_from_words(words) << spare
    message = hrp.encode() + bits.to_bytes((len(words) * 5 + spare) // 8, "big")
    signature = bytearray(chance.choice(KEYS).sign_recoverable(message))
    bend = chance.randrange(12)
    if bend == 0:  # the other form of the same signature, which only recovery takes
        high = second_reader.ORDER - int.from_bytes(signature[32:64], "big")
        signature[32:64] = high.to_bytes(32, "big")
        signature[64] ^= 1
    elif bend == 1:
        signature[64] = chance.randrange(256)
    elif bend == 2:
        signature[chance.randrange(64)] ^= 1 << chance.randrange(8)
    elif bend == 3:
        half = 32 * chance.randrange(2)
        signature[half : half + 32] = bytes(32)
    return bech32.encode(hrp, [*words, *bech32.words_from_bytes(bytes(signature))])


BECH32 = Parser("bech32", (*edits.BYTES, checksummed, checksummed), lambda _room: judge_bech32)
BOLT11 = Parser("bolt11", (*edits.BYTES, checksummed, *(signed,) * 6), lambda _room: judge_bolt11)
