"""A whole day at the bar in some minutes, to see whether the till grows: `python -m bench.day --sales 600`.

Rule: everything is real but the time: the window, its timers, the workers, the journal on the disk, HTTP to a demo
server in a process of its own. A second of the till's clock, and of the server's, is one ring of a timer of Tk's; while
a customer waits for a QR the clock is slowed down, because the network is not any faster. Ends with 1 if the till grew.
"""

import argparse
import logging
import mmap
import signal
import struct
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Final

from bench import growth
from bench.customers import CUSTOMERS, Bar
from bench.growth import Sample
from bench.till import KEY, TillDriver, demo_server
from pos import assembly
from pos import config as configs
from pos import words as wordbook
from pos.config import Secret
from pos.core.route import Route
from pos.demo.creation import Store
from pos.demo.server import DemoServer
from pos.demo.shop import Shop
from pos.house import Clocks, Timing
from pos.pace import Pace
from pos.service import POLL_FAILURES, POLLS

DAY_S: Final = 86_400
OPENS_S: Final = 1_795_341_600  # 2026-11-22 10:00 UTC
RING_MS: Final = 1
RINGS_A_SLOW_SECOND: Final = 20
WATCHED_S: Final = 3600
"""How long the demo's store watches an invoice that ran out: an hour, not BTCPay's day, so that they come and go."""

PACE: Final = Pace(
    quick_s=0.01,
    quick_for_s=1.0,
    steady_s=0.02,
    lapsed_s=((0.1, 0.02), (1.8, 0.1), (float("inf"), 0.2)),
    look_up_gap_s=0.05,
    idle_look_up_s=0.1,
    audit_s=(0.02, 0.05),
    audit_for_s=0.1,
    back_off_s=0.01,
    back_off_most_s=0.1,
    health_s=0.02,
)
_SECONDS: Final = struct.Struct("d")


class SharedClock:
    """Seconds that have passed, in a file that two processes see; one of them sets them forward."""

    def __init__(self, path: Path) -> None:
        if not path.exists():
            path.write_bytes(_SECONDS.pack(0.0))
        with path.open("r+b") as file:
            self._memory = mmap.mmap(file.fileno(), _SECONDS.size)

    @property
    def now_s(self) -> float:
        """Seconds since the day began."""
        return float(_SECONDS.unpack_from(self._memory)[0])

    def advance(self, seconds: float) -> None:
        """Let time pass."""
        _SECONDS.pack_into(self._memory, 0, self.now_s + seconds)


@dataclass(slots=True)
class Day:
    """A bar that is open for a day, and what has been seen of its till so far."""

    bar: Bar
    clock: SharedClock
    easy: bool = False
    rings: int = 0

    def ring(self) -> None:
        """Let a second pass, or a part of one."""
        self.rings += 1
        if not self.easy or self.rings % RINGS_A_SLOW_SECOND == 0:
            self.clock.advance(1.0)
            self.bar.till.parts.counter.tick()

    def take_it_easy(self, easy: bool) -> None:
        """Say whether a customer is there."""
        self.easy = easy

    def wait_until(self, second: float) -> None:
        """Let Tk run, with nobody at the counter."""
        tk = self.bar.till.window.root.tk
        while self.clock.now_s < second:
            tk.dooneevent(0)


def live(
    sales: int, hours: float, seed: int = 1, after_each: Callable[[TillDriver], None] = lambda _: None
) -> list[Sample]:
    """Sell for so many hours and sample the till after every 40th part of the sales.

    One of each kind of customer comes first, so that what is made when it is first needed is there. `after_each` can
    plant a leak: a test that cannot fail would prove nothing.
    """
    random = Random(seed)
    whens = sorted(random.uniform(0, hours * 3600) for _ in range(sales))
    kinds = random.choices(list(CUSTOMERS), weights=list(CUSTOMERS.values()), k=sales)
    kinds[: len(CUSTOMERS)] = CUSTOMERS
    samples = []
    with _day(random) as day:
        for number, (when, serve) in enumerate(zip(whens, kinds, strict=True), start=1):
            day.wait_until(when)
            day.take_it_easy(True)
            serve(day.bar)
            day.take_it_easy(False)
            after_each(day.bar.till)
            if number * 40 // sales > (number - 1) * 40 // sales:
                samples.append(growth.take(day.bar.till, number))
                print(_row(samples[-1]), flush=True)
        day.wait_until(hours * 3600)
        print(f"{day.clock.now_s / 3600:.1f} hours on the clock, {_asked(day.bar.till)}")
    print(", ".join(f"{kind.__name__} {count}" for kind, count in Counter(kinds).most_common()))
    return samples


@contextmanager
def _day(random: Random) -> Iterator[Day]:
    with ExitStack() as cleanup:
        folder = Path(cleanup.enter_context(TemporaryDirectory()))
        clock = SharedClock(folder / "clock")
        serve = [sys.executable, "-m", "bench.day", "--serve", str(folder / "clock")]
        url, told = cleanup.enter_context(demo_server(serve))
        words = wordbook.load_all(assembly.ASSETS / "words")
        config = replace(configs.load(assembly.ROOT / "kiosk.yaml", words), journal=folder / "journal.db", sound=False)
        server = assembly.Server(
            Route(url), told["store id"], Secret(KEY), assembly.NETWORK_OF_DEMO, told["node id"]
        )
        clocks = Clocks(lambda: round((OPENS_S + clock.now_s) * 1000), lambda: clock.now_s, lambda: 9 * 3600)
        parts = assembly.assemble(config, words, server, cleanup, Timing(clocks, PACE))
        till = cleanup.enter_context(TillDriver.open(parts, "800x480"))
        bar = Bar(till, url, random, lambda easy: day.take_it_easy(easy))
        day = Day(bar, clock)
        cleanup.callback(bar.phone.close)
        till.window.every(RING_MS, day.ring)
        yield day


def _serve(path: Path) -> int:
    """Be the demo server whose clock the till sets forward."""
    clock = SharedClock(path)
    shop = Shop(Store(monitoring_s=WATCHED_S), clock=lambda: OPENS_S + clock.now_s)
    with DemoServer(shop, key=KEY) as server:
        print(f"url  {server.url}\nstore id  {server.store_id}\nnode id  {server.node_id}", flush=True)
        signal.sigwait({signal.SIGTERM, signal.SIGINT})
    return 0


def _asked(till: TillDriver) -> str:
    served = till.parts.journal.service("")
    asked = {name: sum(day.get((name, 0), 0) for day in served.values()) for name in (POLLS, POLL_FAILURES)}
    return f"the server was asked {asked[POLLS]:,} times, {asked[POLL_FAILURES]:,} in vain"


HEAD: Final = "sales  RSS MB    blocks threads  files timers callbacks pictures  drawn watched"


def _row(one: Sample) -> str:
    return (
        f"{one.sales:5} {one.resident_mb:7.1f} {one.blocks:9} {one.threads:7} {one.descriptors:6} {one.timers:6} "
        f"{one.callbacks:9} {one.pictures:8} {one.drawn:6} {one.watched:7}"
    )


def main(argv: Sequence[str] | None = None) -> int:
    """Live through a day and tell what grew."""
    parser = argparse.ArgumentParser(prog="python -m bench.day", description="Whether the till grows in a day.")
    parser.add_argument("--sales", type=int, default=600)
    parser.add_argument("--hours", type=float, default=24.0)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--serve", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args(argv)
    if options.serve:
        signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGTERM, signal.SIGINT})
        return _serve(options.serve)
    logging.basicConfig(level=logging.ERROR)
    print(HEAD)
    more = growth.grown(live(options.sales, options.hours, options.seed))
    print("It does not grow." if not more else f"IT GROWS: {more}")
    return 1 if more else 0


if __name__ == "__main__":
    sys.exit(main())
