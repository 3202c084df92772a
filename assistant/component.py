"""Rasa's side of understanding: a pipeline component around ``critical_friend.understanding``."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.shared.nlu.constants import INTENT, INTENT_RANKING_KEY, METADATA, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from critical_friend.dialogue import goes_on, intent_of_button
from critical_friend.understanding.examples import examples_of
from critical_friend.understanding.model import Understanding

#: What is typed in a rehearsal is to the pipeline as if this button had been pressed.
IN_PLAY = "play"


@DefaultV1Recipe.register([DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER], is_trainable=True)
class UnderstandingComponent(GraphComponent):
    """Hears the signals and the intent of a message.

    Adds ``signals`` to the parse data: see ``critical_friend.understanding.message``.
    """

    def __init__(
        self, model_storage: ModelStorage, resource: Resource, model: Understanding | None = None
    ) -> None:
        self._storage, self._resource, self._model = model_storage, resource, model

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> UnderstandingComponent:
        """An untrained component."""
        return cls(model_storage, resource)

    def train(self, training_data: TrainingData) -> Resource:
        """Learn from the examples: ``facts`` in their metadata are the signals they carry."""
        examples = training_data.intent_examples
        texts = [example.get(TEXT) for example in examples]
        facts = [_facts(example) for example in examples]
        with self._storage.write_to(self._resource) as folder:
            made = examples_of(texts, [e.get(INTENT) for e in examples], facts)
            Understanding.train(made, Path(folder)).save(Path(folder))
        return self._resource

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> UnderstandingComponent:
        """The trained component."""
        with model_storage.read_from(resource) as folder:
            return cls(model_storage, resource, Understanding.load(Path(folder)))

    def process(self, messages: list[Message], tracker: DialogueStateTracker | None = None) -> list[Message]:
        """Put intent and signals into each message.

        A button is not read as text, nor is what is typed in a rehearsal, which its script hears: unless
        messages wait before it, as one of those may end the rehearsal.
        """
        talk = (tracker.get_slot("talk") if tracker else None) or {}
        playing = goes_on(talk.get("rehearsal")) and not (tracker and tracker.latest_message.text)
        for message in messages:
            button = (message.get(METADATA) or {}).get("button") or (IN_PLAY if playing else None)
            if button:
                intent: dict[str, Any] = {"name": intent_of_button(button), "confidence": 1.0}
                ranking, signals = [intent], []
            else:
                assert self._model is not None
                understood = self._model.understand(message.get(TEXT), asked=talk.get("asked"))
                ranking = [{"name": n, "confidence": c} for n, c in understood.intents]
                intent, signals = ranking[0], [h.to_data() for h in understood.hearings]
            message.set(INTENT, intent, add_to_output=True)
            message.set(INTENT_RANKING_KEY, ranking[:3], add_to_output=True)
            message.set("signals", signals, add_to_output=True)
        return messages


def _facts(example: Message) -> dict[str, str] | None:
    """The signals an example is labelled with; ``None`` when it is not labelled for signals."""
    metadata = example.get(METADATA) or {}
    facts = (metadata.get("intent") or {}).get("facts")
    return None if facts is None else dict(facts)
