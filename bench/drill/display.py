"""A screen for a till that has a window: a virtual one of its own, or the one there is.

Rule: no two tills share a virtual screen, so that what a picture of it shows is one till's. Without either kind the
drill goes on, and says that nothing was played in a window.
"""

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager

SIZE = "800x480x24"
_XVFB = "Xvfb"


def virtual() -> bool:
    """Tell whether there can be virtual screens."""
    return shutil.which(_XVFB) is not None


@contextmanager
def screen() -> Iterator[str]:
    """Give the name of a display: a virtual one that nobody else has, where there can be one."""
    if not virtual():
        yield os.environ.get("DISPLAY", "")
        return
    reading, writing = os.pipe()
    command = [_XVFB, "-displayfd", str(writing), "-screen", "0", SIZE, "-nolisten", "tcp"]
    with subprocess.Popen(command, pass_fds=[writing], stderr=subprocess.DEVNULL) as server:
        os.close(writing)
        with os.fdopen(reading) as told:
            number = told.readline().strip()
        try:
            yield f":{number}" if number else ""
        finally:
            server.terminate()
