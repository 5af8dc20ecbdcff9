"""`run_kiosk.py pin`: asks for a new PIN twice on the terminal and prints its line for kiosk.yaml.

Rule: the digits are neither shown nor kept; kiosk.yaml itself is not touched, the owner puts the line in.
"""

import argparse
import os
import secrets
import sys
from collections.abc import Callable, Sequence
from getpass import getpass
from pathlib import Path

from pos import config as configs
from pos import pin as pins
from pos import words as wordbook
from pos.assembly import ASSETS, ROOT
from pos.core.way_out import PIN_LEAST, PIN_MOST
from pos.errors import ConfigError
from pos.words import Words


def main(argv: Sequence[str], ask: Callable[[str], str] = getpass) -> int:
    """Ask for the PIN and print the line; 1 if what was typed is no PIN, or not the same twice."""
    parser = argparse.ArgumentParser(
        prog="run_kiosk.py pin", description="Make the line for kiosk.yaml that lets staff leave the full screen."
    )
    parser.add_argument("--config", type=Path, default=ROOT / "kiosk.yaml", metavar="FILE")
    words = _words(parser.parse_args(argv).config)
    typed = ask(words("pin.first"))
    problem = ""
    if not pins.is_pin(typed):
        problem = "pin.not_a_pin"
    elif ask(words("pin.second")) != typed:
        problem = "pin.not_the_same"
    if problem:
        sys.stderr.write(words(problem, least=PIN_LEAST, most=PIN_MOST) + "\n")
        return 1
    sys.stdout.write(f"pin: {pins.line(typed, secrets.token_bytes(pins.SALT_BYTES))}\n")
    sys.stderr.write(words("pin.where_to") + "\n")
    return 0


def _words(config: Path) -> Words:
    """Speak the till's language, or the terminal's while kiosk.yaml is not right yet."""
    books = wordbook.load_all(ASSETS / "words")
    try:
        return books[configs.load(config, books).language]
    except ConfigError:
        return books[wordbook.preferred(os.environ)]
