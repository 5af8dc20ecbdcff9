"""Connecting the till to its BTCPay Server: from an address and a key to a kiosk.yaml that works.

Rule: values only. No terminal, no Tk: pos/commands/pair.py asks these questions on a terminal, the first-start screens
by touch.

    block.py    the server: block within the text of kiosk.yaml
    pasted.py   what an owner types, pastes or scans: an address, a key
    probe.py    what the server says of itself and of the key
    writing.py  the new kiosk.yaml put into the old one's place, and the key into a file of its own
"""

from pos.pairing.pasted import Pasted, authorize_url, read_key_text, sentence, server_address
from pos.pairing.probe import Found, Store, ca_file, call, certificate, keep, probe
from pos.pairing.writing import Settings, Written, must_be_writable, write

__all__ = [
    "Found",
    "Pasted",
    "Settings",
    "Store",
    "Written",
    "authorize_url",
    "ca_file",
    "call",
    "certificate",
    "keep",
    "must_be_writable",
    "probe",
    "read_key_text",
    "sentence",
    "server_address",
    "write",
]
