"""What keeps the till from going on, and how long it waits."""

import subprocess
import sys
from pathlib import Path

import pytest

from pos.errors import Complaint, ConfigError, JournalError, JournalInUse, JournalNewer, ScreenError
from pos.fault import Crash, Mistakes, NoJournal, expected
from pos.ui.views.fault import build
from pos.words import LANGUAGES, load, load_all

ROOT = Path(__file__).resolve().parents[1]
COMPLAINT = Complaint("kiosk.yaml", 3, "theme", "no", "theme: dark")


def test_mistakes_wait_for_the_owner_and_not_for_the_clock() -> None:
    fault = expected(ConfigError([COMPLAINT]), "")
    assert fault == Mistakes((COMPLAINT,))
    assert (fault.wait_s, fault.exit_code) == (None, 2)


@pytest.mark.parametrize(("error", "in_use"), [(JournalError("full"), False), (JournalInUse("taken"), True)])
def test_a_disk_may_have_room_again_by_itself(error: JournalError, *, in_use: bool) -> None:
    fault = expected(error, "/var/journal.db")
    assert fault == NoJournal("/var/journal.db", in_use)
    assert (fault.wait_s, fault.exit_code) == (30, 3)


def test_a_folder_of_somebody_elses_is_named_and_the_sd_card_is_not_blamed() -> None:
    error = JournalError("no")
    error.__cause__ = PermissionError(13, "Permission denied", "/srv/bar/journal.db.lock")
    fault = expected(error, "/srv/bar/journal.db")
    assert fault == NoJournal("/srv/bar/journal.db", in_use=False, denied="/srv/bar")
    for language in LANGUAGES:
        told = load(language, ROOT / "assets" / "words")(fault.sentence, folder=fault.denied)
        assert "/srv/bar" in told
        assert "SD" not in told


def test_a_journal_of_a_newer_till_is_told_as_that_and_the_sd_card_is_not_blamed() -> None:
    fault = expected(JournalNewer("written by a newer version"), "/srv/bar/journal.db")
    assert fault == NoJournal("/srv/bar/journal.db", in_use=False, newer=True)
    told = load("en", ROOT / "assets" / "words")(fault.sentence)
    assert "newer version" in told
    assert "SD" not in told


def test_a_second_till_does_not_ask_for_cash_while_the_first_one_sells() -> None:
    words = load_all(ROOT / "assets" / "words")
    assert build(NoJournal("/var/journal.db", in_use=False), words, "", None).facts
    assert not build(NoJournal("/var/journal.db", in_use=True), words, "", None).facts


@pytest.mark.parametrize("error", [ValueError("ours"), ScreenError("no display")])
def test_what_was_not_expected_is_nobody_elses_fault(error: Exception) -> None:
    assert expected(error, "") is None


def test_a_till_that_stops_again_at_once_waits_longer_and_never_for_ever() -> None:
    assert (Crash("", in_loop=False).wait_s, Crash("", in_loop=True).wait_s) == (30, 600)
    assert Crash("", in_loop=True).exit_code == 1


def test_the_first_frame_loads_nothing_of_what_is_for_a_failure_or_the_first_start() -> None:
    script = "import pos.app, pos.ui.screens, pos.ui.window, sys; print(*sys.modules)"
    run = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True)
    late = ("pos.fault", "pos.first_start", "pos.ui.fault", "pos.ui.first", "pos.ui.last_window", "pos.ui.cards")
    assert [name for name in run.stdout.split() if name.startswith(late)] == []
