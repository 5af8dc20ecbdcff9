"""A screen for the tills that have a window: the one there is, or a virtual one.

Rule: without either the drill goes on, and says that nothing was played in a window.
"""

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager

SIZE = "1280x800x24"


@contextmanager
def any_display() -> Iterator[None]:
    """Set DISPLAY for this process and those it starts, where that is possible."""
    program = shutil.which("Xvfb")
    if os.environ.get("DISPLAY") or program is None:
        yield
        return
    reading, writing = os.pipe()
    command = [program, "-displayfd", str(writing), "-screen", "0", SIZE, "-nolisten", "tcp"]
    with subprocess.Popen(command, pass_fds=[writing], stderr=subprocess.DEVNULL) as server:
        os.close(writing)
        with os.fdopen(reading) as told:
            number = told.readline().strip()
        if number:
            os.environ["DISPLAY"] = f":{number}"
        try:
            yield
        finally:
            os.environ.pop("DISPLAY", None)
            server.terminate()
