"""What one step of a check found.

Rule: a reason is a stable name for machines and finds its sentence for people: check.found.<reason>, and what to do in
check.do.<reason> unless all is well. What fills the sentences holds no secret.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from pos.words import Words


class Grade(StrEnum):
    """How serious it is: a warning can wait, a failure keeps the till from selling."""

    OK = "ok"
    WARN = "warn"
    FAIL = "fail"


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of the report; `step` names what was looked at."""

    step: str
    grade: Grade
    reason: str
    values: Mapping[str, str | int]

    def what(self, words: Words) -> str:
        """Say what was found."""
        return words(f"check.found.{self.reason}", **self._filled(words))

    def do(self, words: Words) -> str:
        """Say what to do about it; empty where all is well."""
        return "" if self.grade is Grade.OK else words(f"check.do.{self.reason}", **self._filled(words))

    def _filled(self, words: Words) -> dict[str, str | int]:
        """Look up what stands for a sentence itself: a server's problem, an invoice's fault."""
        said: dict[str, str | int] = dict(self.values)
        if "problem" in said:
            said["problem"] = problem_told(str(said["problem"]), words)
        if "refused" in said:
            said["refused"] = words(f"refused.{said['refused']}")
        return said


def problem_told(problem: str, words: Words) -> str:
    """Say to the owner what stands between the till and the server; staff's own sentence may send them to the owner."""
    own = f"check.problem.{problem}"
    return words(own if own in words.sentences else f"problem.{problem}")


def ok(step: str, reason: str, **values: str | int) -> Finding:
    """Make the finding of a step that found all well."""
    return Finding(step, Grade.OK, reason, values)


def warn(step: str, reason: str, **values: str | int) -> Finding:
    """Make the finding of a step that found something to mend when there is time."""
    return Finding(step, Grade.WARN, reason, values)


def fail(step: str, reason: str, **values: str | int) -> Finding:
    """Make the finding of a step that found what keeps the till from selling."""
    return Finding(step, Grade.FAIL, reason, values)


def worst(findings: Iterable[Finding]) -> Grade:
    """Tell how serious the most serious of them is."""
    grades = {finding.grade for finding in findings}
    return next((grade for grade in (Grade.FAIL, Grade.WARN) if grade in grades), Grade.OK)
