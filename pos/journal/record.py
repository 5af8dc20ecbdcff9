"""How an event is written down and read back: JSON with the names of the dataclasses' own fields.

Rule: what is read is checked field by field against the types in `core`, so damage is found here and only here.
"""

import json
from collections.abc import Mapping
from dataclasses import asdict, fields, is_dataclass
from functools import cache
from typing import Any, get_args, get_origin, get_type_hints

from pos.core.menu import StockChanged
from pos.core.payment_events import Event
from pos.core.salvage import Salvaged, SalvageSeen, StraysSought
from pos.core.way_out import PinTried

Record = Event | StockChanged | Salvaged | SalvageSeen | StraysSought | PinTried

KINDS: Mapping[str, type] = {kind.__name__: kind for kind in get_args(Record)}


def write(record: Record) -> tuple[str, str]:
    """Give a record's kind and its body as JSON text."""
    return type(record).__name__, json.dumps(asdict(record), ensure_ascii=False, separators=(",", ":"))


def read(kind: str, body: str) -> Record:
    """Rebuild a record; ValueError names the field that is not what it should be."""
    if kind not in KINDS:
        raise ValueError(f"unknown kind of event: {kind!r}")
    try:
        value = json.loads(body)
    except (TypeError, RecursionError) as exc:
        # A table may hold a number or a blob where it was damaged, and a text of brackets alone is JSON of any depth.
        raise ValueError(f"{kind}: not JSON: {exc}") from exc
    record: Record = _load(KINDS[kind], value, kind)
    return record


def _load(wanted: Any, value: object, where: str) -> Any:
    if is_dataclass(wanted):
        return _load_fields(wanted, value, where)
    if get_origin(wanted) is tuple:
        if isinstance(value, list):
            return tuple(_load(get_args(wanted)[0], item, where) for item in value)
    elif get_origin(wanted) is not None and issubclass(get_origin(wanted), Mapping):
        if isinstance(value, dict) and all(isinstance(text, str) for text in value.values()):
            return value
    elif type(value) is wanted:
        return value
    raise ValueError(f"{where}: {value!r} is not {wanted}")


def _load_fields(wanted: Any, value: object, where: str) -> Any:
    hints = _hints(wanted)
    if not isinstance(value, dict) or set(value) != set(hints):
        raise ValueError(f"{where}: {value!r} does not have the fields {sorted(hints)}")
    return wanted(**{name: _load(hint, value[name], f"{where}.{name}") for name, hint in hints.items()})


@cache
def _hints(wanted: Any) -> dict[str, Any]:
    hints = get_type_hints(wanted)
    return {field.name: hints[field.name] for field in fields(wanted)}
