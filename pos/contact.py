"""What has been heard of the server and of each payment, and when.

Rule: hearing nothing is told as well. A call that hangs fails late, and until then nobody may read "waiting for your
payment" off a screen that knows nothing.
"""

from collections.abc import Callable, Container

from pos.core.link import Link
from pos.core.problem import Problem

STALE_S = 7.0
"""With nothing heard of a payment for so long it is not known how it stands; longer than the gap of two look-ups."""


class Contact:
    """`link` is the line as it was last seen, `troubles` why the last visit for a payment failed."""

    def __init__(self, steady_s: Callable[[], float]) -> None:
        self.link = Link()
        self.troubles: dict[str, Problem] = {}
        self._steady_s = steady_s
        self._heard_s: dict[str, float] = {}

    def seen(self, payment_id: str, now_s: int, server_now_s: int) -> None:
        """Note a visit that succeeded; both clocks in unix seconds."""
        self.link = self.link.answered(now_s, server_now_s)
        self.troubles.pop(payment_id, None)
        self._heard_s[payment_id] = self._steady_s()

    def failed(self, payment_id: str, problem: Problem) -> None:
        """Note a visit that failed."""
        self.link = self.link.failed(problem)
        self.troubles[payment_id] = problem

    def wait_for(self, payment_id: str) -> None:
        """Note that somebody waits for news of this payment, and that there has been none for too long."""
        if self._steady_s() - self._heard_s.setdefault(payment_id, self._steady_s()) > STALE_S:
            self.troubles.setdefault(payment_id, Problem.SLOW)

    def keep(self, payment_ids: Container[str]) -> None:
        """Let go of every payment but these: of one that is over, a visit on its way may still have been noted."""
        for noted in (self.troubles, self._heard_s):
            for payment_id in [known for known in noted if known not in payment_ids]:
                del noted[payment_id]
