"""A till of the drill behind its real window, tapped as a finger does it.

Rule: a touch becomes a press and a release on the canvas, in the middle of the place that reports it; where there is
no such place nothing is tapped. What is seen is told when it is on the screen.
"""

import socket
from typing import cast

from bench.drill.headless import Body, Watcher
from pos import assembly
from pos.core import touches as t
from pos.core.touches import Touch
from pos.ui import window as windows
from pos.ui.view import View
from pos.ui.window import Window

_FIRST_TAP = {t.ConfirmBack(): t.Back(), t.Clear(): t.Clear()}
"""What has to be tapped before a touch is offered."""


class SeenWindow(Window):
    """The till's window, which tells what it shows."""

    watcher: Watcher | None = None

    def show(self, view: object) -> None:
        """Show a view and tell of it once it is drawn."""
        super().show(view)
        if self.watcher is not None:
            self.root.update_idletasks()
            self.watcher.saw(cast(View, view))


def serve(body: Body, watcher: Watcher, line: socket.socket, size: str) -> None:
    """Open the window and run it until the line is cut."""
    SeenWindow.watcher = watcher
    # The name by which the composition root takes the window.
    windows.Window = SeenWindow  # type: ignore[misc]
    window = assembly.open_window(body.parts, size=size)
    unfinished = [b""]

    def hear() -> None:
        data = line.recv(65536)
        if not data:
            window.close()
            return
        *whole, unfinished[0] = (unfinished[0] + data).split(b"\n")
        for text in whole:
            body.obey(text, lambda touch: _tap(window, touch))

    window.on_readable(line.fileno(), hear)
    window.run()


def _tap(window: Window, touch: Touch) -> None:
    surface = window.surface
    if surface is None:
        return
    for wanted in (touch, _FIRST_TAP.get(touch)):
        places = [region.rect for region in surface.regions if region.tap is not None and region.tap == wanted]
        if places:
            x, y = places[-1].center_x, places[-1].center_y
            surface.event_generate("<ButtonPress-1>", x=x, y=y)
            surface.event_generate("<ButtonRelease-1>", x=x, y=y)
            return
