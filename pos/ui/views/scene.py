"""Everything a view is made from.

Rule: values only; whoever builds a scene has asked the clocks and the engine already.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from pos.core.link import Link
from pos.core.money import Money
from pos.core.notices import Notice
from pos.core.payment_states import State
from pos.core.problem import Problem
from pos.core.storage import Storage
from pos.core.till import Shop, Till
from pos.service import Served
from pos.words import Words


@dataclass(frozen=True, slots=True)
class LastSale:
    """The order that was paid last; `at_s` is when, in unix seconds by the till's clock."""

    order_id: str
    total: Money
    at_s: int


@dataclass(frozen=True, slots=True)
class Itself:
    """What the till knows of itself; `tries_left` and `wait_s` are of the lock on its way out."""

    storage: Storage = field(default_factory=Storage)
    served: Served = field(default_factory=Served)
    tries_left: int = 0
    wait_s: int = 0


@dataclass(frozen=True, slots=True)
class Scene:
    """The till at one moment; `now_s` is its clock, `troubles` why the last visit for a payment failed.

    `notices` judges the payments that staff are owed a word about, by their id.
    """

    till: Till
    shop: Shop
    name: str
    till_name: str
    order_id: str
    demo: bool
    words: Mapping[str, Words]
    payments: Mapping[str, State]
    notices: Mapping[str, Notice]
    troubles: Mapping[str, Problem]
    link: Link
    now_s: int
    utc_offset_s: int
    last: LastSale | None = None
    itself: Itself = field(default_factory=Itself)

    @property
    def staff(self) -> Words:
        """The words for the people behind the counter."""
        return self.words[self.shop.language]

    @property
    def guest(self) -> Words:
        """The words for the customer."""
        return self.words[self.till.guest_language]

    def clock(self, at_s: int) -> str:
        """Write a time of day, like 21:47."""
        minutes = (at_s + self.utc_offset_s) // 60 % (24 * 60)
        return f"{minutes // 60:02d}:{minutes % 60:02d}"
