"""A tracker store whose cost does not grow with the conversation.

Rasa's SQL store reads every event of a session back on each turn. This one keeps the slots, and any
messages that could not be answered, in one row (``storage.states``); a tracker begins with those as
a new session does. Events are still appended, as the record of what was said, but not read in a turn.
"""

from __future__ import annotations

import itertools
import json
from collections.abc import Iterable
from typing import Any

import sqlalchemy as sa
from rasa.core.brokers.broker import EventBroker
from rasa.core.tracker_store import SQLTrackerStore
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import (
    ActionExecuted,
    BotUttered,
    Event,
    SessionStarted,
    SlotSet,
    UserUttered,
)
from rasa.shared.core.trackers import DialogueStateTracker

from critical_friend import storage

#: The slot that every answered turn sets; see ``actions``.
ANSWERED = "talk"
#: At most so many messages wait for an answer.
MOST_UNANSWERED = 20


class StateTrackerStore(SQLTrackerStore):
    """Reads one row a turn, whatever the length of the talk."""

    def __init__(
        self,
        domain: Domain | None = None,
        host: str | None = None,
        event_broker: EventBroker | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(domain, host=host or storage.database_url(), event_broker=event_broker, **kwargs)
        # What a fault of the database says goes to the log: without people's words.
        self.engine.hide_parameters = True
        storage.metadata.create_all(self.engine)

    async def retrieve(self, sender_id: str) -> DialogueStateTracker | None:
        """The tracker as it stands: slots and unanswered messages, without what went before."""
        with self.session_scope() as session:
            row = session.execute(
                sa.select(storage.states.c.slots, storage.states.c.unanswered).where(
                    storage.states.c.sender_id == sender_id
                )
            ).first()
        if row is None or self.domain is None:
            return None
        events = list(_window(json.loads(row[0]), json.loads(row[1])))
        tracker = DialogueStateTracker.from_events(sender_id, events, self.domain.slots)
        tracker.events_kept = len(tracker.events)  # type: ignore[attr-defined]
        return tracker

    async def save(self, tracker: DialogueStateTracker) -> None:
        """Append the new events and rewrite the one row."""
        await self.stream_events(tracker)
        kept = getattr(tracker, "events_kept", 0)
        fresh = list(itertools.islice(tracker.events, kept, None))
        state = {
            "slots": json.dumps(
                {
                    name: slot.value
                    for name, slot in tracker.slots.items()
                    if slot.value is not None and not name.startswith("session_")
                }
            ),
            "unanswered": json.dumps(_unanswered(tracker.events)),
        }
        table = storage.states
        with self.session_scope() as session:
            for event in fresh:
                data = _to_keep(event)
                if data is not None:
                    session.add(
                        self.SQLEvent(
                            sender_id=tracker.sender_id,
                            type_name=event.type_name,
                            timestamp=event.timestamp,
                            intent_name=data.get("parse_data", {}).get("intent", {}).get("name"),
                            action_name=data.get("name"),
                            data=json.dumps(data),
                        )
                    )
            mine = table.c.sender_id == tracker.sender_id
            if not session.execute(table.update().where(mine).values(**state)).rowcount:
                session.execute(table.insert().values(sender_id=tracker.sender_id, **state))
            session.commit()
        tracker.events_kept = len(tracker.events)  # type: ignore[attr-defined]


def _window(slots: dict[str, Any], unanswered: Iterable[dict[str, Any]]) -> Iterable[Event]:
    yield ActionExecuted("action_session_start")
    yield SessionStarted()
    for name, value in slots.items():
        yield SlotSet(name, value)
    yield ActionExecuted("action_listen")
    for data in unanswered:
        event = Event.from_parameters(data)
        if event is not None:
            yield event
            yield ActionExecuted("action_listen")


def _unanswered(events: Iterable[Event]) -> list[dict[str, Any]]:
    """The user's messages after the last answered turn."""
    waiting: list[dict[str, Any]] = []
    for event in events:
        if isinstance(event, UserUttered):
            waiting.append(event.as_dict())
        elif isinstance(event, SlotSet) and event.key == ANSWERED:
            waiting = []
    return waiting[-MOST_UNANSWERED:]


def _to_keep(event: Event) -> dict[str, Any] | None:
    """The event as data for the record; what the row of the state holds already is left out."""
    if isinstance(event, SlotSet):
        return None
    data: dict[str, Any] = event.as_dict()
    if isinstance(event, BotUttered):
        buttons = (data.get("data") or {}).get("buttons")
        data["data"] = {"buttons": buttons} if buttons else {}
    return data
