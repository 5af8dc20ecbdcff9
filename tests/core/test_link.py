"""What is known of the line to the server."""

import pytest

from pos.core.link import Link
from pos.core.problem import Problem

NOW_S = 1_790_000_000
OF_THE_LINE = [
    Problem.UNREACHABLE,
    Problem.SLOW,
    Problem.CUT_OFF,
    Problem.TLS,
    Problem.CERTIFICATE_CHANGED,
    Problem.REDIRECT,
    Problem.SERVER_ERROR,
    Problem.PROXY_PAGE,
]


def test_nothing_is_known_before_the_first_call() -> None:
    assert (Link().known, Link().problem, Link().lightning) == (False, None, None)


def test_an_answer_tells_how_far_the_servers_clock_is_ahead() -> None:
    link = Link().answered(NOW_S, NOW_S + 7)
    assert (link.known, link.problem, link.last_answer_s, link.server_ahead_s) == (True, None, NOW_S, 7)


@pytest.mark.parametrize("problem", OF_THE_LINE)
def test_a_bad_line_is_remembered_until_the_next_answer(problem: Problem) -> None:
    link = Link().answered(NOW_S, NOW_S).failed(problem)
    assert (link.problem, link.last_answer_s) == (problem, NOW_S)
    assert link.answered(NOW_S + 5, NOW_S + 5).problem is None


@pytest.mark.parametrize("problem", [*OF_THE_LINE, Problem.KEY_UNKNOWN, Problem.FORBIDDEN, Problem.LIGHTNING_DOWN])
def test_a_first_call_that_fails_already_tells_something(problem: Problem) -> None:
    assert Link().failed(problem).known is True


BY_THE_SERVER = {Problem.KEY_UNKNOWN, Problem.FORBIDDEN}
BY_THE_TILL = {Problem.KEY_TOO_WEAK, Problem.KEY_TOO_STRONG}


@pytest.mark.parametrize("problem", sorted(BY_THE_SERVER))
def test_a_key_that_is_refused_is_told_until_it_is_taken_however_well_the_server_is(problem: Problem) -> None:
    link = Link().answered(NOW_S, NOW_S).failed(problem).healthy(NOW_S + 1, synchronized=True)
    assert link.problem is problem
    assert link.answered(NOW_S + 2, NOW_S + 2).problem is None


@pytest.mark.parametrize("problem", sorted(BY_THE_TILL))
def test_a_key_the_till_does_not_sell_with_is_told_while_old_invoices_are_watched_with_it(problem: Problem) -> None:
    link = Link().answered(NOW_S, NOW_S).failed(problem).answered(NOW_S + 1, NOW_S + 1)
    assert link.problem is problem
    assert link.healthy(NOW_S + 2, synchronized=True).problem is None


OF_ORDERS = set(Problem) - set(OF_THE_LINE) - BY_THE_SERVER - BY_THE_TILL - {Problem.LIGHTNING_DOWN}


@pytest.mark.parametrize("problem", sorted(OF_ORDERS))
def test_what_concerns_one_order_is_not_blamed_on_the_line(problem: Problem) -> None:
    link = Link().answered(NOW_S, NOW_S)
    assert link.failed(problem) is link


def test_a_node_that_is_down_leaves_the_server_up() -> None:
    link = Link().answered(NOW_S, NOW_S).failed(Problem.LIGHTNING_DOWN)
    assert (link.lightning, link.problem) == (False, None)
    assert link.made_invoice().lightning is True


def test_the_servers_version_is_remembered_until_it_tells_another() -> None:
    link = Link().healthy(NOW_S, synchronized=True)
    assert link.version == ""
    told = link.healthy(NOW_S, synchronized=True, version="2.4.1")
    assert told.healthy(NOW_S, synchronized=True).version == "2.4.1"
    assert told.healthy(NOW_S, synchronized=True, version="2.4.2").version == "2.4.2"


def test_health_says_whether_the_server_has_caught_up_and_nothing_of_lightning() -> None:
    link = Link().failed(Problem.SLOW).healthy(NOW_S, synchronized=False)
    assert (link.known, link.problem, link.synchronized, link.last_answer_s) == (True, None, False, NOW_S)
    assert link.lightning is None
