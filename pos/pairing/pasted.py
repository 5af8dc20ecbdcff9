"""What an owner types, pastes or scans: the server's address, and the key or BTCPay's own "Show QR" of it.

Rule: whatever the text, the answer is a value or a PairingError that names what is wrong; no text is kept or repeated.
"""

import json
import re
from dataclasses import dataclass
from typing import Final
from urllib.parse import quote, urlencode

from pos.btcpay import rights
from pos.config import Secret, url_mistake
from pos.errors import PairingError
from pos.words import Words

_MOST: Final = 4096
_KEY: Final = re.compile(r"[0-9a-f]{40}", re.IGNORECASE)
_APPLICATION: Final = "Bar Kiosk"
_SCHEME: Final = re.compile(r"[a-z]+://", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Pasted:
    """A key, and the server it was made on where the text said so."""

    key: Secret
    address: str | None


def server_address(text: str) -> str:
    """Read a server's address without a slash at its end; https:// is put before a bare name.

    PairingError(reason) with the reasons of kiosk.yaml's own `url:` (config.wrong.<reason>).
    """
    typed = text.strip()
    if not typed or len(typed) > _MOST:
        raise PairingError("url")
    if _SCHEME.match(typed) is None:
        # A hidden service has no certificate: the way to it is encrypted and the name is the key.
        host = re.split(r"[:/]", typed, maxsplit=1)[0].lower()
        typed = ("http://" if host.endswith(".onion") else "https://") + typed
    mistake = url_mistake(typed)
    if mistake is not None:
        raise PairingError(mistake)
    return typed.rstrip("/")


def authorize_url(address: str) -> str:
    """Give the page of BTCPay that makes a key with the least rights, for the stores that the owner picks there.

    `strict`: the owner can neither drop nor add a right by mistake.
    """
    query = [("applicationName", _APPLICATION), ("strict", "true"), ("selectiveStores", "true")]
    wanted = [("permissions", permission) for permission in sorted(rights.NEEDED)]
    return f"{address}/api-keys/authorize?{urlencode(query + wanted, quote_via=quote)}"


def read_key_text(text: str) -> Pasted:
    """Read a key, alone or as the JSON of BTCPay's "Show QR" ({"apiKey": …, "host": …}, in either case).

    PairingError: "key_empty", "key_link" (an address was scanned), "key_invoice" (a Lightning QR was), "key_garbled".
    """
    typed = text.strip()
    if not typed:
        raise PairingError("key_empty")
    if typed.startswith("{") and len(typed) <= _MOST:
        return _from_json(typed)
    if _SCHEME.match(typed):
        raise PairingError("key_link")
    if typed.lower().startswith(("lightning:", "lnbc", "bitcoin:")):
        raise PairingError("key_invoice")
    return Pasted(_key(typed), None)


def sentence(error: PairingError, words: Words) -> str:
    """Say what is wrong: pair.wrong.<reason>, or what kiosk.yaml's reader says of the same mistake."""
    own = f"pair.wrong.{error.reason}"
    return words(own if own in words.sentences else f"config.wrong.{error.reason}", **error.values)


def _from_json(text: str) -> Pasted:
    try:
        held = json.loads(text)
    except (ValueError, RecursionError):
        # Not chained: the decoder's error carries the text, and the text is the key.
        raise PairingError("key_garbled") from None
    named = {name.lower(): value for name, value in held.items()} if isinstance(held, dict) else {}
    key, host = named.get("apikey"), named.get("host")
    if not isinstance(key, str):
        raise PairingError("key_garbled")
    try:
        address = server_address(host) if isinstance(host, str) else None
    except PairingError:
        address = None  # the key is good; where it belongs the owner has said already
    return Pasted(_key(key.strip()), address)


def _key(text: str) -> Secret:
    if _KEY.fullmatch(text) is None:
        raise PairingError("key_garbled")
    return Secret(text)
