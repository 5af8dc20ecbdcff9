"""Makes sales through the window as quickly as they go: `python -m bench.sales 1000`.

Rule: prints its share and what is resident, in megabytes, after the first sale and after the last, and imports nothing
that a till would not.
"""

import sys
from collections.abc import Callable
from pathlib import Path

from bench.till import TillDriver, bench
from pos.core import touches as t
from pos.ui.view import MenuView, PaidView


def main(sales: int) -> int:
    """Sell and print."""
    with bench() as place:
        till = place.till
        for count in range(1, sales + 1):
            sell(till, place.pay)
            if count in (1, sales):
                print(f"{share_mb():.1f} {resident_mb():.1f}", flush=True)
    return 0


def sell(till: TillDriver, pay: Callable[[str], None]) -> None:
    """Make one sale, from the menu to the menu."""
    till.parts.counter.touch(t.TapItem(till.parts.config.menu.items[0].id))
    till.parts.counter.touch(t.Pay())
    till.until(till.qr_shown)
    pay(till.invoice_id())
    till.parts.counter.touch(t.TryNow())
    till.until(lambda view: isinstance(view, PaidView))
    till.parts.counter.touch(t.Done())
    till.until(lambda view: isinstance(view, MenuView))


def resident_mb() -> float:
    """Read this process's resident memory (VmRSS) in megabytes."""
    status = Path("/proc/self/status").read_text()
    kilobytes = next(line.split()[1] for line in status.splitlines() if line.startswith("VmRSS"))
    return int(kilobytes) / 1024


def share_mb() -> float:
    """Read this process's share of the machine's memory (Pss) in megabytes."""
    rollup = Path("/proc/self/smaps_rollup").read_text()
    return int(next(line.split()[1] for line in rollup.splitlines() if line.startswith("Pss:"))) / 1024


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1])))
