"""What has been heard of each payment, and what is let go of."""

from pos.contact import STALE_S, Contact
from pos.core.problem import Problem


class Watch:
    now_s = 0.0

    def __call__(self) -> float:
        return self.now_s


def test_silence_becomes_a_problem_and_news_ends_it() -> None:
    watch = Watch()
    contact = Contact(watch)
    contact.wait_for("K1-0001-1")
    watch.now_s = STALE_S + 1
    contact.wait_for("K1-0001-1")
    assert contact.troubles == {"K1-0001-1": Problem.SLOW}
    contact.seen("K1-0001-1", 100, 100)
    contact.wait_for("K1-0001-1")
    assert contact.troubles == {}


def test_news_of_a_payment_that_is_over_is_not_kept_for_ever() -> None:
    watch = Watch()
    contact = Contact(watch)
    contact.failed("over", Problem.SLOW)
    contact.seen("over too", 100, 100)
    contact.failed("open", Problem.SLOW)
    contact.keep({"open": object()})
    assert contact.troubles == {"open": Problem.SLOW}
    watch.now_s = STALE_S + 1
    contact.wait_for("over too")
    assert "over too" not in contact.troubles
