"""Words under each other: each as high as it is drawn."""

import tkinter as tk
from tkinter import font as tkfont

import pytest

from pos.ui.geometry import Rect
from pos.ui.paragraph import Paragraph, draw_left, height
from pos.ui.surface import Surface

from .conftest import make_surface

STORE_ID = "9CiNzKoANXxmk5ayZngSXrHTiVvvgCrwrpFQd4m2K776"


@pytest.mark.parametrize(
    "words",
    ["Connected", "The certificate is trusted.", f"The invoices of {STORE_ID} can be seen.", "確認しています。" * 9],
)
def test_a_paragraph_leaves_no_gap_below_it_however_small_it_had_to_become(root: tk.Tk, words: str) -> None:
    surface: Surface = make_surface(root, [])
    one = Paragraph(words, "body", lines=5)
    high = height(surface, one, 300)
    draw_left(surface, (one,), Rect(0, 0, 300, 400))
    lines = [item for item in surface.find_all() if surface.type(item) == "text" and surface.itemcget(item, "text")]
    size = -int(tkfont.Font(surface, name=surface.itemcget(lines[0], "font"), exists=True).cget("size"))
    assert round(len(lines) * 1.3 * size - 0.2 * size) + 1 == high
