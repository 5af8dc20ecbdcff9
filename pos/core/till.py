"""Which screen is up and why: touches and payment news go in, the next screen comes out.

    touch(till, touch, shop) -> (Till, Wish | None)    a finger; at most one thing for the engine to do
    news(till, payments, shop) -> Till                 the payments moved; the screen follows them

Rule: a payment's screen is never remembered, it is read from the payment's state, so the two cannot disagree.
A touch that does not belong to the screen that is up changes nothing: it was meant for the one before.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import assert_never

from pos.core import touches as t
from pos.core import way_out
from pos.core import wishes as w
from pos.core.cart import Cart
from pos.core.menu import Menu
from pos.core.money import Money
from pos.core.payment_states import (
    Lapsed,
    PaidLate,
    State,
    Withdrawn,
    at_counter,
    owed_to_staff,
)
from pos.core.salvage import Salvaged
from pos.core.screens import AtPayment, Inspecting, Reading, Screen, Selling, Stopped, Typing, Unlocking

KEYPAD_DIGITS = 7
"""The longest amount the keypad takes, in minor units' digits."""

LANGUAGES = ("ja", "en")

_WITH_LIVE_BAR = Selling | Typing | Reading | Inspecting
"""The screens whose status bar can be tapped."""


@dataclass(frozen=True, slots=True)
class Shop:
    """What does not change while the till runs; `custom_names` is what a keypad line is called.

    `way_out` is '' for an ordinary window, 'pin' for a till in kiosk mode whose PIN lets staff out, 'none' without one.
    """

    menu: Menu
    currency: str
    language: str
    custom_names: Mapping[str, str]
    way_out: str = ""


@dataclass(frozen=True, slots=True)
class Till:
    """Everything the screen depends on, apart from the payments themselves.

    `salvages` are the reports of a damaged journal that nobody has acknowledged.
    """

    cart: Cart
    screen: Screen
    category: str | None
    sold_out: frozenset[str]
    guest_language: str
    salvages: tuple[Salvaged, ...] = ()


def fresh(shop: Shop, sold_out: frozenset[str], salvages: tuple[Salvaged, ...] = ()) -> Till:
    """Begin with an empty order and the whole menu."""
    return Till(Cart(shop.currency), Selling(), None, sold_out, shop.language, salvages)


def touch(till: Till, touched: t.Touch, shop: Shop) -> tuple[Till, w.Wish | None]:
    """Answer a finger; a touch that the screen does not have leaves everything as it was."""
    if isinstance(touched, t.OpenNotices | t.OpenStatus) and isinstance(till.screen, _WITH_LIVE_BAR):
        return replace(till, screen=Reading() if isinstance(touched, t.OpenNotices) else Inspecting()), None
    match till.screen:
        case Selling():
            return _selling(till, till.screen, touched, shop)
        case Typing(digits):
            return _typing(till, digits, touched, shop), None
        case AtPayment():
            return _at_payment(till, till.screen, touched)
        case Reading():
            return _reading(till, touched)
        case Inspecting():
            screen, wish = way_out.inspect(till.screen, touched, can_leave=shop.way_out == "pin")
            return _turned(till, screen), wish
        case Unlocking():
            screen, wish = way_out.unlock(till.screen, touched)
            return _turned(till, screen), wish
        case Stopped():
            # The way out of a full disk is to make room and tap: the next order shows whether it helped.
            return (replace(till, screen=Selling()) if isinstance(touched, t.TryNow) else till), None
        case _:
            assert_never(till.screen)


def news(till: Till, payments: Mapping[str, State], shop: Shop) -> Till:
    """Follow the payments: keep the one in front, leave it when it is over, take up one that is waiting.

    `payments` holds the open payments in the order in which they were opened.
    """
    match till.screen:
        case AtPayment(payment_id):
            state = payments.get(payment_id)
            if state is not None and at_counter(state):
                return till
            left = replace(_leave(till, state), guest_language=shop.language)
            return resume(left, payments)
        case Reading() if not till.salvages and not any(owed_to_staff(state) for state in payments.values()):
            return replace(till, screen=Selling())
        case _:
            return till


def resume(till: Till, payments: Mapping[str, State]) -> Till:
    """Put the newest payment that somebody may be waiting for on the screen, as after a power cut."""
    waiting = [payment_id for payment_id, state in payments.items() if at_counter(state)]
    return replace(till, screen=AtPayment(waiting[-1])) if waiting else till


def _leave(till: Till, state: State | None) -> Till:
    """Go back to the order that was cancelled, to the notice of late money, or to an empty order."""
    if isinstance(state, Lapsed | Withdrawn) and not state.attempt.twin:
        order, currency = state.attempt.order, till.cart.currency
        # Lines in another currency are of a till that was configured otherwise; their prices mean nothing here.
        lines = order.lines if order.total.currency == currency else ()
        return replace(till, cart=Cart(currency, lines), screen=Selling())
    return replace(till, screen=Reading() if isinstance(state, PaidLate) else Selling())


def _turned(till: Till, screen: Screen) -> Till:
    return till if screen is till.screen else replace(till, screen=screen)


def _selling(till: Till, screen: Selling, touched: t.Touch, shop: Shop) -> tuple[Till, w.Wish | None]:
    calm = replace(till, screen=Selling())
    match touched:
        case t.TapItem(item_id) if item_id not in till.sold_out:
            return replace(calm, cart=till.cart.add(shop.menu.item(item_id))), None
        case t.HoldItem(item_id):
            return replace(till, screen=Selling(sheet=item_id)), None
        case t.SetSoldOut(item_id, sold_out):
            marked = till.sold_out | {item_id} if sold_out else till.sold_out - {item_id}
            return replace(calm, sold_out=marked), w.RememberSoldOut(item_id, sold_out)
        case t.ChangeLine(key, by):
            # From the item's sheet or the order's own plus and minus: the sheet closes either way.
            return replace(calm, cart=till.cart.change(key, by)), None
        case t.RemoveLine(key):
            return replace(calm, cart=till.cart.remove(key)), None
        case t.Clear() if screen.clearing:
            return replace(calm, cart=Cart(shop.currency)), None
        case t.Clear() if till.cart.lines:
            return replace(till, screen=Selling(clearing=True)), None
        case t.PickCategory(category):
            return replace(calm, category=category), None
        case t.OpenKeypad():
            return replace(till, screen=Typing()), None
        case t.Pay() if till.cart.total.minor > 0 and screen.sheet is None:
            return calm, w.Place(till.cart)
        case t.TryNow():
            return calm, w.Hurry()
        case t.Close():
            return calm, None
    return till, None


def _typing(till: Till, digits: str, touched: t.Touch, shop: Shop) -> Till:
    match touched:
        case t.Digit(more) if len(digits) + len(more) <= KEYPAD_DIGITS:
            return replace(till, screen=Typing((digits + more).lstrip("0")))
        case t.Erase():
            return replace(till, screen=Typing(digits[:-1]))
        case t.Enter() if digits:
            unit = Money(int(digits), shop.currency)
            return replace(till, cart=till.cart.add_custom(unit, shop.custom_names), screen=Selling())
        case t.Close():
            return replace(till, screen=Selling())
    return till


def _at_payment(till: Till, screen: AtPayment, touched: t.Touch) -> tuple[Till, w.Wish | None]:
    calm = replace(till, screen=replace(screen, sheet=""))
    match touched:
        case t.Back():
            return replace(till, screen=replace(screen, sheet="back")), None
        case t.Help():
            return replace(till, screen=replace(screen, sheet="help")), None
        case t.OpenPhone():
            return replace(till, screen=replace(screen, sheet="phone")), None
        case t.ConfirmBack():
            return calm, w.Cancel(screen.payment_id)
        case t.NewQr():
            return calm, w.Requote(screen.payment_id)
        case t.TryNow():
            return calm, w.Hurry()
        case t.Done():
            return calm, w.HandOver(screen.payment_id)
        case t.PhoneDoes(kind):
            return calm, w.RingPhone(screen.payment_id, kind)
        case t.SwitchLanguage():
            other = LANGUAGES[1 - LANGUAGES.index(till.guest_language)]
            return replace(till, guest_language=other), None
        case t.Close():
            return calm, None
    return till, None


def _reading(till: Till, touched: t.Touch) -> tuple[Till, w.Wish | None]:
    match touched:
        case t.Acknowledge(payment_id):
            return till, w.TakeNote(payment_id)
        case t.AcknowledgeSalvage(aside):
            return till, w.TakeNoteOfSalvage(aside)
        case t.Close():
            return replace(till, screen=Selling()), None
    return till, None
