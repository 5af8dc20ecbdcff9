"""The program: what is said on the command line, and what it ends with.

Rule: nothing in the package imports this module. A customer waits for the first frame, so what it does not need is
imported where it is needed: a command when it is asked for, Tk by whoever opens a window, the rest by a failure or a
first start.
"""

import argparse
import importlib
import logging
import os
import signal
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from pos import command_line
from pos import config as configs
from pos import words as wordbook
from pos.assembly import ASSETS, ROOT, assemble, find_server, open_window, own_journal
from pos.config import Config
from pos.core.touches import Touch
from pos.errors import ScreenError
from pos.exit_code import MEANINGS, Exit
from pos.report import Reports
from pos.systemd import Notifier
from pos.words import Words

if TYPE_CHECKING:
    from pos.fault import Fault
    from pos.ui.screen import Makers
    from pos.ui.window import Window

log = logging.getLogger(__name__)

REPORTS = "reports"
STARTED_AGAIN = "KIOSK_STARTED_AGAIN"
"""Set in the environment of a till that one before it started after a failure."""

COMMANDS = {
    "check": ("pos.check.command", "look at everything the till needs, and say what to do"),
    "pair": ("pos.commands.pair", "connect the till to a BTCPay Server"),
    "restore": ("pos.commands.restore", "bring the journal back from a backup"),
    "status": ("pos.commands.status", "show how well the till has served"),
    "pin": ("pos.commands.pin", "make the line for kiosk.yaml that lets staff leave the full screen"),
}
"""A command's module and what it is for; each has `main(argv)`, and only the one asked for is imported."""


def main(argv: Sequence[str] | None = None) -> int:
    """Do what the first word says, and without one run the till; the exit code is the command's."""
    words = sys.argv[1:] if argv is None else argv
    if "--touch" in words and words[0] == "pair":
        return run_till([word for word in words[1:] if word != "--touch"], pairing=True)
    if words and words[0] in COMMANDS:
        return command_line.run(importlib.import_module(COMMANDS[words[0]][0]).main, words[1:])
    if words and not words[0].startswith("-"):
        return command_line.no_such(words[0], COMMANDS)
    return run_till(words)


def run_till(argv: Sequence[str], *, pairing: bool = False) -> int:
    """Run the till, or let its owner connect it by touch first; what stops it is told on a screen, and by the code."""
    options = _options(argv)
    environ = dict(os.environ)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    # systemd names the one folder a locked-in service may always write to.
    reports = Reports(Path(environ.get("STATE_DIRECTORY", options.config.parent / "var")) / REPORTS)
    terminal = logging.StreamHandler(sys.stderr)
    terminal.setFormatter(reports.formatter)
    logging.basicConfig(level=logging.INFO, handlers=[terminal, reports])
    # What even the screen for it could not be told of: Python would print it with every secret it holds.
    sys.excepthook = lambda *error: log.critical("the till has ended", exc_info=error)
    run = _Run(options, Notifier.from_environment(os.environ), reports, wordbook.without_files())
    with ExitStack() as cleanup:
        code = _sell(run, cleanup, pairing=pairing)
    if code is None and not run.told_to_end:
        # By the same process: whoever started it, a service or a desktop, still holds it.
        words = [word for word in sys.orig_argv[1:] if not pairing or word not in ("pair", "--touch")]
        environ |= {STARTED_AGAIN: "1"} if run.failed else {}
        os.execve(sys.executable, [sys.executable, *words], environ)  # noqa: S606 our own command line
    return Exit.DONE if code is None else code


@dataclass(slots=True)
class _Run:
    """What is there already when something fails."""

    options: argparse.Namespace
    notifier: Notifier
    reports: Reports
    words: Mapping[str, Words]
    config: Config | None = None
    window: "Window | None" = None
    selling: bool = False
    failed: bool = False
    told_to_end: bool = False

    def opened(self, window: "Window") -> None:
        """Keep the window: Tk may not survive a second root. A signal stops it, and breaks nothing half begun."""

        def stop(*_: object) -> None:
            self.told_to_end = True
            window.stop()

        self.window = window
        signal.signal(signal.SIGTERM, stop)
        if self.told_to_end:  # while it was being opened
            window.stop()


def _sell(run: _Run, cleanup: ExitStack, *, pairing: bool) -> int | None:
    """Run the till until its window is closed; returns the exit code, or None when it is to start again."""
    try:
        run.words = wordbook.load_all(ASSETS / "words")
        if pairing or (_alone(run) and not os.path.exists(run.options.config)):
            return None if _set_up(run, cleanup) else Exit.DONE
        _open(run, cleanup).run()
    except ScreenError as exc:
        language = run.config.language if run.config else configs.language_of(run.options.config, os.environ)
        sys.stderr.write(run.words[language]("start.no_screen") + f"\n{exc}\n")
        return Exit.SCREEN
    except Exception as exc:  # noqa: BLE001 whatever it is has stopped the till, and is told
        run.failed = True
        fault = _judge(run, exc)
        return None if _face(run, fault) else fault.exit_code
    run.notifier.stopping()
    return Exit.DONE


def _open(run: _Run, cleanup: ExitStack) -> "Window":
    config = configs.load(run.options.config, run.words, otherwise=configs.language_of(run.options.config, os.environ))
    server = configs.DemoServer() if run.options.demo else config.server
    run.config = config = replace(config, server=server, kiosk=config.kiosk and run.options.window is None)
    if config.kiosk:
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C on the console that started it is a key as well
    if "STATE_DIRECTORY" not in os.environ:
        run.reports.folder = config.journal.parent / REPORTS
    run.reports.hide(config.pin or "")
    found = find_server(config, run.words, cleanup)
    run.reports.hide(found.key.reveal())
    parts = assemble(own_journal(config, found, cleanup), run.words, found, cleanup)
    if last := run.reports.watch_for_hard_crashes():
        log.warning("the run before this one was ended by a signal: %s", last)
    window = open_window(parts, size=run.options.window, notifier=run.notifier, opened=run.opened)
    run.selling = True
    return window


def _judge(run: _Run, error: Exception) -> "Fault":
    """Tell on the terminal what went wrong, write a report where it is our fault, and say what it was."""
    from pos.fault import SOON_S, Crash, Mistakes, NoJournal, expected

    config, reports = run.config, run.reports
    fault = None if run.selling else expected(error, str(config.journal) if config else "")
    match fault:
        case Mistakes(complaints):
            command_line.refuse(complaints)
        case NoJournal(_, _, denied):
            language = config.language if config else wordbook.LANGUAGES[0]
            sys.stderr.write(run.words[language](fault.sentence, folder=denied) + f"\n{error}\n")
        case None:
            # A window that was running has logged it already.
            log.critical("the till has stopped", exc_info=None if run.selling else error)
            reports.facts["config"] = str(run.options.config)
            reports.facts["tk"] = run.window.root.tk.call("info", "patchlevel") if run.window else "not started"
            path = reports.write(error)
            in_loop = STARTED_AGAIN in os.environ and reports.uptime_s < SOON_S
            return Crash("/".join(path.parts[-3:]) if path else "", in_loop)
    return fault


def _face(run: _Run, fault: "Fault") -> bool:
    """Show a fault until somebody taps or its time is over; True to start again, False where there is no screen for it.

    A till in a window whose owner looks at a terminal has been told there. The workers go on meanwhile; nobody reads
    what they see, and the till that starts again looks for itself.
    """
    if run.window is None and not _alone(run):
        return False
    from pos.ui.last_window import LastWindow
    from pos.ui.views.fault import build

    when = time.strftime("%Y-%m-%d %H:%M")
    try:
        last = LastWindow(partial(_window, run), partial(build, fault, run.words, when), fault.wait_s)
    except ScreenError:
        return False
    last.window.every(1000, run.notifier.alive)
    run.notifier.ready()
    return last.run()


def _set_up(run: _Run, cleanup: ExitStack) -> bool:
    """Let the owner set the till up by touch; True when it can start."""
    from pos.first_start.parts import Outside, Place, build
    from pos.ui.first_start import first_screens

    written: list[bool] = []

    def done() -> None:
        written.append(True)
        window.close()

    place = Place(run.options.config, ROOT / "kiosk.yaml", full_screen=run.options.window is None)
    parts = build(place, run.words, Outside(run.reports.hide, done, lambda: int(time.time())), cleanup)
    window = _window(run, first_screens(parts.draw_qr), parts.desk.touch)
    window.on_readable(parts.mailbox.fileno(), lambda: parts.desk.read(parts.mailbox.collect(1)))
    window.every(1000, run.notifier.alive)
    parts.desk.begin(window)
    parts.crew.start()
    run.notifier.ready()
    window.run()
    return bool(written)


def _alone(run: _Run) -> bool:
    """Tell whether people look at the screen and at nothing else: no terminal, no window among others."""
    return not run.options.window and not sys.stderr.isatty()


def _window(run: _Run, screens: "Makers", report: Callable[[Touch], None]) -> "Window":
    """Open a window with other screens than the till's, or put them into the one that is open."""
    from pos.ui.window import Window

    window = Window(
        run.config.theme if run.config else "dark",
        screens,
        report,
        kiosk=run.options.window is None and (run.config is None or run.config.kiosk),
        size=run.options.window,
        root=run.window.hand_over() if run.window else None,
    )
    run.opened(window)
    return window


def _options(argv: Sequence[str]) -> argparse.Namespace:
    commands = "\n".join(f"  {name:<9} {purpose}" for name, (_, purpose) in COMMANDS.items())
    codes = "\n".join(f"  {code:<9} {meaning}" for code, meaning in MEANINGS.items())
    epilog = f"commands, as the first word; each knows --help and --config:\n{commands}\n\nexit codes:\n{codes}"
    parser = command_line.parser("", "The till for a bar counter.", epilog)
    parser.add_argument("--demo", action="store_true", help="practise: your menu, the built-in demo server, no money")
    parser.add_argument("--window", metavar="WxH", type=command_line.size, help="a window instead of the full screen")
    return parser.parse_args(argv)
