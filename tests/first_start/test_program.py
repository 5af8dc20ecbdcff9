"""The program on a machine without a kiosk.yaml: it asks by touch, and then it sells.

Rule: keys come from another process, through the X server, as a scanner's do.
"""

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from pos import config as configs
from pos.config import BTCPayServer
from pos.demo.access import LEAST
from pos.demo.server import DemoServer
from pos.words import Words

from .conftest import KEY, ROOT


def start(*options: str) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [sys.executable, "run_kiosk.py", *options],
        cwd=ROOT,
        stdin=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        env=os.environ | {"KIOSK_STARTED_AGAIN": ""},
    )


def keys(*names: str) -> None:
    subprocess.run(["xdotool", "key", "--delay", "60", *names], check=True)


def scan(text: str) -> None:
    subprocess.run(["xdotool", "type", "--delay", "5", text], check=True)
    subprocess.run(["xdotool", "key", "Return"], check=True)


def wait(until: Callable[[], bool], what: str) -> None:
    limit_s = time.monotonic() + 20
    while not until():
        assert time.monotonic() < limit_s, what
        time.sleep(0.05)


def window_of(till: "subprocess.Popen[str]") -> bool:
    command = ["xdotool", "search", "--onlyvisible", "--class", "Kiosk"]
    return bool(subprocess.run(command, capture_output=True, text=True, check=False).stdout.strip())


@pytest.mark.skipif(shutil.which("xdotool") is None, reason="xdotool is not installed")
@pytest.mark.parametrize("again", [False, True], ids=["first", "again"])
def test_a_machine_without_a_configuration_is_connected_with_a_scanner_and_sells(
    tmp_path: Path, display: str, serve: Callable[..., DemoServer], words: Mapping[str, Words], *, again: bool
) -> None:
    server = serve(permissions=LEAST)
    path = tmp_path / "kiosk.yaml"
    if again:
        path.write_text((ROOT / "kiosk.yaml").read_text().replace("shop: GAME BAR", "shop: MY BAR"))
        till = start("pair", "--touch", "--window", "800x480", "--config", str(path))
    else:
        till = start("--config", str(path))
    try:
        wait(lambda: window_of(till), "no window")
        # Without a window manager the keys go to the window under the pointer.
        subprocess.run(["xdotool", "mousemove", "400", "5"], check=True)
        time.sleep(0.5)
        keys("Tab", "Tab", "Return")  # English
        time.sleep(0.5)
        if not again:
            keys("Tab", "Tab", "Tab", "Return")  # connect
            time.sleep(0.5)
        scan(server.url)
        time.sleep(0.6)
        keys("Tab", "Tab", "Return")  # the key was made
        time.sleep(0.5)
        scan(f'{{"apiKey":"{KEY}","host":"{server.url}/"}}')
        wait(lambda: len([one for one in server.log if "stores" in one.path]) >= 2, "the store was not looked at")
        time.sleep(0.6)
        keys("Tab", "Tab", "Return")  # start the till
        assert till.stderr is not None
        said = ""
        for line in till.stderr:
            said += line
            if "first frame" in line:
                break
    finally:
        till.terminate()
        _, rest = till.communicate(timeout=20)
    config = configs.load(path, words)
    assert isinstance(config.server, BTCPayServer)
    assert config.server.route.url == server.url
    assert (config.kiosk, config.shop) == ((False, "MY BAR") if again else (True, "GAME BAR"))
    assert "first frame" in said
    assert KEY not in said + rest
    assert till.returncode == 0


def test_in_a_terminal_a_configuration_that_is_not_there_is_told_and_asked_for_nothing(tmp_path: Path) -> None:
    till = start("--config", str(tmp_path / "kiosk.yaml"), "--window", "800x480")
    _, said = till.communicate(timeout=20)
    assert till.returncode == 2
    assert "kiosk.yaml" in said
    assert list(tmp_path.iterdir()) == []
