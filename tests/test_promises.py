"""The promises of docs/promises.md: each has a command, each command means something, and two are kept here.

Rule: what a till does on the network is asked of the kernel, not of the till.
"""

import os
import re
import shlex
import signal
import subprocess
import sys
from itertools import pairwise
from pathlib import Path

import pytest

from pos.demo.server import DemoServer

ROOT = Path(__file__).resolve().parents[1]
PROMISES = (ROOT / "docs" / "promises.md").read_text(encoding="utf-8")
COMMANDS = re.findall(r"^    (?:\$ )?(\S.*)$", PROMISES, re.MULTILINE)
LISTENING = "0A"


def sockets_of(pid: int) -> dict[str, list[tuple[str, str]]]:
    """Give a process's network sockets by protocol: the far end as port in hex, and the state."""
    links = [os.readlink(entry) for entry in Path(f"/proc/{pid}/fd").iterdir() if entry.is_symlink()]
    inodes = {link[8:-1] for link in links if link.startswith("socket:[")}
    found: dict[str, list[tuple[str, str]]] = {}
    for protocol in ("tcp", "tcp6", "udp", "udp6"):
        lines = [line.split() for line in Path(f"/proc/{pid}/net/{protocol}").read_text().splitlines()[1:]]
        found[protocol] = [(line[2].rpartition(":")[2], line[3]) for line in lines if line[9] in inodes]
    return found


def test_the_till_listens_on_no_port_and_speaks_to_its_server_alone(tmp_path: Path, display: str) -> None:
    with DemoServer() as demo:
        gate = demo.hold("health")
        server = f"server:\n  url: {demo.url}\n  store_id: {demo.store_id}\n  key_environment: TILL_KEY\n"
        text = (ROOT / "kiosk.yaml").read_text(encoding="utf-8").replace("server: demo\n", server)
        config = tmp_path / "kiosk.yaml"
        config.write_text(text.replace("# network: mainnet", "network: regtest"), encoding="utf-8")
        till = subprocess.Popen(
            [sys.executable, "run_kiosk.py", "--config", str(config), "--window", "800x480"],
            cwd=ROOT,
            env=os.environ | {"TILL_KEY": demo.api_key},
            stderr=subprocess.PIPE,
            text=True,
        )
        try:
            gate.wait(20)
            sockets = sockets_of(till.pid)
        finally:
            gate.release()
            till.send_signal(signal.SIGTERM)
            till.communicate(timeout=20)
    port = f"{int(demo.url.rpartition(':')[2]):04X}"
    assert sockets["tcp"], "the till was seen speaking to its server"
    assert {far for far, _ in sockets["tcp"]} == {port}
    assert [state for _, state in sockets["tcp"] if state == LISTENING] == []
    assert (sockets["tcp6"], sockets["udp"], sockets["udp6"]) == ([], [], [])


def test_every_promise_has_a_command() -> None:
    promises = re.split(r"^## ", PROMISES, flags=re.MULTILINE)[1:9]
    assert [promise[0] for promise in promises] == list("12345678")
    commands = [re.findall(r"^    (\S.*)$", promise, re.MULTILINE) for promise in promises]
    assert all(commands)
    # Without a screen tests would be skipped, and the command end well.
    assert all(command.startswith("xvfb-run -a ") for of_one in commands for command in of_one)


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_names_what_is_there(command: str) -> None:
    words = shlex.split(command)
    named = [word for word in words if word.startswith(("tests/", "script/"))]
    modules = [after for word, after in pairwise(words) if word == "-m" and after != "pytest"]
    assert named or modules
    for name in named:
        path, *facts = name.split("::")
        assert (ROOT / path).exists(), name
        assert all(f"def {fact}(" in (ROOT / path).read_text(encoding="utf-8") for fact in facts), name
    for module in modules:
        assert any((ROOT / (module.replace(".", "/") + end)).exists() for end in (".py", "/__main__.py")), module
