"""Everything that can happen to an attempt to be paid: what the journal remembers for ever.

Rule: an event is a fact that was seen, in our words. The vendor's strings end in `btcpay/greenfield.py`.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from pos.core.money import Money
from pos.core.order import Attempt


@dataclass(frozen=True, slots=True)
class Trail:
    """Where to look for money: the server's invoice id, and until when a payment may still arrive.

    `payable_until_s` is unix seconds by the server's clock: the later of its own monitoring and the BOLT11's expiry.
    """

    invoice_id: str
    payable_until_s: int


@dataclass(frozen=True, slots=True)
class Quote:
    """A BOLT11 that passed the check, with what the customer is told about it.

    `created_s` and `expires_s` are unix seconds by the server's clock; `rate` is what one BTC costs.
    """

    trail: Trail
    bolt11: str
    payment_hash: str
    payee: str
    amount_msat: int
    created_s: int
    expires_s: int
    rate: Money


@dataclass(frozen=True, slots=True)
class Received:
    """How much of an invoice came in, and how much is missing."""

    paid_msat: int = 0
    due_msat: int = 0


@dataclass(frozen=True, slots=True)
class Opened:
    """Staff tapped pay: the order is frozen and nobody but this till knows of it."""

    attempt: Attempt


@dataclass(frozen=True, slots=True)
class TwinFound:
    """The server holds a second invoice for one attempt (an answer was lost): watch it, never show it."""

    attempt: Attempt
    trail: Trail


@dataclass(frozen=True, slots=True)
class Restarted:
    """The till started and found the attempt half made."""


@dataclass(frozen=True, slots=True)
class AnswerLost:
    """The server may have made the invoice, but no good answer came back."""

    problem: str


@dataclass(frozen=True, slots=True)
class NotFound:
    """The server answered that it has no invoice for the attempt."""


@dataclass(frozen=True, slots=True)
class Quoted:
    """The server offers a BOLT11 that passed the check; nothing has been paid."""

    quote: Quote

    @property
    def trail(self) -> Trail:
        """Where to look for money."""
        return self.quote.trail


@dataclass(frozen=True, slots=True)
class Mismatched:
    """The server offers something that must not be shown; the evidence is kept."""

    trail: Trail
    received: Received
    fault: str
    expected: str
    found: str
    bolt11: str


@dataclass(frozen=True, slots=True)
class PartReceived:
    """Some money came and the invoice is still open, with `quote` for the rest."""

    quote: Quote
    received: Received

    @property
    def trail(self) -> Trail:
        """Where to look for money."""
        return self.quote.trail


@dataclass(frozen=True, slots=True)
class Noticed:
    """The server has seen a payment and has not settled it yet."""

    trail: Trail


@dataclass(frozen=True, slots=True)
class Settled:
    """The server says it is paid."""

    trail: Trail
    paid_msat: int
    over_msat: int


@dataclass(frozen=True, slots=True)
class Audited:
    """The server was asked for all it holds of a paid attempt, and every duplicate is under watch.

    The amounts are those of the payment; they are 0 where they were not told. `last` when so much time has passed that
    the server cannot be making another.
    """

    paid_msat: int = 0
    over_msat: int = 0
    last: bool = True


@dataclass(frozen=True, slots=True)
class RanOut:
    """The server ended the invoice (`why`: expired or invalid), with this much received."""

    trail: Trail
    received: Received
    why: str


@dataclass(frozen=True, slots=True)
class CameLate:
    """The whole amount came after the server had ended the invoice."""

    trail: Trail
    paid_msat: int


@dataclass(frozen=True, slots=True)
class WatchEnded:
    """By the server's clock no payment can arrive any more, none has, and every duplicate is under watch."""


@dataclass(frozen=True, slots=True)
class Cancelled:
    """Staff went back to the order."""


@dataclass(frozen=True, slots=True)
class Superseded:
    """Staff asked for a new QR for the same order."""


@dataclass(frozen=True, slots=True)
class HandedOver:
    """PAID was on the screen and was taken away by a tap, the clock or the next order."""


@dataclass(frozen=True, slots=True)
class Acknowledged:
    """Staff tapped that they know of money that came without a customer."""


Birth = Opened | TwinFound
Event = (
    Birth
    | Restarted
    | AnswerLost
    | NotFound
    | Quoted
    | Mismatched
    | PartReceived
    | Noticed
    | Settled
    | Audited
    | RanOut
    | CameLate
    | WatchEnded
    | Cancelled
    | Superseded
    | HandedOver
    | Acknowledged
)


def trail_in(event: Event) -> Trail | None:
    """Say which invoice an answer of the server's speaks of; None for what did not happen there."""
    match event:
        case Quoted(quote) | PartReceived(quote):
            return quote.trail
        case Mismatched(trail) | Noticed(trail) | Settled(trail) | RanOut(trail) | CameLate(trail):
            return trail
    return None


def from_birth(events: Sequence[Event]) -> tuple[Event, ...]:
    """Leave out what stands before a birth: the beginning of a payment may be lost where a journal was damaged."""
    begins = (place for place, event in enumerate(events) if isinstance(event, Opened | TwinFound))
    return tuple(events[next(begins, len(events)) :])


@dataclass(frozen=True, slots=True)
class Entry:
    """One event of one payment, as the journal takes it; `final` when it brings the payment to an end."""

    payment_id: str
    event: Event
    final: bool
