"""Colours that can be read, sizes that fit."""

import pytest

from pos.ui.theme import CATEGORIES, DARK, LIGHT, ROLES, SHRINK, SMALLEST, Theme, contrast, mix, scale_of

TABLES = {"dark": DARK, "light": LIGHT}
GROUNDS = ("background", "surface", "raised")

both = pytest.mark.parametrize("name", ["dark", "light"])


@both
@pytest.mark.parametrize("ground", GROUNDS)
def test_text_stands_out_seven_to_one(name: str, ground: str) -> None:
    assert contrast(TABLES[name]["text"], TABLES[name][ground]) >= 7


@both
@pytest.mark.parametrize("ground", GROUNDS[:2])
@pytest.mark.parametrize("color", ["muted", "red", "amber", "green"])
def test_quiet_and_coloured_words_stand_out_four_and_a_half_to_one(name: str, ground: str, color: str) -> None:
    assert contrast(TABLES[name][color], TABLES[name][ground]) >= 4.5


@both
@pytest.mark.parametrize(
    ("words", "ground"),
    [
        ("ink", "orange"),
        ("ink", "ribbon"),
        ("ink", "white"),
        ("white", "alarm"),
        ("white", "paid"),
        ("chosen_text", "chosen"),
    ],
)
def test_words_on_a_colour_stand_out(name: str, words: str, ground: str) -> None:
    assert contrast(TABLES[name][words], TABLES[name][ground]) >= 4.5


@both
def test_a_categorys_bar_can_be_seen(name: str) -> None:
    for color in CATEGORIES[name].values():
        assert contrast(color, TABLES[name]["surface"]) >= 2.5


@both
def test_both_themes_name_the_same_colours(name: str) -> None:
    assert TABLES[name].keys() == DARK.keys()
    assert CATEGORIES[name].keys() == {"blue", "amber", "violet", "green", "grey"}


@both
def test_every_role_has_its_colours(name: str) -> None:
    for role in ROLES.values():
        assert all(token in TABLES[name] for token in role if token)


@both
def test_what_is_pressed_looks_different(name: str) -> None:
    theme = Theme(name)
    for token in (*GROUNDS, "orange", "white", "paid"):
        assert contrast(theme.pressed(token), theme.color(token)) >= 1.15


@pytest.mark.parametrize(
    ("width", "height", "scale"),
    [(800, 480, 1), (1280, 720, 1.5), (1280, 800, 1.5), (1920, 1080, 2.25), (720, 1280, 1.5), (200, 100, 0.5)],
)
def test_the_scale_follows_the_window(width: int, height: int, scale: float) -> None:
    assert scale_of(width, height) == scale


def test_a_hairline_never_vanishes() -> None:
    assert Theme("dark", scale=0.5).px(1) == 1


def test_one_step_smaller_stays_readable() -> None:
    assert 13 * SHRINK >= SMALLEST


def test_mixing_goes_from_one_colour_to_the_other() -> None:
    assert mix("#000000", "#FFFFFF", 0) == "#000000"
    assert mix("#000000", "#FFFFFF", 1) == "#FFFFFF"
    assert contrast("#000000", "#FFFFFF") == pytest.approx(21)
