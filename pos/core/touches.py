"""What a finger can say to the till, and what the till then wants done.

Rule: a touch names what was touched, never what follows from it; a wish names what the engine must do, never how.
"""

from dataclasses import dataclass

from pos.core.cart import Cart


@dataclass(frozen=True, slots=True)
class TapItem:
    """A tile of the menu."""

    item_id: str


@dataclass(frozen=True, slots=True)
class HoldItem:
    """A tile, held for a while."""

    item_id: str


@dataclass(frozen=True, slots=True)
class SetSoldOut:
    """The sheet's button that says there is none left, or some again."""

    item_id: str
    sold_out: bool


@dataclass(frozen=True, slots=True)
class ChangeLine:
    """Plus (+1) or minus (-1) of a line of the order."""

    key: str
    by: int


@dataclass(frozen=True, slots=True)
class RemoveLine:
    """A line, swiped away."""

    key: str


@dataclass(frozen=True, slots=True)
class Clear:
    """The button that empties the order; it asks to be tapped twice."""


@dataclass(frozen=True, slots=True)
class PickCategory:
    """A pill above the tiles; None is the one for everything."""

    category: str | None


@dataclass(frozen=True, slots=True)
class OpenKeypad:
    """The tile for an amount that is not on the menu."""


@dataclass(frozen=True, slots=True)
class Digit:
    """A key of the keypad: one digit, or 00."""

    digits: str


@dataclass(frozen=True, slots=True)
class Erase:
    """The keypad's backspace."""


@dataclass(frozen=True, slots=True)
class Enter:
    """The keypad's button that puts the amount into the order."""


@dataclass(frozen=True, slots=True)
class Close:
    """Whatever closes a sheet, the keypad or the list of notices."""


@dataclass(frozen=True, slots=True)
class Pay:
    """The big orange button."""


@dataclass(frozen=True, slots=True)
class Back:
    """Back to the order, from the payment; asks first where a QR may still be paid."""


@dataclass(frozen=True, slots=True)
class ConfirmBack:
    """Yes, back to the order."""


@dataclass(frozen=True, slots=True)
class Help:
    """The customer's 'need help?'."""


@dataclass(frozen=True, slots=True)
class NewQr:
    """A new QR for the same order, after the old one ended or was refused."""


@dataclass(frozen=True, slots=True)
class TryNow:
    """Ask the server again at once."""


@dataclass(frozen=True, slots=True)
class SwitchLanguage:
    """The pill with the other language's name, on the payment screens."""


@dataclass(frozen=True, slots=True)
class Done:
    """A tap on PAID."""


@dataclass(frozen=True, slots=True)
class OpenNotices:
    """The count of notices in the status bar."""


@dataclass(frozen=True, slots=True)
class Acknowledge:
    """Staff know of this money."""

    payment_id: str


@dataclass(frozen=True, slots=True)
class OpenPhone:
    """Demo only: the customer's phone."""


@dataclass(frozen=True, slots=True)
class PhoneDoes:
    """Demo only: what the customer's phone does: full, late, under or expire."""

    kind: str


Touch = (
    TapItem
    | HoldItem
    | SetSoldOut
    | ChangeLine
    | RemoveLine
    | Clear
    | PickCategory
    | OpenKeypad
    | Digit
    | Erase
    | Enter
    | Close
    | Pay
    | Back
    | ConfirmBack
    | Help
    | NewQr
    | TryNow
    | SwitchLanguage
    | Done
    | OpenNotices
    | Acknowledge
    | OpenPhone
    | PhoneDoes
)


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
class RingPhone:
    """Demo only: let the customer's phone act on this payment."""

    payment_id: str
    kind: str


Wish = Place | Cancel | Requote | Hurry | HandOver | TakeNote | RememberSoldOut | RingPhone
