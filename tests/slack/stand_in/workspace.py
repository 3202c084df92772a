"""The workspace: people, channels, messages, windows and files, and a log of all that happened."""

from __future__ import annotations

import itertools
import threading
import time
import uuid
from typing import Any

from tests.slack.stand_in.facts import BOT, EVENTS_NEED, MANIFEST, SCOPES, TEAM, Refusal


class Workspace:
    """What there is. It is filled by tests and by the app."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.scopes = set(MANIFEST["oauth_config"]["scopes"]["bot"])
        unknown = self.scopes - SCOPES
        assert not unknown, f"Slack knows no such scopes: {unknown}"
        self.events = set(MANIFEST["settings"]["event_subscriptions"]["bot_events"])
        unknown = self.events - set(EVENTS_NEED)
        assert not unknown, f"Slack knows no such events: {unknown}"
        self.teams = {TEAM: "Oranga Joint Team"}
        self.users: dict[str, dict[str, Any]] = {}
        self.channels: dict[str, dict[str, Any]] = {}
        self.files: dict[str, dict[str, Any]] = {}
        self.views: list[dict[str, Any]] = []
        self.homes: dict[str, dict[str, Any]] = {}
        self.ephemerals: list[dict[str, Any]] = []
        self.log: list[dict[str, Any]] = []
        self._triggers: dict[str, tuple[str, float]] = {}
        self._responses: dict[str, dict[str, Any]] = {}
        self._clock = itertools.count(1)
        self._number = itertools.count(1)
        self._guard = threading.RLock()

    # -- people and places ------------------------------------------------------------------------

    def user(self, id_: str, name: str, team: str = TEAM) -> str:
        """Somebody."""
        self.users[id_] = {"name": name, "team": team}
        return id_

    def channel(self, id_: str, name: str, *members: str, kind: str = "channel", bot: bool = True) -> str:
        """A channel (``kind`` may be ``group`` for a private one)."""
        self.channels[id_] = {
            "name": name,
            "kind": kind,
            "members": {*members, *([BOT] if bot else [])},
            "messages": [],
        }
        return id_

    def direct(self, user: str) -> str:
        """The direct message between the bot and somebody."""
        id_ = f"D{user}"
        if id_ not in self.channels:
            self.channel(id_, f"direct with {user}", user, kind="im")
        return id_

    # -- what is kept -----------------------------------------------------------------------------

    def _ts(self) -> str:
        return f"{int(time.time())}.{next(self._clock):06d}"

    def _message(self, channel: str, user: str, text: str, thread: str | None, **more: Any) -> dict[str, Any]:
        with self._guard:
            message = {"type": "message", "user": user, "text": text, "ts": self._ts(), "channel": channel}
            message |= {key: value for key, value in more.items() if value is not None}
            if thread:
                message["thread_ts"] = thread
            self.channels[channel]["messages"].append(message)
            self._note(user, channel, "message", message)
            return message

    def _ephemeral(self, user: str, channel: str, given: dict[str, Any]) -> None:
        shown = {"text": given["text"], "blocks": given.get("blocks") or [], "user": user, "channel": channel}
        self.ephemerals.append(shown)
        self._note(user, channel, "ephemeral", shown)

    def _note(self, user: str, channel: str | None, kind: str, what: dict[str, Any]) -> None:
        self.log.append({"user": user, "channel": channel, "kind": kind, "what": what})

    def message(self, channel: str, ts: str) -> dict[str, Any]:
        """The message with this ``ts``."""
        return next(m for m in self.channels[channel]["messages"] if m["ts"] == ts)

    def of_bot(self, channel: str, thread: str | None = None) -> list[dict[str, Any]]:
        """The bot's messages in a channel, or in one of its threads."""
        with self._guard:
            every = list(self.channels[channel]["messages"])
        return [m for m in every if m["user"] == BOT and (thread is None or m.get("thread_ts") == thread)]

    def window(self, user: str) -> dict[str, Any] | None:
        """The window that somebody has open, once there is something to save in it."""
        own = [view for view in self.views if view["user"] == user]
        return own[-1] if own and "submit" in own[-1] else None

    def _trigger(self, user: str) -> str:
        trigger = f"{next(self._number)}.{uuid.uuid4().hex}"
        self._triggers[trigger] = (user, time.time())
        return trigger

    def _response_url(self, user: str, channel: str) -> str:
        id_ = uuid.uuid4().hex
        self._responses[id_] = {"user": user, "channel": channel, "used": 0}
        return f"{self.url}/response/{id_}"

    def _check(self, found: list[str]) -> None:
        if found:
            raise Refusal("invalid_blocks", response_metadata={"messages": found})

    def _images(self) -> set[str]:
        return {id_ for id_, file in self.files.items() if file.get("done") and file["name"].endswith(".png")}
