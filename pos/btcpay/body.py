"""Reads the JSON in an answer, and the words and figures in it.

Rule: what a server sends is untrusted until it is one of the values made here. Whatever the bytes, the outcome is a
value, TypeError or ValueError; `read` itself raises BTCPayError only.
"""

import json
import re
from collections.abc import Iterable
from decimal import Decimal, InvalidOperation
from typing import Any, Final

from pos.btcpay.refusals import Response, nonsense, refuse

_MAX_ADJUSTED: Final = 30  # more digits before or after the point than any price of anything
_WORD: Final = re.compile(r"[!-~]{1,200}")
_SHOWN: Final = 80


def read(response: Response, wanted: type | tuple[type, ...]) -> Any:
    """Return the JSON of a 200 whose outermost value is of this type; BTCPayError for anything else.

    The body's size is bounded before (client.MAX_BODY), its depth by Python's own limit of recursion.
    """
    refuse(response)
    try:
        # Figures stay text until they are parsed as what they are, so that no float is ever made of one.
        body = json.loads(
            response.body, parse_float=str, parse_constant=_no_number, object_pairs_hook=_object
        )
    except (ValueError, RecursionError) as exc:
        raise nonsense(response, "not JSON") from exc
    if not isinstance(body, wanted):
        raise nonsense(response, f"another shape: {type(body).__name__}")
    return body


def text(value: object) -> str:
    """Take any text that can be stored and sent back; it may hold whatever a terminal obeys."""
    if not isinstance(value, str):
        raise TypeError(f"{_shown(value)} is not text")
    value.encode()  # half a surrogate pair is JSON, but cannot be stored or sent back
    return value


def word(value: object) -> str:
    """Take a word of the server's own, like an id or a status: short, visible ASCII, no spaces."""
    if not isinstance(value, str):
        raise TypeError(f"{_shown(value)} is not text")
    if _WORD.fullmatch(value) is None:
        raise ValueError(f"{_shown(value)} is not a word")
    return value


def decimal(value: object) -> Decimal:
    """Read a decimal that may come as a string, as Greenfield writes it, or as a JSON number."""
    if isinstance(value, bool) or not isinstance(value, str | int):
        raise TypeError(f"{_shown(value)} is not a number")
    try:
        number = Decimal(value)
    except InvalidOperation as exc:
        raise ValueError(f"{_shown(value)} is not a number") from exc
    if not number.is_finite() or abs(number.adjusted()) > _MAX_ADJUSTED:
        raise ValueError(f"{_shown(value)} is not a figure of money")
    return number


def unix(value: object) -> int:
    """Take a time in unix seconds, of this century or about it."""
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value < 1 << 40:
        raise TypeError(f"{_shown(value)} is not a time in unix seconds")
    return value


def _shown(value: object) -> str:
    # What is nested deep enough cannot even be written down.
    return repr(value)[:_SHOWN] if isinstance(value, str | int) else type(value).__name__


def _no_number(name: str) -> None:
    raise ValueError(f"{name} is not JSON")


def _object(pairs: Iterable[tuple[str, Any]]) -> dict[str, Any]:
    """Make an object whose names are each there once: of two values nobody could say which is meant."""
    listed = list(pairs)
    made = dict(listed)
    if len(made) != len(listed):
        raise ValueError("a name is there twice")
    return made
