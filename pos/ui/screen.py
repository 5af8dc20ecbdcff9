"""What a screen is to the window, which knows none of them by name.

Rule: a screen draws a view of its own type and reports touches; it asks for nothing and never goes away by itself.
"""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, Protocol, runtime_checkable

from pos.core.touches import Touch
from pos.ui.surface import Surface
from pos.ui.theme import Theme

if TYPE_CHECKING:
    from pos.qr import Modules


class Screen(Protocol):
    """One screen: it draws a view of its own type on its surface."""

    @property
    def surface(self) -> Surface:
        """What it draws on."""

    def show(self, view: Any) -> None:
        """Show a view of its type."""

    def resize(self, width: int, height: int) -> None:
        """Take the window's size."""


@runtime_checkable
class TakesQr(Protocol):
    """A screen on which a QR is shown once it has been drawn."""

    def qr_ready(self, text: str, side_px: int, modules: Modules) -> None:
        """Take a QR that was asked for."""


@runtime_checkable
class TakesKeys(Protocol):
    """A screen on which a keyboard, or a scanner that types like one, does more than move a ring."""

    def key(self, keysym: str, char: str) -> Touch | None:
        """Say what a key means on it."""


Makers = Mapping[type, Callable[[tk.Misc, Theme, Callable[[Touch], None]], Screen]]
"""For each kind of view what builds the screen that shows it."""
