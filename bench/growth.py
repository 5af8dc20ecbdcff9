"""Whether a till grows: what it holds, sampled while it is at its menu, and what became more of it.

Rule: a sample is taken after a collection, so that only what is still held is counted. Resident memory is what an owner
sees; Python's blocks are exact and show a leak long before it does.
"""

import gc
import os
import statistics
import sys
import threading
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from bench.sales import resident_mb
from bench.till import TillDriver

BLOCKS_A_SALE: Final = 2.0
"""What Python may hold more of for each sale: to keep one string and one number of each would be three."""

ALLOWED: Final = {
    "resident_mb": 2.0,
    "threads": 0.0,
    "descriptors": 2.0,
    "timers": 1.0,
    "callbacks": 3.0,
    "pictures": 3.0,
    "drawn": 30.0,
}
"""How much more a till may hold at the end. A connection may be open or not; a screen that is not up keeps what it
showed last, which is a little more after one sale than after another."""


@dataclass(frozen=True, slots=True)
class Sample:
    """What a till holds after so many sales, all of it counted; `blocks` are pieces of memory that Python gave out."""

    sales: int
    resident_mb: float
    blocks: int
    threads: int
    descriptors: int
    timers: int
    callbacks: int
    pictures: int
    drawn: int
    watched: int


def take(till: TillDriver, sales: int) -> Sample:
    """Collect what nobody holds any more, and count the rest."""
    gc.collect()
    tk = till.window.root.tk
    return Sample(
        sales,
        resident_mb(),
        sys.getallocatedblocks(),
        threading.active_count(),
        len(os.listdir("/proc/self/fd")),
        len(tk.splitlist(tk.call("after", "info"))),
        len(tk.splitlist(tk.call("info", "commands"))),
        len(tk.splitlist(tk.call("image", "names"))),
        sum(len(tk.splitlist(tk.call(canvas, "find", "all"))) for canvas in _canvases(till)),
        len(till.parts.counter.payments),
    )


def grown(samples: Sequence[Sample], *, blocks_a_sale: float = BLOCKS_A_SALE) -> Mapping[str, float]:
    """Tell what is more at the end than it was, and by how much; empty if the till does not grow.

    The first quarter is the warm-up: screens, connections and what is kept of drawn text come when they are first
    needed. The second quarter is compared with the last.
    """
    quarter = len(samples) // 4
    before, after = samples[quarter : 2 * quarter], samples[-quarter:]
    sales = statistics.median(one.sales for one in after) - statistics.median(one.sales for one in before)
    allowed = ALLOWED | {"blocks": blocks_a_sale * sales}
    more = {name: _middle(after, name) - _middle(before, name) for name in allowed}
    return {name: by for name, by in more.items() if by > allowed[name]}


def _middle(samples: Sequence[Sample], name: str) -> float:
    return statistics.median(getattr(one, name) for one in samples)


def _canvases(till: TillDriver) -> Iterator[str]:
    """Give every canvas there is, those of screens that are not up too."""
    tk = till.window.root.tk
    waiting = ["."]
    while waiting:
        path = waiting.pop()
        waiting += tk.splitlist(tk.call("winfo", "children", path))
        if tk.call("winfo", "class", path) == "Canvas":
            yield path
