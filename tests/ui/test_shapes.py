"""Rounded boxes and icons, pixel by pixel."""

import pytest

from pos.ui import shapes

INK, GROUND = (255, 255, 255), (0, 0, 0)
ICONS = ("bolt", "check", "warning", "plus", "minus", "backspace", "phone", "cross")


def pixels(ppm: bytes) -> list[list[tuple[int, int, int]]]:
    """Read a PPM back, row by row."""
    head, body = ppm.split(b"255\n", 1)
    width = int(head.split()[1])
    flat = [(body[i], body[i + 1], body[i + 2]) for i in range(0, len(body), 3)]
    return [flat[i : i + width] for i in range(0, len(flat), width)]


def box(w: int, h: int, radius: int, edge: int = 0) -> list[list[tuple[int, int, int]]]:
    """Draw a white box with a red outline on black."""
    return pixels(shapes.box(shapes.Box(w, h, radius, "#FFFFFF", "#FF0000", edge, "#000000")))


def test_a_box_has_its_size_and_its_corners_are_cut() -> None:
    drawn = box(40, 20, 8)
    assert (len(drawn), len(drawn[0])) == (20, 40)
    assert drawn[0][0] == drawn[0][39] == drawn[19][0] == drawn[19][39] == GROUND
    assert drawn[10][0] == drawn[0][20] == INK


def test_corners_are_smooth_and_alike() -> None:
    drawn = box(40, 20, 8)
    assert any(0 < red < 255 for red, _, _ in drawn[0][:8])
    assert drawn == [row[::-1] for row in drawn] == drawn[::-1]


def test_an_outline_goes_all_the_way_round() -> None:
    for radius in (0, 6):
        drawn = box(30, 20, radius, edge=2)
        red = (255, 0, 0)
        assert drawn[10][:2] == drawn[10][-2:] == [red, red]
        assert drawn[0][15] == drawn[1][15] == drawn[19][15] == red
        assert drawn[10][15] == INK


def test_a_radius_of_half_the_side_makes_a_circle() -> None:
    drawn = box(21, 21, 99)
    area = sum(red / 255 for row in drawn for red, _, _ in row)
    assert area == pytest.approx(3.14 * 10.5**2, rel=0.06)


@pytest.mark.parametrize("name", ICONS)
@pytest.mark.parametrize("side", [12, 24, 49])
def test_an_icon_is_drawn_inside_its_square(name: str, side: int) -> None:
    drawn = pixels(shapes.icon(name, side, "#FFFFFF", "#000000"))
    assert len(drawn) == len(drawn[0]) == side
    share = sum(red / 255 for row in drawn for red, _, _ in row) / side**2
    assert 0.06 < share < 0.75


@pytest.mark.parametrize("name", ["plus", "minus", "cross", "warning", "phone"])
def test_an_icon_that_is_even_on_both_sides_is_drawn_so(name: str) -> None:
    for row in pixels(shapes.icon(name, 24, "#FFFFFF", "#000000")):
        assert all(abs(a[0] - b[0]) <= 2 for a, b in zip(row, row[::-1], strict=True))
