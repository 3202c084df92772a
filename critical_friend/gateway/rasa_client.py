"""Talking to the private Rasa server."""

from __future__ import annotations

import os
from typing import Any

import requests

#: Seconds that a turn may take before the user is told that there is trouble.
LONGEST_TURN = 30


class AssistantAway(Exception):
    """Rasa could not be reached or did not finish: it does not have the message for certain."""


class NoReply(Exception):
    """Rasa has the message, but the action server did not answer it."""


class RasaClient:
    """Posts turns to Rasa. ``url`` and ``key`` come from the environment unless given."""

    def __init__(self, url: str | None = None, key: str | None = None) -> None:
        self._url = url or os.environ.get("CRITICAL_FRIEND_RASA", "http://127.0.0.1:5006")
        self._actions = os.environ.get("CRITICAL_FRIEND_ACTIONS", "")
        self._session = requests.Session()
        self._session.headers["x-internal-key"] = key or os.environ.get("CRITICAL_FRIEND_INTERNAL_KEY", "")

    def turn(self, said: dict[str, Any]) -> list[dict[str, Any]]:
        """The replies to one message: ``conversation``, ``text`` and perhaps ``button``, ``by``, ``at``.

        Raises ``AssistantAway`` or ``NoReply`` when there are none.
        """
        try:
            answer = self._session.post(
                f"{self._url}/webhooks/critical_friend/messages", json=said, timeout=LONGEST_TURN
            )
            answer.raise_for_status()
        except requests.RequestException as error:
            raise AssistantAway(str(error)) from error
        replies: list[dict[str, Any]] = answer.json()
        if not replies:
            raise NoReply("the action server gave no reply")
        return replies

    def ready(self) -> bool:
        """Whether a turn can be answered: the model is loaded and the action server is there."""
        try:
            status = self._session.get(f"{self._url}/webhooks/critical_friend/", timeout=2)
            actions = self._session.get(self._actions.removesuffix("/webhook") + "/health", timeout=2)
        except requests.RequestException:
            return False
        return status.ok and actions.ok
