"""The menu: block of kiosk.yaml."""

import os

import pytest

from pos.config import load
from pos.core.money import Money
from pos.errors import ConfigError

from .samples import RIGHT


@pytest.mark.parametrize("written", [
    "1,400", "¥800", "-5", "0500", "12:30", "1_400", "0x1F", "1e3", ".5", "5.", "８００", "eight", "0o17", "+5", "true",
])
def test_price_is_plain_digits_and_nothing_that_yaml_would_turn_into_a_number(mistake, written):
    assert mistake("price: 800", f"price: {written}") == (14, "menu.items[0].price", "price")


def test_price_with_a_comma_inside_braces_is_noticed(mistakes):
    one_line = "    - {id: cola, category: beer, price: 1,400, name: Cola}\n"
    assert (16, "menu.items[1].400", "cut_number") in mistakes(text=RIGHT + one_line)


def test_price_keeps_every_written_decimal(words, kiosk_file):
    config = load(kiosk_file(("JPY", "USD"), ("price: 800", "price: 12.50")), words)
    assert config.menu.items[0].price == Money(1250, "USD")


def test_price_that_no_float_can_hold_is_exact(words, kiosk_file):
    config = load(kiosk_file(("JPY", "USD"), ("price: 800", "price: 9007199.17")), words)
    assert config.menu.items[0].price == Money(900719917, "USD")


@pytest.mark.parametrize(("written", "reason"), [
    ("12.5", "price_decimals"), ("0", "price_zero"), ("10000000", "price_too_big"),
])
def test_price_must_be_one_that_can_be_charged(mistake, written, reason):
    assert mistake("price: 800", f"price: {written}") == (14, "menu.items[0].price", reason)


def test_price_limit_is_in_whole_units_of_the_currency(words, kiosk_file):
    config = load(kiosk_file(("JPY", "BHD"), ("price: 800", "price: 9999999.000")), words)
    assert config.menu.items[0].price == Money(9_999_999_000, "BHD")


def test_unknown_currency_is_not_blamed_on_the_prices(mistakes):
    assert mistakes(("JPY", "YEN"), ("price: 800", "price: 12.50")) == [(4, "currency", "currency")]


def test_sats_are_a_currency(words, kiosk_file):
    assert load(kiosk_file(("JPY", "SATS")), words).menu.items[0].price == Money(800, "SATS")


def test_same_id_twice_is_refused_where_it_is_repeated(mistakes):
    item = "    - {id: heartland, category: beer, price: 1, name: Cola}\n"
    assert mistakes(text=RIGHT + item) == [(16, "menu.items[1].id", "same_id")]


def test_for_an_id_that_is_taken_one_is_proposed_that_is_free(words, kiosk_file):
    long = "z" * 32
    more = [f"    - {{id: {own}, category: beer, price: 1, name: Cola}}\n"
            for own in ("heartland", "heartland-2", "heartland", long, long)]
    with pytest.raises(ConfigError) as caught:
        load(kiosk_file(text=RIGHT + "".join(more)), words)
    assert [complaint.example for complaint in caught.value.complaints] == [
        "id: heartland-3", "id: heartland-4", f"id: {'z' * 30}-2"]
    assert caught.value.complaints[0].wrong == 'The id "heartland" stands in line 12 already. Give each its own.'


def test_item_and_category_may_share_an_id(words, kiosk_file):
    assert load(kiosk_file(("id: heartland", "id: beer")), words).menu.item("beer").category == "beer"


@pytest.mark.parametrize("written", ["Heartland", "ハートランド", "heart land", "-x", "x" * 33])
def test_id_is_small_letters_digits_and_hyphens(mistake, written):
    assert mistake("id: heartland", f"id: {written}") == (12, "menu.items[0].id", "id")


def test_id_that_yaml_would_take_for_something_else_stays_text(words, kiosk_file):
    assert load(kiosk_file(("id: heartland", "id: no")), words).menu.items[0].id == "no"


def test_item_in_a_category_that_does_not_exist_is_refused(mistake):
    assert mistake("category: beer", "category: wine") == (13, "menu.items[0].category", "choice")


def test_colour_that_does_not_exist_is_refused(mistake):
    assert mistake("color: amber", "color: pink") == (9, "menu.categories[0].color", "choice")


def test_name_in_the_shops_language_is_required(mistake):
    assert mistake(", en: Heartland", "") == (15, "menu.items[0].name.en", "missing")


def test_name_in_the_other_language_may_be_left_out(words, kiosk_file):
    item = load(kiosk_file(("ja: ハートランド, ", "")), words).menu.items[0]
    assert item.names == {"en": "Heartland"}


def test_one_name_serves_every_language(words, kiosk_file):
    item = load(kiosk_file(("name: {ja: ハートランド, en: Heartland}", "name: Heartland")), words).menu.items[0]
    assert item.names == {"en": "Heartland"}


def test_name_in_a_language_the_till_does_not_speak_is_refused(mistake):
    assert mistake("ja: ハートランド", "fr: Bière") == (15, "menu.items[0].name.fr", "unknown")


def test_name_longer_than_a_tile_is_refused(mistake):
    assert mistake("en: Heartland", f"en: {'x ' * 20}y") == (15, "menu.items[0].name.en", "name")


@pytest.mark.parametrize("written", ["[]", "{}", "beer"])
def test_menu_without_items_is_refused(mistakes, written):
    text = RIGHT.partition("  items:")[0]
    assert mistakes(text=f"{text}  items: {written}\n") == [(11, "menu.items", "list")]


def test_menu_that_is_left_out_is_asked_for_with_both_its_lists(mistakes):
    told = mistakes(text=RIGHT.partition("menu:")[0])
    assert {(key, reason) for _, key, reason in told} == {
        ("menu.categories", "missing"), ("menu.items", "missing")}


def test_entry_that_is_no_mapping_is_one_mistake(mistakes):
    assert mistakes(text=f"{RIGHT}    - cola\n") == [(16, "menu.items[1]", "section")]


def test_sold_out_is_read(words, kiosk_file):
    assert load(kiosk_file(("price: 800", "price: 800\n      sold_out: true")), words).menu.items[0].sold_out


def test_picture_in_assets_is_found_from_the_files_own_folder(words, kiosk_file, tmp_path):
    picture = tmp_path / "assets" / "beer.png"
    picture.parent.mkdir()
    picture.write_bytes(b"\x89PNG")
    config = load(kiosk_file(("price: 800", "price: 800\n      picture: assets/beer.png")), words)
    assert config.menu.items[0].picture == os.path.realpath(picture)


@pytest.mark.parametrize(("written", "reason"), [
    ("assets/none.png", "no_file"), ("assets", "no_file"), ("assets/big.png", "file_too_big"),
    (f"assets/{'x' * 190}", "no_file"), ("assets/menu.txt", "picture_kind"), ('"a\\tb"', "text"),
    ("outside.png", "picture_outside"), ("assets/../outside.png", "picture_outside"),
    ("/etc/hostname", "picture_outside"), ("assets/link.png", "picture_outside"),
])
def test_picture_must_be_a_small_picture_inside_assets(mistake, tmp_path, written, reason):
    folder = tmp_path / "assets"
    folder.mkdir()
    (folder / "big.png").write_bytes(bytes(2_000_001))
    (folder / "menu.txt").write_bytes(b"")
    (tmp_path / "outside.png").write_bytes(b"")
    (folder / "link.png").symlink_to(tmp_path / "outside.png")
    told = mistake("price: 800", f"price: 800\n      picture: {written}")
    assert told == (15, "menu.items[0].picture", reason)
