"""What keeps the till from going on, as a view: what happened, what is safe, what to do, in both languages.

Rule: it promises only what the journal keeps: orders and payments that were recorded. An order that was still being
chosen is gone, and is said to be.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, assert_never

from pos.core import touches as t
from pos.errors import Complaint
from pos.fault import Crash, Fault, Mistakes, NoJournal
from pos.ui.view import Button
from pos.ui.view_fault import Fact, FaultView, MistakeView, Twice
from pos.words import LANGUAGES, Words

_CRASH_FACTS: Final = (("crash.safe", True), ("crash.paid_just_now", False), ("crash.not_recorded", False))


@dataclass(frozen=True, slots=True)
class _Told:
    """Finds sentences in both languages."""

    words: Mapping[str, Words]

    def __call__(self, key: str, **values: object) -> Twice:
        first, second = (self.words[language](key, **values) for language in LANGUAGES)
        return Twice(first, second)

    def line(self, key: str, **values: object) -> str:
        told = self(key, **values)
        return f"{told.first} / {told.second}"


def build(fault: Fault, words: Mapping[str, Words], when: str, left_s: int | None) -> FaultView:
    """Make the view; `when` is the time at which it happened, `left_s` what is left until the till starts again."""
    told = _Told(words)
    match fault:
        case Crash(report, in_loop):
            return FaultView(
                title=told("crash.title"),
                text=told("crash.again") if in_loop else told("crash.text"),
                facts=tuple(Fact(told(key), safe) for key, safe in _CRASH_FACTS),
                mistakes=(),
                button=_button(told, "crash.restart"),
                later=None if left_s is None else told("crash.later", time=_time(left_s)),
                foot=(when, told.line("crash.report") + f": {report}" if report else told.line("crash.no_report")),
            )
        case NoJournal(path, in_use, denied):
            return FaultView(
                title=told("start.title"),
                text=told(fault.sentence, folder=denied),
                # The till that has the journal sells.
                facts=() if in_use else (Fact(told("start.cash"), safe=False),),
                mistakes=(),
                button=_button(told, "start.try_again"),
                later=None if left_s is None else told("start.later", time=_time(left_s)),
                foot=(when, path),
            )
        case Mistakes(complaints):
            return FaultView(
                title=told("start.title"),
                text=told("start.mistakes", count=len(complaints)),
                facts=(),
                mistakes=tuple(map(_mistake, complaints)),
                button=_button(told, "start.try_again"),
                later=None,
                foot=(when,),
            )
        case _:
            assert_never(fault)


def _button(told: _Told, key: str) -> Button:
    words = told(key)
    return Button(f"{words.first}\n{words.second}", t.Restart(), "primary")


def _mistake(complaint: Complaint) -> MistakeView:
    place = complaint.file.rpartition("/")[2] + (f":{complaint.line}" if complaint.line else "")
    return MistakeView(f"{place}   {complaint.key}".rstrip(), complaint.wrong, complaint.example.rstrip())


def _time(left_s: int) -> str:
    return f"{left_s // 60}:{left_s % 60:02d}"
