"""How an input is spoiled: a few edits of bytes, numbers and tokens, or of the JSON or YAML that it is.

Rule: an edit takes chance, the input and the other inputs, and gives bytes; it may fail to fit, and then it changes
bytes instead. Nothing here knows a parser.
"""

import json
import re
from collections.abc import Callable, Sequence
from random import Random
from typing import Any

Edit = Callable[[Random, bytes, Sequence[bytes]], bytes]

LARGEST = 200_000
"""Bytes; what grows beyond this is cut, so that a million cases stay a matter of minutes."""

NASTY = tuple(
    text.encode("utf-8", "surrogatepass")
    for text in (
        *("", " ", "\0", "\n", "\r\n", "\t", "\x1b[2J", "\x7f", "\x85", "\xa0", "\u2028", "\ufeff", "\ufffe", "\u3000"),
        *("\u202e", "\u2066", "\u200f", "\ud800", "\udfff", "\U0010ffff", "é", "e\u0301", "日本", "ﬀ", "İ", "ß"),
        *("0", "-0", "-1", "1e9", "1E400", "1e-400", "0x10", "0b1", "0o7", "00", "01", "1_000", "1,000", ".5", "5."),
        *("NaN", "Infinity", "-Infinity", "null", "true", "false", "~", "yes", "no", "on", "12:30", "１２", "٣", "²"),
        *("9" * 19, "9223372036854775808", "18446744073709551616", "-9223372036854775809", "9" * 400, "9" * 5000),
        *("0.1", "0.00000001", "0." + "0" * 40 + "1", "1" + "0" * 40, "1.0000000000000000000001", "0E-8", "9E+99"),
        *("{", "}", "[", "]", "{}", "[]", '""', "''", '"', "'", "\\", "\\u0000", "\\ud800", "\\x", "{0}", "{a.b}"),
        *("&a", "*a", "!!python/object:os.system", "!!binary", "<<: *a"),
        *("---\n", "...\n", "? ", ": ", "- ", "|\n", ">\n"),
        *("%", "%s", "%00", "%2e%2e%2f", "../", "/", "//", "@", "#", "?", "http://", "file:///etc/passwd"),
        *("1", "11", "q", "p", "lnbc", "lntb", "LNBC", "lightning:", "b", "i", "o", "Q" * 40),
    )
)
_NUMBER = re.compile(rb"-?[0-9]+(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?")
_TOKEN = re.compile(rb"[0-9A-Za-z_]+|[^0-9A-Za-z_\s]")


def flip(chance: Random, case: bytes, others: Sequence[bytes]) -> bytes:
    """Change one bit."""
    if not case:
        return insert(chance, case, others)
    at = chance.randrange(len(case))
    return case[:at] + bytes([case[at] ^ 1 << chance.randrange(8)]) + case[at + 1 :]


def insert(chance: Random, case: bytes, _others: Sequence[bytes]) -> bytes:
    """Put something nasty in."""
    at = chance.randint(0, len(case))
    return case[:at] + chance.choice(NASTY) + case[at:]


def cut(chance: Random, case: bytes, _others: Sequence[bytes]) -> bytes:
    """Take a span out, now and then everything to the end."""
    at, to = _span(chance, case)
    return case[:at] + (b"" if chance.random() < 0.1 else case[to:])


def repeat(chance: Random, case: bytes, _others: Sequence[bytes]) -> bytes:
    """Write a span twice, or very often."""
    at, to = _span(chance, case)
    times = chance.choice((1, 1, 1, 2, 7, 40, 1000))
    return case[:at] + case[at:to] * min(times, 1 + LARGEST // max(1, to - at)) + case[at:]


def splice(chance: Random, case: bytes, others: Sequence[bytes]) -> bytes:
    """Go on as another input does."""
    other = chance.choice(others)
    return case[: chance.randint(0, len(case))] + other[chance.randint(0, len(other)) :]


def number(chance: Random, case: bytes, others: Sequence[bytes]) -> bytes:
    """Change a number that is written in it."""
    found = list(_NUMBER.finditer(case))
    if not found:
        return insert(chance, case, others)
    place = chance.choice(found)
    return case[: place.start()] + _another_number(chance, place[0]) + case[place.end() :]


def swap(chance: Random, case: bytes, others: Sequence[bytes]) -> bytes:
    """Put a token of another input in the place of one of this."""
    here, there = list(_TOKEN.finditer(case)), _TOKEN.findall(chance.choice(others))
    if not here or not there:
        return flip(chance, case, others)
    place = chance.choice(here)
    return case[: place.start()] + chance.choice(there) + case[place.end() :]


BYTES: tuple[Edit, ...] = (flip, insert, cut, repeat, splice, number, swap)


def json_value(chance: Random, case: bytes, others: Sequence[bytes]) -> bytes:
    """Replace, lose, wrap or double one value of a JSON document."""
    before, document = _json_in(case)
    if document is None:
        return chance.choice(BYTES)(chance, case, others)
    root = [document]
    holder, key = chance.choice(list(_places(root)))
    kind = chance.randrange(4)
    if kind == 0:
        holder[key] = chance.choice(_VALUES)
    elif kind == 1 and holder is not root:
        del holder[key]
    elif kind == 2:
        holder[key] = [holder[key]] * chance.choice((0, 1, 2, 20)) if chance.random() < 0.7 else {"id": holder[key]}
    else:
        holder[key] = json.loads(json.dumps(chance.choice([other for _, _, other in _values(root)])))
    try:
        # Half the surrogates as escapes, half as bytes: both are met in the wild.
        written = json.dumps(root[0], ensure_ascii=chance.random() < 0.5)
    except RecursionError:
        return chance.choice(BYTES)(chance, case, others)
    return before + written.encode("utf-8", "surrogatepass")


def json_twice(chance: Random, case: bytes, others: Sequence[bytes]) -> bytes:
    """Write a key of an object a second time, with another value: JSON allows it and readers differ."""
    found = list(re.finditer(rb'"[A-Za-z_]+" ?:', case))
    if not found:
        return chance.choice(BYTES)(chance, case, others)
    place = chance.choice(found)
    value = json.dumps(chance.choice(_VALUES)).encode()
    return case[: place.start()] + place[0] + value + b"," + case[place.start() :]


def yaml_line(chance: Random, case: bytes, others: Sequence[bytes]) -> bytes:
    """Lose, double, move, indent or empty a line, or take one from another file."""
    lines = case.split(b"\n")
    at = chance.randrange(len(lines))
    line = lines[at]
    kind = chance.randrange(7)
    if kind == 0:
        del lines[at]
    elif kind == 1:
        lines.insert(chance.randint(0, len(lines)), line)
    elif kind == 2:
        lines[at] = b" " * chance.choice((1, 2, 3, 8)) + line
    elif kind == 3:
        lines[at] = line.removeprefix(b" " * chance.choice((1, 2, 4)))
    elif kind == 4:
        lines[at] = line.partition(b":")[0] + b":"
    elif kind == 5:
        lines[at] = line.partition(b":")[0] + b": " + chance.choice(NASTY)
    else:
        lines.insert(at, chance.choice(chance.choice(others).split(b"\n")))
    return b"\n".join(lines)


def _span(chance: Random, case: bytes) -> tuple[int, int]:
    at = chance.randint(0, len(case))
    return at, min(len(case), at + chance.choice((1, 1, 2, 4, 16, 64, 1024)))


def _another_number(chance: Random, written: bytes) -> bytes:
    value = int(re.match(rb"-?[0-9]{1,40}", written)[0])  # type: ignore[index]
    return chance.choice(
        [
            b"%d" % (value + 1),
            b"%d" % (value - 1),
            b"%d" % -value,
            b"%d" % (value * 10),
            b"%d" % (value << chance.choice((31, 32, 53, 63, 64))),
            written + b"." + b"0" * chance.choice((1, 9, 40)) + b"1",
            written + b"e%d" % chance.choice((-400, -1, 1, 9, 99, 400)),
            b"0" + written,
            chance.choice(NASTY),
        ]
    )


_VALUES: tuple[Any, ...] = (
    *(None, True, False, 0, -1, 1, 2**31, 2**53, 2**63, 2**64, 10**40, 1.5, -0.0, 1e300, float("nan"), float("inf")),
    *("", "0", "-1", "1e9", "NaN", "0E-8", "1E+99", "9" * 30, "1_000", "１２", " 1 ", "1 ", "+1", "0.1", "x" * 5000),
    *("\ud800", "\0", "\u202e", "\n", "None", "New", "Expired", "Settled", "PaidLate", "PaidPartial", "BTC-LN"),
    *([], {}, [[]], [{}], {"": ""}, [None], ["BTC-LN"], {"orderId": None}),
)


def _json_in(case: bytes) -> tuple[bytes, Any]:
    """Split a case into what stands before the JSON on its last lines, and the JSON; None if there is none."""
    before, at, document = case.rpartition(b"\n")
    try:
        return before + at, json.loads(document)
    except (ValueError, RecursionError):
        return b"", None


def _values(holder: Any) -> list[tuple[Any, Any, Any]]:
    found: list[tuple[Any, Any, Any]] = []
    waiting = [holder]
    while waiting and len(found) < 500:
        each = waiting.pop()
        entries = each.items() if isinstance(each, dict) else enumerate(each)
        for key, value in entries:
            found.append((each, key, value))
            if isinstance(value, dict | list):
                waiting.append(value)
    return found


def _places(holder: Any) -> list[tuple[Any, Any]]:
    return [(each, key) for each, key, _ in _values(holder)]
