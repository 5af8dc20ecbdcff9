"""Plays the drill and prints its figures; the exit code is 0 if nothing was wrong and every fault took effect."""

import argparse
import json
import os
import sys

from bench.drill import place, report
from bench.drill.drill import Order, run

ENOUGH = 300
"""From so many sales on, a fault that never took effect makes the run fail."""


def main() -> int:
    """Run the drill that the command line asks for."""
    parser = argparse.ArgumentParser(
        prog="python -m bench.drill", description="Sell while everything goes wrong, and compare the ledgers."
    )
    parser.add_argument("--sales", type=int, default=ENOUGH, metavar="N")
    parser.add_argument("--seed", type=int, default=1, metavar="S", help="the plan follows from it alone")
    parser.add_argument("--jobs", type=int, default=2, metavar="J", help="nights played at once")
    parser.add_argument("--only", type=int, metavar="NIGHT", help="play this night of the plan again, and no other")
    parser.add_argument("--json", action="store_true", help="print JSON instead of a table")
    parser.add_argument("--spoil", default="", metavar="PRAGMA", help="give the tills a worse journal to see it caught")
    options = parser.parse_args()
    if command := place.private_mounts():
        os.execvp(command[0], [*command, sys.executable, "-m", "bench.drill", *sys.argv[1:]])  # noqa: S606 the same program
    order = Order(options.sales, options.seed, options.jobs, options.only, options.spoil)
    result = run(order, lambda line: print(line, file=sys.stderr, flush=True))
    print(json.dumps(report.as_json(result), indent=1) if options.json else report.as_table(result))
    missing = report.never_seen(result) if options.sales >= ENOUGH and options.only is None else []
    return 1 if result.wrong or missing else 0


if __name__ == "__main__":
    sys.exit(main())
