"""A comparison of features and heads, all learnt from the same texts and judged on the same."""

from __future__ import annotations

import json
import statistics
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from benchmarks.understanding.data import KEPT, Facts, data_key, digest
from benchmarks.understanding.features import (
    CHARACTERS,
    SETS,
    WORDS,
    Corpus,
    Features,
    corpus,
    features_of,
    vectors_in,
)
from benchmarks.understanding.figures import Pair, micro_f1
from benchmarks.understanding.heads import NEIGHBOURS, RIDGE, Scores, linear, neighbours
from benchmarks.understanding.markdown import table
from benchmarks.understanding.processes import apart, say
from benchmarks.understanding.thresholds import Array, best_f1
from benchmarks.understanding.vectors import ENCODERS, vectors_of
from critical_friend.understanding.network import FITTED

RECIPE = 1
"""Raise it when the comparison is made otherwise, so that it is made anew."""
COMPARED = (
    (WORDS,),
    (CHARACTERS,),
    ("USE",),
    ("MiniLM",),
    ("E5-small",),
    ("MiniLM", CHARACTERS),
    ("E5-small", CHARACTERS),
    ("USE", "MiniLM", "E5-small", CHARACTERS),
    ("fitted network",),
)
LEAST = 5
"""A (signal, value) pair with fewer examples is not learnt."""


@dataclass(frozen=True)
class Scorer:
    """A head that has learnt: its name, and its scores of these pairs and, as the last, of 'nothing'."""

    head: str
    pairs: list[Pair]
    scores: Scores


def compare() -> str:
    """The comparison as Markdown."""
    body = corpus()
    kept = {
        name: vectors_of(name, body.texts, body.timed)
        for name, encoder in ENCODERS.items()
        if not encoder.lacking()
    }
    rows = [["features", "head", "held-out", *SETS, "ms a text"]]
    for names in COMPARED:
        lacking = {n: ENCODERS[n].lacking() for n in names if n in ENCODERS and n not in kept}
        if lacking:
            why = "; ".join(f"{name}: {reason}" for name, reason in lacking.items())
            rows.append([" + ".join(names), f"left out ({why})", *("–" for _ in range(len(SETS) + 2))])
            continue
        files = {name: kept[name] for name in names if name in kept}
        about = (RECIPE, data_key(), body.tests, names, [file.name for file in files.values()])
        stored = KEPT / f"compared-{digest(about)}.json"
        if not stored.exists():
            say(f"Learning from {' + '.join(names)} …")
            stored.write_text(json.dumps(apart(rows_of, names, files)), encoding="utf-8")
        rows += json.loads(stored.read_text(encoding="utf-8"))
    notes = (
        f"Micro F1. Learnt from the {len(body.learnt)} training texts labelled for signals that are not held "
        f"out; the threshold is the one best for F1 on the {len(body.tests['held-out'][0])} held out, so "
        "'held-out' is a little too high. A pair is heard if its score is above the threshold and, where "
        "that does better on the held-out texts, above that of 'nothing'. Linear: ridge regression "
        f"({RIDGE}), one against the rest. Neighbours: the {NEIGHBOURS} nearest by cosine, for vectors only. "
        "Words and characters: TF-IDF. MiniLM: the mean "
        "of the last layer as the package carries it, in 8 bits. E5-small: its mean taken away. The fitted "
        "network has learnt from the same texts, so a head on top of it sees it surer than it is; 'none' "
        "takes its own scores. Time is of one core of the processor, for messages. DIET is in the table of "
        "figures, as part of Rasa's default pipeline."
    )
    return "\n".join([*table(rows), "", notes])


def rows_of(names: Sequence[str], files: dict[str, Path]) -> list[list[str]]:
    """The lines of the table for features put together from ``names``, one for each head."""
    body = corpus()
    pairs, truth = targets(body.facts)
    features = features_of(names, files, body)
    scorers = [Scorer("linear", pairs, linear(features.learnt, truth))]
    if isinstance(features.learnt, np.ndarray):
        scorers.append(Scorer(f"{NEIGHBOURS} neighbours", pairs, neighbours(features.learnt, truth)))
    rows = [_row(names, scorer, features, body) for scorer in scorers]
    if names == ("fitted network",):
        with np.load(FITTED) as fitted:
            own = [(str(s), value) for s in fitted["signals"] for value in ("yes", "no")]
        plain = vectors_in(files["fitted network"], "", body)
        rows.append(_row(names, Scorer("none", own, _own_scores), plain, body))
    return rows


def targets(facts: Sequence[Facts]) -> tuple[list[Pair], Array]:
    """The (signal, value) pairs to learn, and which text has which: (texts, pairs and, last, 'nothing')."""
    seen = Counter(pair for text in facts for pair in text.items())
    pairs = sorted(pair for pair, count in seen.items() if count >= LEAST)
    return pairs, np.array([[f.get(s) == v for s, v in pairs] + [not f] for f in facts], np.float32)


def _own_scores(rows: Array) -> Array:
    """Scores as they are; 'nothing' is never above them."""
    return np.column_stack([rows, np.full(len(rows), -np.inf)])


def _row(names: Sequence[str], scorer: Scorer, features: Features, body: Corpus) -> list[str]:
    """One line of the table."""
    times = []
    for n in range(len(body.timed)):
        started = time.process_time()
        scorer.scores(features.tests["messages"][n : n + 1])
        times.append(1000 * (time.process_time() - started))
    shown = [f"{f1:.3f}" for f1 in f1s(scorer, features, body).values()]
    return [" + ".join(names), scorer.head, *shown, f"{features.ms + statistics.median(times):.1f}"]


def f1s(scorer: Scorer, features: Features, body: Corpus) -> dict[str, float]:
    """Micro F1 on each of the tests. The threshold, and whether to heed 'nothing', are what does best on
    the held-out texts."""
    scores = {name: scorer.scores(rows) for name, rows in features.tests.items()}
    gold = body.tests["held-out"][1]
    tried = []
    for heed in (False, True):
        candidates = [
            (score, facts.get(s) == v)
            for facts, heard in zip(gold, likelier(scores["held-out"], scorer.pairs, heed), strict=True)
            for s, v, score in heard
        ]
        if candidates:
            confidence, right = np.array(candidates, float).T
            cut = best_f1(confidence, right, sum(map(len, gold)))
            tried.append((cut.f1, cut.at, heed))
    _, at, heed = max(tried)
    found = {}
    for name, (_, facts_of) in body.tests.items():
        best = likelier(scores[name], scorer.pairs, heed)
        heard = [{(s, v) for s, v, score in text if score >= at} for text in best]
        found[name] = micro_f1(facts_of, heard)
    return found


def likelier(scores: Array, pairs: list[Pair], heed: bool) -> list[list[tuple[str, str, float]]]:
    """For each text and signal the value with the highest score; those not above the score of 'nothing'
    (the last column) are left out if that is to be heeded."""
    found: list[list[tuple[str, str, float]]] = [[] for _ in scores]
    least = scores[:, -1] if heed else np.full(len(scores), -np.inf)
    for signal in sorted({s for s, _ in pairs}):
        columns = np.array([n for n, pair in enumerate(pairs) if pair[0] == signal])
        top = columns[scores[:, columns].argmax(axis=1)]
        height = scores[np.arange(len(scores)), top]
        for row in np.where(height > least)[0]:
            found[row].append((*pairs[top[row]], float(height[row])))
    return found
