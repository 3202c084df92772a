"""Thin: Rasa's tracker to a case, the case through the dialogue, the turn to Rasa's events.

There is one action for each kind of message; what each does is in ``critical_friend.dialogue``.
"""

from __future__ import annotations

import logging
from abc import ABC, abstractmethod
from collections.abc import Iterator
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher

from critical_friend import storage
from critical_friend.case import Case
from critical_friend.dialogue import Dialogue, Said, Talk
from critical_friend.guidance.watching import Watched
from critical_friend.places import places
from critical_friend.understanding.message import from_parse

LOG = logging.getLogger(__name__)
#: The dialogue by the guidance as it is now: a changed rule set is in force from the next turn on.
DIALOGUE = Watched(Dialogue)
DIALOGUE.current().partner.library.get_ready()


def messages(tracker: Tracker) -> Iterator[Said]:
    """The messages to answer: the last, and any before it that could not be answered then."""
    for event in tracker.events:
        if event["event"] == "user" and event.get("text") is not None:
            yield from_parse(event.get("parse_data") or {}, event["text"], event.get("metadata"))


class Respond(Action, ABC):
    """Answers the messages that wait. What differs between actions is only the name."""

    @abstractmethod
    def name(self) -> str:
        """The name in the domain; without one this is not registered as an action itself."""

    def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[dict[str, Any]]:
        """Take in, reply, and give back the case and the talk as slots.

        After a fault there is no reply and nothing changes, so the message stays unanswered until the
        next turn. The SDK and Rasa would put the whole talk into their logs if the fault reached them.
        """
        try:
            return self._run(dispatcher, tracker)
        except Exception as fault:  # whatever it is: nothing of it may reach the SDK
            LOG.error("A message could not be answered. %s", places(fault))
            return []

    def _run(self, dispatcher: CollectingDispatcher, tracker: Tracker) -> list[dict[str, Any]]:
        dialogue = DIALOGUE.current()
        case = Case.from_data(tracker.get_slot("case"))
        turn = dialogue.respond(messages(tracker), case, Talk.from_data(tracker.get_slot("talk")))
        reading = dialogue.reading(turn.case, turn.talk)
        if turn.shared:
            storage.Storage().share(tracker.sender_id, turn.shared)
        last = turn.replies[-1]
        for reply in turn.replies:
            dispatcher.utter_message(
                text=reply.text,
                buttons=_buttons(reply.buttons),
                json_message=reading if reply is last else None,
                **({"speaker": reply.speaker} if reply.speaker else {}),
            )
        changed = [] if turn.case == case else [SlotSet("case", turn.case.to_data())]
        return [*changed, SlotSet("talk", turn.talk.to_data())]


def _buttons(buttons: Any) -> list[dict[str, str]]:
    return [{"title": button.title, "payload": button.payload} for button in buttons]


def _named(name: str, what: str) -> type[Respond]:
    """The action that the domain calls ``name``. The SDK registers every subclass of ``Action``."""
    return type(name, (Respond,), {"name": lambda self: name, "__doc__": what, "__module__": __name__})


#: The actions by their names in the domain, with what each is for.
ACTIONS = [
    _named(name, what)
    for name, what in (
        ("action_take_in", "Tellings, answers and corrections."),
        ("action_advise", "Next steps and summaries."),
        ("action_explain", "Why, what it means, says who, what if."),
        ("action_restart", "Starting again. In the place of Rasa's own action, which asks nothing first."),
        ("action_forget", "Deleting everything."),
        ("action_converse", "Greetings, thanks, help, and what lies outside."),
    )
]
