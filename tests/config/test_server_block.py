"""The server: block of kiosk.yaml: which addresses are allowed and where the key may be."""

from pathlib import Path

import pytest

from pos.config import BTCPayServer, KeyFromEnvironment, KeyFromFile, load
from pos.config.server import url_mistake

from .samples import BLOCK

CERTIFICATE = b"-----BEGIN CERTIFICATE-----\nAA==\n-----END CERTIFICATE-----\n"


def test_real_server_is_read_with_its_key_beside_the_file(words, kiosk_file, tmp_path):
    assert load(kiosk_file(("server: demo\n", BLOCK)), words).server == BTCPayServer(
        "https://btcpay.example.com", "9CiNzKoANXxm", KeyFromFile(tmp_path / "btcpay.key"), None)


def test_key_may_be_in_an_environment_variable(words, kiosk_file):
    block = BLOCK.replace("key_file: btcpay.key", "key_environment: BTCPAY_API_KEY")
    assert load(kiosk_file(("server: demo\n", block)), words).server.key == KeyFromEnvironment("BTCPAY_API_KEY")


def test_path_of_the_url_is_kept_without_its_last_slash(words, kiosk_file):
    block = BLOCK.replace("example.com", "example.com/btcpay/")
    assert load(kiosk_file(("server: demo\n", block)), words).server.url == "https://btcpay.example.com/btcpay"


@pytest.mark.parametrize("url", [
    "https://btcpay.example.com", "https://btcpay.example.com:8443/x", "https://203.0.113.9", "https://[2001:db8::1]:8443",
    "http://127.0.0.1:23000", "http://localhost:23000", "http://[::1]:23000", "http://10.1.2.3", "http://172.16.0.1",
    "http://172.31.255.255", "http://192.168.1.20", "http://169.254.1.1", "http://[fe80::1]", "http://[fd12::1]",
    "http://umbrel.local", "http://abcdefghijklmnop.onion", "HTTPS://BTCPAY.EXAMPLE.COM",
])
def test_address_is_allowed(url):
    assert url_mistake(url) is None


@pytest.mark.parametrize("url", [
    "http://btcpay.example.com", "http://203.0.113.9", "http://172.32.0.1", "http://11.0.0.1", "http://[2001:db8::1]",
    "http://127.1", "http://2130706433", "http://local", "http://umbrel.local.example.com", "http://0.0.0.0", "http://box",
    "http://[::ffff:8.8.8.8]", "http://10.0.0.1.example.com",
])
def test_plain_http_is_refused_where_others_can_listen(url):
    assert url_mistake(url) == "url_http"


@pytest.mark.parametrize(("url", "reason"), [
    ("btcpay.example.com", "url"), ("ftp://btcpay.example.com", "url"), ("https://", "url"), ("https:///path", "url"),
    ("https://[::1", "url"), ("https://[zz]", "url"), ("https://[v1.x]", "url"), ("https://a:port", "url"),
    ("https://a:0", "url"), ("https://a:70000", "url"), ("https://a b.example.com", "url"),
    ("https://店.example.com", "url"),
    ("http://evil.example.com\\.local", "url"), ("https://a..b", "url"), (" https://a.example.com", "url"),
    ("https://me:pw@a.example.com", "url_password"), ("http://127.0.0.1\\@evil.example.com", "url_password"),
    ("https://a.example.com/?x=1", "url_query"), ("https://a.example.com?", "url_query"),
    ("https://a.example.com/#top", "url_query"), ("https://a.example.com/stores/9CiN/invoices", "url_page"),
    ("https://a.example.com/btcpay/api/v1", "url_page"),
])
def test_address_is_refused_for_its_own_reason(url, reason):
    assert url_mistake(url) == reason


@pytest.mark.parametrize(("old", "new", "told"), [
    ("  url: https://btcpay.example.com\n", "", (5, "server.url", "missing")),
    ("https://btcpay", "http://btcpay", (6, "server.url", "url_http")),
    ("9CiNzKoANXxm", "my store", (7, "server.store_id", "store_id")),
    ("  key_file: btcpay.key\n", "", (6, "server.key_file", "no_key")),
    ("key_file: btcpay.key", "key_file: btcpay.key\n  key_environment: A", (8, "server.key_file", "two_keys")),
    ("key_file: btcpay.key", "key_environment: $KEY", (8, "server.key_environment", "variable")),
    ("store_id", "storeid", None),
])
def test_mistake_in_the_block_is_named_with_line_and_key(mistakes, old, new, told):
    found = mistakes(("server: demo\n", BLOCK.replace(old, new)))
    if told is None:
        assert (7, "server.storeid", "unknown_near") in found
    else:
        assert [(key, reason) for _, key, reason in found] == [told[1:]]


def test_password_in_the_address_is_never_shown(words, kiosk_file, mistakes):
    assert mistakes(("server: demo\n", BLOCK.replace("https://", "https://me:hunter2@"))) == [
        (6, "server.url", "url_password")]


def test_ca_file_is_found_from_the_files_own_folder(words, kiosk_file, tmp_path):
    (tmp_path / "ca.pem").write_bytes(CERTIFICATE)
    config = load(kiosk_file(("server: demo\n", f"{BLOCK}  ca_file: ca.pem\n")), words)
    assert config.server.ca_file == tmp_path / "ca.pem"


@pytest.mark.parametrize(("name", "reason"), [
    ("none.pem", "no_file"), (".", "no_file"), ("big.pem", "file_too_big"), ("text.pem", "no_certificate"),
])
def test_ca_file_must_hold_a_certificate(mistakes, tmp_path, name, reason):
    (tmp_path / "big.pem").write_bytes(bytes(1_000_001))
    (tmp_path / "text.pem").write_text("no certificate")
    assert mistakes(("server: demo\n", f"{BLOCK}  ca_file: {name}\n")) == [(9, "server.ca_file", reason)]


def test_ca_file_that_cannot_be_read_is_refused(mistakes):
    unreadable = Path("/proc/self/mem")  # regular and empty by its status, and no one can read its first byte
    if not unreadable.is_file():
        pytest.skip("needs /proc")
    assert mistakes(("server: demo\n", f"{BLOCK}  ca_file: {unreadable}\n")) == [(9, "server.ca_file", "no_file")]
