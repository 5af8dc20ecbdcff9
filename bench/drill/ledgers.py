"""The three ledgers of an evening, compared: what the phones paid, what the server holds, what the till says.

Rule: every satoshi that left a phone is in all three, and a person was told what it was: a sale that was shown as
paid, or a notice that somebody acknowledged.
"""

from collections import Counter as Tally
from dataclasses import dataclass

from bench.drill.books import Books
from bench.drill.witness import Witness, number_of
from pos.core.money import show_sats
from pos.core.payment_states import SURPLUS_MSAT, Fulfilled, State, TakenOver
from pos.demo.shop import Shop
from pos.demo.states import Invoice

ROUNDING_MSAT = 15_000
"""A rest is rounded up to a whole yen: about eight satoshi at the demo's rate."""


@dataclass(frozen=True, slots=True)
class Ledgers:
    """The sums, in millisatoshi, and what does not add up; `lost_msat` came for `lost` orders that damage took."""

    phones_msat: int
    server_msat: int
    till_msat: int
    lost_msat: int
    lost: int
    wrong: tuple[str, ...]


def compare(shop: Shop, books: Books, witness: Witness) -> Ledgers:
    """Add up once every payment has come to its end."""
    phones: Tally[str] = Tally()
    for payment in shop.ledger:
        phones[payment.invoice_id] += payment.amount_msat
    server = {invoice.id: invoice.paid_msat for invoice in shop.invoices()}
    wrong = [f"{name} is still open" for name in books.listed]
    lost = [one for one in shop.invoices() if number_of(one) in witness.hurt and _is_lost(one, books)]
    if witness.hurt and not witness.salvages:
        wrong.append(f"the journal came to harm, orders {witness.hurt} with it, and nobody was told")
    for invoice in shop.invoices():
        if invoice in lost:
            continue
        # Where the server's money is in two places of the till's books, it must not count twice.
        told = {phones[invoice.id], server[invoice.id], books.came_msat.get(invoice.id, 0)}
        if len(told) > 1:
            wrong.append(
                f"{invoice.order_id}: the phones paid {phones[invoice.id]} msat, the server booked "
                f"{server[invoice.id]}, the till says {books.came_msat.get(invoice.id, 0)}"
            )
        ends = books.states_of(invoice.order_id or "")
        if invoice.paid_msat and not any(_was_told(end, witness) for end in ends):
            wrong.append(f"{invoice.paid_msat} msat came for {invoice.order_id} and nobody was told: {ends}")
    wrong += [f"the books know {name} and the server does not" for name in set(books.came_msat) - set(server)]
    wrong += _wrongly_charged(shop, books, witness) + _made_twice(shop, witness) + _never_watched(shop, books, witness)
    wrong += _surplus_untold(shop, witness)
    return Ledgers(
        sum(phones.values()),
        sum(server.values()),
        sum(books.came_msat.values()),
        sum(invoice.paid_msat for invoice in lost),
        len({number_of(invoice) for invoice in lost}),
        tuple(wrong),
    )


def _never_watched(shop: Shop, books: Books, witness: Witness) -> list[str]:
    """List invoices that the till has never heard of, though it knows the order: duplicates that were not found."""
    known = {state.attempt.twin for state in books.states.values()} | set(books.invoices)
    missed = [invoice for invoice in shop.invoices() if invoice.id not in known]
    return [f"nobody ever watched {one.id} of {one.order_id}" for one in missed if number_of(one) not in witness.hurt]


def _is_lost(invoice: Invoice, books: Books) -> bool:
    """Tell whether damage took an order, or the entry of its money and left the one of its end.

    What the till has found again at the server is not lost.
    """
    return invoice.id not in books.invoices or books.came_msat.get(invoice.id, 0) != invoice.paid_msat


def _wrongly_charged(shop: Shop, books: Books, witness: Witness) -> list[str]:
    """List orders that count as sold for more money than they cost, or for none."""
    sold = {state.attempt.order.number for state in books.states.values() if isinstance(state, Fulfilled)}
    sold -= witness.hurt
    charged: Tally[int] = Tally()
    surplus: Tally[int] = Tally()
    price: dict[int, int] = {}
    for invoice in reversed(shop.invoices()):
        number = number_of(invoice)
        price.setdefault(number, invoice.total_msat)
        if _is_the_orders(invoice, books):
            charged[number] += invoice.paid_msat
            surplus[number] += max(0, -invoice.due_msat)
    wrong = [f"order {number} was sold without money" for number in sold if not charged[number]]
    wrong += [
        f"order {number} cost {price[number]} msat and was charged {charged[number]}"
        for number in sold
        if charged[number] > price[number] + ROUNDING_MSAT + surplus[number]
    ]
    return wrong


def _is_the_orders(invoice: Invoice, books: Books) -> bool:
    """Tell whether money was kept for its order.

    A whole sum that was told as a notice is given back by hand, and so is a part that the till heard of after it had
    asked for the whole again. Any other part is the order's, and less is asked next.
    """
    told = [end.attempt for end in books.states_of(invoice.order_id or "") if isinstance(end, TakenOver)]
    if not told:
        return True
    too_late = any(books.opened_after(attempt, books.money_at.get(attempt.id, 0)) for attempt in told)
    return invoice.paid_msat < invoice.total_msat and not too_late


def _surplus_untold(shop: Shop, witness: Witness) -> list[str]:
    """List invoices for which too much came, and neither PAID nor any notice ever said how much too much."""
    over = ((invoice, -invoice.due_msat) for invoice in shop.invoices() if number_of(invoice) not in witness.hurt)
    return [
        f"{over_msat} msat too much came for {invoice.order_id} and nobody was told"
        for invoice, over_msat in over
        if over_msat >= SURPLUS_MSAT and show_sats(over_msat) not in witness.read[number_of(invoice)]
    ]


def _made_twice(shop: Shop, witness: Witness) -> list[str]:
    """List attempts for which more than one invoice was made, where the server was not to blame."""
    spared = witness.forgiven | witness.hurt
    made = Tally(invoice.order_id for invoice in shop.invoices() if number_of(invoice) not in spared)
    return [f"{count} invoices for {order_id}" for order_id, count in made.items() if count > 1]


def _was_told(end: State, witness: Witness) -> bool:
    """Tell whether people saw what this money was; what they did then may be among what damage took."""
    order = end.attempt.order.number
    sold, noticed = order in witness.paid, end.attempt.id in witness.noticed
    if order in witness.hurt:
        return sold or noticed
    return (sold and isinstance(end, Fulfilled)) or (noticed and isinstance(end, TakenOver))
