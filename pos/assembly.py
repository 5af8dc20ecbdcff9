"""The composition root: builds every part of the till once, and knows which part is given to which.

Rule: everything that is chosen at start is chosen here (which server, which clock, which dice). What not every till
needs before its first frame is imported where it is needed, so that the frame is there in a fraction of the time: by a
worker what only workers use, for the demo its server, for a real server what hides its key, and Tk with the window.
Only here and in `app` are there imports below the top of a file.
"""

import logging
import os
import secrets
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack, closing
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from pos import config as configs
from pos import pin
from pos.config import BTCPayServer, Config
from pos.core.route import Route
from pos.core.till import Shop
from pos.counter import Counter
from pos.engine import Engine
from pos.house import Clocks, Hands, House, Screen, Timing
from pos.journal import backup, salvage
from pos.journal.backup import Backups
from pos.journal.journal import Journal
from pos.mailbox import Drawn, Letter, Mailbox, PinChecked
from pos.pace import Pace
from pos.runtime import Clerk, Crew
from pos.sound import Player
from pos.strays import Stray, Strays
from pos.systemd import Notifier
from pos.upkeep import Upkeep, day_now, look_at_disk
from pos.words import Words

if TYPE_CHECKING:
    from pos.btcpay.client import Client
    from pos.check.tour import Here
    from pos.demo.server import DemoServer
    from pos.ui.window import Window

log = logging.getLogger(__name__)

ROOT = Path(__file__).resolve().parent.parent
ASSETS = ROOT / "assets"
NETWORK_OF_DEMO = "regtest"
NOBODY = Notifier(None)
REAL = Timing(Clocks(lambda: time.time_ns() // 1_000_000, time.monotonic, lambda: time.localtime().tm_gmtoff), Pace())


@dataclass(frozen=True, slots=True)
class Server:
    """The till's BTCPay Server; `phone` rings the demo's customer, and is None for a real one."""

    route: Route
    store_id: str
    key: configs.Secret
    network: str
    payee: str | None
    allowed_rights: frozenset[str] = frozenset()
    phone: Callable[[str, str], None] | None = None


@dataclass(frozen=True, slots=True)
class Parts:
    """A till that is built and has not begun."""

    config: Config
    counter: Counter
    draw_qr: Callable[[str, int], None]
    crew: Crew
    mailbox: Mailbox
    journal: Journal

    def begin(self, screen: Screen, paint: Callable[[], None] = lambda: None) -> None:
        """Take the journal up where it ends, show the screen that belongs to it, and set the workers to work.

        `paint` puts the first frame before people's eyes; what the workers import would only delay it.
        """
        marks = {item.id: self.journal.stock_of(item.id) for item in self.config.menu.items}
        sold_out = frozenset(item.id for item in self.config.menu.items if (marks[item.id], item.sold_out) in _GONE)
        self.counter.begin(
            screen,
            last_number=self.journal.last_number(),
            sold_out=sold_out,
            salvages=self.journal.unseen_salvages(),
        )
        paint()
        log.info("first frame")
        self.crew.start()


# What the counter marked last wins over what the menu says.
_GONE = {(True, True), (True, False), (None, True)}


def find_server(config: Config, words: Mapping[str, Words], cleanup: ExitStack) -> Server:
    """Read the key of the owner's server, or start the demo's; ConfigError if the key cannot be had."""
    server, lightning = config.server, config.lightning
    if isinstance(server, BTCPayServer):
        from pos.memory import keep_private

        keep_private()
        key = configs.read_key(server.key, os.environ, words[config.language])
        return Server(
            server.route, server.store_id, key, lightning.network, lightning.node_id, server.allowed_rights
        )
    from pos.demo.server import DemoServer

    return practice(cleanup.enter_context(DemoServer()))


def practice(demo: "DemoServer") -> Server:
    """Describe a demo server that runs in this process as the till's server."""
    key = configs.Secret(demo.api_key)
    return Server(Route(demo.url), demo.store_id, key, NETWORK_OF_DEMO, demo.node_id, phone=demo.ring)


def assemble(
    config: Config, words: Mapping[str, Words], server: Server, cleanup: ExitStack, timing: Timing = REAL
) -> Parts:
    """Build every part; what must be closed again is left with `cleanup`."""
    clocks = timing.clocks
    journal = salvage.take_up(config.journal, backup.copies(config.journal), clocks.now_ms(), Journal)
    cleanup.callback(journal.close)
    mailbox = Mailbox()
    cleanup.callback(mailbox.close)
    crew = Crew(partial(_hire, config, server, clocks), mailbox, timing.pace, Random())  # noqa: S311 spreads retries
    cleanup.callback(crew.stop)
    hands = Hands(
        hurry=crew.hurry,
        keep_stock=journal.remember_stock,
        intent=lambda: secrets.token_hex(3),
        sound=Player(ASSETS / "sounds", enabled=config.sound).play,
        phone=server.phone,
        check_pin=lambda tried, typed: crew.compute(partial(_check_pin, tried, typed, config.pin)),
    )
    slowly = partial(crew.compute, slow=True)
    backups = Backups(config.journal, lambda: day_now(clocks), clocks.steady_s, slowly)
    strays = Strays(journal, partial(_seek_strays, config, server), slowly, clocks.steady_s)
    strays.tick()  # done as soon as there are workers: somebody may be paying

    def do_chores() -> None:
        strays.tick()
        backups.tick()

    upkeep = Upkeep(journal, partial(look_at_disk, config.journal, clocks), do_chores, clocks, strays.read_on)
    cleanup.callback(upkeep.close)
    counter = Counter(_house(config, words), Engine(journal, crew, clocks.now_ms), hands, clocks, upkeep)

    def draw_qr(text: str, side_px: int) -> None:
        crew.compute(partial(_draw, text, side_px))

    return Parts(config, counter, draw_qr, crew, mailbox, journal)


def open_window(
    parts: Parts, *, size: str | None, notifier: Notifier = NOBODY, opened: Callable[["Window"], None] = lambda _: None
) -> "Window":
    """Open the till's window, full screen or of this size (like 1280x720), and begin.

    `opened` is told of it before anything can fail on it.
    """
    from pos.ui.screens import till_screens
    from pos.ui.window import Window

    config, counter = parts.config, parts.counter
    kiosk = config.kiosk and size is None
    window = Window(config.theme, till_screens(parts.draw_qr), counter.touch, kiosk=kiosk, size=size)
    opened(window)
    window.on_readable(parts.mailbox.fileno(), lambda: counter.read(parts.mailbox.collect(1)))
    window.every(1000, counter.tick)
    window.every(1000, lambda: notifier.alive() if parts.crew.well() else None)
    parts.begin(window, window.root.update)
    notifier.ready()
    return window


def own_journal(config: Config, server: Server, cleanup: ExitStack) -> Config:
    """Give the demo a journal of its own, new each time: its server forgets everything when it ends."""
    if server.phone is None:
        return config
    return replace(config, journal=Path(cleanup.enter_context(TemporaryDirectory())) / "demo.db")


def this_machine() -> "Here":
    """Describe this machine as a check may ask it; nothing is asked yet."""
    from pos.check.machine import ask
    from pos.check.tour import Here
    from pos.ui.measure import screen_size

    return Here(ask, screen_size, ASSETS / "sounds", lambda: int(time.time()))


def _house(config: Config, words: Mapping[str, Words]) -> House:
    return House(
        till=config.till,
        name=config.shop,
        shop=Shop(
            config.menu,
            config.currency,
            config.language,
            {language: book("menu.custom") for language, book in words.items()},
            way_out=("pin" if config.pin else "none") if config.kiosk else "",
        ),
        words=words,
        paid_screen_s=config.times.paid_screen_s,
    )


def _hire(config: Config, server: Server, clocks: Clocks) -> Clerk:
    from pos import qr  # noqa: F401 warms the encoder for the first sale
    from pos.btcpay.clerk import Clerk as BTCPayClerk
    from pos.btcpay.offers import Terms

    expiry_min, allowed = config.times.invoice_expiry_min, server.allowed_rights
    terms = Terms(server.store_id, server.network, server.payee, expiry_min, config.language, allowed)
    return BTCPayClerk(_call(server), terms, lambda: clocks.now_ms() // 1000)


def _call(server: Server) -> "Client":
    from pos.btcpay.client import Client

    return Client(server.route, server.key.reveal())


def _seek_strays(config: Config, server: Server) -> Sequence[Stray]:
    from pos.btcpay import strays

    with closing(_call(server)) as client:
        return strays.seek(client.send, server.store_id, config.till)


def _draw(text: str, side_px: int) -> Letter:
    from pos import qr

    return Drawn(text, side_px, qr.matrix(text, side_px))


def _check_pin(tried: int, typed: str, of: str | None) -> Letter:
    return PinChecked(tried, right=of is not None and pin.matches(typed, of))
