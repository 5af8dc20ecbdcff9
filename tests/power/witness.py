"""Somebody who sees every screen of the evening and holds it against the server's invoices and the phones' payments.

Rule: three ledgers must agree. Every satoshi that left a phone is a sale that was shown as paid, or a notice that a
person acknowledged; and whatever a customer may still pay, the till is watching.
"""

from collections import Counter as Tally
from collections.abc import Sequence

from pos.core.payment_states import Fulfilled, State, TakenOver
from pos.demo.shop import Shop
from pos.demo.states import Invoice

from .books import Books
from .till_process import Sight

ROUNDING_MSAT = 15_000
"""A rest is rounded up to a whole yen: about eight satoshi at the demo's rate."""


class Witness:
    """Remembers what people saw; `duplicates` when the server may make two invoices of one attempt."""

    def __init__(self, shop: Shop) -> None:
        self.duplicates = False
        self._shop = shop
        self._orders: set[int] = set()
        self._shown: set[str] = set()
        self._paid: set[int] = set()
        self._handed_over: set[int] = set()
        self._noticed: set[str] = set()
        self._rows: list[tuple[str, str]] = []

    def see(self, sight: Sight) -> None:
        """Look at a screen; AssertionError if it says what is not so."""
        self._noticed |= set(sight.notices)
        if sight.order:
            self._orders.add(sight.order)
        if sight.qr:
            # The shop knows no BOLT11 but its own, so one that lies ends the test right here.
            assert _number_of(self._shop.invoice_of(sight.qr)) == sight.order, "the QR is another order's"
            self._shown.add(sight.qr)
        if sight.kind == "PaidView":
            assert sight.order not in self._handed_over, f"order {sight.order} is shown as paid again"
            assert self._settled(sight.order), f"order {sight.order} is shown as paid without money"
            self._paid.add(sight.order)

    def note_hand_over(self, order: int) -> None:
        """Note that the bartender's tap on PAID was taken."""
        self._handed_over.add(order)

    def note_rows(self, rows: Sequence[tuple[str, str]]) -> None:
        """Note what the till said is in its journal."""
        self._rows += rows

    def wrong_at_death(self, books: Books) -> list[str]:
        """List what is not so in the journal of a till that has just died, at whatever moment."""
        wrong = books.contradictions()
        written = iter(books.rows)
        if not all(row in written for row in self._rows):
            wrong.append(f"written and gone: {self._rows} is not in {books.rows}")
        unknown = [invoice for invoice in self._shop.invoices() if invoice.order_id not in books.attempts]
        wrong += [f"nobody knows of invoice {invoice.id} {invoice.order_id}" for invoice in unknown]
        numbers = {state.attempt.order.number for state in books.states.values()}
        wrong += [f"order {order} was on the screen and is lost" for order in self._orders - numbers]
        watched = books.watched()
        payable = {invoice.id: invoice for invoice in map(self._shop.invoice_of, self._shown)}
        wrong += [
            f"nobody watches {invoice.order_id}, {invoice.status}/{invoice.additional_status}"
            for invoice in payable.values()
            if invoice.id not in watched and not self._needs_no_watch(invoice, books)
        ]
        return wrong

    def wrong_at_close(self, books: Books) -> list[str]:
        """List what does not add up once every payment has come to its end."""
        wrong = [f"{name} is still open" for name in books.listed]
        paid_msat = sum(payment.amount_msat for payment in self._shop.ledger)
        booked_msat = sum(invoice.paid_msat for invoice in self._shop.invoices())
        if paid_msat != booked_msat:
            wrong.append(f"the phones paid {paid_msat} msat, the server booked {booked_msat}")
        for invoice in self._shop.invoices():
            ends = books.states_of(invoice.order_id or "")
            if invoice.paid_msat and not any(map(self._was_told, ends)):
                wrong.append(f"{invoice.paid_msat} msat came for {invoice.order_id} and nobody was told: {ends}")
        return wrong + self._wrongly_charged(books) + self._made_twice()

    def _wrongly_charged(self, books: Books) -> list[str]:
        """List orders that count as sold for more money than they cost, or for none."""
        sold = {state.attempt.order.number for state in books.states.values() if isinstance(state, Fulfilled)}
        charged: Tally[int] = Tally()
        price: dict[int, int] = {}
        for invoice in reversed(self._shop.invoices()):
            number = _number_of(invoice)
            price.setdefault(number, invoice.total_msat)
            # A whole sum told as a notice is given back by hand; a part is the order's, and less is asked next.
            told = any(isinstance(end, TakenOver) for end in books.states_of(invoice.order_id or ""))
            if not told or invoice.paid_msat < invoice.total_msat:
                charged[number] += invoice.paid_msat
        wrong = [f"order {number} was sold without money" for number in sold if not charged[number]]
        wrong += [
            f"order {number} cost {price[number]} msat and was charged {charged[number]}"
            for number in sold
            if charged[number] > price[number] + ROUNDING_MSAT
        ]
        return wrong

    def _made_twice(self) -> list[str]:
        """List attempts for which more than one invoice was made, where the server was not to blame."""
        made = Tally(invoice.order_id for invoice in self._shop.invoices())
        return [f"{n} invoices for {order_id}" for order_id, n in made.items() if n > 1 and not self.duplicates]

    def _was_told(self, end: State) -> bool:
        """Tell whether people saw what this money was."""
        match end:
            case Fulfilled(attempt):
                return attempt.order.number in self._paid
            case TakenOver(attempt):
                return attempt.id in self._noticed
        return False

    def _settled(self, order: int) -> bool:
        received = {payment.invoice_id for payment in self._shop.ledger}
        return any(
            invoice.id in received and invoice.status == "Settled" and _number_of(invoice) == order
            for invoice in self._shop.invoices()
        )

    def _needs_no_watch(self, invoice: Invoice, books: Books) -> bool:
        """Tell whether the till knows all there is to know: the whole money came, or none can come any more."""
        kinds = {type(state).__name__ for state in books.states_of(invoice.order_id or "")}
        whole = invoice.paid_msat >= invoice.total_msat and kinds & {"Paid", "PaidLate", "Fulfilled", "TakenOver"}
        return bool(whole) or self._shop.now_s() > invoice.monitored_s


def _number_of(invoice: Invoice) -> int:
    assert invoice.order_id is not None
    return int(invoice.order_id.split("-")[1])
