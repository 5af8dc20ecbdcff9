#!/usr/bin/env python3
"""Start the till: `python3 run_kiosk.py [--config FILE] [--window WxH]`."""

import sys

from pos.app import main

if __name__ == "__main__":
    sys.exit(main())
