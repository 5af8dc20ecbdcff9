"""Prints the figures: `python -m bench`, `--json` for machines, `--quick` for few samples."""

import argparse
import json
import platform
import statistics
import sys

from bench import measures
from bench.measures import Figure


def main() -> int:
    """Measure everything and print it; needs a display."""
    parser = argparse.ArgumentParser(prog="python -m bench", description="How fast the till is on this machine.")
    parser.add_argument("--json", action="store_true", help="print JSON instead of a table")
    parser.add_argument("--quick", action="store_true", help="few samples, to see that it runs")
    options = parser.parse_args()
    few, many, sales, idle_s = (3, 10, 50, 5) if options.quick else (11, 60, 1000, 60)
    figures = [
        measures.start(few),
        *measures.taps(many, 24),
        *measures.taps(many, 500),
        *measures.pay_and_paid(many),
        *measures.memory(sales),
        measures.idle(idle_s),
        measures.start_after_years(few),
        *measures.qr_encoders(many),
    ]
    print(_as_json(figures) if options.json else _as_table(figures))
    return 0


def _as_table(figures: list[Figure]) -> str:
    lines = [f"{'':48} {'median':>9} {'95 %':>9} {'aim':>7}       n"]
    lines += [
        f"{figure.name:48} {_median(figure):9.1f} {_p95(figure):9.1f} {figure.aim or '':>7} {figure.unit:2} "
        f"{len(figure.samples):4}"
        for figure in figures
    ]
    return "\n".join(lines)


def _as_json(figures: list[Figure]) -> str:
    rows = [
        {
            "name": figure.name,
            "unit": figure.unit,
            "median": round(_median(figure), 2),
            "p95": round(_p95(figure), 2),
            "aim": figure.aim,
            "n": len(figure.samples),
        }
        for figure in figures
    ]
    machine = {"python": platform.python_version(), "machine": platform.machine(), "figures": rows}
    return json.dumps(machine, indent=1)


def _median(figure: Figure) -> float:
    return statistics.median(figure.samples)


def _p95(figure: Figure) -> float:
    ordered = sorted(figure.samples)
    return ordered[min(len(ordered) - 1, round(0.95 * (len(ordered) - 1)))]


if __name__ == "__main__":
    sys.exit(main())
