"""What all words of the command line share: --config, the file it names, and how a mistake in that file is told.

Rule: a command lets a ConfigError go; it is told here, in one way, and ends in one exit code.
"""

import argparse
import logging
import os
import re
import shlex
import sys
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from pos import config as configs
from pos.assembly import ASSETS, ROOT
from pos.config import Config
from pos.errors import Complaint, ConfigError
from pos.exit_code import Exit
from pos.words import Words, load_all


def parser(command: str, purpose: str, epilog: str = "") -> argparse.ArgumentParser:
    """Begin the parser of a command ("" is the till itself): its name, what it is for, and --config."""
    begun = argparse.ArgumentParser(
        prog=f"run_kiosk.py {command}".strip(),
        description=purpose,
        epilog=epilog,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    begun.add_argument("--config", type=Path, default=ROOT / "kiosk.yaml", metavar="FILE")
    return begun


def again(command: str, config: Path) -> str:
    """Write what to type for another command with the same configuration."""
    named = "" if config == ROOT / "kiosk.yaml" else f" --config {shlex.quote(str(config))}"
    return f"python3 run_kiosk.py {command}{named}"


def size(text: str) -> str:
    """Read the size of a window; argparse tells the mistake."""
    if re.fullmatch(r"[1-9][0-9]{2,3}x[1-9][0-9]{2,3}", text) is None:
        raise argparse.ArgumentTypeError(f"{text!r} is not a size such as 1280x720")
    return text


def read(path: Path) -> tuple[Config, Words]:
    """Read a configuration, and the words of its language; ConfigError."""
    books = load_all(ASSETS / "words")
    config = configs.load(path, books, otherwise=configs.language_of(path, os.environ))
    return config, books[config.language]


def run(command: Callable[[Sequence[str]], int], argv: Sequence[str]) -> int:
    """Run a command and give its exit code; a mistake in the configuration ends it and is told.

    What the parts of the till log is for the log of a till at work: a command says in words what its owner must know.
    """
    logging.basicConfig(handlers=[logging.NullHandler()])
    try:
        return command(argv)
    except ConfigError as exc:
        return refuse(exc.complaints)


def refuse(complaints: Sequence[Complaint]) -> int:
    """Tell the owner every mistake on the terminal; gives the exit code."""
    sys.stderr.write(configs.render(complaints) + "\n")
    return Exit.CONFIG


def no_such(word: str, commands: Iterable[str]) -> int:
    """Tell that there is no command of this name, and which one may be meant; gives the exit code."""
    from difflib import get_close_matches

    meant = get_close_matches(word, commands, 1)
    en, ja = (f" Did you mean {meant[0]}?", f"{meant[0]} ですか？") if meant else ("", "")
    sys.stderr.write(f"There is no command {word}.{en}\n{word} というコマンドはありません。{ja}\n")
    return Exit.CONFIG
