"""An interpreter with everything imported that forks a till, or its owner's command, for each request.

Rule: hundreds of them can be started in a minute, and from reading kiosk.yaml on each starts, runs and dies as any
other process: the fork happens while there is one thread and no file of theirs is open.
"""

import json
import logging
import os
import socket
import sys
from typing import Any, NoReturn

from bench.drill import headless, owner
from pos import assembly
from pos import words as wordbook
from pos.btcpay import clerk
from pos.commands import restore
from pos.words import Words

WARM = (clerk, restore)
"""What the product imports late, in a worker or for one command."""


def rock(control: socket.socket) -> None:
    """Fork for each request to start something, and tell how it ended when asked."""
    words = wordbook.load_all(assembly.ASSETS / "words")
    while True:
        message, descriptors, _, _ = socket.recv_fds(control, 65536, 1)
        if not message:
            return
        request = json.loads(message)
        if "wait" in request:
            _, status = os.waitpid(request["wait"], 0)
            control.send(json.dumps({"exit": os.waitstatus_to_exitcode(status)}).encode())
            continue
        line = socket.socket(fileno=descriptors[0])
        child = os.fork()
        if child == 0:
            control.close()
            _live(request, line, words)
        line.close()
        control.send(json.dumps({"pid": child}).encode())


def _live(request: dict[str, Any], line: socket.socket, words: dict[str, Words]) -> NoReturn:
    ended = 1
    try:
        ended = owner.obey(request, line) if "command" in request else headless.live(request, line, words)
    except Exception:
        # Whoever reads the log fails on any traceback: nothing is hidden by this.
        logging.exception("till")
    finally:
        os._exit(ended)


if __name__ == "__main__":
    rock(socket.socket(fileno=int(sys.argv[1])))
