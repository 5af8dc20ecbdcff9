"""What the till itself says: every state and every problem through `pos.ui.views`, in both languages."""

from collections.abc import Iterator, Mapping
from dataclasses import replace

from pos.core.bolt11 import Fault
from pos.core.cart import Cart
from pos.core.link import Link
from pos.core.notices import Notice
from pos.core.payment_states import (
    Awaiting,
    Confirming,
    Creating,
    Lapsed,
    Overpaid,
    Paid,
    PaidLate,
    PartPaid,
    Refused,
    RunOut,
    State,
)
from pos.core.problem import Problem
from pos.core.screens import AtPayment, Reading, Screen, Selling, Stopped, Typing
from pos.core.till import Till, fresh
from pos.ui.view import View
from pos.ui.views import Scene, build
from tests import samples
from tests.samples import ATTEMPT, MORE, NOTHING, PART, QUOTE, SHOP, T0_S, TRAIL

from .gallery_pay import BOLT11

LONG_QUOTE = replace(QUOTE, bolt11=BOLT11)
REST_QUOTE = replace(LONG_QUOTE, amount_msat=PART.due_msat)
SECOND = replace(ATTEMPT, number=2)

PAYMENTS: Mapping[str, State] = {
    "creating": Creating(ATTEMPT, 0),
    "looking": Creating(ATTEMPT, 2),
    "awaiting": Awaiting(ATTEMPT, LONG_QUOTE),
    "part": PartPaid(ATTEMPT, REST_QUOTE, PART),
    "part-renewing": PartPaid(ATTEMPT, LONG_QUOTE, PART),
    "confirming": Confirming(ATTEMPT, TRAIL),
    "expired": RunOut(ATTEMPT, TRAIL, NOTHING, "expired"),
    "expired-part": RunOut(ATTEMPT, TRAIL, PART, "expired"),
    "invalid": RunOut(ATTEMPT, TRAIL, MORE, "invalid"),
    "paid": Paid(ATTEMPT, 8_231_000, 0),
    "paid-over": Paid(ATTEMPT, 9_231_000, 1_000_000),
}

EVIDENCE = {
    Fault.UNREADABLE: ("a BOLT11 invoice", "invalid checksum"),
    Fault.NETWORK: ("mainnet", "regtest"),
    Fault.AMOUNT: ("8231000 msat", "no amount"),
    Fault.PAYEE: (f"02{'b' * 64}", f"03{'7' * 64}"),
    Fault.EXPIRED: (f"payable at {T0_S}", f"expired at {T0_S - 60}"),
}
"""What stands in the journal of an invoice that is not shown."""


def scene(language: str, screen: Screen, payments: Mapping[str, State], **changes: object) -> Scene:
    """Make a scene of a till in the middle of an evening."""
    shop = replace(SHOP, language=language)
    cart = Cart("JPY").add(samples.BEER).add(samples.BEER).add(samples.NUTS)
    till: Till = replace(fresh(shop, frozenset({"sake"})), screen=screen, cart=cart)
    made = Scene(
        till=till,
        shop=shop,
        name="GAME BAR",
        till_name="K1",
        order_id="K1-0043",
        demo=True,
        words=samples.WORDS,
        payments=payments,
        notices={},
        troubles={},
        link=Link(known=True, last_answer_s=T0_S, lightning=True),
        now_s=T0_S + 20,
        utc_offset_s=9 * 3600,
    )
    return replace(made, **changes)  # type: ignore[arg-type]


def _views(language: str) -> Iterator[tuple[str, View]]:
    at = AtPayment(ATTEMPT.id)
    for name, state in PAYMENTS.items():
        yield name, build(scene(language, at, {ATTEMPT.id: state}))
    for sheet in ("back", "help", "phone"):
        yield sheet, build(scene(language, replace(at, sheet=sheet), {ATTEMPT.id: PAYMENTS["awaiting"]}))
    for problem in Problem:
        troubles = {ATTEMPT.id: problem}
        yield f"creating-{problem}", build(scene(language, at, {ATTEMPT.id: Creating(ATTEMPT, 0)}, troubles=troubles))
        link = Link(known=True, problem=problem, last_answer_s=T0_S - 6000)
        yield f"line-{problem}", build(scene(language, Selling(), {}, link=link))
    lost = {ATTEMPT.id: Problem.UNREACHABLE}
    yield "awaiting-lost", build(scene(language, at, {ATTEMPT.id: PAYMENTS["awaiting"]}, troubles=lost))
    lost = {ATTEMPT.id: Problem.NOT_FOUND}
    yield "awaiting-not-there", build(scene(language, at, {ATTEMPT.id: PAYMENTS["awaiting"]}, troubles=lost))
    for fault, (expected, found) in EVIDENCE.items():
        mismatched = replace(samples.mismatched(), fault=fault, expected=expected, found=found)
        refused = Refused(ATTEMPT, TRAIL, mismatched, NOTHING)
        yield f"refused-{fault}", build(scene(language, at, {ATTEMPT.id: refused}))
    late = {
        ATTEMPT.id: PaidLate(ATTEMPT, 8_300_000, 69_000),
        SECOND.id: Lapsed(SECOND, TRAIL, PART, reported=False),
    }
    for first, second in ((Notice.LATE, Notice.SHORT), (Notice.TWICE, Notice.WHOLE)):
        judged = {ATTEMPT.id: first, SECOND.id: second}
        yield f"notices-{first}-{second}", build(scene(language, Reading(), late, notices=judged))
    over = {ATTEMPT.id: Overpaid(ATTEMPT, 69_000)}
    yield "notices-over", build(scene(language, Reading(), over, notices={ATTEMPT.id: Notice.OVER}))
    yield "selling", build(scene(language, Selling(), late))
    yield "clearing", build(scene(language, Selling(clearing=True), {}))
    yield "item", build(scene(language, Selling(sheet="beer"), {}))
    yield "keypad", build(scene(language, Typing("1400"), {}))
    yield "stopped", build(scene(language, Stopped(), {}))
    yield "unknown", build(scene(language, Selling(), {}, link=Link()))
    yield "syncing", build(scene(language, Selling(), {}, link=Link(known=True, synchronized=False)))


VIEWS: tuple[tuple[str, View], ...] = tuple(
    (f"real-{name}-{language}", view) for language in ("ja", "en") for name, view in _views(language)
)
