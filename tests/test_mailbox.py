"""Letters between threads, over a real pipe."""

import select
import threading
from collections.abc import Iterator
from itertools import count

import pytest

from pos.core.problem import Problem
from pos.mailbox import Failed, Health, Letter, Mailbox


@pytest.fixture
def mailbox() -> Iterator[Mailbox]:
    mailbox = Mailbox()
    yield mailbox
    mailbox.close()


def waiting(mailbox: Mailbox) -> bool:
    return bool(select.select([mailbox], [], [], 0)[0])


def letter(number: int) -> Letter:
    return Failed(f"K1-{number}", Problem.SLOW, answer_lost=False)


def test_empty_mailbox_wakes_nobody(mailbox: Mailbox) -> None:
    assert not waiting(mailbox)
    assert mailbox.collect() == []


def test_letters_come_in_their_order_and_once(mailbox: Mailbox) -> None:
    for number in range(3):
        mailbox.post(letter(number))
    assert waiting(mailbox)
    assert mailbox.collect() == [letter(0), letter(1), letter(2)]
    assert not waiting(mailbox)
    assert mailbox.collect() == []


def test_flood_is_taken_a_few_at_a_time(mailbox: Mailbox) -> None:
    for number in range(25):
        mailbox.post(letter(number))
    taken = []
    for most in (10, 10, 10):
        assert waiting(mailbox)
        some = mailbox.collect(most)
        assert len(some) <= most
        taken += some
    assert taken == [letter(number) for number in range(25)]
    assert not waiting(mailbox)


def test_exactly_as_many_as_are_taken_leave_nothing_behind(mailbox: Mailbox) -> None:
    for number in range(10):
        mailbox.post(letter(number))
    assert len(mailbox.collect(10)) == 10
    assert mailbox.collect(10) == []
    assert not waiting(mailbox)


def test_no_letter_is_stranded_when_more_come_than_a_pipe_holds(mailbox: Mailbox) -> None:
    posted = 70_000
    for _ in range(posted):
        mailbox.post(Health(None))
    taken = 0
    while waiting(mailbox):
        taken += len(mailbox.collect(1000))
    assert taken == posted


def test_reader_is_woken_by_another_thread(mailbox: Mailbox) -> None:
    thread = threading.Thread(target=lambda: mailbox.post(letter(1)))
    thread.start()
    assert select.select([mailbox], [], [], 10)[0]
    assert mailbox.collect() == [letter(1)]
    thread.join()


def test_every_letter_of_many_threads_arrives(mailbox: Mailbox) -> None:
    names = count()

    def post() -> None:
        for _ in range(500):
            mailbox.post(letter(next(names)))

    threads = [threading.Thread(target=post) for _ in range(4)]
    for thread in threads:
        thread.start()
    taken: set[Letter] = set()
    while len(taken) < 2000:
        assert select.select([mailbox], [], [], 10)[0], f"stranded after {len(taken)}"
        taken.update(mailbox.collect())
    for thread in threads:
        thread.join()
    assert not waiting(mailbox) or mailbox.collect() == []
