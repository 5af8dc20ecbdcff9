"""The pages of the first start as views: finished strings, in the language that was chosen.

Rule: a key is seen by its last four characters only, and only where it looks like one; what a scanner sent beyond that
stays unseen.
"""

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Final, assert_never

from pos import pairing
from pos.check.finding import Finding, Grade
from pos.core import touches as t
from pos.errors import PairingError
from pos.first_start.pages import (
    KEY_LENGTH,
    Addressing,
    Asking,
    Choosing,
    Deciding,
    FirstStart,
    Keying,
    NotWritten,
    Permitting,
    Reading,
    Speaking,
    Writing,
)
from pos.pairing import Store
from pos.ui.view import Button
from pos.ui.view_first import Choice, ChoiceView, FirstView, Frame, LinkView, Step, StepsView, TypingView
from pos.words import LANGUAGES, Words

_PAGES: Final = 6
_SHOWN: Final = 4
_GROUP: Final = 4
_KEY_LIKE: Final = re.compile(r"[0-9a-fA-F]{5,40}")
_ADDRESS_KEYS: Final = ("1234567890", "qwertyuiop", "asdfghjkl-", "zxcvbnm./:")
_ADDRESS_KEYS_NARROW: Final = ("12345678", "90-./:ab", "cdefghij", "klmnopqr", "stuvwxyz")
_KEY_KEYS: Final = ("01234567", "89abcdef")
_MARKS: Final = {Grade.FAIL: ("cross", "red"), Grade.WARN: ("warning", "amber"), Grade.OK: ("check", "green")}
_FINGERPRINT: Final = re.compile(r"(?:[0-9A-F]{2}:){31}[0-9A-F]{2}")


def build(start: FirstStart, words: Mapping[str, Words]) -> FirstView:
    """Make the view of the page that is up."""
    said = words[start.language]
    match start.page:
        case Speaking():
            return _languages(words)
        case Deciding():
            return _purposes(said)
        case Addressing(mistake):
            return _address(said, start.address, mistake)
        case Permitting():
            return _permit(said, start.address)
        case Keying(typed, mistake):
            return _key(said, typed, mistake)
        case Choosing(stores):
            return ChoiceView(_frame(said, 6, "store", back=True), tuple(map(_store, stores)), few=False)
        case Asking():
            return StepsView(_frame(said, 6, "ask", back=True), _steps(said, start.findings), said("first.asking"))
        case Reading():
            return _found(said, start)
        case Writing():
            return StepsView(_frame(said, 6, "write", back=False), (), "")
        case NotWritten(wrong):
            frame = _frame(said, 6, "failed", back=True, go_on=Button(said("first.again"), t.TryNow(), "primary"))
            return StepsView(frame, (Step("cross", "red", "", wrong, ""),), "")
        case _:
            assert_never(start.page)


def _languages(words: Mapping[str, Words]) -> ChoiceView:
    """Ask in every language at once."""
    title, again = (words[language]("first.language_title") for language in LANGUAGES)
    choices = tuple(
        Choice(words[language]("first.language"), words[language]("first.language_detail"), t.Choose(language))
        for language in LANGUAGES
    )
    step = words[LANGUAGES[0]]("first.step", number=1, of=_PAGES)
    return ChoiceView(Frame(step, title, again, None, None), choices, few=True)


def _purposes(words: Words) -> ChoiceView:
    names = ("practise", "connect")
    choices = tuple(Choice(words(f"first.{name}"), words(f"first.{name}_detail"), t.Choose(name)) for name in names)
    return ChoiceView(_frame(words, 2, "purpose", back=True), choices, few=True)


def _address(words: Words, typed: str, mistake: str) -> TypingView:
    return TypingView(
        frame=_frame(words, 3, "address", back=True, go_on=_go_on(words)),
        typed=typed,
        count="",
        mistake=_sentence(words, mistake),
        rows=_keys(_ADDRESS_KEYS),
        narrow=_keys(_ADDRESS_KEYS_NARROW),
        erase=Button("", t.Erase()),
        clear=Button(words("first.clear"), t.Clear(), "outline"),
    )


def _permit(words: Words, address: str) -> LinkView:
    return LinkView(
        frame=_frame(words, 4, "permit", back=True, go_on=_go_on(words)),
        address=pairing.authorize_url(address),
        steps=tuple(words(f"first.permit_{number}") for number in (1, 2, 3)),
    )


def _key(words: Words, typed: str, mistake: str) -> TypingView:
    return TypingView(
        frame=_frame(words, 5, "key", back=True, go_on=_go_on(words, enabled=bool(typed))),
        typed=masked(typed),
        count=words("first.key_count", count=len(typed), of=KEY_LENGTH),
        mistake=_sentence(words, mistake),
        rows=_keys(_KEY_KEYS),
        narrow=_keys(_KEY_KEYS),
        erase=Button("", t.Erase()),
        clear=Button(words("first.clear"), t.Clear(), "outline"),
    )


def _found(words: Words, start: FirstStart) -> StepsView:
    if not start.can_begin:
        again = Button(words("first.again"), t.TryNow(), "primary")
        return StepsView(_frame(words, 6, "bad", back=True, go_on=again), _steps(words, start.findings), "")
    begin = Button(words("first.begin"), t.Enter(), "primary")
    # What can wait does not stop anybody, and must not look as if it did.
    findings = tuple(replace(one, grade=Grade.WARN) if one.grade is Grade.FAIL else one for one in start.findings)
    page = "good" if findings == start.findings else "good_later"
    return StepsView(_frame(words, 6, page, back=True, go_on=begin), _steps(words, findings), "")


def _steps(words: Words, findings: tuple[Finding, ...]) -> tuple[Step, ...]:
    """Put what has to be mended first, where it is seen without scrolling."""
    graver = sorted(findings, key=lambda finding: list(_MARKS).index(finding.grade))
    return tuple(_step(words, finding) for finding in graver)


def _step(words: Words, finding: Finding) -> Step:
    do = finding.do(words)
    if do and finding.step == "key":
        # On a terminal the way is another one.
        do = words("first.remake_key")
    elif do and finding.reason == "tls_distrusted":
        do = words("first.other_ways")
    icon, color = _MARKS[finding.grade]
    # The fingerprint of what is trusted anyway is for people who pin it, on a terminal.
    found = words("first.trusted") if finding.reason == "tls_ok" else finding.what(words)
    found = _FINGERPRINT.sub(_in_groups, found)
    return Step(icon, color, words(f"check.step.{finding.step}"), found, do)


def _in_groups(fingerprint: re.Match[str]) -> str:
    """Break a fingerprint where people pause who compare it, and where a line can end."""
    return " ".join(fingerprint[0][start : start + 23] for start in range(0, len(fingerprint[0]), 24))


def _store(store: Store) -> Choice:
    return Choice(store.name or store.id, store.id if store.name else "", t.Choose(store.id))


def masked(typed: str) -> str:
    """Hide what may be a key but for its last characters, in groups that can be counted."""
    shown = typed[-_SHOWN:] if _KEY_LIKE.fullmatch(typed) else ""
    hidden = "•" * (min(len(typed), KEY_LENGTH) - len(shown))
    groups = [hidden[start : start + _GROUP] for start in range(0, len(hidden), _GROUP)]
    return " ".join([*groups, shown]).rstrip()


def _sentence(words: Words, mistake: str) -> str:
    if not mistake:
        return ""
    own = f"first.wrong.{mistake}"
    return words(own) if own in words.sentences else pairing.sentence(PairingError(mistake), words)


def _keys(rows: tuple[str, ...]) -> tuple[tuple[Button, ...], ...]:
    return tuple(tuple(Button(key, t.TypeKey(key)) for key in row) for row in rows)


def _go_on(words: Words, *, enabled: bool = True) -> Button:
    return Button(words("first.go_on"), t.Enter(), "primary", enabled=enabled)


def _frame(words: Words, number: int, name: str, *, back: bool, go_on: Button | None = None) -> Frame:
    text = f"first.{name}_text"
    return Frame(
        step=words("first.step", number=number, of=_PAGES),
        title=words(f"first.{name}_title"),
        text=words(text) if text in words.sentences else "",
        back=Button(words("first.back"), t.Back(), "outline") if back else None,
        go_on=go_on,
    )
