"""Reads what a message is meant to do (greet, deny, ask why, tell, ...)."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from .heads import Array, KernelMachine, Shape
from .signals import Encoded, MessageEncoder


class IntentReader:
    """Classifies messages into intents over the same vectors as SignalHearer."""

    def __init__(self, encoder: MessageEncoder | None = None) -> None:
        self.encoder = encoder or MessageEncoder()
        self.intents: list[str] = []
        self._machine: KernelMachine | None = None
        self._sharpness = 4.0
        self.accuracy = 0.0

    def fit(
        self, texts: Sequence[str], intents: Sequence[str], cache: Path | str | None = None
    ) -> IntentReader:
        """Train; the sharpness of the confidences is set on leave-one-out scores."""
        self.intents = sorted(set(intents))
        place = {intent: n for n, intent in enumerate(self.intents)}
        truth = np.array([place[intent] for intent in intents])
        if self.encoder.encoder.model is None and cache is not None:
            self.encoder.prepare(Path(cache))
        labels = np.eye(len(self.intents), dtype=np.float32)[truth]
        self._machine = KernelMachine(Shape())
        loo = self._machine.fit(texts, self.encoder.vectors(texts, Path(cache) if cache else None), labels)
        self.accuracy = float((loo.argmax(axis=1) == truth).mean())
        losses = {}
        for sharpness in (1.0, 1.5, 2.0, 3.0, 4.0, 5.0, 6.0, 8.0):
            chance = _softmax(sharpness * loo)[np.arange(len(truth)), truth]
            losses[sharpness] = -np.log(np.maximum(chance, 1e-9)).mean()
        self._sharpness = min(losses, key=lambda sharpness: losses[sharpness])
        return self

    def read(self, message: str | Encoded) -> list[tuple[str, float]]:
        """The intents with their confidences, the likeliest first."""
        return self.read_many([message])[0]

    def read_many(self, messages: Sequence[str | Encoded]) -> list[list[tuple[str, float]]]:
        """The same for several messages."""
        if self._machine is None or not messages:
            return [[] for _ in messages]
        plain = [m for m in messages if isinstance(m, str)]
        made = iter(self.encoder.encoder.tokens(plain) if plain else [])
        vectors = [next(made).mean() if isinstance(m, str) else m.whole() for m in messages]
        texts = [m if isinstance(m, str) else m.text for m in messages]
        chances = _softmax(self._sharpness * self._machine.scores(texts, np.stack(vectors)))
        read = []
        for row in chances:
            order = np.argsort(-row)
            read.append([(self.intents[n], float(row[n])) for n in order])
        return read

    def save(self, folder: Path | str) -> None:
        """Write the trained model into a folder."""
        assert self._machine is not None
        folder = Path(folder)
        folder.mkdir(parents=True, exist_ok=True)
        self._machine.save(folder / "intents.joblib")
        about = {"intents": self.intents, "sharpness": self._sharpness, "accuracy": self.accuracy}
        (folder / "intents.json").write_text(json.dumps(about, indent=1), encoding="utf-8")

    @classmethod
    def load(cls, folder: Path | str, encoder: MessageEncoder | None = None) -> IntentReader:
        """Read a trained model from a folder."""
        folder = Path(folder)
        about = json.loads((folder / "intents.json").read_text(encoding="utf-8"))
        reader = cls(encoder or MessageEncoder.of(folder))
        reader.intents, reader._sharpness = about["intents"], about["sharpness"]
        reader.accuracy = about["accuracy"]
        reader._machine = KernelMachine.load(folder / "intents.joblib")
        return reader


def _softmax(scores: Array) -> Array:
    powers = np.exp(scores - scores.max(axis=1, keepdims=True))
    return powers / powers.sum(axis=1, keepdims=True)
