"""Stories of a journal that was lost while customers still had something to pay."""

import select
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from pos import assembly
from pos import config as configs
from pos.btcpay import strays as strays_at_server
from pos.btcpay.clerk import Clerk
from pos.btcpay.client import Client
from pos.btcpay.offers import Terms
from pos.core import touches as t
from pos.core.duties import Watch
from pos.core.money import Money
from pos.core.notices import Notice
from pos.core.order import Attempt
from pos.core.payment_events import Cancelled, Settled
from pos.core.payment_states import Awaiting, PaidLate
from pos.core.problem import Problem
from pos.core.route import Route
from pos.core.screens import Stopped
from pos.demo.server import DemoServer
from pos.demo.shop import Shop
from pos.errors import JournalError, Unreachable
from pos.journal import salvage
from pos.journal.journal import Journal
from pos.mailbox import Letter, Seen, StraysFound
from pos.strays import Stray, Strays
from pos.ui.view import MenuView, NoticesView, PayView, View
from tests.bar import Bar
from tests.samples import ATTEMPT, T0_S, TRAIL, WORDS
from tests.wrecks import spoil

EN = WORDS["en"]


class Till(Bar):
    """A till in front of a demo server over real HTTP, whose one worker works when it is told to."""

    def __init__(self, path: Path, server: DemoServer) -> None:
        self.at_server = server
        self.client = Client(Route(server.url), server.api_key)
        terms = Terms(server.store_id, "regtest", None, 10, "en")
        self.clerk = Clerk(self.client, terms, lambda: T0_S)
        self.jobs: list[Callable[[], Letter]] = []
        super().__init__(path)

    def switch_on(self) -> None:
        salvage.take_up(self.path, [], self.now_s * 1000, Journal).close()
        super().switch_on()
        seek = partial(strays_at_server.seek, self.client.send, self.at_server.store_id, "K1")
        self.strays = Strays(self.journal, seek, self.jobs.append, lambda: self.seconds)

    def read_on(self, rest: StraysFound) -> None:
        """Have the worker send it again."""
        self.strays.read_on(rest)

    def work(self) -> None:
        """Let the worker do what there is to do, and read what it posts."""
        self.strays.tick()
        while self.jobs:
            self.counter.read([self.jobs.pop(0)()])
        for payment_id in list(self.crew.tasks):
            self.visit(payment_id)

    def visit(self, payment_id: str) -> None:
        """Let the worker do what there is to do for one payment, as if it had been at it for long."""
        duty = self.crew.tasks[payment_id].duty
        self.counter.read([Seen(payment_id, self.clerk.perform(duty, last=True), self.seconds)])

    def lose_the_journal(self) -> None:
        """Let the card forget the whole file."""
        self.journal.close()
        self.path.with_name("journal.db-wal").unlink(missing_ok=True)
        spoil(self.path, 0, bytes(self.path.stat().st_size))
        self.switch_on()


@pytest.fixture
def server() -> Iterator[DemoServer]:
    with DemoServer(shop=Shop(clock=lambda: T0_S)) as server:
        yield server


@pytest.fixture
def till(tmp_path: Path, server: DemoServer) -> Iterator[Till]:
    till = Till(tmp_path / "journal.db", server)
    yield till
    till.client.close()
    till.journal.close()


def test_money_for_an_order_that_the_journal_lost_reaches_staff(till: Till, server: DemoServer) -> None:
    till.order_beer()
    till.work()
    (invoice,) = server.shop.invoices()
    till.lose_the_journal()
    assert till.counter.payments == {}
    till.work()
    (lost,) = till.counter.payments
    assert lost == f"K1-0001-1-{invoice.id}"
    server.shop.play(invoice.id, "full")
    till.work()
    assert isinstance(till.counter.payments[lost], PaidLate)
    assert till.sounds == ["attention"]
    till.tap(EN("status.notices", count=2))
    assert lost in str(till.see(NoticesView))


@pytest.mark.parametrize("years", [-20, 20])
def test_money_reaches_staff_although_the_clock_of_the_till_or_the_server_was_wrong_by_years(
    till: Till, server: DemoServer, years: int
) -> None:
    till.now_s += years * 365 * 86_400
    till.order_beer()
    till.work()
    (invoice,) = server.shop.invoices()
    server.shop.advance(-365 * 86_400)
    till.lose_the_journal()
    till.work()
    server.shop.play(invoice.id, "full")
    till.work()
    assert isinstance(till.counter.payments[f"K1-0001-1-{invoice.id}"], PaidLate)


def test_an_order_that_nobody_paid_is_let_go_in_the_end(till: Till, server: DemoServer) -> None:
    till.order_beer()
    till.work()
    till.lose_the_journal()
    till.work()
    server.shop.advance(3 * 86_400)
    till.work()
    assert till.counter.payments == {}
    assert till.sounds == []


def test_what_the_journal_knows_is_not_taken_up_twice_and_is_asked_for_once(till: Till, server: DemoServer) -> None:
    till.order_beer()
    till.work()
    till.journal.close()
    spoil(till.path, 0, bytes(100))
    till.switch_on()
    till.work()
    assert list(till.counter.payments) == ["K1-0001-1"]
    assert till.journal.salvages_to_follow() == ()
    heard = len(server.log)
    till.seconds += 10_000
    till.strays.tick()
    assert (till.jobs, len(server.log)) == ([], heard)


def test_a_server_that_cannot_be_asked_is_asked_again_later(till: Till, server: DemoServer) -> None:
    till.order_beer()
    till.work()
    till.lose_the_journal()
    server.down()
    till.strays.tick()
    till.counter.read([till.jobs.pop()()])
    assert till.counter.payments == {}
    assert len(till.journal.salvages_to_follow()) == 1
    till.seconds += 59
    till.strays.tick()
    assert till.jobs == []
    server.up()
    till.seconds += 1
    till.work()
    assert len(till.counter.payments) == 1


def test_numbers_go_on_behind_the_orders_that_were_found(till: Till) -> None:
    till.lose_the_journal()
    stray = replace(ATTEMPT, order=replace(ATTEMPT.order, number=5012), twin="Inv9")
    till.strays.tick()
    aside = till.journal.salvages_to_follow()[0].aside
    till.counter.read([StraysFound((aside,), ((stray, TRAIL),))])
    assert till.journal.last_number() == 5012
    till.order_beer()
    assert "K1-5013-1" in till.counter.payments


# --- an order of a lost journal that had the number of one of the new -------------------------------------------------


def old_order_of_that_number(till: Till, currency: str = "JPY", number: int = 1) -> str:
    """Take up an invoice of the lost journal whose order was called as the new one is; the name of its payment."""
    total = Money(1400, currency)
    order = replace(ATTEMPT.order, number=1001, lines=(), total=total, placed_at_s=T0_S - 9_000_000)
    old = Attempt(order, number, total, "0ddba11", twin="InvOld")
    till.counter.read([StraysFound((), ((old, replace(TRAIL, invoice_id="InvOld")),))])
    return old.id


@pytest.fixture
def after_a_loss(till: Till) -> Till:
    """Lose everything; the next order is K1-1001, and the server has not been asked yet."""
    till.lose_the_journal()
    till.order_beer()
    till.visit("K1-1001-1")
    return till


def test_the_customer_keeps_the_qr_while_money_comes_for_an_old_order_of_the_same_number(after_a_loss: Till) -> None:
    till, old = after_a_loss, old_order_of_that_number(after_a_loss)
    shown = till.see(PayView)
    till.server(old, Settled(replace(TRAIL, invoice_id="InvOld"), 8_231_000, 0))
    assert till.see(PayView).qr == shown.qr
    assert isinstance(till.counter.payments["K1-1001-1"], Awaiting)


@pytest.mark.parametrize("currency", ["JPY", "USD"])
def test_a_new_qr_asks_for_the_whole_price_whatever_was_paid_for_an_old_order_of_the_same_number(
    after_a_loss: Till, server: DemoServer, currency: str
) -> None:
    till, old = after_a_loss, old_order_of_that_number(after_a_loss, currency)
    till.server(old, Settled(replace(TRAIL, invoice_id="InvOld"), 8_231_000, 0))
    server.shop.advance(3600)
    till.visit("K1-1001-1")
    till.tap(EN("pay.new_qr"))
    assert till.counter.payments["K1-1001-2"].attempt.amount == Money(1400, "JPY")


def test_the_first_late_money_for_an_order_is_not_called_the_second_because_an_old_one_had_its_number(
    after_a_loss: Till, server: DemoServer
) -> None:
    till, old = after_a_loss, old_order_of_that_number(after_a_loss)
    till.server(old, Settled(replace(TRAIL, invoice_id="InvOld"), 8_231_000, 0))
    till.server("K1-1001-1", Cancelled())
    (invoice,) = server.shop.invoices()
    server.shop.play(invoice.id, "full")
    till.visit("K1-1001-1")
    assert till.counter._sales.notices() == {"K1-1001-1": Notice.LATE, old: Notice.LATE}


@pytest.mark.logs_errors
def test_what_cannot_be_written_is_not_called_done(till: Till) -> None:
    till.lose_the_journal()
    till.strays.tick()
    till.journal.full = True  # type: ignore[attr-defined]
    till.counter.read([StraysFound(("x",), ((replace(ATTEMPT, twin="Inv9"), TRAIL),))])
    assert isinstance(till.counter.till.screen, Stopped)
    assert len(till.journal.salvages_to_follow()) == 1


def lost(count: int) -> tuple[Stray, ...]:
    """Make so many invoices of lost orders, the newest first."""
    orders = (replace(ATTEMPT, order=replace(ATTEMPT.order, number=n), twin=f"Inv{n}") for n in range(count, 0, -1))
    return tuple((attempt, replace(TRAIL, invoice_id=attempt.twin)) for attempt in orders)


def births(till: Till) -> list[str]:
    """Name every payment that was ever taken up, as often as it was."""
    with closing(sqlite3.connect(till.path)) as db:
        return [subject for (subject,) in db.execute("SELECT subject FROM event WHERE kind = 'TwinFound' ORDER BY seq")]


def test_a_thousand_lost_orders_keep_nobody_waiting_who_wants_a_beer(till: Till) -> None:
    till.lose_the_journal()
    till.strays.tick()
    till.jobs.clear()
    (aside,) = (salvaged.aside for salvaged in till.journal.salvages_to_follow())
    till.counter.read([StraysFound((aside,), lost(95))])
    watched = len(till.counter.payments)
    assert 0 < watched <= 20
    till.order_beer()
    assert "K1-1001-1" in till.counter.payments
    for _ in range(10):
        assert till.journal.salvages_to_follow() != ()
        before = len(till.counter.payments)
        (job,) = till.jobs
        till.jobs.clear()
        till.counter.read([job()])
        assert 0 < len(till.counter.payments) - before <= 20
        if not till.jobs:
            break
    assert births(till) == [attempt.id for attempt, _ in lost(95)]
    assert till.journal.salvages_to_follow() == ()


def test_lost_orders_are_taken_up_once_although_the_power_went_in_between(till: Till) -> None:
    till.lose_the_journal()
    (aside,) = (salvaged.aside for salvaged in till.journal.salvages_to_follow())
    till.counter.read([StraysFound((aside,), lost(95))])
    till.counter.read([till.jobs.pop()()])
    till.jobs.clear()
    till.cut_the_power()
    assert till.journal.salvages_to_follow() != ()
    till.counter.read([StraysFound((aside,), lost(95))])
    while till.jobs:
        till.counter.read([till.jobs.pop()()])
    assert births(till) == [attempt.id for attempt, _ in lost(95)]
    assert till.journal.salvages_to_follow() == ()
    assert till.journal.last_number() >= 95


@pytest.mark.logs_errors
def test_lost_orders_that_found_no_room_in_between_are_asked_for_again(till: Till) -> None:
    till.lose_the_journal()
    till.strays.tick()
    till.jobs.clear()
    (aside,) = (salvaged.aside for salvaged in till.journal.salvages_to_follow())
    till.counter.read([StraysFound((aside,), lost(25))])
    till.journal.full = True  # type: ignore[attr-defined]
    till.counter.read([till.jobs.pop()()])
    assert (till.jobs, isinstance(till.counter.till.screen, Stopped)) == ([], True)
    assert till.journal.salvages_to_follow() != ()
    till.journal.full = False  # type: ignore[attr-defined]
    till.seconds += 60
    till.strays.tick()
    assert len(till.jobs) == 1, "the server is asked again"


def test_the_server_is_not_asked_again_while_what_it_told_is_taken_up(till: Till) -> None:
    till.lose_the_journal()
    till.strays.tick()
    till.jobs.clear()
    (aside,) = (salvaged.aside for salvaged in till.journal.salvages_to_follow())
    till.seconds += 50
    till.counter.read([StraysFound((aside,), lost(25))])
    till.seconds += 50
    till.strays.tick()
    assert len(till.jobs) == 1, "the rest of the letter, and nothing else"


def test_a_journal_that_cannot_be_read_is_asked_again_a_minute_later(till: Till) -> None:
    class Broken:
        def salvages_to_follow(self) -> tuple[()]:
            raise JournalError("unreadable")

    jobs: list[Callable[[], Letter]] = []
    Strays(Broken(), lambda: (), jobs.append, lambda: 0.0).tick()
    assert jobs == []


def test_without_a_salvage_nobody_is_asked(till: Till, server: DemoServer) -> None:
    till.work()
    assert (till.jobs, len(server.log)) == ([], 0)
    assert isinstance(till.view, MenuView)


def test_a_failure_is_told_in_the_letter(till: Till) -> None:
    def refused() -> tuple[()]:
        raise Unreachable(Problem.UNREACHABLE, "refused", maybe_heard=False)

    till.lose_the_journal()
    jobs: list[Callable[[], Letter]] = []
    Strays(till.journal, refused, jobs.append, lambda: 0.0).tick()
    assert jobs[0]() == StraysFound((), ())


def test_a_payment_of_a_lost_order_is_told_once(till: Till, server: DemoServer) -> None:
    till.order_beer()
    till.work()
    till.lose_the_journal()
    till.work()
    (lost,) = till.counter.payments
    watched = till.duty(lost)
    assert isinstance(watched, Watch)
    till.server(lost, Settled(watched.trail, 8_231_000, 0))
    till.server(lost, Settled(watched.trail, 8_231_000, 0))
    assert till.sounds == ["attention"]


# --- with every part as it is put together for a shop ----------------------------------------------------------------


class Nobody:
    """A screen that nobody looks at."""

    def show(self, view: View) -> None:
        """Show a view."""

    def qr_ready(self, text: str, side_px: int, modules: Any) -> None:
        """Take a QR."""

    def when_painted(self, tell: Callable[[], None]) -> None:
        """Be painted at once."""
        tell()

    def close(self) -> None:
        """Nobody leaves."""


def live(parts: assembly.Parts, until: Callable[[assembly.Parts], bool], *touches: t.Touch) -> None:
    """Let a till work, with these touches at its start, until something is so."""
    parts.begin(Nobody())
    for touched in touches:
        parts.counter.touch(touched)
    end_s = time.monotonic() + 30
    while not until(parts):
        assert time.monotonic() < end_s, dict(parts.counter.payments)
        select.select([parts.mailbox.fileno()], [], [], 0.1)
        parts.counter.read(parts.mailbox.collect())


def _awaits_money(parts: assembly.Parts) -> bool:
    return any(isinstance(state, Awaiting) for state in parts.counter.payments.values())


def test_a_customer_who_pays_while_the_card_dies_is_not_forgotten(tmp_path: Path) -> None:
    config = replace(configs.load(assembly.ROOT / "kiosk.yaml", WORDS), journal=tmp_path / "journal.db", sound=False)
    item = config.menu.items[0]
    with DemoServer() as server:
        with ExitStack() as cleanup:
            parts = assembly.assemble(config, WORDS, assembly.practice(server), cleanup)
            live(parts, _awaits_money, t.TapItem(item.id), t.Pay())
        spoil(config.journal, 0, bytes(config.journal.stat().st_size))
        (invoice,) = server.shop.invoices()
        server.shop.play(invoice.id, "full")
        with ExitStack() as cleanup:
            parts = assembly.assemble(config, WORDS, assembly.practice(server), cleanup)
            live(parts, lambda it: any(isinstance(state, PaidLate) for state in it.counter.payments.values()))
            (report,) = parts.journal.unseen_salvages()
            assert report.kept == 0
            assert config.journal.with_name(report.aside).exists()
