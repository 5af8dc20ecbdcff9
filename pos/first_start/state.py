"""Which page of the first start is up and why: touches and answers go in, the next page and a wish come out.

    touch(start, touch) -> (FirstStart, Wish | None)           a finger, a keyboard or a scanner
    answer(start, asked, answer) -> (FirstStart, Wish | None)  what a worker brought

Rule: pure. Back leads to the page before from everywhere but from writing, and whatever is asked meanwhile is not
waited for: its answer carries the number of its question, and only the last question counts.
"""

import re
from dataclasses import replace
from typing import Final, assert_never

from pos.config.address import is_onion
from pos.core import touches as t
from pos.errors import PairingError
from pos.first_start.pages import (
    SCHEME,
    Addressing,
    Asking,
    Choosing,
    Connect,
    Deciding,
    FirstStart,
    Keying,
    LookAt,
    LookedAt,
    NotSaved,
    NotWritten,
    Outcome,
    Permitting,
    Practise,
    Reach,
    Reached,
    Reading,
    Saved,
    Speaking,
    Wish,
    Writing,
)
from pos.pairing import read_key_text, server_address

_MOST_TYPED: Final = 2000
_NEW_SCHEME: Final = re.compile(r"https?://$", re.IGNORECASE)


def touch(start: FirstStart, touched: t.Touch) -> tuple[FirstStart, Wish | None]:
    """Answer a finger or a key; one that the page does not have changes nothing."""
    if isinstance(touched, t.Back):
        return _back(start), None
    match start.page:
        case Speaking() if isinstance(touched, t.Choose):
            page = Deciding() if start.can_practise else Addressing()
            return replace(start, language=touched.name, page=page), None
        case Deciding() if touched == t.Choose("practise"):
            begun = replace(start, page=Writing(), asked=start.asked + 1)
            return begun, Practise(begun.asked, begun.language)
        case Deciding() if touched == t.Choose("connect"):
            return replace(start, page=Addressing()), None
        case Addressing():
            return _addressing(start, touched), None
        case Permitting() if isinstance(touched, t.Enter):
            return replace(start, page=Keying()), None
        case Keying(typed):
            return _keying(start, typed, touched)
        case Choosing(stores) if isinstance(touched, t.Choose) and touched.name in {store.id for store in stores}:
            return _look(start, touched.name)
        case Reading() if isinstance(touched, t.TryNow):
            return _reach(start)
        case Reading() if isinstance(touched, t.Enter) and start.can_begin:
            return _write(start)
        case NotWritten() if isinstance(touched, t.TryNow):
            return _write(start)
    return start, None


def answer(start: FirstStart, asked: int, answered: Outcome) -> tuple[FirstStart, Wish | None]:
    """Take an answer; one to a question that nobody waits for any more changes nothing."""
    if asked != start.asked or not isinstance(start.page, Asking | Writing):
        return start, None
    match answered:
        case Reached(findings, stores):
            start = replace(start, findings=findings)
            if len(stores) == 1:
                return _look(start, stores[0].id)
            return replace(start, page=Choosing(stores) if stores else Reading()), None
        case LookedAt(findings):
            return replace(start, page=Reading(), findings=start.findings + findings), None
        case Saved():
            return start, None
        case NotSaved(wrong):
            return replace(start, page=NotWritten(wrong)), None
        case _:
            assert_never(answered)


def _addressing(start: FirstStart, touched: t.Touch) -> FirstStart:
    match touched:
        case t.TypeKey(key) if len(start.address) < _MOST_TYPED:
            typed = start.address + key
            # A scanner sends a whole address, after the one that stands here to begin with.
            scheme = _NEW_SCHEME.search(typed)
            return replace(start, page=Addressing(), address=scheme[0].lower() if scheme else typed)
        case t.Erase():
            return replace(start, page=Addressing(), address=start.address[:-1])
        case t.Clear():
            return replace(start, page=Addressing(), address=SCHEME)
        case t.Enter():
            try:
                address = server_address(start.address)
            except PairingError as exc:
                return replace(start, page=Addressing(exc.reason))
            if is_onion(address):
                return replace(start, page=Addressing("onion"))
            return replace(start, page=Permitting(), address=address)
    return start


def _keying(start: FirstStart, typed: str, touched: t.Touch) -> tuple[FirstStart, Wish | None]:
    match touched:
        case t.TypeKey(more) if len(typed) < _MOST_TYPED:
            return replace(start, page=Keying(typed + more)), None
        case t.Erase():
            return replace(start, page=Keying(typed[:-1])), None
        case t.Clear():
            return replace(start, page=Keying()), None
        case t.Enter():
            try:
                key = read_key_text(typed).key
            except PairingError as exc:
                return replace(start, page=Keying(typed, exc.reason)), None
            return _reach(replace(start, key=key))
    return start, None


def _reach(start: FirstStart) -> tuple[FirstStart, Wish | None]:
    if start.key is None:
        return start, None
    begun = replace(start, page=Asking(), findings=(), store_id="", asked=start.asked + 1)
    return begun, Reach(begun.asked, begun.address, start.key)


def _look(start: FirstStart, store_id: str) -> tuple[FirstStart, Wish | None]:
    if start.key is None:
        return start, None
    begun = replace(start, page=Asking(), store_id=store_id, asked=start.asked + 1)
    return begun, LookAt(begun.asked, begun.address, start.key, store_id)


def _write(start: FirstStart) -> tuple[FirstStart, Wish | None]:
    begun = replace(start, page=Writing(), asked=start.asked + 1)
    if start.key is None:
        return begun, Practise(begun.asked, start.language)
    return begun, Connect(begun.asked, start.language, start.address, start.key, start.store_id)


def _back(start: FirstStart) -> FirstStart:
    match start.page:
        case Speaking() | Writing():
            return start
        case Deciding():
            return replace(start, page=Speaking())
        case Addressing():
            return replace(start, page=Deciding() if start.can_practise else Speaking())
        case Permitting():
            return replace(start, page=Addressing())
        case Keying():
            return replace(start, page=Permitting())
        case NotWritten() if start.key is None:
            return replace(start, page=Deciding())
        case Asking() | Choosing() | Reading() | NotWritten():
            return replace(start, page=Keying(), key=None, asked=start.asked + 1)
        case _:
            assert_never(start.page)
