"""What of a fault may stand in a log: its kind and its places in the code.

Not its own words, because they may quote what somebody typed.
"""

from __future__ import annotations

import traceback


def places(fault: BaseException) -> str:
    """A fault as kind and places, without its message, and those that led to it."""
    before = fault.__cause__ or fault.__context__
    led = f"{places(before)}\nwhich led to\n" if before else ""
    return f"{led}{type(fault).__name__} at\n{''.join(traceback.format_tb(fault.__traceback__))}".rstrip()
