"""Everything a view is made from.

Rule: values only; whoever builds a scene has asked the clocks and the engine already.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from pos.core.link import Link
from pos.core.notices import Notice
from pos.core.payment_states import State
from pos.core.problem import Problem
from pos.core.till import Shop, Till
from pos.words import Words


@dataclass(frozen=True, slots=True)
class Scene:
    """The till at one moment; `now_s` is its clock, `troubles` why the last visit for a payment failed.

    `notices` judges the payments that staff are owed a word about, by their id.
    """

    till: Till
    shop: Shop
    name: str
    order_id: str
    demo: bool
    words: Mapping[str, Words]
    payments: Mapping[str, State]
    notices: Mapping[str, Notice]
    troubles: Mapping[str, Problem]
    link: Link
    now_s: int
    utc_offset_s: int

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
