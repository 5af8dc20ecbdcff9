"""How the till's disk is: room, the journal's size, the newest backup.

Rule: what could not be found out is None, and is never shown as good.
"""

from dataclasses import dataclass

LEAST_FREE_BYTES = 50_000_000
"""With less room than this people are warned, long before an order can no longer be recorded."""

OLDEST_BACKUP_S = 2 * 24 * 3600
"""A backup is made once a day; with none in two of them something is wrong."""


@dataclass(frozen=True, slots=True)
class Storage:
    """The disk as it was last looked at; `backup_s` is when the newest backup was made, in unix seconds.

    `writable` is False once a note beside the sales could not be written, `backs_up` where backups are made at all;
    `damaged` once something in the journal could not be read, which the next start mends.
    """

    free_bytes: int | None = None
    journal_bytes: int | None = None
    backup_s: int | None = None
    backs_up: bool = False
    backup_failed: bool = False
    writable: bool = True
    damaged: bool = False

    def backup_too_old(self, now_s: int) -> bool:
        """Tell whether backups are made and the newest is older than it should be."""
        return self.backs_up and self.backup_s is not None and now_s - self.backup_s > OLDEST_BACKUP_S

    @property
    def full(self) -> bool:
        """Tell whether there is little room left."""
        return self.free_bytes is not None and self.free_bytes < LEAST_FREE_BYTES
