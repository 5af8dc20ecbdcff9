"""The first kiosk.yaml: the shipped one with its comments, in the language that was chosen, for practice or for real.

Rule: nothing is left half-written: a file that is there reads as it should, and before that there is none.
"""

import re
from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from pos import config as configs
from pos import pairing, private
from pos.core.route import Route
from pos.errors import ConfigError, PairingError
from pos.first_start.pages import Connect, NotSaved, Practise, Saved
from pos.words import Words

_LANGUAGE: Final = re.compile(r"^language:[^\n#]*", re.MULTILINE)
_SERVER: Final = re.compile(r"^server:[^\n]*\n(?:[ \t]+[^\n]*\n)*", re.MULTILINE)
_NETWORK: Final = re.compile(r"^[ \t]+network:[^\n]*\n", re.MULTILINE)
_KIOSK: Final = re.compile(r"^kiosk:[^\n#]*", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Place:
    """Where kiosk.yaml is to be, what it is made from, and whether the till has the whole screen."""

    path: Path
    template: Path
    full_screen: bool


def connect(wish: Connect, place: Place, words: Mapping[str, Words]) -> Saved | NotSaved:
    """Write a configuration for the owner's server, and the key into a file of its own."""
    settings = pairing.Settings(Route(wish.address), wish.store_id, wish.key)
    try:
        with TemporaryDirectory() as folder:
            template = Path(folder) / "kiosk.yaml"
            if place.template.is_file():
                template.write_text(_adapted(place, wish.language), encoding="utf-8")
            private.make_folder(place.path.parent)
            pairing.write(place.path, template, settings, words)
    except PairingError as exc:
        return NotSaved(pairing.sentence(exc, words[wish.language]))
    except (ConfigError, OSError) as exc:
        return _failed(exc, place, words[wish.language])
    return Saved()


def practise(wish: Practise, place: Place, words: Mapping[str, Words]) -> Saved | NotSaved:
    """Write a configuration for the practice server."""
    draft = place.path.with_name(f".{place.path.name}.first")
    try:
        # What the till is installed from may have been paired: nobody practises with real money.
        text = _NETWORK.sub("", _SERVER.sub("server: demo\n", _adapted(place, wish.language), count=1))
        private.make_folder(draft.parent)
        with ExitStack() as undo:
            undo.callback(draft.unlink, missing_ok=True)
            draft.unlink(missing_ok=True)
            draft.touch(mode=private.FILE_MODE, exist_ok=False)
            draft.write_text(text, encoding="utf-8")
            configs.load(draft, words)
            private.flush(draft)
            draft.rename(place.path)
            private.flush(place.path.parent)
    except (ConfigError, OSError) as exc:
        return _failed(exc, place, words[wish.language])
    return Saved()


def _adapted(place: Place, language: str) -> str:
    """Take the shipped file with its comments; its own words for language and screen are replaced."""
    text = _LANGUAGE.sub(f"language: {language}", place.template.read_text(encoding="utf-8"), count=1)
    return _KIOSK.sub("kiosk: true", text, count=1) if place.full_screen else text


def _failed(error: ConfigError | OSError, place: Place, words: Words) -> NotSaved:
    if isinstance(error, ConfigError):
        complaint = error.complaints[0]
        where = f"{place.path.name}:{complaint.line or '?'} {complaint.key}".rstrip()
        return NotSaved(words("first.mistake", place=where, wrong=complaint.wrong))
    return NotSaved(words("first.not_written", why=error.strerror or type(error).__name__))
