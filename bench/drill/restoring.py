"""Puts a backup back between two lives of a till, as its owner would, while that too goes wrong.

Rule: it is the documented command, `run_kiosk.py restore DAY`. How it may end is said here; what it made of the journal
is judged as after any death (`lives.py`), and one that was whole stays as it is.
"""

import sqlite3
from pathlib import Path
from random import Random

from bench.drill.books import Books
from bench.drill.damage import Harm
from bench.drill.faults import Kind
from bench.drill.lives import KILLED, Lives
from bench.drill.plan import Fault
from pos.exit_code import Exit
from pos.journal import backup

_MEANT = {Kind.RESTORED: 0, Kind.RESTORE_FULL: Exit.JOURNAL, Kind.RESTORE_KILLED: KILLED, Kind.RESTORE_CUT: KILLED}
"""How the first try ends if the fault takes effect; otherwise it succeeds."""


def restore(fault: Fault, till: Lives, dice: Random) -> bool:
    """Let the till die and a backup be put back; True if that went as the fault wants it.

    After a power cut the machine starts the till by itself; otherwise the owner tries again.
    """
    till.cut()
    till.place.mend()
    copies = backup.copies(till.place.journal)
    if not copies:
        return False
    before = till.books.rows
    if fault.harm:
        till.harm(fault.harm)
    copy = dice.choice([copies[0], *copies])
    day = copy.stem[-len("2026-11-22") :]
    if fault.kind is Kind.RESTORE_FULL:
        till.place.fill()
    meant = _MEANT[fault.kind]
    first = till.restore(day, f"{fault.on} {fault.nth} {fault.phase}")
    assert first in (0, meant), f"restore ended with {first}: {till.said}"
    till.place.mend()
    till.tally[f"restores of a {fault.harm or 'whole'} journal"] += 1
    if first and fault.kind is Kind.RESTORE_CUT:
        till.lose_power()
        new = _new_journal(till.place.journal, fault.harm)
        if new is not None:
            _expect_all_of(copy, new)
        return True
    if first:
        again = till.restore(day)
        assert again == 0, f"restore was tried again and ended with {again}: {till.said}"
    assert till.damaged or till.books.rows == before, "putting a backup back changed a journal that was whole"
    _expect_all_of(copy, till.place.journal)
    return first == meant


def _new_journal(journal: Path, harm: Harm | None) -> Path | None:
    """Find the new journal that a power cut has left, finished or it would not have its name; None if there is none."""
    finished = journal.with_name(journal.name + ".salvaged")
    if finished.exists():
        return finished
    # What is in the place of a lost journal can only be the new one.
    return journal if harm is Harm.GONE and journal.exists() else None


def _expect_all_of(copy: Path, journal: Path) -> None:
    try:
        there = iter(Books.read(journal).rows)
    except (sqlite3.DatabaseError, ValueError) as exc:
        raise AssertionError(f"the journal that was made of a backup cannot be read: {exc}") from exc
    gone = [row for row in Books.read(copy).rows if row not in there]
    assert not gone, f"of the backup that was put back these are gone: {gone}"
