"""How the till's disk is, and what of it people are warned of."""

import pytest

from pos.core.storage import LEAST_FREE_BYTES, OLDEST_BACKUP_S, Storage

NOW_S = 1_790_000_000


def test_a_backup_is_missed_two_days_after_the_last_one() -> None:
    kept = Storage(backup_s=NOW_S, backs_up=True)
    assert OLDEST_BACKUP_S == 172_800
    assert not kept.backup_too_old(NOW_S + OLDEST_BACKUP_S)
    assert kept.backup_too_old(NOW_S + OLDEST_BACKUP_S + 1)


@pytest.mark.parametrize("storage", [Storage(), Storage(backs_up=True), Storage(backup_s=1)])
def test_nobody_is_warned_of_a_backup_that_was_never_made_or_is_not_to_be(storage: Storage) -> None:
    assert not storage.backup_too_old(NOW_S)


def test_little_room_is_told_at_the_byte_and_unknown_room_is_not_called_little() -> None:
    assert LEAST_FREE_BYTES == 50_000_000
    assert Storage(free_bytes=LEAST_FREE_BYTES - 1).full
    assert not Storage(free_bytes=LEAST_FREE_BYTES).full
    assert not Storage().full


def test_before_it_was_looked_at_nothing_is_known_and_nothing_is_wrong() -> None:
    unknown = Storage()
    assert (unknown.free_bytes, unknown.journal_bytes, unknown.backup_s) == (None, None, None)
    assert (unknown.backs_up, unknown.backup_failed, unknown.writable) == (False, False, True)
