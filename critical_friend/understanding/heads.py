"""Kernel ridge over sentence vectors, character and word n-grams, with exact leave-one-out scores.

With leave-one-out scores every training text also serves as a held-out text, so that the second
stage, the calibration and the thresholds need no texts set aside.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import joblib
import numpy as np
from numpy.typing import NDArray
from scipy import linalg, sparse
from sklearn.feature_extraction.text import TfidfVectorizer

Array = NDArray[Any]
OFFSET = np.float32(0.5)
"""Stands for the constant term."""


def _unit(rows: Array) -> Array:
    return rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-6)


@dataclass(frozen=True)
class Shape:
    """Settings of the kernel machine, chosen on held-out fifths of the training texts."""

    dense: float = 0.5
    chars: float = 0.2
    words: float = 0.3
    width: float = 0.8
    ridge: float = 0.2
    size: int = 256


class KernelMachine:
    """Ridge regression to +1/-1 for every label, over a Gaussian kernel of three kinds of features."""

    def __init__(self, shape: Shape = Shape()) -> None:
        self.shape = shape
        self._means: Array = np.zeros((0, 0), np.float32)
        self._basis: Array = np.zeros((0, 0), np.float32)
        self._points: Array = np.zeros((0, 0), np.float32)
        self._dual: Array = np.zeros((0, 0), np.float32)
        self._chars: Any = None
        self._words: Any = None
        self._postings: Any = None
        self._analyzers: list[Any] = []

    def fit(self, texts: Sequence[str], vectors: Array, labels: Array) -> Array:
        """Train on texts, their (layers, width) vectors and 0/1 labels; returns leave-one-out scores."""
        shape = self.shape
        self._means = vectors.mean(axis=0)
        joined = self._join(vectors)
        _, directions = np.linalg.eigh(joined.T @ joined)
        self._basis = np.ascontiguousarray(directions[:, ::-1][:, : shape.size], np.float32)
        self._points = self._dense(vectors)
        common = {"min_df": 3, "sublinear_tf": True, "dtype": np.float32}
        self._chars = TfidfVectorizer(analyzer="char_wb", ngram_range=(3, 5), max_df=0.04, **common)
        self._words = TfidfVectorizer(ngram_range=(1, 2), token_pattern=r"[\w']+", **(common | {"min_df": 2}))
        rows = sparse.hstack(
            [
                self._chars.fit_transform(texts) * np.float32(shape.chars**0.5),
                self._words.fit_transform(texts) * np.float32(shape.words**0.5),
            ],
            format="csr",
        ).astype(np.float32)
        self._postings = rows.T.tocsr()
        count = len(texts)
        kernel = np.empty((count, count), np.float32)
        for at in range(0, count, 512):
            part = self._points[at : at + 512] @ self._points.T
            part += (rows[at : at + 512] @ self._postings).toarray()
            kernel[at : at + 512] = self._bell(part)
        kernel += OFFSET
        kernel[np.diag_indices(count)] = 1 + OFFSET + np.float32(shape.ridge)
        factor, _ = linalg.cho_factor(kernel.T, lower=True, overwrite_a=True, check_finite=False)
        target = (2 * labels - 1).astype(np.float32)
        self._dual = linalg.cho_solve((factor, True), target, check_finite=False).astype(np.float32)
        inverse, _ = linalg.lapack.spotri(factor, lower=1, overwrite_c=1)
        return target - self._dual / np.diag(inverse)[:, None]

    def scores(self, texts: Sequence[str], vectors: Array, owners: Array | None = None) -> Array:
        """Scores of vectors for every label; ``owners`` names the text that each vector is a part of."""
        likeness = np.stack([self._likeness(text) for text in texts])
        kernel = self._dense(vectors) @ self._points.T
        kernel += likeness if owners is None else likeness[owners]
        return self._bell(kernel) @ self._dual + OFFSET * self._dual.sum(axis=0)

    def _likeness(self, text: str) -> Array:
        """Inner products of a text's n-grams with those of every training text.

        The same as the vectorizers' transform and a sparse product, in a third of the time.
        """
        postings = self._postings
        features: list[Array] = []
        values: list[Array] = []
        at = 0
        if not self._analyzers:
            self._analyzers = [kind.build_analyzer() for kind in (self._chars, self._words)]
        shares = (self.shape.chars, self.shape.words)
        for vectorizer, analyze, share in zip((self._chars, self._words), self._analyzers, shares):
            vocabulary, idf = vectorizer.vocabulary_, vectorizer.idf_
            counts = Counter(analyze(text))
            found = [(vocabulary[gram], n) for gram, n in counts.items() if gram in vocabulary]
            if found:
                places, times = np.array(found).T
                weights = (1 + np.log(times)) * idf[places]
                features.append(places + at)
                values.append(weights * (share**0.5 / np.linalg.norm(weights)))
            at += len(vocabulary)
        if not features:
            return np.zeros(len(self._points), np.float32)
        weight = np.concatenate(values).astype(np.float32)
        begin = postings.indptr[np.concatenate(features)]
        end = postings.indptr[np.concatenate(features) + 1]
        where = np.concatenate([postings.indices[a:b] for a, b in zip(begin, end)])
        what = np.concatenate([postings.data[a:b] * w for a, b, w in zip(begin, end, weight)])
        return np.bincount(where, what, minlength=len(self._points)).astype(np.float32)

    def _join(self, vectors: Array) -> Array:
        layers = vectors.shape[1]
        parts = [_unit(vectors[:, n] - self._means[n]) for n in range(layers)]
        return np.concatenate(parts, axis=1).astype(np.float32) * np.float32(
            (self.shape.dense / layers) ** 0.5
        )

    def _dense(self, vectors: Array) -> Array:
        return self._join(vectors) @ self._basis

    def _bell(self, likeness: Array) -> Array:
        """The Gaussian kernel from the inner products of features whose length is about one."""
        likeness -= 1
        likeness *= np.float32(2 * self.shape.width)
        return np.exp(likeness, out=likeness)

    def save(self, path: Path) -> None:
        """Write the trained machine to a file."""
        joblib.dump(self.__dict__ | {"_analyzers": []}, path)

    @classmethod
    def load(cls, path: Path) -> KernelMachine:
        """Read a trained machine from a file."""
        machine = cls()
        machine.__dict__.update(joblib.load(path))
        return machine


def threshold_for(confidence: Array, truth: Array, precision: float, least: int = 20) -> float | None:
    """The lowest confidence above which at least ``precision`` of the candidates are right."""
    order = np.argsort(-confidence)
    share = np.cumsum(truth[order]) / np.arange(1, len(order) + 1)
    good = np.where((share >= precision) & (np.arange(len(order)) >= least))[0]
    return float(confidence[order[good[-1]]]) if len(good) else None
