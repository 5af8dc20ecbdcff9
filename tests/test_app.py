"""The till as it is started: what it says when it cannot, how it ends, and that it gives nothing away."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from pos.app import COMMANDS, main

ROOT = Path(__file__).resolve().parents[1]
KEY = "0123456789abcdef0123456789abcdef01234567"
REAL = "server:\n  url: http://127.0.0.1:9\n  store_id: 9CiNzKoANXxmk5ayZngSXrHTiVvvgCrwrpFQd4m2K776\n"


def start(config: Path) -> subprocess.Popen[str]:
    command = [sys.executable, "run_kiosk.py", "--config", str(config), "--window", "800x480"]
    environment = os.environ | {"TILL_KEY": KEY}
    return subprocess.Popen(command, cwd=ROOT, env=environment, stderr=subprocess.PIPE, text=True)


def written(folder: Path, server: str, **changes: str) -> Path:
    """Write the shipped configuration with another server and other values."""
    text = (ROOT / "kiosk.yaml").read_text(encoding="utf-8").replace("server: demo\n", server)
    for name, value in changes.items():
        text += f"\n{name}: {value}\n"
    path = folder / "kiosk.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def until_first_frame(till: subprocess.Popen[str]) -> str:
    assert till.stderr is not None
    said = ""
    for line in till.stderr:
        said += line
        if "first frame" in line:
            return said
    raise AssertionError(said)


def ended(till: subprocess.Popen[str]) -> tuple[int, str]:
    _, said = till.communicate(timeout=20)
    return till.returncode, said


def test_a_mistake_in_the_configuration_is_told_without_a_traceback(tmp_path: Path) -> None:
    code, said = ended(start(written(tmp_path, "server: demo\n", colour="blue")))
    assert code == 2
    assert "colour" in said
    assert "Traceback" not in said


def test_a_key_that_is_not_there_is_told_without_a_traceback(tmp_path: Path) -> None:
    code, said = ended(start(written(tmp_path, REAL + "  key_file: nowhere.key\n")))
    assert code == 2
    assert "nowhere.key" in said
    assert "Traceback" not in said


def test_a_journal_that_is_no_journal_stops_the_till_and_is_left_as_it_was(tmp_path: Path, display: str) -> None:
    folder = tmp_path / "var"
    folder.mkdir()
    journal = folder / "journal.db"
    journal.write_bytes(b"this is not a database, it is a shopping list" * 100)
    code, said = ended(start(written(tmp_path, REAL + "  key_environment: TILL_KEY\n")))
    assert code == 3
    assert "記録" in said
    assert "Traceback" not in said
    assert journal.read_bytes().startswith(b"this is not a database")


def test_a_machine_without_a_screen_is_told_so_without_a_traceback(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("DISPLAY", raising=False)
    code, said = ended(start(written(tmp_path, "server: demo\n")))
    assert code == 4
    assert "DISPLAY=:0" in said
    assert "Traceback" not in said


def test_pairing_by_touch_without_a_screen_is_answered_in_the_configurations_language(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("DISPLAY", raising=False)
    monkeypatch.setenv("LC_ALL", "ja_JP.UTF-8")
    path = written(tmp_path, "server: demo\n")
    path.write_text(path.read_text(encoding="utf-8").replace("language: ja", "language: en"), encoding="utf-8")
    command = [sys.executable, "run_kiosk.py", "pair", "--touch", "--config", str(path)]
    assert subprocess.run(command, cwd=ROOT, check=False).returncode == 4
    assert "There is no screen here" in capfd.readouterr().err


def test_a_second_till_on_the_same_journal_is_refused(tmp_path: Path, display: str) -> None:
    config = written(tmp_path, REAL + "  key_environment: TILL_KEY\n")
    first = start(config)
    until_first_frame(first)
    code, said = ended(start(config))
    assert code == 3
    assert "もう起動しています" in said
    assert "Traceback" not in said
    first.send_signal(signal.SIGTERM)
    assert ended(first)[0] == 0


def test_a_till_without_its_server_starts_and_ends_in_order_and_never_says_the_key(
    tmp_path: Path, display: str
) -> None:
    till = start(written(tmp_path, REAL + "  key_environment: TILL_KEY\n"))
    said = until_first_frame(till)
    assert till.stderr is not None
    for line in till.stderr:
        said += line
        if "health problem=" in line:
            break
    till.send_signal(signal.SIGTERM)
    code, rest = ended(till)
    assert code == 0
    assert KEY not in said + rest
    kept = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert kept
    assert not [path for path in kept if KEY.encode() in path.read_bytes()]


def test_the_demo_never_touches_the_shops_own_journal(tmp_path: Path, display: str) -> None:
    folder = tmp_path / "var"
    folder.mkdir()
    (folder / "journal.db").write_bytes(b"the real one")
    till = start(written(tmp_path, "server: demo\n"))
    until_first_frame(till)
    till.send_signal(signal.SIGTERM)
    assert ended(till)[0] == 0
    assert (folder / "journal.db").read_bytes() == b"the real one"


def test_help_names_every_command() -> None:
    command = [sys.executable, "run_kiosk.py", "--help"]
    run = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    assert all(f"\n  {name} " in run.stdout for name in COMMANDS)


def test_help_of_pair_names_the_way_by_touch(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["pair", "--help"])
    assert "--touch" in capsys.readouterr().out


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_knows_help_and_where_the_configuration_is(name: str) -> None:
    command = [sys.executable, "run_kiosk.py", name, "--help"]
    run = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    assert f"usage: run_kiosk.py {name}" in run.stdout
    assert "--config" in run.stdout
