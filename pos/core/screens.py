"""What can be up on the till's screen.

Rule: only what a screen remembers of its own; what it shows of orders and payments is read from them.
"""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Selling:
    """The menu and the order; `sheet` is the item whose sheet is open, `clearing` once Clear was tapped."""

    sheet: str | None = None
    clearing: bool = False


@dataclass(frozen=True, slots=True)
class Typing:
    """The keypad, with the digits so far."""

    digits: str = ""


@dataclass(frozen=True, slots=True)
class AtPayment:
    """A payment has the screen; `sheet` is '', 'back', 'help' or 'phone'."""

    payment_id: str
    sheet: str = ""


@dataclass(frozen=True, slots=True)
class Reading:
    """The notices: money that came without a sale in front of it, and a journal that was damaged."""


@dataclass(frozen=True, slots=True)
class Inspecting:
    """How the till, the line and the server are, and how well they have served."""


@dataclass(frozen=True, slots=True)
class Unlocking:
    """The pad for the PIN that lets staff leave; `step` is '', 'checking' or 'wrong'.

    The digits are here only until they are compared, and never in a log or a report.
    """

    digits: str = field(default="", repr=False)
    step: str = ""


@dataclass(frozen=True, slots=True)
class Stopped:
    """Nothing can be recorded, so nothing may be sold."""


Screen = Selling | Typing | AtPayment | Reading | Inspecting | Unlocking | Stopped
