"""kiosk.yaml, the one file a shop owner edits.

Rule: only this package knows how it is written; everyone else sees the frozen `Config`.

    kiosk_file.py  load and render: the file, its top level, all complaints at once
    settings.py    what a Config holds
    server.py      the server: block, the key's place and rights
    address.py     which addresses of a server and of a proxy are allowed
    menu.py        the menu: block, prices and pictures
    key.py         where the API key is and how it stays unseen
    section.py     reading one mapping, complaint by complaint
"""

from pos.config.address import url_mistake
from pos.config.key import KeyFromCredential, KeyFromEnvironment, KeyFromFile, KeyPlace, Secret, read_key
from pos.config.kiosk_file import language_of, load, render
from pos.config.settings import BTCPayServer, Config, DemoServer, Lightning, Times

__all__ = [
    "BTCPayServer",
    "Config",
    "DemoServer",
    "KeyFromCredential",
    "KeyFromEnvironment",
    "KeyFromFile",
    "KeyPlace",
    "Lightning",
    "Secret",
    "Times",
    "language_of",
    "load",
    "read_key",
    "render",
    "url_mistake",
]
