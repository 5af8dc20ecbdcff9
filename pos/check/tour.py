"""All steps of a check in their order, and which of them a failure makes pointless.

Rule: a step is left out only if it has nothing to ask: no server is asked without a key or through a certificate that
is not trusted, and a key that it does not know opens nothing else.
"""

from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from pos.btcpay.clerk import Transport
from pos.check import disk, line, machine, sale, server
from pos.check.finding import Finding, Grade, worst
from pos.check.machine import Ask
from pos.check.sale import Sale
from pos.check.server import Target
from pos.core.route import Route

STEPS: Final = (
    "config", "fonts", "display", "sound", "disk", "journal", "backup",
    "dns", "tls", "server", "sync", "clock", "key", "store", "methods", "invoice",
)  # fmt: skip
"""What is looked at, in this order; the names are stable for machines."""


@dataclass(frozen=True, slots=True)
class Here:
    """This machine as a check may ask it: its programs, screen, sounds and clock."""

    ask: Ask
    measure: Callable[[], tuple[int, int]]
    sounds: Path
    now_s: Callable[[], int]


@dataclass(frozen=True, slots=True)
class Asking:
    """What is asked of the server, over connections that carry the key."""

    connect: Callable[[], Transport]
    target: Target


@dataclass(frozen=True, slots=True)
class There:
    """The server: the way to it, and what is asked there; None if there is no key to ask with."""

    route: Route
    asking: Asking | None


@dataclass(slots=True)
class Tour:
    """One check; `tried` are the steps that had something to say."""

    here: Here
    tried: set[str] = field(default_factory=set)

    def machine(self, *, sound: bool = True) -> Iterator[Finding]:
        """Look at this machine, which can be done without a configuration."""
        yield from self._noted(machine.fonts(self.here.ask))
        yield from self._noted(machine.display(self.here.measure))
        yield from self._noted(machine.sound(self.here.sounds, wanted=sound))

    def disk(self, journal: Path) -> Iterator[Finding]:
        """Look at where the journal is kept."""
        yield from self._noted(*disk.space(journal))
        yield from self._noted(*disk.journal(journal))
        yield from self._noted(*disk.backup(journal, self.here.now_s()))

    def server(self, there: There) -> Iterator[Finding]:
        """Look at the server, as far as the way to it is open; its clock is compared with ours."""
        for look in (line.name(there.route), line.certificate(there.route, self.here.now_s())):
            met = list(self._noted(*look))
            yield from met
            if worst(met) is Grade.FAIL:
                yield from self.clock()
                return
        if there.asking is None:
            yield from self.clock()
            return
        with closing(there.asking.connect()) as transport:
            yield from self._asked(transport, there.asking.target)

    def clock(self) -> Iterator[Finding]:
        """Look at the clock alone, where there is no server to compare it with."""
        yield from self._clock(None)

    def invoice(self, asking: Asking, wanted: Sale) -> Iterator[Finding]:
        """Make one invoice, check it and void it."""
        with closing(asking.connect()) as transport:
            yield from self._noted(*sale.try_one(transport, wanted))

    def _asked(self, transport: Transport, target: Target) -> Iterator[Finding]:
        failure, server_now_s = server.server_clock(transport.send)
        if failure is not None:
            yield from self._noted(failure)
        else:
            yield from self._noted(*server.version(transport.send))
        yield from self._clock(server_now_s)
        if failure is None:
            yield from self._noted(*server.selling(transport.send, target))

    def _clock(self, server_now_s: int | None) -> Iterator[Finding]:
        yield from self._noted(*machine.clock(self.here.ask, self.here.now_s(), server_now_s))

    def _noted(self, *found: Finding) -> Iterator[Finding]:
        for finding in found:
            self.tried.add(finding.step)
            yield finding
