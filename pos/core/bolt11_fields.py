"""The tagged fields of a BOLT11 invoice: what a till reads of them, and the rules they must keep (BOLT #11).

Rule: of each tag the first field counts, as the writer puts the most preferred one first; unknown tags are
stepped over. So are `f`, `r` and `m`, on which the till decides nothing.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from pos.core import bech32

Words = tuple[int, ...]

_TAGGED: Final = "Tagged Fields"
_FEATURES: Final = "Feature Bits"

_FIXED_WORDS: Final = {"p": 52, "s": 52, "h": 52, "n": 53}
_MAX_NUMBER_BITS: Final = 63
_DEFAULT_EXPIRY_S: Final = 3600
_DEFAULT_MIN_FINAL_CLTV: Final = 18

# BOLT #9, the features that belong in an invoice (context "9"): var_onion_optin, payment_secret, basic_mpp,
# option_route_blinding, option_attribution_data, option_payment_metadata.
_KNOWN_EVEN_FEATURES: Final = frozenset({8, 14, 16, 24, 36, 48})
_PAYMENT_SECRET: Final = 14
_BASIC_MPP: Final = 16


class Bolt11Error(ValueError):
    """An invoice that a reader must refuse: `section` of BOLT #11 whose rule it breaks, and `reason`."""

    def __init__(self, section: str, reason: str) -> None:
        super().__init__(f"BOLT #11, {section}: {reason}")
        self.section = section
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Fields:
    """The fields a till needs; `payee` is the 33 bytes of the `n` field, where there is one."""

    payment_hash: bytes
    payment_secret: bytes
    description: str | None
    description_hash: bytes | None
    payee: bytes | None
    expiry_s: int
    min_final_cltv: int
    features: int


def read(words: Words) -> Fields:
    """Read the words between the timestamp and the signature; Bolt11Error for what a reader must refuse."""
    fields = _first_fields(words)
    for tag, name in (("p", "payment hash"), ("s", "payment secret")):
        if tag not in fields:
            raise Bolt11Error(_TAGGED, f"the {name} ({tag}) is missing")
    # "MUST fail the payment if neither a `d` field nor a `h` field is present, or if both are present."
    if ("d" in fields) == ("h" in fields):
        raise Bolt11Error(_TAGGED, "there must be either a description (d) or its hash (h)")
    return Fields(
        payment_hash=_bytes(fields, "p"),
        payment_secret=_bytes(fields, "s"),
        description=_description(fields),
        description_hash=_bytes(fields, "h") if "h" in fields else None,
        payee=_bytes(fields, "n") if "n" in fields else None,
        expiry_s=_number(fields, "x", _DEFAULT_EXPIRY_S),
        min_final_cltv=_number(fields, "c", _DEFAULT_MIN_FINAL_CLTV),
        features=_features(fields),
    )


def _first_fields(words: Words) -> dict[str, Words]:
    fields: dict[str, Words] = {}
    for tag, data in _tagged_fields(words):
        # "MUST skip ... `p`, `h`, `s` or `n` fields that do NOT have `data_length`s of 52, 52, 52 or 53."
        # The later text says to fail instead, yet it keeps an example that only skipping accepts.
        if len(data) == _FIXED_WORDS.get(tag, len(data)):
            fields.setdefault(tag, data)
    return fields


def _tagged_fields(words: Words) -> Iterator[tuple[str, Words]]:
    at = 0
    while at < len(words):
        end = at + 3 + bech32.int_from_words(words[at + 1 : at + 3])
        if end > len(words):
            raise Bolt11Error(_TAGGED, "the last field is cut off")
        yield bech32.ALPHABET[words[at]], words[at + 3 : end]
        at = end


def _bytes(fields: Mapping[str, Words], tag: str) -> bytes:
    try:
        # A writer "MUST pad field data to a multiple of 5 bits, using 0s".
        return bech32.bytes_from_words(fields[tag])
    except bech32.Bech32Error as exc:
        raise Bolt11Error(_TAGGED, f"field {tag}: {exc}") from exc


def _number(fields: Mapping[str, Words], tag: str, default: int) -> int:
    # Needless leading zeros, which a reader SHOULD refuse, are taken: the value is beyond doubt, and refusing
    # would stop a shop's sales over its node's spelling.
    value = bech32.int_from_words(fields[tag]) if tag in fields else default
    if value.bit_length() > _MAX_NUMBER_BITS:
        raise Bolt11Error(_TAGGED, f"field {tag}: the number is longer than {_MAX_NUMBER_BITS} bits")
    return value


def _description(fields: Mapping[str, Words]) -> str | None:
    if "d" not in fields:
        return None
    try:
        return _bytes(fields, "d").decode()
    except UnicodeDecodeError as exc:
        raise Bolt11Error(_TAGGED, "the description (d) is not UTF-8") from exc


def _features(fields: Mapping[str, Words]) -> int:
    features = bech32.int_from_words(fields.get("9", ()))
    for bit in range(0, features.bit_length(), 2):
        # Unknown odd bits are ignored; "unknown _even_ bits that are non-zero: MUST fail the payment".
        if features >> bit & 1 and bit not in _KNOWN_EVEN_FEATURES:
            raise Bolt11Error(_FEATURES, f"feature {bit} is required and unknown")
    # "if the feature vector does not set all known, transitive feature dependencies: MUST NOT attempt".
    if features >> _BASIC_MPP & 3 and not features >> _PAYMENT_SECRET & 3:
        raise Bolt11Error(_FEATURES, "basic_mpp is set without payment_secret")
    return features
