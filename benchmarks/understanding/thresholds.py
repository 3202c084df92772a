"""Thresholds set on texts held out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]


@dataclass(frozen=True)
class Cut:
    """A threshold with what it gives: what is at or above it is heard."""

    at: float
    f1: float
    precision: float
    recall: float


def best_f1(confidence: Array, right: Array, said: int) -> Cut:
    """The threshold with the best micro F1, where ``said`` things were to be heard."""
    order = np.argsort(-confidence)
    hits = np.cumsum(right[order])
    f1 = 2 * hits / (np.arange(1, len(hits) + 1) + said)
    top = int(f1.argmax())
    return Cut(
        float(confidence[order[top]]), float(f1[top]), float(hits[top] / (top + 1)), float(hits[top] / said)
    )


def at_precision(confidence: Array, right: Array, precision: float, least: int = 20) -> float | None:
    """The lowest confidence above which at least ``precision`` of the candidates are right."""
    order = np.argsort(-confidence)
    share = np.cumsum(right[order]) / np.arange(1, len(order) + 1)
    good = np.where((share >= precision) & (np.arange(len(order)) >= least))[0]
    return float(confidence[order[good[-1]]]) if len(good) else None
