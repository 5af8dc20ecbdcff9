"""A server that makes invoices and takes money, as plain values: what BTCPay would do, without a word of its API."""

from dataclasses import dataclass, field

from pos.core.duties import Watch
from pos.core.money import Money
from pos.core.order import Attempt
from pos.core.payment_events import (
    CameLate,
    Event,
    Mismatched,
    Noticed,
    PartReceived,
    Quote,
    Quoted,
    RanOut,
    Received,
    Settled,
    Trail,
)
from tests.samples import T0_S

EXPIRY_S = 600
MSAT_PER_YEN = 5_879


@dataclass
class Bill:
    """An invoice at the server; `bolt11s` with the amount of each, the newest last."""

    id: str
    order_id: str
    amount: Money
    total_msat: int
    expires_s: int
    payable_until_s: int
    crooked: bool
    paid_msat: int = 0
    standing: str = "new"
    renewing: bool = False
    bolt11s: list[tuple[str, int]] = field(default_factory=list)

    @property
    def due_msat(self) -> int:
        """What is missing."""
        return self.total_msat - self.paid_msat

    @property
    def trail(self) -> Trail:
        """Where the till finds it."""
        return Trail(self.id, self.payable_until_s)

    def quote(self) -> Quote:
        """Make what the till shows of it."""
        bolt11, amount_msat = self.bolt11s[-1]
        created_s = self.expires_s - EXPIRY_S
        return Quote(self.trail, bolt11, "a1", "02", amount_msat, created_s, self.expires_s, self.amount)


class Server:
    """Makes invoices, takes money, forgets nothing; `now_s` is its clock."""

    def __init__(self) -> None:
        self.now_s = T0_S
        self.bills: list[Bill] = []

    def create(self, attempt: Attempt, *, crooked: bool) -> Bill:
        """Make an invoice, one more if there is one already: the real one does too."""
        assert attempt.amount.minor > 0, "an invoice of nothing settles by itself"
        total_msat = -(-attempt.amount.minor * MSAT_PER_YEN // 1000) * 1000
        bill = Bill(
            f"Inv{len(self.bills) + 1}",
            attempt.reference,
            attempt.amount,
            total_msat,
            self.now_s + EXPIRY_S,
            self.now_s + 4 * EXPIRY_S,
            crooked,
        )
        self.bills.append(bill)
        self._renew(bill)
        return bill

    def pay(self, bolt11: str, *, half: bool, processing: bool) -> None:
        """Take a customer's money as a hosted node would: after the expiry too, though not for an old BOLT11."""
        bill = next(bill for bill in self.bills if any(bolt11 == text for text, _ in bill.bolt11s))
        self.tick(0)
        if bill.bolt11s[-1][0] != bolt11 or self.now_s > bill.payable_until_s or not bill.due_msat or bill.renewing:
            return
        part = bill.due_msat // 2000 * 1000 if half else bill.due_msat
        bill.paid_msat += part or bill.due_msat
        bill.renewing = bool(bill.due_msat)
        if not bill.due_msat:
            bill.standing = {"new": "processing" if processing else "settled"}.get(bill.standing, "late")

    def tick(self, seconds: int) -> None:
        """Let time pass at the server."""
        self.now_s += seconds
        for bill in self.bills:
            if bill.standing == "new" and self.now_s >= bill.expires_s:
                bill.standing = "expired"

    def report(self, bill: Bill, watch: Watch | None = None) -> Event:
        """Say what a visit to the invoice shows, as the clerk would put it."""
        self.tick(0)
        received = Received(bill.paid_msat, bill.due_msat) if bill.paid_msat else Received()
        match bill.standing:
            case "settled":
                return Settled(bill.trail, bill.paid_msat, 0)
            case "processing":
                bill.standing = "settled"
                return Noticed(bill.trail)
            case "late":
                return CameLate(bill.trail, bill.paid_msat)
            case "expired":
                return RanOut(bill.trail, received, "expired")
        if watch and watch.quote and bill.renewing:
            self._renew(bill)
            return PartReceived(watch.quote, received)
        self._renew(bill)
        if bill.crooked:
            return Mismatched(bill.trail, received, "amount", "a", "b", "c")
        return PartReceived(bill.quote(), received) if bill.paid_msat else Quoted(bill.quote())

    def found(self, attempt: Attempt) -> list[Bill]:
        """List the attempt's invoices, newest first."""
        return [bill for bill in reversed(self.bills) if bill.order_id == attempt.reference]

    def _renew(self, bill: Bill) -> None:
        if bill.renewing or not bill.bolt11s:
            bill.bolt11s.append((f"lnbcrt-{bill.id}-{len(bill.bolt11s)}", bill.due_msat))
        bill.renewing = False
