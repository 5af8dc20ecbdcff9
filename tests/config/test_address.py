"""Which addresses of a server are allowed."""

import pytest

from pos.config import url_mistake


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
    ("https://a:0", "url"), ("https://a.example:", "url"), ("https://a.example/\u212a", "url"),
    ("https://\u212a.example", "url"), ("https://a:70000", "url"), ("https://a b.example.com", "url"),
    ("https://店.example.com", "url"),
    ("http://evil.example.com\\.local", "url"), ("https://a..b", "url"), (" https://a.example.com", "url"),
    ("https://me:pw@a.example.com", "url_password"), ("http://127.0.0.1\\@evil.example.com", "url_password"),
    ("https://a.example.com/?x=1", "url_query"), ("https://a.example.com?", "url_query"),
    ("https://a.example.com/#top", "url_query"), ("https://a.example.com/stores/9CiN/invoices", "url_page"),
    ("https://a.example.com/btcpay/api/v1", "url_page"), (f"https://{'a' * 64}.example.com", "url"),
    (f"https://{'.'.join(['a' * 60] * 5)}", "url"),
])
def test_address_is_refused_for_its_own_reason(url, reason):
    assert url_mistake(url) == reason


def test_longest_name_that_dns_allows_is_allowed():
    assert url_mistake(f"https://{'a' * 63}.{'b' * 63}.{'c' * 63}.example.com") is None
