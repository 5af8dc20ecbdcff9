"""The versions of BTCPay Server that are played, and what some of them do not tell at once.

Rule: each is played as often as the others. What the till is excused for with some of them is counted each time that it
was needed; with the others it stays a discrepancy.
"""

VERSIONS = ("1.13.7", "2.0.0", "2.3.6", "2.4.1")
SURPLUS_LATER = "surplus told only after PAID had come up"
"""What is counted where it is excused."""


def tells_surplus_at_once(version: str) -> bool:
    """Tell whether a settlement comes with its amounts: an invoice's payments stand beside it since 2.4.1."""
    return tuple(int(part) for part in version.split(".")) >= (2, 4, 1)


def sales_at(version: str) -> str:
    """Name what is counted for each version."""
    return f"sales at a server {version}"
