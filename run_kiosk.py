#!/usr/bin/env python3
"""Start the till: `python3 run_kiosk.py [--config FILE] [--window WxH]`, with the Python that script/demo set up."""

import os
import sys
from pathlib import Path

VENV = Path(__file__).resolve().parent / ".venv"

if __name__ == "__main__":
    if Path(sys.prefix) != VENV and (VENV / "bin" / "python").exists():
        # Another Python may lack a package, and would find that out only when a customer wants to pay.
        os.execv(VENV / "bin" / "python", [str(VENV / "bin" / "python"), *sys.argv])  # noqa: S606 our own interpreter

    from pos.app import main

    sys.exit(main())
