"""Sentences as vectors: near in meaning is near in direction.

Two sights side by side: MiniLM as its package carries it, which knows the language at large, and the
network fitted to officials' language. Together they tell meanings apart much better than either alone.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from functools import lru_cache

import numpy as np

from critical_friend.understanding.network import (
    FITTED,
    SIZE,
    Array,
    fitted_weights,
    packaged_weights,
    sentence_network,
    tokenizer,
)

BATCH = 16
"""So many texts of like length go through together."""


class SentenceEncoder:
    """Turns texts into pairs of vectors of length 1. Takes some seconds to make; safe for several threads."""

    def __init__(self, threads: int = 1) -> None:
        import onnxruntime

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads, options.inter_op_num_threads = threads, 1
        options.log_severity_level = 3
        with np.load(FITTED) as stored:
            sights = (packaged_weights(), fitted_weights(stored))
        self._sessions = [
            onnxruntime.InferenceSession(
                sentence_network(weights), options, providers=["CPUExecutionProvider"]
            )
            for weights in sights
        ]
        self._tokenizer = tokenizer()

    def encode(self, texts: Sequence[str]) -> Array:
        """(texts, sights, size): for each text a vector by each sight."""
        encoded = self._tokenizer.encode_batch(list(texts))
        order = sorted(range(len(texts)), key=lambda n: len(encoded[n].ids))
        found: Array = np.zeros((len(texts), len(self._sessions), SIZE), np.float32)
        for at in range(0, len(order), BATCH):
            part = order[at : at + BATCH]
            width = len(encoded[part[-1]].ids)
            ids, mask = np.zeros((len(part), width), np.int64), np.zeros((len(part), width), np.float32)
            for row, n in enumerate(part):
                size = len(encoded[n].ids)
                ids[row, :size], mask[row, :size] = encoded[n].ids, 1
            for place, session in enumerate(self._sessions):
                found[part, place] = session.run(None, {"ids": ids, "mask": mask})[0]
        return unit(found)


def unit(vectors: Array) -> Array:
    """The same directions, at length 1."""
    return np.asarray(vectors / np.maximum(np.linalg.norm(vectors, axis=-1, keepdims=True), 1e-9))


_LOCK = threading.Lock()


@lru_cache(maxsize=1)
def _made() -> SentenceEncoder:
    return SentenceEncoder()


def encoder() -> SentenceEncoder:
    """The one encoder of this process, made when it is first needed."""
    with _LOCK:
        return _made()
