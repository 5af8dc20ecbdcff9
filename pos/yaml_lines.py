"""A YAML file as a tree in which every value knows its line.

Rule: a scalar stays the text that was written, so no price becomes a float, no `no` a boolean and no `12:30` a number.
Only plain YAML passes: anchors, aliases and tags are refused (an alias can unfold into gigabytes), so are repeated
keys, which PyYAML would settle in silence.

The tree is built from parse events and not from yaml.compose: composed nodes no longer know their anchors, and compose
goes as deep as the file tells it to.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

import yaml

_LOADER: Final = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_MOST_LEVELS: Final = 16
_QUOTES: Final = frozenset("\"'")
_EMPTY: Final = frozenset({"", "~", "null"})
# What YAML forbids, by name: a class of all that it allows takes ten times as long to compile, before the first frame.
_CONTROL: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufeff\ufffe\uffff]")

# What the parser says (libyaml's words, then PyYAML's own) and what to call it; the first that fits.
_SYNTAX: Final = (
    ("mapping values are not allowed", "colon"),
    ("could not find expected ':'", "no_colon"),
    ("unexpected end of stream", "quote"),
    ("expected ',' or", "bracket"),
    ("cannot start any token", "character"),
    ("expected", "indent"),
    ("entries are not allowed", "indent"),
)
# For these the parser notices only at the end of the file; the owner needs the line where it began.
_BEGAN_EARLIER: Final = frozenset({"no_colon", "quote", "bracket"})


@dataclass(frozen=True, slots=True)
class Scalar:
    """One value, as text; `empty` tells a value that was left out from one that was quoted."""

    line: int
    text: str
    empty: bool


@dataclass(frozen=True, slots=True)
class Items:
    """A list."""

    line: int
    nodes: "tuple[Node, ...]"


@dataclass(frozen=True, slots=True)
class Table:
    """A mapping; `lines` tells where each key stands. Of a repeated key the first value is kept."""

    line: int
    values: "Mapping[str, Node]"
    lines: Mapping[str, int]


Node = Scalar | Items | Table


@dataclass(frozen=True, slots=True)
class Flaw:
    """What makes the file no plain YAML: where, and a word for why."""

    line: int
    path: str
    reason: str


@dataclass(frozen=True, slots=True)
class Document:
    """What was read; `root` is None when the file is empty or cannot be read to its end."""

    root: Node | None
    flaws: tuple[Flaw, ...]


def read(text: str) -> Document:
    """Read YAML text; never raises, whatever the text: what is wrong with it stands in `flaws`."""
    control = _CONTROL.search(text)
    if control is not None:
        return Document(None, (Flaw(text.count("\n", 0, control.start()) + 1, "", "control"),))
    builder = _Builder(text)
    try:
        root = builder.document()
    except yaml.YAMLError as exc:
        return Document(None, (*builder.flaws, _syntax_flaw(text, exc, builder.stretched)))
    except _TooDeep:
        return Document(None, tuple(builder.flaws))
    except ValueError:  # PyYAML without libyaml: chr() of an escape beyond Unicode
        return Document(None, (*builder.flaws, Flaw(1, "", "syntax")))
    return Document(root, tuple(builder.flaws))


def scalars(node: Node, path: str = "") -> Iterator[tuple[str, Scalar]]:
    """Yield every value below the node with its path ("menu.items[2].price")."""
    match node:
        case Scalar():
            yield path, node
        case Items():
            for index, below in enumerate(node.nodes):
                yield from scalars(below, f"{path}[{index}]")
        case Table():
            for name, below in node.values.items():
                yield from scalars(below, join(path, name))


def join(path: str, name: str) -> str:
    """Return the path of a key in the mapping at `path`."""
    return f"{path}.{name}" if path else name


class _TooDeep(Exception):
    """Stop the recursion before Python has to."""


class _Builder:
    def __init__(self, text: str) -> None:
        self.flaws: list[Flaw] = []
        self.stretched: Any = None
        """The last scalar in quotes that goes over several lines."""
        self._events: Iterator[Any] = yaml.parse(text, Loader=_LOADER)

    def document(self) -> Node | None:
        next(self._events)  # StreamStart
        if isinstance(next(self._events), yaml.StreamEndEvent):
            return None
        root = self._node(next(self._events), "", 0)
        next(self._events)  # DocumentEnd
        after = next(self._events)
        if not isinstance(after, yaml.StreamEndEvent):
            self._flaw(after, "", "documents")
        return root

    def _node(self, event: Any, path: str, depth: int) -> Node:
        line = event.start_mark.line + 1
        if depth > _MOST_LEVELS:
            self._flaw(event, path, "depth")
            raise _TooDeep
        if getattr(event, "style", None) in _QUOTES and event.start_mark.line < event.end_mark.line:
            self.stretched = event
        if event.anchor is not None:
            self._flaw(event, path, "alias")
        if getattr(event, "tag", None) is not None:
            self._flaw(event, path, "tag")
        if isinstance(event, yaml.MappingStartEvent):
            return self._table(line, path, depth)
        if isinstance(event, yaml.SequenceStartEvent):
            return self._items(line, path, depth)
        if isinstance(event, yaml.ScalarEvent):
            return Scalar(line, event.value, not event.style and event.value in _EMPTY)
        return Scalar(line, "", True)  # an alias; its flaw is noted above

    def _items(self, line: int, path: str, depth: int) -> Items:
        nodes: list[Node] = []
        while not isinstance(event := next(self._events), yaml.SequenceEndEvent):
            nodes.append(self._node(event, f"{path}[{len(nodes)}]", depth + 1))
        return Items(line, tuple(nodes))

    def _table(self, line: int, path: str, depth: int) -> Table:
        values: dict[str, Node] = {}
        lines: dict[str, int] = {}
        while not isinstance(event := next(self._events), yaml.MappingEndEvent):
            key = self._node(event, path, depth + 1)
            name = key.text if isinstance(key, Scalar) else ""
            below = join(path, name)
            value = self._node(next(self._events), below, depth + 1)
            if not isinstance(key, Scalar):
                self._flaw(event, path, "key")
            elif name in values:
                self._flaw(event, below, "duplicate")
            else:
                values[name], lines[name] = value, key.line
        return Table(line, values, lines)

    def _flaw(self, event: Any, path: str, reason: str) -> None:
        self.flaws.append(Flaw(event.start_mark.line + 1, path, reason))


def _syntax_flaw(text: str, exc: yaml.YAMLError, stretched: Any) -> Flaw:
    problem = getattr(exc, "problem", None) or ""
    reason = next((reason for words, reason in _SYNTAX if words in problem), "syntax")
    mark = getattr(exc, "problem_mark", None)
    if mark is not None and stretched is not None and mark.line == stretched.end_mark.line:
        # A quotation mark that is not closed takes the next one, maybe in a remark far below, for its end.
        reason, mark = "quote", stretched.start_mark
    elif reason in _BEGAN_EARLIER:
        mark = getattr(exc, "context_mark", None) or mark
    line = mark.line + 1 if mark is not None else 1
    written = text.splitlines()[line - 1 : line]
    if written and "\t" in written[0] and reason in ("character", "indent"):
        reason = "tab"
    return Flaw(line, "", reason)
