"""The assistant's HTTP interface, as the Slack part uses it."""

from __future__ import annotations

import hashlib
import threading
import time
from typing import Any

import requests

from critical_friend.slack.outages import Outages
from critical_friend.slack.trouble import ASSISTANT, Away, Later, Refused

TIMEOUT = 60
#: How long the guidance's words are taken for fresh, in seconds.
FRESH = 60.0


class Gone(Refused):
    """The conversation is not there any more."""


class Assistant:
    """The client, with the service credential. Safe from several threads."""

    def __init__(self, url: str, key: str, outages: Outages) -> None:
        self._url = f"{url}/api"
        self._key = key
        self._outages = outages
        self._own = threading.local()
        self._guidance: tuple[float, str, dict[str, Any]] = (0.0, "", {})

    def open(self) -> str:
        """Open a conversation and return its id."""
        opened: dict[str, Any] = self._call("POST", "/conversations").json()
        return str(opened["conversation"])

    def say(
        self, conversation: str, text: str, by: str, key: str, payload: str | None = None
    ) -> list[dict[str, Any]]:
        """One turn. The same ``key`` again gives the same replies and makes no second turn.

        Raises ``Later`` when it cannot answer now (``Away`` when it cannot be reached), ``Gone`` when
        the conversation is not there, and ``Refused`` when it will not take the message.
        """
        body = {"text": text, "by": by} | ({"payload": payload} if payload else {})
        replies: list[dict[str, Any]] = self._call(
            "POST",
            f"/conversations/{conversation}/messages",
            json=body,
            headers={"Idempotency-Key": hashlib.sha256(key.encode()).hexdigest()},
        ).json()
        return replies

    def read(self, conversation: str) -> dict[str, Any]:
        """The transcript and the reading."""
        found: dict[str, Any] = self._call("GET", f"/conversations/{conversation}").json()
        return found

    def brief(self, conversation: str, form: str) -> str:
        """The brief as ``md``, ``html`` or ``svg``, without the talk."""
        answer = self._call("GET", f"/conversations/{conversation}/brief.{form}", params={"talk": "false"})
        answer.encoding = "utf-8"
        return answer.text

    def guidance(self) -> dict[str, Any]:
        """The words of the guidance: names of phases, roles, signals and so on."""
        at, tag, known = self._guidance
        if known and time.monotonic() - at < FRESH:
            return known
        answer = self._call("GET", "/guidance", headers={"If-None-Match": tag} if tag else {})
        if answer.status_code != 304:
            tag, known = answer.headers.get("ETag", ""), answer.json()
        self._guidance = (time.monotonic(), tag, known)
        return known

    def _call(self, method: str, path: str, **more: Any) -> requests.Response:
        headers = {"Authorization": f"Bearer {self._key}", **more.pop("headers", {})}
        try:
            answer = self._session().request(
                method, self._url + path, headers=headers, timeout=TIMEOUT, **more
            )
        except requests.RequestException as error:
            raise self._away(f"it does not answer ({type(error).__name__})") from None
        if answer.status_code >= 500:
            raise self._away(f"it answers {answer.status_code}")
        self._outages.back(ASSISTANT)
        if answer.status_code == 429:
            raise Later("the assistant asks to wait", _seconds(answer.headers.get("Retry-After")))
        if answer.status_code == 404:
            raise Gone(_detail(answer))
        if answer.status_code >= 400:
            raise Refused(_detail(answer))
        return answer

    def _away(self, why: str) -> Away:
        self._outages.gone(ASSISTANT, why)
        return Away(ASSISTANT, why)

    def _session(self) -> requests.Session:
        if not hasattr(self._own, "session"):
            self._own.session = requests.Session()
        session: requests.Session = self._own.session
        return session


def _seconds(header: str | None) -> float | None:
    return float(header) if header and header.isdigit() else None


def _detail(answer: requests.Response) -> str:
    try:
        return str(answer.json()["detail"])
    except (ValueError, KeyError, TypeError):
        return f"the assistant answers {answer.status_code}"
