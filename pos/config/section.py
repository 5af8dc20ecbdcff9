"""One mapping of kiosk.yaml being read, and the complaints gathered meanwhile.

Rule: a reader never stops at a mistake. It notes the complaint and returns a stand-in, so that the owner sees all
mistakes at once; nothing made with a stand-in leaves pos/config, because `load` raises if anything was noted.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Final

from pos.errors import Complaint, ConfigError
from pos.words import Words
from pos.yaml_lines import Items, Node, Scalar, Table, join

_MOST_SHOWN: Final = 40
# Any long run may be the key, pasted into the wrong place or cut short.
_KEY_LIKE: Final = re.compile(r"[0-9A-Za-z]{24,}")
_ANY_TEXT: Final = re.compile(r".{1,200}")
_INTEGER: Final = re.compile(r"0|[1-9][0-9]{0,8}")
_INDEX: Final = re.compile(r"\[[0-9]+\]")
_SECRET_NAMES: Final = frozenset({"key", "api_key", "apikey", "token", "secret", "password"})


@dataclass(frozen=True, slots=True)
class Spot:
    """A place in the file: the line and the key's path."""

    line: int | None
    path: str


class Complaints:
    """The mistakes found so far, one for each spot, in the owner's words."""

    def __init__(self, file: str, words: Words) -> None:
        self._file = file
        self._words = words
        self._found: dict[Spot, Complaint] = {}

    def add(self, spot: Spot, reason: str, *, example: str | None = None, **values: object) -> None:
        """Note what is wrong at a spot (config.wrong.<reason>) and show what is right (config.example.<example>).

        Without `example` the sample for the key itself is shown. Only the first complaint about a spot counts: the
        others follow from it.
        """
        if spot in self._found:
            return
        name = _INDEX.sub("", spot.path).rpartition(".")[2]
        self._found[spot] = Complaint(
            self._file,
            spot.line,
            presentable(spot.path),
            self._words(f"config.wrong.{reason}", name=presentable(name), **values),
            self._words(f"config.example.{example or name}", name=presentable(name), **values),
        )

    def __bool__(self) -> bool:
        """Tell whether there is anything to complain of."""
        return bool(self._found)

    def error(self) -> ConfigError:
        """Return the error to raise: everything found, in the order of the file."""
        return ConfigError(sorted(self._found.values(), key=lambda complaint: complaint.line or 0))


class Section:
    """A mapping whose values are asked for by name; `close` complains about names nobody asked for."""

    def __init__(self, node: Node, path: str, complaints: Complaints) -> None:
        self._path = path
        self._complaints = complaints
        self._asked: set[str] = set()
        # A section that is no mapping is complained of once, and then every question gets its stand-in.
        self._broken = not isinstance(node, Table)
        self._table = node if isinstance(node, Table) else Table(node.line, {}, {})
        if self._broken:
            complaints.add(Spot(node.line, path), "section")

    def has(self, name: str) -> bool:
        """Tell whether the key is there with a value."""
        return self._node(name) is not None

    def holds_section(self, name: str) -> bool:
        """Tell whether the key's value is itself a mapping."""
        return isinstance(self._node(name), Table)

    def text(self, name: str, *, default: str | None = None, pattern: re.Pattern[str] = _ANY_TEXT,
             reason: str = "text") -> str:
        """Return printable text that fits the pattern; without a default the key must be there."""
        scalar = self._scalar(name, required=default is None)
        if scalar is None:
            return default or ""
        if not _printable(scalar.text) or pattern.fullmatch(scalar.text) is None:
            self.complain(name, reason, given=presentable(scalar.text))
            return default or ""
        return scalar.text

    def choice(self, name: str, choices: Sequence[str], *, default: str | None = None) -> str:
        """Return one of the choices."""
        scalar = self._scalar(name, required=default is None)
        if scalar is not None and scalar.text not in choices:
            self.complain(name, "choice", given=presentable(scalar.text), choices=", ".join(choices))
        if scalar is None or scalar.text not in choices:
            return default or choices[0]
        return scalar.text

    def integer(self, name: str, *, default: int, least: int, most: int) -> int:
        """Return a whole number between the two bounds, both included."""
        scalar = self._scalar(name, required=False)
        if scalar is None:
            return default
        number = int(scalar.text) if _INTEGER.fullmatch(scalar.text) else None
        if number is None or not least <= number <= most:
            self.complain(name, "integer", given=presentable(scalar.text), least=least, most=most)
            return default
        return number

    def flag(self, name: str, *, default: bool) -> bool:
        """Return true or false, which is how they must be written: `no` and `on` mean different things to each YAML."""
        scalar = self._scalar(name, required=False)
        if scalar is None:
            return default
        if scalar.text not in ("true", "false"):
            self.complain(name, "flag", given=presentable(scalar.text))
        return scalar.text == "true"

    def section(self, name: str) -> "Section":
        """Return the mapping under the key; an empty one if the key is not there, for keys that may all be left out."""
        node = self._node(name) or Table(self._table.line, {}, {})
        return Section(node, join(self._path, name), self._complaints)

    def sections(self, name: str) -> "list[Section]":
        """Return the mappings in the list under the key, which must hold at least one."""
        node = self._node(name)
        if self._missing(name, node):
            return []
        if not isinstance(node, Items) or not node.nodes:
            self.complain(name, "list")
            return []
        path = join(self._path, name)
        return [Section(below, f"{path}[{index}]", self._complaints) for index, below in enumerate(node.nodes)]

    def texts(self, name: str, *, pattern: re.Pattern[str], reason: str) -> list[str]:
        """Return the printable texts in the list under the key; none if the key is not there."""
        node = self._node(name)
        if node is None:
            return []
        scalars = [below for below in node.nodes if isinstance(below, Scalar)] if isinstance(node, Items) else []
        if not isinstance(node, Items) or len(scalars) != len(node.nodes):
            self.complain(name, "list")
        for scalar in scalars:
            if not _printable(scalar.text) or pattern.fullmatch(scalar.text) is None:
                self.complain(name, reason, given=presentable(scalar.text))
        return [scalar.text for scalar in scalars]

    def complain(self, name: str, reason: str, *, example: str | None = None, **values: object) -> None:
        """Note a mistake in the value of the key, or in the section itself where the key is not there."""
        spot = Spot(self.line_of(name), join(self._path, name))
        self._complaints.add(spot, reason, example=example, **values)

    def line_of(self, name: str) -> int:
        """Tell the line of the key's value, or of the section itself where the key is not there."""
        node = self._table.values.get(name)
        return node.line if isinstance(node, Scalar) else self._table.lines.get(name, self._table.line)

    def close(self) -> None:
        """Complain about every key that nobody asked for, with the nearest one that exists."""
        for name in [name for name in self._table.values if name not in self._asked]:
            if name.lower().replace("-", "_") in _SECRET_NAMES:
                self.complain(name, "secret", example="key_file")
                continue
            if name.isdecimal():  # inside braces YAML cuts `price: 1,400` into a price of 1 and a key 400
                self.complain(name, "cut_number", example="price")
                continue
            nearest = get_close_matches(name, self._asked, n=1)
            known = ", ".join(nearest or sorted(self._asked))
            self.complain(name, "unknown_near" if nearest else "unknown", example="unknown", known=known)

    def _node(self, name: str) -> Node | None:
        self._asked.add(name)
        node = self._table.values.get(name)
        return None if isinstance(node, Scalar) and node.empty else node

    def _scalar(self, name: str, *, required: bool) -> Scalar | None:
        node = self._node(name)
        if required and self._missing(name, node):
            return None
        if node is not None and not isinstance(node, Scalar):
            self.complain(name, "single")
            return None
        return node

    def _missing(self, name: str, node: Node | None) -> bool:
        if node is None and not self._broken:
            self.complain(name, "missing")
        return node is None


def _printable(text: str) -> bool:
    """Tell whether a screen can show the text; the wide Japanese space counts although Python calls it unprintable."""
    return text.replace("\u3000", "").isprintable() and not text.isspace()


def presentable(text: str) -> str:
    """Return what of the owner's text may be shown on a terminal: short, printable, nothing like a key."""
    visible = "".join(character if character.isprintable() else "·" for character in _KEY_LIKE.sub("***", text))
    return visible if len(visible) <= _MOST_SHOWN else f"{visible[:_MOST_SHOWN]}…"
