"""The `server:` block inside the text of kiosk.yaml: found, turned from the demo to a real server, and filled in.

Rule: pure, and on the text: whatever is not the block stays byte for byte as it was, and so do the comments within it;
only the remark above the example goes, which tells how to do by hand what is then done.
A file that still says `server: demo` gets the block from its own commented-out example, where it has one: what the
owner would do by hand.
"""

import json
import re
from collections.abc import Mapping
from typing import Final

from pos.errors import PairingError

_LINES: Final = re.compile(r"[^\n]*\n|[^\n]+")
_HEAD: Final = re.compile("(?P<mark>\ufeff?)server[ \t]*:(?P<value>[^#\r\n]*)")
_EXAMPLE_HEAD: Final = re.compile(r"# server:\s*")
_HOW_TO: Final = re.compile(r"#.*# server:|#\s*$")
# A colon at the end would make a mapping of it.
_PLAIN: Final = re.compile(r"[A-Za-z0-9/.]([A-Za-z0-9/.:_=@+-]*[A-Za-z0-9/._=@+-])?")
_INDENT: Final = "  "


def with_server(text: str, values: Mapping[str, str | None]) -> str:
    """Return the text with these values in its server: block; None takes a setting out.

    PairingError("no_server_line") unless the file has one line `server:` of its own.
    """
    lines = _LINES.findall(text)
    heads = [number for number, line in enumerate(lines) if _HEAD.match(line)]
    if len(heads) != 1:
        raise PairingError("no_server_line")
    at = heads[0]
    newline = "\r\n" if "\r\n" in text else "\n"
    if not lines[-1].endswith("\n"):
        lines[-1] += newline
    head = _HEAD.match(lines[at])
    value = head["value"].strip() if head else ""
    mark = head["mark"] if head else ""
    begin, end = _example(lines, at + 1) if value and not value.startswith("{") else (at, at)
    if begin < end:
        between = [line for line in lines[at + 1 : begin] if _HOW_TO.match(line) is None]
        before, block = [*lines[:at], *between], [_uncommented(line) for line in lines[begin:end]]
    else:
        end = at + 1 if value and not value.startswith("{") else _end_of_block(lines, at + 1)
        before, block = lines[:at], [f"server:{newline}", *([] if value else lines[at + 1 : end])]
    if mark:
        first = before or block
        first[0] = mark + first[0]
    return "".join((*before, *_filled(block, values, newline), *lines[end:]))


def _example(lines: list[str], start: int) -> tuple[int, int]:
    """Find the commented-out block below the line of the demo; an empty range if there is none."""
    for begin in range(start, len(lines)):
        if _EXAMPLE_HEAD.fullmatch(lines[begin]):
            end = begin + 1
            while end < len(lines) and lines[end].startswith("#   "):
                end += 1
            return begin, end
        if lines[begin].strip() and not lines[begin].startswith("#"):
            break
    return start, start


def _uncommented(line: str) -> str:
    return line.removeprefix("# ")


def _end_of_block(lines: list[str], start: int) -> int:
    """Find where the next setting begins; the comments and blank lines above it are its own."""
    end = start
    for number in range(start, len(lines)):
        line = lines[number]
        if line.strip() and line[0] not in " \t#}":
            break
        if line.strip() and line[0] != "#":
            end = number + 1
    return end


def _filled(block: list[str], values: Mapping[str, str | None], newline: str) -> list[str]:
    indent = next((found[1] for line in block[1:] if (found := re.match(r"([ \t]+)\w+[ \t]*:", line))), _INDENT)
    for name, value in values.items():
        active = _find(block, rf"[ \t]+{name}[ \t]*:")
        if value is None:
            if active is not None:
                del block[active]
            continue
        quoted = value if _PLAIN.fullmatch(value) else json.dumps(value, ensure_ascii=False)
        written = f"{indent}{name}: {quoted}{newline}"
        spare = _find(block, rf"[ \t]+#[ \t]*{name}[ \t]*:")
        if active is not None:
            block[active] = written
        elif spare is not None:
            block[spare] = written
        else:
            block.append(written)
    return block


def _find(block: list[str], pattern: str) -> int | None:
    return next((number for number, line in enumerate(block) if re.match(pattern, line)), None)
