"""What is read off a certificate, whatever its bytes."""

import socket
import ssl
import time
from contextlib import closing
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pos.btcpay.certificate import Certificate, grouped, last_second, look
from pos.core.route import Route
from tests.btcpay.conftest import Kit
from tests.certificates import Certificates


def element(tag: int, *content: bytes) -> bytes:
    joined = b"".join(content)
    length = len(joined)
    return bytes((tag, length) if length < 128 else (tag, 0x82, *length.to_bytes(2, "big"))) + joined


def certificate_until(kind: int, text: str, *, version: bool = True) -> bytes:
    validity = element(0x30, element(0x17, b"200101000000Z"), element(kind, text.encode()))
    head = [element(0xA0, element(2, b"\2"))] if version else []
    rest = element(0x30, *head, element(2, b"\1"), element(0x30), element(0x30), validity, element(0x30), b"\x05\x00")
    return element(0x30, rest, element(0x30, b"x" * 200))


def unix(year: int, month: int, day: int) -> int:
    return int(datetime(year, month, day, tzinfo=UTC).timestamp())


def test_the_last_day_is_the_one_openssl_reads(certificates: Certificates) -> None:
    context = ssl.create_default_context(cafile=str(certificates.ca))
    (known,) = context.get_ca_certs()
    der = ssl.PEM_cert_to_DER_cert(certificates.ca.read_text())
    assert last_second(der) == ssl.cert_time_to_seconds(str(known["notAfter"]))


@pytest.mark.parametrize(("kind", "text", "ends_s"), [
    (0x17, "301231000000Z", unix(2030, 12, 31)), (0x17, "500101000000Z", unix(1950, 1, 1)),
    (0x18, "20991231000000Z", unix(2099, 12, 31)), (0x0C, "301231000000Z", None), (0x17, "not a time at all", None),
    (0x17, "3012310000", None),
])
def test_both_ways_of_writing_a_time_are_read(kind: int, text: str, ends_s: int | None) -> None:
    assert last_second(certificate_until(kind, text)) == ends_s


def test_a_certificate_of_the_first_version_is_read() -> None:
    assert last_second(certificate_until(0x17, "301231000000Z", version=False)) == unix(2030, 12, 31)


@given(st.binary(max_size=300))
def test_any_bytes_are_a_certificate_or_none(der: bytes) -> None:
    assert last_second(der) is None or isinstance(last_second(der), int)


@given(st.data())
def test_a_damaged_certificate_is_read_or_not_and_never_breaks(data: st.DataObject) -> None:
    der = bytearray(certificate_until(0x17, "301231000000Z"))
    for _ in range(3):
        der[data.draw(st.integers(0, len(der) - 1))] = data.draw(st.integers(0, 255))
    assert last_second(bytes(der)) is None or isinstance(last_second(bytes(der)), int)


def test_a_fingerprint_is_written_as_people_compare_it() -> None:
    assert grouped("ab12" + "00" * 30).startswith("AB:12:00:")


def test_a_certificate_is_looked_at_trusted_or_not(kit: Kit, certificates: Certificates) -> None:
    server = kit.server(tls=certificates.right)
    trusted = look(Route(server.url, ca_file=str(certificates.ca)))
    assert (trusted.distrust, trusted.expires_s is not None and trusted.expires_s > time.time()) == (None, True)
    assert look(Route(server.url)) == Certificate(trusted.der, "unable to get local issuer certificate")
    assert ssl.PEM_cert_to_DER_cert(trusted.pem) == trusted.der
    assert server.log == ()


def test_a_certificate_for_another_host_is_not_trusted(kit: Kit, certificates: Certificates) -> None:
    server = kit.server(tls=certificates.wrong)
    distrust = look(Route(server.url, ca_file=str(certificates.ca))).distrust
    assert distrust is not None
    assert "mismatch" in distrust


def test_a_certificate_is_looked_at_through_a_proxy_too(kit: Kit, certificates: Certificates) -> None:
    server = kit.server(tls=certificates.right)
    with closing(socket.create_server(("127.0.0.1", 0))) as listening:
        nobody = f"socks5h://127.0.0.1:{listening.getsockname()[1]}"
    with pytest.raises(OSError, match="proxy"):
        look(Route(server.url, ca_file=str(certificates.ca), proxy=nobody))
