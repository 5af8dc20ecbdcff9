"""Somebody who sees every screen of the evening and holds it against the server's invoices and the phones' payments.

Rule: what is not known is neither paid nor unpaid, no QR is anybody's but the server's, and whatever a customer may
still pay, the till is watching. What was seen is remembered for the ledgers at the end (`ledgers.py`).
"""

from collections import defaultdict
from collections.abc import Sequence

from bench.drill.books import Books
from bench.drill.sight import Sight
from pos.core.money import show_sats
from pos.core.payment_states import SURPLUS_MSAT
from pos.demo.lightning import UnknownInvoice
from pos.demo.shop import Shop
from pos.demo.states import Invoice

_WHOLE = {"Paid", "PaidLate", "Served", "Overpaid", "Fulfilled", "TakenOver"}
"""What a payment is called once all of the money for it is known to have come."""


class Witness:
    """Remembers what people saw; `forgiven` are orders of which the server may make two invoices without blame.

    `latest` is the number of the order that was on the screen last. `read` is all that stood under PAID or in a notice,
    by order. Where this server does not tell of a surplus at once, `surplus_later` are the orders of whose surplus PAID
    did not tell when it came up.
    """

    def __init__(self, shop: Shop, *, surplus_at_once: bool = True) -> None:
        self.read: defaultdict[int, str] = defaultdict(str)
        self.surplus_later: set[int] = set()
        self.latest = 0
        self._surplus_at_once = surplus_at_once
        self.forgiven: set[int] = set()
        self.paid: set[int] = set()
        self.noticed: set[str] = set()
        self.shown: set[str] = set()
        self.paid_ms: list[int] = []
        self.hurt: set[int] = set()
        self.salvages: set[str] = set()
        self._shop = shop
        self._latest_s = shop.now_s()
        self._orders: set[int] = set()
        self._handed_over: set[int] = set()
        self._rows: list[tuple[str, str]] = []
        self._safe_from = 0

    @property
    def orders(self) -> frozenset[int]:
        """The numbers of the orders that were on the screen."""
        return frozenset(self._orders)

    def see(self, sight: Sight) -> None:
        """Look at a screen; AssertionError if it says what is not so."""
        for payment_id, text in sight.notices.items():
            self.noticed.add(payment_id)
            self.read[int(payment_id.split("-")[1])] += text
        self.salvages |= set(sight.salvages)
        if sight.order:
            self.latest = sight.order
            self._orders.add(sight.order)
        if sight.qr:
            self._see_qr(sight)
        assert not (sight.waiting and sight.unknown), f"it waits for order {sight.order} without knowing how it stands"
        if sight.kind == "PaidView":
            self._see_paid(sight)

    def note_hand_over(self, order: int) -> None:
        """Note that the bartender's tap on PAID was taken."""
        self._handed_over.add(order)

    def note_rows(self, rows: Sequence[tuple[str, str]]) -> None:
        """Note what the till said is in its journal."""
        self._rows += rows

    def note_damage(self) -> None:
        """Note that from now on anything that was written until now may be gone."""
        self._safe_from = len(self._rows)
        self._handed_over.clear()

    def note_time(self) -> None:
        """Note the server's clock, before somebody sets it back."""
        self._latest_s = max(self._latest_s, self._shop.now_s())

    def behind_s(self) -> int:
        """Say how far the server's clock is behind the latest it has ever shown."""
        self.note_time()
        return self._latest_s - self._shop.now_s()

    def may_be_paid(self, invoice: Invoice) -> bool:
        """Tell whether the server would hear of money for an invoice: it forgets them once their time has been over."""
        self.note_time()
        return invoice.monitored_s >= self._latest_s

    def wrong_at_death(self, books: Books) -> list[str]:
        """List what is not so in the journal of a till that has just died, at whatever moment."""
        self._leave_out_what_damage_took(books)
        wrong = books.contradictions(self.hurt)
        written = iter(books.rows)
        missing = next((row for row in self._rows[self._safe_from :] if row not in written), None)
        if missing:
            wrong.append(f"written and gone: {missing} and perhaps more; the journal ends with {books.rows[-3:]}")
        unknown = [invoice for invoice in self._shop.invoices() if not self._known(invoice, books)]
        wrong += [f"nobody knows of invoice {invoice.id} {invoice.order_id}" for invoice in unknown]
        numbers = {state.attempt.order.number for state in books.states.values()}
        wrong += [f"order {order} was on the screen and is lost" for order in self._orders - numbers - self.hurt]
        watched = books.watched()
        payable = {invoice.id: invoice for invoice in map(self._shop.invoice_of, self.shown)}
        wrong += [
            f"nobody watches {invoice.order_id}, {invoice.status}/{invoice.additional_status}"
            for invoice in payable.values()
            if invoice.id not in watched and not self._needs_no_watch(invoice, books)
        ]
        return wrong

    def _leave_out_what_damage_took(self, books: Books) -> None:
        """Find the orders that damage took something of; of them nothing from before is expected any more."""
        kept: dict[str, list[str]] = {}
        for payment_id, kind in books.rows:
            kept.setdefault(payment_id, []).append(kind)
        written: dict[str, list[str]] = {}
        for payment_id, kind in self._rows[: self._safe_from]:
            written.setdefault(payment_id, []).append(kind)
        for payment_id, kinds in written.items():
            left = iter(kept.get(payment_id, []))
            if not all(kind in left for kind in kinds):
                self.hurt.add(int(payment_id.split("-")[1]))

    def _known(self, invoice: Invoice, books: Books) -> bool:
        return invoice.order_id in books.attempts or invoice.id in books.invoices or number_of(invoice) in self.hurt

    def _see_qr(self, sight: Sight) -> None:
        try:
            invoice = self._shop.invoice_of(sight.qr)
        except UnknownInvoice as exc:
            raise AssertionError(f"order {sight.order} shows a QR that the server did not make") from exc
        assert number_of(invoice) == sight.order, f"order {sight.order} shows the QR of {invoice.order_id}"
        self.shown.add(sight.qr)

    def _see_paid(self, sight: Sight) -> None:
        assert sight.order not in self._handed_over, f"order {sight.order} is shown as paid again"
        settled = self._settled(sight.order)
        assert settled, f"order {sight.order} is shown as paid without money"
        over_msat = max(-invoice.due_msat for invoice in settled)
        self.read[sight.order] += sight.detail
        if over_msat >= SURPLUS_MSAT and show_sats(over_msat) not in sight.detail:
            assert not self._surplus_at_once, f"order {sight.order} was overpaid and PAID does not tell"
            self.surplus_later.add(sight.order)
        self.paid.add(sight.order)
        if sight.paid_ms >= 0:
            self.paid_ms.append(sight.paid_ms)

    def _settled(self, order: int) -> list[Invoice]:
        received = {payment.invoice_id for payment in self._shop.ledger}
        ours = (invoice for invoice in self._shop.invoices() if number_of(invoice) == order)
        return [invoice for invoice in ours if invoice.id in received and invoice.status == "Settled"]

    def _needs_no_watch(self, invoice: Invoice, books: Books) -> bool:
        """Tell whether the till knows all there is to know: the whole money came, or none can come any more.

        Of an order that damage took something of, it has to make out again where to look; the ledgers show whether.
        """
        kinds = {type(state).__name__ for state in books.states_of(invoice.order_id or "")}
        whole = invoice.paid_msat >= invoice.total_msat and kinds & _WHOLE
        return bool(whole) or number_of(invoice) in self.hurt or not self.may_be_paid(invoice)


def number_of(invoice: Invoice) -> int:
    """Give the number of the order that an invoice is for."""
    assert invoice.order_id is not None
    return int(invoice.order_id.split("-")[1])
