"""Read a Lightning invoice and check that it is the one the till asked for (BOLT #11).

Rule: whatever the text, the answer is an Invoice or a Bolt11Error that names the rule the text breaks, never
another exception. What the specification demands of a reader stands as comments where it is met, here and in
bolt11_fields.

coincurve is the one third-party import of `pos.core`: recovering the payee from a signature needs secp256k1,
and elliptic-curve arithmetic of our own would be the worse risk. Only pure functions of it are used, so the
rest of core's rule (no I/O, no clock, no randomness) holds.
"""

import enum
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal

from coincurve import PublicKey

from pos.core import bech32, bolt11_fields
from pos.core.bolt11_fields import Bolt11Error, Words

__all__ = ["Bolt11Error", "Expected", "Fault", "Invoice", "Mismatch", "Network", "check", "decode"]

Network = Literal["mainnet", "testnet", "signet", "regtest"]

_ENCODING: Final = "Encoding Overview"
_READABLE: Final = "Human-Readable Part"
_DATA: Final = "Data Part"

_MAX_LENGTH: Final = 3300  # what the largest QR code holds at level M behind "lightning:"; no honest one comes near
_NETWORKS: Final[Mapping[str, Network]] = {
    "bc": "mainnet",
    "tb": "testnet",
    "tbs": "signet",
    "bcrt": "regtest",
}
# The prefix ends where its letters end, so that lntbs is not taken for lntb and lnbcrt not for lnbc.
_READABLE_PART: Final = re.compile(rf"ln({'|'.join(_NETWORKS)})([^a-z].*)?")
# 20 digits hold all 21 million bitcoin even when written in pico-bitcoin.
_AMOUNT: Final = re.compile(r"([1-9][0-9]{0,19})([munp]?)")
_MSAT_PER_BTC: Final = 10**11
_DIVISOR: Final = {"": 1, "m": 10**3, "u": 10**6, "n": 10**9, "p": 10**12}

_TIMESTAMP_WORDS: Final = 7
_SIGNATURE_WORDS: Final = 104
_HALF_CURVE_ORDER: Final = 0x7FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF5D576E7357A4501DDFE92F46681B20A0


@dataclass(frozen=True, slots=True)
class Invoice:
    """A valid invoice: hashes, secret and payee (a 33-byte public key) in lower-case hex, `features` as bits.

    `amount_msat` is None where the payer may choose. There is a description or the hash of one, never both.
    """

    network: Network
    amount_msat: int | None
    payment_hash: str
    payee: str
    timestamp: int
    expiry_s: int
    description: str | None
    description_hash: str | None
    payment_secret: str
    min_final_cltv: int
    features: int


class Fault(enum.StrEnum):
    """Why an invoice must not be shown to a customer."""

    UNREADABLE = "unreadable"
    NETWORK = "network"
    AMOUNT = "amount"
    PAYEE = "payee"
    EXPIRED = "expired"


@dataclass(frozen=True, slots=True)
class Expected:
    """What the till asked for, and the time; `payee` in lower-case hex where the owner pinned a node."""

    network: str
    amount_msat: int
    payee: str | None
    now_s: int


@dataclass(frozen=True, slots=True)
class Mismatch:
    """The first fault found, with both sides of the comparison as evidence for the journal."""

    fault: Fault
    expected: str
    found: str


def check(text: str, expected: Expected) -> Invoice | Mismatch:
    """Decode an invoice and compare it with what was asked for; only an Invoice may be shown as a QR."""
    try:
        invoice = decode(text)
    except Bolt11Error as exc:
        return Mismatch(Fault.UNREADABLE, expected="a BOLT11 invoice", found=str(exc))
    expires_s = invoice.timestamp + invoice.expiry_s
    if invoice.network != expected.network:
        return Mismatch(Fault.NETWORK, expected=expected.network, found=invoice.network)
    if invoice.amount_msat is None:
        return Mismatch(Fault.AMOUNT, expected=f"{expected.amount_msat} msat", found="no amount")
    if invoice.amount_msat != expected.amount_msat:
        return Mismatch(
            Fault.AMOUNT, expected=f"{expected.amount_msat} msat", found=f"{invoice.amount_msat} msat"
        )
    if expected.payee is not None and invoice.payee != expected.payee:
        return Mismatch(Fault.PAYEE, expected=expected.payee, found=invoice.payee)
    if expected.now_s >= expires_s:
        return Mismatch(
            Fault.EXPIRED, expected=f"payable at {expected.now_s}", found=f"expired at {expires_s}"
        )
    return invoice


def decode(text: str) -> Invoice:
    """Read a BOLT11 invoice in lower or upper case, no "lightning:" before it; Bolt11Error if it is invalid.

    Nothing is compared with the world: an expired invoice, or one for another network, decodes all the same.
    """
    if not isinstance(text, str):
        raise TypeError(f"an invoice is text, not {type(text).__name__}")
    if len(text) > _MAX_LENGTH:
        raise Bolt11Error(_ENCODING, f"longer than {_MAX_LENGTH} characters, which no QR code holds")
    try:
        # "MUST parse the address as Bech32 ... (also without the character limit)", upper case included.
        hrp, words = bech32.decode(text)
    except bech32.Bech32Error as exc:
        raise Bolt11Error(_ENCODING, str(exc)) from exc
    network, amount_msat = _readable_part(hrp)
    if len(words) < _TIMESTAMP_WORDS + _SIGNATURE_WORDS:
        raise Bolt11Error(_DATA, "too short for a timestamp and a signature")
    fields = bolt11_fields.read(words[_TIMESTAMP_WORDS:-_SIGNATURE_WORDS])
    return Invoice(
        network=network,
        amount_msat=amount_msat,
        payment_hash=fields.payment_hash.hex(),
        payee=_payee(hrp, words, fields.payee).hex(),
        timestamp=bech32.int_from_words(words[:_TIMESTAMP_WORDS]),
        expiry_s=fields.expiry_s,
        description=fields.description,
        description_hash=None if fields.description_hash is None else fields.description_hash.hex(),
        payment_secret=fields.payment_secret.hex(),
        min_final_cltv=fields.min_final_cltv,
        features=fields.features,
    )


def _readable_part(hrp: str) -> tuple[Network, int | None]:
    parts = _READABLE_PART.fullmatch(hrp)
    if parts is None:
        # "if it does NOT understand the `prefix`: MUST fail the payment"
        raise Bolt11Error(_READABLE, "the prefix is not lnbc, lntb, lntbs or lnbcrt")
    network = _NETWORKS[parts[1]]
    if parts[2] is None:
        return network, None
    amount = _AMOUNT.fullmatch(parts[2])
    if amount is None:
        # "if `amount` contains a non-digit OR is followed by anything except a `multiplier`: MUST fail"
        raise Bolt11Error(
            _READABLE, "the amount is not a number without leading zeros and one of m, u, n, p or nothing"
        )
    amount_msat, rest = divmod(int(amount[1]) * _MSAT_PER_BTC, _DIVISOR[amount[2]])
    if rest:
        # "if multiplier is `p` and the last decimal of `amount` is not 0: MUST fail the payment"
        raise Bolt11Error(_READABLE, "the amount is finer than one millisatoshi")
    return network, amount_msat


def _payee(hrp: str, words: Words, named: bytes | None) -> bytes:
    """Return the public key that signed the invoice: the one its `n` field names, else the recovered one."""
    unsigned, signature = words[:-_SIGNATURE_WORDS], bech32.bytes_from_words(words[-_SIGNATURE_WORDS:])
    spare_bits = -len(unsigned) * 5 % 8
    bits = bech32.int_from_words(unsigned) << spare_bits
    message = hrp.encode() + bits.to_bytes((len(unsigned) * 5 + spare_bits) // 8, "big")
    if signature[64] > 3:
        raise Bolt11Error(_DATA, "the signature's recovery id is not 0, 1, 2 or 3")
    # "if a valid `n` field is provided: MUST use the `n` field to validate the signature", and not recover.
    if named is not None:
        _verify(named, signature[:64], message)
        return named
    try:
        return PublicKey.from_signature_and_message(signature, message).format()
    except ValueError as exc:
        raise Bolt11Error(_DATA, "no public key can be recovered from the signature") from exc


def _verify(payee: bytes, signature: bytes, message: bytes) -> None:
    r, s = int.from_bytes(signature[:32], "big"), int.from_bytes(signature[32:], "big")
    # Only recovery takes either of a signature's two forms; with `n` the high-S one must be refused.
    if s > _HALF_CURVE_ORDER:
        raise Bolt11Error(_DATA, "the signature is not in its low-S form")
    try:
        valid = PublicKey(payee).verify(_der(r, s), message)
    except ValueError as exc:
        raise Bolt11Error(_DATA, "the payee (n) is not a public key") from exc
    if not valid:
        raise Bolt11Error(_DATA, "the signature is not the payee's (n)")


def _der(r: int, s: int) -> bytes:
    """Write a signature in DER, the one form that coincurve verifies."""
    numbers = [number.to_bytes(number.bit_length() // 8 + 1, "big") for number in (r, s)]
    body = b"".join(bytes((0x02, len(number))) + number for number in numbers)
    return bytes((0x30, len(body))) + body
