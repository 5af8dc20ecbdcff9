"""The demo node: writes and signs BOLT11 invoices (BOLT #11, the writer's side).

Rule: made without the till's reader, so that each is a second opinion on the other; only bech32 is shared.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from coincurve import PrivateKey

from pos.core import bech32

_PREFIXES: Final = {"mainnet": "lnbc", "testnet": "lntb", "signet": "lntbs", "regtest": "lnbcrt"}
_PICO_PER_MSAT: Final = 10
_UNITS: Final = ((10**12, ""), (10**9, "m"), (10**6, "u"), (10**3, "n"), (1, "p"))  # in pico-bitcoin
_TIMESTAMP_WORDS: Final = 7
_MAX_FIELD_WORDS: Final = 1023


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """All an invoice says but its signature; exactly one of description and description_hash is given.

    Hash and secret are 32 bytes. `features` are bit numbers of BOLT #9; unless told otherwise var_onion_optin
    and payment_secret are required and basic_mpp is supported. `names_payee` adds the `n` field.
    """

    network: str
    amount_msat: int | None
    payment_hash: bytes
    payment_secret: bytes
    description: str | None = None
    description_hash: bytes | None = None
    timestamp: int
    expiry_s: int = 3600
    min_final_cltv: int = 18
    features: frozenset[int] = frozenset({8, 14, 17})
    names_payee: bool = False


class Node:
    """A Lightning node as far as its invoices show it: a key that signs them."""

    def __init__(self, key: PrivateKey) -> None:
        self._key = key

    @property
    def node_id(self) -> str:
        """The public key in hex, which a wallet shows as the payee."""
        return self._key.public_key.format().hex()

    def invoice(self, draft: Draft) -> str:
        """Return the draft as a BOLT11 that this node has signed; ValueError as for encode."""
        return encode(draft, self._key)


def encode(draft: Draft, key: PrivateKey) -> str:
    """Write and sign an invoice in lower case; ValueError if BOLT #11 cannot say what the draft says."""
    if draft.network not in _PREFIXES:
        raise ValueError(f"{draft.network!r} is not one of {', '.join(_PREFIXES)}")
    hrp = _PREFIXES[draft.network] + _amount(draft.amount_msat)
    words = [*_timestamp(draft.timestamp), *_tagged_fields(draft, key)]
    bits = "".join(f"{word:05b}" for word in words)
    bits += "0" * (-len(bits) % 8)
    message = hrp.encode() + bytes(int(bits[at : at + 8], 2) for at in range(0, len(bits), 8))
    # 64 bytes of signature and one of recovery id are 104 words exactly, without padding.
    return bech32.encode(hrp, [*words, *bech32.words_from_bytes(key.sign_recoverable(message))])


def _amount(amount_msat: int | None) -> str:
    if amount_msat is None:
        return ""
    if amount_msat <= 0:
        raise ValueError(f"an amount is positive, not {amount_msat} msat")
    pico = amount_msat * _PICO_PER_MSAT
    size, letter = next((size, letter) for size, letter in _UNITS if pico % size == 0)
    return f"{pico // size}{letter}"


def _timestamp(timestamp: int) -> list[int]:
    words = _shortest(timestamp)
    if len(words) > _TIMESTAMP_WORDS:
        raise ValueError(f"the timestamp {timestamp} does not fit 35 bits")
    return [0] * (_TIMESTAMP_WORDS - len(words)) + words


def _tagged_fields(draft: Draft, key: PrivateKey) -> list[int]:
    if (draft.description is None) == (draft.description_hash is None):
        raise ValueError("an invoice has either a description or the hash of one")
    words = _field("p", _exactly_32(draft.payment_hash)) + _field("s", _exactly_32(draft.payment_secret))
    if draft.description is not None:
        words += _field("d", bech32.words_from_bytes(draft.description.encode()))
    if draft.description_hash is not None:
        words += _field("h", _exactly_32(draft.description_hash))
    if draft.names_payee:
        words += _field("n", bech32.words_from_bytes(key.public_key.format()))
    words += _field("x", _shortest(draft.expiry_s)) + _field("c", _shortest(draft.min_final_cltv))
    # "otherwise: MUST omit the `9` field altogether"
    if draft.features:
        words += _field("9", _shortest(sum(1 << bit for bit in draft.features)))
    return words


def _field(tag: str, data: Sequence[int]) -> list[int]:
    if len(data) > _MAX_FIELD_WORDS:
        raise ValueError(f"field {tag} is longer than {_MAX_FIELD_WORDS * 5 // 8} bytes")
    return [bech32.ALPHABET.index(tag), *divmod(len(data), 32), *data]


def _exactly_32(data: bytes) -> Sequence[int]:
    if len(data) != 32:
        raise ValueError(f"a hash or secret is 32 bytes, not {len(data)}")
    return bech32.words_from_bytes(data)


def _shortest(number: int) -> list[int]:
    """Write a number in the fewest words; zero takes none."""
    if number < 0:
        raise ValueError(f"{number} is negative")
    words: list[int] = []
    while number:
        number, word = divmod(number, 32)
        words.insert(0, word)
    return words
