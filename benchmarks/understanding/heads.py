"""Heads that score (signal, value) pairs from features: linear, and nearest neighbours."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from benchmarks.understanding.thresholds import Array
from critical_friend.understanding.wording import ridge

Scores = Callable[[Any], Array]
RIDGE, NEIGHBOURS = 0.5, 10
CHUNK = 512


def linear(features: Any, truth: Array) -> Scores:
    """One linear score for each column of ``truth`` (ridge regression, one against the rest)."""
    from scipy import sparse
    from sklearn.linear_model import Ridge

    goals = 2 * truth.astype(np.float32) - 1
    if sparse.issparse(features):
        weights, level = ridge(features, goals, RIDGE)
    else:
        solved = Ridge(alpha=RIDGE).fit(features, goals)
        weights, level = np.ascontiguousarray(solved.coef_.T, np.float32), solved.intercept_
    return lambda rows: np.asarray(rows @ weights) + level


def neighbours(features: Array, truth: Array) -> Scores:
    """For each column how many of the nearest by cosine have it, the nearer counting for more."""
    known = _unit(features)

    def scores(rows: Array) -> Array:
        found = np.zeros((len(rows), truth.shape[1]), np.float32)
        for at in range(0, len(rows), CHUNK):
            near = _unit(rows[at : at + CHUNK]) @ known.T
            best = np.argpartition(-near, NEIGHBOURS - 1, axis=1)[:, :NEIGHBOURS]
            weight = np.maximum(np.take_along_axis(near, best, axis=1), 1e-6)
            found[at : at + CHUNK] = (truth[best] * weight[:, :, None]).sum(axis=1)
            found[at : at + CHUNK] /= weight.sum(axis=1, keepdims=True)
        return found

    return scores


def _unit(rows: Array) -> Array:
    return np.asarray(rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-9), np.float32)
