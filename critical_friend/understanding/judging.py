"""How sure one may be that a text says a thing: weighs both sights and how it is said.

Learns from texts that neither sight has seen, so its confidences mean what they say: of what it gives
0.8, about 8 in 10 are right on texts like those held out.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.model_selection import GroupKFold

from critical_friend.understanding.network import Array

CANDIDATES = 8
"""So many signals of a text are looked at: the likeliest."""
FOLDS = 5
NOTE_PRECISION = 0.88
"""What is noted without asking is right at least this often on held-out texts. Their labels leave out
some of what a careful reader could also find, so that the true share is higher."""
NOTE_MIXED_PRECISION = 0.9
"""'Mixed' has to be righter: it is rare, and where it is noted the talk turns to the difference."""
MIXED_WEIGHT = 0.5
"""Texts that say both sides were written on purpose, so that they are learnt: 11 facts in 100 are mixed.
In what others wrote it is 1 to 4. So each counts for less when it is learnt how likely 'mixed' is."""
LEAST_ASKED = 0.4
"""Below this confidence nothing is asked about either: most such questions would be a nuisance."""


@dataclass(frozen=True)
class Sights:
    """What is seen in some texts: scores of (signal, value) pairs, yes and no in turn, from the network
    (``meaning``) and from ``wording``, and ``how`` each signal is said: (texts, signals, marks)."""

    meaning: Array
    wording: Array
    how: Array
    lengths: Array

    def of(self, rows: Sequence[int]) -> Sights:
        """Those of some of the texts."""
        places = np.asarray(rows)
        return Sights(self.meaning[places], self.wording[places], self.how[places], self.lengths[places])


@dataclass(frozen=True)
class Candidates:
    """Signals that a text may carry, each both ways round, one after the other."""

    rows: Array
    columns: Array
    ways: Array
    features: Array


def candidates_of(sights: Sights) -> Candidates:
    """The likeliest signals of each text, and the evidence for and against each way round."""
    count, size = len(sights.meaning), sights.meaning.shape[1] // 2
    together = sights.meaning / 4 + 2 * sights.wording
    best = together.reshape(count, size, 2).max(axis=2)
    top = np.argsort(-best, axis=1)[:, : min(CANDIDATES, size)]
    width = top.shape[1]
    rows = np.repeat(np.arange(count), 2 * width)
    columns = np.repeat(top.ravel(), 2)
    ways = np.tile([0, 1], count * width)
    rank = np.tile(np.repeat(np.arange(width), 2), count)
    parts = [rank, np.log(sights.lengths + 1)[rows], ways, *sights.how[rows, columns].T]
    for scores in (sights.meaning, sights.wording, together):
        pairs = scores.reshape(count, size, 2)
        own = pairs[rows, columns, ways]
        highest = np.sort(pairs.max(axis=2), axis=1)[:, ::-1]
        is_highest = pairs[rows, columns].max(axis=1) >= highest[rows, 0]
        other = np.where(is_highest, highest[rows, min(1, size - 1)], highest[rows, 0])
        parts += [own, own - pairs[rows, columns, 1 - ways], own - other]
    return Candidates(rows, columns, ways, np.column_stack(parts))


class Judge:
    """Gives each candidate the chance that it is right."""

    def __init__(self) -> None:
        self._trees = _trees()
        self.ask_at, self.note_at, self.mixed_at, self.note_mixed_at = 0.35, 0.9, 0.9, 0.9
        self.report: dict[str, float] = {}

    def fit(self, sights: Sights, labels: Array) -> Judge:
        """Learn from held-out texts and their labels (texts, 2 × signals); sets the thresholds."""
        found = candidates_of(sights)
        sides = labels.reshape(len(labels), -1, 2)
        right = sides[found.rows, found.columns, found.ways].astype(int)
        weight = np.where(sides.all(axis=2), MIXED_WEIGHT, 1.0)
        weights = weight[found.rows, found.columns]
        confidence = np.zeros(len(right))
        for learn, test in GroupKFold(FOLDS).split(found.features, right, found.rows):
            trees = _trees().fit(found.features[learn], right[learn], weights[learn])
            confidence[test] = trees.predict_proba(found.features[test])[:, 1]
        self._trees = _trees().fit(found.features, right, weights)
        said = float((weight * sides.any(axis=2)).sum())
        self._set_thresholds(confidence, right, weights, said)
        return self

    def confidences(self, found: Candidates) -> Array:
        """The chance that each candidate is right."""
        return self._trees.predict_proba(found.features)[:, 1]

    def _set_thresholds(self, confidence: Array, right: Array, weights: Array, said: float) -> None:
        """On held-out confidences: ``mixed_at`` and ``ask_at`` for the best F1, and for the precision
        wanted ``note_at`` for one side and ``note_mixed_at`` for both, which are as sure as the less sure.
        ``said`` is how much there is to hear, weighed as the candidates are."""
        pairs, truth = confidence.reshape(-1, 2), right.reshape(-1, 2).astype(bool)
        weight = weights.reshape(-1, 2)[:, 0]
        way = pairs.argmax(axis=1)
        one_way = truth[np.arange(len(pairs)), way] & ~truth.all(axis=1)
        steps = np.linspace(0.1, 0.9, 33)
        hits = [weight @ np.where(pairs.min(axis=1) >= at, truth.all(axis=1), one_way) for at in steps]
        self.mixed_at = float(steps[int(np.argmax(hits))])
        both = pairs.min(axis=1) >= self.mixed_at
        sure = np.where(both, pairs.min(axis=1), pairs.max(axis=1))
        good = np.where(both, truth.all(axis=1), one_way)
        order = np.argsort(-sure)
        hit, heard = np.cumsum((weight * good)[order]), np.cumsum(weight[order])
        f1 = 2 * hit / (heard + said)
        best = min(int(np.argmax(f1)), int((sure >= LEAST_ASKED).sum()) - 1)
        self.ask_at = max(LEAST_ASKED, float(sure[order[best]]))
        self.note_at = max(self.ask_at, _bar(sure[~both], good[~both], weight[~both], NOTE_PRECISION))
        bar_mixed = _bar(sure[both], good[both], weight[both], NOTE_MIXED_PRECISION)
        self.note_mixed_at = max(self.note_at, bar_mixed)
        noted = sure >= np.where(both, self.note_mixed_at, self.note_at)
        self.report = {
            "f1": float(f1[best]),
            "precision": float(hit[best] / heard[best]),
            "recall": float(hit[best] / said),
            "noted_precision": float(weight[noted] @ good[noted] / weight[noted].sum()),
            "noted_recall": float(weight[noted] @ good[noted] / said),
        }


def _bar(sure: Array, good: Array, weight: Array, precision: float) -> float:
    """The lowest confidence above which that share of at least 20 hearings is right."""
    order = np.argsort(-sure)
    share = np.cumsum((weight * good)[order]) / np.cumsum(weight[order])
    enough = np.where((share >= precision) & (np.arange(len(order)) >= 20))[0]
    return float(sure[order[enough[-1]]]) if len(enough) else 1.0


def _trees() -> HistGradientBoostingClassifier:
    return HistGradientBoostingClassifier(
        max_iter=80,
        max_depth=4,
        learning_rate=0.08,
        min_samples_leaf=30,
        l2_regularization=1.0,
        random_state=0,
    )


def lengths_of(texts: Sequence[str]) -> Array:
    """How many words each text has."""
    return np.array([len(text.split()) for text in texts], float)
