"""How fast the till is, measured on the machine it runs on: `python -m bench [--json] [--quick]`.

Rule: a figure is a median of many and stands beside its aim; where a clock would tell more of the machine than of the
till, what is compared runs side by side in the same process. Nothing here is a test: no clock decides over CI.
"""
