"""The fuzzing as a command; see the package."""

import argparse
import json
import logging
import sys
import tempfile
from dataclasses import asdict
from pathlib import Path

from tests.fuzz.campaign import Tally, run
from tests.fuzz.parsers import PARSERS


def main(argv: list[str] | None = None) -> int:
    """Run the cases and print how they ended; 1 if anything was found."""
    options = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    options.add_argument("--cases", type=int, default=10_000, help="for each parser")
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--parser", choices=sorted(PARSERS), action="append")
    options.add_argument("--json", action="store_true")
    asked = options.parse_args(argv)
    logging.disable(logging.CRITICAL)
    tallies = [_run(name, asked.cases, asked.seed) for name in asked.parser or PARSERS]
    if asked.json:
        print(json.dumps([asdict(tally) for tally in tallies], default=_readable, indent=1))
    else:
        for tally in tallies:
            _print(tally)
    return 1 if any(tally.findings for tally in tallies) else 0


def _run(name: str, cases: int, seed: int) -> Tally:
    with tempfile.TemporaryDirectory() as room:
        return run(PARSERS[name], cases=cases, seed=seed, room=Path(room))


def _print(tally: Tally) -> None:
    print(
        f"{tally.parser:<12} seed {tally.seed}: {tally.cases:>9,} cases  {tally.taken:>8,} taken"
        f"  {tally.refused:>9,} refused  {len(tally.findings)} findings  {tally.seconds:,.0f} s",
        flush=True,
    )
    for finding in tally.findings.values():
        print(f"    {finding.what}\n        {finding.times} times, first case {finding.number}: {finding.smallest!r}")


def _readable(smallest: bytes) -> str:
    return repr(smallest)


if __name__ == "__main__":
    sys.exit(main())
