"""Read kiosk.yaml: the file, its top level, and the sentence for each mistake.

Rule: all mistakes are told at once, in the file's own language where that can be made out.
"""

import re
import shlex
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

from pos import yaml_lines
from pos.config.menu import Shop, read_menu
from pos.config.section import Complaints, Section, Spot, presentable
from pos.config.server import place, read_server
from pos.config.settings import Config, DemoServer, Lightning, Times
from pos.core.money import CURRENCIES
from pos.errors import Complaint
from pos.words import LANGUAGES, Words, preferred

_MOST_BYTES: Final = 1_000_000
_NETWORKS: Final = ("mainnet", "testnet", "signet", "regtest")
_THEMES: Final = ("dark", "light")
# What the demo server signs for; nothing of the demo is imported here.
_DEMO_NETWORK: Final = "regtest"
_LEAST_PAID_SCREEN_S: Final = 3

_TILL: Final = re.compile(r"[0-9A-Za-z-]{1,8}")
_SHOP: Final = re.compile(r".{1,24}")
_CURRENCY: Final = re.compile(r"[A-Z]{3,4}")
_NODE_ID: Final = re.compile(r"0[23][0-9a-fA-F]{64}")
# Costs of 64 MiB and a moment at most: no line may hang the till, or fill its memory, when somebody enters a PIN.
_PIN: Final = re.compile(r"scrypt:(4096|8192|16384|32768|65536):[1-8]:[1-4]:([0-9a-f]{2}){16,32}:[0-9a-f]{64}")
_KEY: Final = re.compile(r"(?<![0-9a-fA-F])[0-9a-fA-F]{40}(?![0-9a-fA-F])")  # how BTCPay writes API keys
_UNSEEN: Final = re.compile(r"((?:pin|key|token|secret|password)[\"']?[ \t]*:).*", re.IGNORECASE)
_LANGUAGE: Final = re.compile(
    rb"^(?:\xef\xbb\xbf)?language:[ \t]*[\"']?(?P<language>ja|en)[\"']?[ \t]*(#.*)?\r?$", re.MULTILINE)


def load(path: Path, words: Mapping[str, Words], *, otherwise: str = LANGUAGES[0]) -> Config:
    """Read and check the file; ConfigError carries every mistake. `words` holds all LANGUAGES.

    The mistakes of a file that names no language are told in the language `otherwise`.
    """
    raw, mistake = _read_bytes(path)
    complaints = Complaints(str(path), words[_language_in(raw) or otherwise])
    if mistake is not None:
        complaints.add(Spot(None, ""), mistake, example=mistake, file=shlex.quote(str(path)))
        raise complaints.error()
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as exc:
        complaints.add(Spot(raw.count(b"\n", 0, exc.start) + 1, ""), "not_utf8", example="not_utf8")
        raise complaints.error() from exc
    config = _config(_root(text, complaints), path)
    if complaints:
        raise complaints.error()
    return config


def language_of(path: Path, environ: Mapping[str, str]) -> str:
    """Tell the language to speak to the owner of the file, however broken it is: its own, or this machine's."""
    return _language_in(_read_bytes(path)[0]) or preferred(environ)


def render(complaints: Sequence[Complaint]) -> str:
    """Lay the complaints out for a terminal: place, sentence, and an arrow to what would be right."""
    return "\n".join(map(_paragraph, complaints))


def _paragraph(complaint: Complaint) -> str:
    place = complaint.file if complaint.line is None else f"{complaint.file}:{complaint.line}"
    example = complaint.example.rstrip().replace("\n", "\n       ")
    return f"{place}  {complaint.key}".rstrip() + f"\n    {complaint.wrong}\n    →  {example}\n"


def _language_in(raw: bytes) -> str | None:
    written = _LANGUAGE.search(raw)
    return written["language"].decode() if written else None


def _read_bytes(path: Path) -> tuple[bytes, str | None]:
    try:
        if path.exists() and not path.is_file():
            return b"", "config_unreadable"  # a pipe would hang whoever opens it
        with path.open("rb") as file:
            raw = file.read(_MOST_BYTES + 1)
    except FileNotFoundError:
        return b"", "no_config"
    except OSError:
        return b"", "config_unreadable"
    return raw, "config_too_big" if len(raw) > _MOST_BYTES else None


def _root(text: str, complaints: Complaints) -> Section:
    """Return the file's top level; ConfigError at once if the text cannot be read to its end."""
    document = yaml_lines.read(text)
    lines = text.splitlines()
    for flaw in document.flaws:
        written = "".join(lines[flaw.line - 1 : flaw.line]).strip()
        given = presentable(_UNSEEN.sub(r"\1 ***", written))
        reason = f"yaml_{flaw.reason}"
        complaints.add(Spot(flaw.line, flaw.path), reason, example=reason, line=flaw.line, given=given)
    if not isinstance(document.root, yaml_lines.Table):
        if not document.flaws:
            complaints.add(Spot(1, ""), "section", example="top")
        raise complaints.error()
    for where, scalar in yaml_lines.scalars(document.root):
        if _KEY.search(scalar.text) or _KEY.search(where):
            complaints.add(Spot(scalar.line, where), "secret", example="key_file")
    return Section(document.root, "", complaints)


def _config(top: Section, path: Path) -> Config:
    base = path.parent
    language = top.choice("language", LANGUAGES, default=LANGUAGES[0])
    currency = top.text("currency", pattern=_CURRENCY, reason="currency") if top.has("currency") else "JPY"
    if currency not in CURRENCIES:
        top.complain("currency", "currency", given=currency)
    server = read_server(top, base)
    config = Config(
        path=path,
        till=top.text("till", pattern=_TILL, reason="till"),
        shop=top.text("shop", pattern=_SHOP, reason="shop"),
        server=server,
        lightning=_lightning(top.section("lightning"), demo=isinstance(server, DemoServer)),
        currency=currency,
        language=language,
        menu=read_menu(top, Shop(language, currency if currency in CURRENCIES else None, base)),
        times=_times(top.section("times")),
        theme=top.choice("theme", _THEMES, default=_THEMES[0]),
        kiosk=top.flag("kiosk", default=True),
        sound=top.flag("sound", default=True),
        journal=place(base, top.text("journal", default="var/journal.db")),
        pin=top.text("pin", pattern=_PIN, reason="pin") if top.has("pin") else None,
    )
    top.close()
    return config


def _lightning(block: Section, *, demo: bool) -> Lightning:
    network = block.choice("network", _NETWORKS, default=_DEMO_NETWORK if demo else _NETWORKS[0])
    if demo and network != _DEMO_NETWORK:
        block.complain("network", "demo_network")
    node_id = block.text("node_id", pattern=_NODE_ID, reason="node_id").lower() if block.has("node_id") else None
    block.close()
    return Lightning(network, node_id)


def _times(block: Section) -> Times:
    usual = Times()
    times = Times(
        invoice_expiry_min=block.integer("invoice_expiry_min", default=usual.invoice_expiry_min, least=1, most=60),
        paid_screen_s=block.integer("paid_screen_s", default=usual.paid_screen_s, least=0, most=600),
    )
    if 0 < times.paid_screen_s < _LEAST_PAID_SCREEN_S:
        block.complain("paid_screen_s", "paid_screen", least=_LEAST_PAID_SCREEN_S)
    block.close()
    return times
