"""What a message is meant to do: greet, deny, ask why, tell, …"""

from __future__ import annotations

import numpy as np

from critical_friend.understanding.network import Array


class IntentReader:
    """Weighs the network's scores of intents and those from the wording."""

    def __init__(self, intents: list[str]) -> None:
        self.intents = intents
        self._weights = (1.0, 4.0)
        self.accuracy = 0.0

    def fit(self, meaning: Array, wording: Array, truth: list[str]) -> IntentReader:
        """Choose the weights of both on held-out texts: the likeliest fit to what they are."""
        places = np.array([self.intents.index(intent) for intent in truth])
        rows = np.arange(len(places))

        def loss(weights: tuple[float, float]) -> float:
            chance = _chances(meaning, wording, weights)[rows, places]
            return float(-np.log(np.maximum(chance, 1e-9)).mean())

        grid = [(a, b) for a in (0.25, 0.5, 0.75, 1.0) for b in (0.0, 1.0, 2.0, 3.0, 4.0, 6.0)]
        self._weights = min(grid, key=loss)
        found = _chances(meaning, wording, self._weights).argmax(axis=1)
        self.accuracy = float((found == places).mean())
        return self

    def read(self, meaning: Array, wording: Array) -> list[tuple[str, float]]:
        """The intents of the first text with their chances, the likeliest first."""
        chances = _chances(meaning, wording, self._weights)[0]
        return [(self.intents[n], float(chances[n])) for n in np.argsort(-chances)]


def _chances(meaning: Array, wording: Array, weights: tuple[float, float]) -> Array:
    scores = weights[0] * meaning + weights[1] * wording
    powers = np.exp(scores - scores.max(axis=1, keepdims=True))
    return np.asarray(powers / powers.sum(axis=1, keepdims=True))
