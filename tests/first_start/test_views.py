"""The pages in finished strings: what is hidden of a key, what comes first, what to do."""

from collections.abc import Mapping

import pytest

from pos.check.finding import fail, ok, warn
from pos.config import Secret
from pos.core import touches as t
from pos.first_start.pages import FirstStart, Keying, Permitting, Reading, Speaking
from pos.first_start.views import build, masked
from pos.ui.view_first import ChoiceView, LinkView, StepsView, TypingView
from pos.words import Words

from .conftest import KEY

TYPED = FirstStart(address="https://btcpay.example.com", key=Secret(KEY))


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("", ""),
        ("4b1d", "••••"),
        (KEY[:5], "• " + KEY[1:5]),
        (KEY, "•••• " * 9 + KEY[-4:]),
        (KEY + "0", ("•••• " * 10).rstrip()),
        ('{"apiKey":"' + KEY, ("•••• " * 10).rstrip()),
    ],
)
def test_of_a_key_only_the_last_four_characters_are_seen(typed: str, shown: str) -> None:
    assert masked(typed) == shown


def test_no_view_holds_what_was_typed_of_a_key(words: Mapping[str, Words]) -> None:
    view = build(FirstStart(page=Keying(KEY)), words)
    assert isinstance(view, TypingView)
    assert KEY[:10] not in repr(view)
    assert view.typed.endswith(KEY[-4:])


def test_the_first_page_asks_in_both_languages(words: Mapping[str, Words]) -> None:
    view = build(FirstStart(page=Speaking()), words)
    assert isinstance(view, ChoiceView)
    assert [choice.label for choice in view.choices] == ["日本語", "English"]
    assert view.frame.back is None


def test_the_phone_is_asked_for_no_more_rights_than_selling_needs(words: Mapping[str, Words]) -> None:
    view = build(FirstStart(page=Permitting(), address="https://btcpay.example.com"), words)
    assert isinstance(view, LinkView)
    assert view.address.startswith("https://btcpay.example.com/api-keys/authorize?")
    assert view.address.count("permissions=") == 2


def test_what_has_to_be_mended_comes_first_and_says_how(words: Mapping[str, Words]) -> None:
    strong = fail("key", "key_dangerous", rights="unrestricted")
    found = (ok("sync", "sync_ok"), warn("tls", "tls_plain", host="x"), strong)
    view = build(FirstStart(page=Reading(), language="en", key=Secret(KEY), findings=found), words)
    assert isinstance(view, StepsView)
    assert [step.icon for step in view.steps] == ["cross", "warning", "check"]
    assert "make the key again" in view.steps[0].do
    assert view.frame.go_on is not None
    assert view.frame.go_on.touch == t.TryNow()


def test_with_all_well_the_till_can_start(words: Mapping[str, Words]) -> None:
    view = build(FirstStart(page=Reading(), key=Secret(KEY), findings=(ok("sync", "sync_ok"),)), words)
    assert isinstance(view, StepsView)
    assert view.frame.go_on is not None
    assert view.frame.go_on.touch == t.Enter()
    assert view.steps[0].do == ""


def test_what_can_wait_does_not_look_as_if_it_stopped_anybody(words: Mapping[str, Words]) -> None:
    behind = fail("sync", "sync_behind")
    view = build(FirstStart(page=Reading(), language="en", key=Secret(KEY), findings=(behind,)), words)
    assert isinstance(view, StepsView)
    assert (view.frame.text, view.steps[0].icon) == (words["en"]("first.good_later_text"), "warning")
    assert view.steps[0].do == behind.do(words["en"])
    assert view.frame.go_on is not None
    assert view.frame.go_on.touch == t.Enter()


@pytest.mark.parametrize("language", ["ja", "en"])
def test_every_key_of_the_keyboard_is_there_on_a_high_screen_too(words: Mapping[str, Words], language: str) -> None:
    view = build(FirstStart(page=Keying(), language=language), words)
    assert isinstance(view, TypingView)
    wide, narrow = ({button.label for row in rows for button in row} for rows in (view.rows, view.narrow))
    assert wide == narrow
