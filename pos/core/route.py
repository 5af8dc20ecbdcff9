"""The way to the server: its address, whom to trust at its end, and the proxy in between.

Rule: this is the only place that lists what belongs to it. From kiosk.yaml to the socket it is passed whole, so that a
new setting is a field here and a line in its reader.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Route:
    """How to get to the server; `url` has no slash at its end but keeps its path.

    `ca_file` is the path of the CA that alone is trusted, `fingerprint` the SHA-256 of the server's certificate in
    lower-case hex, `proxy` like "socks5h://127.0.0.1:9050".
    """

    url: str
    ca_file: str | None = None
    fingerprint: str | None = None
    proxy: str | None = None
