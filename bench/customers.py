"""Who comes to the bar: each customer is one sale from the menu back to the menu, with what can happen in between.

Rule: a customer waits until the screen shows what has to come, and every sale ends with an empty order, so that one
sale is like another however it went.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random
from typing import Final

import requests

from bench.till import PATIENCE_S, TillDriver
from pos.core import touches as t
from pos.core.payment_states import PartPaid, RunOut, State, owed_to_staff, trail_of
from pos.core.screens import AtPayment
from pos.ui.view import MenuView, PaidView


@dataclass(slots=True)
class Bar:
    """A till, the server behind it, and how time passes: slowly while a customer is there who must not miss a QR."""

    till: TillDriver
    url: str
    random: Random
    take_it_easy: Callable[[bool], None]
    phone: requests.Session = field(default_factory=requests.Session)

    def touch(self, *touches: t.Touch) -> None:
        """Let a finger do this, one after the other."""
        for one in touches:
            self.till.parts.counter.touch(one)

    def until(self, happened: Callable[[], bool]) -> None:
        """Let the till run until something has happened; TimeoutError if it does not."""
        self.till.until(lambda _: happened())

    def demo(self, path: str, **body: object) -> None:
        """Ask the demo server for something that a real one would not do."""
        self.phone.post(f"{self.url}/demo/{path}", json=body, timeout=PATIENCE_S).raise_for_status()

    @property
    def payment(self) -> State:
        """The payment that is on the screen."""
        screen = self.till.parts.counter.till.screen
        assert isinstance(screen, AtPayment)
        return self.till.parts.counter.payments[screen.payment_id]

    def order(self) -> str:
        """Ring up one to four items and show the QR; gives the server's id of the invoice."""
        items = [item for item in self.till.parts.config.menu.items if not item.sold_out]
        self.touch(*(t.TapItem(item.id) for item in self.random.choices(items, k=self.random.randint(1, 4))), t.Pay())
        return self.quoted()

    def quoted(self) -> str:
        """Wait for the QR that is to be shown."""
        self.till.until(self.till.qr_shown)
        trail = trail_of(self.payment)
        assert trail is not None
        return trail.invoice_id

    def pay(self, invoice_id: str, kind: str = "full") -> None:
        """Pay, see PAID, and clear it away."""
        self.demo("pay", invoiceId=invoice_id, kind=kind)
        self.until(lambda: isinstance(self.till.window.view, PaidView))
        self.touch(t.Done())

    def give_up(self) -> None:
        """Go back to the order, and empty it."""
        self.touch(t.Back(), t.ConfirmBack(), t.Clear(), t.Clear())
        self.until(lambda: isinstance(self.till.window.view, MenuView))

    def run_out(self) -> None:
        """Stand there until the QR has run out."""
        self.take_it_easy(False)
        self.until(lambda: isinstance(self.payment, RunOut))
        self.take_it_easy(True)

    def take_note(self) -> None:
        """Wait for the notice of money that nobody waits for, read it and tap it away."""
        payments = self.till.parts.counter.payments
        self.touch(t.TryNow())
        self.take_it_easy(False)
        self.until(lambda: any(owed_to_staff(state) for state in payments.values()))
        self.take_it_easy(True)
        self.touch(t.OpenNotices())
        self.touch(*(t.Acknowledge(name) for name, state in list(payments.items()) if owed_to_staff(state)), t.Close())


def pays(bar: Bar) -> None:
    """Most do."""
    bar.pay(bar.order())


def is_served_by_hand(bar: Bar) -> None:
    """With a real finger on the canvas, and a look at the status screen afterwards."""
    bar.till.tap(t.TapItem(bar.till.parts.config.menu.items[0].id))
    bar.till.tap(t.Pay())
    bar.pay(bar.quoted())
    bar.touch(t.OpenStatus())
    bar.till.painted()
    bar.touch(t.Close())


def changes_his_mind(bar: Bar) -> None:
    """And goes."""
    bar.order()
    bar.give_up()


def changes_his_mind_and_pays(bar: Bar) -> None:
    """The wallet had read the QR already."""
    invoice_id = bar.order()
    bar.give_up()
    bar.demo("pay", invoiceId=invoice_id, kind="full")
    bar.take_note()


def lets_it_run_out(bar: Bar) -> None:
    """And goes."""
    bar.order()
    bar.run_out()
    bar.give_up()


def needs_a_new_qr(bar: Bar) -> None:
    """The first one ran out."""
    bar.order()
    bar.run_out()
    bar.touch(t.NewQr())
    bar.pay(bar.quoted())


def pays_too_late(bar: Bar) -> None:
    """A hosted wallet's node takes it all the same."""
    invoice_id = bar.order()
    bar.run_out()
    bar.give_up()
    bar.demo("pay", invoiceId=invoice_id, kind="late")
    bar.take_note()


def pays_in_two_parts(bar: Bar) -> None:
    """The second QR is for the rest."""
    invoice_id = bar.order()
    bar.demo("pay", invoiceId=invoice_id, kind="under")
    bar.until(lambda: isinstance(bar.payment, PartPaid))
    bar.till.until(bar.till.qr_shown)
    bar.pay(invoice_id)


def meets_an_outage(bar: Bar) -> None:
    """The server goes away just when it is asked for the QR, and comes back."""
    bar.demo("misfortune", kind="restart", on="create", seconds=0.2)
    pays(bar)


def meets_a_proxy(bar: Bar) -> None:
    """The server is there, but something in front of it says otherwise, five times."""
    bar.demo("misfortune", kind="502", times=5)
    pays(bar)


CUSTOMERS: Final[dict[Callable[[Bar], None], int]] = {
    pays: 60,
    is_served_by_hand: 4,
    changes_his_mind: 8,
    changes_his_mind_and_pays: 4,
    lets_it_run_out: 4,
    needs_a_new_qr: 3,
    pays_too_late: 3,
    pays_in_two_parts: 5,
    meets_an_outage: 5,
    meets_a_proxy: 4,
}
"""Each with how many of a hundred there are."""
