import pytest

from pos.core.menu import COLORS, Category, Item, Menu, name_in
from pos.core.money import Money

BEER = Item(
    id="beer", names={"ja": "生ビール", "en": "Draft beer"}, price=Money(700, "JPY"), category="drinks"
)
SAKE = Item(id="sake", names={"ja": "日本酒"}, price=Money(900, "JPY"), category="drinks", sold_out=True)
NUTS = Item(id="nuts", names={"ja": "ナッツ"}, price=Money(400, "JPY"), category="food", picture="nuts.png")
MENU = Menu(
    categories=(
        Category(id="drinks", names={"ja": "飲み物", "en": "Drinks"}, color=COLORS[0]),
        Category(id="food", names={"ja": "食べ物", "en": "Food"}, color=COLORS[1]),
    ),
    items=(BEER, NUTS, SAKE),
)


def test_an_item_of_which_nothing_else_is_said_can_be_sold() -> None:
    assert (BEER.sold_out, BEER.picture) == (False, None)


def test_an_item_is_found_by_its_id() -> None:
    assert MENU.item("sake") is SAKE


def test_an_id_that_is_not_on_the_menu_is_a_key_error() -> None:
    with pytest.raises(KeyError, match="tea"):
        MENU.item("tea")


def test_a_category_keeps_the_order_of_the_menu() -> None:
    assert MENU.in_category("drinks") == (BEER, SAKE)


def test_no_category_means_the_whole_menu() -> None:
    assert MENU.in_category(None) == (BEER, NUTS, SAKE)


def test_a_category_without_items_is_empty() -> None:
    assert MENU.in_category("dessert") == ()


def test_a_name_falls_back_to_the_first_one_there_is() -> None:
    assert name_in(BEER.names, "en") == "Draft beer"
    assert name_in(SAKE.names, "en") == "日本酒"
