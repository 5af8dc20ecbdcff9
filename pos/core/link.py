"""What is known of the line to the server, from what calls brought back.

Rule: unknown until it has answered or failed once, and of Lightning nothing is known before an invoice was asked for:
no call to the server tells how its node is.
"""

from dataclasses import dataclass, replace

from pos.core.problem import Problem

# What the line is to blame for. What is about one order is told where that order is.
_OF_THE_LINE = frozenset(
    {
        Problem.UNREACHABLE,
        Problem.SLOW,
        Problem.CUT_OFF,
        Problem.TLS,
        Problem.CERTIFICATE_CHANGED,
        Problem.REDIRECT,
        Problem.SERVER_ERROR,
        Problem.PROXY_PAGE,
    }
)

_BY_THE_SERVER = frozenset({Problem.KEY_UNKNOWN, Problem.FORBIDDEN})
_BY_THE_TILL = frozenset({Problem.KEY_TOO_WEAK, Problem.KEY_TOO_STRONG})
OF_THE_KEY = _BY_THE_SERVER | _BY_THE_TILL
"""Why the key is of no use: the server refuses it, or the till does."""

CUT = frozenset(
    {Problem.UNREACHABLE, Problem.SLOW, Problem.CUT_OFF, Problem.TLS, Problem.CERTIFICATE_CHANGED}
)
"""What stands between the till and the server; with anything else the server, or a page in its place, has answered."""


@dataclass(frozen=True, slots=True)
class Link:
    """The line as it was last seen; `last_answer_s` is the till's clock in unix seconds.

    `server_ahead_s` is how far the server's clock is ahead of the till's, and `lightning` whether its node made the
    last invoice that was asked for. `version` is the server's, '' while it has not told it.
    """

    known: bool = False
    problem: Problem | None = None
    synchronized: bool = True
    last_answer_s: int | None = None
    server_ahead_s: int = 0
    lightning: bool | None = None
    version: str = ""

    def answered(self, now_s: int, server_now_s: int) -> "Link":
        """Note a visit that succeeded."""
        ahead_s = server_now_s - now_s
        # A watch goes on with a key that the till does not sell with: that says nothing of the key.
        problem = self.problem if self.problem in _BY_THE_TILL else None
        return replace(self, known=True, problem=problem, last_answer_s=now_s, server_ahead_s=ahead_s)

    def failed(self, problem: Problem) -> "Link":
        """Note a visit that failed."""
        if problem is Problem.LIGHTNING_DOWN:
            return replace(self, known=True, lightning=False)
        return replace(self, known=True, problem=problem) if problem in _OF_THE_LINE | OF_THE_KEY else self

    def healthy(self, now_s: int, *, synchronized: bool, version: str = "") -> "Link":
        """Note that the server answered a question about its health, and its version where it told that as well."""
        # A server that is well says nothing of whether it takes the key: that question it answers to anybody. But the
        # till has looked again at what the key may do.
        problem = self.problem if self.problem in _BY_THE_SERVER else None
        heard = replace(self, known=True, problem=problem, synchronized=synchronized, last_answer_s=now_s)
        return replace(heard, version=version or self.version)

    def made_invoice(self) -> "Link":
        """Note that the node made an invoice."""
        return replace(self, lightning=True)
