"""Values that many tests begin from: a shop, an order, and several samples of every event and every state."""

from pathlib import Path

from pos.core.cart import Line
from pos.core.menu import Category, Item, Menu
from pos.core.money import Money
from pos.core.order import Attempt, Order
from pos.core.payment_events import (
    Acknowledged,
    AnswerLost,
    Audited,
    CameLate,
    Cancelled,
    Event,
    HandedOver,
    Mismatched,
    NotFound,
    Noticed,
    Opened,
    PartReceived,
    Quote,
    Quoted,
    RanOut,
    Received,
    Restarted,
    Settled,
    Superseded,
    Trail,
    TwinFound,
    WatchEnded,
)
from pos.core.payment_states import (
    Awaiting,
    Confirming,
    Creating,
    Fulfilled,
    Lapsed,
    Overpaid,
    Paid,
    PaidLate,
    PartPaid,
    Refused,
    RunOut,
    Served,
    State,
    TakenOver,
    Void,
    Withdrawn,
)
from pos.core.till import Shop
from pos.words import LANGUAGES, load

ASSETS = Path(__file__).resolve().parents[1] / "assets"
WORDS = {language: load(language, ASSETS / "words") for language in LANGUAGES}

BEER = Item("beer", {"ja": "生ビール", "en": "Draft beer"}, Money(700, "JPY"), "drinks")
SAKE = Item("sake", {"ja": "日本酒", "en": "Sake"}, Money(900, "JPY"), "drinks")
NUTS = Item("nuts", {"ja": "ナッツ", "en": "Nuts"}, Money(400, "JPY"), "food")
MENU = Menu(
    (Category("drinks", {"ja": "飲み物", "en": "Drinks"}, "amber"), Category("food", {"ja": "食べ物"}, "green")),
    (BEER, SAKE, NUTS),
)
SHOP = Shop(MENU, "JPY", "en", {"ja": "金額入力", "en": "Other amount"})

T0_S = 1_790_000_000
EXPIRY_S = 600
ORDER = Order("K1", 42, (Line("beer", BEER.names, BEER.price, 2),), Money(1400, "JPY"), T0_S)
ATTEMPT = Attempt(ORDER, 1, ORDER.total, "5eed01")
TWIN = Attempt(ORDER, 1, ORDER.total, "5eed01", twin="Inv2")

TRAIL = Trail("Inv1", T0_S + 86_400)
RATE = Money(17_009_000, "JPY")
PAYEE = "02" + "b2" * 32
QUOTE = Quote(TRAIL, "lnbcrt1first", "a1" * 32, PAYEE, 8_231_000, T0_S, T0_S + EXPIRY_S, RATE)
REST_QUOTE = Quote(TRAIL, "lnbcrt1rest", "a2" * 32, PAYEE, 5_231_000, T0_S, T0_S + EXPIRY_S, RATE)
NOTHING = Received()
PART = Received(3_000_000, 5_231_000)
MORE = Received(4_000_000, 4_231_000)


def mismatched(received: Received = NOTHING) -> Mismatched:
    """Make an offer that must not be shown."""
    return Mismatched(TRAIL, received, "amount", "8231000 msat", "9000000 msat", "lnbcrt1wrong")


EVENTS: tuple[Event, ...] = (
    Opened(ATTEMPT),
    TwinFound(TWIN, TRAIL),
    Restarted(),
    AnswerLost("slow"),
    NotFound(),
    Quoted(QUOTE),
    Quoted(REST_QUOTE),
    mismatched(),
    mismatched(PART),
    PartReceived(QUOTE, PART),
    PartReceived(REST_QUOTE, PART),
    PartReceived(REST_QUOTE, MORE),
    Noticed(TRAIL),
    Settled(TRAIL, 8_231_000, 0),
    Audited(),
    Audited(last=False),
    Audited(8_300_000, 69_000),
    Audited(8_300_000, 69_000, last=False),
    Audited(8_231_000, 0, last=False),
    RanOut(TRAIL, NOTHING, "expired"),
    RanOut(TRAIL, PART, "expired"),
    RanOut(TRAIL, MORE, "invalid"),
    CameLate(TRAIL, 8_231_000),
    WatchEnded(),
    Cancelled(),
    Superseded(),
    HandedOver(),
    Acknowledged(),
)
"""At least one of each kind, and all that the machine tells apart."""

STATES: tuple[State, ...] = (
    *(Creating(ATTEMPT, looks) for looks in (0, 1, 2)),
    *(Withdrawn(ATTEMPT, looks) for looks in (1, 2, 6)),
    Awaiting(ATTEMPT, QUOTE),
    PartPaid(ATTEMPT, QUOTE, PART),
    PartPaid(ATTEMPT, REST_QUOTE, PART),
    Confirming(ATTEMPT, TRAIL),
    RunOut(ATTEMPT, TRAIL, NOTHING, "expired"),
    RunOut(ATTEMPT, TRAIL, PART, "expired"),
    Refused(ATTEMPT, TRAIL, mismatched(), NOTHING),
    Refused(ATTEMPT, TRAIL, mismatched(PART), PART),
    Lapsed(ATTEMPT, TRAIL, NOTHING, reported=True),
    Lapsed(ATTEMPT, TRAIL, PART, reported=False),
    Lapsed(ATTEMPT, TRAIL, PART, reported=True),
    Lapsed(TWIN, TRAIL, NOTHING, reported=True),
    Paid(ATTEMPT, 8_231_000, 0),
    Paid(ATTEMPT, 8_300_000, 69_000),
    Paid(ATTEMPT, 8_231_000, 0, TRAIL),
    Paid(ATTEMPT, 0, 0, TRAIL),
    PaidLate(ATTEMPT, 8_231_000, 0),
    PaidLate(ATTEMPT, 8_231_000, 0, TRAIL),
    PaidLate(ATTEMPT, 8_300_000, 69_000, TRAIL),
    PaidLate(TWIN, 8_231_000, 0, TRAIL),
    Served(Paid(ATTEMPT, 8_231_000, 0, TRAIL)),
    Served(Paid(ATTEMPT, 8_300_000, 69_000, TRAIL)),
    Served(PaidLate(ATTEMPT, 8_231_000, 0, TRAIL)),
    Served(Paid(ATTEMPT, 0, 0, TRAIL)),
    Served(Overpaid(ATTEMPT, 69_000, TRAIL)),
    Overpaid(ATTEMPT, 69_000),
    Overpaid(ATTEMPT, 69_000, TRAIL),
    Overpaid(ATTEMPT, 69_000, late=True),
    Fulfilled(ATTEMPT),
    TakenOver(ATTEMPT, ATTEMPT.amount),
    Void(ATTEMPT),
)
"""At least one of each kind, and all that the machine tells apart."""
