"""Kernel ridge classifier with exact leave-one-out scores, and the calibration built on them.

With leave-one-out scores every training text also serves as a held-out text, so that thresholds and
calibration need no texts set aside. See docs/understanding.md for what it was compared with.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Optional

import numpy as np
from scipy import linalg

Array = np.ndarray


def _unit(rows: Array) -> Array:
    return rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-6)


@dataclass
class Reducer:
    """Centres, normalises and projects each layer's vector; the parts are weighted and joined."""

    means: Array  # (layers, width)
    weights: Array  # (layers,)
    basis: Array  # (layers * width, size)

    @classmethod
    def fit(cls, vectors: Array, weights: Array, size: int) -> "Reducer":
        """Learn the centre and the directions that vary most from (texts, layers, width)."""
        means = vectors.mean(axis=0)
        reducer = cls(means, np.asarray(weights, np.float32), np.eye(1, dtype=np.float32))
        joined = reducer._join(vectors)
        _, directions = np.linalg.eigh(joined.T @ joined)
        reducer.basis = np.ascontiguousarray(directions[:, ::-1][:, :size]).astype(np.float32)
        return reducer

    def _join(self, vectors: Array) -> Array:
        parts = [
            _unit(vectors[:, n] - self.means[n]) * np.sqrt(weight)
            for n, weight in enumerate(self.weights)
        ]
        return np.concatenate(parts, axis=1).astype(np.float32)

    def apply(self, vectors: Array) -> Array:
        """(texts, layers, width) to (texts, size)."""
        return self._join(vectors) @ self.basis


@dataclass
class KernelHead:
    """Ridge regression to +1/-1 for every label, over a Gaussian kernel."""

    points: Array
    dual: Array
    width: float

    @classmethod
    def fit(cls, points: Array, labels: Array, width: float = 1.0, ridge: float = 0.2) -> tuple["KernelHead", Array]:
        """Train; returns the head and its leave-one-out scores of the training texts."""
        points = np.ascontiguousarray(points, np.float32)
        kernel = gaussian(points, points, width) + np.float32(0.5)
        kernel[np.diag_indices(len(points))] += np.float32(ridge)
        factor, lower = linalg.cho_factor(kernel, lower=True, overwrite_a=True, check_finite=False)
        target = (2.0 * labels - 1.0).astype(np.float32)
        dual = linalg.cho_solve((factor, lower), target, check_finite=False)
        inverse, _ = linalg.lapack.spotri(factor, lower=1, overwrite_c=1)
        loo = target - dual / np.diag(inverse)[:, None]
        return cls(points, dual.astype(np.float32), width), loo.astype(np.float32)

    def scores(self, points: Array) -> Array:
        """Scores of (texts, size) points for every label."""
        kernel = gaussian(np.asarray(points, np.float32), self.points, self.width)
        return kernel @ self.dual + 0.5 * self.dual.sum(axis=0)


def gaussian(left: Array, right: Array, width: float) -> Array:
    """The Gaussian kernel between the rows of two matrices."""
    kernel = left @ right.T
    kernel *= 2
    kernel -= (left**2).sum(axis=1)[:, None]
    kernel -= (right**2).sum(axis=1)[None]
    kernel *= width
    return np.exp(kernel, out=kernel)


@dataclass
class Calibrator:
    """Logistic calibration of a score and what stands beside it."""

    weights: Array

    @classmethod
    def fit(cls, features: Array, truth: Array, rounds: int = 30) -> "Calibrator":
        """Newton's method on (candidates, features) against right or wrong."""
        rows = np.hstack([features, np.ones((len(features), 1))]).astype(float)
        weights = np.zeros(rows.shape[1])
        for _ in range(rounds):
            chance = 1 / (1 + np.exp(-np.clip(rows @ weights, -30, 30)))
            slope = rows.T @ (chance - truth) + 1e-3 * weights
            curve = (rows * (chance * (1 - chance))[:, None]).T @ rows + 1e-3 * np.eye(len(weights))
            weights = weights - np.linalg.solve(curve, slope)
        return cls(weights)

    def apply(self, features: Array) -> Array:
        """The chance of being right, for each row of features."""
        score = features @ self.weights[:-1] + self.weights[-1]
        return 1 / (1 + np.exp(-np.clip(score, -30, 30)))


def threshold_for(confidence: Array, truth: Array, precision: float, least: int = 20) -> Optional[float]:
    """The lowest confidence above which at least ``precision`` of the candidates are right."""
    order = np.argsort(-confidence)
    share = np.cumsum(truth[order]) / np.arange(1, len(order) + 1)
    good = np.where((share >= precision) & (np.arange(len(order)) >= least))[0]
    return float(confidence[order[good[-1]]]) if len(good) else None
