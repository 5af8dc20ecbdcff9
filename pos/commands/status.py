"""`run_kiosk.py status`: how the till has served and how its disk is, read from the journal.

Rule: it only reads, also while the till runs; what only the running till knows, such as the line to the server, is not
here (`run_kiosk.py check` asks the server itself).
"""

import argparse
import json
import os
import sqlite3
import sys
import time
from collections.abc import Sequence
from contextlib import closing
from dataclasses import asdict, dataclass
from pathlib import Path

from pos import __version__
from pos import config as configs
from pos import words as wordbook
from pos.assembly import ASSETS, ROOT
from pos.config import Config
from pos.errors import ConfigError
from pos.house import Clocks
from pos.journal import inspection
from pos.service import Counts, Level, Served, Waits, added, level
from pos.ui.views.service import edge, size
from pos.upkeep import WEEK_DAYS, day_now, look_at_disk
from pos.words import Words

EXIT_JOURNAL, EXIT_CONFIG = 1, 2

_UNSEEN = """
    SELECT count(*) FROM event AS told WHERE kind = 'Salvaged' AND NOT EXISTS (SELECT 1 FROM event AS seen
    WHERE seen.kind = 'SalvageSeen' AND json_extract(seen.body, '$.aside') = json_extract(told.body, '$.aside'))
"""


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
    """Print the report; 1 if the journal cannot be read, 2 for a mistake in the configuration."""
    parser = argparse.ArgumentParser(prog="run_kiosk.py status", description="Show how well the till has served.")
    parser.add_argument("--config", type=Path, default=ROOT / "kiosk.yaml", metavar="FILE")
    parser.add_argument("--json", action="store_true", help="one JSON for machines instead of lines for people")
    options = parser.parse_args(argv)
    books = wordbook.load_all(ASSETS / "words")
    try:
        config = configs.load(options.config, books)
    except ConfigError as exc:
        sys.stderr.write(configs.render(exc.complaints) + "\n")
        return EXIT_CONFIG
    words = books[config.language]
    clocks = Clocks(lambda: time.time_ns() // 1_000_000, time.monotonic, lambda: time.localtime().tm_gmtoff)
    try:
        report = read(config, clocks)
    except (*inspection.FAILURES, OSError) as exc:
        sys.stderr.write(f"{words('service.no_journal')}\n{config.journal}: {exc}\n")
        return EXIT_JOURNAL
    text = json.dumps(asdict(report), indent=1, ensure_ascii=False) if options.json else as_text(report, words)
    sys.stdout.write(text + "\n")
    return os.EX_OK


def read(config: Config, clocks: Clocks) -> Report:
    """Read the report; inspection.FAILURES or OSError if there is no journal or it cannot be read."""
    today, disk = day_now(clocks), look_at_disk(config.journal, clocks)
    with closing(_open(config.journal)) as db:
        days = _days(db, day_now(clocks, days_ago=WEEK_DAYS - 1), today)
        (open_payments,) = db.execute("SELECT count(*) FROM open_payment").fetchone()
        (unseen,) = db.execute(_UNSEEN).fetchone()
    return Report(
        till=config.till,
        version=__version__,
        journal=str(config.journal),
        journal_bytes=disk.journal_bytes,
        free_bytes=disk.free_bytes,
        backup_s=disk.backup_s,
        open_payments=open_payments,
        salvages_unseen=unseen,
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


def _open(path: Path) -> sqlite3.Connection:
    """Open without writing; a journal that nobody has open is read as it stands, without SQLite's helper files."""
    closed = not path.with_name(path.name + "-wal").exists()
    uri = f"{path.absolute().as_uri()}?mode=ro" + ("&immutable=1" if closed else "")
    return sqlite3.connect(uri, uri=True, timeout=5)


def _days(db: sqlite3.Connection, since_day: str, today: str) -> dict[str, Counts]:
    """Read what was measured; a journal of the first version has no place for it."""
    if db.execute("SELECT 1 FROM sqlite_schema WHERE name = 'service'").fetchone() is None:
        return {}
    found: dict[str, dict[tuple[str, int], int]] = {}
    # A clock that leapt ahead once has left days to come.
    within = "SELECT day, measure, bucket, count FROM service WHERE day BETWEEN ? AND ?"
    rows = db.execute(within, (since_day, today))
    for day, measure, bucket, count in rows:
        found.setdefault(day, {})[measure, bucket] = count
    return dict(found)
