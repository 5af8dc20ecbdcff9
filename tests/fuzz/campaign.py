"""Runs cases against a parser, counts how they end, and makes whatever it finds small.

Rule: a case is made from the seed, the parser's name and the case's number, and from nothing else. The alarm is a guard
against a parser that never comes back, not a measure of speed.
"""

import signal
import time
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from types import FrameType
from typing import TypeVar

from tests.fuzz import corpus
from tests.fuzz.edits import LARGEST, Edit

_Value = TypeVar("_Value")
_Error = TypeVar("_Error", bound=Exception)

Judge = Callable[[bytes], bool]

_GUARD_S = 20
_MOST_TRIES = 400
_FROM_GOOD = 0.7


@dataclass(frozen=True, slots=True)
class Parser:
    """Something that reads what others wrote; `judge_in` gets an empty folder and gives the judge of one case.

    The judge says whether the parser took the case, and lets any exception through that the parser may not raise.
    """

    name: str
    edits: tuple[Edit, ...]
    judge_in: Callable[[Path], Judge]


@dataclass(frozen=True, slots=True)
class Finding:
    """One way in which a parser broke its promise; `number` is the first such case, `smallest` what is left of it."""

    what: str
    number: int
    times: int
    smallest: bytes


@dataclass(slots=True)
class Tally:
    """How the cases of one parser ended; both ends must be met, or the fuzzing says nothing."""

    parser: str
    seed: int
    cases: int = 0
    taken: int = 0
    refused: int = 0
    seconds: float = 0.0
    findings: dict[str, Finding] = field(default_factory=dict)


class Stuck(BaseException):
    """The alarm rang; not an Exception, so that no parser takes it for a mistake in its input."""


def outcome(ask: Callable[[], _Value], error: type[_Error]) -> _Value | _Error:
    """Give what a parser gives, or the one error that it may raise."""
    try:
        return ask()
    except error as exc:
        return exc


def case_of(parser: Parser, seed: int, number: int) -> bytes:
    """Make one case: the corpus as it is comes first, then inputs of it with one to four edits."""
    inputs = corpus.inputs(parser.name)
    whole = [*inputs, *corpus.huge(parser.name)]
    if number < len(whole):
        return whole[number]
    chance = Random(f"{seed} {parser.name} {number}")
    # Most of what is bad already is refused at once; from what is good the edits get further.
    case = chance.choice(corpus.good(parser.name) if chance.random() < _FROM_GOOD else inputs)
    for _ in range(chance.choice((1, 1, 1, 2, 3, 4))):
        case = chance.choice(parser.edits)(chance, case, inputs)[:LARGEST]
    return case


def run(parser: Parser, *, cases: int, seed: int, room: Path) -> Tally:
    """Run the first so many cases of a seed; `room` is an empty folder."""
    judge = parser.judge_in(room)
    tally = Tally(parser.name, seed)
    began_s = time.monotonic()
    for number in range(cases):
        case = case_of(parser, seed, number)
        what = _broken_promise(judge, case, tally)
        if what is not None:
            _note(tally, what, number, case, judge)
    tally.seconds = time.monotonic() - began_s
    return tally


def _broken_promise(judge: Judge, case: bytes, tally: Tally | None = None) -> str | None:
    try:
        with _alarm():
            taken = judge(case)
    except Stuck:
        what = f"Stuck: not back after {_GUARD_S} s"
    except Exception as exc:  # noqa: BLE001 whatever a parser may not raise is what is looked for
        what = _name(exc)
    else:
        what = None
    if tally is not None:
        tally.cases += 1
        tally.taken += what is None and taken
        tally.refused += what is None and not taken
    return what


def _name(exc: Exception) -> str:
    """Tell findings apart by the exception and the innermost place of ours."""
    ours = [frame for frame in traceback.extract_tb(exc.__traceback__) if "/pos/" in frame.filename]
    place = f"{Path(ours[-1].filename).name}:{ours[-1].name}" if ours else "the oracle"
    if isinstance(exc, AssertionError):
        place = f"{traceback.extract_tb(exc.__traceback__)[-1].line}"
    return f"{type(exc).__name__} in {place}"


def _note(tally: Tally, what: str, number: int, case: bytes, judge: Judge) -> None:
    known = tally.findings.get(what)
    if known is not None:
        tally.findings[what] = Finding(what, known.number, known.times + 1, known.smallest)
    else:
        tally.findings[what] = Finding(what, number, 1, smaller(judge, what, case))


def smaller(judge: Judge, what: str, case: bytes) -> bytes:
    """Take out whatever can be taken out while the very same promise is broken."""
    tries, size = _MOST_TRIES, max(1, len(case) // 2)
    while size and tries > 0:
        at = 0
        while at < len(case) and tries > 0:
            tries -= 1
            without = case[:at] + case[at + size :]
            if _broken_promise(judge, without) == what:
                case = without
            else:
                at += size
        size //= 2
    return case


@contextmanager
def _alarm() -> Iterator[None]:
    def ring(_number: int, _frame: FrameType | None) -> None:
        raise Stuck

    before = signal.signal(signal.SIGALRM, ring)
    signal.alarm(_GUARD_S)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)
