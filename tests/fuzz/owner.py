"""What an owner may have written: kiosk.yaml and the files of words.

Rule: every mistake is told in both languages, in words that a terminal can show, and never with the key in them; a file
that is taken says nothing that the till would stumble over later.
"""

import re
from collections.abc import Sequence
from pathlib import Path

from pos import config as kiosk
from pos import pin
from pos import words as spoken
from pos.config import BTCPayServer, Config
from pos.core.money import CURRENCIES
from pos.errors import Complaint, ConfigError, PairingError
from pos.pairing.block import with_server
from pos.words import LANGUAGES, Words
from tests.config.samples import RIGHT
from tests.fuzz import edits
from tests.fuzz.campaign import Judge, Parser, outcome
from tests.samples import WORDS

_MOST_PIN_BYTES = 64 * 1024 * 1024
_CHEAP = 8192
"""N x r x p of scrypt that is tried while a case is judged; dearer lines are judged by their form."""
# No id may be this long, and every key is longer.
_LIKE_A_KEY = re.compile("[0-9A-Za-z]{33,}")
_OURS = "\n".join(sentence for words in WORDS.values() for sentence in words.sentences.values())
_OTHER = ("key_environment", "key_credential", "ca_file", "certificate_sha256", "socks_proxy", "allow_rights")
_PLACEHOLDER = re.compile(r"\{([A-Za-z_]\w*)\}")


def judge_config(room: Path) -> Judge:
    """Read kiosk.yaml from a folder of its own, once for each language."""
    path = room / "kiosk.yaml"

    def judge(case: bytes) -> bool:
        path.write_bytes(case)
        taken: list[Config] = []
        told: list[Sequence[Complaint]] = []
        for language in LANGUAGES:
            words = dict.fromkeys(LANGUAGES, WORDS[language])
            read = outcome(lambda words=words: kiosk.load(path, words), ConfigError)  # type: ignore[misc]
            if isinstance(read, ConfigError):
                told.append(read.complaints)
            else:
                taken.append(read)
        if taken:
            assert not told
            assert taken[0] == taken[1]
            _can_be_sold_from(taken[0])
            _can_be_paired(path, taken[0])
            return True
        japanese, english = told
        assert [(each.line, each.key) for each in japanese] == [(each.line, each.key) for each in english]
        for complaints in told:
            _can_be_shown(complaints)
            _hides_keys(complaints)
        return False

    return judge


def judge_pin(room: Path) -> Judge:
    """Read the line of a PIN where it stands in kiosk.yaml; one that is taken can be tried, and costs what a Pi has."""
    path = room / "kiosk.yaml"

    def judge(case: bytes) -> bool:
        path.write_bytes(RIGHT.encode() + b"pin: " + case + b"\n")
        config = outcome(lambda: kiosk.load(path, WORDS), ConfigError)
        if isinstance(config, ConfigError):
            _can_be_shown(config.complaints)
            _hides_keys(config.complaints)
            return False
        if config.pin is None:
            return False
        _, n, r, p, *_ = config.pin.split(":")
        assert 128 * int(n) * int(r) <= _MOST_PIN_BYTES
        if int(n) * int(r) * int(p) <= _CHEAP:
            assert not pin.matches("0000", config.pin)
        return True

    return judge


def judge_words(room: Path) -> Judge:
    """Read a file of words, and say every sentence of it."""
    path = room / "en.yaml"

    def judge(case: bytes) -> bool:
        path.write_bytes(case)
        words = outcome(lambda: spoken.load("en", room), ConfigError)
        if isinstance(words, ConfigError):
            _can_be_shown(words.complaints)
            return False
        for key in words.sentences:
            _can_be_said(words, key)
        return True

    return judge


def _hides_keys(complaints: Sequence[Complaint]) -> None:
    for each in complaints:
        runs = _LIKE_A_KEY.findall(f"{each.key} {each.wrong} {each.example}")
        assert all(run in _OURS for run in runs), "something like a key is shown"


def _can_be_shown(complaints: Sequence[Complaint]) -> None:
    assert complaints
    for each in complaints:
        for text in (each.key, each.wrong, each.example):
            assert text.replace("\n", "").replace("\u3000", "").isprintable()
            text.encode()
        assert each.wrong
        assert each.example
        assert each.line is None or each.line >= 1
    assert kiosk.render(complaints)


def _can_be_sold_from(config: Config) -> None:
    menu = config.menu
    assert config.currency in CURRENCIES
    assert config.language in LANGUAGES
    for text in (config.till, config.shop, *(name for each in menu.items for name in each.names.values())):
        assert text.strip()
        assert text.replace("\u3000", "").isprintable()
    assert menu.items
    assert len({item.id for item in menu.items}) == len(menu.items)
    for item in menu.items:
        assert type(item.price.minor) is int
        assert 0 < item.price.minor < 2**53
        assert item.price.currency == config.currency
        assert item.category in {category.id for category in menu.categories}
        assert item.names
    assert config.lightning.node_id is None or re.fullmatch("0[23][0-9a-f]{64}", config.lightning.node_id)
    assert 1 <= config.times.invoice_expiry_min <= 60
    assert 0 <= config.times.paid_screen_s <= 600
    if isinstance(config.server, BTCPayServer):
        assert re.fullmatch(r"https?://[^@?#\s]+", config.server.route.url, re.IGNORECASE)
        assert config.server.store_id


def _can_be_paired(path: Path, config: Config) -> None:
    """Put a server into the file: it is still the same shop, unless its server: block cannot be found."""
    text = path.read_bytes().decode()
    wanted = {"url": "https://pay.example", "store_id": "Paired", "key_file": "paired.key"}
    written = outcome(lambda: with_server(text, wanted | dict.fromkeys(_OTHER)), PairingError)
    if isinstance(written, PairingError):
        assert written.reason == "no_server_line"
        return
    path.write_text(written, encoding="utf-8")
    paired = outcome(lambda: kiosk.load(path, WORDS), ConfigError)
    if isinstance(paired, ConfigError):
        return  # the pairing reads it back before it takes the old one's place, and says so
    assert isinstance(paired.server, BTCPayServer)
    assert paired.server.route.url == wanted["url"]
    assert (paired.menu, paired.till, paired.shop, paired.currency) == (
        *(config.menu, config.till, config.shop, config.currency),
    )


def _can_be_said(words: Words, key: str) -> None:
    values = dict.fromkeys(_PLACEHOLDER.findall(words.sentences[key]), "x")
    assert words(key, **values)


CONFIG = Parser("config", (*edits.BYTES, *(edits.yaml_line,) * 5), judge_config)
PIN = Parser("pin", edits.BYTES, judge_pin)
WORDS_FILE = Parser("words", (*edits.BYTES, *(edits.yaml_line,) * 4), judge_words)
