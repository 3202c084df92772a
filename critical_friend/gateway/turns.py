"""Turns of conversations: in order, once each, and with nothing lost when Rasa is away."""

from __future__ import annotations

import json
import logging
import secrets
import threading
import time
import weakref
from datetime import datetime, timezone
from typing import Any

from critical_friend.case import Case
from critical_friend.dialogue import Dialogue, Talk
from critical_friend.gateway.bodies import Message
from critical_friend.gateway.problems import Problem
from critical_friend.gateway.rasa_client import AssistantAway, NoReply, RasaClient
from critical_friend.guidance.watching import Watched
from critical_friend.personal import Masker
from critical_friend.storage import KEPT_ANSWERS, Claim, Storage, digest

LOG = logging.getLogger("uvicorn.error")
NOT_THERE = "There is no such conversation, or this token does not open it."
Replies = list[dict[str, Any]]


class Gateway:
    """What the routes share: the storage, the way to Rasa, and one lock for each conversation.

    The lock keeps the order of turns within a conversation. Rasa has one too, but there the second
    message polls once a second.
    """

    def __init__(self, storage: Storage, assistant: RasaClient) -> None:
        self.storage = storage
        self.assistant = assistant
        self.dialogue = Watched(Dialogue)
        self.masker = Masker()
        self._locks: weakref.WeakValueDictionary[str, Any] = weakref.WeakValueDictionary()
        self._guard = threading.Lock()

    def lock(self, conversation: str) -> Any:
        """The lock of one conversation; it lives as long as somebody holds it."""
        with self._guard:
            lock = self._locks.get(conversation)
            if lock is None:
                lock = self._locks[conversation] = _Lock()
            return lock

    def reading(self, conversation: str) -> dict[str, Any]:
        """The reading of a conversation as it stands; of an empty case if it cannot be read."""
        slots = self.storage.slots(conversation)
        try:
            case, talk = Case.from_data(slots.get("case")), Talk.from_data(slots.get("talk"))
        except (TypeError, ValueError, KeyError, AttributeError) as fault:
            LOG.error("the case of %s cannot be read: %s", conversation, type(fault).__name__)
            case, talk = Case(), Talk()
        return self.dialogue.current().reading(case, talk)

    def turn(self, conversation: str, message: Message, key: str | None = None) -> Replies:
        """One turn. With ``key`` it is taken once, however often it is sent.

        Raises ``Problem`` when the conversation has been deleted meanwhile, or the key came before with
        something else.
        """
        with self.lock(conversation):
            if not self.storage.exists(conversation):
                raise Problem(404, NOT_THERE)
            if key is None:
                return self._turn(conversation, message, secrets.token_urlsafe(16), again=False)
            claim = self._claim(conversation, message, key)
            if claim.replies is not None:
                return claim.replies
            replies = self._turn(conversation, message, claim.turn, again=not claim.fresh)
            self.storage.answered(conversation, key, claim, replies)
            return replies

    def _claim(self, conversation: str, message: Message, key: str) -> Claim:
        sent = digest(json.dumps([message.text, message.payload, message.by]))
        claim = self.storage.claim(conversation, key, sent)
        if claim.digest != sent:
            raise Problem(
                422,
                "This Idempotency-Key came before with another message. Use a new key for a new message.",
            )
        return claim

    def _turn(self, conversation: str, message: Message, turn: str, *, again: bool) -> Replies:
        """Answer, without personal details, which the user is told once.

        That comes before the other replies: the last one carries the reading, and often a question.
        """
        masked = self.masker.mask(message.text)
        said = {
            "conversation": conversation,
            "turn": turn,
            "text": masked.text,
            "button": message.payload,
            "by": message.by,
            "at": datetime.now(timezone.utc).isoformat(timespec="seconds"),
        }
        replies = self._answer(said, again=again)
        if masked.kinds and self.storage.tell_once(conversation, "masked"):
            replies.insert(0, {"text": self._words("masked"), "buttons": []})
        return replies

    def _answer(self, said: dict[str, Any], *, again: bool) -> Replies:
        """The replies. Trouble behind the gateway becomes a sentence; what was said is kept."""
        conversation = said["conversation"]
        try:
            for number, earlier in self.storage.waiting(conversation):
                self._hand_on({"turn": f"waited-{number}", **earlier})
                self.storage.handed_on(number)
            replies = self._recorded(said) if again else None
            if replies is None:
                replies = self.assistant.turn(said)
        except NoReply as trouble:
            return self._sorry(conversation, trouble)
        except AssistantAway as trouble:
            if said["turn"] not in {earlier.get("turn") for _, earlier in self.storage.waiting(conversation)}:
                self.storage.wait(conversation, said)
            return self._sorry(conversation, trouble)
        if any(reply.get("custom", {}).get("forgotten") for reply in replies):
            self.storage.wipe(conversation)
        return [{"buttons": [], **reply} for reply in replies]

    def _recorded(self, said: dict[str, Any]) -> Replies | None:
        """The replies to a turn that was taken before this gateway was started, if it was."""
        replies = self.storage.replies_to(said["conversation"], said["turn"])
        if replies is None:
            return None
        if not replies:
            raise NoReply("the action server gave no reply then")
        replies[-1]["custom"] = self.reading(said["conversation"])
        return replies

    def _hand_on(self, earlier: dict[str, Any]) -> None:
        """Hand on a message that waited; its own replies come too late to be shown."""
        if self.storage.replies_to(earlier["conversation"], earlier["turn"]) is not None:
            return  # Rasa had it after all, and was only slow to say so
        try:
            self.assistant.turn(earlier)
        except NoReply:
            LOG.warning("a message that waited is with Rasa, but was not answered")

    def _sorry(self, conversation: str, trouble: Exception) -> Replies:
        LOG.warning("turn of %s: %s", conversation, trouble)
        return [{"text": self._words("trouble"), "buttons": [], "custom": self.reading(conversation)}]

    def _words(self, reply: str) -> str:
        return self.dialogue.current().partner.words(reply)

    def sweep(self, keep_days: int) -> int:
        """Delete the conversations that were not used for so many days. Returns how many.

        Replies kept for idempotency keys go after a day.
        """
        now = time.time()
        self.storage.drop_answers(now - KEPT_ANSWERS)
        then = now - keep_days * 24 * 60 * 60
        unused = self.storage.unused_since(then)
        for conversation in unused:
            with self.lock(conversation):
                if self.storage.unused_since(then, conversation):
                    self.storage.delete(conversation)
        return len(unused)


class _Lock:
    """A lock that a weak dictionary can hold."""

    def __init__(self) -> None:
        self._lock = threading.Lock()

    def __enter__(self) -> None:
        self._lock.acquire()

    def __exit__(self, *_: object) -> None:
        self._lock.release()
