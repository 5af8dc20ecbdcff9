"""The only way out of a till in kiosk mode, with everything real: the window, a finger, the worker, the journal."""

import logging
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

import pytest

from pos import assembly, pin
from pos import config as configs
from pos import words as wordbook
from pos.core import touches as t
from pos.demo.server import DemoServer
from pos.lock import FREE_TRIES
from pos.ui.view import PinView, ServiceView, View
from pos.ui.window import Window

from . import pointer

STEP_MS = 300
PATIENCE = 100
PIN = "258046"

Step = t.Touch | Callable[[View | None], bool]


@pytest.fixture
def parts(tmp_path: Path, display: str) -> Iterator[assembly.Parts]:
    words = wordbook.load_all(assembly.ASSETS / "words")
    config = configs.load(assembly.ROOT / "kiosk.yaml", words)
    line = pin.line(PIN, b"0123456789abcdef")
    config = replace(config, journal=tmp_path / "journal.db", sound=False, kiosk=True, pin=line)
    with DemoServer() as demo, ExitStack() as cleanup:
        yield assembly.assemble(config, words, assembly.practice(demo), cleanup)


def play(window: Window, *steps: Step) -> None:
    """Tap one thing after another, and wait where a condition stands; run until the window is closed."""
    left, waited = list(steps), [0]

    def go_on() -> None:
        if not left:
            window.close()
        elif callable(left[0]):
            waited[0] += 1
            assert waited[0] < PATIENCE, f"still {window.view}"
            if left[0](window.view):
                left.pop(0)
        else:
            assert window.surface is not None
            pointer.tap(window.surface, left.pop(0))

    window.every(STEP_MS, go_on)
    window.run()


def typing(digits: str) -> list[Step]:
    """Type a PIN and confirm it."""
    return [*(t.PinDigit(digit) for digit in digits), t.Enter()]


def test_the_right_pin_ends_the_program_and_its_digits_are_nowhere(
    parts: assembly.Parts, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    window = assembly.open_window(parts, size=None)
    play(window, t.OpenStatus(), t.Leave(), *typing(PIN), lambda _: False)
    assert window.closed
    assert PIN not in caplog.text
    assert not any(PIN.encode() in path.read_bytes() for path in tmp_path.glob("journal.db*"))


def test_a_wrong_pin_stays_and_says_how_many_tries_are_left(parts: assembly.Parts) -> None:
    window = assembly.open_window(parts, size=None)
    seen: list[View | None] = []

    def told(view: View | None) -> bool:
        seen.append(view)
        return isinstance(view, PinView) and view.state.color == "red"

    play(window, t.OpenStatus(), t.Leave(), *typing("258047"), told, t.Close(), t.Close())
    (last,) = [view for view in seen if isinstance(view, PinView) and view.state.color == "red"]
    assert str(FREE_TRIES - 1) in last.state.word
    assert parts.journal.wrong_pins() == 1


def test_the_status_screen_tells_of_the_real_server(parts: assembly.Parts) -> None:
    window = assembly.open_window(parts, size=None)
    seen: list[ServiceView] = []

    def well(view: View | None) -> bool:
        if isinstance(view, ServiceView) and view.parts[2].color == "green":
            seen.append(view)
        return bool(seen)

    play(window, t.OpenStatus(), well, t.TryNow(), t.Close())
    assert seen[0].parts[2].word.startswith("BTCPay 2.")
    assert [part.color for part in seen[0].parts] == ["green", "green", "green", "grey"]


def test_ctrl_c_on_the_console_that_started_it_ends_no_kiosk(tmp_path: Path, display: str) -> None:
    text = (assembly.ROOT / "kiosk.yaml").read_text(encoding="utf-8").replace("kiosk: false", "kiosk: true")
    (tmp_path / "kiosk.yaml").write_text(text, encoding="utf-8")
    command = [sys.executable, "run_kiosk.py", "--config", str(tmp_path / "kiosk.yaml")]
    with subprocess.Popen(command, cwd=assembly.ROOT, stderr=subprocess.PIPE, text=True) as till:
        assert till.stderr is not None
        assert any("first frame" in line for line in till.stderr)
        till.send_signal(signal.SIGINT)
        time.sleep(0.3)
        assert till.poll() is None
        till.terminate()
        till.communicate(timeout=20)
    assert till.returncode == os.EX_OK


@pytest.mark.parametrize(
    "keys", ["Alt-F4", "Control-c", "Control-q", "Control-w", "Control-Alt-Delete", "Control-Alt-BackSpace", "F11"]
)
def test_no_key_leaves_a_kiosk(parts: assembly.Parts, keys: str) -> None:
    window = assembly.open_window(parts, size=None)
    window.root.focus_force()
    window.root.update()
    before = window.view
    for pressed in range(2):
        window.root.event_generate(f"<{keys}>", time=1000 + 400 * pressed)
        window.root.update()
    assert not window.closed
    assert type(window.view) is type(before)
    window.close()
