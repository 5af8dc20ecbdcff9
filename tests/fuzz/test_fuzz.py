"""No parser can be surprised: a fixed number of cases from a fixed seed, and what the fuzzing itself must be able to.

`python -m tests.fuzz --cases N --seed S` runs more, and other, cases.
"""

import logging
from pathlib import Path
from random import Random

import pytest

from tests.fuzz import campaign, corpus, edits, second_reader
from tests.fuzz.__main__ import main
from tests.fuzz.campaign import Parser, run
from tests.fuzz.parsers import PARSERS

SEED = 21
CASES = {
    "bech32": 900,
    "bolt11": 900,
    "config": 900,
    "words": 1200,
    "pairing": 2000,
    "pin": 900,
    "greenfield": 1200,
    "date": 2000,
    "certificate": 2000,
    "journal": 400,
}
"""What takes about a second and a half each."""


@pytest.fixture
def _quiet() -> object:
    """Leave the log alone: a journal full of garbage has a lot to say."""
    logging.disable(logging.CRITICAL)
    yield
    logging.disable(logging.NOTSET)


@pytest.mark.usefixtures("_quiet")
@pytest.mark.parametrize("name", PARSERS)
def test_whatever_it_is_handed_a_parser_gives_a_good_value_or_its_own_error(name: str, tmp_path: Path) -> None:
    tally = run(PARSERS[name], cases=CASES[name], seed=SEED, room=tmp_path)
    assert not tally.findings, tally.findings
    assert tally.taken + tally.refused == tally.cases == CASES[name]
    assert min(tally.taken, tally.refused) > CASES[name] // 50, "cases that all end alike say nothing"


@pytest.mark.usefixtures("_quiet")
@pytest.mark.parametrize("name", PARSERS)
def test_what_is_good_is_taken(name: str, tmp_path: Path) -> None:
    judge = PARSERS[name].judge_in(tmp_path)
    for case in corpus.good(name):
        assert judge(case), case[:300]


def test_every_parser_has_its_inputs_and_nothing_else_lies_there() -> None:
    assert {path.name for path in (Path(corpus.__file__).parent / "corpus").iterdir()} == set(PARSERS) == set(CASES)


# --- the fuzzing itself ----------------------------------------------------------------------------------------------


def breaks_at(word: bytes) -> Parser:
    """Make a parser that cannot bear a word."""

    def judge(case: bytes) -> bool:
        if word in case:
            raise KeyError(word)
        return True

    return Parser("bech32", edits.BYTES, lambda _room: judge)


def test_a_case_is_made_again_from_its_seed_and_number() -> None:
    numbers = range(len(corpus.inputs("bolt11")), 300)
    first = [campaign.case_of(PARSERS["bolt11"], 7, number) for number in numbers]
    assert first == [campaign.case_of(PARSERS["bolt11"], 7, number) for number in numbers]
    assert first != [campaign.case_of(PARSERS["bolt11"], 8, number) for number in numbers]


def test_a_finding_is_counted_and_made_as_small_as_it_can_be(tmp_path: Path) -> None:
    (finding,) = run(breaks_at(b"el"), cases=100, seed=1, room=tmp_path).findings.values()
    assert (finding.what, finding.smallest) == ("KeyError in the oracle", b"el")
    assert finding.times > 1


def test_a_parser_that_never_comes_back_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def judge(case: bytes) -> bool:
        while case == corpus.inputs("bech32")[0]:
            pass
        return True

    monkeypatch.setattr(campaign, "_GUARD_S", 1)
    monkeypatch.setattr(campaign, "_MOST_TRIES", 0)
    tally = run(Parser("bech32", edits.BYTES, lambda _room: judge), cases=2, seed=1, room=tmp_path)
    assert list(tally.findings) == ["Stuck: not back after 1 s"]
    assert tally.taken == 1


@pytest.mark.parametrize("edit", {edit for parser in PARSERS.values() for edit in parser.edits})
def test_an_edit_never_fails_whatever_it_is_given(edit: edits.Edit) -> None:
    others = [b"", b"\xff\n{", b'200 x\n{"a": [1, {"b": null}]}', b"a:\n  - b: 5\n", *corpus.good("bolt11")[:2]]
    chance = Random(1)
    changed = 0
    for _ in range(300):
        case = chance.choice(others)
        changed += edit(chance, case, others) != case
    assert changed > 100


def test_the_second_reader_agrees_with_the_specification() -> None:
    for text in corpus._specified("bolt11", "valid"):
        assert second_reader.read(text.decode()) is not None
    for text in corpus._specified("bolt11", "invalid"):
        assert second_reader.read(text.decode()) is None


def test_the_command_says_how_many_cases_ended_how(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--cases", "50", "--seed", "3", "--parser", "pin", "--json"]) == 0
    logging.disable(logging.NOTSET)
    assert '"cases": 50' in capsys.readouterr().out
