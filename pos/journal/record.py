"""How an event is written down and read back: JSON with the names of the dataclasses' own fields.

Rule: what is read is checked field by field against the types in `core`, and all of it against its checksum: SQLite
has none on its pages, and an invoice's id with one letter changed would still be one. Damage to an entry is found here.
"""

import json
from collections.abc import Mapping
from dataclasses import asdict, fields, is_dataclass
from functools import cache
from typing import Any, get_args, get_origin, get_type_hints
from zlib import crc32

from pos.core.menu import StockChanged
from pos.core.payment_events import Event
from pos.core.salvage import Salvaged, SalvageSeen, StraysSought
from pos.core.way_out import PinTried

Record = Event | StockChanged | Salvaged | SalvageSeen | StraysSought | PinTried

_SUM = "crc32"
KINDS: Mapping[str, type] = {kind.__name__: kind for kind in get_args(Record)}


def write(record: Record) -> tuple[str, str]:
    """Give a record's kind and its body as JSON text."""
    kind, body = type(record).__name__, asdict(record)
    return kind, _text(body | {_SUM: _sum(kind, body)})


def read(kind: str, body: str) -> Record:
    """Rebuild a record; ValueError names the field that is not what it should be."""
    if kind not in KINDS:
        raise ValueError(f"unknown kind of event: {kind!r}")
    try:
        value = json.loads(body)
    except (TypeError, RecursionError) as exc:
        # A table may hold a number or a blob where it was damaged, and a text of brackets alone is JSON of any depth.
        raise ValueError(f"{kind}: not JSON: {exc}") from exc
    # Without a checksum it was written before there were any; one whose name was damaged is a field too many.
    given = value.pop(_SUM, None) if isinstance(value, dict) else None
    record: Record = _load(KINDS[kind], value, kind)
    if given is not None and given != _sum(kind, value):
        raise ValueError(f"{kind}: {value!r} does not have the checksum {given!r}")
    return record


def is_record(kind: str, body: str) -> bool:
    """Tell whether a record can be read, quickly where its checksum is that of the very text that was written."""
    text, found, given = str(body).rpartition(f',"{_SUM}":')
    if found and kind in KINDS and given == f"{crc32(f'{kind} {text}}}'.encode(errors='replace'))}}}":
        return True
    try:
        read(kind, body)
    except ValueError:
        return False
    return True


def _text(body: Mapping[str, Any]) -> str:
    return json.dumps(body, ensure_ascii=False, separators=(",", ":"))


def _sum(kind: str, body: Mapping[str, Any]) -> int:
    return crc32(f"{kind} {_text(body)}".encode())


def _load(wanted: Any, value: object, where: str) -> Any:
    if is_dataclass(wanted):
        return _load_fields(wanted, value, where)
    if get_origin(wanted) is tuple:
        if isinstance(value, list):
            return tuple(_load(get_args(wanted)[0], item, where) for item in value)
    elif get_origin(wanted) is not None and issubclass(get_origin(wanted), Mapping):
        if isinstance(value, dict) and all(_is_text(text) for text in (*value, *value.values())):
            return value
    elif wanted is str:
        if _is_text(value):
            return value
    elif type(value) is wanted:
        return value
    raise ValueError(f"{where}: {value!r} is not {wanted}")


def _is_text(value: object) -> bool:
    """Half of a surrogate pair is text to JSON, but it can neither be shown nor sent."""
    return isinstance(value, str) and value.encode(errors="ignore").decode() == value


def _load_fields(wanted: Any, value: object, where: str) -> Any:
    hints = _hints(wanted)
    if not isinstance(value, dict) or set(value) != set(hints):
        raise ValueError(f"{where}: {value!r} does not have the fields {sorted(hints)}")
    return wanted(**{name: _load(hint, value[name], f"{where}.{name}") for name, hint in hints.items()})


@cache
def _hints(wanted: Any) -> dict[str, Any]:
    hints = get_type_hints(wanted)
    return {field.name: hints[field.name] for field in fields(wanted)}
