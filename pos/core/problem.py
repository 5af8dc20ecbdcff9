"""What can stand between the till and its BTCPay Server, as one closed list.

Rule: each member has its own sentence for staff under `problem.` in assets/words; a test compares the two.
"""

from enum import StrEnum


class Problem(StrEnum):
    """One reason why a call to BTCPay Server did not help."""

    UNREACHABLE = "unreachable"  # refused, no route, no such name: it never heard us
    SLOW = "slow"  # no answer in time: it may have heard us
    CUT_OFF = "cut_off"  # the connection broke in the middle: it may have heard us
    TLS = "tls"  # the certificate is not the one we trust, or the Pi's clock is wrong
    CERTIFICATE_CHANGED = "certificate_changed"  # trusted or not, it is not the one that the owner pinned
    REDIRECT = "redirect"  # answered "go elsewhere": followed, a POST would become a GET
    KEY_UNKNOWN = "key_unknown"  # 401
    FORBIDDEN = "forbidden"  # 403: a missing permission, or the store's id is wrong
    KEY_TOO_WEAK = "key_too_weak"  # it may not make invoices of this store, or may not look at them
    KEY_TOO_STRONG = "key_too_strong"  # whoever steals it can move money or change the server
    NOT_FOUND = "not_found"  # 404
    INVALID = "invalid"  # 422: the server lists what it does not like
    BUSY = "busy"  # 429: a proxy in front of the server limits us
    LIGHTNING_DOWN = "lightning_down"  # 400: no Lightning node behind the server answers
    NO_RATE = "no_rate"  # 400: the server has no exchange rate for the currency
    DECLINED = "declined"  # any other 4xx
    SERVER_ERROR = "server_error"  # 5xx, often with an empty body
    PROXY_PAGE = "proxy_page"  # HTML: a proxy or another site answered, not BTCPay
    NONSENSE = "nonsense"  # not JSON, or JSON of another shape
