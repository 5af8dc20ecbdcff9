"""A till whose own code fails, and one that cannot start: real processes, real windows, a finger on the button.

Rule: each process runs the program itself, with a fault put into one place; it photographs its own screen's words.
"""

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
KEY = "0123456789abcdef0123456789abcdef01234567"

# What is put into the process before the program begins: the first run fails in a callback of Tk's with the key in the
# error and in the log; the screen that comes up tells its words and is tapped, or is left to its countdown. Or the
# signal to end comes while the report of the fault is being written, or right before the till starts again.
DRIVER = """
import logging, os, signal, sys
from pathlib import Path
from urllib.parse import quote

import pos.app, pos.fault, pos.report
from pos.core import touches as t
from pos.counter import Counter
from pos.ui.fault import FaultScreen

marks, tapped, failing = Path(sys.argv[1]), sys.argv[2], int(sys.argv[3])
argv = sys.argv[4:]
key = os.environ["TILL_KEY"]
runs = len(list(marks.glob("run-*")))
(marks / f"run-{runs}").touch()
tick, show = Counter.tick, FaultScreen.show

def fail(counter):
    if runs < failing:
        logging.getLogger("pos.btcpay").warning("GET /?token=%s", quote(key))
        raise RuntimeError(f"the drawer {key} is stuck")
    (marks / "sold").touch()
    os.kill(os.getpid(), signal.SIGTERM)

def tell(screen, view):
    show(screen, view)
    (marks / f"screen-{runs}").write_text(repr(view))
    if tapped.startswith("tap"):
        screen.surface.after(1200, lambda: screen.surface.finger.tap(t.Restart()))

def told_to_end(reports, error):
    os.kill(os.getpid(), signal.SIGTERM)
    return write(reports, error)

Counter.tick, FaultScreen.show = fail, tell
sell = pos.app._sell

def sell_and_be_told(run, cleanup, **how):
    code = sell(run, cleanup, **how)
    os.kill(os.getpid(), signal.SIGTERM)
    return code

if tapped == "tap then end":
    pos.app._sell = sell_and_be_told
if tapped == "end":
    write, pos.report.Reports.write = pos.report.Reports.write, told_to_end
pos.fault._WAIT_S, pos.fault._WAIT_IN_LOOP_S = 2, 600
sys.exit(pos.app.main(argv))
"""


def config_in(folder: Path, *, extra: str = "") -> Path:
    text = (ROOT / "kiosk.yaml").read_text(encoding="utf-8")
    server = "server:\n  url: http://127.0.0.1:9\n  store_id: 9CiNzKoANXxmk5ayZngSXrHT\n  key_environment: TILL_KEY\n"
    path = folder / "kiosk.yaml"
    path.write_text(text.replace("server: demo\n", server).replace("kiosk: false", "kiosk: true") + extra, "utf-8")
    return path


def start(folder: Path, tapped: str, failing: int, *options: str) -> "subprocess.Popen[str]":
    (folder / "marks").mkdir(exist_ok=True)
    command = [sys.executable, "-c", DRIVER, str(folder / "marks"), tapped, str(failing)]
    return subprocess.Popen(
        [*command, "--config", str(folder / "kiosk.yaml"), *options],
        cwd=ROOT,
        env=os.environ | {"TILL_KEY": KEY},
        stdin=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )


def ended(till: "subprocess.Popen[str]") -> tuple[int, str]:
    _, said = till.communicate(timeout=40)
    return till.returncode, said


def wait_for(path: Path) -> str:
    until_s = time.monotonic() + 20
    while not (path.exists() and path.read_text()):
        assert time.monotonic() < until_s, path
        time.sleep(0.02)
    return path.read_text()


@pytest.mark.parametrize("tapped", ["tap", "wait"])
def test_a_till_that_fails_says_so_starts_again_and_keeps_the_key_to_itself(
    tmp_path: Path, display: str, tapped: str
) -> None:
    config_in(tmp_path)
    code, said = ended(start(tmp_path, tapped, 1, "--window", "800x480"))
    assert code == 0, said
    assert (tmp_path / "marks" / "sold").exists()
    screen = (tmp_path / "marks" / "screen-0").read_text()
    assert "レジが止まりました" in screen
    assert "The till has stopped" in screen
    (report,) = (tmp_path / "var" / "reports").glob("crash-*.txt")
    assert f"var/reports/{report.name}" in screen
    text = report.read_text()
    assert "RuntimeError: the drawer *** is stuck" in text
    assert "GET /?token=***" in text
    assert "tk: 8." in text
    assert str(tmp_path / "kiosk.yaml") in text
    assert KEY not in text + screen + said


def test_told_to_end_while_its_crash_is_being_written_down_the_till_ends_and_does_not_start_again(
    tmp_path: Path, display: str
) -> None:
    """The signal went to the window that had failed; the crash screen came up, and the till started again."""
    config_in(tmp_path)
    till = start(tmp_path, "end", 1, "--window", "800x480")
    code, said = ended(till)
    assert code == 1, said
    assert not (tmp_path / "marks" / "sold").exists()


def test_told_to_end_when_it_is_about_to_start_again_the_till_ends(tmp_path: Path, display: str) -> None:
    """The signal came between the tap on "restart" and the new till, which sold as if nothing had been said."""
    config_in(tmp_path)
    code, said = ended(start(tmp_path, "tap then end", 1, "--window", "800x480"))
    assert code == 0, said
    assert not (tmp_path / "marks" / "run-1").exists()


def test_a_till_that_systemd_runs_keeps_its_reports_in_the_folder_it_was_given(
    tmp_path: Path, display: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    config_in(tmp_path)
    monkeypatch.setenv("STATE_DIRECTORY", str(tmp_path / "state"))
    code, said = ended(start(tmp_path, "tap", 1))
    assert code == 0, said
    assert list((tmp_path / "state" / "reports").glob("crash-*.txt"))
    assert not (tmp_path / "var" / "reports").exists()


def test_a_till_that_fails_again_at_once_is_not_started_again_and_again(tmp_path: Path, display: str) -> None:
    config_in(tmp_path)
    till = start(tmp_path, "wait", 5, "--window", "800x480")
    screen = wait_for(tmp_path / "marks" / "screen-1")
    till.terminate()
    code, _ = ended(till)
    assert code == 1
    assert "10:00" in screen or "9:59" in screen
    assert "It stopped again soon after a restart" in screen


def test_mistakes_in_the_configuration_are_on_the_screen_where_nobody_sees_a_terminal(
    tmp_path: Path, display: str
) -> None:
    config_in(tmp_path, extra="\ncolour: blue\n")
    till = start(tmp_path, "wait", 0)
    screen = wait_for(tmp_path / "marks" / "screen-0")
    assert "colour" in screen
    assert "もう一度試す" in screen
    config_in(tmp_path)
    till.terminate()
    code, said = ended(till)
    assert code == 2
    assert "colour" in said


def test_what_was_mended_is_tried_with_a_tap(tmp_path: Path, display: str) -> None:
    config_in(tmp_path, extra="\ncolour: blue\n")
    till = start(tmp_path, "tap", 0)
    wait_for(tmp_path / "marks" / "screen-0")
    config_in(tmp_path)
    code, said = ended(till)
    assert code == 0, said
    assert (tmp_path / "marks" / "sold").exists()


def test_a_journal_that_is_none_is_told_on_the_screen_and_tried_again_by_itself(tmp_path: Path, display: str) -> None:
    config_in(tmp_path)
    (tmp_path / "var").mkdir()
    (tmp_path / "var" / "journal.db").mkdir()
    till = start(tmp_path, "wait", 0)
    assert "記録ファイルを使えません" in wait_for(tmp_path / "marks" / "screen-0")
    (tmp_path / "var" / "journal.db").rmdir()
    code, said = ended(till)
    assert code == 0, said
    assert (tmp_path / "marks" / "sold").exists()


def test_without_a_display_the_exit_code_and_the_terminal_say_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("DISPLAY", raising=False)
    config_in(tmp_path, extra="\ncolour: blue\n")
    code, said = ended(start(tmp_path, "wait", 0))
    assert code == 2
    assert "colour" in said
    assert "Traceback" not in said


def test_a_screen_that_cannot_even_tell_ends_the_till_so_that_the_service_starts_it_again(
    tmp_path: Path, display: str
) -> None:
    config_in(tmp_path)
    (tmp_path / "marks").mkdir()
    driver = DRIVER.replace("    show(screen, view)\n", "    raise ValueError('no screen at all')\n")
    command = [sys.executable, "-c", driver, str(tmp_path / "marks"), "wait", "1"]
    run = subprocess.run(
        [*command, "--config", str(tmp_path / "kiosk.yaml"), "--window", "800x480"],
        cwd=ROOT,
        env=os.environ | {"TILL_KEY": KEY},
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )
    assert run.returncode == 1
    assert "no screen at all" in run.stderr


def test_a_till_that_fails_before_its_first_frame_tells_it_in_the_same_window(tmp_path: Path, display: str) -> None:
    config_in(tmp_path)
    (tmp_path / "marks").mkdir()
    driver = DRIVER.replace(
        "Counter.tick, FaultScreen.show =",
        "begin = Counter.begin\nCounter.begin = lambda *a, **k: (fail(a[0]) if not runs else begin(*a, **k))\n"
        "Counter.tick, FaultScreen.show =",
    )
    run = subprocess.run(
        [sys.executable, "-c", driver, str(tmp_path / "marks"), "tap", "1", "--config", str(tmp_path / "kiosk.yaml")],
        cwd=ROOT,
        env=os.environ | {"TILL_KEY": KEY},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=40,
        check=False,
    )
    assert run.returncode == 0, run.stderr
    assert "The till has stopped" in (tmp_path / "marks" / "screen-0").read_text()
    assert (tmp_path / "marks" / "sold").exists()
