"""Cutting rectangles up."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from pos.ui.geometry import Rect

BOX = Rect(10, 20, 100, 50)

sizes = st.integers(0, 300)


def test_a_column_cut_off_leaves_the_rest_after_the_gap() -> None:
    assert BOX.cut_left(30, 5) == (Rect(10, 20, 30, 50), Rect(45, 20, 65, 50))
    assert BOX.cut_right(30, 5) == (Rect(80, 20, 30, 50), Rect(10, 20, 65, 50))


def test_a_row_cut_off_leaves_the_rest_after_the_gap() -> None:
    assert BOX.cut_top(20, 5) == (Rect(10, 20, 100, 20), Rect(10, 45, 100, 25))
    assert BOX.cut_bottom(20, 5) == (Rect(10, 50, 100, 20), Rect(10, 20, 100, 25))


@given(sizes, sizes)
def test_nothing_that_is_cut_off_reaches_outside(size: int, gap: int) -> None:
    for cut, rest in (BOX.cut_left(size, gap), BOX.cut_right(size, gap), BOX.cut_top(size, gap)):
        assert not cut.overlaps(rest)
        assert cut.w <= BOX.w
        assert cut.h <= BOX.h
        assert rest.w >= 0
        assert rest.h >= 0


@given(st.integers(1, 7), st.integers(0, 12))
def test_columns_fill_the_width_and_keep_their_gaps(count: int, gap: int) -> None:
    columns = BOX.columns(count, gap)
    assert columns[0].x == BOX.x
    assert columns[-1].right == BOX.right
    assert all(right.x - left.right == gap for left, right in pairwise(columns))
    assert max(c.w for c in columns) - min(c.w for c in columns) <= 1


def test_an_empty_rectangle_shares_no_pixel() -> None:
    assert not Rect(20, 20, 0, 10).overlaps(BOX)
    assert Rect(20, 20, 1, 10).overlaps(BOX)


def test_the_middle_is_the_middle() -> None:
    assert BOX.center(20, 10) == Rect(50, 40, 20, 10)
    assert (BOX.center_x, BOX.center_y) == (60, 45)
