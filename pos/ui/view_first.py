"""What the screens of the first start show: the contract between `pos/first_start/views` and them.

Rule: as in `view`. What is typed arrives as it is to be seen, so that no screen holds a key.
"""

from dataclasses import dataclass

from pos.core.touches import Touch
from pos.ui.view import Button


@dataclass(frozen=True, slots=True)
class Frame:
    """What all pages have: how far it is, what it is about, and the ways back and on."""

    step: str
    title: str
    text: str
    back: Button | None
    go_on: Button | None


@dataclass(frozen=True, slots=True)
class Choice:
    """A large thing to choose; `detail` says in small words what it means."""

    label: str
    detail: str
    touch: Touch


@dataclass(frozen=True, slots=True)
class ChoiceView:
    """One of several: a few that need explaining, or a list as long as it is."""

    frame: Frame
    choices: tuple[Choice, ...]
    few: bool


@dataclass(frozen=True, slots=True)
class TypingView:
    """A line that is typed, by finger, keyboard or scanner; `mistake` says why it cannot be used.

    `rows` are the keys on a wide screen, `narrow` the same on a high one.
    """

    frame: Frame
    typed: str
    count: str
    mistake: str
    rows: tuple[tuple[Button, ...], ...]
    narrow: tuple[tuple[Button, ...], ...]
    erase: Button
    clear: Button


@dataclass(frozen=True, slots=True)
class LinkView:
    """An address for the owner's phone, as a QR and in words, and what to do there."""

    frame: Frame
    address: str
    steps: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that was looked at: `icon` is check, warning or cross, and `do` is '' where nothing has to be done."""

    icon: str
    color: str
    title: str
    found: str
    do: str


@dataclass(frozen=True, slots=True)
class StepsView:
    """What was looked at so far; `busy` is what is going on, '' when it has ended."""

    frame: Frame
    steps: tuple[Step, ...]
    busy: str


FirstView = ChoiceView | TypingView | LinkView | StepsView
