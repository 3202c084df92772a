"""Limits on what clients may send."""

from __future__ import annotations

import ipaddress
import math
import threading
import time
from collections import OrderedDict

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from critical_friend.gateway import problems

LONGEST_MESSAGE = 4_000  # characters
LARGEST_BODY = 64 * 1024  # bytes
MESSAGES_A_MINUTE = 60  # of one conversation
CONVERSATIONS_A_MINUTE = 60  # from one address
_MOST_KEYS = 10_000


class Rate:
    """At most ``most`` calls a minute for each key (a token bucket)."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()
        self._lock = threading.Lock()

    def wait(self, key: str) -> int:
        """Take one call. Returns 0 when it is allowed, else in how many whole seconds one will be."""
        now = time.monotonic()
        with self._lock:
            left, at = self._buckets.pop(key, (float(self._most), now))
            left = min(self._most, left + (now - at) * self._most / 60)
            allowed = left >= 1
            self._buckets[key] = (left - allowed, now)
            while len(self._buckets) > _MOST_KEYS:
                self._buckets.popitem(last=False)
        return 0 if allowed else math.ceil((1 - left) * 60 / self._most)


def who(address: str) -> str:
    """What counts as one address: an IPv4 address, or the IPv6 network that one household gets."""
    try:
        parsed = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return address
    if isinstance(parsed, ipaddress.IPv6Address):
        if parsed.ipv4_mapped:
            return str(parsed.ipv4_mapped)
        return str(ipaddress.ip_network((parsed, 64), strict=False))
    return str(parsed)


class BodyLimit:
    """Refuses bodies over ``LARGEST_BODY``, also those that do not say their length."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Read the body up to the limit, then hand it on."""
        if scope["type"] != "http" or scope["method"] not in ("POST", "PUT", "PATCH"):
            await self.app(scope, receive, send)
            return
        parts: list[Message] = []
        size = 0
        while True:
            message = await receive()
            parts.append(message)
            size += len(message.get("body", b""))
            if size > LARGEST_BODY:
                refusal = problems.answer(
                    413, f"This is too large. Send at most {LARGEST_BODY // 1024} kB at a time."
                )
                await refusal(scope, receive, send)
                return
            if not message.get("more_body"):
                break

        async def replay() -> Message:
            return parts.pop(0) if parts else await receive()

        await self.app(scope, replay, send)
