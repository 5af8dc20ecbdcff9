"""`run_kiosk.py pin`: asks for a new PIN twice on the terminal and prints its line for kiosk.yaml.

Rule: the digits are neither shown nor kept; kiosk.yaml itself is not touched, the owner puts the line in.
"""

import os
import secrets
import sys
from collections.abc import Callable, Sequence
from getpass import getpass
from pathlib import Path

from pos import command_line
from pos import config as configs
from pos import pin as pins
from pos import words as wordbook
from pos.assembly import ASSETS
from pos.core.way_out import PIN_LEAST, PIN_MOST
from pos.errors import ConfigError
from pos.exit_code import Exit
from pos.words import Words


def main(argv: Sequence[str], ask: Callable[[str], str] | None = None) -> int:
    """Ask for the PIN and print the line; FAILED if what was typed is no PIN, or not the same twice."""
    parser = command_line.parser("pin", "Make the line for kiosk.yaml that lets staff leave the full screen.")
    words = _words(parser.parse_args(argv).config)
    try:
        return _make(ask or (getpass if sys.stdin.isatty() else _from_a_pipe), words)
    except (KeyboardInterrupt, EOFError):
        sys.stderr.write("\n" + words("pin.stopped") + "\n")
        return Exit.STOPPED


def _make(ask: Callable[[str], str], words: Words) -> int:
    typed = ask(words("pin.first"))
    problem = ""
    if not pins.is_pin(typed):
        problem = "pin.not_a_pin"
    elif ask(words("pin.second")) != typed:
        problem = "pin.not_the_same"
    if problem:
        sys.stderr.write(words(problem, least=PIN_LEAST, most=PIN_MOST) + "\n")
        return Exit.FAILED
    sys.stdout.write(f"pin: {pins.line(typed, secrets.token_bytes(pins.SALT_BYTES))}\n")
    sys.stderr.write(words("pin.where_to") + "\n")
    return Exit.DONE


def _from_a_pipe(prompt: str) -> str:
    """Read a line where nobody types; what `input` asks would stand in the output, before the line for kiosk.yaml."""
    sys.stderr.write(prompt)
    return input()


def _words(config: Path) -> Words:
    """Speak the till's language, or the terminal's while kiosk.yaml is not right yet."""
    try:
        _, words = command_line.read(config)
    except ConfigError:
        return wordbook.load(configs.language_of(config, os.environ), ASSETS / "words")
    return words
