"""A till to be measured: the real window and the real parts, against a demo server in a process of its own.

Rule: a tap is a real press and release on the real canvas, and a picture counts as painted only after the X server
has answered a question that was asked behind it.
"""

import gc
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory

import requests

from pos import assembly
from pos import config as configs
from pos import words as wordbook
from pos.config import Config, Secret
from pos.core.menu import Item, Menu
from pos.core.payment_states import trail_of
from pos.core.route import Route
from pos.core.screens import AtPayment
from pos.core.touches import Touch
from pos.ui.surface import Surface
from pos.ui.view import PayView, View
from pos.ui.window import Window

KEY = "b" * 40
PATIENCE_S = 20.0


@dataclass(slots=True)
class TillDriver:
    """A till with its window, and a finger to tap it with."""

    parts: assembly.Parts
    window: Window

    @classmethod
    @contextmanager
    def open(cls, parts: assembly.Parts, size: str) -> Iterator["TillDriver"]:
        """Show a till that was built, at its menu.

        What is left of earlier windows is collected before the workers begin, and what is left of this one after it: a
        worker that happened to collect a picture of Tk's would wait a second for a main loop that is not running.
        """
        gc.collect()
        window = assembly.open_window(parts, size=size)
        try:
            till = cls(parts, window)
            till.painted()
            yield till
        finally:
            window.close()
            parts.crew.stop()
            gc.collect()

    @property
    def surface(self) -> Surface:
        """What is looked at."""
        if self.window.surface is None:
            raise RuntimeError("nothing has been shown yet")
        return self.window.surface

    def painted(self) -> None:
        """Return when everything drawn so far is on the screen."""
        self.window.root.update()
        # A question to the X server comes back after all the drawing that was sent before it.
        self.window.root.winfo_pointerxy()

    def qr_shown(self, view: View | None) -> bool:
        """Tell whether a view has a QR and it is drawn."""
        return isinstance(view, PayView) and bool(view.qr) and self.surface.shows("qr")

    def until(self, arrived: Callable[[View | None], bool]) -> None:
        """Let Tk run until a view is on the screen."""
        end_s = time.monotonic() + PATIENCE_S
        while not arrived(self.window.view):
            if time.monotonic() > end_s:
                raise TimeoutError(f"still at {type(self.window.view).__name__}")
            self.window.root.tk.dooneevent(0)
        self.painted()

    def press(self, touch: Touch) -> None:
        """Put a finger down where a touch is."""
        x, y = self._where(touch)
        self.surface.event_generate("<ButtonPress-1>", x=x, y=y)

    def release(self, touch: Touch) -> None:
        """Lift it there."""
        x, y = self._where(touch)
        self.surface.event_generate("<ButtonRelease-1>", x=x, y=y)

    def tap(self, touch: Touch) -> None:
        """Press and release, once the screen takes touches again."""
        self.settle()
        self.press(touch)
        self.release(touch)

    def wait(self, seconds: float) -> None:
        """Let Tk run for a while."""
        end_s = time.monotonic() + seconds
        while time.monotonic() < end_s:
            self.window.root.update()
            time.sleep(0.005)

    def settle(self) -> None:
        """Wait until the lock that follows a change of screen is over."""
        self.wait(0.3)

    def invoice_id(self) -> str:
        """Give the server's id of the invoice that is on the screen."""
        screen = self.parts.counter.till.screen
        assert isinstance(screen, AtPayment), f"no payment is on the screen but {screen}"
        trail = trail_of(self.parts.counter.payments[screen.payment_id])
        assert trail is not None, "the payment on the screen has no invoice yet"
        return trail.invoice_id

    def _where(self, touch: Touch) -> tuple[int, int]:
        region = next(region for region in self.surface.regions if region.tap == touch)
        return region.rect.x + region.rect.w // 2, region.rect.y + region.rect.h // 2


DEMO = (sys.executable, "-m", "pos.demo", "--api-key", KEY)


@contextmanager
def demo_server(command: Sequence[str] = DEMO) -> Iterator[tuple[str, dict[str, str]]]:
    """Run a demo server in a process of its own and give its address and what it printed."""
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        told: dict[str, str] = {}
        while "node id" not in told:
            name, _, value = process.stdout.readline().strip().partition("  ")
            told[name.strip()] = value.strip()
        yield told["url"], told
    finally:
        process.terminate()
        process.communicate()


@dataclass(frozen=True, slots=True)
class Bench:
    """A till on a demo server in another process, and a phone to pay with."""

    till: TillDriver
    url: str
    store_id: str

    def pay(self, invoice_id: str) -> None:
        """Let the customer pay."""
        act = {"invoiceId": invoice_id, "kind": "full"}
        requests.post(f"{self.url}/demo/pay", json=act, timeout=PATIENCE_S).raise_for_status()


@contextmanager
def bench(*, items: int = 24) -> Iterator[Bench]:
    """Build a till on a demo server and show its menu."""
    with ExitStack() as cleanup:
        url, told = cleanup.enter_context(demo_server())
        folder = Path(cleanup.enter_context(TemporaryDirectory()))
        words = wordbook.load_all(assembly.ASSETS / "words")
        config = menu_of(configs.load(assembly.ROOT / "kiosk.yaml", words), items)
        config = replace(config, journal=folder / "journal.db", sound=False)
        store_id, node_id = told["store id"], told["node id"]
        server = assembly.Server(Route(url), store_id, Secret(KEY), assembly.NETWORK_OF_DEMO, node_id)
        parts = assembly.assemble(config, words, server, cleanup)
        yield Bench(cleanup.enter_context(TillDriver.open(parts, "800x480")), url, store_id)


def menu_of(config: Config, count: int) -> Config:
    """Give the menu as many items as asked for, by repeating those it has."""
    items = config.menu.items
    many = tuple(
        items[index] if index < len(items) else _copy(items[index % len(items)], index) for index in range(count)
    )
    return replace(config, menu=Menu(config.menu.categories, many))


def _copy(item: Item, index: int) -> Item:
    return replace(item, id=f"{item.id}-{index}", sold_out=False)
