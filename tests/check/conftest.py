"""A shop to be checked: a demo server over real HTTP or TLS, a kiosk.yaml for it, and stand-ins for programs.

Rule: the check is called as the command line calls it; after every run everything it wrote is searched for the key.
"""

import json
import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from pos.check.command import main
from pos.demo.access import EVERYTHING
from pos.demo.server import DemoServer
from tests.certificates import Certificates

ROOT = Path(__file__).resolve().parents[2]
KEY = "4b1d5a0c3f2e49870f6be15c2d8a7391e04c6f5d"
FONT = "Noto Sans CJK JP"


@dataclass(slots=True)
class Bar:
    """One shop: where its files are, its server, and what the last check said."""

    folder: Path
    server: DemoServer
    capsys: pytest.CaptureFixture[str]
    said: str = ""

    @property
    def config(self) -> Path:
        """The shop's kiosk.yaml."""
        return self.folder / "kiosk.yaml"

    def write(self, *, language: str = "en", more: str = "", key: str = KEY, **block: str) -> None:
        """Write kiosk.yaml for the server; `block` changes or adds lines of server:, `more` goes under lightning:."""
        lines = {"url": self.server.url, "store_id": self.server.store_id, "key_file": "btcpay.key"} | block
        text = (ROOT / "kiosk.yaml").read_text(encoding="utf-8")
        written = "".join(f"  {name}: {value}\n" for name, value in lines.items() if value)
        text = text.replace("server: demo\n", f"server:\n{written}").replace("language: ja", f"language: {language}")
        text = text.replace("  # network: mainnet\n", f"  network: regtest\n{more}")
        self.config.write_text(text, encoding="utf-8")
        descriptor = os.open(self.folder / "btcpay.key", os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w") as file:
            file.write(key + "\n")

    def check(self, *options: str) -> int:
        """Run the command and give its exit code; what it wrote is in `said` and held no key."""
        code = main(["--config", str(self.config), *options])
        heard = self.capsys.readouterr()
        self.said = heard.out + heard.err
        assert KEY not in self.said
        assert KEY[:20] not in self.said
        return code

    def report(self, *options: str) -> dict[str, Any]:
        """Run the command with --json and give what it wrote."""
        self.check("--json", *options)
        report = json.loads(self.said)
        assert isinstance(report, dict)
        return report

    def found(self, *options: str) -> dict[str, str]:
        """Run the command and give each reason found with its state."""
        return {step["reason"]: step["state"] for step in self.report(*options)["steps"]}


@pytest.fixture
def programs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Return a function that puts a program on PATH that prints this; they are all there are."""
    folder = tmp_path / "bin"
    folder.mkdir()
    monkeypatch.setenv("PATH", str(folder))
    monkeypatch.delenv("DISPLAY", raising=False)

    def put(name: str, printed: str = "", code: int = 0) -> None:
        program = folder / name
        program.write_text(f"#!/bin/sh\necho '{printed}'\nexit {code}\n")
        program.chmod(0o755)

    put("fc-list", FONT)
    put("timedatectl", "yes")
    put("aplay")
    return put


@pytest.fixture
def open_bar(
    tmp_path: Path, programs: Callable[..., None], capsys: pytest.CaptureFixture[str]
) -> Iterator[Callable[..., Bar]]:
    """Return a function that opens a shop; keywords are the server's."""
    with ExitStack() as cleanup:

        def start(**options: Any) -> Bar:
            server = cleanup.enter_context(DemoServer(**{"key": KEY, "permissions": EVERYTHING} | options))
            folder = tmp_path / "shop"
            folder.mkdir(mode=0o700)
            bar = Bar(folder, server, capsys)
            bar.write()
            return bar

        yield start


@pytest.fixture
def bar(open_bar: Callable[..., Bar]) -> Bar:
    return open_bar()


@pytest.fixture
def secure_bar(open_bar: Callable[..., Bar], certificates: Certificates) -> Bar:
    """A shop whose server has a certificate of a CA of its own."""
    bar = open_bar(tls=certificates.right)
    bar.write(ca_file=str(certificates.ca))
    return bar
