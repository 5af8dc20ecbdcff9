"""A journal with a past, and ways in which its files come to harm: drawn from a seed, on real files.

Rule: the truth is what SQLite itself read from the whole journal; what is on which page is known before it breaks.
"""

import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path
from random import Random

from pos.core.cart import Line
from pos.core.menu import StockChanged
from pos.core.payment_events import Entry, Event, HandedOver, Opened, Quoted, RanOut, Settled, TwinFound
from pos.journal import pages
from pos.journal.journal import Journal
from tests.samples import ATTEMPT, BEER, NOTHING, QUOTE, TRAIL

NOW_MS = 1_795_374_000_000
PAGE = 4096
ORDERS = 120
LONG = 40
"""So many lines of different items do not fit on a page of a database."""


@dataclass(frozen=True)
class Past:
    """The files of a journal, its rows in order, and which of them stand whole where in the file ("") and its log."""

    folder: Path
    rows: tuple[pages.Row, ...]
    places: dict[tuple[str, int], frozenset[int]]

    def untouched(self, path: Path) -> set[int]:
        """Give every entry that stands on a page to which nothing was done."""
        kept: set[int] = set()
        before, after = contents(self.folder / "journal.db"), contents(path)
        for (end, at), here in self.places.items():
            if before[end][at : at + PAGE] == after.get(end, b"")[at : at + PAGE]:
                kept |= here
        return kept


def contents(path: Path) -> dict[str, bytes]:
    """Read a journal's file and its log as they are; what is empty or not there is left out."""
    files = {end: path.with_name(path.name + end) for end in ("", "-wal")}
    return {end: file.read_bytes() for end, file in files.items() if file.exists() and file.stat().st_size}


def live(path: Path, orders: int = ORDERS) -> None:
    """Sell: most orders are paid, some ran out, a few are still open; one in fifteen is very long."""
    journal = Journal(path)
    for number in range(1, orders + 1):
        lines = tuple(Line(f"beer-{n}", BEER.names, BEER.price, 1) for n in range(LONG if number % 15 == 0 else 2))
        attempt = replace(ATTEMPT, order=replace(ATTEMPT.order, number=number, lines=lines))
        twin = replace(attempt, twin=f"Inv{number}")
        quoted = Quoted(replace(QUOTE, bolt11="lnbcrt1" + "x" * 280))
        happened: list[tuple[str, Event, bool]] = [(attempt.id, Opened(attempt), False), (attempt.id, quoted, False)]
        if number % 10 == 3:
            happened += [(twin.id, TwinFound(twin, TRAIL), False)]
        if number % 10 == 7:
            happened += [(attempt.id, RanOut(TRAIL, NOTHING, "expired"), False)]
        elif number < orders - 1:
            happened += [(attempt.id, Settled(TRAIL, 8_231_000, 0), False), (attempt.id, HandedOver(), True)]
        for payment_id, event, final in happened:
            journal.append([Entry(payment_id, event, final)], number)
        if number % 20 == 0:
            journal.remember_stock(StockChanged(f"item-{number}", sold_out=True), number)
    # Taken away as the power would: nothing is put in order by closing it.
    for name in ("journal.db", "journal.db-wal", "journal.db.lock"):
        shutil.copyfile(path.with_name(name), path.with_name("taken-" + name))
    journal.close()
    for name in ("journal.db", "journal.db-wal", "journal.db.lock"):
        path.with_name("taken-" + name).replace(path.with_name(name))


def rows_in(path: Path) -> tuple[pages.Row, ...]:
    """Read every entry with SQLite, changing nothing."""
    with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as db:
        return tuple(db.execute("SELECT seq, at_ms, subject, kind, body, final FROM event ORDER BY seq"))


def past(folder: Path, *, with_log: bool) -> Past:
    """Make a journal whose newest entries are in the log, or one that was closed in order."""
    path = folder / "journal.db"
    live(path)
    if not with_log:
        Journal(path).close()
    rows = rows_in(path)
    path.with_name("journal.db-shm").unlink(missing_ok=True)
    found = contents(path)
    starts = [("", at) for at in range(PAGE, len(found[""]), PAGE)]
    starts += [("-wal", frame.begins) for frame in pages.frames(found.get("-wal", b""))]
    marks = {row[0]: "".join(row[2:5]).encode() for row in rows}
    places = {}
    for end, at in starts:
        page = found[end][at : at + PAGE]
        places[end, at] = frozenset(seq for seq, mark in marks.items() if mark in page)
    return Past(folder, rows, places)


def copied(past: Past, folder: Path) -> Path:
    """Put the files of a past into another folder."""
    shutil.copytree(past.folder, folder, dirs_exist_ok=True)
    return folder / "journal.db"


def spoil(path: Path, at: int, content: bytes) -> None:
    """Write over a part of a file."""
    with path.open("r+b") as file:
        file.seek(at)
        file.write(content)


def size(path: Path) -> int:
    return path.stat().st_size


def _log(path: Path) -> Path:
    return path.with_name("journal.db-wal")


def some_pages(path: Path, random: Random) -> None:
    for _ in range(random.randint(1, 12)):
        spoil(path, random.randrange(size(path) // PAGE) * PAGE, random.randbytes(PAGE))


def some_sectors(path: Path, random: Random) -> None:
    for _ in range(random.randint(1, 12)):
        spoil(path, random.randrange(size(path) // 512) * 512, random.randbytes(512))


def zeros(path: Path, random: Random) -> None:
    length = random.choice([512, PAGE, 16 * PAGE, 128 * PAGE])
    at = random.randrange(max(1, size(path) - length)) // 512 * 512
    spoil(path, at, bytes(min(length, size(path) - at)))


def head(path: Path, random: Random) -> None:
    spoil(path, 0, random.randbytes(random.choice([16, 100, 512, PAGE])))


def cut(path: Path, random: Random) -> None:
    with path.open("r+b") as file:
        file.truncate(random.randrange(1, size(path)))


def emptied(path: Path, random: Random) -> None:
    path.write_bytes(b"")


def gone(path: Path, random: Random) -> None:
    path.unlink()


def garbage(path: Path, random: Random) -> None:
    path.write_bytes(random.randbytes(size(path)))


def log_sectors(path: Path, random: Random) -> None:
    # The last transaction is left alone: damaged, it cannot be told from one that a power cut kept from being written.
    for _ in range(random.randint(1, 6)):
        spoil(_log(path), random.randrange((size(_log(path)) - 8 * PAGE) // 512) * 512, random.randbytes(512))


def log_head(path: Path, random: Random) -> None:
    spoil(_log(path), 0, random.randbytes(32))


def both(path: Path, random: Random) -> None:
    some_sectors(path, random)
    log_sectors(path, random)


def swapped(path: Path, random: Random) -> None:
    """Let a write go to the wrong place: a good page stands where another was."""
    content = path.read_bytes()
    count = len(content) // PAGE
    for _ in range(3):
        source, target = random.randrange(count) * PAGE, random.randrange(count) * PAGE
        spoil(path, target, content[source : source + PAGE])


WRECKS: tuple[Callable[[Path, Random], None], ...] = (
    some_pages,
    some_sectors,
    zeros,
    head,
    cut,
    emptied,
    gone,
    garbage,
    log_sectors,
    log_head,
    both,
    swapped,
)
