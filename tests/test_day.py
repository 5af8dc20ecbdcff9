"""The bench that looks for growth finds none in the till, and finds it where it was planted."""

import os
from collections.abc import Callable

import pytest

from bench import day, growth
from bench.till import TillDriver

pytestmark = pytest.mark.usefixtures("display")
SALES, HOURS = 20, 0.1
WARMING_UP = 200.0
"""Blocks a sale: after so few sales what is kept of drawn text is still filling."""


def short_day(after_each: Callable[[TillDriver], None] = lambda _: None) -> set[str]:
    return set(growth.grown(day.live(SALES, HOURS, after_each=after_each), blocks_a_sale=WARMING_UP))


def test_till_holds_no_more_after_a_while_of_every_kind_of_sale() -> None:
    assert short_day() == set()


def test_what_leaks_is_named() -> None:
    files: list[int] = []
    kept: list[list[str]] = []

    def leak(till: TillDriver) -> None:
        files.append(os.open("/dev/null", os.O_RDONLY))
        till.window.root.after(3_600_000, lambda: None)
        kept.append([str(len(kept) * 1000 + number) for number in range(400)])

    try:
        assert short_day(leak) == {"descriptors", "timers", "callbacks", "blocks"}
    finally:
        for file in files:
            os.close(file)
