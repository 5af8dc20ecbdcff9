"""The YAML tree: text stays text, values know their lines, and what is not plain YAML has a name."""

import pytest
import yaml

from pos import yaml_lines
from pos.yaml_lines import Flaw, Items, Scalar, Table, read, scalars


@pytest.fixture(params=["CSafeLoader", "SafeLoader"])
def _either_parser(request, monkeypatch):
    """Run with libyaml, and with the parser PyYAML has when libyaml is missing."""
    monkeypatch.setattr(yaml_lines, "_LOADER", getattr(yaml, request.param))


pytestmark = pytest.mark.usefixtures("_either_parser")


@pytest.mark.parametrize("written", ["no", "on", "0500", "12:30", "12.50", "1e3", "0x1F", "2001-01-01", ".inf"])
def test_scalar_stays_what_was_written(written):
    assert read(f"a: {written}").root == Table(1, {"a": Scalar(1, written, False)}, {"a": 1})


def test_values_know_their_lines():
    root = read("a: 1\nb:\n  - x\n\n  - y: z\n").root
    assert isinstance(root, Table)
    assert root.values["b"] == Items(3, (Scalar(3, "x", False), Table(5, {"y": Scalar(5, "z", False)}, {"y": 5})))
    assert [(path, scalar.line) for path, scalar in scalars(root)] == [("a", 1), ("b[0]", 3), ("b[1].y", 5)]


@pytest.mark.parametrize(("written", "empty"), [("", True), ("~", True), ("null", True), ("''", False), ("'~'", False)])
def test_only_an_unquoted_nothing_is_empty(written, empty):
    root = read(f"a: {written}").root
    assert isinstance(root, Table)
    assert root.values["a"].empty is empty


@pytest.mark.parametrize(("text", "flaw"), [
    ("a: 1\nb: c: d", Flaw(2, "", "colon")),
    ("a: 1\nfoo\nb: 2\n", Flaw(2, "", "no_colon")),
    ("a: 1\nb: 'c\nd: e\n", Flaw(2, "", "quote")),
    ("a: [1,\nb 2\n", Flaw(1, "", "bracket")),
    ("a: @x\n", Flaw(1, "", "character")),
    ("a:\n\tb: 1\n", Flaw(2, "", "tab")),
    ("a: 1\n- b\n", Flaw(2, "", "indent")),
    ("a: - b\n", Flaw(1, "", "indent")),
    ("a: 'x' y\n", Flaw(1, "", "indent")),
    ('a: "\\q"\n', Flaw(1, "", "syntax")),
    ('a: "\\U00110000"\n', Flaw(1, "", "syntax")),
    ('a: 1\nb: "c\n# d: "e" f\n', Flaw(2, "", "quote")),
    ("a: {b: 'c}\nd: {e: 'f'}\n", Flaw(1, "", "quote")),
    ("a: 'b\n  c'\nd: e: f\n", Flaw(3, "", "colon")),
    ("a: 1\nb: \x07\n", Flaw(2, "", "control")),
    ("a: 1\n---\nb: 2\n", Flaw(2, "", "documents")),
    ("a: &x 1\n", Flaw(1, "a", "alias")),
    ("a:\n  - *x\n", Flaw(2, "a[0]", "alias")),
    ("a: !!str 1\n", Flaw(1, "a", "tag")),
    ("a: 1\n? [b]\n: 2\n", Flaw(2, "", "key")),
    ("a: 1\nb: {c: 1, c: 2}\n", Flaw(2, "b.c", "duplicate")),
])
def test_flaw_has_its_line_and_name(text, flaw):
    assert read(text).flaws == (flaw,)


def test_first_of_repeated_keys_is_kept():
    root = read("a: 1\na: 2\n").root
    assert isinstance(root, Table)
    assert root.values["a"] == Scalar(1, "1", False)


def test_nesting_stops_before_python_does():
    document = read("[" * 5000)
    assert document.root is None
    assert [flaw.reason for flaw in document.flaws] == ["depth"]


def test_empty_text_has_no_root_and_no_flaw():
    assert read("# nothing\n") == yaml_lines.Document(None, ())
