"""What is for sale: items in categories, with a name in each language.

Rule: a menu is fixed once it is read from the configuration, which has checked that ids are unique, that
every item names a category that exists, and that everything has at least one name.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from pos.core.money import Money

COLORS: Final = ("blue", "amber", "violet", "green", "grey")


@dataclass(frozen=True, slots=True)
class Category:
    """A group of items that shares one button and one of COLORS."""

    id: str
    names: Mapping[str, str]
    color: str


@dataclass(frozen=True, slots=True)
class Item:
    """One thing for sale; `category` is a category's id, `picture` a file's path."""

    id: str
    names: Mapping[str, str]
    price: Money
    category: str
    picture: str | None = None
    sold_out: bool = False


@dataclass(frozen=True, slots=True)
class Menu:
    """All categories and items, in the order in which they are shown."""

    categories: tuple[Category, ...]
    items: tuple[Item, ...]

    def item(self, item_id: str) -> Item:
        """Return the item with this id; KeyError if nothing on the menu has it."""
        for item in self.items:
            if item.id == item_id:
                return item
        raise KeyError(item_id)

    def in_category(self, category_id: str | None) -> tuple[Item, ...]:
        """Return the items of one category, or of the whole menu for None."""
        if category_id is None:
            return self.items
        return tuple(item for item in self.items if item.category == category_id)


def name_in(names: Mapping[str, str], language: str) -> str:
    """Return the name in this language, else the first name there is."""
    return names[language] if language in names else next(iter(names.values()))


@dataclass(frozen=True, slots=True)
class StockChanged:
    """Somebody at the counter marked an item sold out, or there again; the journal keeps the last word."""

    item_id: str
    sold_out: bool
