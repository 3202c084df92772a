"""Telling whoever runs it, in one line each, when something goes away and when it is back."""

from __future__ import annotations

import logging
import threading
import time

from critical_friend.slack.trouble import ASSISTANT, SCOPE, SLACK, SOCKET, TOKEN

LOG = logging.getLogger("critical_friend.slack")

_KEPT = "What people write is kept, and I keep trying."
_GONE = {
    SLACK: (
        f"Slack cannot be reached: %s. {_KEPT} If it stays so, see whether this machine reaches slack.com "
        "over HTTPS (a proxy goes into HTTPS_PROXY) and what status.slack.com says."
    ),
    SOCKET: (
        "The connection to Slack is broken: %s. Slack keeps what people write and sends it again, and I keep "
        "trying. If it stays so, see whether this machine reaches slack.com over HTTPS (a proxy goes into "
        "HTTPS_PROXY) and what status.slack.com says."
    ),
    TOKEN: (
        "Slack does not take SLACK_BOT_TOKEN any more: %s. What people write is kept for a day. Copy the "
        "'Bot User OAuth Token' anew from 'OAuth & Permissions' at api.slack.com/apps, and start me with it."
    ),
    SCOPE: (
        "The bot's token lacks a scope that it had: %s. What people write is kept for a day. Paste "
        "slack/manifest.yml anew under 'App Manifest' at api.slack.com/apps, and install the app again."
    ),
    ASSISTANT: (
        f"The assistant cannot be reached: %s. {_KEPT} If it stays so, see whether its servers run ('make "
        "run'), and whether CRITICAL_FRIEND_URL is their address."
    ),
}
_BACK = {
    SLACK: "Slack can be reached again, after %s.",
    SOCKET: "The connection to Slack is there again, after %s.",
    TOKEN: "Slack takes SLACK_BOT_TOKEN again, after %s.",
    ASSISTANT: "The assistant can be reached again, after %s.",
}


class Outages:
    """What is away just now. Safe from several threads."""

    def __init__(self) -> None:
        self._since: dict[str, float] = {}
        self._guard = threading.Lock()

    def gone(self, what: str, why: str) -> None:
        """``what`` cannot be reached; said once, with what to do."""
        with self._guard:
            known = what in self._since
            self._since.setdefault(what, time.monotonic())
        if not known:
            LOG.warning(_GONE[what], why)

    def back(self, what: str) -> None:
        """``what`` can be reached; said once, if it was away."""
        if what not in self._since:  # nearly always: without waiting for the others
            return
        with self._guard:
            since = self._since.pop(what, None)
        if since is not None:
            LOG.warning(_BACK[what], _long(time.monotonic() - since))


def _long(seconds: float) -> str:
    if seconds < 90:
        return f"{max(round(seconds), 1)} s"
    return f"{round(seconds / 60)} min" if seconds < 5400 else f"{seconds / 3600:.1f} h"
