"""The pages of the first start, what they want done, and what comes back.

Rule: values only; a key is a Secret or hidden from every repr.
"""

from dataclasses import dataclass, field
from typing import Final

from pos.check.finding import Finding, Grade
from pos.config import Secret
from pos.pairing import Store

SCHEME: Final = "https://"
KEY_LENGTH: Final = 40

# Until these are mended, or have ended by themselves, the till can start and says so itself.
_CAN_WAIT: Final = frozenset({"sync", "methods"})


@dataclass(frozen=True, slots=True)
class Speaking:
    """Which language."""


@dataclass(frozen=True, slots=True)
class Deciding:
    """To practise, or to connect."""


@dataclass(frozen=True, slots=True)
class Addressing:
    """Where the server is; `mistake` is why what was typed cannot be used."""

    mistake: str = ""


@dataclass(frozen=True, slots=True)
class Permitting:
    """The owner makes a key on a phone."""


@dataclass(frozen=True, slots=True)
class Keying:
    """The key is typed or scanned."""

    typed: str = field(default="", repr=False)
    mistake: str = ""


@dataclass(frozen=True, slots=True)
class Asking:
    """The server is being asked."""


@dataclass(frozen=True, slots=True)
class Choosing:
    """The key is for several stores."""

    stores: tuple[Store, ...]


@dataclass(frozen=True, slots=True)
class Reading:
    """What was found is on the screen."""


@dataclass(frozen=True, slots=True)
class Writing:
    """The configuration is being written."""


@dataclass(frozen=True, slots=True)
class NotWritten:
    """It could not be; `wrong` is the sentence that says why."""

    wrong: str


Page = Speaking | Deciding | Addressing | Permitting | Keying | Asking | Choosing | Reading | Writing | NotWritten


@dataclass(frozen=True, slots=True)
class FirstStart:
    """Everything the screen depends on; `asked` numbers the questions, `store_id` is '' while none is chosen."""

    page: Page = Speaking()
    can_practise: bool = True
    language: str = "ja"
    address: str = SCHEME
    key: Secret | None = None
    store_id: str = ""
    asked: int = 0
    findings: tuple[Finding, ...] = ()

    @property
    def can_begin(self) -> bool:
        """Tell whether the till can start with what was found."""
        return not any(found.grade is Grade.FAIL and found.step not in _CAN_WAIT for found in self.findings)


@dataclass(frozen=True, slots=True)
class Reach:
    """Ask whether the server is there and which stores the key is for."""

    asked: int
    address: str
    key: Secret


@dataclass(frozen=True, slots=True)
class LookAt:
    """Ask about one store."""

    asked: int
    address: str
    key: Secret
    store_id: str


@dataclass(frozen=True, slots=True)
class Practise:
    """Write a configuration for the practice server."""

    asked: int
    language: str


@dataclass(frozen=True, slots=True)
class Connect:
    """Write a configuration for the owner's server."""

    asked: int
    language: str
    address: str
    key: Secret
    store_id: str


Wish = Reach | LookAt | Practise | Connect


@dataclass(frozen=True, slots=True)
class Reached:
    """What was found on the way to the server; no stores where there was a failure."""

    findings: tuple[Finding, ...]
    stores: tuple[Store, ...]


@dataclass(frozen=True, slots=True)
class LookedAt:
    """What was found of a store."""

    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class Saved:
    """The till can start."""


@dataclass(frozen=True, slots=True)
class NotSaved:
    """Nothing was written."""

    wrong: str


Outcome = Reached | LookedAt | Saved | NotSaved
