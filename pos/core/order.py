"""What the customer agreed to: prices frozen, numbered, and the attempts to have it paid.

Rule: an order and an attempt to pay it are different things. `K1-0042` is an order; `K1-0042-2` is its second QR.
"""

import re
from dataclasses import dataclass

from pos.core.cart import Line
from pos.core.money import Money


@dataclass(frozen=True, slots=True)
class Order:
    """A cart that was agreed to; `placed_at_s` is the till's clock in unix seconds."""

    till: str
    number: int
    lines: tuple[Line, ...]
    total: Money
    placed_at_s: int

    @property
    def id(self) -> str:
        """The name people use for it, like K1-0042."""
        return order_id(self.till, self.number)


def order_id(till: str, number: int) -> str:
    """Name the till's order of that number."""
    return f"{till}-{number:04d}"


def number_in(payment_id: str) -> int | None:
    """Read the order's number out of the name of an attempt, like 42 in K1-0042-1; None if it is no such name."""
    named = re.fullmatch(r".*-([0-9]{4,18})-[0-9]+", payment_id, re.DOTALL)
    return int(named[1]) if named else None


@dataclass(frozen=True, slots=True)
class Attempt:
    """One try at having an order paid: one BTCPay invoice, one QR.

    `amount` is the order's total, or the rest of it after a part payment. `intent` is random and
    makes the orderId unique for ever, even when a till starts counting again with an empty journal.
    `twin` is empty except for a duplicate invoice that the server made of the same attempt.
    """

    order: Order
    number: int
    amount: Money
    intent: str
    twin: str = ""

    @property
    def id(self) -> str:
        """The name of the attempt in the journal and the log, like K1-0042-2."""
        return f"{self.order.id}-{self.number}{self.twin and '-' + self.twin}"

    @property
    def reference(self) -> str:
        """What the server files the invoice under; unique for ever, compared to the letter."""
        return f"{self.order.id}-{self.number}-{self.intent}"
