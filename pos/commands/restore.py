"""`run_kiosk.py restore`: tells which backups of the journal there are, or puts one back.

Rule: it is refused while a till runs, what it replaces stays beside the journal, and a journal that is whole and has
all of the backup is left alone. A backup does not turn the clock back: what the present journal has besides is kept
(see `salvage`), and the till tells of it at its next start.
"""

import sys
import time
from collections.abc import Sequence
from pathlib import Path

from pos import command_line
from pos.config import Config
from pos.errors import JournalError, JournalInUse, JournalNewer
from pos.exit_code import Exit
from pos.journal import backup, reading, salvage
from pos.words import Words


def main(argv: Sequence[str]) -> int:
    """List the backups, or put one back; FAILED if that one cannot be used, JOURNAL if it cannot be put back."""
    parser = command_line.parser("restore", "Bring the journal back from a backup.")
    parser.add_argument("backup", nargs="?", metavar="DAY|FILE", help="a day like 2026-11-22, or a file")
    options = parser.parse_args(argv)
    config, words = command_line.read(options.config)
    if options.backup is None:
        _list(config, words)
        return Exit.DONE
    day = backup.copy_of(config.journal, options.backup)
    return _restore(config.journal, day if day.exists() else Path(options.backup), words)


def _list(config: Config, words: Words) -> None:
    found = backup.copies(config.journal)
    sentence = "restore.list" if found else "restore.none"
    sys.stdout.write(words(sentence, folder=backup.folder_of(config.journal)) + "\n")
    whole: list[str] = []
    for copy in found:
        day = _day_of(copy)
        try:
            held = reading.contents(copy)
        except JournalError as exc:
            newer = isinstance(exc, JournalNewer)
            sys.stdout.write(words("restore.newer_line" if newer else "restore.damaged_line", day=day) + "\n")
        else:
            whole.append(day)
            sys.stdout.write(words("restore.line", day=day, orders=held.orders, last=held.last or "-") + "\n")
    if whole:
        command = command_line.again(f"restore {whole[0]}", config.path)
        sys.stdout.write(words("restore.how", command=command) + "\n")


def _day_of(copy: Path) -> str:
    return copy.stem[-len("2026-11-22") :]


def _restore(journal: Path, copy: Path, words: Words) -> int:
    if not copy.is_file():
        sys.stderr.write(words("restore.missing", name=copy) + "\n")
        return Exit.FAILED
    try:
        reading.contents(copy)
    except JournalError as exc:
        newer = isinstance(exc, JournalNewer)
        sys.stderr.write(words("restore.newer" if newer else "restore.damaged", name=copy) + "\n")
        return Exit.FAILED
    try:
        report = salvage.put_back(journal, copy, time.time_ns() // 1_000_000)
    except JournalError as exc:
        sys.stderr.write(words(_sentence(exc), why=exc) + "\n")
        return Exit.JOURNAL
    if report is None:
        sys.stdout.write(words("restore.nothing_new") + "\n")
        return Exit.DONE
    told = [words("restore.done", kept=report.kept, from_backup=report.from_backup)]
    if journal.with_name(report.aside).exists():
        told.append(words("restore.aside", aside=report.aside))
    told.append(words("restore.number", number=report.last_number + 1))
    sys.stdout.write("\n".join(told) + "\n")
    return Exit.DONE


def _sentence(error: JournalError) -> str:
    match error:
        case JournalInUse():
            return "restore.in_use"
        case JournalNewer():
            return "start.newer"
    return "restore.failed"
