"""One evening at the counter: a server, a till that may die and is started again, a bartender, customers with phones.

Rule: the world goes on when the till is dead. Everybody acts on what is on the screen, never on what the till holds
inside, and whatever a person saw is compared with the server's invoices at that moment.
"""

import time
from collections.abc import Callable
from contextlib import ExitStack
from functools import partial
from random import Random
from types import TracebackType
from typing import Any, Self

from bench.drill import scenery
from bench.drill.camera import Camera
from bench.drill.hands import Hand, idle
from bench.drill.lives import Lives
from bench.drill.place import Place
from bench.drill.sight import Sight
from bench.drill.tills import TIMEOUT_S, Cradle
from bench.drill.versions import tells_surplus_at_once
from bench.drill.witness import Witness
from pos.demo.answers import LATEST
from pos.demo.gate import Gate
from pos.demo.lightning import PhoneRefused

AGAIN_S = 0.1
"""A tap that changed nothing is repeated after this long, and so is a picture."""
DRAWN_S = 5
"""By then a screen must be what the till says it is."""
LATER_S = 0.2
"""By then a QR that the till draws is on the screen."""


class Evening:
    """The evening; `place` is mounted for its time, and `spec` what its tills are told besides.

    `version` is what the server is. With a `camera` what is on the screen is photographed before anybody acts on it.
    """

    camera: Camera | None = None

    def __init__(
        self, place: Place, cradle: Cradle, dice: Random, spec: dict[str, Any] | None = None, version: str = LATEST
    ) -> None:
        self.server = scenery.server(dice, version)
        self.shop = self.server.shop
        self.place = place
        self.witness = Witness(self.shop, surplus_at_once=tells_surplus_at_once(version))
        self._cleanup = ExitStack()
        self._phones: set[str] = set()
        self.till = Lives(place, cradle, self.witness, {"key": self.server.api_key, **(spec or {})})

    def __enter__(self) -> Self:
        self._cleanup.enter_context(self.place)
        self._cleanup.enter_context(self.server)
        self._cleanup.callback(self.till.end)
        self.till.spec["config"] = str(scenery.write_kiosk_file(self.place, self.server))
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._cleanup.close()

    def start(self) -> None:
        """Switch the till on."""
        self.till.begin()

    def cut(self) -> None:
        """Let the power fail now."""
        self.till.cut()

    def see(self, wanted: Callable[[Sight], bool], by: Hand = idle) -> Sight:
        """Wait for a screen while a hand does what it does on the screens before it; the till may die meanwhile."""
        till, end_s = self.till, time.monotonic() + TIMEOUT_S
        before: Sight | None = None
        while True:
            self._photograph()
            if wanted(till.sight):
                return till.sight
            assert time.monotonic() < end_s, f"it never came; the screen is {till.sight}"
            touch = by(till.sight)
            if touch is None or before is till.sight:
                before = None
                till.alive(partial(till.listen, time.monotonic() + AGAIN_S, patient=True))
            else:
                before = till.sight
                till.alive(partial(till.touch, *touch))

    def _photograph(self) -> None:
        """Take pictures until one shows the screen that people are to see, or until that is another."""
        till, camera = self.till, self.camera
        if camera is None or not camera.wants(till.sight):
            return
        seen, begun_s = till.sight, time.monotonic()
        # A QR is drawn a moment after the screen for it came up, also one that must not be there.
        look_s = begun_s if seen.qr else begun_s + LATER_S
        while (till.sight.kind, till.sight.qr, till.sight.covered) == (seen.kind, seen.qr, False):
            if time.monotonic() >= look_s:
                if camera.shows(seen):
                    camera.count(seen)
                    return
                assert time.monotonic() < begun_s + DRAWN_S, f"a picture of the screen does not show {seen}"
                look_s = time.monotonic() + AGAIN_S
            till.alive(partial(till.listen, look_s, patient=True))

    def wait_for(self, gate: Gate) -> None:
        """Wait until a request stands at a gate; the till may die meanwhile."""
        end_s = time.monotonic() + TIMEOUT_S
        while time.monotonic() < end_s:
            self.till.alive(partial(self.till.listen, time.monotonic() + 0.01, patient=True))
            try:
                return gate.wait(0.01)
            except TimeoutError:
                continue
        raise AssertionError(f"nothing came to the gate; the screen is {self.till.sight}")

    def pay(self, bolt11: str, *, percent: int = 100, late: bool = False) -> bool:
        """Pay a BOLT11 with a phone, a part of it or more; False if the phone declines.

        A phone that has paid it already does nothing.
        """
        if bolt11 in self._phones:
            return True
        if late and not self.witness.may_be_paid(self.shop.invoice_of(bolt11)):
            return False
        issued = self.shop.node_invoice(bolt11)
        assert issued.amount_msat is not None
        sats = max(1, issued.amount_msat * percent // 100 // 1000)
        try:
            self.shop.pay(bolt11, amount_msat=issued.amount_msat if percent == 100 else sats * 1000, late=late)
        except PhoneRefused:
            return False
        self._phones.add(bolt11)
        return True

    def expire(self, bolt11: str) -> None:
        """Let so much time pass that the invoice of a BOLT11 ends."""
        self.set_server_clock(max(0, self.shop.invoice_of(bolt11).expires_s + 1 - self.shop.now_s()))

    def set_server_clock(self, by_s: float) -> None:
        """Set the server's clock forward, or back."""
        self.witness.note_time()
        self.shop.advance(by_s)
        self.witness.note_time()
