"""What went wrong with Slack or with the assistant, and whether to try again."""

from __future__ import annotations

import http.client
from typing import Any

from slack_sdk.errors import SlackApiError, SlackClientError

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
#: What Slack answers when the token is no longer good, or never was.
TOKEN_REFUSED = {
    "account_inactive",
    "invalid_auth",
    "not_allowed_token_type",
    "not_authed",
    "token_expired",
    "token_revoked",
}
#: What slack_sdk raises when a call has failed. URLError and timeouts are OSErrors.
FAULTS = (SlackClientError, OSError, http.client.HTTPException)
LONGEST_WAIT = 60.0
#: What can be away. Whoever runs this mends a ``TOKEN`` and a ``SCOPE``; the rest may pass by itself.
SLACK, SOCKET, TOKEN, SCOPE, ASSISTANT = "slack", "socket", "token", "scope", "assistant"


class Later(Exception):
    """Not now. ``after`` is in how many seconds to try again, when the other side has said so."""

    def __init__(self, what: str, after: float | None = None) -> None:
        super().__init__(what)
        self.after = after


class Away(Later):
    """``what`` (``SLACK``, ``TOKEN``, ``SCOPE``, ``ASSISTANT``) is not there for anybody just now."""

    def __init__(self, what: str, why: str) -> None:
        super().__init__(why)
        self.what = what


class Refused(Exception):
    """The other side has said no, and will again. ``error`` is what it called that."""

    def __init__(self, error: str) -> None:
        super().__init__(error)
        self.error = error


def wait(attempts: int) -> float:
    """How long to wait after so many attempts: longer each time, up to a minute."""
    return min(0.5 * 2**attempts, LONGEST_WAIT)


def of_slack(error: Exception) -> Later | Refused:
    """One of ``FAULTS`` as ``Later`` or ``Refused``.

    A token that is refused can be mended, so what people wrote waits for that.
    """
    if isinstance(error, SlackApiError):
        response: Any = error.response
        status, name = getattr(response, "status_code", 200), _name(response)
        if status == 429 or name in ("ratelimited", "rate_limited"):
            return Later("Slack asks to wait", _retry_after(response))
        if status >= 500 or name in PASSING:
            return Away(SLACK, f"it answers {name or status}")
        if name.startswith("Received a response in a non-JSON format"):  # slack_sdk's own words
            return Away(SLACK, "something else answers in its place, such as a proxy")
        if name in TOKEN_REFUSED:
            return Away(TOKEN, name)
        if name == "missing_scope":
            return Away(SCOPE, str(response.get("needed") or name))
        return Refused(name or str(status))
    return Away(SLACK, f"it does not answer ({type(error).__name__})")


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
