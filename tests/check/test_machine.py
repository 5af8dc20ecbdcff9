"""Fonts, screen, loudspeaker and clock, as this machine's programs tell of them."""

from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from pos.assembly import ASSETS
from pos.check import machine
from pos.errors import ScreenError
from pos.ui.measure import screen_size

NOW_S = 1_790_000_000


def printing(text: str | None) -> Callable[[Sequence[str]], str | None]:
    return lambda _command: text


@pytest.mark.parametrize(("listed", "reason"), [
    ("DejaVu Sans\nNoto Sans CJK JP,Noto Sans CJK JP Black\n", "fonts_ok"), ("IPAexGothic\n", "fonts_other"),
    ("DejaVu Sans\n", "fonts_missing"), ("", "fonts_missing"), (None, "fonts_unknown"),
])
def test_fonts_with_japanese_forms_are_looked_for(listed: str | None, reason: str) -> None:
    assert machine.fonts(printing(listed)).reason == reason


@pytest.mark.parametrize(("size", "reason"), [
    ((800, 480), "display_ok"), ((480, 800), "display_ok"), ((1920, 1080), "display_ok"), ((640, 480), "display_small"),
    ((800, 400), "display_small"),
])
def test_a_screen_is_measured_either_way_up(size: tuple[int, int], reason: str) -> None:
    assert machine.display(lambda: size).reason == reason


def test_a_machine_without_a_screen_is_a_note_and_no_failure(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DISPLAY", raising=False)
    found = machine.display(screen_size)
    assert (found.grade, found.reason) == ("warn", "display_none")
    with pytest.raises(ScreenError):
        screen_size()


def test_the_real_screen_is_measured(display: str) -> None:
    assert machine.display(screen_size).reason == "display_ok"


def test_a_till_that_shall_be_silent_needs_no_player(programs: Callable[..., None]) -> None:
    assert machine.sound(ASSETS / "sounds", wanted=False).reason == "sound_off"


def test_a_player_and_sounds_that_can_be_read_are_well(programs: Callable[..., None]) -> None:
    found = machine.sound(ASSETS / "sounds", wanted=True)
    assert (found.reason, found.values["player"]) == ("sound_ok", "aplay")


def test_a_sound_that_cannot_be_read_is_named(programs: Callable[..., None], tmp_path: Path) -> None:
    (tmp_path / "paid.wav").write_bytes(b"RIFF, not really")
    assert machine.sound(tmp_path, wanted=True).values == {"files": "paid.wav"}


def test_a_folder_without_sounds_is_named(programs: Callable[..., None], tmp_path: Path) -> None:
    assert machine.sound(tmp_path, wanted=True).reason == "sound_unreadable"


def test_a_machine_without_a_player_is_a_note(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    found = machine.sound(ASSETS / "sounds", wanted=True)
    assert (found.grade, found.reason) == ("warn", "sound_no_player")


@pytest.mark.parametrize(("now_s", "server_s", "reason"), [
    (NOW_S, NOW_S + 2, "clock_ok"), (NOW_S, NOW_S - 31, "clock_drifts"), (NOW_S, NOW_S + 301, "clock_wrong"),
    (NOW_S, None, "clock_alone"), (0, None, "clock_reset"), (0, NOW_S, "clock_reset"),
])
def test_the_clock_is_judged_by_the_year_and_by_the_servers(now_s: int, server_s: int | None, reason: str) -> None:
    assert [found.reason for found in machine.clock(printing(None), now_s, server_s)] == [reason]


@pytest.mark.parametrize(("said", "reasons"), [("yes\n", ["clock_alone"]), ("no\n", ["clock_alone", "clock_not_kept"])])
def test_timedatectl_is_believed(said: str, reasons: list[str]) -> None:
    assert [found.reason for found in machine.clock(printing(said), NOW_S, None)] == reasons


def test_a_program_that_fails_or_is_not_there_says_nothing(programs: Callable[..., None]) -> None:
    programs("timedatectl", "no", code=1)
    assert machine.ask(["timedatectl"]) is None
    assert machine.ask(["no-such-program"]) is None
    assert machine.ask(["fc-list"]) == "Noto Sans CJK JP\n"
