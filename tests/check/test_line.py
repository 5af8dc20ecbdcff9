"""The way to the server: names, proxies and certificates."""

import socket
from contextlib import closing
from pathlib import Path

import pytest

from pos.check import line
from pos.core.route import Route

NOW_S = 1_790_000_000


def reasons(route: Route) -> list[str]:
    return [found.reason for found in (*line.name(route), *line.certificate(route, NOW_S))]


@pytest.fixture
def port() -> int:
    """A port on which nobody listens."""
    with closing(socket.create_server(("127.0.0.1", 0))) as listening:
        return int(listening.getsockname()[1])


def test_a_number_is_not_looked_up() -> None:
    assert reasons(Route("http://127.0.0.1:9")) == ["dns_not_needed", "tls_here"]
    assert reasons(Route("http://[::1]:9")) == ["dns_not_needed", "tls_here"]


def test_plain_http_in_the_shops_network_is_a_note() -> None:
    assert reasons(Route("http://192.168.1.20")) == ["dns_not_needed", "tls_plain"]


def test_a_name_is_looked_up() -> None:
    assert reasons(Route("http://localhost:9")) == ["dns_ok", "tls_here"]


def test_a_name_that_does_not_exist_is_told() -> None:
    assert [found.reason for found in line.name(Route("https://btcpay.invalid"))] == ["dns_unknown"]


def test_behind_a_proxy_no_name_is_looked_up() -> None:
    with closing(socket.create_server(("127.0.0.1", 0))) as proxy:
        route = Route("http://pay.onion", proxy=f"socks5h://127.0.0.1:{proxy.getsockname()[1]}")
        assert reasons(route) == ["dns_by_proxy", "tls_onion"]


def test_a_proxy_that_is_down_is_told(port: int) -> None:
    route = Route("http://pay.onion", proxy=f"socks5h://127.0.0.1:{port}")
    assert [found.reason for found in line.name(route)] == ["proxy_down"]


def test_a_ca_file_that_is_none_is_told_and_the_server_is_not_called_away(port: int, tmp_path: Path) -> None:
    (tmp_path / "broken.pem").write_text("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n")
    for name in ("none.pem", "broken.pem"):
        route = Route(f"https://127.0.0.1:{port}", ca_file=str(tmp_path / name))
        (found,) = line.certificate(route, NOW_S)
        assert (found.reason, found.grade, found.values["file"]) == ("tls_ca_file", "fail", str(tmp_path / name))


def test_a_server_that_refuses_is_told(port: int) -> None:
    found = list(line.certificate(Route(f"https://127.0.0.1:{port}"), NOW_S))
    assert [(finding.reason, finding.grade) for finding in found] == [("tls_unreachable", "fail")]
