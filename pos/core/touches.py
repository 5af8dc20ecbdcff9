"""What a finger can say to the till.

Rule: a touch names what was touched, never what follows from it.
"""

from dataclasses import dataclass, field


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
class AcknowledgeSalvage:
    """Staff know that the journal was damaged."""

    aside: str


@dataclass(frozen=True, slots=True)
class OpenStatus:
    """The health dots in the status bar, with the clock beside them."""


@dataclass(frozen=True, slots=True)
class Leave:
    """The status screen's way out of the till."""


@dataclass(frozen=True, slots=True)
class PinDigit:
    """A key of the pad for the PIN; which one is in no log and no report."""

    digit: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Restart:
    """The one button of the screen on which the till has stopped."""


@dataclass(frozen=True, slots=True)
class Choose:
    """First start: one of several things to choose from, by its name."""

    name: str


@dataclass(frozen=True, slots=True)
class TypeKey:
    """First start: a key of the keyboard, drawn or real; it may be part of an API key, so it is in no log."""

    key: str = field(repr=False)


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
    | AcknowledgeSalvage
    | OpenStatus
    | Leave
    | PinDigit
    | Restart
    | Choose
    | TypeKey
    | OpenPhone
    | PhoneDoes
)
