"""What stands at the counter before anybody comes: a server on a port of its own and a kiosk.yaml that names it.

Rule: the key is not in the file; the till is given it in its environment.
"""

import socket
from pathlib import Path
from random import Random, SystemRandom

from bench.drill.headless import KEY_VARIABLE
from bench.drill.place import Place
from pos.demo.server import DemoServer
from pos.demo.shop import Shop

_KIOSK = """\
till: K1
shop: POWER CUT BAR
language: en
currency: JPY
sound: false
server:
  url: {url}
  store_id: {store_id}
  key_environment: {variable}
lightning:
  network: regtest
  node_id: {node_id}
journal: {journal}
menu:
  categories:
    - {{id: beer, color: amber, name: {{ja: ビール, en: Beer}}}}
  items:
    - {{id: heartland, category: beer, price: 1400, name: {{ja: ハートランド, en: Heartland}}}}
"""


def server(dice: Random, version: str) -> DemoServer:
    """Give a server of a version, whose ids and BOLT11s follow from the dice."""
    return DemoServer(Shop(rng=dice), port=_free_port(), version=version)


def write_kiosk_file(place: Place, of: DemoServer) -> Path:
    """Write the till's kiosk.yaml for a server that listens."""
    path = place.folder / "kiosk.yaml"
    text = _KIOSK.format(
        url=of.url, store_id=of.store_id, variable=KEY_VARIABLE, node_id=of.node_id, journal=place.journal
    )
    path.write_text(text, encoding="utf-8")
    return path


def _free_port() -> int:
    """Find a port that no client is ever given for its own end: a server that restarts must get its port back."""
    lowest_of_clients = int(Path("/proc/sys/net/ipv4/ip_local_port_range").read_text().split()[0])
    while True:
        port = SystemRandom().randrange(lowest_of_clients // 2, lowest_of_clients)
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
