#!/usr/bin/env python3
"""Start the till: `python3 run_kiosk.py [--config FILE] [--window WxH]`, with the Python that script/demo set up."""

import os
import sys
from importlib.util import find_spec
from pathlib import Path

VENV = Path(__file__).resolve().parent / ".venv"
NEEDED = ("requests", "socks", "qrcode", "PIL", "yaml", "coincurve")


def not_ready():
    """Say in one sentence what this Python lacks, be it that of a .venv only half made; '' if it lacks nothing."""
    # Whatever is written in this file must be understood by a Python that is too old for the till.
    if sys.version_info < (3, 11):  # noqa: UP036 that is what is looked at
        version = ".".join(map(str, sys.version_info[:3]))
        return (
            "The till needs Python 3.11 or later; this is " + version + ".\n"
            "Python 3.11以降が必要です（これは " + version + " です）。\n"
        )
    if not all(map(find_spec, NEEDED)):
        return (
            "The till is not set up yet. Run script/demo once in this folder.\n"
            "まだ準備ができていません。このフォルダーで script/demo を一度実行してください。\n"
        )
    return ""


if __name__ == "__main__":
    if Path(sys.prefix) != VENV and (VENV / "bin" / "python").exists():
        # Another Python may lack a package, and would find that out only when a customer wants to pay.
        os.execv(VENV / "bin" / "python", [str(VENV / "bin" / "python"), *sys.argv])  # noqa: S606 our own interpreter
    reason = not_ready()
    if reason:
        sys.exit(reason)

    from pos.app import main

    sys.exit(main())
