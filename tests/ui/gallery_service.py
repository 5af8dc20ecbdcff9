"""What the till itself says of itself: the status screen, the pad for the PIN, a damaged journal, the last order."""

from collections.abc import Iterator
from dataclasses import replace

from pos.core.cart import Cart
from pos.core.link import Link
from pos.core.money import Money
from pos.core.payment_states import Awaiting, Lapsed, PaidLate
from pos.core.problem import Problem
from pos.core.salvage import Salvaged
from pos.core.screens import Inspecting, Reading, Screen, Selling, Unlocking
from pos.core.storage import Storage
from pos.service import Level, Served, Waits
from pos.ui.view import View
from pos.ui.views import Scene, build
from pos.ui.views.scene import Itself, LastSale
from tests.samples import ATTEMPT, NOTHING, QUOTE, T0_S, TRAIL

from . import gallery_real

GOOD = Served(
    Level(Waits(23, 150, 300, 500, 500), Waits(23, 500, 700, 1000, 1000), 0, 4_120, 3),
    Level(Waits(141, 200, 300, 700, 1500), Waits(139, 500, 1000, 2000, 15_000), 1, 58_902, 12),
)
SLOW = Waits(1_203, 70_000, 1_000_000, 3_600_000, 86_400_000)
WORST = Served(
    Level(SLOW, replace(SLOW, nearly_all_ms=700_000), 99, 86_400, 86_400),
    Level(replace(SLOW, count=11_203), replace(SLOW, count=11_203), 999, 604_800, 604_799),
)
DISK = Storage(12_400_000_000, 1_260_000, T0_S - 5 * 3600, backs_up=True)
LOW = Storage(31_000_000, 214_000_000, T0_S - 4 * 86_400, backs_up=True, backup_failed=True)
UP = Link(known=True, last_answer_s=T0_S + 17, lightning=True, version="2.4.1")
SALVAGED = Salvaged("journal.damaged-20261122T183000Z.db", 12_345, 3, 12_300)
WHOLE = Salvaged("journal.damaged-20261121T090200Z.db", 512, 0, 0)
GONE = Salvaged("journal.lost-20261122T183000Z.db", 12_345, 0, 12_345)
NOTHING_LEFT = Salvaged("journal.damaged-20261122T183000Z.db", 0, 0, 0)
RESTORED = Salvaged("journal.before-restore-20261122T183000Z.db", 12_345, 0, 12_300)
FROM_BACKUP = Salvaged("journal.damaged-20261122T183000Z.db", 12_345, 0, 12_300)


def scene(language: str, screen: Screen, itself: Itself | None = None, **changes: object) -> Scene:
    """Make a scene of a till that can be left."""
    made = gallery_real.scene(language, screen, {}, link=UP, itself=itself or Itself(DISK, GOOD, 5))
    made = replace(made, shop=replace(made.shop, way_out="pin"), demo=False)
    return replace(made, **changes)  # type: ignore[arg-type]


def _views(language: str) -> Iterator[tuple[str, View]]:
    yield "status-good", build(scene(language, Inspecting()))
    yield "status-new", build(scene(language, Inspecting(), Itself(DISK), link=Link()))
    window = scene(language, Inspecting(), Itself(Storage()), demo=True)
    yield "status-window", build(replace(window, shop=replace(window.shop, way_out="")))
    no_pin = scene(language, Inspecting())
    yield "status-no-pin", build(replace(no_pin, shop=replace(no_pin.shop, way_out="none")))
    yield "status-low", build(scene(language, Inspecting(), Itself(LOW, GOOD), link=replace(UP, lightning=False)))
    for problem in Problem:
        down = Link(known=True, problem=problem, last_answer_s=T0_S - 6000)
        broken = Itself(replace(LOW, writable=False), WORST)
        yield f"status-worst-{problem}", build(scene(language, Inspecting(), broken, link=down))
    at_counter = {ATTEMPT.id: Awaiting(ATTEMPT, QUOTE)}
    lapsed = {f"{ATTEMPT.id}-{n}": Lapsed(ATTEMPT, TRAIL, NOTHING, reported=True) for n in range(1_234)}
    unknown = dict.fromkeys(lapsed, Problem.NOT_FOUND)
    yield "status-not-there", build(scene(language, Inspecting(), payments=lapsed, troubles=unknown))
    yield "status-busy", build(scene(language, Inspecting(), payments=at_counter))

    yield "pin-empty", build(scene(language, Unlocking()))
    watched = {ATTEMPT.id: Lapsed(ATTEMPT, TRAIL, NOTHING, reported=True)}
    yield "pin-typed", build(scene(language, Unlocking("1234"), payments=watched))
    yield "pin-full", build(scene(language, Unlocking("123456789012")))
    yield "pin-checking", build(scene(language, Unlocking(step="checking")))
    yield "pin-wrong", build(scene(language, Unlocking(step="wrong"), Itself(DISK, GOOD, 2)))
    yield "pin-wrong-last", build(scene(language, Unlocking(step="wrong"), Itself(DISK, GOOD, 0)))
    yield "pin-locked", build(scene(language, Unlocking(step="wrong"), Itself(DISK, GOOD, 0, wait_s=899)))

    told = {"": (SALVAGED,), "-twice": (WHOLE, SALVAGED), "-nothing": (NOTHING_LEFT,), "-backup": (FROM_BACKUP,)}
    told |= {"-restored": (RESTORED,), "-gone": (GONE,)}
    for name, salvages in told.items():
        made = scene(language, Reading())
        yield f"notices-salvaged{name}", build(replace(made, till=replace(made.till, salvages=salvages)))
    selling = scene(language, Selling(), Itself(LOW), last=LastSale("K1-0042", Money(1400, "JPY"), T0_S))
    empty = replace(selling.till, cart=Cart("JPY"), salvages=(SALVAGED,))
    yield "selling-after-a-sale", build(replace(selling, till=empty, payments={ATTEMPT.id: PaidLate(ATTEMPT, 1, 0)}))


VIEWS: tuple[tuple[str, View], ...] = tuple(
    (f"own-{name}-{language}", view) for language in ("ja", "en") for name, view in _views(language)
)
