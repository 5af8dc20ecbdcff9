"""The PIN that lets staff leave the full screen, as a line in kiosk.yaml with its scrypt hash.

Rule: the digits are compared and forgotten; they are in no log, no exception and no file. A PIN is short, so its hash
only slows a thief of kiosk.yaml down; what stops a guest at the counter is the lock (`pos/lock.py`).
"""

import hashlib
import hmac
import re

from pos.core.way_out import PIN_LEAST, PIN_MOST

COST = 2**14, 8, 1
"""N, r and p of scrypt: 16 MB for one try, meant to take a Raspberry Pi a tenth of a second (not measured on one)."""

SALT_BYTES = 16
_HASH_BYTES = 32
_MOST_MEMORY = 128 * 1024 * 1024
"""Bytes that scrypt may take for one try: enough for the costliest line that kiosk.yaml may hold."""


def line(pin: str, salt: bytes) -> str:
    """Make the line for kiosk.yaml: scrypt:N:r:p:salt:hash, salt and hash in hex."""
    n, r, p = COST
    return f"scrypt:{n}:{r}:{p}:{salt.hex()}:{_hash(pin, salt, COST).hex()}"


def matches(pin: str, of: str) -> bool:
    """Compare a PIN with a line that the configuration has taken, in a time that does not depend on the digits."""
    _, n, r, p, salt, wanted = of.split(":")
    found = _hash(pin, bytes.fromhex(salt), (int(n), int(r), int(p)))
    return hmac.compare_digest(found, bytes.fromhex(wanted))


def is_pin(text: str) -> bool:
    """Tell whether this can be typed on the till's pad."""
    return re.fullmatch(f"[0-9]{{{PIN_LEAST},{PIN_MOST}}}", text) is not None


def _hash(pin: str, salt: bytes, cost: tuple[int, int, int]) -> bytes:
    n, r, p = cost
    return hashlib.scrypt(pin.encode(), salt=salt, n=n, r=r, p=p, maxmem=_MOST_MEMORY, dklen=_HASH_BYTES)
