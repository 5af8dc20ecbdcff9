"""The service level: how long customers wait for the QR and for PAID, and how often the server does not answer.

    tap to QR       from the tap on pay, or on "new QR", until that QR is drawn on the screen.
    paid to shown   from the moment the money may have arrived until PAID is drawn. The till cannot know when its node
                    was paid, so it takes the earliest moment possible: the start of the last look that still found
                    nothing, or the drawing of the QR if that was later. The true wait is never longer than this.
    no QR           taps that never led to a QR: the customer waited in vain, and no time could be measured.
    polls           questions to the server, and those of them that brought no good answer.

Rule: counting only; times come in as seconds of a clock that never jumps, and go out as whole milliseconds in buckets,
so that a day is a few rows. A sale during which the till was switched off is not measured: no clock ran through it.
"""

from collections import Counter
from collections.abc import Container, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import accumulate

TAP_TO_QR = "tap_to_qr"
PAID_TO_SHOWN = "paid_to_shown"
NO_QR = "no_qr"
POLLS = "polls"
POLL_FAILURES = "poll_failures"

Counts = Mapping[tuple[str, int], int]
"""How often, by measure and bucket; a bucket is named by its upper edge in milliseconds, 0 where nothing is timed."""

_HOUR_MS = 3_600_000
EDGES_MS: tuple[int, ...] = (
    *(head * 10**power for power in range(5) for head in (10, 15, 20, 30, 50, 70)),
    1_000_000,
    _HOUR_MS,
    24 * _HOUR_MS,
)
"""The upper edges of the buckets; what takes longer than a day is in the last one."""


def bucket_ms(took_s: float) -> int:
    """Find the bucket of a time: the smallest edge that is not below it, in milliseconds."""
    took_ms = round(took_s * 1000)
    return next((edge for edge in EDGES_MS if took_ms <= edge), EDGES_MS[-1])


@dataclass(frozen=True, slots=True)
class Waits:
    """How long one thing took, as upper edges in milliseconds; all 0 where nothing was measured."""

    count: int = 0
    half_ms: int = 0
    most_ms: int = 0
    nearly_all_ms: int = 0
    longest_ms: int = 0


@dataclass(frozen=True, slots=True)
class Level:
    """The service of some days."""

    to_qr: Waits = field(default_factory=Waits)
    to_paid: Waits = field(default_factory=Waits)
    no_qr: int = 0
    polls: int = 0
    poll_failures: int = 0


@dataclass(frozen=True, slots=True)
class Served:
    """How the till served today and in the last seven days, today among them."""

    today: Level = field(default_factory=Level)
    week: Level = field(default_factory=Level)


def level(counts: Counts) -> Level:
    """Sum counts up."""
    return Level(
        to_qr=_waits(counts, TAP_TO_QR),
        to_paid=_waits(counts, PAID_TO_SHOWN),
        no_qr=counts.get((NO_QR, 0), 0),
        polls=counts.get((POLLS, 0), 0),
        poll_failures=counts.get((POLL_FAILURES, 0), 0),
    )


def added(*many: Counts) -> Counts:
    """Add counts of several days."""
    total: Counter[tuple[str, int]] = Counter()
    for counts in many:
        total.update(counts)
    return total


def day_of(now_s: int, utc_offset_s: int, *, days_ago: int = 0) -> str:
    """Name the day at the till, like 2026-11-22."""
    return (datetime.fromtimestamp(now_s + utc_offset_s, UTC) - timedelta(days=days_ago)).date().isoformat()


def _waits(counts: Counts, measure: str) -> Waits:
    found = sorted((bucket, count) for (name, bucket), count in counts.items() if name == measure and count > 0)
    total = sum(count for _, count in found)
    if not total:
        return Waits()
    return Waits(total, *(_edge(found, -(-percent * total // 100)) for percent in (50, 95, 99, 100)))


def _edge(found: list[tuple[int, int]], rank: int) -> int:
    """Find the bucket that the measurement of this rank, from 1, lies in."""
    ranks = accumulate(count for _, count in found)
    return next(bucket for (bucket, _), last in zip(found, ranks, strict=True) if rank <= last)


@dataclass(slots=True)
class _Wait:
    """One payment that somebody waits for; times by the steady clock."""

    tapped_s: float | None = None
    unpaid_s: float | None = None


class Meter:
    """Measures payments while they are at the counter and counts what came of it."""

    def __init__(self) -> None:
        self._waits: dict[str, _Wait] = {}
        self._counts: Counter[tuple[str, int]] = Counter()

    def tapped(self, payment_id: str, at_s: float) -> None:
        """Note the tap that asked for this payment's QR."""
        self._waits[payment_id] = _Wait(tapped_s=at_s)

    def qr_drawn(self, payment_id: str, at_s: float) -> None:
        """Note that the QR of this payment is on the screen; only the first one after the tap tells anything.

        Before it nobody can have paid. Of a QR that comes back after a restart that is not so.
        """
        wait = self._waits.get(payment_id)
        if wait is not None and wait.tapped_s is not None:
            self._counts[TAP_TO_QR, bucket_ms(at_s - wait.tapped_s)] += 1
            wait.tapped_s, wait.unpaid_s = None, at_s

    def looked(self, payment_id: str, begun_s: float) -> None:
        """Note a look that began at this moment and still found nothing paid."""
        wait = self._waits.setdefault(payment_id, _Wait())
        wait.unpaid_s = max(begun_s, wait.unpaid_s or begun_s)

    def paid_drawn(self, payment_id: str, at_s: float) -> None:
        """Note that PAID is on the screen; it counts once, and not if the till was off while it was paid."""
        wait = self._waits.pop(payment_id, None)
        if wait is not None and wait.unpaid_s is not None:
            self._counts[PAID_TO_SHOWN, bucket_ms(at_s - wait.unpaid_s)] += 1

    def polled(self, *, failed: bool) -> None:
        """Count a question to the server."""
        self._counts[POLLS, 0] += 1
        if failed:
            self._counts[POLL_FAILURES, 0] += 1

    def keep(self, payment_ids: Container[str]) -> None:
        """Forget every payment that nobody waits for any more; a tap that led to no QR is counted."""
        for payment_id in [known for known in self._waits if known not in payment_ids]:
            if self._waits.pop(payment_id).tapped_s is not None:
                self._counts[NO_QR, 0] += 1

    @property
    def counts(self) -> Counts:
        """What was counted and is not written down yet."""
        return self._counts

    def written(self) -> None:
        """Begin to count anew."""
        self._counts = Counter()
