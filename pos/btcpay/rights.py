"""What an API key may do, beside what a till needs: BTCPay's permissions, like "btcpay.store.cancreateinvoice:STORE".

Rule: pure. A till that is stolen gives its key away, so a key must not be able to move money or to change the server.
What is not on the list of harmless rights counts as dangerous, also if this version has never heard of it: keys do not
grow, so whoever sets the till up is told once, and may allow each right by its name.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Final

CREATE: Final = "btcpay.store.cancreateinvoice"
VIEW: Final = "btcpay.store.canviewinvoices"
NEEDED: Final = frozenset({CREATE, VIEW})
"""All that selling takes; to create does not include to view."""

_MODIFY: Final = "btcpay.store.canmodifyinvoices"
_VIEW_STORE: Final = "btcpay.store.canviewstoresettings"
# Greenfield's hierarchy, as far as it reaches down to what is needed.
_INCLUDE_CREATE: Final = frozenset({CREATE, _MODIFY, "btcpay.store.canmodifystoresettings", "unrestricted"})
_INCLUDE_VIEW: Final = (_INCLUDE_CREATE - {CREATE}) | {VIEW, _VIEW_STORE}

HARMLESS: Final = NEEDED | {
    _MODIFY,  # marks and archives invoices, moves no money
    _VIEW_STORE,
    "btcpay.store.cancreatelightninginvoice",  # receives only
    "btcpay.store.canviewlightninginvoice",
    "btcpay.store.canviewofferings",
    "btcpay.store.canviewpaymentrequests",
    "btcpay.store.canviewpayouts",
    "btcpay.store.canviewpullpayments",
    "btcpay.store.canviewreports",
    "btcpay.user.canviewnotificationsforuser",
    "btcpay.user.canviewprofile",
}
"""What shows a shop's own figures to whoever holds the key, and no more.

Not here on purpose: canviewwallet (it tells every coin of the shop's for ever), cancreatenonapprovedpullpayments (a
claim on money that somebody may approve without looking), whatever concerns a server or other users.
"""


@dataclass(frozen=True, slots=True)
class Rights:
    """What a key lacks, and what it has too much and nobody allowed; by name, in order."""

    missing: tuple[str, ...]
    dangerous: tuple[str, ...]


def stores(permissions: Collection[str]) -> tuple[str, ...]:
    """List the stores that a key is limited to and has all the rights for that selling takes."""
    scopes = sorted({permission.partition(":")[2] for permission in permissions} - {""})
    return tuple(store for store in scopes if not judge(permissions, store, ()).missing)


def judge(permissions: Iterable[str], store_id: str, allowed: Collection[str]) -> Rights:
    """Compare a key's permissions with what a till of this store needs; `allowed` are names without a store.

    Danger is judged whatever the store: money of another one is money too.
    """
    scopes = [(name.lower(), store) for name, _, store in (permission.partition(":") for permission in permissions)]
    names = {name for name, _ in scopes}
    held = {name for name, store in scopes if store in ("", store_id)}
    enough = ((CREATE, _INCLUDE_CREATE), (VIEW, _INCLUDE_VIEW))
    return Rights(
        tuple(needed for needed, include in enough if include.isdisjoint(held)),
        tuple(sorted(names - HARMLESS - set(allowed))),
    )
