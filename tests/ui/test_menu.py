"""The menu as a hand meets it."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from pos.core import touches as t
from pos.ui.surface import Surface
from pos.ui.view import MenuView

from . import gallery_menu as sample
from . import pointer
from .gallery import SIZES, Stage

Open = Callable[..., Stage]


def shown(stage: Stage, view: MenuView) -> Surface:
    """Show a view on the menu's surface."""
    stage.show(view)
    assert stage.window.surface is not None
    return stage.window.surface


def test_a_tap_on_a_tile_orders_it(open_stage: Open) -> None:
    stage = open_stage()
    pointer.tap(shown(stage, sample.ORDER_JA), t.TapItem("item-3"))
    assert stage.touches == [t.TapItem("item-3")]


def test_one_more_of_something_draws_its_tile_its_line_and_the_sums_again_and_nothing_else(open_stage: Open) -> None:
    stage = open_stage()
    surface = shown(stage, sample.ORDER_JA)
    before = set(surface.find_all())
    tiles = (replace(sample.TILES_JA[0], badge="3"), *sample.TILES_JA[1:], sample.CUSTOM_JA)
    lines = (replace(sample.ORDER_JA.lines[0], quantity="3", amount="¥2,400"), sample.ORDER_JA.lines[1])
    shown(stage, replace(sample.ORDER_JA, tiles=tiles, lines=lines, count="4点・税込", total="¥3,100"))
    new = set(surface.find_all()) - before
    assert len(new) <= 22
    words = {surface.itemcget(item, "text") for item in new if surface.type(item) == "text"}
    assert words == {"ハートランド", "¥800", "3", "¥2,400", "4点・税込", "¥3,100"}


def test_the_same_view_again_draws_nothing(open_stage: Open) -> None:
    stage = open_stage()
    surface = shown(stage, sample.BUSY_JA)
    before = surface.find_all()
    shown(stage, sample.BUSY_JA)
    assert surface.find_all() == before


def test_of_five_hundred_tiles_only_those_in_sight_are_drawn(open_stage: Open) -> None:
    surface = shown(open_stage("1920x1080"), sample.WORST_EN)
    tiles = [region for region in surface.regions if isinstance(region.tap, t.TapItem)]
    assert len(tiles) <= 32


def test_the_last_of_five_hundred_tiles_can_be_scrolled_to_and_tapped(open_stage: Open) -> None:
    stage = open_stage()
    surface = shown(stage, sample.WORST_EN)
    assert not pointer.can_touch(surface, t.TapItem("item-499"))
    surface.scroll("tiles", 1_000_000)
    pointer.tap(surface, t.TapItem("item-499"))
    assert stage.touches == [t.TapItem("item-499")]


def test_the_grid_keeps_its_place_when_something_is_ordered(open_stage: Open) -> None:
    stage = open_stage()
    surface = shown(stage, sample.BUSY_JA)
    surface.scroll("tiles", 90)
    before = pointer.place_of(surface, t.TapItem("item-12"))
    tiles = tuple(replace(tile, badge="1") for tile in sample.BUSY_JA.tiles)
    shown(stage, replace(sample.BUSY_JA, tiles=tiles))
    assert pointer.place_of(surface, t.TapItem("item-12")) == before


def test_another_category_begins_at_its_top(open_stage: Open) -> None:
    stage = open_stage()
    surface = shown(stage, sample.WORST_EN)
    surface.scroll("tiles", 5000)
    shown(stage, replace(sample.WORST_EN, tiles=sample.WORST_EN.tiles[100:200]))
    assert surface.regions.areas["tiles"].offset == 0


def test_the_newest_line_is_in_sight(open_stage: Open) -> None:
    surface = shown(open_stage(), sample.WORST_EN)
    assert pointer.can_touch(surface, t.ChangeLine("item-29", +1))
    assert not pointer.can_touch(surface, t.ChangeLine("item-0", +1))


def test_a_line_that_grows_comes_into_sight(open_stage: Open) -> None:
    stage = open_stage()
    surface = shown(stage, sample.WORST_EN)
    lines = (replace(sample.WORST_EN.lines[0], quantity="13"), *sample.WORST_EN.lines[1:])
    shown(stage, replace(sample.WORST_EN, lines=lines))
    assert pointer.can_touch(surface, t.ChangeLine("item-0", +1))


@pytest.mark.parametrize("size", SIZES)
def test_buttons_of_a_line_whose_name_is_out_of_sight_are_not_where_a_finger_falls(open_stage: Open, size: str) -> None:
    """With five things ordered, the uppermost "− 1 +" had no name: the wrong drink became one less."""
    stage = open_stage(size)
    for count in range(1, 9):
        lines = tuple(sample.line(n, f"Line {n}", "¥500", "1") for n in range(count))
        surface = shown(stage, replace(sample.ORDER_JA, lines=lines, newest=lines[-1].key))
        area = surface.regions.areas["lines"]
        texts = [item for item in surface.find_withtag("area-lines") if surface.type(item) == "text"]
        names = [item for item in texts if "Line" in surface.itemcget(item, "text")]
        assert min(surface.bbox(name)[1] for name in names) >= area.rect.y


def test_the_newest_line_stays_in_sight_when_the_banner_comes(open_stage: Open) -> None:
    stage = open_stage()
    surface = shown(stage, sample.BUSY_JA)
    shown(stage, replace(sample.BUSY_JA, banner=sample.AWAY_JA.banner))
    assert pointer.place_of(surface, t.ChangeLine("item-13", +1)).h >= surface.theme.px(48)


def test_a_finger_on_its_way_when_the_banner_moves_the_grid_orders_nothing(open_stage: Open) -> None:
    stage = open_stage()
    surface = shown(stage, sample.BUSY_JA)
    shown(stage, replace(sample.BUSY_JA, banner=sample.AWAY_JA.banner))
    pointer.tap(surface, t.TapItem("item-1"))
    assert stage.touches == []


def test_plus_and_minus_name_their_line(open_stage: Open) -> None:
    stage = open_stage()
    surface = shown(stage, sample.ORDER_JA)
    pointer.tap(surface, t.ChangeLine("item-1", -1))
    pointer.tap(surface, t.ChangeLine("item-7", +1))
    assert stage.touches == [t.ChangeLine("item-1", -1), t.ChangeLine("item-7", +1)]


@pytest.mark.parametrize("size", ["800x480", "720x1280"])
def test_a_line_swiped_to_the_left_goes_even_from_its_buttons(open_stage: Open, size: str) -> None:
    stage = open_stage(size)
    surface = shown(stage, sample.ORDER_JA)
    start = pointer.place_of(surface, t.ChangeLine("item-1", +1))
    pointer.press(surface, start.center_x, start.center_y)
    pointer.drag(surface, start.center_x - 60, start.center_y)
    pointer.release(surface, start.center_x - 120, start.center_y)
    assert stage.touches == [t.RemoveLine("item-1")]


def test_twenty_categories_scroll_sideways(open_stage: Open) -> None:
    stage = open_stage()
    surface = shown(stage, sample.WORST_EN)
    assert not pointer.can_touch(surface, t.PickCategory("category-19"))
    surface.scroll("pills", 100_000)
    pointer.tap(surface, t.PickCategory("category-19"))
    assert stage.touches == [t.PickCategory("category-19")]


def test_an_empty_order_cannot_be_paid(open_stage: Open) -> None:
    surface = shown(open_stage(), sample.EMPTY_JA)
    assert not pointer.can_touch(surface, t.Pay())
    assert not pointer.can_touch(surface, t.Clear())


def test_pay_and_the_total_stay_in_sight_with_thirty_lines(open_stage: Open) -> None:
    surface = shown(open_stage(), sample.WORST_EN)
    assert pointer.can_touch(surface, t.Pay())
    assert sample.WORST_EN.total in pointer.words_on(surface)


def test_the_sheet_of_an_item_covers_the_menu_and_goes_again(open_stage: Open) -> None:
    stage = open_stage()
    surface = shown(stage, replace(sample.ORDER_JA, sheet=sample.ITEM_SHEET_JA))
    assert not pointer.can_touch(surface, t.Pay())
    pointer.tap(surface, t.SetSoldOut("item-1", True))
    shown(stage, sample.ORDER_JA)
    assert pointer.can_touch(surface, t.Pay())
    assert stage.touches == [t.SetSoldOut("item-1", True)]


def test_a_sold_out_tile_says_so_in_words(open_stage: Open) -> None:
    assert "売り切れ" in pointer.words_on(shown(open_stage(), sample.ORDER_JA))
