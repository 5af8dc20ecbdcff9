"""The status screen, and behind it the pad for the PIN: the only way out of a till in kiosk mode.

Rule: the digits stay here only until they are compared; while they are, nothing more can be typed.
"""

from dataclasses import dataclass, replace

from pos.core import touches as t
from pos.core import wishes as w
from pos.core.screens import Inspecting, Screen, Selling, Unlocking

PIN_LEAST, PIN_MOST = 4, 12
"""How many digits a PIN has."""


@dataclass(frozen=True, slots=True)
class PinTried:
    """Somebody typed a PIN; written down as wrong before it is compared, and again once it was right."""

    right: bool


def inspect(screen: Inspecting, touched: t.Touch, *, can_leave: bool) -> tuple[Screen, w.Wish | None]:
    """Answer a finger on the status screen."""
    match touched:
        case t.TryNow():
            return screen, w.Hurry()
        case t.Leave() if can_leave:
            return Unlocking(), None
        case t.Close():
            return Selling(), None
    return screen, None


def unlock(screen: Unlocking, touched: t.Touch) -> tuple[Screen, w.Wish | None]:
    """Answer a finger on the pad for the PIN."""
    if isinstance(touched, t.Close):
        return Inspecting(), None
    if screen.step == "checking":
        return screen, None
    match touched:
        case t.PinDigit(digit) if len(screen.digits) < PIN_MOST:
            return Unlocking(screen.digits + digit), None
        case t.Erase() if screen.digits:
            return replace(screen, digits=screen.digits[:-1]), None
        case t.Enter() if len(screen.digits) >= PIN_LEAST:
            return Unlocking(step="checking"), w.CheckPin(screen.digits)
    return screen, None
