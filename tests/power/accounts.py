"""The night's accounts: what the phones paid, what the server booked and what the till wrote down, held together.

Rule: every satoshi that left a phone is a sale that was shown as paid, or a notice that a person acknowledged.
"""

from collections import Counter as Tally

from pos.core.payment_states import Fulfilled, State, TakenOver
from pos.demo.states import Invoice

from .stories import leaving, menu
from .world import World

THREE_DAYS_S = 3 * 86_400
"""Longer than any invoice here can be paid."""

ROUNDING_MSAT = 15_000
"""A rest is rounded up to a whole yen: about ten satoshi at the demo's rate."""


def close_the_night(world: World) -> None:
    """Cut the power once more, clear every screen, let the time of all invoices pass, and add up."""
    world.cut()
    world.start()
    world.see(menu, by=leaving)
    world.shop.advance(THREE_DAYS_S)
    world.see(lambda sight: not sight.open and menu(sight), by=leaving)
    world.cut()
    wrong = faults(world)
    assert not wrong, wrong


def faults(world: World) -> list[str]:
    """List what does not add up."""
    states = world.books.states
    wrong = [f"{name} is still open" for name in world.books.listed]
    sold: Tally[int] = Tally()
    price: dict[int, int] = {}
    for invoice in reversed(world.shop.invoices()):
        ends = world.books.states_of(invoice.order_id or "")
        number = ends[0].attempt.order.number
        price.setdefault(number, invoice.total_msat)
        if invoice.paid_msat:
            wrong += _money_unaccounted(world, invoice, ends)
        if any(isinstance(end, Fulfilled) for end in ends):
            sold[number] += invoice.paid_msat
    wrong += [
        f"order {number} was charged {charged_msat} msat and cost {price[number]}"
        for number, charged_msat in sold.items()
        if charged_msat > price[number] + ROUNDING_MSAT
    ]
    wrong += [
        f"{name} is fulfilled without money"
        for name, state in states.items()
        if isinstance(state, Fulfilled) and not sold[state.attempt.order.number]
    ]
    paid_msat = sum(payment.amount_msat for payment in world.shop.ledger)
    booked_msat = sum(invoice.paid_msat for invoice in world.shop.invoices())
    if paid_msat != booked_msat:
        wrong.append(f"the phones paid {paid_msat} msat, the server booked {booked_msat}")
    wrong += _duplicates(world)
    if "Traceback" in world.log:
        wrong.append(f"the till logged a fault of its own:\n{world.log}")
    return wrong


def _money_unaccounted(world: World, invoice: Invoice, ends: list[State]) -> list[str]:
    told = any(
        (isinstance(end, Fulfilled) and end.attempt.order.number in world.paid_shown)
        or (isinstance(end, TakenOver) and end.attempt.id in world.noticed)
        for end in ends
    )
    ended = [f"{end.attempt.id} {type(end).__name__}" for end in ends]
    return [] if told else [f"{invoice.paid_msat} msat came for {invoice.order_id} and nobody was told: {ended}"]


def _duplicates(world: World) -> list[str]:
    """List attempts for which more than one invoice was made, where the server itself did not make two."""
    if world.duplicates:
        return []
    made = Tally(invoice.order_id for invoice in world.shop.invoices())
    return [f"{count} invoices for {order_id}" for order_id, count in made.items() if count > 1]
