"""Moves bytes between the till and the one server it was told of, and decides nothing.

Rule: the key goes to the configured address and nowhere else. Redirects are not followed (a POST would come back as a
GET, and the key would travel), proxies and .netrc of the environment are not looked at, certificates are verified.
A failure becomes one of our exceptions, with the only question that matters after it answered: may the server have
heard us?
"""

import ssl
from collections.abc import Iterator
from email.utils import parsedate_to_datetime

import requests
from requests.adapters import HTTPAdapter
from urllib3.exceptions import NewConnectionError

from pos.btcpay.greenfield import Request
from pos.btcpay.refusals import Response
from pos.core.problem import Problem
from pos.errors import Broken, BTCPayError, Unreachable

CONNECT_TIMEOUT_S = 3.05
READ_TIMEOUT_S = 30
"""BTCPay itself waits up to 5 s for its node, twice; below that a slow answer would look like a lost one."""

ASK_TIMEOUT_S = 6
"""For reading what is there already: long for a database, short for a customer who has just paid."""

MAX_BODY = 1_000_000
_CHUNK = 65_536


class _Session(requests.Session):
    """A session to which "go elsewhere" is an answer like any other.

    Even with allow_redirects=False requests reads such an answer to its end and takes its Location apart, and a
    crooked one would raise ValueError there.
    """

    def get_redirect_target(self, resp: requests.Response) -> str | None:
        """Find nowhere to go."""
        return None


class Client:
    """One kept-alive connection to one server; used by one thread."""

    def __init__(
        self, url: str, key: str, *, ca_file: str | None = None, read_timeout_s: float = READ_TIMEOUT_S
    ) -> None:
        self._url = url.rstrip("/")
        self._read_timeout_s = read_timeout_s
        self._key = key.encode()
        self._session = _Session()
        self._session.trust_env = False
        self._session.verify = ca_file or True
        # Nothing is tried again down here: only the payment machine knows whether that would be safe.
        self._session.mount(self._url, HTTPAdapter(pool_connections=1, pool_maxsize=1, max_retries=0))
        self._session.headers.update(
            {"Authorization": f"token {key}", "Accept": "application/json", "User-Agent": "bar-kiosk"}
        )

    def send(self, request: Request) -> Response:
        """Send one request and read the whole answer, whatever its status; BTCPayError if there is none."""
        try:
            # Only making an invoice may take its time; a question that hangs must not blind the till for long.
            read_timeout_s = min(self._read_timeout_s, READ_TIMEOUT_S if request.method == "POST" else ASK_TIMEOUT_S)
            with self._session.request(
                request.method,
                self._url + request.path,
                params=request.query,
                data=request.body.encode() if request.body is not None else None,
                headers={"Content-Type": "application/json"} if request.body is not None else None,
                timeout=(CONNECT_TIMEOUT_S, read_timeout_s),
                allow_redirects=False,
                stream=True,
            ) as answer:
                return Response(
                    answer.status_code,
                    answer.headers.get("Content-Type", "").lower(),
                    _date(answer.headers.get("Date")),
                    # A page that shows the request it got would carry the key into the log.
                    _body(answer).replace(self._key, b"***"),
                )
        except OSError as exc:
            raise _explain(exc) from exc

    def close(self) -> None:
        """Let go of the connection."""
        self._session.close()


def _body(answer: requests.Response) -> bytes:
    body = b""
    for chunk in answer.iter_content(_CHUNK):
        body += chunk
        if len(body) > MAX_BODY:
            raise Broken(Problem.NONSENSE, f"an answer of more than {MAX_BODY} bytes", maybe_heard=True)
    return body


def _date(header: str | None) -> int | None:
    """Read the server's clock; a Pi has none of its own to compare an expiry with."""
    try:
        return int(parsedate_to_datetime(header).timestamp()) if header else None
    except ValueError:
        return None


def _explain(exc: OSError) -> BTCPayError:
    """Name what went wrong; requests' own text is left out because it may hold addresses with more than a host."""
    causes = list(_causes(exc))
    root = causes[-1]
    names = f"{type(exc).__name__}: {type(root).__name__}"
    evidence = f"{names}: {str(root)[:120]!r}"
    if isinstance(exc, requests.ConnectTimeout) or any(isinstance(cause, NewConnectionError) for cause in causes):
        return Unreachable(Problem.UNREACHABLE, evidence, maybe_heard=False)
    # The body's time-out comes as a ConnectionError.
    if isinstance(exc, requests.Timeout) or isinstance(root, TimeoutError):
        return Unreachable(Problem.SLOW, evidence, maybe_heard=True)
    if isinstance(exc, requests.exceptions.SSLError):
        # Only a certificate is judged before anything is sent; TLS can also break in the middle of an answer.
        heard = not isinstance(root, ssl.SSLCertVerificationError)
        return Unreachable(Problem.TLS, evidence, maybe_heard=heard)
    if isinstance(exc, requests.ConnectionError | requests.exceptions.ChunkedEncodingError):
        return Unreachable(Problem.CUT_OFF, evidence, maybe_heard=True)
    if isinstance(exc, requests.RequestException):
        return Broken(Problem.NONSENSE, names, maybe_heard=True)
    return Unreachable(Problem.TLS, evidence, maybe_heard=False)  # the CA file cannot be read any more


def _causes(exc: BaseException) -> Iterator[BaseException]:
    """Go from an exception to its innermost cause: that tells a refused connection from a wrong certificate."""
    cause: BaseException | None = exc
    while cause is not None:
        yield cause
        cause = cause.__cause__ or cause.__context__
