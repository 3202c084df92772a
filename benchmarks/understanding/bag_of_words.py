"""A baseline: TF-IDF of words, logistic regression for each (signal, value) and for intents."""

from __future__ import annotations

import time
from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.understanding.data import Reading, Readings, for_intents, for_signals
from benchmarks.understanding.thresholds import at_precision, best_f1
from critical_friend.understanding.examples import Example
from critical_friend.understanding.judging import NOTE_PRECISION
from critical_friend.understanding.model import FLOOR

RECIPE = 3
"""Raise it when the baseline is made otherwise, so that it is trained anew."""


def _pipeline() -> Any:
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.linear_model import LogisticRegression
    from sklearn.multiclass import OneVsRestClassifier
    from sklearn.pipeline import make_pipeline

    words = TfidfVectorizer(sublinear_tf=True, min_df=2, token_pattern=r"[\w']+")
    return make_pipeline(
        words, OneVsRestClassifier(LogisticRegression(C=10, solver="liblinear", max_iter=200))
    )


def train(examples: list[Example], target: Path, minutes: float) -> None:
    """Train on all examples; thresholds are set in three folds."""
    import joblib
    from sklearn.model_selection import KFold, cross_val_predict

    chosen = for_signals(examples)
    texts = [e.text for e in chosen]
    seen = Counter(pair for e in chosen for pair in (e.facts or {}).items())
    pairs = sorted(pair for pair, count in seen.items() if count >= 5)
    truth = np.array([[(e.facts or {}).get(s) == v for s, v in pairs] for e in chosen], int)
    folds = KFold(3, shuffle=True, random_state=0)
    chances = cross_val_predict(_pipeline(), texts, truth, cv=folds, method="predict_proba")
    best = np.zeros_like(chances, bool)
    for signal in {s for s, _ in pairs}:
        columns = np.array([n for n, pair in enumerate(pairs) if pair[0] == signal])
        best[np.arange(len(texts)), columns[chances[:, columns].argmax(axis=1)]] = True
    confidence, right = chances[best], truth[best]
    cut = best_f1(confidence, right, int(truth.sum()))
    note_at = at_precision(confidence, right, NOTE_PRECISION) or 1.01
    noted = confidence >= note_at
    about = {
        "ask_at": cut.at,
        "note_at": note_at,
        "held_out": {
            "f1": cut.f1,
            "precision": cut.precision,
            "recall": cut.recall,
            "noted_precision": float(right[noted].mean()) if noted.any() else 1.0,
            "noted_recall": float(right[noted].sum() / truth.sum()),
        },
    }
    others = for_intents(examples)
    intents = _pipeline().fit([e.text for e in others], [e.intent for e in others])
    joblib.dump((_pipeline().fit(texts, truth), pairs, intents, about), target)


def read(archive: Path, texts: list[str]) -> Readings:
    """What it hears in each text."""
    import joblib

    signals, pairs, intents, about = joblib.load(archive)
    readings: list[Reading] = []
    for text in texts:
        started = time.process_time()
        chances = signals.predict_proba([text])[0]
        intent = str(intents.predict([text])[0])
        ms = 1000 * (time.process_time() - started)
        best: dict[str, tuple[str, float]] = {}
        for (signal, value), chance in zip(pairs, chances, strict=True):
            if chance > best.get(signal, ("", 0.0))[1]:
                best[signal] = (value, float(chance))
        readings.append(
            {
                "heard": [
                    (s, v, c, c >= about["note_at"]) for s, (v, c) in best.items() if c >= about["ask_at"]
                ],
                "candidates": [(s, v, c) for s, (v, c) in best.items() if c >= FLOOR],
                "intent": intent,
                "ms": ms,
            }
        )
    return {"readings": readings, "about": about}
