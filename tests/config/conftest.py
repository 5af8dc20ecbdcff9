"""A right kiosk.yaml to spoil, and the mistakes that are then told."""

from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from pos.config import load
from pos.errors import ConfigError
from pos.words import LANGUAGES, Words
from pos.words import load as load_words

from .samples import RIGHT, ROOT, reason_of

Told = tuple[int | None, str, str]
Mistake = Callable[..., Told]


@pytest.fixture(scope="session")
def words() -> Mapping[str, Words]:
    return {language: load_words(language, ROOT / "assets" / "words") for language in LANGUAGES}


@pytest.fixture
def kiosk_file(tmp_path: Path) -> Callable[..., Path]:
    """Return a function that writes the right file with some text replaced."""

    def write(*changes: tuple[str, str], text: str = RIGHT) -> Path:
        for old, new in changes:
            assert old in text
            text = text.replace(old, new)
        path = tmp_path / "kiosk.yaml"
        path.write_text(text, encoding="utf-8")
        return path

    return write


@pytest.fixture
def mistakes(kiosk_file: Callable[..., Path], words: Mapping[str, Words]) -> Callable[..., list[Told]]:
    """Return a function that tells line, key and reason of everything complained of after a change."""

    def tell(*changes: tuple[str, str], text: str = RIGHT) -> list[Told]:
        path = kiosk_file(*changes, text=text)
        with pytest.raises(ConfigError) as caught:
            load(path, words)
        for complaint in caught.value.complaints:
            assert complaint.file == str(path)
            assert complaint.line is not None
            assert complaint.example
        return [(c.line, c.key, reason_of(c, words)) for c in caught.value.complaints]

    return tell


@pytest.fixture
def mistake(mistakes: Callable[..., list[Told]]) -> Mistake:
    """Return a function that replaces `old` by `new` and tells the one mistake this makes."""

    def tell(old: str, new: str, *, text: str = RIGHT) -> Told:
        (only,) = mistakes((old, new), text=text)
        return only

    return tell
