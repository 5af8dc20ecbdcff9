"""What a server says beside its answer: its clock, and the certificate it shows.

Rule: a clock is read or there is none, a last day is read or there is none; nothing a server says of itself is an error
of the till's.
"""

from pos.btcpay import client
from pos.btcpay.certificate import last_second
from tests.fuzz import edits
from tests.fuzz.campaign import Parser


def judge_date(case: bytes) -> bool:
    """Read a Date header."""
    # http.client gives headers as latin-1, without their line's end.
    header = case.decode("latin-1").replace("\r", "").replace("\n", "")
    at_s = client._date(header)
    assert at_s is None or type(at_s) is int
    return at_s is not None


def judge_certificate(case: bytes) -> bool:
    """Read the last day of a certificate."""
    at_s = last_second(case)
    assert at_s is None or type(at_s) is int
    return at_s is not None


DATE = Parser("date", edits.BYTES, lambda _room: judge_date)
CERTIFICATE = Parser("certificate", edits.BYTES, lambda _room: judge_certificate)
