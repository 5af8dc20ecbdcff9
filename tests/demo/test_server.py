"""The server as a server: sockets, TLS, start and stop, alone on a command line."""

import itertools
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from email.utils import parsedate_to_datetime
from pathlib import Path

import pytest
import requests

from pos.demo.misfortune import Misfortune
from pos.demo.server import DemoServer

from .client import NOW_S, Client

Serve = Callable[..., Client]


def test_date_header_is_the_shops_clock(client: Client) -> None:
    client.server.shop.advance(3600)
    date = client.get("/health", at="api").headers["Date"]
    assert parsedate_to_datetime(date).timestamp() == NOW_S + 3600


def test_connection_is_kept_alive_and_an_answer_is_one_piece(client: Client) -> None:
    host, port = client.server.url.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port)), timeout=5) as connection:
        for _ in range(3):
            connection.sendall(b"GET /api/v1/health HTTP/1.1\r\nHost: till\r\n\r\n")
            assert connection.recv(65536).endswith(b'\r\n\r\n{"synchronized":true}')


def test_log_has_every_request_and_its_status(client: Client) -> None:
    client.get("/invoices")
    client.get("/apps")
    root = f"/api/v1/stores/{client.server.store_id}"
    entries = [(seen.method, seen.path, seen.status) for seen in client.server.log]
    assert entries == [("GET", f"{root}/invoices", 200), ("GET", f"{root}/apps", 404)]


def test_half_a_request_is_not_heard(client: Client) -> None:
    client.server.suffer(Misfortune(kind="500"))
    host, port = client.server.url.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port)), timeout=5) as connection:
        connection.sendall(b"POST /api/v1/stores/x/invoices HTTP/1.1\r\nContent-Length: 9\r\n\r\nhalf")
        connection.shutdown(socket.SHUT_WR)
        assert connection.recv(1) == b""
    assert client.server.log == ()
    assert client.get("/health", at="api").status_code == 500


def test_server_comes_back_on_the_same_port_with_its_data(client: Client) -> None:
    invoice_id = client.create()["id"]
    client.server.down()
    with pytest.raises(requests.ConnectionError):
        client.get("")
    client.server.up()
    assert client.read(invoice_id)["id"] == invoice_id


def test_server_comes_back_at_once_after_it_has_ended_a_connection(client: Client) -> None:
    host, port = client.server.url.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port)), timeout=5) as connection:
        connection.sendall(b"GET /api/v1/health HTTP/1.0\r\nHost: till\r\n\r\n")
        while connection.recv(65536):
            pass
    client.server.restart(0.01)
    wait_until_up(client)
    assert client.get("/health", at="api").status_code == 200


def wait_until_up(client: Client) -> None:
    host, port = client.server.url.removeprefix("http://").split(":")
    for _ in range(500):
        with socket.socket() as probe:
            if probe.connect_ex((host, int(port))) == 0:
                return
        time.sleep(0.01)
    raise AssertionError("the server does not come back")


def test_stopped_server_can_be_started_again(client: Client) -> None:
    client.server.stop()
    client.server.start()
    assert client.get("").status_code == 200


def test_url_is_unknown_before_the_first_start() -> None:
    with pytest.raises(RuntimeError):
        _ = DemoServer().url


def test_many_clients_at_once_all_get_their_own_invoice(serve: Serve) -> None:
    client = serve()
    with ThreadPoolExecutor(8) as pool:
        made = list(pool.map(lambda number: client.create(order_id=f"K1-{number}"), range(40)))
    assert len({body["id"] for body in made}) == 40
    assert len(client.get("/invoices").json()) == 40


@pytest.fixture(scope="session")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    folder = tmp_path_factory.mktemp("tls")
    made = folder / "cert.pem", folder / "key.pem"
    subject = ["-subj", "/CN=till", "-addext", "subjectAltName=IP:127.0.0.1"]
    command = [
        "openssl",
        "req",
        "-x509",
        "-newkey",
        "ec",
        "-pkeyopt",
        "ec_paramgen_curve:P-256",
        "-nodes",
        *subject,
    ]
    try:
        subprocess.run([*command, "-out", made[0], "-keyout", made[1]], check=True, capture_output=True)
    except FileNotFoundError:
        pytest.skip("openssl is not installed")
    return made


def test_https_is_served_with_the_given_certificate(serve: Serve, certificate: tuple[Path, Path]) -> None:
    client = serve(tls=certificate)
    assert client.server.url.startswith("https://")
    with pytest.raises(requests.exceptions.SSLError):
        client.get("")
    client.session.verify = str(certificate[0])
    invoice_id = client.create()["id"]
    assert client.read(invoice_id)["checkoutLink"] == f"{client.server.url}/i/{invoice_id}"


def test_runs_alone_says_how_to_reach_it_and_stops_on_a_signal() -> None:
    command = [
        sys.executable,
        "-m",
        "pos.demo",
        "--version",
        "2.0.0",
        "--store-id",
        "S",
        "--api-key",
        "k" * 40,
    ]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, text=True, cwd=Path(__file__).parents[2]
    ) as process:
        assert process.stdout is not None
        said = "".join(itertools.islice(process.stdout, 6))
        url = said.split()[1]
        try:
            answer = requests.get(
                f"{url}/api/v1/stores/S", headers={"Authorization": "token " + "k" * 40}, timeout=10
            )
            assert answer.json()["id"] == "S"
        finally:
            os.kill(process.pid, signal.SIGTERM)
        assert process.wait(10) == 0
    assert "curl" in said


def test_taken_port_is_said_in_one_line(client: Client) -> None:
    port = client.server.url.rpartition(":")[2]
    command = [sys.executable, "-m", "pos.demo", "--port", port]
    done = subprocess.run(
        command, capture_output=True, text=True, timeout=10, check=False, cwd=Path(__file__).parents[2]
    )
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.count("\n") == 1
    assert port in done.stderr


def test_importing_the_server_brings_neither_the_client_library_nor_tk() -> None:
    loaded = "import sys, pos.demo.server; print(*sys.modules)"
    command = [sys.executable, "-c", loaded]
    root = Path(__file__).parents[2]
    done = subprocess.run(command, check=True, timeout=10, cwd=root, capture_output=True, text=True)
    assert not {"requests", "tkinter", "pos.btcpay"} & set(done.stdout.split())
