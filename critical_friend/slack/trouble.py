"""What went wrong with Slack or with the assistant, and whether to try again."""

from __future__ import annotations

import http.client
from typing import Any

from slack_sdk.errors import SlackApiError

#: What Slack answers when the fault is its own and passes.
PASSING = {
    "ratelimited",
    "rate_limited",
    "internal_error",
    "fatal_error",
    "service_unavailable",
    "request_timeout",
    "team_added_to_org",
}
LONGEST_WAIT = 60.0


class Later(Exception):
    """Not now. ``after`` is in how many seconds to try again, when the other side has said so."""

    def __init__(self, what: str, after: float | None = None) -> None:
        super().__init__(what)
        self.after = after


class Away(Later):
    """The assistant cannot be reached, and somebody waits for an answer."""


class Refused(Exception):
    """The other side has said no, and will again. ``error`` is what it called that."""

    def __init__(self, error: str) -> None:
        super().__init__(error)
        self.error = error


def wait(attempts: int) -> float:
    """How long to wait after so many attempts: longer each time, up to a minute."""
    return min(0.5 * 2**attempts, LONGEST_WAIT)


def of_slack(error: Exception) -> Exception:
    """An error of slack_sdk as ``Later`` or ``Refused``; anything else as it is."""
    if isinstance(error, SlackApiError):
        response: Any = error.response
        status, name = getattr(response, "status_code", 200), _name(response)
        if status == 429 or name in ("ratelimited", "rate_limited"):
            return Later("Slack asks to wait", _retry_after(response))
        if status >= 500 or name in PASSING:
            return Later(f"Slack answers {name or status}")
        return Refused(name or str(status))
    if isinstance(error, (OSError, http.client.HTTPException)):  # URLError and timeouts are OSErrors
        return Later(f"Slack does not answer ({type(error).__name__})")
    return error


def _name(response: Any) -> str:
    try:
        return str(response.get("error") or "")
    except (AttributeError, ValueError, TypeError):
        return ""


def _retry_after(response: Any) -> float:
    for name, value in dict(getattr(response, "headers", {}) or {}).items():
        if name.lower() == "retry-after":
            first = value[0] if isinstance(value, list) else value
            return float(first) if str(first).isdigit() else 1.0
    return 1.0
