"""What can be true of an attempt to be paid: one class a state, and the questions others ask of a state.

Rule: a state holds just what its next step needs; how one leads to another is told in `core/payment.py` alone.
"""

from dataclasses import dataclass

from pos.core.money import Money
from pos.core.order import Attempt
from pos.core.payment_events import Mismatched, Quote, Received, Trail

SURPLUS_MSAT = 1000
"""From so much beyond the price people are told: Core Lightning lets a wallet pay a little more."""


@dataclass(frozen=True, slots=True)
class Creating:
    """The server may or may not have heard of this attempt; `looks` look-ups must come first."""

    attempt: Attempt
    looks: int


@dataclass(frozen=True, slots=True)
class Withdrawn:
    """Cancelled while it was being created: should an invoice turn up, it is watched and never shown."""

    attempt: Attempt
    looks: int


@dataclass(frozen=True, slots=True)
class Awaiting:
    """A checked QR is on the screen and nothing has arrived."""

    attempt: Attempt
    quote: Quote


@dataclass(frozen=True, slots=True)
class PartPaid:
    """Some money arrived; `quote` is the server's newest BOLT11, for the rest once that is ready."""

    attempt: Attempt
    quote: Quote
    received: Received


@dataclass(frozen=True, slots=True)
class Confirming:
    """The server has seen a payment and has not settled it: neither paid nor unpaid."""

    attempt: Attempt
    trail: Trail


@dataclass(frozen=True, slots=True)
class RunOut:
    """The server ended the invoice while somebody may still stand at the counter."""

    attempt: Attempt
    trail: Trail
    received: Received
    why: str


@dataclass(frozen=True, slots=True)
class Refused:
    """The BOLT11 failed its check; it was not shown, or was taken down."""

    attempt: Attempt
    trail: Trail
    mismatch: Mismatched
    received: Received


@dataclass(frozen=True, slots=True)
class Lapsed:
    """Nobody waits any more, but money may still come; `reported` once staff know of what did come."""

    attempt: Attempt
    trail: Trail
    received: Received
    reported: bool


@dataclass(frozen=True, slots=True)
class Paid:
    """The server settled it; the customer has not been told, or not for long enough to be seen.

    `paid_msat` is 0 where an older server does not tell it together with the settlement. `to_audit` is where to ask
    what else the server holds of the attempt, None once that is known.
    """

    attempt: Attempt
    paid_msat: int
    over_msat: int
    to_audit: Trail | None = None


@dataclass(frozen=True, slots=True)
class PaidLate:
    """The whole amount came when nobody was waiting for it: a person must act; all else as in `Paid`."""

    attempt: Attempt
    paid_msat: int
    over_msat: int
    to_audit: Trail | None = None


@dataclass(frozen=True, slots=True)
class Overpaid:
    """Paid, and people had seen that when the server told that too much had come: a person must act.

    `to_audit` as in `Paid`; `late` where the notice that they had seen was one of late money.
    """

    attempt: Attempt
    over_msat: int
    to_audit: Trail | None = None
    late: bool = False


Settlement = Paid | PaidLate | Overpaid


@dataclass(frozen=True, slots=True)
class Served:
    """People are done with the payment; the server may still hold, or be making, a duplicate of its invoice."""

    paid: Settlement

    @property
    def attempt(self) -> Attempt:
        """The attempt that was paid."""
        return self.paid.attempt


@dataclass(frozen=True, slots=True)
class Fulfilled:
    """Paid, and shown to the people at the counter. Final."""

    attempt: Attempt


@dataclass(frozen=True, slots=True)
class TakenOver:
    """Money came without a sale in front of it and a person has taken note. Final."""

    attempt: Attempt
    came: Money


@dataclass(frozen=True, slots=True)
class Void:
    """Nobody paid and nobody can any more. Final."""

    attempt: Attempt


Open = (
    Creating
    | Withdrawn
    | Awaiting
    | PartPaid
    | Confirming
    | RunOut
    | Refused
    | Lapsed
    | Paid
    | PaidLate
    | Overpaid
    | Served
)
Closed = Fulfilled | TakenOver | Void
State = Open | Closed


def at_counter(state: State) -> bool:
    """Tell whether somebody may be standing there because of this attempt."""
    return isinstance(state, Creating | Awaiting | PartPaid | Confirming | RunOut | Refused | Paid)


def owed_to_staff(state: State) -> bool:
    """Tell whether money came that a person has to be told about."""
    return isinstance(state, PaidLate | Overpaid) or (isinstance(state, Lapsed) and not state.reported)


def has_surplus(paid: Settlement) -> bool:
    """Tell whether people are to be told that more came than was asked for."""
    return paid.over_msat >= SURPLUS_MSAT


def received_by(state: State) -> Received:
    """Say how much of an attempt that is not settled has come in."""
    return state.received if isinstance(state, PartPaid | RunOut | Refused | Lapsed) else Received()


def rest_of(amount: Money, received: Received) -> Money:
    """Say what is missing in the order's own currency, rounded up to its minor unit."""
    if not received.paid_msat:
        return amount
    whole_msat = received.paid_msat + received.due_msat
    return Money(-(-amount.minor * received.due_msat // whole_msat), amount.currency)


def came_in(state: State) -> Money:
    """Say how much of what an attempt asked for has come, in the order's own currency."""
    amount = state.attempt.amount
    match state:
        case Paid() | PaidLate() | Served() | Overpaid() | Fulfilled():
            return amount
        case TakenOver(came=came):
            return came
    return amount - rest_of(amount, received_by(state))


def trail_of(state: State) -> Trail | None:
    """Say which invoice of an attempt is being asked about; None while there is none, or no more need to ask."""
    match state:
        case Awaiting(quote=quote) | PartPaid(quote=quote):
            return quote.trail
        case Confirming(trail=trail) | RunOut(trail=trail) | Refused(trail=trail) | Lapsed(trail=trail):
            return trail
        case Paid(to_audit=trail) | PaidLate(to_audit=trail) | Overpaid(to_audit=trail):
            return trail
        case Served(paid):
            return paid.to_audit
    return None
