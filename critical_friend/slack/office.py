"""What all who answer in Slack share, and the one thing they all do: a turn with the assistant."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from critical_friend.slack.assistant import Assistant, Gone
from critical_friend.slack.blocks import Post
from critical_friend.slack.inbox import Inbox, Job
from critical_friend.slack.persons import Persons
from critical_friend.slack.places import DIRECT, Place, Places
from critical_friend.slack.posting import Poster
from critical_friend.slack.rendering import Names
from critical_friend.slack.trouble import Refused

Replies = list[dict[str, Any]]


@dataclass(frozen=True)
class Office:
    """The inbox, the places, the way to Slack and the way to the assistant."""

    inbox: Inbox
    places: Places
    poster: Poster
    persons: Persons
    assistant: Assistant

    def names(self) -> Names:
        """What the guidance calls things."""
        return Names(self.assistant.guidance())

    def place(self, id_: int) -> Place:
        """The place with this id. Raises ``Refused`` when there is none any more."""
        found = self.places.by_id(id_)
        if found is None:
            raise Refused("no such case")
        return found

    def turn(
        self, job: Job, place: Place, person: str, text: str, payload: str | None = None, *, part: str = ""
    ) -> Replies:
        """One turn of ``person`` in the case. Done again after a fall it is still one turn."""
        by = self.persons.name(person, job.payload.get("team"))
        key = f"{job.key}/{part}"
        conversation = place.conversation or self._open(place)
        try:
            replies = self.assistant.say(conversation, text, by, key, payload)
        except Gone:
            replies = self.assistant.say(self._open(place), text, by, key, payload)
        self.places.takes_part(place, person)
        self.places.change(place, used=time.time(), last_job=job.id)
        if any((reply.get("custom") or {}).get("forgotten") for reply in replies):
            self._forget_picture(place)
        return replies

    def reading(self, place: Place) -> dict[str, Any] | None:
        """The reading of the case; ``None`` while nothing was said in it."""
        if place.conversation is None:
            return None
        try:
            reading: dict[str, Any] = self.assistant.read(place.conversation)["reading"]
        except Gone:
            return None
        return reading

    def post(
        self,
        job: Job,
        channel: str,
        thread: str | None,
        posts: Sequence[Post],
        *,
        part: str = "",
        broadcast: bool = False,
    ) -> str:
        """Post messages for the job, each once; the ``ts`` of the first."""
        sent = [
            self.poster.post(f"{job.key}/{part}{number}", channel, thread, post, broadcast)
            for number, post in enumerate(posts)
        ]
        return sent[0] if sent else ""

    def direct(self, person: str) -> Place:
        """The private talk with ``person``."""
        opened = self.poster.call(self.poster.client.conversations_open, users=person)
        return self.places.make(str(opened["channel"]["id"]), "", DIRECT, person)

    def _open(self, place: Place) -> str:
        conversation = self.assistant.open()
        self.places.change(place, conversation=conversation)
        return conversation

    def _forget_picture(self, place: Place) -> None:
        if place.picture:
            self.poster.delete(place.picture)
        self.places.change(place, picture=None, picture_of=None)
