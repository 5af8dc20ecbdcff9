"""How long things wait: how often an invoice is looked at, and when a failed visit is tried again.

Rule: no clock and no dice of its own; ages and randomness are passed in. A watch slows down and never stops.
"""

from dataclasses import dataclass
from random import Random

from pos.core.duties import Audit, Duty, LookUp, Watch

NEVER_S = float("inf")


@dataclass(frozen=True, slots=True)
class Pace:
    """How long things wait, in seconds; the look-up gap is what a server takes at worst with a slow node.

    An audit comes at first right behind PAID and then at leisure, for as long as a server may still be working on a
    request that it was sent before. That is time that the till has seen pass: a clock may be set while it passes.
    """

    quick_s: float = 0.5
    quick_for_s: float = 60.0
    steady_s: float = 1.0
    lapsed_s: tuple[tuple[float, float], ...] = ((120.0, 2.0), (1800.0, 15.0), (NEVER_S, 60.0))
    look_up_gap_s: float = 5.0
    idle_look_up_s: float = 60.0
    audit_s: tuple[float, float] = (2.0, 60.0)
    audit_for_s: float = 300.0
    back_off_s: float = 0.5
    back_off_most_s: float = 8.0
    health_s: float = 10.0
    stuck_s: float = 300.0

    def next_visit_s(self, duty: Duty, age_s: float) -> float:
        """Say when to do a duty again that was answered; `age_s` is how long it has been going on."""
        match duty:
            case Watch(quick=True):
                return self.quick_s if age_s < self.quick_for_s else self.steady_s
            case Audit():
                return self.audit_s[age_s > 0]
            case LookUp(quick=False):
                return self.idle_look_up_s
            case Watch():
                return next(wait_s for until_s, wait_s in self.lapsed_s if age_s < until_s)
            case _:
                return self.look_up_gap_s

    def retry_s(self, failures: int, random: Random) -> float:
        """Say when to try again after so many failures in a row, spread so that tills do not knock together."""
        wait_s = min(self.back_off_most_s, self.back_off_s * 2.0 ** min(failures - 1, 10))
        return wait_s * random.uniform(0.7, 1.3)
