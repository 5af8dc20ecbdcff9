"""The server: block of kiosk.yaml: which addresses are allowed and where the key may be."""

from pathlib import Path

import pytest

from pos.config import BTCPayServer, KeyFromCredential, KeyFromEnvironment, KeyFromFile, load
from pos.core.route import Route

from .samples import BLOCK

CERTIFICATE = b"-----BEGIN CERTIFICATE-----\nAA==\n-----END CERTIFICATE-----\n"


def test_real_server_is_read_with_its_key_beside_the_file(words, kiosk_file, tmp_path):
    assert load(kiosk_file(("server: demo\n", BLOCK)), words).server == BTCPayServer(
        Route("https://btcpay.example.com"), "9CiNzKoANXxm", KeyFromFile(tmp_path / "btcpay.key"), frozenset())


def test_key_may_be_in_an_environment_variable(words, kiosk_file):
    block = BLOCK.replace("key_file: btcpay.key", "key_environment: BTCPAY_API_KEY")
    assert load(kiosk_file(("server: demo\n", block)), words).server.key == KeyFromEnvironment("BTCPAY_API_KEY")


def test_key_may_be_a_credential_of_systemd(words, kiosk_file):
    block = BLOCK.replace("key_file: btcpay.key", "key_credential: btcpay.key")
    assert load(kiosk_file(("server: demo\n", block)), words).server.key == KeyFromCredential("btcpay.key")


@pytest.mark.parametrize("name", ["../btcpay.key", ".hidden", "a/b", "", "a b", "x" * 65, "名"])
def test_credential_is_a_name_and_no_path(mistakes, name):
    block = BLOCK.replace("key_file: btcpay.key", f'key_credential: "{name}"')
    ((_, key, reason),) = mistakes(("server: demo\n", block))
    assert (key, reason) == ("server.key_credential", "credential")


def test_path_of_the_url_is_kept_without_its_last_slash(words, kiosk_file):
    block = BLOCK.replace("example.com", "example.com/btcpay/")
    assert load(kiosk_file(("server: demo\n", block)), words).server.route.url == "https://btcpay.example.com/btcpay"


@pytest.mark.parametrize(("old", "new", "told"), [
    ("  url: https://btcpay.example.com\n", "", (5, "server.url", "missing")),
    ("https://btcpay", "http://btcpay", (6, "server.url", "url_http")),
    ("9CiNzKoANXxm", "my store", (7, "server.store_id", "store_id")),
    ("  key_file: btcpay.key\n", "", (6, "server.key_file", "no_key")),
    ("key_file: btcpay.key", "key_file: btcpay.key\n  key_environment: A", (8, "server.key_file", "two_keys")),
    ("key_file: btcpay.key", "key_credential: x\n  key_environment: A", (8, "server.key_file", "two_keys")),
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
    assert config.server.route.ca_file == str(tmp_path / "ca.pem")


def test_files_in_the_home_folder_are_found(words, kiosk_file, tmp_path, monkeypatch):
    monkeypatch.setenv("HOME", str(tmp_path))
    (tmp_path / "ca.pem").write_bytes(CERTIFICATE)
    block = BLOCK.replace("btcpay.key", "~/btcpay.key") + "  ca_file: ~/ca.pem\n"
    config = load(kiosk_file(("server: demo\n", f"{block}journal: ~/var/journal.db\n")), words)
    assert (config.server.key, config.server.route.ca_file, config.journal) == (
        KeyFromFile(tmp_path / "btcpay.key"), str(tmp_path / "ca.pem"), tmp_path / "var/journal.db")


def test_home_of_nobody_is_a_file_that_is_not_there(mistakes):
    assert mistakes(("server: demo\n", f"{BLOCK}  ca_file: ~nobody-of-that-name/ca.pem\n")) == [
        (9, "server.ca_file", "no_file")]


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


# What makes the line safer

DIGITS = "5f2c0a91e4b7d836a1f09c5e7b3d2846c8e1f5a70b9d34e26f81a3c7d0e59b42"
PAIRS = ":".join(DIGITS[start:start + 2] for start in range(0, 64, 2))
ONION = "abcdefghijklmnopqrstuvwxyz234567abcdefghijklmnopqrstuvwx.onion"


@pytest.mark.parametrize("written", [DIGITS, DIGITS.upper(), PAIRS, PAIRS.upper(), f'"{PAIRS}"'])
def test_fingerprint_is_read_however_a_tool_writes_it(words, kiosk_file, written):
    config = load(kiosk_file(("server: demo\n", f"{BLOCK}  certificate_sha256: {written}\n")), words)
    assert config.server.route.fingerprint == DIGITS


@pytest.mark.parametrize("written", [
    DIGITS[:-1], f"{DIGITS}0", PAIRS[:-3], PAIRS.replace(":", " "), f"sha256:{DIGITS}", "g" * 64, DIGITS[:40], "none",
    f"{DIGITS[:2]}:{DIGITS[2:]}",
])
def test_what_is_no_fingerprint_is_refused(mistakes, written):
    told = mistakes(("server: demo\n", f"{BLOCK}  certificate_sha256: '{written}'\n"))
    assert told in ([(9, "server.certificate_sha256", "fingerprint")], [(9, "server.certificate_sha256", "secret")])


def test_fingerprint_without_a_certificate_is_not_passed_over_in_silence(mistakes):
    block = BLOCK.replace("https://btcpay.example.com", "http://192.168.1.5")
    assert mistakes(("server: demo\n", f"{block}  certificate_sha256: {DIGITS}\n")) == [
        (9, "server.certificate_sha256", "fingerprint_http")]


def test_there_is_no_setting_that_turns_verification_off(mistakes):
    for name in ("verify", "insecure", "tls_verify", "verify_ssl", "allow_insecure"):
        ((_, key, reason),) = mistakes(("server: demo\n", f"{BLOCK}  {name}: false\n"))
        assert (key, reason.partition("_")[0]) == (f"server.{name}", "unknown")


@pytest.mark.parametrize(("url", "written"), [
    (f"http://{ONION}", "127.0.0.1:9050"), (f"http://{ONION}:23000", "localhost:9150"),
    (f"https://{ONION}", "'[::1]:9050'"),
    ("https://btcpay.example.com", "192.168.1.7:1080"), (f"http://{ONION}", "tor.local:9050"),
])
def test_proxy_finds_the_host_by_its_name(words, kiosk_file, url, written):
    block = BLOCK.replace("https://btcpay.example.com", url)
    config = load(kiosk_file(("server: demo\n", f"{block}  socks_proxy: {written}\n")), words)
    assert config.server.route.proxy == "socks5h://" + written.strip("'")


@pytest.mark.parametrize("written", [
    "127.0.0.1", "127.0.0.1:0", "127.0.0.1:65536", "127.0.0.1:09050", ":9050", "socks5h://127.0.0.1:9050",
    "me:pw@127.0.0.1:9050", "203.0.113.9:1080", "proxy.example.com:1080", "[::1:9050", "[2001:db8::1]:9050",
    "127.0.0.1:x", f"{ONION}:9050", "127.0.0.1:9050/x",
])
def test_proxy_is_an_address_and_a_port_near_by(mistakes, written):
    block = BLOCK.replace("https://btcpay.example.com", f"http://{ONION}")
    assert mistakes(("server: demo\n", f"{block}  socks_proxy: '{written}'\n")) == [
        (9, "server.socks_proxy", "socks_proxy")]


def test_onion_without_a_proxy_is_told_where_it_is_written(mistakes):
    ((_, key, reason),) = mistakes(("server: demo\n", BLOCK.replace("https://btcpay.example.com", f"http://{ONION}")))
    assert (key, reason) == ("server.socks_proxy", "onion_proxy")


def test_plain_http_does_not_leave_the_shop_through_a_proxy(mistakes):
    block = BLOCK.replace("https://btcpay.example.com", "http://umbrel.local")
    assert mistakes(("server: demo\n", f"{block}  socks_proxy: 127.0.0.1:9050\n")) == [
        (9, "server.socks_proxy", "proxy_http")]


def test_rights_that_are_allowed_are_listed_by_name(words, kiosk_file):
    rights = "[btcpay.store.canmodifystoresettings, unrestricted, btcpay.store.webhooks.canmodifywebhooks]"
    config = load(kiosk_file(("server: demo\n", f"{BLOCK}  allow_rights: {rights}\n")), words)
    assert config.server.allowed_rights == {
        "btcpay.store.canmodifystoresettings", "unrestricted", "btcpay.store.webhooks.canmodifywebhooks"}


@pytest.mark.parametrize(("written", "reason"), [
    ("[everything]", "right"), ("['*']", "right"), ("[btcpay.store.canviewinvoices:9CiN]", "right"),
    ("[Btcpay.Store.CanModify]", "right"), ("[btcpay.store]", "right"), ("unrestricted", "list"),
    ("[[unrestricted]]", "list"),
    ("{unrestricted: true}", "list"), ("[btcpay.store.x, {a: b}]", "list"), ('["\\u202e"]', "right"), ("[x]", "right"),
])
def test_right_that_btcpay_cannot_mean_is_refused(mistakes, written, reason):
    assert mistakes(("server: demo\n", f"{BLOCK}  allow_rights: {written}\n")) == [
        (9, "server.allow_rights", reason)]


@pytest.mark.parametrize("written", ["[]", "", "~"])
def test_no_right_is_allowed_where_none_is_named(words, kiosk_file, written):
    config = load(kiosk_file(("server: demo\n", f"{BLOCK}  allow_rights: {written}\n")), words)
    assert config.server.allowed_rights == frozenset()
