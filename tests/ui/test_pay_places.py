"""Where things stand on the payment screen: in any window, with any number of rows and buttons."""

from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pos.ui import pay_places
from pos.ui.geometry import Rect
from pos.ui.pay_places import Needs, Places
from pos.ui.theme import TARGET, Theme, scale_of

SIZES = [(800, 480), (1280, 720), (1280, 800), (1920, 1080), (720, 1280), (1024, 768), (768, 1024)]


def placed(size: tuple[int, int], needs: Needs) -> tuple[Places, Theme]:
    theme = Theme("dark", scale_of(*size))
    return pay_places.place(Rect(0, 0, *size), theme, needs), theme


def all_of(places: Places) -> list[Rect]:
    single = (
        places.card, places.demo, places.language, places.instruction, places.amount, places.sats, places.rate,
        places.rule, places.bar, places.state,
    )  # fmt: skip
    return [rect for rect in (*single, *places.rows, *places.buttons) if rect.w and rect.h]


@given(
    st.sampled_from(SIZES),
    st.builds(
        Needs,
        rows=st.integers(0, 4),
        bar=st.booleans(),
        buttons=st.integers(0, 3),
        demo_w=st.sampled_from([0, 48, 110]),
        language_w=st.integers(96, 120),
    ),
)
def test_nothing_overlaps_and_nothing_leaves_the_window(size: tuple[int, int], needs: Needs) -> None:
    places, _ = placed(size, needs)
    rects = all_of(places)
    assert not [(one, other) for one, other in combinations(rects, 2) if one.overlaps(other)]
    assert all(r.x >= 0 and r.y >= 0 and r.right <= size[0] and r.bottom <= size[1] for r in rects)
    assert (len(places.rows), len(places.buttons)) == (needs.rows, needs.buttons)


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("buttons", [1, 2, 3])
def test_buttons_are_large_enough_for_a_finger(size: tuple[int, int], buttons: int) -> None:
    places, theme = placed(size, Needs(4, True, buttons, 110, 120))
    assert all(min(rect.w, rect.h) >= theme.px(TARGET) for rect in places.buttons)


@pytest.mark.parametrize("size", SIZES[:5])
def test_qr_gets_the_whole_short_side(size: tuple[int, int]) -> None:
    places, _ = placed(size, Needs(2, True, 2, 60, 100))
    assert (places.card.w, places.card.h) == (min(size), min(size))


@pytest.mark.parametrize("size", SIZES[:5])
def test_amount_stays_where_it_is_while_the_payment_goes_through_its_states(size: tuple[int, int]) -> None:
    waiting, _ = placed(size, Needs(2, True, 2, 110, 100))
    expired, _ = placed(size, Needs(1, False, 2, 110, 100))
    assert waiting.amount == expired.amount


def test_first_of_three_buttons_has_a_line_of_its_own_beside_the_qr() -> None:
    places, _ = placed((800, 480), Needs(2, False, 3, 60, 100))
    first, second, third = places.buttons
    assert (first.bottom <= second.y, second.y, first.w) == (True, third.y, third.right - second.x)
