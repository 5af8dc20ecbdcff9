"""This machine: its fonts, screen, loudspeaker and clock.

Rule: programs of the system are asked, never changed; one that is not installed is no mistake.
"""

import subprocess
import wave
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Final

from pos.check.finding import Finding, fail, ok, warn
from pos.errors import ScreenError
from pos.sound import find_player
from pos.ui.theme import FAMILIES

Ask = Callable[[Sequence[str]], str | None]
"""Runs a program and gives what it printed; None if it is not there or did not end well."""

_LEAST_PX: Final = (480, 800)
_ASK_TIMEOUT_S: Final = 10
_NOT_BEFORE_S: Final = 1_767_225_600  # 2026-01-01: a clock before this till's first year has lost its time
_MOST_DRIFT_S: Final = 30
_MUCH_DRIFT_S: Final = 300  # certificates and expiry times begin to be misjudged


def ask(command: Sequence[str]) -> str | None:
    """Run a program of this machine."""
    try:
        run = subprocess.run(  # noqa: S603 our own few commands
            command, capture_output=True, text=True, timeout=_ASK_TIMEOUT_S, check=True, stdin=subprocess.DEVNULL
        )
    except (OSError, subprocess.SubprocessError):
        return None
    return run.stdout


def fonts(ask: Ask) -> Finding:
    """Look for the font with Japanese forms; others would show Chinese ones."""
    listed = ask(["fc-list", ":", "family"])
    if listed is None:
        return warn("fonts", "fonts_unknown", family=FAMILIES[0])
    names = {name.strip() for line in listed.splitlines() for name in line.split(",")}
    japanese = next((family for family in FAMILIES[:-1] if family in names), None)
    if japanese is None:
        return fail("fonts", "fonts_missing", family=FAMILIES[0])
    if japanese != FAMILIES[0]:
        return warn("fonts", "fonts_other", family=FAMILIES[0], found=japanese)
    return ok("fonts", "fonts_ok", family=japanese)


def display(measure: Callable[[], tuple[int, int]]) -> Finding:
    """Measure the screen; without one, as by ssh, that is said and is no failure."""
    try:
        width, height = measure()
    except ScreenError:
        return warn("display", "display_none")
    enough = all(have >= least for have, least in zip(sorted((width, height)), _LEAST_PX, strict=True))
    grade = ok if enough else fail
    return grade("display", "display_ok" if enough else "display_small", width=width, height=height)


def sound(directory: Path, *, wanted: bool) -> Finding:
    """Look for a player and read every sound; a till without a loudspeaker sells all the same."""
    if not wanted:
        return ok("sound", "sound_off")
    player = find_player()
    if player is None:
        return warn("sound", "sound_no_player")
    broken = [path.name for path in sorted(directory.glob("*.wav")) if not _plays(path)]
    if broken or not any(directory.glob("*.wav")):
        return warn("sound", "sound_unreadable", files=", ".join(broken) or str(directory))
    return ok("sound", "sound_ok", player=Path(player[0]).name)


def _plays(path: Path) -> bool:
    try:
        with wave.open(str(path), "rb") as recording:
            return recording.getnframes() > 0
    except (OSError, EOFError, wave.Error):
        return False


def clock(ask: Ask, now_s: int, server_now_s: int | None) -> Iterator[Finding]:
    """Compare the clock with the year and with the server's, and ask whether the network keeps it."""
    drift_s = None if server_now_s is None else abs(now_s - server_now_s)
    if now_s < _NOT_BEFORE_S:
        yield fail("clock", "clock_reset")
    elif drift_s is None:
        yield ok("clock", "clock_alone")
    elif drift_s > _MUCH_DRIFT_S:
        yield fail("clock", "clock_wrong", minutes=drift_s // 60)
    elif drift_s > _MOST_DRIFT_S:
        yield warn("clock", "clock_drifts", seconds=drift_s)
    else:
        yield ok("clock", "clock_ok", seconds=drift_s)
    kept = ask(["timedatectl", "show", "--property=NTPSynchronized", "--value"])
    if kept is not None and kept.strip() == "no":
        yield warn("clock", "clock_not_kept")
