"""Sentences as vectors: near in meaning is near in direction.

Two sights side by side: MiniLM as its package carries it, which knows the language at large, and the
network fitted to officials' language. Together they tell meanings apart much better than either alone.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from functools import lru_cache

import numpy as np

from critical_friend.understanding.network import FITTED, Array, fitted_weights, packaged_weights, tokenizer

SIGHTS = ("", "fitted.")


class SentenceEncoder:
    """Turns texts into pairs of vectors of length 1. Takes some seconds to make; safe for several threads."""

    def __init__(self, threads: int = 1) -> None:
        import onnxruntime

        from critical_friend.understanding.graph import Graph

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads, options.inter_op_num_threads = threads, 1
        options.log_severity_level = 3
        plain, fitted = SIGHTS
        with np.load(FITTED) as stored:
            weights = {f"{fitted}{name}": value for name, value in fitted_weights(stored).items()}
        network = Graph(weights | {f"{plain}{name}": value for name, value in packaged_weights().items()})
        self._session = onnxruntime.InferenceSession(
            network.sentences(SIGHTS), options, providers=["CPUExecutionProvider"]
        )
        self._tokenizer = tokenizer()

    def encode(self, texts: Sequence[str]) -> Array:
        """(texts, sights, size): for each text a vector by each sight."""
        ids = [np.array([encoded.ids], np.int64) for encoded in self._tokenizer.encode_batch(list(texts))]
        found = [self._session.run(None, {"ids": row, "mask": np.ones(row.shape, np.float32)}) for row in ids]
        return unit(np.array(found)[:, :, 0])


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
