"""The pages of the first start: what leads where, and what a scanner may send."""

from dataclasses import replace

import pytest

from pos.check.finding import fail, ok, warn
from pos.config import Secret
from pos.core import touches as t
from pos.first_start import state
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
    Page,
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
from pos.pairing import Store

from .conftest import KEY

ADDRESS = "https://btcpay.example.com"
ONE, OTHER = Store("9CiNzKoANXxmk5ayZngSXrHT", "GAME BAR"), Store("8BhMyJn9MWwlj4Zx", None)
KNOWN = FirstStart(address=ADDRESS, key=Secret(KEY), store_id=ONE.id)


def after(start: FirstStart, *touches: t.Touch) -> FirstStart:
    for touched in touches:
        start, _ = state.touch(start, touched)
    return start


def typed(text: str) -> list[t.Touch]:
    return [t.TypeKey(character) for character in text]


def wish_of(start: FirstStart, touched: t.Touch) -> tuple[FirstStart, Wish | None]:
    return state.touch(start, touched)


def test_the_whole_way_asks_for_language_server_and_key_and_then_writes_once() -> None:
    start = after(FirstStart(), t.Choose("en"), t.Choose("connect"), *typed("btcpay.example.com"), t.Enter())
    assert (start.language, start.address, start.page) == ("en", ADDRESS, Permitting())
    start = after(start, t.Enter(), *typed(KEY))
    start, wish = wish_of(start, t.Enter())
    assert isinstance(wish, Reach)
    assert (wish.address, wish.key.reveal(), start.page) == (ADDRESS, KEY, Asking())
    start, wish = state.answer(start, wish.asked, Reached((ok("sync", "sync_ok"),), (ONE,)))
    assert isinstance(wish, LookAt)
    assert wish.store_id == ONE.id
    start, wish = state.answer(start, wish.asked, LookedAt((ok("key", "key_ok"),)))
    assert (start.page, len(start.findings), wish) == (Reading(), 2, None)
    start, wish = wish_of(start, t.Enter())
    assert isinstance(wish, Connect)
    assert (wish.language, wish.store_id, start.page) == ("en", ONE.id, Writing())
    assert state.answer(start, wish.asked, Saved()) == (start, None)


def test_practising_writes_at_once() -> None:
    start, wish = wish_of(after(FirstStart(), t.Choose("ja")), t.Choose("practise"))
    assert (start.page, wish) == (Writing(), Practise(1, "ja"))


def test_where_there_is_a_configuration_nobody_is_asked_to_practise() -> None:
    assert after(FirstStart(can_practise=False), t.Choose("ja")).page == Addressing()


@pytest.mark.parametrize(
    ("page", "before"),
    [
        (Speaking(), Speaking()),
        (Deciding(), Speaking()),
        (Addressing("url"), Deciding()),
        (Permitting(), Addressing()),
        (Keying("abc", "key_garbled"), Permitting()),
        (Asking(), Keying()),
        (Choosing((ONE, OTHER)), Keying()),
        (Reading(), Keying()),
        (NotWritten("no room"), Keying()),
        (Writing(), Writing()),
    ],
)
def test_back_leads_to_the_page_before(page: Page, before: Page) -> None:
    assert after(replace(KNOWN, page=page), t.Back()).page == before


def test_back_from_what_could_not_be_written_for_practice_decides_anew() -> None:
    assert after(FirstStart(page=NotWritten("no room")), t.Back()).page == Deciding()
    assert after(FirstStart(page=Addressing(), can_practise=False), t.Back()).page == Speaking()


def test_a_key_that_was_given_up_is_forgotten() -> None:
    assert after(replace(KNOWN, page=Reading()), t.Back()).key is None


def test_an_answer_that_nobody_waits_for_any_more_changes_nothing() -> None:
    asking = replace(KNOWN, page=Asking(), asked=3)
    assert state.answer(asking, 2, LookedAt(())) == (asking, None)
    gone = after(asking, t.Back())
    assert state.answer(gone, 3, Reached((), (ONE,))) == (gone, None)


def test_a_scanner_may_send_the_whole_address_after_the_one_that_stands_there() -> None:
    start = after(FirstStart(page=Addressing()), *typed("HTTP://192.168.1.20:8080/btcpay"), t.Enter())
    assert (start.address, start.page) == ("http://192.168.1.20:8080/btcpay", Permitting())


@pytest.mark.parametrize(
    ("text", "mistake"),
    [
        ("", "url"),
        ("http://btcpay.example.com", "url_http"),
        ("http://abc.onion", "onion"),
        ("me@x.example", "url_password"),
    ],
)
def test_an_address_that_cannot_be_used_is_kept_to_be_mended(text: str, mistake: str) -> None:
    start = after(FirstStart(page=Addressing()), *typed(text), t.Enter())
    assert start.page == Addressing(mistake)
    assert after(start, t.Erase()).page == Addressing()


def test_the_address_can_be_erased_and_begun_again() -> None:
    start = after(FirstStart(page=Addressing()), *typed("abc"), t.Erase())
    assert start.address == SCHEME + "ab"
    assert after(start, t.Clear()).address == SCHEME


def test_btcpays_own_qr_of_a_key_is_read() -> None:
    scanned = f'{{"apiKey":"{KEY}","host":"https://btcpay.example.com"}}'
    _, wish = wish_of(after(replace(KNOWN, page=Keying(), key=None), *typed(scanned)), t.Enter())
    assert isinstance(wish, Reach)
    assert wish.key.reveal() == KEY


@pytest.mark.parametrize(("text", "mistake"), [("", "key_empty"), ("abc", "key_garbled"), (ADDRESS, "key_link")])
def test_what_is_no_key_is_said_and_can_be_mended(text: str, mistake: str) -> None:
    start = after(replace(KNOWN, page=Keying()), *typed(text), t.Enter())
    assert start.page == Keying(text, mistake)
    assert after(start, t.Erase()).page == Keying(text[:-1])
    assert after(start, t.Clear()).page == Keying()


def test_neither_key_nor_what_is_typed_of_it_is_in_any_repr() -> None:
    start = after(replace(KNOWN, page=Keying()), *typed(KEY[:30]))
    assert KEY[:30] not in repr(start)
    assert "'4'" not in repr(t.TypeKey("4"))
    assert KEY not in repr(wish_of(replace(KNOWN, page=Reading()), t.TryNow()))


def test_nobody_can_type_without_end() -> None:
    start = after(replace(KNOWN, page=Keying("a" * 2000)), t.TypeKey("b"))
    assert start.page == Keying("a" * 2000)
    long = FirstStart(page=Addressing(), address="h" * 2000)
    assert after(long, t.TypeKey("b")) == long


def test_a_key_for_several_stores_asks_which() -> None:
    asking = replace(KNOWN, page=Asking(), asked=1)
    start, wish = state.answer(asking, 1, Reached((), (ONE, OTHER)))
    assert (start.page, wish) == (Choosing((ONE, OTHER)), None)
    assert after(start, t.Choose("another")) == start
    start, wish = wish_of(start, t.Choose(OTHER.id))
    assert isinstance(wish, LookAt)
    assert wish.store_id == OTHER.id


def test_a_way_that_failed_is_shown_and_can_be_tried_again() -> None:
    asking = replace(KNOWN, page=Asking(), asked=1)
    failed = fail("server", "server_problem", problem="unreachable")
    start, wish = state.answer(asking, 1, Reached((failed,), ()))
    assert (start.page, start.findings, start.can_begin, wish) == (Reading(), (failed,), False, None)
    assert after(start, t.Enter()) == start
    start, wish = wish_of(start, t.TryNow())
    assert isinstance(wish, Reach)
    assert start.findings == ()


def test_what_ends_by_itself_does_not_keep_the_till_from_starting() -> None:
    found = (fail("sync", "sync_behind"), fail("methods", "methods_no_lightning"), warn("tls", "tls_plain", host="x"))
    assert replace(KNOWN, findings=found).can_begin


def test_what_could_not_be_written_says_why_and_can_be_tried_again() -> None:
    writing = replace(KNOWN, page=Writing(), asked=4)
    start, _ = state.answer(writing, 4, NotSaved("no room"))
    assert start.page == NotWritten("no room")
    start, wish = wish_of(start, t.TryNow())
    assert isinstance(wish, Connect)
    practising = replace(FirstStart(page=NotWritten("no room")))
    assert isinstance(wish_of(practising, t.TryNow())[1], Practise)


def test_without_a_key_nothing_is_asked() -> None:
    start = FirstStart(page=Reading())
    assert wish_of(start, t.TryNow()) == (start, None)
    choosing = FirstStart(page=Choosing((ONE,)))
    assert wish_of(choosing, t.Choose(ONE.id)) == (choosing, None)


@pytest.mark.parametrize("page", [Speaking(), Deciding(), Permitting(), Asking(), Reading(), Writing()])
def test_a_touch_that_the_page_does_not_have_changes_nothing(page: Page) -> None:
    start = replace(KNOWN, page=page)
    assert wish_of(start, t.Pay()) == (start, None)
    addressing = replace(KNOWN, page=Addressing())
    assert wish_of(addressing, t.Pay()) == (addressing, None)
    keying = replace(KNOWN, page=Keying())
    assert wish_of(keying, t.Pay()) == (keying, None)
