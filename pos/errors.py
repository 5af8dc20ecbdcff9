"""Everything that may go wrong on purpose, as one tree: each class is named by who must act.

    KioskError
    ├── ConfigError     the owner: mend kiosk.yaml (all complaints at once, exit code 2)
    ├── PairingError    the owner: type, paste or scan it again
    ├── BTCPayError     something between the till and BTCPay Server; carries a `Problem`
    │   ├── Unreachable     nobody: wait, the till tries again
    │   ├── Denied          the owner: the API key or its permissions
    │   ├── Refused         us: the server understood and said no
    │   └── Broken          them: a 5xx, a proxy's page, nonsense
    ├── ScreenError     the owner: there is no display to show anything on
    └── JournalError    whoever is at the counter: stop selling, nothing can be recorded
        ├── JournalInUse    whoever started a second till: use the first
        ├── JournalNewer    the owner: go back to the newer version of the till
        └── JournalDamaged  nobody: a start mends it, and a till that runs starts again

Rule: the text of an exception is for the log; what people read is found by its `problem` in assets/words.
An invoice that fails its check is not an exception: it is the event `Mismatched`, because the journal keeps it.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from pos.core.problem import Problem


class KioskError(Exception):
    """Anything this project raises on purpose."""


@dataclass(frozen=True, slots=True)
class Complaint:
    """One mistake in a file of the owner's: where it is, what is wrong and what would be right."""

    file: str
    line: int | None
    key: str
    wrong: str
    example: str


class ConfigError(KioskError):
    """Tell the owner every mistake in the configuration at once."""

    def __init__(self, complaints: Sequence[Complaint]) -> None:
        self.complaints = tuple(complaints)
        super().__init__("; ".join(f"{c.file}:{c.line or '?'}: {c.key}: {c.wrong}" for c in self.complaints))


class PairingError(KioskError):
    """What was typed or scanned cannot be used; `reason` finds the sentence, and `values` fill it in.

    Only the name of a file is ever repeated, never what may be a key.
    """

    def __init__(self, reason: str, **values: str) -> None:
        self.reason = reason
        self.values = values
        super().__init__(reason)


class BTCPayError(KioskError):
    """Say what went wrong with one call, with the evidence for the log.

    `maybe_heard` is True when the server may have acted on the request although no good answer came
    back; after such a failure an invoice is looked up by its orderId before another is asked for.
    """

    def __init__(self, problem: Problem, evidence: str, *, maybe_heard: bool) -> None:
        self.problem = problem
        self.evidence = evidence
        self.maybe_heard = maybe_heard
        super().__init__(f"{problem}: {evidence}")


class Unreachable(BTCPayError):
    """No answer came: wait and try again."""


class Denied(BTCPayError):
    """The key is unknown or lacks a permission: the owner must act."""


class Refused(BTCPayError):
    """The server understood the request and declined it."""


class Broken(BTCPayError):
    """The answer cannot be understood or admits an error of the server's own."""


class ScreenError(KioskError):
    """There is no display."""


class JournalError(KioskError):
    """Nothing can be recorded, or what was recorded cannot be read: stop selling."""


class JournalInUse(JournalError):
    """Another till holds the journal."""


class JournalNewer(JournalError):
    """A newer till wrote it; this one would leave out what it does not know."""


class JournalDamaged(JournalError):
    """What stands in the journal is not what was written; the text says how, for the log."""
