"""What the screen shows when the till itself cannot go on: the contract between `views/fault` and its screen.

Rule: as in `view`. Nobody knows who stands before this screen, so each sentence is there in both languages.
"""

from dataclasses import dataclass

from pos.ui.view import Button


@dataclass(frozen=True, slots=True)
class Twice:
    """The same in both languages; the first is larger."""

    first: str
    second: str


@dataclass(frozen=True, slots=True)
class Fact:
    """What is safe, with a green check, or what to take care of, with an amber sign."""

    words: Twice
    safe: bool


@dataclass(frozen=True, slots=True)
class MistakeView:
    """One thing to mend in a file: where, what is wrong, what would be right."""

    place: str
    wrong: str
    example: str


@dataclass(frozen=True, slots=True)
class FaultView:
    """The till has stopped, or could not start; `mistakes` stand where facts would.

    `later` says when it starts again by itself, and is None where it does not.
    """

    title: Twice
    text: Twice
    facts: tuple[Fact, ...]
    mistakes: tuple[MistakeView, ...]
    button: Button
    later: Twice | None
    foot: tuple[str, ...]
