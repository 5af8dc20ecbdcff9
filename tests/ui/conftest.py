"""A real display for the screens.

Rule: a callback that raises logs an error, which fails the test, and so does a timer that outlives its window.
"""

import logging
import tkinter as tk
from collections.abc import Callable, Iterator
from functools import partial
from itertools import count
from typing import Any

import pytest

from pos.core.touches import Touch
from pos.ui.surface import Surface
from pos.ui.theme import Theme
from pos.ui.window import Window

from .gallery import Stage

log = logging.getLogger(__name__)


@pytest.fixture(scope="session")
def session_root(display: str) -> Iterator[tk.Tk]:
    """One Tk for all tests that need no window of the till's."""
    root = tk.Tk()
    root.geometry("800x480+0+0")
    yield root
    root.destroy()


@pytest.fixture
def root(session_root: tk.Tk) -> Iterator[tk.Tk]:
    """The root, empty before and after."""

    def crashed(*error: Any) -> None:
        log.error("callback", exc_info=error)

    session_root.report_callback_exception = crashed
    yield session_root
    for child in session_root.winfo_children():
        child.destroy()
    session_root.update()
    assert session_root.tk.call("after", "info") in ("", ())


@pytest.fixture
def surface(root: tk.Tk) -> Surface:
    """A surface of 800x480."""
    return make_surface(root, [])


def make_surface(root: tk.Tk, touches: list[Touch], clock_ms: Callable[[], int] | None = None) -> Surface:
    """Make a surface that fills the root; by its clock a slow finger needs 200 ms from one event to the next."""
    clock_ms = clock_ms or partial(next, count(1000, 200))
    surface = Surface(root, Theme("dark"), touches.append, clock_ms=clock_ms)
    surface.place(x=0, y=0, relwidth=1, relheight=1)
    surface.fit(800, 480)
    root.update()
    return surface


@pytest.fixture
def open_stage(display: str) -> Iterator[Callable[..., Stage]]:
    """Open stages; each is closed at the end of its test, and must leave no timer behind."""
    stages: list[Stage] = []

    def start(size: str = "800x480", theme: str = "dark", *, kiosk: bool = False) -> Stage:
        stages.append(Stage(size, theme, kiosk=kiosk))
        return stages[-1]

    yield start
    for stage in stages:
        close(stage.window)


def close(window: Window) -> None:
    """Close a window and look at what it leaves behind."""
    left: list[Any] = []
    if window.closed:
        return

    def dying(event: "tk.Event[tk.Misc]") -> None:
        if event.widget is window.root:
            left.append(window.root.tk.call("after", "info"))

    window.root.bind("<Destroy>", dying, add=True)
    window.close()
    assert left
    assert left[0] in ("", ())
