"""What the customer is choosing: lines of items and quantities, before anything is agreed.

Rule: a cart is a value. Every change returns a new one, so a screen can never show half a change.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from pos.core.menu import Item
from pos.core.money import Money

MAX_QUANTITY = 99
"""More of one thing than this is a stuck finger, not an order."""

CUSTOM = "custom#"
"""Start of the key of a line that was typed on the keypad; no item of the menu can have an id with this sign."""


@dataclass(frozen=True, slots=True)
class Line:
    """Some of one thing at one price; `key` is the menu item's id, or `custom#1`, `custom#2` ..."""

    key: str
    names: Mapping[str, str]
    unit: Money
    quantity: int

    @property
    def amount(self) -> Money:
        """What the whole line costs."""
        return self.unit * self.quantity


@dataclass(frozen=True, slots=True)
class Cart:
    """The lines in the order in which they were first tapped."""

    currency: str
    lines: tuple[Line, ...] = ()

    @property
    def total(self) -> Money:
        """What everything costs together; zero for an empty cart."""
        return sum((line.amount for line in self.lines), Money(0, self.currency))

    @property
    def count(self) -> int:
        """How many things there are, not how many lines."""
        return sum(line.quantity for line in self.lines)

    def quantity_of(self, key: str) -> int:
        """Count one thing; 0 when it is not in the cart."""
        return next((line.quantity for line in self.lines if line.key == key), 0)

    def add(self, item: Item) -> "Cart":
        """Put one more of a menu item in."""
        if self.quantity_of(item.id):
            return self.change(item.id, +1)
        return replace(self, lines=(*self.lines, Line(item.id, item.names, item.price, 1)))

    def add_custom(self, unit: Money, names: Mapping[str, str]) -> "Cart":
        """Put an amount from the keypad in, as a line of its own."""
        used = [int(line.key.removeprefix(CUSTOM)) for line in self.lines if is_custom(line)]
        key = f"{CUSTOM}{max(used, default=0) + 1}"
        return replace(self, lines=(*self.lines, Line(key, names, unit, 1)))

    def change(self, key: str, by: int) -> "Cart":
        """Change a line's quantity, kept within 0 and MAX_QUANTITY; a line at 0 leaves the cart."""
        changed = (
            replace(line, quantity=min(MAX_QUANTITY, line.quantity + by)) if line.key == key else line
            for line in self.lines
        )
        return replace(self, lines=tuple(line for line in changed if line.quantity > 0))

    def remove(self, key: str) -> "Cart":
        """Take a line out whatever its quantity."""
        return replace(self, lines=tuple(line for line in self.lines if line.key != key))


def is_custom(line: Line) -> bool:
    """Tell whether a line was typed on the keypad."""
    return line.key.startswith(CUSTOM)
