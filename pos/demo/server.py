"""A BTCPay Server look-alike on 127.0.0.1: the Greenfield API over real HTTP in front of the demo shop.

Rule: it opens and closes; what it answers is decided in routes.py, what goes wrong in misfortune.py.
The shop outlives restarts, but not the process: nothing is written to disk.
"""

import functools
import logging
import secrets
import ssl
import threading
from collections import deque
from collections.abc import Iterable
from pathlib import Path
from types import TracebackType
from typing import Final, Self, cast

from pos.demo.access import EVERYTHING, Access
from pos.demo.answers import LATEST, Dialect, Reply
from pos.demo.connection import Listener
from pos.demo.control import PREFIX, Control, Exchange
from pos.demo.gate import Gate
from pos.demo.lightning import PhoneRefused
from pos.demo.misfortune import Delivery, Misfortune, Script
from pos.demo.operations import Request
from pos.demo.routes import Greenfield
from pos.demo.shop import Kind, Shop

log = logging.getLogger(__name__)

_LONGEST_LOG: Final = 10_000
_RETRY_S: Final = 0.01


class DemoServer:
    """A server that can be started, stopped, restarted and put into trouble.

    `port` 0 takes any free one and keeps it; `version` is the BTCPay Server it behaves as; one `key` is made
    up if none is given (an Access says what it may do); `tls` is a certificate chain and its private key, both PEM.
    """

    def __init__(
        self,
        shop: Shop | None = None,
        *,
        port: int = 0,
        version: str = LATEST,
        key: str | Access | None = None,
        permissions: Iterable[str] = EVERYTHING,
        tls: tuple[Path, Path] | None = None,
    ) -> None:
        self.shop = shop or Shop()
        self.script = Script()
        self._log: deque[Exchange] = deque(maxlen=_LONGEST_LOG)
        access = key if isinstance(key, Access) else Access(key or secrets.token_hex(20), frozenset(permissions))
        self._greenfield = Greenfield(self.shop, Dialect(version), access)
        self._control = Control(self.shop, self.script, self._log)
        self._tls = None if tls is None else _context(*tls)
        self._port = port
        self._gates: list[Gate] = []
        self._lock = threading.RLock()
        self._listener: Listener | None = None
        self._return: threading.Timer | None = None
        self._stopping = threading.Event()

    @property
    def url(self) -> str:
        """The address to give a client, without a slash at its end; RuntimeError before the first start."""
        if not self._port:
            raise RuntimeError("the demo server has no port before it is started")
        return f"{'http' if self._tls is None else 'https'}://127.0.0.1:{self._port}"

    @property
    def store_id(self) -> str:
        """The id of the only store."""
        return self.shop.store.id

    @property
    def api_key(self) -> str:
        """The only key it accepts."""
        return self._greenfield.access.api_key

    @property
    def node_id(self) -> str:
        """The payee of its BOLT11s, in hex."""
        return self.shop.node.node_id

    @property
    def log(self) -> tuple[Exchange, ...]:
        """The latest requests it dealt with, oldest first; those to /demo/ are not among them."""
        return tuple(self._log)

    def start(self) -> Self:
        """Listen; OSError if the port is taken."""
        self._stopping.clear()
        self.up()
        return self

    def stop(self) -> None:
        """Close the port, break all connections, open all gates; no thread of the server is left then."""
        self._stopping.set()
        while self._gates:
            self._gates.pop().release(discard=True)
        with self._lock:
            back = self._return
        if back is not None:
            back.cancel()
            back.join()
        self.down()

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def up(self) -> None:
        """Listen on the same port as before."""
        with self._lock:
            if self._listener is None and not self._stopping.is_set():
                self._listener = Listener(self._port, self._respond, self.shop.now_s, self._tls)
                self._port = self._listener.port

    def down(self) -> None:
        """Refuse connections until `up`; the open ones break."""
        with self._lock:
            listener, self._listener = self._listener, None
        if listener is not None:
            listener.close()

    def restart(self, seconds: float) -> None:
        """Be away for a while, as in an update: the shop's data stay."""
        self.down()
        with self._lock:
            if self._stopping.is_set():
                return
            self._return = threading.Timer(seconds, self._come_back)
            self._return.daemon = True
            self._return.start()

    def _come_back(self) -> None:
        """Listen again as soon as the port is free: a client that kept trying may be given it for its own end."""
        while not self._stopping.wait(_RETRY_S):
            try:
                return self.up()
            except OSError:
                continue
        return None

    def wait(self, seconds: float | None) -> None:
        """Let time pass on a request, until the server stops at the latest."""
        self._stopping.wait(seconds)

    def ring(self, invoice_id: str, kind: str) -> None:
        """Let the customer's phone act on an invoice, as `shop.play` says; what it refuses is only logged."""
        try:
            self.shop.play(invoice_id, cast("Kind", kind))
        except PhoneRefused as exc:
            log.info("phone invoice=%s kind=%s refused: %s", invoice_id, kind, exc)

    def suffer(self, *misfortunes: Misfortune) -> None:
        """Append to the script of what goes wrong."""
        self.script.add(*misfortunes)

    def hold(self, on: str = "any", *, nth: int = 1, after: bool = False) -> Gate:
        """Put up a gate before (or after) the work on the `nth` request from now that `on` means."""
        gate = Gate(on, nth, after=after)
        self._gates.append(gate)
        return gate

    def _respond(self, request: Request) -> Delivery:
        if request.path.startswith(PREFIX):
            return Delivery(self._control.answer(request))
        name = self._greenfield.name(request)
        if not self._through_gates(name, request, after=False):
            return self._noted(request, Delivery(None))
        line = self.script.strike(name, request)
        work = functools.partial(self._work, request)
        delivery = Delivery(work()) if line is None else self.script.befall(line, name, work, self)
        self._noted(request, delivery)
        return delivery if self._through_gates(name, request, after=True) else Delivery(None)

    def _work(self, request: Request) -> Reply:
        return self.script.bend(self._greenfield.answer(request), self.shop)

    def _through_gates(self, name: str, request: Request, *, after: bool) -> bool:
        return all(gate.passes(name, request, after=after) for gate in tuple(self._gates))

    def _noted(self, request: Request, delivery: Delivery) -> Delivery:
        status = None if delivery.answer is None else delivery.answer.status
        self._log.append(Exchange(request.method, request.path, status))
        return delivery


def _context(certificates: Path, private_key: Path) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificates, private_key)
    return context
