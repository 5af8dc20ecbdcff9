"""Ways in which a journal comes to harm while the till is dead: a worn card, a bad cable, a hand that slipped.

Rule: the last two transactions in the log are left alone. Damage to just those can leave the same bytes as a power cut
in the middle of one, so nobody could tell that anything is missing; power cuts have a fault of their own. For the same
reason the log is never made shorter.
"""

from enum import StrEnum
from pathlib import Path
from random import Random

PAGE, FRAME, LOG_HEADER = 4096, 4096 + 24, 32


class Harm(StrEnum):
    """What became of a journal."""

    SPOILED = "damaged"
    GONE = "lost"


def harm(journal: Path, dice: Random, how: Harm = Harm.SPOILED) -> None:
    """Overwrite, blank, flip or cut off a part of the journal or of its log, if there is one; or delete both."""
    if not journal.exists() or not journal.stat().st_size:
        return
    log = journal.with_name(journal.name + "-wal")
    if how is Harm.GONE:
        for name in (journal, log):
            name.unlink(missing_ok=True)
        return
    end = _end_of_older(log.read_bytes()) if log.exists() else 0
    if end and dice.random() < 0.5:
        _spoil(log, end, dice)
    elif dice.random() < 0.2:
        with journal.open("r+b") as file:
            file.truncate(dice.randrange(journal.stat().st_size))
    else:
        _spoil(journal, journal.stat().st_size, dice)


def _spoil(path: Path, end: int, dice: Random) -> None:
    """Write over some of the first `end` bytes."""
    with path.open("r+b") as file:
        for _ in range(dice.choice((1, 1, 3))):
            size = min(end, dice.choice((1, 16, 512, PAGE)))
            at = dice.randrange(end - size + 1)
            file.seek(at)
            before = file.read(size)
            after = dice.choice((bytes(size), dice.randbytes(size), bytes(byte ^ 0x10 for byte in before)))
            file.seek(at)
            file.write(after)


def _end_of_older(log: bytes) -> int:
    """Say where the last transaction but two of a log ends; 0 where there is none (walformat.html)."""
    salts = log[16:24]
    ends = []
    for at in range(LOG_HEADER, len(log) - FRAME + 1, FRAME):
        if log[at + 8 : at + 16] != salts:
            break
        if any(log[at + 4 : at + 8]):
            ends.append(at + FRAME)
    return ends[-3] if len(ends) > 2 else 0
