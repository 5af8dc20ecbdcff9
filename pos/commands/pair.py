"""`run_kiosk.py pair`: the conversation on a terminal that connects the till to its BTCPay Server.

Rule: nothing is changed before the last step, and then all at once; Ctrl-C at any question leaves everything as it was.
The key is never echoed, never an argument and never in what is printed.
"""

import os
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from getpass import getpass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from pos import command_line, pairing, qr
from pos import config as configs
from pos.assembly import ASSETS, ROOT, this_machine
from pos.btcpay.certificate import Certificate, grouped
from pos.check.finding import Finding, Grade, problem_told, worst
from pos.check.report import line
from pos.check.server import Target
from pos.check.tour import Asking, There, Tour
from pos.config import BTCPayServer, Config
from pos.config.address import is_onion, proxy_mistake
from pos.core.route import Route
from pos.errors import BTCPayError, ConfigError, Denied, PairingError
from pos.exit_code import Exit
from pos.memory import keep_private
from pos.pairing import Found, Settings
from pos.words import Words, load_all

_TOR: Final = "127.0.0.1:9050"
_QR_PX: Final = 1_000  # enough for any address: a terminal draws modules, not pixels


@dataclass(frozen=True, slots=True)
class Terminal:
    """What the conversation is held with; `secret` reads a line without showing it."""

    say: Callable[[str], None]
    question: Callable[[str], str]
    secret: Callable[[str], str]
    colored: bool


@dataclass(frozen=True, slots=True)
class Place:
    """Where the pairing is written, what a new file is made from, and a folder that is gone afterwards."""

    config: Path
    template: Path
    scratch: Path


def main(argv: Sequence[str]) -> int:
    """Hold the conversation; DONE when the till is paired, FAILED when it was given up, CONFIG for a useless file."""
    parser = command_line.parser("pair", "Connect the till to a BTCPay Server.")
    parser.add_argument("--touch", action="store_true", help="ask on the till's own screen instead of here")
    options = parser.parse_args(argv)
    keep_private()
    books = load_all(ASSETS / "words")
    before = _before(options.config, books)
    words = books[before.language if before else configs.language_of(options.config, os.environ)]
    typed = sys.stdin.isatty()
    terminal = Terminal(_say, input, getpass if typed else input, colored=sys.stdout.isatty())
    with TemporaryDirectory() as scratch:
        place = Place(options.config, ROOT / "kiosk.yaml", Path(scratch))
        try:
            return Conversation(terminal, words, Tour(this_machine())).hold(place, books, before)
        except (KeyboardInterrupt, EOFError):
            _say("\n" + words("pair.stopped"))
            return Exit.STOPPED


def _say(text: str) -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def _before(path: Path, words: Mapping[str, Words]) -> Config | None:
    """Read the configuration that is there; ConfigError for the mistakes that a new server: block would not mend."""
    if not path.exists() or not path.stat().st_size:
        return None
    try:
        return configs.load(path, words, otherwise=configs.language_of(path, os.environ))
    except ConfigError as exc:
        others = [complaint for complaint in exc.complaints if not complaint.key.startswith("server")]
        if others:
            raise ConfigError(others) from exc
        return None


class Conversation:
    """One pairing, question by question."""

    def __init__(self, terminal: Terminal, words: Words, tour: Tour) -> None:
        self._terminal = terminal
        self._words = words
        self._tour = tour

    def hold(self, place: Place, books: Mapping[str, Words], before: Config | None) -> int:
        """Ask for everything, try it, write it down; the exit code."""
        real = before.server if before and isinstance(before.server, BTCPayServer) else None
        allowed = real.allowed_rights if real else frozenset()
        try:
            pairing.must_be_writable(place.config)
        except PairingError as exc:
            self._terminal.say(pairing.sentence(exc, self._words))
            return Exit.CONFIG
        self._say("intro", file=place.config)
        settings = None
        while settings is None:
            route = self._route(real.route.url if real else "", place.scratch)
            self._show_authorize(route.url)
            settings = self._settings(route, allowed)
        target = Target(settings.store_id, allowed)
        there = There(settings.route, Asking(partial(pairing.call, settings.route, settings.key), target))
        if self._report(self._tour.server(there)) is Grade.FAIL and not self._agreed("write_anyway"):
            self._say("stopped")
            return Exit.FAILED
        return self._write(place, settings, books)

    def _route(self, usual: str, scratch: Path) -> Route:
        """Ask for the address until there is one whose certificate is trusted."""
        while True:
            try:
                typed = self._ask("ask_address_again", usual=usual) or usual if usual else self._ask("ask_address")
                address = pairing.server_address(typed)
                route = Route(address, proxy=self._proxy(address))
                shown = pairing.certificate(route)
                trusted = route if shown is None or shown.distrust is None else self._trusted(route, shown, scratch)
            except PairingError as exc:
                self._terminal.say(pairing.sentence(exc, self._words))
            except BTCPayError as exc:
                self._terminal.say(problem_told(exc.problem, self._words))
            else:
                if trusted is not None:
                    return trusted

    def _proxy(self, address: str) -> str | None:
        """Ask for Tor's door where the address needs it."""
        if not is_onion(address):
            return None
        typed = self._ask("ask_proxy", usual=_TOR) or _TOR
        mistake = proxy_mistake(typed, address)
        if mistake is not None:
            raise PairingError(mistake)
        return f"socks5h://{typed}"

    def _trusted(self, route: Route, shown: Certificate, scratch: Path) -> Route | None:
        """Let the owner vouch for a certificate this machine does not trust; None if it stays untrusted."""
        self._say("distrusted", why=shown.distrust, sha256=grouped(shown.sha256))
        choice = self._ask("ask_trust")
        if choice == "1" and (ca_file := self._ca_file()):
            vouched = replace(route, ca_file=ca_file)
        elif choice == "2":
            vouched = replace(route, ca_file=pairing.keep(shown, scratch), fingerprint=shown.sha256)
        else:
            return None
        again = pairing.certificate(vouched)
        if again is None or again.distrust is None:
            return vouched
        self._say("still_distrusted", why=again.distrust)
        return None

    def _ca_file(self) -> str | None:
        """Ask for a CA's file until it can be used; None once nothing is typed."""
        while typed := self._ask("ask_ca_file"):
            try:
                return pairing.ca_file(typed)
            except PairingError as exc:
                self._terminal.say(pairing.sentence(exc, self._words))
        return None

    def _show_authorize(self, address: str) -> None:
        url = pairing.authorize_url(address)
        self._say("authorize")
        self._terminal.say("\n" + qr.half_blocks(qr.page(url, _QR_PX), colored=self._terminal.colored))
        self._terminal.say("\n" + url + "\n")

    def _settings(self, route: Route, allowed: frozenset[str]) -> Settings | None:
        """Ask for the key until there is one to sell with; None if the server cannot be asked."""
        while True:
            try:
                pasted = pairing.read_key_text(self._terminal.secret(self._words("pair.ask_key") + " "))
                if pasted.address not in (None, route.url):
                    self._say("other_address", address=pasted.address, used=route.url)
                found = pairing.probe(route, pasted.key)
                store_id = self._store(found)
                if self._rights_will_do(found, store_id, allowed):
                    return Settings(route, store_id, pasted.key)
            except PairingError as exc:
                self._terminal.say(pairing.sentence(exc, self._words))
            except BTCPayError as exc:
                self._terminal.say(problem_told(exc.problem, self._words))
                if not isinstance(exc, Denied):
                    return None

    def _store(self, found: Found) -> str:
        """Find the store that the key is for, and ask where there are several or none is named."""
        self._say("found", version=found.version)
        if len(found.stores) == 1:
            return found.stores[0].id
        if not found.stores:
            return self._ask("ask_store_id")
        for number, store in enumerate(found.stores, 1):
            self._terminal.say(f"  {number}) {store.name or ''} {store.id}")
        while True:
            chosen = self._ask("ask_store", count=len(found.stores))
            if chosen in [str(number) for number in range(1, len(found.stores) + 1)]:
                return found.stores[int(chosen) - 1].id

    def _rights_will_do(self, found: Found, store_id: str, allowed: frozenset[str]) -> bool:
        judged = found.rights(store_id, allowed)
        if judged.missing:
            self._say("rights_missing", rights=", ".join(judged.missing), store=store_id)
        if judged.dangerous:
            self._say("rights_dangerous", rights=", ".join(judged.dangerous))
        return not judged.missing and not judged.dangerous

    def _report(self, findings: Iterable[Finding]) -> Grade:
        taken = []
        for finding in findings:
            taken.append(finding)
            self._terminal.say(line(finding, self._words))
        return worst(taken)

    def _write(self, place: Place, settings: Settings, books: Mapping[str, Words]) -> int:
        try:
            written = pairing.write(place.config, place.template, settings, books)
        except (ConfigError, PairingError) as exc:
            why = configs.render(exc.complaints) if isinstance(exc, ConfigError) else pairing.sentence(exc, self._words)
            self._terminal.say(why)
            return Exit.CONFIG
        self._say("written", file=written.config.path, key_file=written.key_file)
        if written.backup is not None:
            self._say("kept", backup=written.backup)
        self._say("next", command=command_line.again("check --invoice", place.config))
        return Exit.DONE

    def _say(self, key: str, **values: object) -> None:
        self._terminal.say(self._words(f"pair.{key}", **values))

    def _ask(self, key: str, **values: object) -> str:
        return self._terminal.question(self._words(f"pair.{key}", **values) + " ").strip()

    def _agreed(self, key: str) -> bool:
        return self._ask(key).lower() in ("y", "yes", "はい")
