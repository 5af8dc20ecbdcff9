"""The rules of the house, read from the source itself.

Rule: what may be done is listed here with its reason; whoever needs more changes the list, and is seen doing so.
"""

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
MODULES = {str(path.relative_to(ROOT)): path for path in sorted((ROOT / "pos").rglob("*.py"))}
TREES = {name: ast.parse(path.read_text(encoding="utf-8")) for name, path in MODULES.items()}

MAY_USE: dict[str, set[str]] = {
    "core": {"core"},
    "btcpay": {"btcpay", "core", "errors"},
    "config": {"config", "core", "errors", "words", "yaml_lines"},
    "demo": {"demo", "core"},
    "ui": {"ui", "core", "errors", "fault", "qr", "service", "words"},
    "fault": {"errors", "exit_code"},
    "exit_code": set(),
    "command_line": {"assembly", "config", "errors", "exit_code", "words"},
    "report": set(),
    "first_start": {
        *("btcpay", "check", "config", "core", "errors", "first_start", "mailbox", "memory", "pace", "pairing"),
        *("private", "qr", "runtime", "ui", "words"),
    },
    "errors": {"core"},
    "yaml_lines": set(),
    "words": {"core", "errors", "yaml_lines"},
    "qr": set(),
    "sound": set(),
    "memory": set(),
    "systemd": set(),
    "journal": {"core", "errors", "journal", "mailbox", "private"},
    "commands": {
        *("assembly", "btcpay", "check", "command_line", "config", "core", "errors", "exit_code", "house", "journal"),
        *("memory", "pairing", "pin", "qr", "service", "ui", "upkeep", "words"),
    },
    "private": set(),
    "strays": {"core", "errors", "mailbox"},
    "engine": {"core"},
    "mailbox": {"core", "qr"},
    "pace": {"core"},
    "task": {"core", "pace"},
    "runtime": {"core", "errors", "mailbox", "pace", "task"},
    "house": {"core", "pace", "qr", "ui", "words"},
    "contact": {"core"},
    # Of the screens it asks only what fonts there are and how large they must be.
    "check": {
        *("assembly", "btcpay", "check", "command_line", "config", "core", "errors", "exit_code", "journal", "sound"),
        *("ui", "words"),
    },
    "pairing": {"btcpay", "config", "core", "errors", "pairing", "private", "words"},
    "service": set(),
    "lock": set(),
    "pin": {"core"},
    "upkeep": {"core", "errors", "house", "journal", "lock", "mailbox", "service"},
    "sales": {"core", "engine", "house"},
    "display": {"contact", "core", "house", "mailbox", "sales", "service", "ui", "upkeep"},
    "counter": {"contact", "core", "display", "engine", "errors", "house", "mailbox", "sales", "upkeep"},
}
"""Which part may import which; the roots alone know everyone, and nobody but the command line knows `assembly`."""

ROOTS = {"app", "assembly"}

THIRD_PARTY = {
    "pos/core/bolt11.py": {"coincurve"},  # a payee is recovered from a signature; the only one in core
    "pos/btcpay/client.py": {"requests"},  # moves the bytes
    "pos/btcpay/adapter.py": {"requests", "urllib3"},  # the only one that knows what requests stands on
    "pos/btcpay/connection.py": {"certifi", "socks"},  # the CAs that requests trusts; the way to .onion through Tor
    "pos/yaml_lines.py": {"yaml"},  # reads kiosk.yaml and the words
    "pos/qr.py": {"qrcode"},  # encodes the QR
    "pos/ui/pictures.py": {"PIL"},  # the menu's photographs
    "pos/demo/lightning.py": {"coincurve"},  # the demo's node signs its invoices
    "pos/demo/invoices.py": {"coincurve"},
}

PURE = {"collections", "dataclasses", "decimal", "enum", "functools", "re", "typing"}
"""What core may use of the standard library: nothing here reads a clock, a file or a die."""

MONEY = (
    *(f"pos/core/{name}.py" for name in ("money", "cart", "order", "bech32", "bolt11", "bolt11_fields")),
    *(f"pos/core/{name}.py" for name in ("payment", "payment_events", "payment_states", "notices")),
    *(f"pos/btcpay/{name}.py" for name in ("greenfield", "metadata", "offers", "clerk")),
    *(f"pos/{name}.py" for name in ("journal/record", "journal/journal", "engine")),
    *(f"pos/demo/{name}.py" for name in ("creation", "invoices", "lightning", "rates", "states")),
)

EXACT_DIVISIONS = {
    # The demo reckons as BTCPay does, in decimals: neither side of these is ever a float.
    "pos/demo/creation.py": {"abs(rounded - amount) / abs(amount)"},
    "pos/demo/states.py": {
        "amount * _SAT_PER_BTC / rate",
        "(100 - invoice.tolerance_percent) / 100",
        "Decimal(amount_msat) * rate / (_SAT_PER_BTC * MSAT_PER_SAT)",
    },
}

BROAD_EXCEPTS = {
    ("pos/runtime.py", "_work"): "a worker that died of a fault of ours would leave every payment unwatched",
    ("pos/app.py", "_sell"): "whatever stops the till is written down, told on the screen, and followed by a new start",
    ("pos/runtime.py", "_visit"): "a visit that broke is tried again later, like one that failed",
}

MODULE_LINES, FUNCTION_LINES = 250, 40


def part_of(module: str) -> str:
    """Name the part of the house a file or a dotted name belongs to."""
    return module.removesuffix(".py").replace("/", ".").removeprefix("pos.").split(".")[0]


def imports(name: str) -> Iterator[str]:
    """Give the dotted name of everything a file imports, wherever in the file it does."""
    for node in ast.walk(TREES[name]):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{name} imports from a place it does not name"
            assert node.module is not None
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def enclosing(name: str, kinds: tuple[type[ast.AST], ...]) -> Iterator[tuple[str, ast.AST]]:
    """Find nodes of these kinds with the name of the function each stands in."""

    def walk(node: ast.AST, function: str) -> Iterator[tuple[str, ast.AST]]:
        for child in ast.iter_child_nodes(node):
            if isinstance(child, kinds):
                yield function, child
            yield from walk(child, child.name if isinstance(child, ast.FunctionDef) else function)

    return walk(TREES[name], "")


# --- who knows whom --------------------------------------------------------------------------------------------------


def test_every_part_of_the_house_has_its_line_in_the_table() -> None:
    assert {part_of(name) for name in MODULES} - {"__init__", *ROOTS} == set(MAY_USE)


@pytest.mark.parametrize("name", [name for name in MODULES if part_of(name) not in ROOTS])
def test_a_module_knows_only_what_its_part_may(name: str) -> None:
    ours = [used for used in imports(name) if used.split(".")[0] == "pos" and used != "pos.__version__"]
    strangers = [used for used in ours if part_of(used) not in MAY_USE[part_of(name)]]
    assert strangers == []


def test_the_counter_knows_the_views_and_nothing_of_the_window() -> None:
    both = (*imports("pos/display.py"), *imports("pos/house.py"))
    of_the_screen = {used for used in both if used.startswith("pos.ui.")}
    assert {used.rpartition(".")[0] for used in of_the_screen} == {"pos.ui.view", "pos.ui.views"}


def test_views_know_no_tk() -> None:
    views = [name for name in MODULES if name.startswith("pos/ui/view")]
    assert len(views) > 5
    for name in views:
        strangers = [used for used in imports(name) if used.startswith("pos.ui.") and ".view" not in used]
        assert strangers == [], name


@pytest.mark.parametrize("name", MODULES)
def test_third_parties_are_met_where_the_table_says(name: str) -> None:
    outside = {used.split(".")[0] for used in imports(name)} - set(sys.stdlib_module_names) - {"pos"}
    assert outside == THIRD_PARTY.get(name, set())


@pytest.mark.parametrize("name", [name for name in MODULES if part_of(name) == "core"])
def test_core_is_pure(name: str) -> None:
    standard = {used.split(".")[0] for used in imports(name)} & set(sys.stdlib_module_names)
    assert standard <= PURE
    for _, node in enclosing(name, (ast.Call,)):
        assert isinstance(node, ast.Call)
        assert ast.unparse(node.func) not in ("open", "print", "input", "__import__", "exec", "eval")


@pytest.mark.parametrize("name", MODULES)
def test_only_the_runtime_and_the_demo_know_threads(name: str) -> None:
    threads = {"threading", "_thread", "concurrent", "multiprocessing", "asyncio"}
    used = {used.split(".")[0] for used in imports(name)} & threads
    assert not used or name == "pos/runtime.py" or part_of(name) == "demo"


@pytest.mark.parametrize("name", MODULES)
def test_tk_is_known_to_the_screens_only(name: str) -> None:
    assert part_of(name) == "ui" or "tkinter" not in {used.split(".")[0] for used in imports(name)}


# --- money -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", MONEY)
def test_no_float_comes_near_money(name: str) -> None:
    for node in ast.walk(TREES[name]):
        where = f"{name}:{getattr(node, 'lineno', 0)}"
        assert not (isinstance(node, ast.Constant) and isinstance(node.value, float | complex)), where
        assert not (isinstance(node, ast.Name) and node.id == "float"), where
        assert not (isinstance(node, ast.AugAssign) and isinstance(node.op, ast.Div)), where
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Div):
            assert ast.unparse(node) in EXACT_DIVISIONS.get(name, set()), where


def test_the_list_of_exact_divisions_is_no_longer_than_it_must_be() -> None:
    for name, divisions in EXACT_DIVISIONS.items():
        found = {ast.unparse(node) for node in ast.walk(TREES[name]) if isinstance(node, ast.BinOp)}
        assert divisions <= found


# --- errors ----------------------------------------------------------------------------------------------------------


def test_broad_excepts_stand_only_where_each_has_its_reason() -> None:
    found = []
    for name in MODULES:
        for function, node in enclosing(name, (ast.ExceptHandler, ast.Call)):
            if isinstance(node, ast.ExceptHandler):
                caught = node.type
            elif isinstance(node, ast.Call) and ast.unparse(node.func).endswith("suppress"):
                caught = ast.Tuple(node.args)
            else:
                continue
            names = {part.id for part in ast.walk(caught) if isinstance(part, ast.Name)} if caught else set()
            if caught is None or names & {"Exception", "BaseException"}:
                found.append((name, function))
    assert sorted(found) == sorted(BROAD_EXCEPTS)


def test_the_tree_of_errors_names_every_one_of_them_and_all_stand_there() -> None:
    home = "pos/errors.py"
    ours = {node.name for node in ast.walk(TREES[home]) if isinstance(node, ast.ClassDef) and node.bases}
    assert ours <= set(re.findall(r"\w+", ast.get_docstring(TREES[home]) or ""))
    for name in MODULES.keys() - {home}:
        classes = [node for node in ast.walk(TREES[name]) if isinstance(node, ast.ClassDef)]
        assert not ours & {ast.unparse(base) for node in classes for base in node.bases}, name


# --- size ------------------------------------------------------------------------------------------------------------


def test_modules_are_short_enough_to_be_read_at_once() -> None:
    for name, path in MODULES.items():
        assert len(path.read_text(encoding="utf-8").splitlines()) <= MODULE_LINES, name


def test_functions_are_short_enough_to_be_seen_at_once() -> None:
    for name in MODULES:
        for _, node in enclosing(name, (ast.FunctionDef,)):
            assert isinstance(node, ast.FunctionDef)
            assert (node.end_lineno or 0) - node.lineno < FUNCTION_LINES, f"{name}: {node.name}"


@pytest.mark.parametrize("name", [name for name, path in MODULES.items() if path.stat().st_size])
def test_every_module_says_what_it_is(name: str) -> None:
    assert ast.get_docstring(TREES[name])


# --- what is loaded when ---------------------------------------------------------------------------------------------


def loaded_by(modules: list[str]) -> set[str]:
    """Import modules in a fresh interpreter and tell which packages that has loaded."""
    script = f"import {', '.join(modules)}, sys; print(*{{name.split('.')[0] for name in sys.modules}})"
    run = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True)
    return set(run.stdout.split())


def test_nothing_outside_the_screens_loads_tk() -> None:
    dotted = [name.removesuffix("/__init__.py").removesuffix(".py").replace("/", ".") for name in MODULES]
    plain = [name for name in dotted if not name.endswith("__main__")]
    without_tk = [name for name in plain if part_of(name) != "ui" or name.startswith("pos.ui.view")]
    assert "tkinter" not in loaded_by(without_tk)


def test_starting_loads_nothing_that_the_first_frame_does_not_need() -> None:
    later = {"requests", "urllib3", "socks", "certifi", "qrcode", "PIL", "tkinter", "coincurve", "jsonschema"}
    assert loaded_by(["pos.app"]) & later == set()


# --- tests -----------------------------------------------------------------------------------------------------------


def test_tests_mock_nothing() -> None:
    for path in sorted((ROOT / "tests").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import | ast.ImportFrom):
                named = [getattr(node, "module", None) or "", *(alias.name for alias in node.names)]
                assert not any("mock" in name for name in named), path
