"""What systemd hears of the till, over a real socket."""

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from pos.systemd import Notifier

ROOT = Path(__file__).resolve().parents[1]
SOON_S = 20.0


@pytest.fixture(params=["in the file system", "abstract"])
def manager(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[socket.socket, str]]:
    """Listen as systemd does; gives the socket and what NOTIFY_SOCKET says of it."""
    path = str(tmp_path / "notify")
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as listener:
        listener.bind(path if request.param == "in the file system" else f"\0{path}")
        listener.setblocking(False)
        yield listener, path if request.param == "in the file system" else f"@{path}"


def test_systemd_hears_that_the_till_is_up_alive_and_ending(manager: tuple[socket.socket, str]) -> None:
    listener, address = manager
    notifier = Notifier.from_environment({"NOTIFY_SOCKET": address})
    notifier.ready()
    notifier.alive()
    notifier.stopping()
    assert [listener.recv(100) for _ in range(3)] == [b"READY=1", b"WATCHDOG=1", b"STOPPING=1"]


def test_no_program_the_till_starts_can_speak_in_its_name() -> None:
    environ = {"NOTIFY_SOCKET": "/run/notify", "WATCHDOG_USEC": "30000000", "WATCHDOG_PID": "1", "DISPLAY": ":0"}
    Notifier.from_environment(environ)
    assert environ == {"DISPLAY": ":0"}


@pytest.mark.parametrize("environ", [{}, {"NOTIFY_SOCKET": ""}, {"NOTIFY_SOCKET": "vsock:2:1234"}])
def test_without_systemd_nothing_is_said(environ: dict[str, str]) -> None:
    Notifier.from_environment(environ).alive()


def test_a_manager_that_is_gone_does_not_stop_the_till(tmp_path: Path) -> None:
    Notifier(str(tmp_path / "gone")).alive()


def test_a_manager_that_does_not_read_does_not_stop_the_till(manager: tuple[socket.socket, str]) -> None:
    listener, address = manager
    notifier = Notifier(address)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1)
    for _ in range(2000):
        notifier.alive()


def test_systemd_hears_of_the_till_itself_from_its_first_frame_to_its_end(
    manager: tuple[socket.socket, str], tmp_path: Path, display: str
) -> None:
    listener, address = manager
    config = tmp_path / "kiosk.yaml"
    config.write_text((ROOT / "kiosk.yaml").read_text(encoding="utf-8"), encoding="utf-8")
    till = subprocess.Popen(
        [sys.executable, "run_kiosk.py", "--config", str(config), "--window", "800x480"],
        cwd=ROOT,
        env=os.environ | {"NOTIFY_SOCKET": address},
        stderr=subprocess.PIPE,
        text=True,
    )
    assert till.stderr is not None
    try:
        assert any("first frame" in line for line in till.stderr)
        listener.settimeout(SOON_S)
        assert [listener.recv(100) for _ in range(3)] == [b"READY=1", b"WATCHDOG=1", b"WATCHDOG=1"]
        till.terminate()
        rest = [listener.recv(100)]
        while rest[-1] != b"STOPPING=1":
            rest.append(listener.recv(100))
    finally:
        till.kill()
        till.communicate()
