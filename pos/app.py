"""The program: what is said on the command line, and what it ends with.

Rule: nothing in the package imports this module; a command other than the till itself is imported when it is asked for.
"""

import argparse
import logging
import re
import signal
import sys
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path

from pos import config as configs
from pos import words as wordbook
from pos.assembly import ASSETS, ROOT, assemble, find_server, open_window, own_journal
from pos.errors import ConfigError, JournalError, JournalInUse, ScreenError

EXIT_CONFIG = 2
EXIT_JOURNAL = 3
EXIT_SCREEN = 4


def main(argv: Sequence[str] | None = None) -> int:
    """Run the till; the exit code is 0, 2 for a mistake in the configuration, 3 for the journal, 4 for no display."""
    options = _options(argv)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s %(message)s", stream=sys.stderr)
    words = {language: wordbook.load(language, ASSETS / "words") for language in wordbook.LANGUAGES}
    with ExitStack() as cleanup:
        try:
            config = configs.load(options.config, words)
            server = find_server(config, words, cleanup)
            parts = assemble(own_journal(config, server, cleanup), words, server, cleanup)
            window = open_window(parts, size=options.window)
        except ConfigError as exc:
            sys.stderr.write(configs.render(exc.complaints) + "\n")
            return EXIT_CONFIG
        except JournalError as exc:
            sentence = "start.in_use" if isinstance(exc, JournalInUse) else "start.journal"
            sys.stderr.write(words[config.language](sentence) + f"\n{exc}\n")
            return EXIT_JOURNAL
        except ScreenError as exc:
            sys.stderr.write(words[config.language]("start.no_screen") + f"\n{exc}\n")
            return EXIT_SCREEN
        # From here on the window has to be asked: an exception would be lost in the middle of a callback.
        signal.signal(signal.SIGTERM, lambda *_: window.close())
        window.run()
    return 0


def _options(argv: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="run_kiosk.py", description="The till for a bar counter.")
    parser.add_argument("--config", type=Path, default=ROOT / "kiosk.yaml", metavar="FILE")
    parser.add_argument("--window", metavar="WxH", type=_size, help="an ordinary window instead of the full screen")
    return parser.parse_args(argv)


def _size(text: str) -> str:
    if re.fullmatch(r"[1-9][0-9]{2,3}x[1-9][0-9]{2,3}", text) is None:
        raise argparse.ArgumentTypeError(f"{text!r} is not a size such as 1280x720")
    return text
