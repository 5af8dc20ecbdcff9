"""Text of strangers, before people see it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pos.core.plain_text import plain


@pytest.mark.parametrize(
    "letter",
    ["\x00", "\x07", "\x1b", "\n", "\r", "\t", "\x7f", "\x85", "\x9b", "\xad", "\u061c", "\u200b", "\u200e", "\u202e",
     "\u2028", "\u2029", "\u2066", "\u2069", "\ufeff", "\ud800", "\ue000", "\U000e0041", "\uffff"],
)  # fmt: skip
def test_what_cannot_be_seen_becomes_a_space(letter: str) -> None:
    assert plain(f"a{letter}b", 10) == "a b"


def test_what_can_be_seen_stays() -> None:
    assert plain("Bar 21 — ビール ¥800 🍺", 100) == "Bar 21 — ビール ¥800 🍺"


def test_text_is_cut_where_it_is_too_long() -> None:
    assert plain("x" * 1_000_000, 5) == "xxxxx"


@given(st.text(st.characters(codec=None) | st.characters(categories=["Cs", "Cc", "Cf"])), st.integers(0, 50))
def test_whatever_the_text_it_is_one_visible_line_that_can_be_written_down(text: str, most: int) -> None:
    shown = plain(text, most)
    assert shown.isprintable()
    assert len(shown) == min(len(text), most)
    shown.encode()
