"""Which keys the till sells with, when it asks, and that it watches with any."""

import logging
from dataclasses import replace

import pytest

from pos.btcpay import key_check
from pos.btcpay.clerk import Clerk
from pos.core.duties import Create, Watch
from pos.core.payment_events import Settled, Trail
from pos.core.payment_states import Awaiting
from pos.core.problem import Problem
from pos.demo.access import CREATE, EVERYTHING, LEAST, MODIFY_STORE, VIEW
from pos.demo.misfortune import Misfortune
from pos.demo.server import DemoServer
from pos.errors import BTCPayError, Denied, Unreachable
from tests.samples import ATTEMPT, T0_S

from .conftest import KEY, Kit, Sale, terms

TOO_MUCH = LEAST | {MODIFY_STORE}
ASKED = "/api/v1/api-keys/current"


class Clock:
    """A clock that a test sets."""

    def __init__(self) -> None:
        self.now_s = T0_S

    def __call__(self) -> int:
        """Tell the time."""
        return self.now_s


def asked(server: DemoServer) -> int:
    return sum(exchange.path == ASKED for exchange in server.log)


def created(server: DemoServer) -> int:
    return sum(exchange.method == "POST" for exchange in server.log)


@pytest.mark.parametrize("permissions", [LEAST, EVERYTHING])
def test_key_made_as_the_readme_says_sells(kit: Kit, permissions: frozenset[str]) -> None:
    server = kit.server(permissions=permissions)
    sale = Sale(kit.clerk(server))
    assert isinstance(sale.visit(), Awaiting)


@pytest.mark.parametrize(
    ("permissions", "problem", "named"),
    [
        (TOO_MUCH, Problem.KEY_TOO_STRONG, MODIFY_STORE),
        ({"unrestricted"}, Problem.KEY_TOO_STRONG, "unrestricted"),
        ({CREATE}, Problem.KEY_TOO_WEAK, VIEW),
        ({VIEW}, Problem.KEY_TOO_WEAK, CREATE),
    ],
)
def test_key_the_till_does_not_sell_with_makes_no_invoice(
    kit: Kit, permissions: set[str], problem: Problem, named: str
) -> None:
    server = kit.server(permissions=permissions)
    clerk = kit.clerk(server)
    for act in (lambda: clerk.perform(Create(ATTEMPT)), clerk.healthy, lambda: clerk.perform(Create(ATTEMPT))):
        with pytest.raises(Denied) as caught:
            act()
        assert (caught.value.problem, caught.value.maybe_heard) == (problem, False)
        assert named in caught.value.evidence
    assert (created(server), asked(server)) == (0, 1)


def test_strong_key_that_the_owner_allows_sells(kit: Kit) -> None:
    server = kit.server(permissions=TOO_MUCH)
    allowed = terms(server, allowed_rights=frozenset({MODIFY_STORE}))
    assert isinstance(Sale(Clerk(kit.client(server.url), allowed, lambda: T0_S)).visit(), Awaiting)


def test_invoice_that_exists_is_watched_with_a_key_the_till_does_not_sell_with(kit: Kit) -> None:
    server = kit.server()
    sale = Sale(kit.clerk(server))
    sale.visit()
    server.shop.play(sale.trail.invoice_id, "full")
    later = kit.clerk(kit.server(shop=server.shop, permissions=TOO_MUCH))
    with pytest.raises(Denied):
        later.healthy()
    answer = later.perform(Watch(ATTEMPT, Trail(sale.trail.invoice_id, T0_S + 900), None, quick=True))
    assert any(isinstance(event, Settled) for event in answer.events)


def test_key_is_judged_once_and_not_before_every_sale(kit: Kit) -> None:
    server = kit.server()
    clerk = kit.clerk(server)
    clerk.healthy()
    for number in range(3):
        clerk.perform(Create(replace(ATTEMPT, number=number + 1)))
    clerk.healthy()
    assert (asked(server), created(server)) == (1, 3)


@pytest.mark.parametrize("jump_s", [key_check.AGAIN_S, -key_check.AGAIN_S])
def test_key_is_judged_again_after_an_hour_even_if_the_clock_is_set_back(kit: Kit, jump_s: int) -> None:
    server, clock = kit.server(), Clock()
    clerk = Clerk(kit.client(server.url), terms(server), clock)
    clerk.healthy()
    clock.now_s += jump_s
    clerk.healthy()
    clock.now_s += jump_s // 2
    clerk.healthy()
    assert asked(server) == 2


@pytest.mark.parametrize("kind", ["401", "403"])
def test_key_is_judged_again_when_the_server_has_refused_it(kit: Kit, kind: str) -> None:
    server = kit.server()
    clerk = kit.clerk(server)
    clerk.healthy()
    server.suffer(Misfortune(kind=kind, on="create"))
    with pytest.raises(Denied):
        clerk.perform(Create(ATTEMPT))
    clerk.perform(Create(ATTEMPT))
    assert asked(server) == 2


def test_key_that_was_revoked_is_told_before_anybody_orders(kit: Kit) -> None:
    server = kit.server()
    clerk = kit.clerk(server, key="f" * 40)
    with pytest.raises(Denied) as caught:
        clerk.healthy()
    assert caught.value.problem is Problem.KEY_UNKNOWN


def test_server_that_cannot_be_asked_because_it_is_away_sells_nothing(kit: Kit) -> None:
    server = kit.server()
    server.down()
    with pytest.raises(Unreachable) as caught:
        kit.clerk(server).perform(Create(ATTEMPT))
    assert (caught.value.problem, caught.value.maybe_heard) == (Problem.UNREACHABLE, False)


@pytest.mark.parametrize(
    "kind", ["404", "404-empty", "500", "502", "html", "empty", "list", "garbage", "truncated", "wrong-shape", "drop",
             "hang", "redirect", "429"]
)  # fmt: skip
def test_key_nobody_can_judge_sells_and_is_asked_about_again(
    kit: Kit, caplog: pytest.LogCaptureFixture, kind: str
) -> None:
    caplog.set_level(logging.WARNING)
    server, clock = kit.server(permissions=TOO_MUCH), Clock()
    server.suffer(Misfortune(kind=kind, on="key", times=2, url="https://x.example"))
    clerk = Clerk(kit.client(server.url, read_timeout_s=0.3), terms(server), clock)
    clerk.perform(Create(ATTEMPT))
    clerk.perform(Create(ATTEMPT))
    clock.now_s += key_check.ASK_AGAIN_S
    assert clerk.healthy()
    assert created(server) == 2
    clock.now_s += key_check.ASK_AGAIN_S
    with pytest.raises(Denied) as caught:
        clerk.perform(Create(ATTEMPT))
    assert caught.value.problem is Problem.KEY_TOO_STRONG
    said = [record.getMessage() for record in caplog.records]
    assert len(said) == 2
    assert all(line.startswith("key rights unknown problem=") and KEY not in line for line in said)


def test_bad_judgement_stands_until_there_is_a_better_one(kit: Kit) -> None:
    server, clock = kit.server(permissions=TOO_MUCH), Clock()
    clerk = Clerk(kit.client(server.url), terms(server), clock)
    server.suffer(Misfortune(kind="500", on="key", nth=2))
    for _ in range(3):
        with pytest.raises(BTCPayError) as caught:
            clerk.perform(Create(ATTEMPT))
        assert caught.value.problem is Problem.KEY_TOO_STRONG
        clock.now_s += key_check.AGAIN_S
    assert created(server) == 0


def test_evidence_of_a_key_with_every_right_is_short(kit: Kit) -> None:
    server = kit.server(permissions={f"btcpay.plugin.{'x' * 60}{number}" for number in range(50)})
    with pytest.raises(Denied) as caught:
        kit.clerk(server).healthy()
    assert len(caught.value.evidence) <= 300
