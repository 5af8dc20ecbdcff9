"""The versions of BTCPay Server that are played, and what each of them does not tell.

Rule: each is played as often as the others. What the till is excused for with some of them has a name here, and each
time that was needed is counted; with the others it stays a discrepancy.
"""

from enum import StrEnum

VERSIONS = ("1.13.7", "2.0.0", "2.3.6", "2.4.1")


class Untold(StrEnum):
    """Something that the till cannot know yet, or never asks for, since it is not told with the settlement."""

    SURPLUS = "surplus told only after PAID had come up"
    AMOUNT = "settled with nobody waiting, sum not asked"


def untold(version: str) -> frozenset[Untold]:
    """Name what a server of a version does not tell: an invoice's payments stand beside it since 2.4.1."""
    numbers = tuple(int(part) for part in version.split("."))
    return frozenset() if numbers >= (2, 4, 1) else frozenset(Untold)


def sales_at(version: str) -> str:
    """Name what is counted for each version."""
    return f"sales at a server {version}"
