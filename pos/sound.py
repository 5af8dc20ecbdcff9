"""Lets the counter hear what happened, through whatever plays a WAV file on this machine.

Rule: a sound is never waited for and never worth an error: a till without a loudspeaker sells all the same.
"""

import logging
import shutil
import subprocess
from pathlib import Path

log = logging.getLogger(__name__)

_PLAYERS = (("pw-play",), ("paplay",), ("aplay", "-q"))
"""PipeWire, PulseAudio, plain ALSA: Raspberry Pi OS has one of them."""


def find_player() -> list[str] | None:
    """Give the command that plays a file named behind it, None if this machine has none."""
    found = ((shutil.which(name), options) for name, *options in _PLAYERS)
    return next(([path, *options] for path, options in found if path), None)


class Player:
    """Plays the files of one directory by their name without `.wav`."""

    def __init__(self, directory: Path, *, enabled: bool) -> None:
        self._directory = directory
        self._command = find_player() if enabled else None
        self._playing: list[subprocess.Popen[bytes]] = []
        if enabled and self._command is None:
            log.warning("sound: no pw-play, paplay or aplay on this machine, the till stays silent")

    def play(self, name: str) -> None:
        """Begin to play a sound and return."""
        self._playing = [player for player in self._playing if player.poll() is None]
        if self._command is None:
            return
        try:
            self._playing.append(
                subprocess.Popen(  # noqa: S603 a program found on PATH, with a file of our own
                    [*self._command, str(self._directory / f"{name}.wav")],
                    stdin=subprocess.DEVNULL,
                    stdout=subprocess.DEVNULL,
                    stderr=subprocess.DEVNULL,
                )
            )
        except OSError as exc:
            log.warning("sound=%s %s", name, exc)
