"""Every reason has its sentences, and no sentence is left over."""

import re
from pathlib import Path

import pytest

from pos.check.finding import Grade, fail, ok, problem_told, warn, worst
from pos.check.report import line
from pos.check.tour import STEPS
from pos.core.problem import Problem
from pos.words import LANGUAGES, load

ROOT = Path(__file__).resolve().parents[2]
SOURCE = "\n".join(path.read_text(encoding="utf-8") for path in sorted((ROOT / "pos").rglob("*.py")))
WORDS = {language: load(language, ROOT / "assets" / "words") for language in LANGUAGES}


def reasons_of(section: str) -> set[str]:
    start = f"check.{section}."
    return {key.removeprefix(start) for key in WORDS["en"].sentences if key.startswith(start)}


def test_every_sentence_is_said_somewhere() -> None:
    assert {reason for reason in reasons_of("found") if f'"{reason}"' not in SOURCE} == set()
    assert reasons_of("do") <= reasons_of("found")


def test_every_reason_in_the_source_has_its_sentence() -> None:
    said = set(re.findall(r"""\b(?:ok|warn|fail)\(\s*"\w+",\s*"(\w+)\"""", SOURCE))
    assert len(said) > 40
    assert said <= reasons_of("found")


def test_every_step_has_a_name() -> None:
    assert reasons_of("step") == set(STEPS)


def test_a_warning_or_failure_always_says_what_to_do() -> None:
    never_wrong = {reason for reason in reasons_of("found") if reason not in reasons_of("do")}
    for reason in never_wrong:
        graded = re.findall(rf'\b(fail|warn)\(\s*"\w+",\s*"{reason}"', SOURCE)
        assert graded == [], reason


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_problem_of_the_server_is_said_in_the_owners_words(language: str) -> None:
    said = line(fail("server", "server_problem", problem="slow"), WORDS[language])
    assert WORDS[language]("problem.slow") in said


@pytest.mark.parametrize("problem", Problem)
def test_the_owner_is_never_told_to_tell_the_owner(problem: Problem) -> None:
    assert "the owner" not in problem_told(problem, WORDS["en"])
    assert "店主" not in problem_told(problem, WORDS["ja"])


def test_the_gravest_grade_counts() -> None:
    good, note, bad = ok("sync", "sync_ok"), warn("clock", "clock_not_kept"), fail("sync", "sync_behind")
    assert worst([]) is worst([good]) is Grade.OK
    assert worst([good, note]) is Grade.WARN
    assert worst([note, bad, good]) is Grade.FAIL
