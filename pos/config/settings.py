"""What kiosk.yaml says, once it has been understood.

Rule: a Config exists only if the whole file was right; whoever holds one checks nothing again.
"""

from dataclasses import dataclass
from pathlib import Path

from pos.config.key import KeyPlace
from pos.core.menu import Menu
from pos.core.route import Route


@dataclass(frozen=True, slots=True)
class DemoServer:
    """The look-alike that the till starts itself."""


@dataclass(frozen=True, slots=True)
class BTCPayServer:
    """The owner's BTCPay Server; `allowed_rights` are what its owner lets the key do beyond what a till needs."""

    route: Route
    store_id: str
    key: KeyPlace
    allowed_rights: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Lightning:
    """What an invoice must be signed for: the network ("mainnet", "testnet", "signet", "regtest") and the payee.

    `node_id` is a compressed public key in lower-case hex, or None if the owner pinned none.
    """

    network: str
    node_id: str | None


@dataclass(frozen=True, slots=True)
class Times:
    """How long an invoice is payable, and how long PAID stays (0: until a tap)."""

    invoice_expiry_min: int = 10
    paid_screen_s: int = 0


@dataclass(frozen=True, slots=True)
class Config:
    """Everything the owner can decide; all paths are absolute or relative to the working directory.

    `pin` is what opens the way out of the till, as "scrypt:N:r:p:salt:hash" with salt and hash in lower-case hex.
    """

    path: Path
    till: str
    shop: str
    server: DemoServer | BTCPayServer
    lightning: Lightning
    currency: str
    language: str
    menu: Menu
    times: Times
    theme: str
    kiosk: bool
    sound: bool
    journal: Path
    pin: str | None = None
