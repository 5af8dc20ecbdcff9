"""Writes down what a check found: a line as it is found, or one JSON at the end.

Rule: a mark is never alone and never a colour: a word stands beside it. Reasons and step names are stable for machines,
sentences are in the owner's language.
"""

import json
from collections.abc import Collection, Iterable, Sequence
from typing import Any, Final, TextIO

from pos import __version__
from pos.check.finding import Finding, Grade, fail, worst
from pos.errors import Complaint
from pos.words import Words

_MARKS: Final = {Grade.OK: "✓", Grade.WARN: "!", Grade.FAIL: "✗"}


class Report:
    """The report of one check, in one language."""

    def __init__(self, words: Words, out: TextIO, *, as_json: bool) -> None:
        self._words = words
        self._out = out
        self._as_json = as_json
        self._found: list[Finding] = []

    def take(self, findings: Iterable[Finding]) -> Grade:
        """Write findings as they come, and give the gravest of them."""
        taken = []
        for finding in findings:
            taken.append(finding)
            if not self._as_json:
                self._out.write(line(finding, self._words) + "\n")
                self._out.flush()
        self._found += taken
        return worst(taken)

    def complaints(self, step: str, complaints: Sequence[Complaint]) -> Grade:
        """Write the owner's mistakes in a file, as the till shows them."""
        return self.take(fail(step, "mistake", **_placed(complaint)) for complaint in complaints)

    def end(self, not_tried: Collection[str]) -> Grade:
        """Close the report; `not_tried` are steps that something before them made pointless."""
        grade = worst(self._found)
        if self._as_json:
            json.dump(self._machine_readable(grade, not_tried), self._out, ensure_ascii=False, indent=2)
            self._out.write("\n")
            return grade
        if not_tried:
            steps = ", ".join(self._words(f"check.step.{step}") for step in not_tried)
            self._out.write(self._words("check.not_tried", steps=steps) + "\n")
        self._out.write("\n" + self._words(f"check.end.{grade}") + "\n")
        return grade

    def _machine_readable(self, grade: Grade, not_tried: Collection[str]) -> dict[str, Any]:
        steps = [
            {
                "step": found.step,
                "state": str(found.grade),
                "reason": found.reason,
                "values": dict(found.values),
                "what": found.what(self._words),
                "do": found.do(self._words),
            }
            for found in self._found
        ]
        return {"till": __version__, "result": str(grade), "steps": steps, "not_tried": list(not_tried)}


def line(finding: Finding, words: Words) -> str:
    """Write a finding as people read it: what was found, and below it what to do."""
    title = words(f"check.step.{finding.step}")
    written = f"{_MARKS[finding.grade]} {words(f'check.grade.{finding.grade}')}  {title}: {finding.what(words)}"
    do = finding.do(words)
    return written + ("\n    → " + do.rstrip().replace("\n", "\n      ") if do else "")


def _placed(complaint: Complaint) -> dict[str, str]:
    place = complaint.file if complaint.line is None else f"{complaint.file}:{complaint.line}"
    return {"place": f"{place} {complaint.key}".rstrip(), "wrong": complaint.wrong, "example": complaint.example}
