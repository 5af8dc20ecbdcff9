"""Which customers come and what goes wrong with each, drawn from the seed.

Rule: pure, and the same seed gives the same plan on every machine; what cannot be played there is skipped when it is
played. Only the clock decides how the parts of a plan meet.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from random import Random
from typing import TypeVar

from bench.drill.damage import Harm
from bench.drill.faults import RESTORES, Kind
from bench.drill.versions import VERSIONS

T = TypeVar("T")

SALES_A_NIGHT = 20
SALES_IN_A_WINDOW = 4
"""PAID stays for three seconds in a real window."""


class Customer(StrEnum):
    """What one customer does."""

    PAYS = "pays"
    PAYS_TOO_MUCH = "pays too much"
    PAYS_IN_PARTS = "pays in parts"
    PAYS_THE_REST_ANEW = "pays a part, lets it expire, pays the rest by a new QR"
    PAYS_A_PART = "pays a part and leaves"
    PAYS_OLD_QR = "pays the old QR once the new one is shown"
    PAYS_EXPIRED_QR = "pays an expired QR after leaving"
    PAYS_EXPIRED_TOO_MUCH = "pays too much by an expired QR after leaving"
    PAYS_AFTER_CANCEL = "pays after the sale was cancelled"
    PAYS_TOO_MUCH_AFTER_CANCEL = "pays too much after the sale was cancelled"
    PAYS_TWICE = "pays the new QR and the old one"
    PAYS_THE_DEAD = "pays while the till is dead"
    LEAVES = "leaves without paying"


class Stage(StrEnum):
    """When a fault begins: before pay is tapped, with the QR on the screen, or once the customer has acted."""

    ORDER = "order"
    SHOWN = "shown"
    PAID = "paid"


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that goes wrong: `on` and `nth` say on what it strikes, `seconds` how long it lasts or how far it goes.

    For a death `on` is the kind of point and `phase` the place in it; with `on` empty it comes after `seconds`.
    Before a backup is put back the journal may come to `harm`.
    """

    kind: Kind
    stage: Stage
    on: str = ""
    nth: int = 1
    phase: str = ""
    seconds: float = 0.0
    harm: Harm | None = None


@dataclass(frozen=True, slots=True)
class Sale:
    """One customer; a `hasty` one pays what is on the screen in the moment in which the till dies.

    Before the first of a `new_day` the till makes a backup.
    """

    number: int
    customer: Customer
    hasty: bool
    faults: tuple[Fault, ...]
    new_day: bool = False


@dataclass(frozen=True, slots=True)
class Night:
    """One journal's life: its sales, in a real window or not, on a disk that can be full or not.

    `version` is what the server is.
    """

    number: int
    version: str
    window: bool
    small_disk: bool
    sales: tuple[Sale, ...]


def nights(sales: int, seed: int) -> Iterator[Night]:
    """Draw so many sales."""
    number, begun = 0, 0
    while begun < sales:
        window = number % 15 == 4
        count = min(sales - begun, SALES_IN_A_WINDOW if window else SALES_A_NIGHT)
        about = Night(number, _version(seed, number), window, small_disk=number % 4 == 1, sales=())
        yield _night(Random(f"{seed} {number}"), about, range(begun, begun + count))
        begun += count
        number += 1


def _version(seed: int, number: int) -> str:
    """Deal each version once in as many nights as there are versions."""
    dealt = Random(f"{seed} versions {number // len(VERSIONS)}").sample(VERSIONS, len(VERSIONS))
    return dealt[number % len(VERSIONS)]


def _night(dice: Random, about: Night, numbers: Sequence[int]) -> Night:
    kinds = _WEIGHTS | _SPECIAL[about.number % len(_SPECIAL)] | (_IN_A_WINDOW if about.window else {})
    days = (dice.randrange(4), 4 + dice.randrange(8)) if RESTORES & kinds.keys() else ()
    sales = (_sale(dice, number, kinds, new_day=place in days) for place, number in enumerate(numbers))
    return replace(about, sales=tuple(sales))


def _sale(dice: Random, number: int, kinds: dict[Kind, int], *, new_day: bool) -> Sale:
    customer = _pick(dice, _CUSTOMERS)
    count = _pick(dice, _FAULTS_A_SALE)
    faults = [_fault(dice, _pick(dice, kinds), whole=Kind.DAMAGED not in kinds) for _ in range(count)]
    return Sale(number, customer, dice.random() < 0.3, tuple(faults), new_day)


def _fault(dice: Random, kind: Kind, *, whole: bool) -> Fault:
    """Draw how a fault comes; a backup of a `whole` journal has nothing to add, and putting it back changes nothing."""
    stage = _pick(dice, {Stage.ORDER: 3, Stage.SHOWN: 3, Stage.PAID: 2})
    match kind:
        case Kind.CARRIED_OUT_LATE | Kind.NODE_DOWN | Kind.DUPLICATE | Kind.WRONG_AMOUNT | Kind.WRONG_PAYEE:
            return Fault(kind, Stage.ORDER, "create")
        case Kind.SWAPPED:
            return Fault(kind, Stage.SHOWN, "read")
        case Kind.KILLED | Kind.POWER_CUT:
            return _death(dice, kind, stage)
        case Kind.SERVER_CLOCK:
            return Fault(kind, stage, seconds=dice.choice(_JUMPS_S))
        case Kind.TILL_CLOCK:
            return Fault(kind, stage, seconds=dice.choice((*_JUMPS_S, -10 * _YEAR_S, 20 * _YEAR_S, _TO_1970)))
        case Kind.REFUSED | Kind.RESTARTED:
            return Fault(kind, stage, _operation(dice, stage), seconds=round(dice.uniform(0.05, 0.4), 3))
        case Kind.SWITCHED_OFF | Kind.FULL | Kind.BROKEN | Kind.READ_ONLY | Kind.DAMAGED:
            return Fault(kind, stage)
        case Kind.RESTORED:
            return Fault(kind, stage, harm=None if whole else dice.choice(tuple(Harm)))
        case Kind.RESTORE_FULL:
            return Fault(kind, stage, harm=dice.choice(tuple(Harm)))
        case Kind.RESTORE_KILLED | Kind.RESTORE_CUT:
            what, phases, most = dice.choice(_RESTORE_POINTS)
            harm = dice.choice(tuple(Harm))
            return Fault(kind, stage, what, dice.randint(1, most), dice.choice(phases), harm=harm)
    return Fault(kind, stage, _operation(dice, stage), dice.choice((1, 1, 2)))


def _death(dice: Random, kind: Kind, stage: Stage) -> Fault:
    """Draw when the till dies: after a while, or at a point of the next few things it does."""
    if dice.random() < 0.3:
        return Fault(kind, stage, seconds=round(dice.uniform(0, 0.3), 3))
    points = _POINTS if kind is Kind.KILLED else _DISK_POINTS
    what, phases = dice.choice([point for point in points if stage is Stage.ORDER or "create" not in point[0]])
    return Fault(kind, stage, what, dice.choice((1, 1, 2)), dice.choice(phases))


def _operation(dice: Random, stage: Stage) -> str:
    if stage is Stage.ORDER:
        return dice.choice(("create", "create", "prompts"))
    return "read"


def _pick(dice: Random, weights: Mapping[T, int]) -> T:
    return dice.choices(list(weights), list(weights.values()))[0]


_HOUR_S, _DAY_S = 3_600, 86_400
_YEAR_S = 365 * _DAY_S
_TO_1970 = 0.0
"""Not a jump by, but to: a Pi without a clock of its own that has just been switched on."""
_JUMPS_S = (-_YEAR_S, -5 * _HOUR_S, -90, 90, _HOUR_S / 2, 5 * _HOUR_S, 3 * _DAY_S)
_POINTS = (
    ("row", ("before", "written", "after")),
    ("call create", ("before", "after")),
    ("call prompts", ("before", "after")),
    ("call read", ("before", "after")),
    ("flush", ("before", "after")),
)
_DISK_POINTS = (("write", ("before",)), ("flush", ("before", "after")), ("flush", ("before",)), ("row", ("after",)))
_RESTORE_POINTS = (("write", ("before",), 12), ("flush", ("before", "after"), 5), ("name", ("before",), 9))
_FAULTS_A_SALE = {0: 20, 1: 40, 2: 28, 3: 12}
_CUSTOMERS = {
    Customer.PAYS: 40,
    Customer.PAYS_TOO_MUCH: 7,
    Customer.PAYS_IN_PARTS: 9,
    Customer.PAYS_THE_REST_ANEW: 5,
    Customer.PAYS_A_PART: 5,
    Customer.PAYS_OLD_QR: 7,
    Customer.PAYS_EXPIRED_QR: 4,
    Customer.PAYS_EXPIRED_TOO_MUCH: 2,
    Customer.PAYS_AFTER_CANCEL: 6,
    Customer.PAYS_TOO_MUCH_AFTER_CANCEL: 2,
    Customer.PAYS_TWICE: 5,
    Customer.PAYS_THE_DEAD: 4,
    Customer.LEAVES: 5,
}
_WEIGHTS = {
    Kind.KILLED: 24,
    Kind.POWER_CUT: 14,
    Kind.SWITCHED_OFF: 4,
    **dict.fromkeys(
        (
            Kind.REFUSED,
            Kind.RESET,
            Kind.RESET_MIDWAY,
            Kind.TIMED_OUT,
            Kind.CARRIED_OUT_LATE,
            Kind.EMPTY_500,
            Kind.PAGE_502,
            Kind.BUSY_429,
            Kind.TRUNCATED,
            Kind.SIGN_IN_PAGE,
            Kind.REDIRECTED,
            Kind.KEY_REFUSED,
            Kind.NODE_DOWN,
            Kind.DUPLICATE,
            Kind.WRONG_AMOUNT,
            Kind.WRONG_PAYEE,
            Kind.SWAPPED,
            Kind.RESTARTED,
            Kind.SERVER_CLOCK,
            Kind.TILL_CLOCK,
            Kind.BROKEN,
        ),
        4,
    ),
}
_SPECIAL: tuple[dict[Kind, int], ...] = (
    {},
    {Kind.FULL: 12, Kind.READ_ONLY: 12, Kind.RESTORE_FULL: 6},
    {Kind.DAMAGED: 14, Kind.RESTORED: 6, Kind.RESTORE_KILLED: 12, Kind.RESTORE_CUT: 12},
    {Kind.RESTORED: 6},
)
"""What happens in every fourth night only: on a small disk, to a journal that is damaged, or to one that is not."""
_IN_A_WINDOW = dict.fromkeys((Kind.WRONG_AMOUNT, Kind.WRONG_PAYEE, Kind.SWAPPED), 12)
"""Pictures are taken there."""
