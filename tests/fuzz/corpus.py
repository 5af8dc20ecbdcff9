"""The inputs that fuzzing begins from: real ones and famously bad ones.

Rule: what fits on a screen or two is a file of its own under corpus/<parser>/, named by what it is; what is bad by its
size is made here. What begins with `good-` must be taken. A file is a regression test for ever: what was found stays.
"""

import json
from functools import cache
from pathlib import Path

_HERE = Path(__file__).parent
_VECTORS = _HERE.parent / "core" / "bolt11_vectors.json"
_DEEP, _LONG = 100_000, 1_000_000


@cache
def inputs(parser: str) -> tuple[bytes, ...]:
    """Give a parser's inputs, those that it must take first."""
    return (*good(parser), *_specified(parser, "invalid"), *(path.read_bytes() for path in _files(parser, good=False)))


@cache
def good(parser: str) -> tuple[bytes, ...]:
    """Give those of a parser's inputs that it must take."""
    return (*_specified(parser, "valid"), *(path.read_bytes() for path in _files(parser, good=True)))


@cache
def huge(parser: str) -> tuple[bytes, ...]:
    """Give a parser's inputs that are bad by their size alone."""
    return tuple(_HUGE.get(parser, _HUGE_TEXT))


def _files(parser: str, *, good: bool) -> list[Path]:
    return [path for path in sorted((_HERE / "corpus" / parser).iterdir()) if path.name.startswith("good-") == good]


def _specified(parser: str, kind: str) -> list[bytes]:
    """Give the valid or the invalid examples of BOLT #11."""
    if parser not in ("bolt11", "bech32"):
        return []
    return [vector["invoice"].encode() for vector in json.loads(_VECTORS.read_text())[kind]]


def _json(start: bytes) -> list[bytes]:
    return [
        start + b"[" * _DEEP,
        start + b'{"a":' * _DEEP,
        start + b"[" * 5_000 + b"]" * 5_000,
        start + b'{"amount":' + b"9" * _LONG + b"}",
        start + b'{"amount":"' + b"9" * _LONG + b'"}',
        start + b'{"amount":1e' + b"9" * _LONG + b"}",
        start + b'{"id":"' + b"\\ud800" * 10_000 + b'"}',
        start + b"[" + b"0," * _DEEP + b"0]",
        start + b'"' + b"\\" * _LONG,
    ]


_YAML = [
    b"a: " + b"[" * _DEEP,
    b"{a: " * _DEEP,
    b"- " * _DEEP,
    b"\n".join(b" " * depth + b"a:" for depth in range(300)),
    b"a: " + b"9" * _LONG,
    b"a: &a [x]\n" + b"".join(b"b%d: [*a, *a]\n" % number for number in range(5_000)),
    b"".join(b"key%d: x\n" % number for number in range(3_000)),
    b"a: x\n" * 20_000,
    b"&" * _DEEP,
    b"? " * _DEEP,
    b"a: |\n" + b"  x\n" * _DEEP,
    b'a: "' + b"\\x" * _DEEP,
    b"#" * _LONG,
]

_HUGE_TEXT = [b"0" * _LONG, b"A" * _LONG, b"\0" * _LONG, b":" * _LONG, b" " * _LONG, b"\xff" * _LONG]
_HUGE: dict[str, list[bytes]] = {
    "bech32": [b"1" * _LONG, b"a1" + b"q" * 20_000, b"q" * _LONG],
    "bolt11": [
        *(b"lnbc1" + b"q" * _LONG, b"lnbc" + b"9" * _LONG, b"1" * _LONG),
        *(b"lnbc1" + b"q" * 3295, b"lnbc1" + b"p" * 3295),
    ],
    "config": _YAML,
    "words": _YAML,
    "pairing": [*_json(b""), b"{" * _DEEP, b"https://" + b"a." * _DEEP, b"[" * 4_000],
    "greenfield": _json(b"200 application/json\n") + _json(b"400 application/json\n"),
    "journal": _json(b"Opened "),
}
