"""What somebody meets who has just cloned the project: no packages yet, an old Python, a display that is none."""

import ast
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.test_app import REAL, until_first_frame, written

ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    """A folder with the starter and nothing that script/demo would have installed."""
    shutil.copy(ROOT / "run_kiosk.py", tmp_path)
    return tmp_path


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A clone on a machine where every program that sets something up works at once, and says what it was asked."""
    shutil.copytree(ROOT / "script", tmp_path / "script")
    for name in ("setup.cfg", "pyproject.toml"):
        shutil.copy(ROOT / name, tmp_path)
    program(tmp_path / "bin" / "dpkg-query", "echo install ok installed")
    program(tmp_path / "bin" / "apt-get", "echo Reading package lists; echo Setting up")
    program(tmp_path / "bin" / "sudo", 'exec "$@"')
    program(tmp_path / "bin" / "xvfb-run", 'echo "virtual screen: $*"')
    program(tmp_path / ".venv" / "bin" / "python", 'echo "$*"')
    monkeypatch.setenv("PATH", f"{tmp_path / 'bin'}:{os.environ['PATH']}")
    return tmp_path


def program(path: Path, does: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\n{does}\n", encoding="utf-8")
    path.chmod(0o755)


def shell(machine: Path, line: str) -> "subprocess.CompletedProcess[str]":
    command = ["bash", "-c", f"set -euo pipefail\n{line}"]
    return subprocess.run(command, cwd=machine, capture_output=True, text=True)


def test_script_demo_practises_on_the_screen_that_is_there(machine: Path, display: str) -> None:
    assert "run_kiosk.py --demo --window" in shell(machine, "script/demo").stdout


def test_script_demo_takes_a_virtual_screen_where_the_named_one_does_not_answer(
    machine: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """DISPLAY=:0 of a session that had ended: the demo ended as well, with the advice to write DISPLAY=:0."""
    monkeypatch.setenv("DISPLAY", ":9876")
    shown = shell(machine, "script/demo")
    assert shown.returncode == 0
    assert "virtual screen:" in shown.stdout
    assert "script.play_sale" in shown.stdout


def test_script_demo_tells_its_usage(machine: Path) -> None:
    told = shell(machine, "script/demo --help")
    assert told.returncode == 0
    assert "--pictures DIR" in told.stdout


def test_packages_are_installed_in_one_line(machine: Path) -> None:
    program(machine / "bin" / "dpkg-query", "exit 1")
    done = shell(machine, "source script/setup; setup_system xvfb xauth")
    assert done.returncode == 0
    assert done.stdout + done.stderr == "Installing (about a minute): xvfb xauth\n"


def test_packages_that_cannot_be_installed_end_in_what_to_do(machine: Path) -> None:
    program(machine / "bin" / "dpkg-query", "exit 1")
    program(machine / "bin" / "apt-get", "echo E: no network; exit 100")
    told = shell(machine, "source script/setup; setup_system xvfb").stderr
    assert "E: no network" in told
    assert all("timedatectl" in line for line in told.splitlines()[-2:])


def test_python_packages_that_cannot_be_fetched_end_in_what_to_do(machine: Path) -> None:
    program(machine / ".venv" / "bin" / "python", "echo ERROR: No matching distribution >&2; exit 1")
    told = shell(machine, "source script/setup; setup_python demo")
    assert told.returncode == 1
    assert all("timedatectl" in line for line in told.stderr.splitlines()[-2:])
    assert not (machine / ".venv" / "set-up-demo").exists()


def test_setting_up_with_a_python_that_is_too_old_does_not_blame_the_network(machine: Path) -> None:
    program(machine / "bin" / "old", '[ "$1" = --version ] && echo Python 3.9.2')
    told = shell(machine, "source script/setup; PYTHON=bin/old; setup_python demo")
    assert told.returncode == 1
    assert told.stderr.count("Python 3.9.2") == 2
    assert "timedatectl" not in told.stderr


@pytest.mark.parametrize("words", [[], ["check"], ["pair"]])
def test_a_till_that_was_never_set_up_says_in_one_sentence_what_to_run(clone: Path, words: list[str]) -> None:
    # Without the packages of any environment: -S leaves site-packages out.
    told = subprocess.run([sys.executable, "-S", "run_kiosk.py", *words], cwd=clone, capture_output=True, text=True)
    assert told.returncode == 1
    assert told.stderr.count("script/demo") == 2
    assert "Traceback" not in told.stderr


def test_a_set_up_that_broke_off_says_so_too(clone: Path) -> None:
    """After a download that failed there is a .venv, and every command was a traceback again."""
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", ".venv"], cwd=clone, check=True)
    told = subprocess.run([sys.executable, "run_kiosk.py", "check"], cwd=clone, capture_output=True, text=True)
    assert told.returncode == 1
    assert told.stderr.count("script/demo") == 2
    assert "Traceback" not in told.stderr


def test_a_python_that_is_too_old_is_named(clone: Path) -> None:
    starter = (clone / "run_kiosk.py").read_text(encoding="utf-8")
    (clone / "run_kiosk.py").write_text(starter.replace("(3, 11)", "(99, 0)"), encoding="utf-8")
    told = subprocess.run([sys.executable, "run_kiosk.py"], cwd=clone, capture_output=True, text=True)
    assert told.returncode == 1
    assert f"this is {'.'.join(map(str, sys.version_info[:3]))}" in told.stderr
    ast.parse(starter, feature_version=(3, 7))


def test_practising_never_speaks_to_the_owners_server(tmp_path: Path, display: str) -> None:
    """script/demo made real invoices, and wrote them into the real journal, once the till had been paired."""
    config = written(tmp_path, REAL + "  key_file: nowhere.key\n")
    command = [sys.executable, "run_kiosk.py", "--demo", "--config", str(config), "--window", "800x480"]
    with subprocess.Popen(command, cwd=ROOT, env=os.environ, stderr=subprocess.PIPE, text=True) as till:
        try:
            until_first_frame(till)
        finally:
            till.terminate()
    assert not list(tmp_path.rglob("*.db"))


def test_a_key_cannot_be_committed_by_mistake() -> None:
    if shutil.which("git") is None:
        pytest.skip("git is not installed")
    for name in ("btcpay.key", "kiosk.yaml.before-pairing", "kiosk.yaml.new"):
        ignored = subprocess.run(["git", "check-ignore", "-q", name], cwd=ROOT)
        if ignored.returncode == 128:
            pytest.skip("not a clone")
        assert ignored.returncode == 0, name
