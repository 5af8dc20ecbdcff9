"""A demo server, the till's own client and clerk in front of it, and certificates; all closed at a test's end.

Rule: time at the server is the shop's clock, set forward by hand; nothing sleeps.
"""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from typing import Any

import pytest

from pos.btcpay.clerk import Clerk
from pos.btcpay.client import Client
from pos.btcpay.offers import Terms
from pos.core.duties import Duty, duty
from pos.core.payment import birth, step
from pos.core.payment_events import Event, Opened, Trail
from pos.core.payment_states import State, trail_of
from pos.core.route import Route
from pos.demo.server import DemoServer
from pos.demo.shop import Shop
from tests.certificates import Certificates
from tests.samples import ATTEMPT, T0_S

from .wire import Answer, Wire

KEY = "4b1d5a0c3f2e49870f6be15c2d8a7391e04c6f5d"
READ_TIMEOUT_S = 5.0


@dataclass(slots=True)
class Kit:
    """What a test can build; whatever it built is closed when it ends."""

    cleanup: ExitStack
    certificates: Callable[[], Certificates]
    servers: list[DemoServer] = field(default_factory=list)

    def server(self, **options: Any) -> DemoServer:
        """Start a demo server that accepts KEY."""
        options = {"shop": Shop(clock=lambda: T0_S), "key": KEY} | options
        self.servers.append(self.cleanup.enter_context(DemoServer(**options)))
        return self.servers[-1]

    def wire(self, answer: Answer, **options: Any) -> Wire:
        """Start a server that says just this."""
        wire = Wire(answer, **options)
        self.cleanup.callback(wire.close)
        return wire

    def client(self, url: str, *, key: str = KEY, **options: Any) -> Client:
        """Make the till's client for an address."""
        read_timeout_s = options.pop("read_timeout_s", READ_TIMEOUT_S)
        client = Client(Route(url, **options), key, read_timeout_s=read_timeout_s)
        self.cleanup.callback(client.close)
        return client

    def clerk(self, server: DemoServer, **options: Any) -> Clerk:
        """Make the till's clerk for a demo server."""
        return Clerk(self.client(server.url, **options), terms(server), lambda: T0_S)


@dataclass(slots=True)
class Sale:
    """One attempt to be paid, moved by the real machine with what the clerk sees."""

    clerk: Clerk
    state: State = field(default_factory=lambda: birth(Opened(ATTEMPT)))
    twins: list[str] = field(default_factory=list)

    @property
    def duty(self) -> Duty:
        """What is owed now."""
        owed = duty(self.state)
        assert owed is not None
        return owed

    def visit(self, *, sweep: bool = False, last: bool = False) -> State:
        """Do what is owed, once."""
        answer = self.clerk.perform(self.duty, sweep=sweep, last=last)
        self.twins += [trail.invoice_id for _, trail in answer.twins]
        for event in answer.events:
            self.tell(event)
        return self.state

    def tell(self, event: Event) -> State:
        """Let something else happen."""
        self.state = step(self.state, event)
        return self.state

    @property
    def trail(self) -> Trail:
        """Where the money is looked for."""
        trail = trail_of(self.state)
        assert trail is not None
        return trail


def terms(server: DemoServer, **changes: Any) -> Terms:
    """Say what a demo server's invoices must be."""
    return Terms(
        **{
            "store_id": server.store_id,
            "network": "regtest",
            "payee": server.node_id,
            "expiry_min": 10,
            "language": "en",
        }
        | changes
    )


@pytest.fixture
def kit(request: pytest.FixtureRequest) -> Iterator[Kit]:
    with ExitStack() as cleanup:
        yield Kit(cleanup, lambda: request.getfixturevalue("certificates"))
