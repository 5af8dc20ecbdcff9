"""The window: one screen at a time over all of it, Tk's loop, and what Tk's loop waits for.

Rule: in kiosk mode nothing that a guest can press leaves the till. After an error in a callback nothing is called back
any more, because what it was changing may be changed by half: `run` ends with the error, and the window stays as it is.
"""

from __future__ import annotations

import logging
import tkinter as tk
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from pos.core.touches import Touch
from pos.errors import ScreenError
from pos.ui.drawing import find_family
from pos.ui.gesture import LOCK_MS
from pos.ui.keyboard import Keyboard
from pos.ui.kiosk import keep_screen, take_screen, window_size
from pos.ui.screen import Makers, Screen, TakesQr
from pos.ui.surface import Surface
from pos.ui.theme import Theme
from pos.ui.view import PaidView

if TYPE_CHECKING:
    from pos.qr import Modules

log = logging.getLogger(__name__)
PAID_LOCK_MS = 3000  # everybody at the counter sees PAID before a stray finger can take it away

_BEAT_MS = 700
_GUARD_MS = 2000
_PAINT = -2
_TURNS_TO_MAP = 2
"""A screen that comes up is mapped in one turn of Tk's, exposed in the next and then drawn."""


class Window:
    """The only window of the till."""

    def __init__(
        self,
        theme: str,
        screens: Makers,
        report: Callable[[Touch], None],
        *,
        kiosk: bool = False,
        size: str | None = None,
        root: tk.Tk | None = None,
    ) -> None:
        self.root: Final = root or _root()
        self._kiosk = kiosk
        self._timers: Final[dict[int, str]] = {}
        self._watched: Final[list[int]] = []
        self._closed = self._down = False
        self._running = False
        self._error: BaseException | None = None
        self._makers = screens
        self._report = report
        self._screens: Final[dict[type, Screen]] = {}
        self._up: Screen | None = None
        self._exposed = False
        self._view: Any = None
        self._keyboard = Keyboard()
        self._theme = Theme(theme, family=find_family(self.root))
        self.root.report_callback_exception = self._crashed
        self._set_up(size or window_size(self.root))
        self.every(_BEAT_MS, self._beat)
        if kiosk:
            self.every(_GUARD_MS, partial(keep_screen, self.root))

    @property
    def closed(self) -> bool:
        """Whether the window has been taken down."""
        return self._closed

    @property
    def view(self) -> Any:
        """What is shown; None before the first."""
        return self._view

    @property
    def surface(self) -> Surface | None:
        """What the screen that is up draws on; None before the first."""
        return self._up.surface if self._up else None

    def show(self, view: object) -> None:
        """Show a view on the screen of its type; a screen that comes up ignores the finger for LOCK_MS."""
        screen = self._screen(type(view))
        size = (self.root.winfo_width(), self.root.winfo_height())
        if screen is self._up and view == self._view and (screen.surface.whole.w, screen.surface.whole.h) == size:
            return
        self._view = view
        if (screen.surface.whole.w, screen.surface.whole.h) != size:
            screen.resize(*size)
        screen.show(view)
        if screen is self._up:
            return
        before, self._up, self._exposed = self._up, screen, False
        screen.surface.place(x=0, y=0, relwidth=1, relheight=1)
        # A canvas has a method of the same name for what is drawn on it.
        tk.Misc.tkraise(screen.surface)
        if before is not None:
            self._keyboard.leave(before.surface)
            screen.surface.finger.lock(PAID_LOCK_MS if isinstance(view, PaidView) else LOCK_MS)

    def qr_ready(self, text: str, side_px: int, modules: Modules) -> None:
        """Take a QR that was drawn, for the screen that asked for it."""
        for screen in self._screens.values():
            if isinstance(screen, TakesQr):
                screen.qr_ready(text, side_px, modules)

    def when_painted(self, tell: Callable[[], None]) -> None:
        """Call back once everything shown so far is drawn."""
        self._timers[_PAINT] = self.root.after_idle(self._painted, tell, 0 if self._exposed else _TURNS_TO_MAP)

    def _painted(self, tell: Callable[[], None], turns: int) -> None:
        # A question to the X server comes back after all the drawing that was sent before it.
        self.root.winfo_pointerxy()
        if turns:
            self._timers[_PAINT] = self.root.after_idle(self._painted, tell, turns - 1)
        else:
            tell()

    def on_readable(self, fd: int, callback: Callable[[], object]) -> None:
        """Call back whenever there is something to read."""
        # Without tkinter's own wrapper an error in this one kind of callback would end the loop.
        wrapped = tk.CallWrapper(lambda *_: callback(), None, self.root)
        self.root.tk.createfilehandler(fd, tk.READABLE, wrapped)
        self._watched.append(fd)

    def every(self, ms: int, callback: Callable[[], object]) -> None:
        """Call back again and again, until the window is closed or anything failed."""
        number = len(self._timers)

        def ring() -> None:
            callback()
            if not self._closed and self._error is None:
                self._timers[number] = self.root.after(ms, ring)

        self._timers[number] = self.root.after(ms, ring)

    def run(self) -> None:
        """Run until the window is closed; an error in a callback ends it at once, and leaves the window as it is."""
        self._running = True
        try:
            if self._error is None and not self._closed:
                self.root.mainloop()
            if self._error is not None:
                raise self._error
        finally:
            self._running = False
            if self._error is None:
                self._closed = True
                self._take_down()

    def close(self) -> None:
        """Take the window down, or only end Tk's loop: a signal may come in the middle of showing a view."""
        self.stop()
        if not self._running:
            self._take_down()

    def stop(self) -> None:
        """Let the window's run end, or be over as soon as it begins: a signal may come at any moment."""
        self._closed = True
        self.root.quit()

    def hand_over(self) -> tk.Tk:
        """End, but for the root: the next window has it, and there is never a moment without one on the screen."""
        self._closed = True
        self._let_go()
        for screen in self._screens.values():
            screen.surface.destroy()
        return self.root

    def _take_down(self) -> None:
        if not self._down:
            self._down = True
            self._let_go()
            self.root.destroy()

    def _let_go(self) -> None:
        for timer in self._timers.values():
            self.root.after_cancel(timer)
        # Tk keeps these for the thread, not for the window: the next window would be called for a file long closed.
        for fd in self._watched:
            self.root.tk.deletefilehandler(fd)

    def _screen(self, kind: type) -> Screen:
        """Build a screen when it is first needed: the first frame waits for no other."""
        if kind not in self._screens:
            self._screens[kind] = screen = self._makers[kind](self.root, self._theme, self._report)
            screen.surface.bind("<ButtonPress-1>", lambda _: self._keyboard.leave(screen.surface), add=True)
        return self._screens[kind]

    def _set_up(self, size: str) -> None:
        root = self.root
        root.title("Kiosk")
        root.configure(background=self._theme.color("background"))
        root.bind("<Configure>", self._configured)
        root.bind("<Expose>", self._came_up)
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
        take_screen(root)

    def _configured(self, event: tk.Event[tk.Misc]) -> None:
        """Lay the screen out anew when the window has another size."""
        if event.widget is self.root and self._view is not None and self._up is not None:
            whole = self._up.surface.whole
            if (whole.w, whole.h) != (event.width, event.height):
                self._up.resize(event.width, event.height)

    def _came_up(self, event: tk.Event[tk.Misc]) -> None:
        if self._up is not None and event.widget is self._up.surface:
            self._exposed = True

    def _key(self, event: tk.Event[tk.Misc]) -> None:
        if self._up is not None:
            self._keyboard.press(event, self._up, self._view)

    def _beat(self) -> None:
        if self._closed:
            self.root.quit()  # Tk forgets a wish to end that was uttered right before its loop began
        elif self._up is not None:
            self._up.surface.beat()

    def _crashed(self, kind: type[BaseException], error: BaseException, trace: Any) -> None:
        """End the loop with what a callback did not catch; Tk would only print it and go on."""
        log.error("callback", exc_info=(kind, error, trace))
        if self._error is None:
            self._error = error
            if self._running:
                self.root.quit()


def _root() -> tk.Tk:
    try:
        return tk.Tk(className="Kiosk")
    except tk.TclError as exc:
        raise ScreenError(str(exc)) from exc
