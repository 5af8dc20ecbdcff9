"""Runs the demo server alone: `python -m pos.demo --port 8337`, to try any Greenfield client on it.

Rule: prints how to reach it, serves until Ctrl-C or SIGTERM; ends with 0, with 2 if the port is taken.
"""

import argparse
import re
import signal
import sys
import threading
from dataclasses import replace

from pos.demo.answers import LATEST
from pos.demo.creation import Store
from pos.demo.server import DemoServer
from pos.demo.shop import Shop


def main() -> int:
    """Serve until told to stop and return the exit code."""
    options = _options()
    store = Store() if options.store_id is None else replace(Store(), id=options.store_id)
    server = DemoServer(Shop(store), port=options.port, version=options.version, key=options.api_key)
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    try:
        server.start()
    except OSError as exc:
        print(f"port {options.port} on 127.0.0.1 cannot be used: {exc.strerror}", file=sys.stderr)
        return 2
    print(_welcome(server), flush=True)
    stop.wait()
    server.stop()
    return 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m pos.demo", description="A BTCPay Server look-alike.")
    parser.add_argument("--port", type=int, default=0, help="port on 127.0.0.1; 0 takes any free one")
    parser.add_argument("--version", default=LATEST, type=_version, help="BTCPay Server version to behave as")
    parser.add_argument("--store-id", help="the id of its only store")
    parser.add_argument("--api-key", help="the key it accepts; made up when not given")
    return parser.parse_args()


def _version(text: str) -> str:
    if re.fullmatch(r"\d+(\.\d+)*", text) is None:
        raise argparse.ArgumentTypeError(f"{text!r} is not a version such as {LATEST}")
    return text


def _welcome(server: DemoServer) -> str:
    create = f"{server.url}/api/v1/stores/{server.store_id}/invoices"
    body = '{"amount":"1400","currency":"JPY","checkout":{"paymentMethods":["BTC-LightningNetwork"]}}'
    return "\n".join(
        (
            f"url       {server.url}",
            f"store id  {server.store_id}",
            f"api key   {server.api_key}",
            f"node id   {server.node_id}",
            "",
            f"curl -H 'Authorization: token {server.api_key}' -H 'Content-Type: application/json' \\",
            f"     -d '{body}' {create}",
            "",
            f"""curl -d '{{"invoiceId":"...","kind":"full"}}' {server.url}/demo/pay    # the customer pays""",
            "",
            "Ctrl-C stops it.",
        )
    )


if __name__ == "__main__":
    sys.exit(main())
