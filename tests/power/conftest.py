"""The nights that the stories of this directory are played in, and their count at the end of the report."""

from collections.abc import Iterator
from contextlib import ExitStack

import pytest

from bench.drill.tills import Cradle

from .nights import AT_ONCE, Nights

NIGHTS = pytest.StashKey[Nights]()


@pytest.fixture(scope="session")
def nights(pytestconfig: pytest.Config, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Nights]:
    with ExitStack() as cleanup:
        cradles = [cleanup.enter_context(Cradle()) for _ in range(AT_ONCE)]
        pytestconfig.stash[NIGHTS] = Nights(tmp_path_factory.mktemp("nights"), cradles)
        yield pytestconfig.stash[NIGHTS]


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    nights = config.stash.get(NIGHTS, None)
    if nights is not None:
        stories, planned, all_cuts = len(nights.stories), nights.planned_cuts, nights.all_cuts
        terminalreporter.write_line(f"power cuts: {planned} at planned points of {stories} stories, {all_cuts} in all")
