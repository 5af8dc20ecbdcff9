"""What stands on the screen: the view of what is true now, and when people came to see it.

Rule: it reads and decides nothing; a till without a screen works all the same.
"""

from collections.abc import Callable
from dataclasses import dataclass

from pos.contact import Contact
from pos.core.screens import AtPayment, Inspecting, Reading
from pos.core.till import Till
from pos.house import Clocks, House, Screen
from pos.mailbox import Drawn
from pos.sales import Sales
from pos.service import Served
from pos.ui.view import PaidView, PayView, View
from pos.ui.views import Itself, LastSale, Scene, build
from pos.upkeep import Upkeep


@dataclass(frozen=True, slots=True)
class Facts:
    """Who knows what is shown beside the till's own state."""

    sales: Sales
    contact: Contact
    upkeep: Upkeep


class Display:
    """The till's screen."""

    def __init__(self, house: House, facts: Facts, clocks: Clocks, *, demo: bool) -> None:
        self._house = house
        self._facts = facts
        self._clocks = clocks
        self._demo = demo
        self._screen: Screen | None = None
        self._view: View | None = None

    def use(self, screen: Screen) -> None:
        """Show everything here from now on."""
        self._screen, self._view = screen, None

    def show(self, till: Till) -> None:
        """Show what is true now; JournalError if that cannot be read."""
        view = build(self._scene(till))
        if self._screen is None:
            return
        self._screen.show(view)
        before, self._view = self._view, view
        if isinstance(view, PaidView) and view != before:
            self._when_painted(self._facts.upkeep.meter.paid_drawn, till)

    def take_qr(self, drawn: Drawn, till: Till) -> None:
        """Put up a QR that was asked for."""
        if self._screen is None:
            return
        self._screen.qr_ready(drawn.text, drawn.side_px, drawn.modules)
        if isinstance(self._view, PayView) and self._view.qr == drawn.text:
            self._when_painted(self._facts.upkeep.meter.qr_drawn, till)

    def close(self) -> None:
        """End the program by taking the screen down."""
        if self._screen is not None:
            self._screen.close()

    def _when_painted(self, note: Callable[[str, float], None], till: Till) -> None:
        screen = till.screen
        if self._screen is not None and isinstance(screen, AtPayment):
            payment_id = screen.payment_id
            self._screen.when_painted(lambda: note(payment_id, self._clocks.steady_s()))

    def _scene(self, till: Till) -> Scene:
        sales, contact = self._facts.sales, self._facts.contact
        last = sales.last
        return Scene(
            till=till,
            shop=self._house.shop,
            name=self._house.name,
            till_name=self._house.till,
            order_id=sales.next_order,
            demo=self._demo,
            words=self._house.words,
            payments=sales.payments,
            notices=sales.notices() if isinstance(till.screen, Reading) else {},
            troubles=contact.troubles,
            link=contact.link,
            now_s=self._clocks.now_ms() // 1000,
            utc_offset_s=self._clocks.utc_offset_s(),
            last=LastSale(last.order.id, last.order.total, last.at_s) if last else None,
            itself=self._itself(till),
        )

    def _itself(self, till: Till) -> Itself:
        upkeep = self._facts.upkeep
        served = upkeep.served() if isinstance(till.screen, Inspecting) else Served()
        return Itself(upkeep.storage, served, upkeep.lock.tries_left, upkeep.lock.wait_s)
