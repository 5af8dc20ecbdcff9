"""The composition root: builds every part of the till once, and knows which part is given to which.

Rule: everything that is chosen at start is chosen here (which server, which clock, which dice). What is slow to import
and first needed by a worker is imported by that worker, so that the first frame is there in a fraction of the time:
those are the only imports below the top of a file.
"""

import logging
import os
import secrets
import time
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, cast

from pos import config as configs
from pos.config import BTCPayServer, Config
from pos.core.till import Shop
from pos.counter import Counter
from pos.engine import Engine
from pos.house import Clocks, Hands, House, Screen
from pos.journal import Journal
from pos.mailbox import Drawn, Letter, Mailbox
from pos.pace import Pace
from pos.runtime import Clerk, Crew
from pos.sound import Player
from pos.words import Words

if TYPE_CHECKING:
    from pos.demo.server import DemoServer
    from pos.demo.shop import Kind
    from pos.ui.window import Window

log = logging.getLogger(__name__)

ROOT = Path(__file__).resolve().parent.parent
ASSETS = ROOT / "assets"
NETWORK_OF_DEMO = "regtest"


@dataclass(frozen=True, slots=True)
class Server:
    """The till's BTCPay Server; `phone` rings the demo's customer, and is None for a real one."""

    url: str
    store_id: str
    key: configs.Secret
    ca_file: str | None
    network: str
    payee: str | None
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
        self.counter.begin(screen, last_number=self.journal.last_number(), sold_out=sold_out)
        paint()
        log.info("first frame")
        self.crew.start()


# What the counter marked last wins over what the menu says.
_GONE = {(True, True), (True, False), (None, True)}


def find_server(config: Config, words: Mapping[str, Words], cleanup: ExitStack) -> Server:
    """Read the key of the owner's server, or start the demo's; ConfigError if the key cannot be had."""
    if isinstance(config.server, BTCPayServer):
        key = configs.read_key(config.server.key, os.environ, words[config.language])
        ca_file = str(config.server.ca_file) if config.server.ca_file else None
        lightning = config.lightning
        return Server(config.server.url, config.server.store_id, key, ca_file, lightning.network, lightning.node_id)
    from pos.demo.server import DemoServer

    return practice(cleanup.enter_context(DemoServer()))


def practice(demo: "DemoServer") -> Server:
    """Describe a demo server that runs in this process as the till's server."""
    key = configs.Secret(demo.api_key)
    return Server(demo.url, demo.store_id, key, None, NETWORK_OF_DEMO, demo.node_id, partial(_ring, demo))


def assemble(
    config: Config, words: Mapping[str, Words], server: Server, cleanup: ExitStack, pace: Pace | None = None
) -> Parts:
    """Build every part; what must be closed again is left with `cleanup`."""
    journal = Journal(config.journal)
    cleanup.callback(journal.close)
    mailbox = Mailbox()
    cleanup.callback(mailbox.close)
    crew = Crew(partial(_hire, config, server), mailbox, pace or Pace(), Random())  # noqa: S311 spreads retries
    cleanup.callback(crew.stop)
    clocks = Clocks(_now_ms, time.monotonic, lambda: time.localtime().tm_gmtoff)
    hands = Hands(
        hurry=crew.hurry,
        keep_stock=journal.remember_stock,
        intent=lambda: secrets.token_hex(3),
        sound=Player(ASSETS / "sounds", enabled=config.sound).play,
        phone=server.phone,
    )
    house = House(
        till=config.till,
        name=config.shop,
        shop=Shop(
            config.menu,
            config.currency,
            config.language,
            {language: book("menu.custom") for language, book in words.items()},
        ),
        words=words,
        paid_screen_s=config.times.paid_screen_s,
    )
    counter = Counter(house, Engine(journal, crew, _now_ms), hands, clocks)

    def draw_qr(text: str, side_px: int) -> None:
        crew.compute(partial(_draw, text, side_px))

    return Parts(config, counter, draw_qr, crew, mailbox, journal)


def open_window(parts: Parts, *, size: str | None) -> "Window":
    """Open the till's window, full screen or of this size (like 1280x720), and begin."""
    from pos.ui.window import Window

    config, counter = parts.config, parts.counter
    kiosk = config.kiosk and size is None
    window = Window(theme=config.theme, kiosk=kiosk, size=size, report=counter.touch, draw_qr=parts.draw_qr)
    window.on_readable(parts.mailbox.fileno(), lambda: counter.read(parts.mailbox.collect(1)))
    window.every(1000, counter.tick)
    parts.begin(window, window.root.update)
    return window


def own_journal(config: Config, server: Server, cleanup: ExitStack) -> Config:
    """Give the demo a journal of its own, new each time: its server forgets everything when it ends."""
    if server.phone is None:
        return config
    return replace(config, journal=Path(cleanup.enter_context(TemporaryDirectory())) / "demo.db")


def _hire(config: Config, server: Server) -> Clerk:
    from pos import qr  # noqa: F401 warms the encoder for the first sale
    from pos.btcpay.clerk import Clerk as BTCPayClerk
    from pos.btcpay.clerk import Terms
    from pos.btcpay.client import Client

    terms = Terms(
        server.store_id, server.network, server.payee, config.times.invoice_expiry_min, config.language
    )
    client = Client(server.url, server.key.reveal(), ca_file=server.ca_file)
    return BTCPayClerk(client, terms, lambda: int(time.time()))


def _draw(text: str, side_px: int) -> Letter:
    from pos import qr

    return Drawn(text, side_px, qr.matrix(text, side_px))


def _ring(demo: "DemoServer", invoice_id: str, kind: str) -> None:
    from pos.demo.lightning import PhoneRefused

    try:
        demo.shop.play(invoice_id, cast("Kind", kind))
    except PhoneRefused as exc:
        log.info("phone invoice=%s kind=%s refused: %s", invoice_id, kind, exc)


def _now_ms() -> int:
    return time.time_ns() // 1_000_000
