"""The transport alone: one deadline for all of a request, in however many pieces it is sent."""

import contextlib
import socket
import threading
from contextlib import closing

import pytest
import requests

from pos.btcpay.adapter import CUT_SHORT, OneServer, unwrapped
from pos.core.route import Route

PATIENCE_S = 1.0
PIECE = b"x" * 8_000_000
"""Far more than the kernel takes for a server that does not listen."""


def test_server_that_stops_listening_twice_is_not_given_its_time_twice() -> None:
    heard, given_up = 0, threading.Event()

    def listen() -> None:
        nonlocal heard
        # It is reset in the middle of what was sent: the other side has left.
        with contextlib.suppress(OSError), port.accept()[0] as line:
            # Each pause alone would be borne; both together are too long.
            for until in (len(PIECE), 2 * len(PIECE)):
                heard += line.recv(1).count(b"x")
                given_up.wait(0.7 * PATIENCE_S)
                while heard < until and (more := line.recv(1_000_000)):
                    heard += more.count(b"x")

    with socket.create_server(("127.0.0.1", 0)) as port:
        port.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 65_536)  # else the kernel takes more and more
        server = threading.Thread(target=listen)
        server.start()
        url = f"http://127.0.0.1:{port.getsockname()[1]}/"
        request = requests.Request("POST", url, data=iter([PIECE, PIECE])).prepare()
        with closing(OneServer(Route(url), PATIENCE_S)) as adapter:
            with pytest.raises(CUT_SHORT) as caught:
                adapter.send(request, stream=True, timeout=PATIENCE_S)
            assert isinstance(unwrapped(caught.value), TimeoutError)
        given_up.set()
        server.join()
    assert 0 < heard < 2 * len(PIECE)
