"""Plays sales on the demo server through the real window, as `script/demo` does where there is nobody to tap.

Rule: the first sale is tapped on the canvas as a finger does it, and only if the journal, the server and the phone
agree that it was settled does this end with 0. The pictures after it take the shortest way to what they show.
"""

import argparse
import logging
import sys
import time
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

from PIL import ImageGrab

from bench.till import TillDriver
from pos import assembly
from pos import config as configs
from pos import words as wordbook
from pos.core import touches as t
from pos.core.payment import fold
from pos.core.payment_states import Paid, Served
from pos.demo.misfortune import Misfortune
from pos.demo.server import DemoServer
from pos.ui.view import MenuView, NoticesView, PaidView, PayView, TroubleView, View
from pos.ui.window import PAID_LOCK_MS


class Story:
    """Tells what is done on a till, and takes a picture where one was asked for."""

    def __init__(self, till: TillDriver, demo: DemoServer, pictures: Path | None) -> None:
        self.till = till
        self.demo = demo
        self._pictures = pictures
        self._begun_s = time.monotonic()
        self._count = 0

    def tell(self, words: str) -> None:
        """Print a step with its time since the beginning."""
        print(f"{time.monotonic() - self._begun_s:7.3f} s  {words}", flush=True)

    def picture(self, name: str) -> None:
        """Save what the screen shows."""
        if self._pictures is None:
            return
        self.till.painted()
        root = self.till.window.root
        self._count += 1
        box = (root.winfo_rootx(), root.winfo_rooty())
        grabbed = ImageGrab.grab(xdisplay="").crop((*box, box[0] + root.winfo_width(), box[1] + root.winfo_height()))
        grabbed.save(self._pictures / f"{self._count:02d}-{name}.png")

    def tap(self, touch: t.Touch, until: Callable[[View | None], bool], words: str) -> None:
        """Tap, wait for what must follow, and tell it."""
        self.till.tap(touch)
        self.till.until(until)
        self.tell(words)

    def order(self, count: int) -> None:
        """Put the first items of the menu into the order, one of each."""
        for item in self.till.parts.config.menu.items[:count]:
            self.till.tap(t.TapItem(item.id))

    def pay(self) -> None:
        """Tap pay and wait for the QR."""
        self.tap(t.Pay(), self.till.qr_shown, "pay tapped, the QR is on the screen")


def sale(story: Story) -> bool:
    """Sell once from the menu to PAID; True if everybody agrees on it."""
    story.tell("the menu is on the screen")
    story.picture("menu-empty")
    story.order(2)
    story.till.tap(t.TapItem(story.till.parts.config.menu.items[0].id))
    story.tell("three things are in the order")
    story.picture("menu")
    story.pay()
    payment_id = next(iter(story.till.parts.counter.payments))
    story.picture("pay")
    story.tap(t.OpenPhone(), lambda view: isinstance(view, PayView) and view.sheet is not None, "the phone is there")
    story.picture("phone")
    story.tap(t.PhoneDoes("full"), lambda view: isinstance(view, PaidView), "the phone paid, PAID is on the screen")
    story.picture("paid")
    story.till.wait(PAID_LOCK_MS / 1000)
    story.tap(t.Done(), lambda view: isinstance(view, MenuView), "back at the menu")
    return agreed(story, payment_id)


def agreed(story: Story, payment_id: str) -> bool:
    """Compare the journal, the server and the phone's own ledger."""
    state = fold(story.till.parts.journal.events_of(payment_id))
    paid = [payment.invoice_id for payment in story.demo.shop.ledger]
    settled = [invoice.id for invoice in story.demo.shop.invoices() if invoice.status == "Settled"]
    story.tell(f"journal: {type(state).__name__}; server: {len(settled)} settled; phone: {len(paid)} paid")
    # For some minutes more the till looks for duplicates; people are done with the payment.
    served = isinstance(state, Served) and isinstance(state.paid, Paid)
    return served and paid == settled and len(paid) == 1


def other_screens(story: Story) -> None:
    """Visit what a good evening does not show: sheets, an expired QR, part and late money, a QR that is refused."""
    till, demo = story.till, story.demo
    item = till.parts.config.menu.items[0].id
    till.parts.counter.touch(t.HoldItem(item))
    story.picture("item-sheet")
    till.parts.counter.touch(t.Close())
    till.parts.counter.touch(t.OpenKeypad())
    story.tell("the keypad")
    for digit in "1500":
        till.tap(t.Digit(digit))
    story.picture("keypad")
    story.tap(t.Enter(), lambda view: isinstance(view, MenuView), "an amount was typed")
    story.pay()
    story.tap(t.SwitchLanguage(), story.till.qr_shown, "in English")
    story.picture("pay-english")
    story.tap(t.Help(), _has_sheet, "help")
    story.picture("help")
    story.tap(t.Close(), story.till.qr_shown, "help closed")
    story.tap(t.Back(), _has_sheet, "back was tapped and asks first")
    story.picture("back-asks")
    story.tap(t.Close(), story.till.qr_shown, "keep waiting")
    till.parts.counter.touch(t.PhoneDoes("under"))
    till.until(lambda view: story.till.qr_shown(view) and isinstance(view, PayView) and len(view.rows) > 2)
    story.tell("the phone paid half, the QR is for the rest")
    story.picture("part-paid")
    till.parts.counter.touch(t.PhoneDoes("expire"))
    till.until(lambda view: isinstance(view, PayView) and not view.qr)
    story.tell("the QR expired")
    story.picture("expired")
    story.tap(t.NewQr(), story.till.qr_shown, "a new QR for the rest")
    till.parts.counter.touch(t.PhoneDoes("late"))
    till.until(lambda view: isinstance(view, NoticesView))
    story.tell("money came late")
    story.picture("notices")
    demo.suffer(Misfortune(kind="lie-payee", on="create"))
    till.tap(t.Close())
    story.order(1)
    story.tap(t.Pay(), lambda view: isinstance(view, TroubleView), "another node's invoice: the QR is refused")
    story.picture("refused")
    demo.script.clear()
    story.tap(t.ConfirmBack(), lambda view: isinstance(view, MenuView), "back to the order")
    demo.down()
    till.parts.counter.touch(t.Pay())
    till.until(lambda view: isinstance(view, PayView) and len(view.buttons) > 1)
    story.tell("BTCPay is away")
    story.picture("away-paying")
    till.parts.counter.touch(t.ConfirmBack())
    till.until(lambda view: isinstance(view, MenuView) and view.banner is not None)
    story.tell("the menu goes on")
    story.picture("away-menu")


def _has_sheet(view: View | None) -> bool:
    return isinstance(view, PayView) and view.sheet is not None


def main() -> int:
    """Play and give the exit code."""
    parser = argparse.ArgumentParser(description="Play a whole sale on the demo server.")
    parser.add_argument("--pictures", type=Path, metavar="DIR", help="save every screen as PNG")
    parser.add_argument("--window", default="800x480", metavar="WxH")
    options = parser.parse_args()
    logging.basicConfig(level=logging.ERROR)
    if options.pictures:
        options.pictures.mkdir(parents=True, exist_ok=True)
    with ExitStack() as cleanup:
        folder = Path(cleanup.enter_context(TemporaryDirectory()))
        words = wordbook.load_all(assembly.ASSETS / "words")
        config = configs.load(assembly.ROOT / "kiosk.yaml", words)
        demo = cleanup.enter_context(DemoServer())
        parts = assembly.assemble(
            replace(config, journal=folder / "journal.db", sound=False), words, assembly.practice(demo), cleanup
        )
        till = cleanup.enter_context(TillDriver.open(parts, options.window))
        story = Story(till, demo, options.pictures)
        good = sale(story)
        if options.pictures:
            other_screens(story)
    print("the sale was settled and the journal agrees" if good else "THE SALE AND THE JOURNAL DO NOT AGREE")
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
