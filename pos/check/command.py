"""`run_kiosk.py check`: the command line of a check, and its exit code.

Rule: DONE all is well or can wait, FAILED something keeps the till from selling, CONFIG the configuration or the key
cannot be read: a mistake in it is a finding like the others, and the machine is looked at all the same.
Nothing secret is ever in a finding, so nothing has to be taken out here.
"""

import argparse
import os
import secrets
import sys
import time
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from functools import partial
from io import TextIOWrapper
from pathlib import Path

from pos import command_line
from pos import config as configs
from pos.assembly import ASSETS, Server, find_server, this_machine
from pos.btcpay.client import Client
from pos.btcpay.offers import Terms
from pos.check.finding import Grade, ok
from pos.check.report import Report
from pos.check.sale import EXPIRY_MIN, Sale
from pos.check.server import Target
from pos.check.tour import STEPS, Asking, There, Tour
from pos.config import Config, DemoServer
from pos.errors import ConfigError
from pos.exit_code import Exit
from pos.words import Words, load_all


def main(argv: Sequence[str]) -> int:
    """Look at everything, report, and give the exit code."""
    options = _options(argv)
    options.config = _tidy(options.config)
    if isinstance(sys.stdout, TextIOWrapper):
        sys.stdout.reconfigure(errors="replace")  # a terminal may have no check mark
    try:
        return _check(options)
    except KeyboardInterrupt:
        return Exit.STOPPED
    except BrokenPipeError:
        # Whoever was reading has left, as `head` does; the interpreter must not find that out again when it ends.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return Exit.STOPPED


def _options(argv: Sequence[str]) -> argparse.Namespace:
    parser = command_line.parser("check", "Look at everything the till needs.")
    parser.add_argument("--invoice", action="store_true", help="also make one real invoice, check it and void it")
    parser.add_argument("--json", action="store_true", help="one JSON for machines instead of lines for people")
    return parser.parse_args(argv)


def _check(options: argparse.Namespace) -> int:
    words = load_all(ASSETS / "words")
    tour = Tour(this_machine())
    language = configs.language_of(options.config, os.environ)
    try:
        config = configs.load(options.config, words, otherwise=language)
    except ConfigError as exc:
        return _without_config(exc, tour, Report(words[language], sys.stdout, as_json=options.json))
    report = Report(words[config.language], sys.stdout, as_json=options.json)
    return _with_config(config, words, tour, report, invoice=options.invoice)


def _without_config(error: ConfigError, tour: Tour, report: Report) -> int:
    report.complaints("config", error.complaints)
    report.take(tour.machine())
    report.take(tour.clock())
    report.end([step for step in STEPS if step not in {"config", *tour.tried}])
    return Exit.CONFIG


def _with_config(
    config: Config, words: Mapping[str, Words], tour: Tour, report: Report, *, invoice: bool
) -> int:
    report.take([ok("config", "config_ok", file=str(config.path), count=len(config.menu.items))])
    report.take(tour.machine(sound=config.sound))
    report.take(tour.disk(_tidy(config.journal)))
    with ExitStack() as cleanup:
        server = None
        try:
            server = find_server(config, words, cleanup)
        except ConfigError as exc:
            report.complaints("key", exc.complaints)
            tour.tried.add("key")
        there = _there(config, server)
        if isinstance(config.server, DemoServer):
            report.take([ok("server", "server_demo")])
        report.take(tour.server(there))
        if invoice and server is not None and there.asking is not None and "methods" in tour.tried:
            sale = _sale(config, server, words[config.language]("check.sale"))
            report.take(tour.invoice(there.asking, sale))
    done = {"config", *tour.tried} | ({"invoice"} if not invoice else set())
    grade = report.end([step for step in STEPS if step not in done])
    if there.asking is None:
        return Exit.CONFIG
    return Exit.FAILED if grade is Grade.FAIL else Exit.DONE


def _tidy(path: Path) -> Path:
    """Take the detours out of a path; the last name stays, for a link to kiosk.yaml is what its owner calls it."""
    return Path(os.path.realpath(path.parent), path.name)


def _there(config: Config, server: Server | None) -> There:
    """Describe the server of the configuration, or the demo's; without its key only the way to it."""
    if server is not None:
        return There(server.route, Asking(partial(_call, server), Target(server.store_id, server.allowed_rights)))
    if isinstance(config.server, DemoServer):
        raise TypeError("the demo's key is never out of reach")
    return There(config.server.route, None)


def _call(server: Server) -> Client:
    return Client(server.route, server.key.reveal())


def _sale(config: Config, server: Server, name: str) -> Sale:
    terms = Terms(server.store_id, server.network, server.payee, EXPIRY_MIN, config.language, server.allowed_rights)
    return Sale(config.till, config.currency, terms, name, secrets.token_hex(3), int(time.time()))
