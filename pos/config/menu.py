"""The `menu:` block: categories and items, with a name in each language.

Rule: a price goes from the text in the file straight to integer minor units.
"""

import os
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Final

from pos.config.section import Section
from pos.config.server import file_mistake
from pos.core import money
from pos.core.menu import COLORS, Category, Item, Menu
from pos.words import LANGUAGES

_ID_MOST: Final = 32
_ID: Final = re.compile(rf"[0-9a-z][0-9a-z-]{{0,{_ID_MOST - 1}}}")
_NAME: Final = re.compile(r".{1,40}")
# No leading zero: to YAML 1.1 `0500` is octal, to people it is five hundred, so it is nothing here.
_PRICE: Final = re.compile(r"(0|[1-9][0-9]{0,13})(\.[0-9]{1,8})?")
_MOST_MAJOR: Final = 9_999_999  # seven digits fit every screen
_PICTURES: Final = "assets"
_PICTURE_KINDS: Final = (".png", ".jpg", ".jpeg", ".webp")
_MOST_PICTURE_MB: Final = 2
_STAND_IN: Final = money.Money(1, money.SATS)


@dataclass(frozen=True, slots=True)
class Shop:
    """What the menu is read for: `currency` is None if the file names none that exists."""

    language: str
    currency: str | None
    base: Path


def read_menu(top: Section, shop: Shop) -> Menu:
    """Read the menu; pictures are found from `shop.base`, and must lie in its folder assets/."""
    block = top.section("menu")
    categories = block.sections("categories")
    items = block.sections("items")
    category_ids = _ids(categories)
    _ids(items)
    menu = Menu(
        tuple(_category(section, shop) for section in categories),
        tuple(_item(section, shop, category_ids) for section in items),
    )
    block.close()
    return menu


def _ids(sections: list[Section]) -> list[str]:
    """Return the ids in order, complaining of those that are not the first of their name."""
    written = [(section, section.text("id", pattern=_ID, reason="id")) for section in sections]
    taken = {own for _, own in written}
    seen: dict[str, int] = {}
    alike: dict[str, Iterator[str]] = {}
    for section, own in written:
        if own in seen:
            free = next(name for name in alike.setdefault(own, _alike(own)) if name not in taken)
            section.complain("id", "same_id", example="same_id", given=own, first=seen[own], free=free)
            taken.add(free)
        elif own:
            seen[own] = section.line_of("id")
    return list(seen)


def _alike(own: str) -> Iterator[str]:
    """Make ids like this one, without end."""
    return (f"{own[: _ID_MOST - len(str(number)) - 1]}-{number}" for number in count(2))


def _category(section: Section, shop: Shop) -> Category:
    category = Category(section.text("id", pattern=_ID, reason="id"), _names(section, shop.language),
                        section.choice("color", COLORS))
    section.close()
    return category


def _item(section: Section, shop: Shop, category_ids: list[str]) -> Item:
    item = Item(
        section.text("id", pattern=_ID, reason="id"),
        _names(section, shop.language),
        _price(section, shop.currency),
        section.choice("category", category_ids) if category_ids else section.text("category"),
        _picture(section, shop.base),
        section.flag("sold_out", default=False),
    )
    section.close()
    return item


def _names(section: Section, language: str) -> Mapping[str, str]:
    """Read `name: Cola`, one name for every language, or `name: {ja: コーラ, en: Cola}`."""
    if not section.holds_section("name"):
        return {language: section.text("name", pattern=_NAME, reason="name")}
    block = section.section("name")
    written = [spoken for spoken in LANGUAGES if block.has(spoken) or spoken == language]
    names = {spoken: block.text(spoken, pattern=_NAME, reason="name") for spoken in written}
    block.close()
    return names


def _price(section: Section, currency: str | None) -> money.Money:
    text = section.text("price", pattern=_PRICE, reason="price")
    if not text or currency is None:
        return _STAND_IN
    try:
        price = money.parse(text, currency)
    except ValueError:
        section.complain("price", "price_decimals", given=text, currency=currency, decimals=money.exponent(currency))
        return _STAND_IN
    if price.minor == 0:
        section.complain("price", "price_zero")
    if price.minor > _MOST_MAJOR * 10 ** money.exponent(currency):
        section.complain("price", "price_too_big", given=text, most=f"{_MOST_MAJOR:,}")
    return price


def _picture(section: Section, base: Path) -> str | None:
    if not section.has("picture"):
        return None
    # realpath and not normpath: a link must not lead out of the folder either.
    folder = os.path.realpath(base / _PICTURES)
    path = os.path.realpath(base / section.text("picture"))
    mistake = file_mistake(Path(path), most_bytes=_MOST_PICTURE_MB * 1_000_000)
    if os.path.commonpath((folder, path)) != folder:
        mistake = "picture_outside"
    elif mistake is None and not path.lower().endswith(_PICTURE_KINDS):
        mistake = "picture_kind"
    if mistake is not None:
        section.complain("picture", mistake, most_mb=_MOST_PICTURE_MB)
    return path
