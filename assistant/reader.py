"""The trained model without servers: what ``assess`` and ``eval`` read messages with."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

from rasa.core.agent import Agent
from rasa.core.channels.channel import UserMessage
from rasa.shared.core.events import SlotSet
from rasa.shared.core.trackers import DialogueStateTracker

from assistant.channel import harmless


class Understander:
    """Reads messages with Rasa's own pipeline. Loads the model once."""

    def __init__(self, model: Path) -> None:
        self._agent = Agent.load(str(model))
        self._loop = asyncio.new_event_loop()

    def parse(self, text: str, talk: dict[str, Any] | None = None) -> dict[str, Any]:
        """Rasa's parse data for ``text``, heard where the conversation stands at ``talk``."""
        assert self._agent.processor and self._agent.domain
        tracker = DialogueStateTracker("assess", self._agent.domain.slots)
        tracker.update(SlotSet("talk", talk or {}))
        parsed: dict[str, Any] = self._loop.run_until_complete(
            self._agent.processor.parse_message(UserMessage(harmless(text)), tracker)
        )
        return parsed
