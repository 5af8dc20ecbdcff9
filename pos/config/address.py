"""Which addresses of a server, and of a proxy in front of it, are allowed.

Rule: plain http is for networks that nobody else can listen on; what goes through Tor's network is encrypted there.
"""

import re
from ipaddress import ip_address, ip_network
from typing import Final
from urllib.parse import urlsplit

# Printable ASCII without the backslash; without re.ASCII a capital may be a letter that only looks like one.
_URL_TEXT: Final = re.compile(r"https?://[!-\[\]-~]+", re.IGNORECASE | re.ASCII)
_HOST: Final = re.compile(r"(?=.{1,253}$)[0-9a-z-]{1,63}(\.[0-9a-z-]{1,63})*")  # as long as DNS lets a name be
_PROXY: Final = re.compile(r"(?P<host>[0-9A-Za-z.-]+|\[[0-9A-Fa-f:.]+\]):(?P<port>[1-9][0-9]{0,4})")
_MOST_PORT: Final = 65_535
# What people copy from the browser's address bar together with the address.
_PAGE: Final = re.compile(r"/(api|stores|account|login|invoices)(/|$)")
_NEAR_NETWORKS: Final = tuple(map(ip_network, (
    "127.0.0.0/8", "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "169.254.0.0/16",
    "::1/128", "fc00::/7", "fe80::/10",
)))
_ONION: Final = ".onion"


def url_mistake(url: str) -> str | None:
    """Return a word for what is wrong with a server's address, or None if it can be used."""
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
        is_host = ip_address(host).version == 6 if "[" in parts.netloc else _HOST.fullmatch(host) is not None
        has_place = is_host and parts.port != 0 and not parts.netloc.endswith(":")
    except ValueError:  # a bracket left open, no address inside it, or a port that is no number
        return "url"
    if "@" in parts.netloc:
        return "url_password"
    if not has_place or _URL_TEXT.fullmatch(url) is None:
        return "url"
    if "?" in url or "#" in url:
        return "url_query"
    if _PAGE.search(parts.path):
        return "url_page"
    if parts.scheme == "http" and not (is_onion(url) or _is_near(host)):
        return "url_http"
    return None


def is_onion(url: str) -> bool:
    """Tell whether a server can only be reached through Tor."""
    return (urlsplit(url).hostname or "").endswith(_ONION)


def proxy_mistake(proxy: str, url: str) -> str | None:
    """Return a word for why the server at `url` cannot be reached through "host:port", or None.

    The proxy reads what plain http says to an onion service, so it must be near; it finds other hosts by their names
    itself, so plain http would leave its network for anywhere.
    """
    written = _PROXY.fullmatch(proxy)
    if written is None or int(written["port"]) > _MOST_PORT or not _is_near(written["host"].strip("[]").lower()):
        return "socks_proxy"
    if urlsplit(url).scheme == "http" and not is_onion(url):
        return "proxy_http"
    return None


def _is_near(host: str) -> bool:
    if host == "localhost" or host.endswith(".local"):
        return True
    try:
        address = ip_address(host)
    except ValueError:
        return False
    return any(address in network for network in _NEAR_NETWORKS)
