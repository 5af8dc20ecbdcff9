"""A second reader of BOLT11, from BIP 173 and BOLT #11 alone, on bit strings.

Rule: no line of it is the till's, and it is slow and plain on purpose. It says only which invoice a text is, or that it
is none; where the two readers disagree, one of them is wrong.
"""

import re
from hashlib import sha256

from coincurve import PublicKey

from pos.core.bolt11 import Invoice

ALPHABET = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"
NETWORKS = {"lnbc": "mainnet", "lntb": "testnet", "lntbs": "signet", "lnbcrt": "regtest"}
PICO = {"": 10**12, "m": 10**9, "u": 10**6, "n": 10**3, "p": 1}
FIXED = {"p": 52, "h": 52, "s": 52, "n": 53}
KNOWN_FEATURES = {8, 14, 16, 24, 36, 48}
ORDER = 0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFEBAAEDCE6AF48A03BBFD25E8CD0364141

# BIP 173: x^6 + {29}x^5 + {22}x^4 + {20}x^3 + {21}x^2 + {29}x + {18} over GF(32), in which a^5 = a^3 + 1.
GENERATOR = (29, 22, 20, 21, 29, 18)


def read(text: str) -> Invoice | None:
    """Read an invoice; None if the specification tells a reader to refuse it."""
    parts = split(text) if len(text) <= 3300 else None
    if parts is None:
        return None
    hrp, words = parts
    prefix = re.match("[a-z]*", hrp)[0]  # type: ignore[index]
    amount_msat = _msat(hrp[len(prefix) :])
    if prefix not in NETWORKS or amount_msat == -1 or len(words) < 7 + 104:
        return None
    fields = _fields(words[7:-104])
    if fields is None:
        return None
    payee = _payee(hrp, words, fields.get("n"))
    facts = _facts(fields)
    if payee is None or facts is None:
        return None
    timestamp = int(_bits(words[:7]), 2)
    return Invoice(network=NETWORKS[prefix], amount_msat=amount_msat, payee=payee, timestamp=timestamp, **facts)  # type: ignore[arg-type]


def split(text: str) -> tuple[str, list[int]] | None:
    """Take bech32 text apart and check its code word by long division; None if it is not bech32."""
    if re.fullmatch("[!-~]+", text) is None or (text != text.lower() and text != text.upper()):
        return None
    parts = re.fullmatch(f"(.+)1([{ALPHABET}]{{6,}})", text.lower())
    if parts is None:
        return None
    words = [ALPHABET.index(letter) for letter in parts[2]]
    code = [1, *(ord(letter) // 32 for letter in parts[1]), 0, *(ord(letter) % 32 for letter in parts[1]), *words]
    return (parts[1], words[:-6]) if _remainder(code) == [0, 0, 0, 0, 0, 1] else None


def _remainder(code: list[int]) -> list[int]:
    rest = [0] * 6
    for word in code:
        lead, *rest = (*rest, word)
        rest = [value ^ PRODUCTS[lead][term] for value, term in zip(rest, GENERATOR, strict=True)]
    return rest


def _product(left: int, right: int) -> int:
    product = 0
    for bit in range(5):
        product ^= (left << bit) * (right >> bit & 1)
    for bit in range(8, 4, -1):
        product ^= (0b101001 << bit - 5) * (product >> bit & 1)
    return product


PRODUCTS = [[_product(left, right) for right in range(32)] for left in range(32)]


def _bits(words: list[int]) -> str:
    return "".join(f"{word:05b}" for word in words)


def _msat(written: str) -> int | None:
    """Read the amount; None for none, -1 if it breaks a rule (20 digits are this till's own bound)."""
    if not written:
        return None
    parts = re.fullmatch("([1-9][0-9]*)([munp]?)", written, re.ASCII)
    if parts is None or len(parts[1]) > 20:
        return -1
    pico = int(parts[1]) * PICO[parts[2]]
    return pico // 10 if pico % 10 == 0 else -1


def _fields(words: list[int]) -> dict[str, str] | None:
    """Give the first field of each tag as bits; None if the last is cut off."""
    fields: dict[str, str] = {}
    while words:
        length = int(_bits(words[1:3]) or "0", 2)
        if len(words) < 3 or len(words) < 3 + length:
            return None
        tag = ALPHABET[words[0]]
        if FIXED.get(tag, length) == length:
            fields.setdefault(tag, _bits(words[3 : 3 + length]))
        words = words[3 + length :]
    return fields


def _whole_bytes(bits: str) -> bytes | None:
    """Cut off the padding; None if it is a word or more, or not zero."""
    spare = len(bits) % 8
    if spare >= 5 or "1" in bits[len(bits) - spare :]:
        return None
    return bytes(int(bits[at : at + 8], 2) for at in range(0, len(bits) - spare, 8))


def _facts(fields: dict[str, str]) -> dict[str, object] | None:
    data = {tag: _whole_bytes(fields[tag]) for tag in "pshdn" if tag in fields}
    numbers = {tag: int(fields[tag] or "0", 2) for tag in "xc9" if tag in fields}
    if None in data.values() or not {"p", "s"} <= set(data) or ("d" in data) == ("h" in data):
        return None
    if any(numbers.get(tag, 0) >= 2**63 for tag in "xc"):
        return None
    bits = {bit for bit, set_ in enumerate(reversed(fields.get("9", ""))) if set_ == "1"}
    if any(bit % 2 == 0 and bit not in KNOWN_FEATURES for bit in bits) or (bits & {16, 17} and not bits & {14, 15}):
        return None
    try:
        description = data["d"].decode() if "d" in data else None  # type: ignore[union-attr]
    except UnicodeDecodeError:
        return None
    return {
        "payment_hash": data["p"].hex(),  # type: ignore[union-attr]
        "payment_secret": data["s"].hex(),  # type: ignore[union-attr]
        "description": description,
        "description_hash": data["h"].hex() if "h" in data else None,  # type: ignore[union-attr]
        "expiry_s": numbers.get("x", 3600),
        "min_final_cltv": numbers.get("c", 18),
        "features": numbers.get("9", 0),
    }


def _payee(hrp: str, words: list[int], named: str | None) -> str | None:
    """Give the public key that signed, in hex; None if nobody did."""
    signature = _whole_bytes(_bits(words[-104:]))
    bits = _bits(words[:-104])
    bits += "0" * (-len(bits) % 8)
    digest = sha256(hrp.encode() + bytes(int(bits[at : at + 8], 2) for at in range(0, len(bits), 8))).digest()
    assert signature is not None
    if signature[64] > 3:
        return None
    payee = _whole_bytes(named) if named is not None else None
    if named is not None and payee is None:
        return None
    try:
        if payee is None:
            return PublicKey.from_signature_and_message(signature, digest, hasher=None).format().hex()
        return payee.hex() if _signed_by(payee, signature, digest) else None
    except ValueError:
        return None


def _signed_by(payee: bytes, signature: bytes, digest: bytes) -> bool:
    """Recover with each recovery id: one of them must give the named key, and S must be the lower of the two."""
    if int.from_bytes(signature[32:64], "big") > ORDER // 2:
        return False
    key = PublicKey(payee).format()
    for recovery_id in range(4):
        try:
            found = PublicKey.from_signature_and_message(signature[:64] + bytes([recovery_id]), digest, hasher=None)
        except ValueError:
            continue
        if found.format() == key:
            return True
    return False
