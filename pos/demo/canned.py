"""Ready-made bad answers: what BTCPay Server, its proxy or a stranger says instead of the right thing.

Rule: fixed bytes by name; nothing here looks at the request. The names are explained in misfortune.py.
"""

from typing import Final

from pos.demo import access
from pos.demo.answers import LATEST, Reply, error, in_json, unavailable, unprocessable

_PAGE: Final = b"<html><head><title>Bad Gateway</title></head><body><h1>Bad Gateway</h1></body></html>\r\n"
_JSON: Final = "application/json; charset=utf-8"
_HTML: Final = "text/html"
_HUGE: Final = 24 * 1024 * 1024
_NO_NODE: Final = (
    "BTC-LN: Payment method unavailable (Impossible to create lightning invoice (Connection refused))"
)
_SLOW_NODE: Final = "BTC-LN: Payment method unavailable (The lightning node did not reply in a timely manner)"
_NO_RATE: Final = "BTC-LN: Unable to get rate(s) BTC_JPY, this payment method disabled for this invoice."
_NO_WALLET: Final = "No wallet has been linked to your BTCPay Store. See the following link"


def answer(kind: str, url: str) -> Reply:
    """Return the answer of that name; `url` is where a redirect leads. KeyError for a name not in KINDS."""
    if kind in _REDIRECTS:
        return Reply(_REDIRECTS[kind], headers=(("Location", url),))
    if kind == "huge":
        return Reply(200, b'{"id":"' + b"x" * _HUGE + b'"}', _JSON)
    return _CANNED[kind]


_REDIRECTS: Final = {"redirect": 302, "redirect-307": 307}
_CANNED: Final = {
    "500": Reply(500),
    "502": Reply(502, _PAGE, _HTML),
    "503": Reply(503, _PAGE, _HTML),
    "504": Reply(504, _PAGE, _HTML),
    "401": error(401, "unauthenticated", "ApiKey authentication failed: Unknown API Key"),
    "403": access.lacking(access.VIEW),
    "404": error(404, "invoice-not-found", "The invoice was not found"),
    "404-empty": Reply(404),
    "422": unprocessable(
        [
            ("Amount", "The amount should be 0 or more."),
            ("Checkout.PaymentMethods[0]", "Invalid PaymentMethodId"),
        ]
    ),
    "429": Reply(429, b"Too many requests", "text/plain"),
    "lightning-down": unavailable((_NO_NODE,)),
    "lightning-slow": unavailable((_SLOW_NODE,)),
    "rate-down": unavailable((_NO_RATE,)),
    "no-wallet": error(400, "generic-error", _NO_WALLET),
    "html": Reply(200, b"<!DOCTYPE html><html><body>Sign in</body></html>", "text/html; charset=utf-8"),
    "wrong-shape": in_json({"hello": ["world"], "id": 7}),
    "list": in_json([1, 2, 3]),
    "null": in_json(None),
    "nothing": in_json([]),
    "syncing": in_json({"synchronized": False, "version": LATEST, "fullySynched": False}),
    "empty": Reply(200),
    "garbage": Reply(200, b"\xff\xfe\x00{", _JSON),
}
KINDS: Final = frozenset({*_REDIRECTS, *_CANNED, "huge"})
