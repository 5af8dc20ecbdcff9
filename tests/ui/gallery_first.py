"""The pages of the first start in every state, as its own views make them."""

from collections.abc import Iterator
from dataclasses import replace

from pos.check.finding import fail, ok, warn
from pos.config import Secret
from pos.core.problem import Problem
from pos.first_start.pages import (
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
from pos.first_start.views import build
from pos.pairing import Store
from pos.ui.view_first import FirstView

from .gallery_fault import WORDS

STORE = "9CiNzKoANXxmk5ayZngSXrHTiVvvgCrwrpFQd4m2K776"
SHA = ":".join(["5F", "2C", "0A", "91", "E4", "B7", "D8", "36"] * 4)
KEY = "b5f2c0a91e4b7d836a1f09c5e7b3d2846c8e1f5a"
ADDRESS = "https://btcpay.game-bar.example.com"
LONG = "https://btcpay.a-shop-with-a-very-long-name.and-a-long-domain.example.com:8443/btcpay"

WAY = (
    ok("dns", "dns_ok", host="btcpay.game-bar.example.com", addresses="203.0.113.7"),
    ok("tls", "tls_ok", host="btcpay.game-bar.example.com", sha256=SHA),
    ok("server", "server_ok", version="2.4.1"),
    ok("sync", "sync_ok"),
)
GOOD = (*WAY, ok("key", "key_ok"), ok("store", "store_hidden", store=STORE), ok("methods", "methods_hidden"))
BEHIND = (*WAY[:3], fail("sync", "sync_behind"), *GOOD[4:])
STRONG = (*WAY, fail("key", "key_dangerous", rights="btcpay.store.canmodifystoresettings, unrestricted"), *GOOD[5:])
DISTRUSTED = (
    WAY[0],
    fail("tls", "tls_distrusted", host="umbrel.local", why="self-signed certificate", sha256=SHA, pin=SHA.lower()),
)
AWAY = (
    warn("tls", "tls_plain", host="192.168.1.20"),
    fail("server", "server_problem", problem=Problem.UNREACHABLE),
)


def pages(language: str) -> Iterator[tuple[str, FirstView]]:
    """Build every page in one language."""
    start = FirstStart(language=language)
    known = replace(start, address=ADDRESS, key=Secret(KEY), store_id=STORE)
    stores = tuple(Store(f"{STORE[:-1]}{number}", f"GAME BAR {number}" if number else None) for number in range(8))
    states = {
        "language": replace(start, page=Speaking()),
        "purpose": replace(start, page=Deciding()),
        "address": replace(start, page=Addressing()),
        "address-long": replace(start, page=Addressing(), address=LONG),
        "address-wrong": replace(start, page=Addressing("url_http"), address="http://btcpay.example.com"),
        "address-onion": replace(start, page=Addressing("onion"), address="http://abcdef.onion"),
        "permit": replace(known, page=Permitting()),
        "permit-long": replace(known, page=Permitting(), address=LONG),
        "key": replace(known, page=Keying()),
        "key-some": replace(known, page=Keying(KEY[:17])),
        "key-wrong": replace(known, page=Keying(KEY + "0", "key_garbled")),
        "asking": replace(known, page=Asking(), findings=WAY),
        "stores": replace(known, page=Choosing(stores)),
        "two-stores": replace(known, page=Choosing(stores[:2])),
        "good": replace(known, page=Reading(), findings=GOOD),
        "behind": replace(known, page=Reading(), findings=BEHIND),
        "strong": replace(known, page=Reading(), findings=STRONG),
        "distrusted": replace(known, page=Reading(), findings=DISTRUSTED),
        "away": replace(known, page=Reading(), findings=AWAY),
        "writing": replace(known, page=Writing()),
        "not-written": replace(
            known, page=NotWritten(WORDS[language]("first.not_written", why="Read-only file system"))
        ),
    }
    for name, state in states.items():
        yield f"first-{name}-{language}", build(state, WORDS)


VIEWS: tuple[tuple[str, FirstView], ...] = (*pages("ja"), *pages("en"))
