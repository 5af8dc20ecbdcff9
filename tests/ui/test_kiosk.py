"""The whole screen: taken, kept, and given to nobody."""

import tkinter as tk
from collections.abc import Callable

import pytest

from . import gallery_menu
from .gallery import Stage
from .test_window import wait

Open = Callable[..., Stage]


@pytest.fixture
def root(open_stage: Open) -> tk.Tk:
    stage = open_stage(kiosk=True)
    stage.show(gallery_menu.ORDER_JA)
    return stage.window.root


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
