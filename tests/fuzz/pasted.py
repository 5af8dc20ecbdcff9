"""What an owner types, pastes or scans: a key, BTCPay's "Show QR", an address.

Rule: whatever the text, there is a value or a sentence in both languages; and no key is ever in the sentence.
"""

import re
from collections.abc import Callable
from typing import TypeVar

from pos.config import url_mistake
from pos.errors import PairingError
from pos.pairing import authorize_url, read_key_text, sentence, server_address
from pos.pairing.block import with_server
from pos.yaml_lines import Table, scalars
from pos.yaml_lines import read as read_yaml
from tests.fuzz import edits
from tests.fuzz.campaign import Parser, outcome
from tests.samples import WORDS

_Value = TypeVar("_Value")


def judge_pairing(case: bytes) -> bool:
    """Take a text for a key, and for an address; True if it was one of them."""
    text = case.decode("utf-8", "surrogateescape")
    pasted = _given(lambda: read_key_text(text))
    if pasted is not None:
        assert re.fullmatch("[0-9a-fA-F]{40}", pasted.key.reveal())
        assert pasted.key.reveal() not in f"{pasted!r} {pasted}".replace(pasted.address or "-", "")
        assert pasted.address is None or _is_address(pasted.address)
    address = _given(lambda: server_address(text))
    return pasted is not None or (address is not None and _is_address(address))


def _is_address(address: str) -> bool:
    assert url_mistake(address) is None
    assert address.isascii()
    assert address.isprintable()
    assert authorize_url(address).startswith(f"{address}/")
    document = read_yaml(with_server("server: demo\n", {"url": address}))
    assert isinstance(document.root, Table)
    assert [written.text for _, written in scalars(document.root)] == [address]
    return True


def _given(ask: Callable[[], _Value]) -> _Value | None:
    given = outcome(ask, PairingError)
    if not isinstance(given, PairingError):
        return given
    assert given.reason.isidentifier()
    assert all(sentence(given, words).isprintable() for words in WORDS.values())
    return None


PAIRING = Parser("pairing", (*edits.BYTES, *(edits.json_value,) * 3, edits.json_twice), lambda _room: judge_pairing)
