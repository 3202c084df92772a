"""What is counted: F1, the wrong way round, false alarms, calibration, confusions, recall of intents."""

from __future__ import annotations

import statistics
from collections import Counter, defaultdict
from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import numpy as np

from benchmarks.understanding.data import Facts, Item, Reading
from critical_friend.understanding.model import FLOOR

BINS = (0.0, FLOOR, 0.3, 0.45, 0.6, 0.75, 0.9, 1.0)
OPPOSITE = {"yes": "no", "no": "yes"}
Pair = tuple[str, str]
Bin = tuple[float, float, int, float, float]
"""From, to, candidates, mean confidence, share right."""


def pairs_of(reading: Reading, noted: bool = False) -> set[Pair]:
    """The (signal, value) pairs heard, or only those noted."""
    return {(s, v) for s, v, _, sure in reading["heard"] if sure or not noted}


def f1_of(right: int, heard: int, said: int) -> float:
    """F1 from counts."""
    return 2 * right / (heard + said) if heard + said else 1.0


def micro_f1(gold: Sequence[Facts], heard: Sequence[set[Pair]]) -> float:
    """F1 over all pairs of all texts."""
    said = [set(facts.items()) for facts in gold]
    right = sum(len(h & g) for h, g in zip(heard, said, strict=True))
    return f1_of(right, sum(map(len, heard)), sum(map(len, said)))


def figures(gold: Sequence[Facts], heard: Sequence[set[Pair]]) -> dict[str, Any]:
    """Everything that is counted over one set of texts."""
    said = [set(facts.items()) for facts in gold]
    counts = np.array([(len(h & g), len(h), len(g)) for h, g in zip(heard, said, strict=True)])
    right, found, there = (int(n) for n in counts.sum(axis=0))
    draws = np.random.default_rng(0).integers(0, len(gold), (1000, len(gold)))
    spread = np.percentile([f1_of(*counts[draw].sum(axis=0)) for draw in draws], [2.5, 97.5])
    each = {pair: np.zeros(3, int) for pairs in said for pair in pairs}
    for h, g in zip(heard, said, strict=True):
        for pair in (h | g) & set(each):
            each[pair] += (pair in h and pair in g, pair in h, pair in g)
    wrong = sum(
        facts.get(s) == OPPOSITE.get(v, "") for facts, h in zip(gold, heard, strict=True) for s, v in h
    )
    silent = [h for facts, h in zip(gold, heard, strict=True) if not facts]
    return {
        "f1": f1_of(right, found, there),
        "spread": spread,
        "macro": statistics.mean(f1_of(*n) for n in each.values()),
        "precision": right / found if found else None,
        "recall": right / there,
        "found": found,
        "wrong": wrong,
        "alarms": sum(map(bool, silent)),
        "silent": len(silent),
    }


def calibration(gold: Sequence[Facts], readings: Sequence[Reading]) -> tuple[float, list[Bin]]:
    """Expected calibration error, and how right the candidates of each bin are."""
    points = [
        (c, facts.get(s) == v) for facts, r in zip(gold, readings, strict=True) for s, v, c in r["candidates"]
    ]
    confidence = np.array([c for c, _ in points])
    right = np.array([r for _, r in points], float)
    rows: list[Bin] = []
    error = 0.0
    for low, high in pairwise(BINS):
        inside = (confidence >= low) & ((confidence < high) | (high == 1.0))
        if inside.any():
            mean, share = float(confidence[inside].mean()), float(right[inside].mean())
            rows.append((low, high, int(inside.sum()), mean, share))
            error += float(inside.sum()) / len(points) * abs(mean - share)
    return error, rows


def confusions(
    items: Sequence[Item], readings: Sequence[Reading]
) -> list[tuple[Pair | None, Pair, list[str]]]:
    """What was heard wrongly, with what was said instead (if anything), the most frequent first."""
    found: dict[tuple[Pair | None, Pair], list[str]] = defaultdict(list)
    for item, reading in zip(items, readings, strict=True):
        said, heard = set(item["facts"].items()), pairs_of(reading)
        gone: list[Pair | None] = [*sorted(said - heard)]
        for extra in sorted(heard - said):
            same = [pair for pair in gone if pair and pair[0] == extra[0]]
            found[(same or gone or [None])[0], extra].append(item["text"])
    return sorted(((a, b, t) for (a, b), t in found.items()), key=lambda row: -len(row[2]))


def missed(items: Sequence[Item], readings: Sequence[Reading]) -> list[tuple[Pair, int, int]]:
    """For each (signal, value): how often it was missed, of how many, the worst first."""
    gone: Counter[Pair] = Counter()
    there: Counter[Pair] = Counter()
    for item, reading in zip(items, readings, strict=True):
        said = set(item["facts"].items())
        there.update(said)
        gone.update(said - pairs_of(reading))
    return [(pair, count, there[pair]) for pair, count in gone.most_common()]


def mistakes(items: Sequence[Item], readings: Sequence[Reading]) -> dict[str, list[tuple[Pair, str]]]:
    """What was noted the wrong way round, and noted where nothing was said, with the texts."""
    kinds: dict[str, list[tuple[Pair, str]]] = {
        "the wrong way round": [],
        "from texts that carry nothing": [],
    }
    for item, reading in zip(items, readings, strict=True):
        for pair in sorted(pairs_of(reading, noted=True)):
            if item["facts"].get(pair[0]) == OPPOSITE.get(pair[1], ""):
                kinds["the wrong way round"].append((pair, item["text"]))
            elif not item["facts"]:
                kinds["from texts that carry nothing"].append((pair, item["text"]))
    return kinds


def intent_hits(items: Sequence[Item], readings: Sequence[Reading]) -> int:
    """How many intents were read right."""
    return sum(r["intent"] == i["intent"] for i, r in zip(items, readings, strict=True))


def intent_recalls(items: Sequence[Item], readings: Sequence[Reading]) -> list[tuple[str, int, int]]:
    """For each intent: how often it was read as it is, of how many, the worst first."""
    there = Counter(item["intent"] for item in items)
    right = Counter(i["intent"] for i, r in zip(items, readings, strict=True) if r["intent"] == i["intent"])
    return sorted(((n, right[n], count) for n, count in there.items()), key=lambda row: row[1] / row[2])


def intent_confusions(items: Sequence[Item], readings: Sequence[Reading]) -> list[tuple[str, str, int]]:
    """What intent was read as what other, the most frequent first."""
    wrong = Counter(
        (i["intent"], r["intent"]) for i, r in zip(items, readings, strict=True) if r["intent"] != i["intent"]
    )
    return [(a, b, n) for (a, b), n in wrong.most_common()]
