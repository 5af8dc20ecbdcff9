"""What somebody meets who has just cloned the project: no packages yet, an old Python, a display that is none."""

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


@pytest.mark.parametrize("words", [[], ["check"], ["pair"]])
def test_a_till_that_was_never_set_up_says_in_one_sentence_what_to_run(clone: Path, words: list[str]) -> None:
    # Without the packages of any environment: -S leaves site-packages out.
    told = subprocess.run([sys.executable, "-S", "run_kiosk.py", *words], cwd=clone, capture_output=True, text=True)
    assert told.returncode == 1
    assert told.stderr.count("script/demo") == 2
    assert "Traceback" not in told.stderr


def test_a_python_that_is_too_old_is_named(clone: Path) -> None:
    starter = (clone / "run_kiosk.py").read_text(encoding="utf-8")
    (clone / "run_kiosk.py").write_text(starter.replace("(3, 11)", "(99, 0)"), encoding="utf-8")
    told = subprocess.run([sys.executable, "run_kiosk.py"], cwd=clone, capture_output=True, text=True)
    assert told.returncode == 1
    assert f"this is {'.'.join(map(str, sys.version_info[:3]))}" in told.stderr


def test_practising_never_speaks_to_the_owners_server(tmp_path: Path) -> None:
    """script/demo made real invoices, and wrote them into the real journal, once the till had been paired."""
    config = written(tmp_path, REAL + "  key_file: nowhere.key\n")
    command = [sys.executable, "run_kiosk.py", "--demo", "--config", str(config), "--window", "800x480"]
    with subprocess.Popen(command, cwd=ROOT, env=os.environ, stderr=subprocess.PIPE, text=True) as till:
        try:
            until_first_frame(till)
        finally:
            till.terminate()
    assert not list(tmp_path.rglob("*.db"))
    assert "--demo" in (ROOT / "script" / "demo").read_text(encoding="utf-8")


def test_a_key_cannot_be_committed_by_mistake() -> None:
    for name in ("btcpay.key", "kiosk.yaml.before-pairing", "kiosk.yaml.new"):
        ignored = subprocess.run(["git", "check-ignore", "-q", name], cwd=ROOT)
        if ignored.returncode == 128:
            pytest.skip("not a clone")
        assert ignored.returncode == 0, name
