"""The window: one screen at a time over all of it, Tk's loop, and what Tk's loop waits for.

Rule: in kiosk mode nothing that a guest can press leaves the till. An error in a callback is logged and the next tap
works; it never takes the window down.
"""

from __future__ import annotations

import logging
import tkinter as tk
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any, Final, Protocol

from pos.core.touches import Touch
from pos.errors import ScreenError
from pos.ui.drawing import find_family
from pos.ui.gesture import LOCK_MS
from pos.ui.keyboard import Keyboard
from pos.ui.keypad import KeypadScreen
from pos.ui.menu import MenuScreen
from pos.ui.notices import NoticesScreen
from pos.ui.paid import PaidScreen
from pos.ui.pay import PayScreen
from pos.ui.surface import Surface
from pos.ui.theme import Theme
from pos.ui.trouble import TroubleScreen
from pos.ui.view import (
    KeypadView,
    MenuView,
    NoticesView,
    PaidView,
    PayView,
    TroubleView,
    View,
)

if TYPE_CHECKING:
    from pos.qr import Modules

log = logging.getLogger(__name__)
PAID_LOCK_MS = 3000  # everybody at the counter sees PAID before a stray finger can take it away

_BEAT_MS = 700
_OBEY_MS = 1000
_SIZE = "1280x720"


class Screen(Protocol):
    """One screen: it draws a view of its own type on its surface."""

    @property
    def surface(self) -> Surface:
        """What it draws on."""

    def show(self, view: Any) -> None:
        """Show a view of its type."""

    def resize(self, width: int, height: int) -> None:
        """Take the window's size."""


class Window:
    """The only window of the till."""

    def __init__(
        self,
        theme: str,
        report: Callable[[Touch], None],
        draw_qr: Callable[[str, int], None],
        *,
        kiosk: bool = False,
        size: str | None = None,
    ) -> None:
        self.root: Final = _root()
        self._kiosk = kiosk
        self._timers: Final[dict[int, str]] = {}
        self._watched: Final[list[int]] = []
        self._closed = False
        self._running = False
        self._screens: Final[dict[type, Screen]] = {}
        self._up: Screen | None = None
        self._view: View | None = None
        self._keyboard = Keyboard()
        self._theme = Theme(theme, family=find_family(self.root))
        self.root.report_callback_exception = self._crashed
        self._set_up(size or _SIZE)
        self._makers: Final[dict[type, Callable[[], Screen]]] = {
            MenuView: partial(MenuScreen, self.root, self._theme, report),
            KeypadView: partial(KeypadScreen, self.root, self._theme, report),
            PayView: partial(PayScreen, self.root, self._theme, report, draw_qr),
            PaidView: partial(PaidScreen, self.root, self._theme, report),
            TroubleView: partial(TroubleScreen, self.root, self._theme, report),
            NoticesView: partial(NoticesScreen, self.root, self._theme, report),
        }
        self.every(_BEAT_MS, self._beat)

    @property
    def closed(self) -> bool:
        """Whether the window has been taken down."""
        return self._closed

    @property
    def view(self) -> View | None:
        """What is shown."""
        return self._view

    @property
    def surface(self) -> Surface | None:
        """What the screen that is up draws on; None before the first."""
        return self._up.surface if self._up else None

    def show(self, view: View) -> None:
        """Show a view on the screen of its type; a screen that comes up ignores the finger for LOCK_MS."""
        self._view = view
        screen = self._screen(type(view))
        size = (self.root.winfo_width(), self.root.winfo_height())
        if (screen.surface.whole.w, screen.surface.whole.h) != size:
            screen.resize(*size)
        screen.show(view)
        if screen is self._up:
            return
        before, self._up = self._up, screen
        screen.surface.place(x=0, y=0, relwidth=1, relheight=1)
        # A canvas has a method of the same name for what is drawn on it.
        tk.Misc.tkraise(screen.surface)
        if before is not None:
            self._keyboard.leave(before.surface)
            screen.surface.finger.lock(PAID_LOCK_MS if isinstance(view, PaidView) else LOCK_MS)

    def qr_ready(self, text: str, side_px: int, modules: Modules) -> None:
        """Take a QR that was drawn."""
        screen = self._screen(PayView)
        if isinstance(screen, PayScreen):
            screen.qr_ready(text, side_px, modules)

    def on_readable(self, fd: int, callback: Callable[[], object]) -> None:
        """Call back whenever there is something to read."""
        # Without tkinter's own wrapper an error in this one kind of callback would end the loop.
        wrapped = tk.CallWrapper(lambda *_: callback(), None, self.root)
        self.root.tk.createfilehandler(fd, tk.READABLE, wrapped)
        self._watched.append(fd)

    def every(self, ms: int, callback: Callable[[], object]) -> None:
        """Call back again and again; an error in it does not end that."""
        number = len(self._timers)

        def ring() -> None:
            try:
                callback()
            finally:
                if not self._closed:
                    self._timers[number] = self.root.after(ms, ring)

        self._timers[number] = self.root.after(ms, ring)

    def run(self) -> None:
        """Run until the window is closed."""
        self._running = True
        try:
            self.root.mainloop()
        finally:
            self._running, self._closed = False, True
            self._take_down()

    def close(self) -> None:
        """Take the window down, or only end Tk's loop: a signal may come in the middle of showing a view."""
        if self._closed:
            return
        self._closed = True
        if self._running:
            self.root.quit()
        else:
            self._take_down()

    def _take_down(self) -> None:
        for timer in self._timers.values():
            self.root.after_cancel(timer)
        # Tk keeps these for the thread, not for the window: the next window would be called for a file long closed.
        for fd in self._watched:
            self.root.tk.deletefilehandler(fd)
        self.root.destroy()

    def _screen(self, kind: type) -> Screen:
        """Build a screen when it is first needed: the first frame waits for no other."""
        if kind not in self._screens:
            self._screens[kind] = screen = self._makers[kind]()
            screen.surface.bind("<ButtonPress-1>", lambda _: self._keyboard.leave(screen.surface), add=True)
        return self._screens[kind]

    def _set_up(self, size: str) -> None:
        root = self.root
        root.title("Kiosk")
        root.configure(background=self._theme.color("background"))
        root.bind("<Configure>", self._configured)
        root.bind("<Key>", self._key)
        # Tk would give Tab a meaning of its own.
        root.unbind_all("<<NextWindow>>")
        root.unbind_all("<<PrevWindow>>")
        if not self._kiosk:
            root.protocol("WM_DELETE_WINDOW", self.close)
            root.geometry(f"{size}+0+0")
            root.update_idletasks()
            return
        root.protocol("WM_DELETE_WINDOW", lambda: None)
        root.configure(cursor="none")
        root.attributes("-fullscreen", True)
        root.geometry(self._whole_screen())
        root.update_idletasks()
        self._timers[-1] = root.after(_OBEY_MS, self._insist)

    def _insist(self) -> None:
        """Take the screen by size where no window manager makes the window full-screen.

        The size alone tells nothing: under XWayland the screen is the box around all outputs.
        """
        if not self.root.attributes("-fullscreen"):
            log.warning("no window manager makes the window full-screen, taking the size of the screen")
            self.root.geometry(self._whole_screen())

    def _whole_screen(self) -> str:
        return f"{self.root.winfo_screenwidth()}x{self.root.winfo_screenheight()}+0+0"

    def _configured(self, event: tk.Event[tk.Misc]) -> None:
        """Lay the screen out anew when the window has another size."""
        if event.widget is self.root and self._view is not None and self._up is not None:
            whole = self._up.surface.whole
            if (whole.w, whole.h) != (event.width, event.height):
                self._up.resize(event.width, event.height)

    def _key(self, event: tk.Event[tk.Misc]) -> None:
        if self._up is not None and self._view is not None:
            self._keyboard.press(event, self._up.surface, self._view)

    def _beat(self) -> None:
        if self._up is not None:
            self._up.surface.beat()

    def _crashed(self, kind: type[BaseException], error: BaseException, trace: Any) -> None:
        """Log what a callback did not catch; Tk would only print it."""
        log.error("callback", exc_info=(kind, error, trace))


def _root() -> tk.Tk:
    try:
        return tk.Tk(className="Kiosk")
    except tk.TclError as exc:
        raise ScreenError(str(exc)) from exc
