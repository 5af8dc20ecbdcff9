"""`run_kiosk.py status`: how the till has served and how its disk is, read from the journal.

Rule: it only reads, also while the till runs; what only the running till knows, such as the line to the server, is not
here (`run_kiosk.py check` asks the server itself).
"""

import json
import sys
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from pos import __version__, command_line
from pos.config import Config
from pos.errors import JournalDamaged, JournalError
from pos.exit_code import Exit
from pos.house import Clocks
from pos.journal import reading
from pos.journal.claim import lock_of
from pos.service import Level, Served, Waits, added, level
from pos.ui.views.service import edge, size
from pos.upkeep import WEEK_DAYS, day_now, look_at_disk
from pos.words import Words


@dataclass(frozen=True, slots=True)
class Report:
    """What the journal and its disk tell; times in unix seconds, waits in milliseconds as upper edges."""

    till: str
    version: str
    journal: str
    journal_bytes: int | None
    free_bytes: int | None
    backup_s: int | None
    open_payments: int
    salvages_unseen: int
    service: Served


def main(argv: Sequence[str]) -> int:
    """Print the report; JOURNAL if there is none to read, and machines are told why as well."""
    parser = command_line.parser("status", "Show how well the till has served.")
    parser.add_argument("--json", action="store_true", help="one JSON for machines instead of lines for people")
    options = parser.parse_args(argv)
    config, words = command_line.read(options.config)
    clocks = Clocks(lambda: time.time_ns() // 1_000_000, time.monotonic, lambda: time.localtime().tm_gmtoff)
    try:
        report = read(config, clocks)
    except JournalError as exc:
        problem = _why(config.journal, exc)
        sys.stderr.write(words(f"service.{problem}", file=config.journal, why=exc) + "\n")
        if options.json:
            told = {"till": config.till, "version": __version__, "journal": str(config.journal), "problem": problem}
            sys.stdout.write(json.dumps(told, indent=1, ensure_ascii=False) + "\n")
        return Exit.JOURNAL
    text = json.dumps(asdict(report), indent=1, ensure_ascii=False) if options.json else as_text(report, words)
    sys.stdout.write(text + "\n")
    return Exit.DONE


def _why(journal: Path, exc: JournalError) -> str:
    """Say why a journal could not be read, as the end of the key of its words."""
    if isinstance(exc, JournalDamaged):
        return "broken"
    try:
        journal.stat()
    except OSError as hidden:
        # With any other error it may well be there, for somebody else to see.
        if isinstance(hidden, FileNotFoundError):
            return "lost" if lock_of(journal).exists() else "not_started"
    return "unreadable"


def read(config: Config, clocks: Clocks) -> Report:
    """Read the report; JournalError if there is no journal or it cannot be read."""
    today, disk = day_now(clocks), look_at_disk(config.journal, clocks)
    found = reading.summary(config.journal, day_now(clocks, days_ago=WEEK_DAYS - 1))
    # A clock that leapt ahead once has left days to come.
    days = {day: counts for day, counts in found.service.items() if day <= today}
    return Report(
        till=config.till,
        version=__version__,
        journal=str(config.journal),
        journal_bytes=disk.journal_bytes,
        free_bytes=disk.free_bytes,
        backup_s=disk.backup_s,
        open_payments=found.open_payments,
        salvages_unseen=found.salvages_unseen,
        service=Served(level(days.get(today, {})), level(added(*days.values()))),
    )


def as_text(report: Report, words: Words) -> str:
    """Write the report in lines for people."""
    served = report.service
    rows = [
        (words("service.name"), f"{report.till} · {report.version}"),
        (words("service.journal"), f"{size(words, report.journal_bytes)} ({report.journal})"),
        (words("service.free"), size(words, report.free_bytes)),
        (words("service.backup"), _moment(report.backup_s, words)),
        (words("service.open"), str(report.open_payments)),
        (words("service.salvages"), str(report.salvages_unseen)),
    ]
    lines = [f"{label}: {figure}" for label, figure in rows]
    for key, one in (("service.today", served.today), ("service.week", served.week)):
        lines += ["", words(key), *(f"  {line}" for line in _level(one, words))]
    return "\n".join([*lines, "", words("service.note")])


def _level(of: Level, words: Words) -> list[str]:
    return [
        f"{words('service.to_qr')}: {_waits(of.to_qr, words)}",
        f"{words('service.to_paid')}: {_waits(of.to_paid, words)}",
        f"{words('service.failed')}: {of.poll_failures:,} / {of.polls:,}",
        f"{words('service.no_qr')}: {of.no_qr:,} / {of.no_qr + of.to_qr.count:,}",
    ]


def _waits(of: Waits, words: Words) -> str:
    names = ("half", "most", "nearly_all", "longest")
    times = (of.half_ms, of.most_ms, of.nearly_all_ms, of.longest_ms)
    if not of.count:
        return "–"
    figures = [f"{words(f'service.{name}')} {edge(words, ms)}" for name, ms in zip(names, times, strict=True)]
    return ", ".join([*figures, f"{words('service.count')} {of.count:,}"])


def _moment(at_s: int | None, words: Words) -> str:
    return words("status.never") if at_s is None else time.strftime("%Y-%m-%d %H:%M", time.localtime(at_s))
