"""Posting to Slack, each message once.

Before a message goes to Slack its key is written down, and after it the message's ``ts``. A key
without a ``ts`` means that the process ended, or the line broke, between the two. Then the key is
looked for in Slack itself: every message carries it in its metadata.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import suppress
from typing import Any, TypeVar

import sqlalchemy as sa
from slack_sdk import WebClient
from slack_sdk.webhook import WebhookClient

from critical_friend.slack.blocks import Post
from critical_friend.slack.database import Database, given, posts, unless_there
from critical_friend.slack.outages import Outages
from critical_friend.slack.trouble import FAULTS, SLACK, TOKEN, Away, Refused, of_slack

MARK = "critical_friend_reply"
#: Slack's clock and ours may differ by so much.
CLOCKS = 120.0
Answer = TypeVar("Answer")

_KNOWN = sa.select(posts).where(given(posts.c.key))
_BEGUN = unless_there(posts, "key", "channel", "thread", "begun")
_POSTED = posts.update().where(posts.c.key == sa.bindparam("this")).values(ts=sa.bindparam("now_at"))


class Poster:
    """Posts. Every call raises ``Later`` or ``Refused`` when Slack does not take it."""

    def __init__(self, database: Database, client: WebClient, outages: Outages) -> None:
        self._db = database
        self.client = client
        self._outages = outages

    def call(self, method: Callable[..., Answer], **arguments: Any) -> Answer:
        """Call ``method`` of the client, or of another of slack_sdk's."""
        try:
            answer = method(**arguments)
        except FAULTS as error:
            trouble = of_slack(error)
            if isinstance(trouble, Away):
                self._outages.gone(trouble.what, str(trouble))
            raise trouble from None
        self._outages.back(SLACK)
        self._outages.back(TOKEN)
        return answer

    def post(self, key: str, channel: str, thread: str | None, post: Post, broadcast: bool = False) -> str:
        """Post a message; its ``ts``. With a ``key`` that was posted before nothing is done."""
        known = self._begin(key, channel, thread)
        if known is not None:
            return known
        arguments: dict[str, Any] = {
            "channel": channel,
            "text": post.text,
            "blocks": post.blocks,
            "unfurl_links": False,
            "unfurl_media": False,
            "metadata": {"event_type": MARK, "event_payload": {"key": key}},
        }
        if thread:
            arguments |= {"thread_ts": thread, "reply_broadcast": broadcast}
        ts = str(self.call(self.client.chat_postMessage, **arguments)["ts"])
        self._posted(key, ts)
        return ts

    def upload(
        self, key: str, channel: str, thread: str | None, files: list[dict[str, Any]], comment: str
    ) -> None:
        """Upload ``files`` into a thread. With a ``key`` that was uploaded before nothing is done."""
        if self._begin(key, channel, thread, {str(file["filename"]) for file in files}) is not None:
            return
        self.call(
            self.client.files_upload_v2,
            file_uploads=files,
            channel=channel,
            thread_ts=thread,
            initial_comment=comment,
        )
        self._posted(key, "uploaded")

    def respond(self, url: str, text: str, blocks: list[dict[str, Any]] | None = None) -> None:
        """Tell one person, by the address that came with what they did. It may be too old by now."""
        self.call(
            WebhookClient(url).send,
            text=text,
            blocks=blocks,
            response_type="ephemeral",
            replace_original=False,
        )

    def delete(self, file: str) -> None:
        """Delete an uploaded file. That it is gone already is no fault."""
        with suppress(Refused):
            self.call(self.client.files_delete, file=file)

    def _begin(self, key: str, channel: str, thread: str | None, files: set[str] | None = None) -> str | None:
        """The ``ts`` if ``key`` was posted before; else it is written down."""
        if self._db.write(_BEGUN, key=key, channel=channel, thread=thread, begun=time.time()):
            return None
        rows = self._db.read(_KNOWN, key=key)
        if rows[0].ts:
            return str(rows[0].ts)
        ts = self._look(key, channel, thread, rows[0].begun - CLOCKS, files)
        if ts:
            self._posted(key, ts)
        return ts

    def _look(
        self, key: str, channel: str, thread: str | None, oldest: float, files: set[str] | None
    ) -> str | None:
        """Whether Slack has the message with ``key``, or the ``files``."""
        cursor = ""
        while True:
            window = {"channel": channel, "oldest": f"{oldest:.6f}", "limit": 200, "cursor": cursor or None}
            try:
                found = (
                    self.call(
                        self.client.conversations_replies, ts=thread, include_all_metadata=True, **window
                    )
                    if thread
                    else self.call(self.client.conversations_history, include_all_metadata=True, **window)
                )
            except Refused as refused:
                if refused.error == "thread_not_found":
                    return None
                raise
            for message in found["messages"]:
                mark = message.get("metadata", {}).get("event_payload", {}).get("key")
                names = {file.get("name") for file in message.get("files", ())}
                if mark == key or (files and files <= names):
                    return str(message["ts"])
            cursor = (found.get("response_metadata") or {}).get("next_cursor", "")
            if not cursor:
                return None

    def _posted(self, key: str, ts: str) -> None:
        self._db.write(_POSTED, this=key, now_at=ts)
