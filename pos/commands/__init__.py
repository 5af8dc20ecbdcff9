"""What `run_kiosk.py` does besides being the till: one file for each first word (`check` is a package of its own).

Rule: each has `main(argv)`, which returns the exit code, and is imported only when its word was said.
"""
