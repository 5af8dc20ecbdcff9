"""The screens on which the till has stopped, as its own views make them from a fault."""

from pathlib import Path

from pos import words as wordbook
from pos.errors import Complaint
from pos.fault import Crash, Fault, Mistakes, NoJournal
from pos.ui.view_fault import FaultView
from pos.ui.views import fault as views

WORDS = {
    language: wordbook.load(language, Path(__file__).resolve().parents[2] / "assets" / "words")
    for language in wordbook.LANGUAGES
}
REPORT = "var/reports/crash-20261122T124703Z.txt"
WHEN = "2026-11-22 21:47"


def complaints(language: str) -> tuple[Complaint, ...]:
    """Make mistakes such as an owner makes, one with an example of many lines."""
    words = WORDS[language]
    found = (
        (12, "colour", words("config.wrong.unknown_near", name="colour", known="theme"), words("config.example.theme")),
        (31, "server", words("config.wrong.server"), words("config.example.server")),
        (
            88,
            "menu.items[3].price",
            words("config.wrong.price", given="1,400円"),
            words("config.example.price"),
        ),
        (102, "menu.items[7].picture", words("config.wrong.picture_outside"), words("config.example.picture")),
    )
    return tuple(Complaint("/home/pi/bar-kiosk/kiosk.yaml", *parts) for parts in found)


def view(fault: Fault, left_s: int | None = None) -> FaultView:
    """Build one as the till does."""
    return views.build(fault, WORDS, WHEN, fault.wait_s if left_s is None else left_s)


VIEWS: tuple[tuple[str, FaultView], ...] = (
    ("fault-crash", view(Crash(REPORT, in_loop=False), 29)),
    ("fault-crash-loop", view(Crash(REPORT, in_loop=True))),
    ("fault-crash-unwritten", view(Crash("", in_loop=False))),
    ("fault-journal", view(NoJournal("/home/pi/bar-kiosk/var/journal.db", in_use=False))),
    ("fault-in-use", view(NoJournal("/home/pi/bar-kiosk/var/journal.db", in_use=True), 7)),
    ("fault-denied", view(NoJournal("/home/pi/bar-kiosk/var/journal.db", False, "/home/pi/bar-kiosk/var"))),
    ("fault-newer", view(NoJournal("/home/pi/bar-kiosk/var/journal.db", in_use=False, newer=True))),
    ("fault-mistake-ja", view(Mistakes(complaints("ja")[:1]))),
    ("fault-mistakes-ja", view(Mistakes(complaints("ja")))),
    ("fault-mistakes-en", view(Mistakes(complaints("en") * 3))),
    ("fault-words", views.build(Mistakes(complaints("en")[:1]), wordbook.without_files(), WHEN, None)),
)
