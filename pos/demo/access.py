"""Who may do what on the demo server: one API key and its permissions (Greenfield authorization).

Rule: pure. A wrong store id is answered as a missing permission: nobody holds one on a store there is not.
"""

import re
from dataclasses import dataclass
from typing import Final

from pos.demo.answers import Dialect, Reply, error

CREATE: Final = "btcpay.store.cancreateinvoice"
VIEW: Final = "btcpay.store.canviewinvoices"
MODIFY: Final = "btcpay.store.canmodifyinvoices"
VIEW_STORE: Final = "btcpay.store.canviewstoresettings"
MODIFY_STORE: Final = "btcpay.store.canmodifystoresettings"
VIEW_LIGHTNING: Final = "btcpay.store.canviewlightninginvoice"
LEAST: Final = frozenset({CREATE, VIEW})
EVERYTHING: Final = frozenset({CREATE, VIEW, MODIFY, VIEW_STORE, VIEW_LIGHTNING})

_INCLUDES: Final = {
    MODIFY: frozenset({VIEW, CREATE, VIEW_LIGHTNING}),
    VIEW_STORE: frozenset({VIEW}),
    MODIFY_STORE: EVERYTHING,
}
_OF_STORES: Final = "btcpay.store."
_HEADER: Final = re.compile(r"(token|bearer)\s+(\S+)", re.IGNORECASE)
_NO_KEY: Final = "Authentication is required for accessing this endpoint"
_WRONG_KEY: Final = "ApiKey authentication failed: Unknown API Key"


@dataclass(frozen=True, slots=True)
class Access:
    """The one key the server knows, and what its owner allowed it: in one store, or in all if it is not `scoped`."""

    api_key: str
    permissions: frozenset[str]
    scoped: bool = True

    def allows(self, permission: str) -> bool:
        """Tell whether the key holds the permission itself or one that includes it."""
        return permission in self.permissions or any(
            permission in _INCLUDES.get(held, frozenset()) for held in self.permissions
        )

    def named(self, store_id: str) -> list[str]:
        """Return the permissions as the server names them: those of stores with the store behind a colon."""
        scope = f":{store_id}" if self.scoped else ""
        of_stores = {held for held in self.permissions if held.startswith(_OF_STORES) and ":" not in held}
        return sorted((self.permissions - of_stores) | {held + scope for held in of_stores})

    def refusal(
        self, authorization: str, permission: str | None, *, dialect: Dialect, own_store: bool
    ) -> Reply | None:
        """Return the 401 or 403 for this Authorization header, or None to let the request in.

        `permission` None asks for any valid key; `own_store`: the store in the path is this server's.
        """
        match = _HEADER.match(authorization)
        if match is None or (match[1].lower() == "bearer" and not dialect.bearer):
            return error(401, "unauthenticated", _NO_KEY)
        if match[2] != self.api_key:
            return error(401, "unauthenticated", _WRONG_KEY)
        if permission is None or (own_store and self.allows(permission)):
            return None
        return lacking(permission)


def lacking(permission: str) -> Reply:
    """Return the 403 that names the permission a key lacks."""
    advice = (
        f'Insufficient API Permissions. Please use an API key with permission "{permission}". '
        "You can create an API key in your account's settings / Api Keys."
    )
    return error(403, "missing-permission", advice, missingPermission=permission)
