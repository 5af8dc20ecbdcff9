"""Who types wrong PINs has to wait, and no restart helps."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from pos.errors import JournalError
from pos.journal.journal import Journal
from pos.lock import FIRST_WAIT_S, FREE_TRIES, LONGEST_WAIT_S, Lock


class Clock:
    """A steady clock that is moved by hand."""

    now_s = 100.0

    def __call__(self) -> float:
        return self.now_s


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "journal.db"


@pytest.fixture
def journal(path: Path) -> Iterator[Journal]:
    journal = Journal(path)
    yield journal
    journal.close()


def begun(journal: Journal, clock: Clock) -> Lock:
    """Make the lock of a till that has just started."""
    lock = Lock(journal, clock)
    lock.begin()
    return lock


def test_a_few_wrong_pins_are_forgiven_and_the_next_one_costs_a_minute(journal: Journal) -> None:
    clock = Clock()
    lock = begun(journal, clock)
    for left in range(FREE_TRIES - 1, 0, -1):
        lock.try_one(0)
        assert (lock.tries_left, lock.wait_s) == (left, 0)
    lock.try_one(0)
    assert (lock.tries_left, lock.wait_s) == (0, FIRST_WAIT_S)
    clock.now_s += FIRST_WAIT_S - 0.5
    assert lock.wait_s == 1
    clock.now_s += 0.5
    assert lock.wait_s == 0


def test_the_wait_doubles_up_to_a_quarter_of_an_hour(journal: Journal) -> None:
    clock = Clock()
    lock = begun(journal, clock)
    waits = []
    for _ in range(FREE_TRIES + 7):
        lock.try_one(0)
        waits.append(lock.wait_s)
        clock.now_s += lock.wait_s
    assert waits[FREE_TRIES - 1 :] == [60, 120, 240, 480, *[LONGEST_WAIT_S] * 4]


def test_pulling_the_plug_gives_no_tries_back_and_begins_the_wait_again(path: Path) -> None:
    for n in range(FREE_TRIES):
        journal = Journal(path)
        lock = begun(journal, Clock())
        assert (lock.tries_left, lock.wait_s) == (FREE_TRIES - n, 0)
        lock.try_one(n)
        journal.close()
    journal = Journal(path)
    assert begun(journal, Clock()).wait_s == FIRST_WAIT_S
    journal.close()


def test_a_right_pin_forgives_what_was_typed_before(journal: Journal) -> None:
    lock = begun(journal, Clock())
    for _ in range(FREE_TRIES):
        lock.try_one(0)
    lock.opened(0)
    assert (lock.tries_left, lock.wait_s) == (FREE_TRIES, 0)
    assert begun(journal, Clock()).tries_left == FREE_TRIES
    lock.try_one(0)
    assert begun(journal, Clock()).tries_left == FREE_TRIES - 1


def test_a_try_that_cannot_be_written_down_is_none(journal: Journal) -> None:
    lock = begun(journal, Clock())
    journal.close()
    with pytest.raises(JournalError):
        lock.try_one(0)


def test_tries_are_numbered_one_after_the_other(journal: Journal) -> None:
    lock = begun(journal, Clock())
    assert [lock.try_one(0), lock.try_one(0), lock.tried] == [1, 2, 2]


def test_tries_are_no_payments(journal: Journal) -> None:
    begun(journal, Clock()).try_one(5)
    assert list(journal.open_payments()) == []
    assert journal.events_of("pin") == ()
    assert journal.last_number() == 0
