"""Words that fit: wrapping, shrinking, the ellipsis. A letter is as wide as the font size here, a Latin one half."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pos.ui.typeset import ASCENT, DESCENT, LINE, balanced, fit, pieces, wrap


def width(text: str, size: int = 10) -> int:
    return sum(size if character > "\u2e80" else size // 2 for character in text)


def test_words_break_at_spaces() -> None:
    assert wrap("Gin and Tonic", 40, width) == ["Gin and", "Tonic"]


def test_japanese_breaks_anywhere() -> None:
    assert wrap("自家製レモン", 40, width) == ["自家製レ", "モン"]


@pytest.mark.parametrize("mark", "、。」』）ーっャ！？…")
def test_no_line_begins_with_a_closing_mark(mark: str) -> None:
    assert wrap(f"あいう{mark}え", 30, width)[1][0] == "う"


def test_a_word_that_was_cut_to_its_line_stays_cut_when_the_lines_are_made_even() -> None:
    words = "/home/pi/a/very/long/folder is full"
    _, lines = fit(words, (100, 100), 4, [10], width)
    assert lines[0].endswith("…")
    assert all(width(line) <= 100 for line in balanced(words, lines, 100, width))


def test_no_line_ends_with_an_opening_mark() -> None:
    assert wrap("あい「うえ", 30, width) == ["あい", "「うえ"]


def test_a_line_that_is_asked_for_is_kept() -> None:
    assert wrap("one\ntwo", 1000, width) == ["one", "two"]


def test_words_shrink_one_step_before_they_are_cut() -> None:
    assert fit("あいうえお", (40, 100), 1, (10, 8), width) == (8, ["あいうえお"])
    assert fit("あいうえおか", (40, 100), 1, (10, 8), width) == (8, ["あいうえ…"])


def test_a_single_character_is_not_left_alone_where_smaller_words_fit() -> None:
    assert fit("あいうえお", (40, 100), 2, (10, 8), width) == (8, ["あいうえお"])
    assert fit("あいうえおかきく", (40, 100), 2, (10, 8), width) == (10, ["あいうえ", "おかきく"])


def test_a_low_box_holds_fewer_lines_than_allowed() -> None:
    assert fit("あいうえおか", (30, 12), 2, (10,), width) == (10, ["あい…"])


def test_what_is_cut_into_pieces_is_still_all_there() -> None:
    assert "".join(pieces("生ビール (大) two")) == "生ビール (大) two"


@given(
    st.text(alphabet="ab cあいうー、「」0¥…", min_size=1, max_size=40),
    st.integers(12, 120),
    st.integers(12, 60),
    st.integers(1, 3),
)
def test_nothing_ever_leaves_its_box(words: str, box_w: int, box_h: int, lines: int) -> None:
    size, laid = fit(words, (box_w, box_h), lines, (10, 8), width)
    assert len(laid) <= lines
    assert all(width(line, size) <= box_w for line in laid)
    assert (ASCENT + DESCENT + (len(laid) - 1) * LINE) * size <= max(box_h, (ASCENT + DESCENT) * size) + 0.5


def test_centred_lines_are_as_even_as_they_can_be() -> None:
    words = "BTCPayとの接続が途中で切れました。"
    lines = wrap(words, 150, width)
    assert lines[-1] == "た。"
    first, second = balanced(words, lines, 150, width)
    assert first + second == words
    assert abs(width(first) - width(second)) <= 2 * width("あ")


def test_centred_sentences_begin_on_lines_of_their_own_where_there_is_room() -> None:
    words = "BTCPayにつながりません。BTCPayの電源とLANを確認してください。"
    lines = wrap(words, 150, width)
    even = balanced(words, lines, 150, width)
    assert len(even) == len(lines)
    assert "".join(even) == words
    assert any(line.endswith("ません。") for line in even)


def test_a_line_that_was_shortened_is_left_as_it_is() -> None:
    lines = ["an endless", "name…"]
    assert balanced("an endless name of a drink", lines, 100, lambda text: 10 * len(text)) == lines


@pytest.mark.parametrize(
    ("words", "lines"),
    [
        ("BTCPayの内部でエラーが起きました。", ["BTCPayの内部で", "エラーが起きました。"]),
        ("BTCPayが注文の内容を受け付けません", ["BTCPayが注文の内容を", "受け付けません"]),
        ("確認中のお支払いとご注文", ["確認中の", "お支払いとご注文"]),
    ],
)
def test_even_lines_do_not_tear_a_japanese_word(words: str, lines: list[str]) -> None:
    assert balanced(words, wrap(words, 110, width), 110, width) == lines


def test_a_word_is_torn_rather_than_one_more_line_taken() -> None:
    words = "アドレスとストアIDの確認"
    assert len(balanced(words, wrap(words, 60, width), 60, width)) == len(wrap(words, 60, width)) == 2


@given(st.text(alphabet="ab おごのをエラ確認ー、「」3", min_size=1, max_size=40), st.integers(20, 120))
def test_even_lines_say_the_same_on_as_many_lines(words: str, box_w: int) -> None:
    lines = wrap(words, box_w, width)
    even = balanced(words, lines, box_w, width)
    assert len(even) == len(lines)
    assert "".join(even).replace(" ", "") == words.replace(" ", "")
