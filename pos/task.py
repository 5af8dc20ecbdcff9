"""What a worker has to do for one payment, again and again, and when.

Rule: values only; the crew changes them while it holds its lock.
"""

from dataclasses import dataclass

from pos.core.duties import Audit, Duty, LookUp, Watch
from pos.pace import NEVER_S


@dataclass(slots=True)
class Task:
    """A duty that is being done again and again; times by the monotonic clock."""

    payment_id: str
    duty: Duty
    begun_s: float
    due_s: float
    visits: int = 0
    failures: int = 0

    @property
    def kind(self) -> str:
        """Name the duty, for the log."""
        return type(self.duty).__name__

    @property
    def urgent(self) -> bool:
        """Tell whether somebody waits for it."""
        return not (isinstance(self.duty, Audit) or (isinstance(self.duty, Watch | LookUp) and not self.duty.quick))

    @property
    def patient(self) -> bool:
        """Tell whether its wait must not be cut short: the server may have made the invoice, or be making it still."""
        return self.due_s == NEVER_S or (isinstance(self.duty, LookUp) and self.visits > 0 and not self.failures)
