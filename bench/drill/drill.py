"""The whole drill: shares of nights played a few at once, each in a process of its own, and their counts added up.

Rule: which nights there are follows from the order alone; who plays which of them is nobody's business.
"""

import multiprocessing
import tempfile
import time
from collections import Counter as Tally
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

from bench.drill import night, plan
from bench.drill.faults import impossible_here
from bench.drill.night import Played
from bench.drill.tills import Cradle

NIGHTS_A_SHARE = 6
"""At most; a share has a cradle of its own, which takes a third of a second to warm."""


@dataclass(frozen=True, slots=True)
class Order:
    """What is to be played: all nights or `only` one; `pragma` spoils the tills' journals on purpose."""

    sales: int
    seed: int
    jobs: int = 2
    only: int | None = None
    pragma: str = ""


@dataclass(slots=True)
class Result:
    """What came of it; `impossible` says what could not be played here and why."""

    order: Order
    impossible: Mapping[str, str]
    nights: int = 0
    wall_s: float = 0.0
    counts: Tally[str] = field(default_factory=Tally)
    begun: Tally[str] = field(default_factory=Tally)
    seen: Tally[str] = field(default_factory=Tally)
    paid_ms: list[int] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)

    def add(self, played: Played) -> None:
        """Add a night."""
        self.nights += 1
        for mine, more in ((self.counts, played.counts), (self.begun, played.begun), (self.seen, played.seen)):
            mine.update(more)
        self.paid_ms += played.paid_ms
        self.wrong += played.wrong


def run(order: Order, tell: Callable[[str], None]) -> Result:
    """Play everything; `tell` is told what is wrong as soon as it is found, and how far the drill is."""
    begun_s = time.monotonic()
    with ExitStack() as cleanup:
        folder = Path(cleanup.enter_context(tempfile.TemporaryDirectory(prefix="drill-")))
        result = Result(order, impossible_here())
        numbers = [one.number for one in plan.nights(order.sales, order.seed) if order.only in (None, one.number)]
        size = max(1, min(NIGHTS_A_SHARE, len(numbers) // order.jobs))
        shares = [numbers[first : first + size] for first in range(0, len(numbers), size)]
        # Started afresh: a copy of this process would have its threads' locks and none of its threads.
        spawn = multiprocessing.get_context("spawn")
        pool = cleanup.enter_context(ProcessPoolExecutor(order.jobs, mp_context=spawn))
        playing = [pool.submit(_play, order, folder, dict(result.impossible), share) for share in shares]
        for share in as_completed(playing):
            for played in share.result():
                result.add(played)
                for text in played.wrong:
                    tell(f"seed {order.seed}: {text}")
            tell(f"{result.nights} of {len(numbers)} nights, {time.monotonic() - begun_s:.0f} s")
    result.wall_s = time.monotonic() - begun_s
    return result


def _play(order: Order, folder: Path, impossible: dict[str, str], numbers: Sequence[int]) -> list[Played]:
    """Play a share of the nights in this process."""
    with Cradle() as cradle:
        return [
            night.play(one, folder / f"night-{one.number}", cradle, impossible, pragma=order.pragma)
            for one in plan.nights(order.sales, order.seed)
            if one.number in numbers
        ]
