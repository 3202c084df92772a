"""For schemathesis: the same Idempotency-Key with another message is refused by intent, so each gets its own."""

from __future__ import annotations

import itertools
import re

import schemathesis

NUMBERS = itertools.count()


@schemathesis.hook
def before_call(context, case, kwargs):
    """Make a key that is of the right form a new one."""
    key = (case.headers or {}).get("idempotency-key")
    if key and re.fullmatch("[!-~]{1,100}", key):
        case.headers["idempotency-key"] = f"{key}-{next(NUMBERS)}"
