"""Every sentence people read, by language, from assets/words/*.yaml.

Rule: a sentence is asked for by its dotted key and filled with finished text; this module formats no money and no time.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from pos import yaml_lines
from pos.core.plain_text import plain
from pos.errors import Complaint, ConfigError

LANGUAGES: Final = ("ja", "en")

_LOCALE: Final = ("LC_ALL", "LC_MESSAGES", "LANG")

# The one sentence that cannot stand in the files of words, because it says that such a file is broken.
_BROKEN: Final = "言葉のファイルを読めません / this file of words cannot be read ({reason})"
_EXAMPLE: Final = 'menu:\n  pay: "{amount} 支払い"'
# What `Words` fills, and a brace that is meant as one; any other brace would break in the middle of a sale.
_PLACE: Final = re.compile(r"\{\{|\}\}|\{[a-z_][a-z0-9_]*\}")
_BRACE: Final = re.compile("[{}]")
_MOST_SHOWN: Final = 80
# Nor can those of the screen that says so.
_WITHOUT_FILES: Final = {
    "ja": {
        "start.title": "レジを起動できません",
        "start.mistakes": "言葉のファイルを直してから「もう一度試す」を押してください。",
        "start.try_again": "もう一度試す",
    },
    "en": {
        "start.title": "The till cannot start",
        "start.mistakes": "Mend the file of words, then tap \"Try again\".",
        "start.try_again": "Try again",
    },
}


@dataclass(frozen=True, slots=True)
class Words:
    """The sentences of one language, by dotted key."""

    language: str
    sentences: Mapping[str, str]

    def __call__(self, key: str, /, **values: object) -> str:
        """Return the sentence with its {placeholders} filled; KeyError names a missing key or placeholder."""
        try:
            return self.sentences[key].format_map(values)
        except KeyError as exc:
            raise KeyError(f"{self.language}: {key}: {exc.args[0]}") from exc


def load(language: str, directory: Path) -> Words:
    """Read one language's file; ConfigError names the line that cannot be used."""
    path = directory / f"{language}.yaml"
    try:
        document = yaml_lines.read(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as exc:
        raise _broken(path, None, "", type(exc).__name__) from exc
    if document.flaws:
        flaw = document.flaws[0]
        raise _broken(path, flaw.line, flaw.path, flaw.reason)
    if not isinstance(document.root, yaml_lines.Table):
        raise _broken(path, None, "", "no mapping")
    return Words(language, dict(_sentences(path, document.root)))


def load_all(directory: Path) -> dict[str, Words]:
    """Read every language's file; ConfigError names the line that cannot be used."""
    return {language: load(language, directory) for language in LANGUAGES}


def preferred(environ: Mapping[str, str]) -> str:
    """Tell the language of this machine's locale, for whoever has no configuration; Japanese where it names none."""
    locale = next((value for name in _LOCALE if (value := environ.get(name))), "")
    language = locale.partition("_")[0].partition(".")[0].lower()
    return LANGUAGES[0] if language in ("", "c", "posix", LANGUAGES[0]) else LANGUAGES[1]


def without_files() -> Mapping[str, Words]:
    """Give the few sentences that say that a file of words is broken."""
    return {language: Words(language, sentences) for language, sentences in _WITHOUT_FILES.items()}


def _sentences(path: Path, root: yaml_lines.Table) -> Iterator[tuple[str, str]]:
    for key, scalar in yaml_lines.scalars(root):
        if not scalar.text.strip() or scalar.empty or "[" in key:
            raise _broken(path, scalar.line, key, "no sentence")
        if _BRACE.search(_PLACE.sub("", scalar.text)):
            raise _broken(path, scalar.line, key, "{ }")
        yield key, scalar.text


def _broken(path: Path, line: int | None, key: str, reason: str) -> ConfigError:
    return ConfigError([Complaint(str(path), line, plain(key, _MOST_SHOWN), _BROKEN.format(reason=reason), _EXAMPLE)])
