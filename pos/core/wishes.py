"""What the till wants done after a touch.

Rule: a wish names what must be done, never how.
"""

from dataclasses import dataclass, field

from pos.core.cart import Cart


@dataclass(frozen=True, slots=True)
class Place:
    """Freeze this order and ask for an invoice."""

    cart: Cart


@dataclass(frozen=True, slots=True)
class Cancel:
    """Nobody waits for this payment any more."""

    payment_id: str


@dataclass(frozen=True, slots=True)
class Requote:
    """Ask for a new invoice for the order of this payment."""

    payment_id: str


@dataclass(frozen=True, slots=True)
class Hurry:
    """Do now what is waiting for its time."""


@dataclass(frozen=True, slots=True)
class HandOver:
    """PAID was seen."""

    payment_id: str


@dataclass(frozen=True, slots=True)
class TakeNote:
    """A notice was read."""

    payment_id: str


@dataclass(frozen=True, slots=True)
class RememberSoldOut:
    """Keep over a restart that there is none left, or some again."""

    item_id: str
    sold_out: bool


@dataclass(frozen=True, slots=True)
class TakeNoteOfSalvage:
    """The report of a damaged journal was read."""

    aside: str


@dataclass(frozen=True, slots=True)
class CheckPin:
    """Compare what was typed with the owner's PIN, and leave if it is the same."""

    pin: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class RingPhone:
    """Demo only: let the customer's phone act on this payment."""

    payment_id: str
    kind: str


Wish = (
    Place
    | Cancel
    | Requote
    | Hurry
    | HandOver
    | TakeNote
    | TakeNoteOfSalvage
    | RememberSoldOut
    | CheckPin
    | RingPhone
)
