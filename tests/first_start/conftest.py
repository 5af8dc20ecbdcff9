"""Servers to connect to, the words of both languages, and a place for a kiosk.yaml."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from pos.demo.server import DemoServer
from pos.first_start.first_file import Place
from pos.words import LANGUAGES, Words, load

ROOT = Path(__file__).resolve().parents[2]
KEY = "4b1d5a0c3f2e49870f6be15c2d8a7391e04c6f5d"


@pytest.fixture(scope="session")
def words() -> Mapping[str, Words]:
    return {language: load(language, ROOT / "assets" / "words") for language in LANGUAGES}


@pytest.fixture
def serve() -> Iterator[Callable[..., DemoServer]]:
    """Return a function that starts a demo server which takes KEY."""
    with ExitStack() as cleanup:
        yield lambda **options: cleanup.enter_context(DemoServer(**{"key": KEY} | dict[str, Any](options)))


@pytest.fixture
def place(tmp_path: Path) -> Place:
    """A folder that is not there yet, and the shipped file."""
    return Place(tmp_path / "etc" / "kiosk.yaml", ROOT / "kiosk.yaml", full_screen=True)
