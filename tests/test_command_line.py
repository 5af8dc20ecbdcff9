"""What all commands share, run as the first word of the command line."""

import subprocess
import sys
from pathlib import Path

import pytest

from pos import app, command_line
from pos.exit_code import MEANINGS, Exit
from pos.journal import backup
from pos.journal.journal import Journal

ROOT = Path(__file__).resolve().parents[1]
DAY = "2026-11-21"


@pytest.fixture
def config(tmp_path: Path) -> Path:
    path = tmp_path / "kiosk.yaml"
    path.write_text((ROOT / "kiosk.yaml").read_text(encoding="utf-8"), encoding="utf-8")
    return path


def run(config: Path, *words: str) -> int:
    return app.main([*words, "--config", str(config)])


@pytest.mark.parametrize("command", ["status", "restore", "pair"])
def test_mistakes_in_the_configuration_are_told_all_at_once_and_in_the_same_way(
    config: Path, command: str, capsys: pytest.CaptureFixture[str]
) -> None:
    config.write_text(config.read_text(encoding="utf-8") + "\ncolour: blue\nsize: big\n", encoding="utf-8")
    assert run(config, command) == Exit.CONFIG
    said = capsys.readouterr()
    assert all(name in said.err for name in ("kiosk.yaml:", "colour", "size"))
    assert said.out == ""


def test_a_configuration_is_read_with_the_words_of_its_language(config: Path) -> None:
    config.write_text(config.read_text(encoding="utf-8").replace("language: ja", "language: en"), encoding="utf-8")
    read, words = command_line.read(config)
    assert (read.language, words.language) == ("en", "en")


def test_the_next_command_is_for_the_configuration_of_this_one() -> None:
    assert command_line.again("check", command_line.ROOT / "kiosk.yaml") == "python3 run_kiosk.py check"
    assert command_line.again("check", Path("my bar.yaml")) == "python3 run_kiosk.py check --config 'my bar.yaml'"


@pytest.mark.parametrize("journal", ["missing", "damaged"])
def test_a_journal_that_cannot_be_read_ends_in_the_code_for_the_journal(config: Path, journal: str) -> None:
    if journal == "damaged":
        path = config.parent / "var" / "journal.db"
        path.parent.mkdir()
        path.write_bytes(b"this is a shopping list " * 500)
    assert run(config, "status") == Exit.JOURNAL


def test_a_journal_that_another_till_holds_ends_in_the_same_code(config: Path) -> None:
    path = config.parent / "var" / "journal.db"
    till = Journal(path)
    backup.make(path, DAY)
    assert run(config, "restore", DAY) == Exit.JOURNAL
    till.close()


@pytest.mark.parametrize(("word", "meant"), [("chek", "Did you mean check?"), ("xyzzy", "command xyzzy.\n")])
def test_a_command_that_is_mistyped_is_told_with_the_one_that_is_meant(
    word: str, meant: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert app.main([word]) == Exit.CONFIG
    assert meant in capsys.readouterr().err


def test_help_lists_what_it_may_end_with() -> None:
    command = [sys.executable, "run_kiosk.py", "--help"]
    said = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    assert MEANINGS.keys() == set(Exit)
    assert all(f"\n  {code.value:<9} {meaning}\n" in said for code, meaning in MEANINGS.items())
