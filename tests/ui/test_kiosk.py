"""The whole screen: taken, kept, and given to nobody."""

import tkinter as tk
from collections.abc import Callable

import pytest

from pos.ui.kiosk import window_size

from . import gallery_menu
from .gallery import Stage
from .test_window import wait

Open = Callable[..., Stage]


@pytest.fixture
def root(open_stage: Open) -> tk.Tk:
    stage = open_stage(kiosk=True)
    stage.show(gallery_menu.ORDER_JA)
    return stage.window.root


@pytest.mark.parametrize(("screen", "size"), [((800, 480), "800x480"), ((1920, 1080), "1280x720")])
def test_an_ordinary_window_is_no_larger_than_the_screen(
    root: tk.Tk, monkeypatch: pytest.MonkeyPatch, screen: tuple[int, int], size: str
) -> None:
    """On the small touch screen the button to pay stood beyond its edge."""
    monkeypatch.setattr(root, "winfo_screenwidth", lambda: screen[0])
    monkeypatch.setattr(root, "winfo_screenheight", lambda: screen[1])
    assert window_size(root) == size


def test_a_till_that_was_put_away_as_an_icon_comes_back(root: tk.Tk) -> None:
    root.withdraw()
    root.update()
    assert not root.winfo_viewable()
    wait(root, 2300)
    assert root.winfo_viewable()


def test_what_covers_the_till_and_takes_its_keys_is_covered_again(root: tk.Tk) -> None:
    other = tk.Tk(className="Intruder")
    other.geometry("600x400+0+0")
    other.update()
    other.focus_force()
    other.update()
    assert root.focus_get() is None
    wait(root, 2300)
    other.update()
    assert root.focus_get() is not None
    over = root.winfo_containing(100, 100)
    other.destroy()
    assert over is not None
    assert over.winfo_toplevel() is root
