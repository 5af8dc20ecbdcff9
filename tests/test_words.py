"""Every sentence people read, in both languages."""

import string
from pathlib import Path

import pytest

from pos.errors import ConfigError
from pos.words import LANGUAGES, load

DIRECTORY = Path(__file__).resolve().parents[1] / "assets" / "words"
JA, EN = (load(language, DIRECTORY) for language in LANGUAGES)


def placeholders(sentence):
    return {name for _, name, _, _ in string.Formatter().parse(sentence) if name is not None}


def test_both_languages_have_the_same_sentences():
    assert JA.sentences.keys() == EN.sentences.keys()


def test_both_languages_fill_in_the_same_things():
    assert {key: placeholders(text) for key, text in JA.sentences.items()} == {
        key: placeholders(text) for key, text in EN.sentences.items()}


def test_every_placeholder_is_a_plain_name():
    names = {name for words in (JA, EN) for text in words.sentences.values() for name in placeholders(text)}
    assert all(name.isidentifier() for name in names)


def test_placeholders_are_filled():
    assert EN("config.wrong.missing", name="till") == '"till" is not there.'


def test_text_with_braces_can_be_filled_in():
    assert "{x}" in JA("config.wrong.till", given="{x}")


def test_missing_sentence_is_named():
    with pytest.raises(KeyError, match=r"ja: no\.such\.key"):
        JA("no.such.key")


def test_missing_placeholder_is_named_with_its_sentence():
    with pytest.raises(KeyError, match=r"en: config\.wrong\.missing: name"):
        EN("config.wrong.missing")


@pytest.mark.parametrize(("text", "line", "key"), [
    ("a: 'x\n", 1, ""), ("a:\n  b:\n", 2, "a.b"), ("a: [x]\n", 1, "a[0]"), ("a: 1\na: 2\n", 2, "a"),
    ("words", None, ""), ("", None, ""),
])
def test_broken_file_of_words_is_named_with_its_line(tmp_path, text, line, key):
    (tmp_path / "en.yaml").write_text(text)
    with pytest.raises(ConfigError) as caught:
        load("en", tmp_path)
    (complaint,) = caught.value.complaints
    assert (complaint.file, complaint.line, complaint.key) == (str(tmp_path / "en.yaml"), line, key)


def test_missing_file_of_words_is_named(tmp_path):
    with pytest.raises(ConfigError):
        load("en", tmp_path)


@pytest.mark.parametrize("words", [JA, EN], ids=LANGUAGES)
def test_a_server_that_is_away_is_named_and_lightning_is_not_blamed(words):
    assert "BTCPay" in words("problem.unreachable")
    assert "Lightning" not in words("problem.unreachable")
