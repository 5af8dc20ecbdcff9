"""Moves bytes between the till and the one server it was told of, and decides nothing.

Rule: the key goes to the configured origin and nowhere else. What a session of requests would do unasked (follow a
redirect, keep a cookie, read a proxy or .netrc out of the environment) cannot happen, because there is none: only its
transport is used. A failure becomes one of our exceptions, with the only question that matters after it answered: may
the server have heard us?
"""

import re
import ssl
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from http.client import BadStatusLine, IncompleteRead
from typing import Final

import requests

from pos.btcpay.adapter import CUT_SHORT, NotConnected, NothingToTrust, OneServer, unwrapped
from pos.btcpay.connection import CertificateChanged
from pos.btcpay.greenfield import Request
from pos.btcpay.refusals import Response
from pos.core.plain_text import plain
from pos.core.problem import Problem
from pos.core.route import Route
from pos.errors import Broken, BTCPayError, Unreachable

READ_TIMEOUT_S = 30
"""BTCPay itself waits up to 5 s for its node, twice; below that a slow answer would look like a lost one."""

MAX_BODY = 1_000_000
_CHUNK = 65_536
_EVIDENCE_MAX = 120
_KEY: Final = re.compile(r"[!-~]+")
_HIDDEN: Final = "***"


@dataclass(frozen=True, slots=True)
class Patience:
    """How long a connection and the answer to a question may take, in seconds; an invoice has READ_TIMEOUT_S.

    Long for a database, short for a customer who has just paid.
    """

    connect_s: float = 3.05
    ask_s: float = 6.0
    more_for_an_invoice_s: float = 0.0


DIRECT = Patience()
THROUGH_TOR = Patience(connect_s=20.0, ask_s=20.0, more_for_an_invoice_s=15.0)
"""Tor looks an onion service up and builds a circuit to it, and each answer takes six hops."""


class Client:
    """One kept-alive connection to one server; used by one thread."""

    def __init__(self, route: Route, key: str, *, read_timeout_s: float = READ_TIMEOUT_S) -> None:
        self._url = route.url.rstrip("/")
        self._patience = THROUGH_TOR if route.proxy else DIRECT
        self._read_timeout_s = read_timeout_s
        self._key = key
        self._server = OneServer(route, self._patience.connect_s)

    def send(self, request: Request) -> Response:
        """Send one request and read the whole answer, whatever its status; BTCPayError if there is none.

        Nothing is tried again down here: only the payment machine knows whether that would be safe.
        """
        prepared = self._prepare(request)
        try:
            with self._server.send(prepared, stream=True, timeout=self._time_for(request)) as answer:
                return Response(
                    answer.status_code,
                    answer.headers.get("Content-Type", "").lower(),
                    _date(answer.headers.get("Date")),
                    # A page that shows the request it got would carry the key into the log.
                    _body(answer).replace(self._key.encode(), _HIDDEN.encode()),
                )
        except NotConnected as exc:
            raise self._not_connected(exc) from exc
        except CUT_SHORT as exc:
            raise self._cut_short(unwrapped(exc)) from exc

    def close(self) -> None:
        """Let go of the connection."""
        self._server.close()

    def _prepare(self, request: Request) -> requests.PreparedRequest:
        if _KEY.fullmatch(self._key) is None:
            # Refused before others do it: they show the header that cannot be sent, and that header is the key.
            raise Broken(Problem.NONSENSE, "the key cannot be sent", maybe_heard=False)
        headers = {
            "Authorization": f"token {self._key}",
            "Accept": "application/json",
            # Unpacking is how a few bytes become gigabytes.
            "Accept-Encoding": "identity",
            "User-Agent": "bar-kiosk",
        }
        if request.body is not None:
            headers["Content-Type"] = "application/json"
        body = request.body.encode() if request.body is not None else None
        address = self._url + request.path
        return requests.Request(request.method, address, headers, data=body, params=request.query).prepare()

    def _time_for(self, request: Request) -> float:
        # Only making an invoice may take its time; a question that hangs must not blind the till for long.
        if request.method == "POST":
            return self._read_timeout_s + self._patience.more_for_an_invoice_s
        return min(self._read_timeout_s, self._patience.ask_s)

    def _not_connected(self, exc: NotConnected) -> BTCPayError:
        """Name what stood in the way before anything of a request was sent."""
        if isinstance(exc.why, CertificateChanged):
            return Unreachable(Problem.CERTIFICATE_CHANGED, f"shown sha256={exc}", maybe_heard=False)
        hung_up = isinstance(exc.why, ssl.SSLEOFError | ssl.SSLZeroReturnError)
        distrusted = isinstance(exc, NothingToTrust) or (isinstance(exc.why, ssl.SSLError) and not hung_up)
        problem = Problem.TLS if distrusted else Problem.UNREACHABLE
        return Unreachable(problem, self._evidence(exc.why), maybe_heard=False)

    def _cut_short(self, why: BaseException) -> BTCPayError:
        """Name what ended an exchange that had begun."""
        evidence = self._evidence(why)
        if isinstance(why, TimeoutError):
            return Unreachable(Problem.SLOW, evidence, maybe_heard=True)
        if isinstance(why, ssl.SSLError):
            return Unreachable(Problem.TLS, evidence, maybe_heard=True)
        if isinstance(why, OSError | BadStatusLine | IncompleteRead):
            return Unreachable(Problem.CUT_OFF, evidence, maybe_heard=True)
        return Broken(Problem.NONSENSE, evidence, maybe_heard=True)

    def _evidence(self, why: BaseException) -> str:
        # What cannot be read as an answer may be the request itself.
        text = str(why).replace(self._key, _HIDDEN)
        return f"{type(why).__name__}: {plain(text, _EVIDENCE_MAX)!r}"


def _body(answer: requests.Response) -> bytes:
    encoding = answer.headers.get("Content-Encoding", "identity")
    if encoding.lower() != "identity":
        raise Broken(Problem.NONSENSE, f"an answer packed as {plain(encoding, 20)!r}", maybe_heard=True)
    body = b""
    # Below requests' own reader, which would buffer endless chunks of one byte each and unpack what it can.
    while chunk := answer.raw.read(_CHUNK, decode_content=False):
        body += chunk
        if len(body) > MAX_BODY:
            raise Broken(Problem.NONSENSE, f"an answer of more than {MAX_BODY} bytes", maybe_heard=True)
    return body


def _date(header: str | None) -> int | None:
    """Read the server's clock; a Pi has none of its own to compare an expiry with."""
    try:
        return int(parsedate_to_datetime(header).timestamp()) if header else None
    except (ValueError, OverflowError):  # no date, or one beyond all calendars
        return None
