"""`run_kiosk.py restore`: tells which backups of the journal there are, or puts one back.

Rule: it is refused while a till runs, and what it replaces stays beside the journal. A backup does not turn the clock
back: what the present journal has besides is kept (see `salvage`), and the till tells of it at its next start.
"""

import argparse
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from pos import config as configs
from pos import words as wordbook
from pos.assembly import ASSETS, ROOT
from pos.errors import ConfigError, JournalError, JournalInUse
from pos.journal import backup, reading, salvage
from pos.words import Words

EXIT_UNUSABLE = 1
EXIT_CONFIG = 2
EXIT_JOURNAL = 3


def main(argv: Sequence[str]) -> int:
    """List the backups, or put one back; 1 if it cannot be used, 2 for the configuration, 3 for the journal."""
    parser = argparse.ArgumentParser(prog="run_kiosk.py restore", description="Bring the journal back from a backup.")
    parser.add_argument("backup", nargs="?", metavar="DAY|FILE", help="a day like 2026-11-22, or a file")
    parser.add_argument("--config", type=Path, default=ROOT / "kiosk.yaml", metavar="FILE")
    options = parser.parse_args(argv)
    books = wordbook.load_all(ASSETS / "words")
    try:
        config = configs.load(options.config, books)
    except ConfigError as exc:
        sys.stderr.write(configs.render(exc.complaints) + "\n")
        return EXIT_CONFIG
    words = books[config.language]
    if options.backup is None:
        _list(config.journal, words)
        return 0
    day = backup.copy_of(config.journal, options.backup)
    return _restore(config.journal, day if day.exists() else Path(options.backup), words)


def _list(journal: Path, words: Words) -> None:
    found = backup.copies(journal)
    sentence = "restore.list" if found else "restore.none"
    sys.stdout.write(words(sentence, folder=backup.folder_of(journal)) + "\n")
    for copy in found:
        day = _day_of(copy)
        try:
            held = reading.contents(copy)
        except JournalError:
            sys.stdout.write(words("restore.damaged_line", day=day) + "\n")
        else:
            sys.stdout.write(words("restore.line", day=day, orders=held.orders, last=held.last or "-") + "\n")
    if found:
        sys.stdout.write(words("restore.how", day=_day_of(found[0])) + "\n")


def _day_of(copy: Path) -> str:
    return copy.stem[-len("2026-11-22") :]


def _restore(journal: Path, copy: Path, words: Words) -> int:
    if not copy.is_file():
        sys.stderr.write(words("restore.missing", name=copy) + "\n")
        return EXIT_UNUSABLE
    try:
        reading.contents(copy)
    except JournalError as exc:
        sys.stderr.write(words("restore.damaged", name=copy) + f"\n{exc}\n")
        return EXIT_UNUSABLE
    try:
        report = salvage.put_back(journal, copy, time.time_ns() // 1_000_000)
    except JournalError as exc:
        sentence = "restore.in_use" if isinstance(exc, JournalInUse) else "restore.failed"
        sys.stderr.write(words(sentence) + f"\n{exc}\n")
        return EXIT_JOURNAL
    told = words("restore.done", kept=report.kept, from_backup=report.from_backup, aside=report.aside)
    sys.stdout.write(f"{told}\n" + words("restore.number", number=report.last_number + 1) + "\n")
    return 0
