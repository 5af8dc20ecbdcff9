"""A right kiosk.yaml, a right server: block, and how a sentence is recognised."""

import re
from collections.abc import Mapping
from pathlib import Path

from pos.errors import Complaint
from pos.words import Words

ROOT = Path(__file__).resolve().parents[2]
RIGHT = """\
till: K1
shop: GAME BAR
language: en
currency: JPY
server: demo
menu:
  categories:
    - id: beer
      color: amber
      name: {ja: ビール, en: Beer}
  items:
    - id: heartland
      category: beer
      price: 800
      name: {ja: ハートランド, en: Heartland}
"""
BLOCK = """\
server:
  url: https://btcpay.example.com
  store_id: 9CiNzKoANXxm
  key_file: btcpay.key
"""


def reason_of(complaint: Complaint, words: Mapping[str, Words]) -> str:
    """Find the reason whose sentence this is, in either language."""
    for spoken in words.values():
        for key, sentence in spoken.sentences.items():
            pattern = re.sub(r"\\\{[a-z_]+\\\}", ".*", re.escape(sentence))
            if key.startswith("config.wrong.") and re.fullmatch(pattern, complaint.wrong):
                return key.removeprefix("config.wrong.")
    raise AssertionError(f"no such sentence: {complaint.wrong}")
