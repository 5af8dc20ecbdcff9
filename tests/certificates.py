"""Certificates for servers on 127.0.0.1, made anew for each run of the tests.

Rule: nothing outside the tests trusts them.
"""

import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

import pytest


@dataclass(frozen=True, slots=True)
class Certificates:
    """A CA of the test's own; `right` and `wrong` are for 127.0.0.1 and for another host, chain and private key.

    `alone` is for 127.0.0.1 too, and vouches for itself.
    """

    ca: Path
    right: tuple[Path, Path]
    wrong: tuple[Path, Path]
    alone: tuple[Path, Path]


@pytest.fixture(scope="session")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> Certificates:
    openssl = shutil.which("openssl")
    if openssl is None:
        pytest.skip("openssl is not installed")
    folder = tmp_path_factory.mktemp("tls")
    new = ["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2"]

    def make(name: str, *more: str) -> tuple[Path, Path]:
        made = folder / f"{name}.pem", folder / f"{name}.key"
        files = ["-out", str(made[0]), "-keyout", str(made[1]), "-subj", f"/CN={name}"]
        subprocess.run([openssl, *new, *files, *more], check=True, capture_output=True)
        return made

    ca = make("ca")
    signed = ("-CA", str(ca[0]), "-CAkey", str(ca[1]), "-addext", "basicConstraints=critical,CA:false", "-addext")
    return Certificates(
        ca[0],
        make("here", *signed, "subjectAltName=IP:127.0.0.1"),
        make("elsewhere", *signed, "subjectAltName=DNS:btcpay.example"),
        make("alone", "-addext", "subjectAltName=IP:127.0.0.1"),
    )
