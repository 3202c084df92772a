"""Scores from the words and letters of a text: the sight beside the network's, which goes by meaning."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any

import numpy as np
from scipy import sparse
from sklearn.feature_extraction.text import TfidfVectorizer

from critical_friend.understanding.network import Array

LETTERS_SHARE, WORDS_SHARE = 0.6, 0.7
RIDGE = 0.5
ROUNDS, NEAR_ENOUGH = 40, 1e-3
THREADS = 2
"""The columns are learnt in so many parts at once; SciPy multiplies without holding the interpreter."""


class Wording:
    """Linear scores over runs of 3 to 5 letters, and words and pairs of words."""

    def __init__(self) -> None:
        self._letters = TfidfVectorizer(
            analyzer="char_wb", ngram_range=(3, 5), min_df=3, max_df=0.04, sublinear_tf=True, dtype=np.float32
        )
        self._words = TfidfVectorizer(
            ngram_range=(1, 2), token_pattern=r"[\w']+", min_df=2, sublinear_tf=True, dtype=np.float32
        )
        # Weights of all targets side by side, for letters and for words; ``fit`` sets them.
        self._for_letters = self._for_words = np.zeros((0, 0), np.float32)
        self._bias, self._cuts = np.zeros(0, np.float32), np.zeros(0, np.int64)

    def fit(self, texts: Sequence[str], targets: Sequence[tuple[Array, Array]]) -> Wording:
        """Learn from ``texts``. Each target is (rows, labels): the places of the texts that are labelled
        for it, and their 0/1 labels, one column for each thing to score."""
        letters, words = self._letters.fit_transform(texts), self._words.fit_transform(texts)
        features = sparse.hstack([letters * LETTERS_SHARE, words * WORDS_SHARE], "csr", np.float32)
        learnt: list[tuple[Array, Array]] = []
        with ThreadPoolExecutor(THREADS) as pool:
            for rows, labels in targets:
                parts = np.array_split(2 * labels.astype(np.float32) - 1, THREADS, axis=1)
                learnt += pool.map(partial(ridge, features[rows]), parts)
        weights = np.hstack([weights for weights, _ in learnt])
        self._bias = np.hstack([bias for _, bias in learnt])
        self._cuts = np.cumsum([labels.shape[1] for _, labels in targets])[:-1]
        self._for_letters = np.ascontiguousarray(weights[: letters.shape[1]] * np.float32(LETTERS_SHARE))
        self._for_words = np.ascontiguousarray(weights[letters.shape[1] :] * np.float32(WORDS_SHARE))
        return self

    def scores(self, texts: Sequence[str]) -> list[Array]:
        """For each target the scores (texts, things), about -1 for no and 1 for yes."""
        found = self._letters.transform(texts) @ self._for_letters
        found += self._words.transform(texts) @ self._for_words
        return np.split(found + self._bias, self._cuts, axis=1)


def ridge(features: Any, goals: Array, penalty: float = RIDGE) -> tuple[Array, Array]:
    """Ridge regression of all columns of ``goals`` at once, by conjugate gradients (Hestenes, Stiefel 1952).

    ``features`` is sparse (texts, features), ``goals`` (texts, things); returns weights (features, things)
    and biases. scikit-learn solves the columns one after the other, which takes more than twice as long.
    """
    across = features.T.tocsr()
    mean = np.asarray(features.mean(axis=0), np.float32).ravel()
    level = goals.mean(axis=0)

    def applied(weights: Array) -> Array:
        # As if the features had been centred, without making them dense.
        centred = across @ (features @ weights) - len(goals) * np.outer(mean, mean @ weights)
        return centred + np.float32(penalty) * weights

    weights = np.zeros((features.shape[1], goals.shape[1]), np.float32)
    left = across @ (goals - level)
    way, size = left.copy(), (left * left).sum(axis=0)
    enough = NEAR_ENOUGH**2 * size
    for _ in range(ROUNDS):
        step = applied(way)
        far = size / np.maximum((way * step).sum(axis=0), 1e-30)
        weights += far * way
        left -= far * step
        before, size = size, (left * left).sum(axis=0)
        if (size <= enough).all():
            break
        way = left + size / np.maximum(before, 1e-30) * way
    return weights, level - mean @ weights
