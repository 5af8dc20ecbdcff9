"""What every test is held to: nothing is logged as an error and no thread is left behind.

Rule: a test that means to provoke one says so with `@pytest.mark.logs_errors` or `@pytest.mark.leaves_threads`.
Warnings are errors by setup.cfg.
"""

import logging
import os
import threading
from collections.abc import Iterator

import pytest
from hypothesis import settings

from tests.certificates import certificates  # noqa: F401 for every test that wants TLS

# Nothing here is asserted as time, and on a busy machine one example may take long.
settings.register_profile("till", deadline=None)
settings.load_profile("till")


def pytest_configure(config: pytest.Config) -> None:
    """Make the two ways out known to --strict-markers."""
    config.addinivalue_line("markers", "logs_errors: the test provokes a logged error")
    config.addinivalue_line("markers", "leaves_threads: the test leaves a daemon thread inside a call that hangs")


class _Errors(logging.Handler):
    """Collects what is logged at ERROR and above, whatever loggers say of propagation to pytest's own handler."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        """Keep one line."""
        self.lines.append(f"{record.name}: {record.getMessage()}")


@pytest.fixture(autouse=True)
def _nothing_is_logged_as_an_error(request: pytest.FixtureRequest) -> Iterator[None]:
    errors = _Errors()
    logging.getLogger().addHandler(errors)
    yield
    logging.getLogger().removeHandler(errors)
    if request.node.get_closest_marker("logs_errors") is None:
        assert not errors.lines, errors.lines


@pytest.fixture(autouse=True)
def _no_thread_is_left_behind(request: pytest.FixtureRequest) -> Iterator[None]:
    before = set(threading.enumerate())
    yield
    if request.node.get_closest_marker("leaves_threads") is None:
        left = [thread.name for thread in threading.enumerate() if thread not in before]
        assert not left, left


@pytest.fixture(scope="session")
def display() -> str:
    """The X display; the tests that need one are skipped where there is none."""
    name = os.environ.get("DISPLAY", "")
    if not name:
        pytest.skip("no DISPLAY: run script/test, or under xvfb-run")
    return name
