"""Baselines, trained once for each state of data/nlu and kept in .cache/eval."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.understanding import bag_of_words, rasa_default
from benchmarks.understanding.data import KEPT, Readings, data_key, digest, training
from benchmarks.understanding.processes import apart, say
from critical_friend.understanding.examples import Example


@dataclass(frozen=True)
class Baseline:
    """How a baseline is trained and read, and what it is called in the table and in the cache."""

    title: str
    kind: str
    recipe: object
    train: Callable[[list[Example], Path, float], None]
    read: Callable[[Path, list[str]], Readings]


BASELINES = (
    Baseline("bag of words", "words", bag_of_words.RECIPE, bag_of_words.train, bag_of_words.read),
    Baseline(
        "Rasa's default",
        "rasa-default",
        (rasa_default.PIPELINE, rasa_default.RECIPE),
        rasa_default.train,
        rasa_default.read,
    ),
)


def readings_of(
    baseline: Baseline, texts: list[str], *, quick: bool, minutes: float
) -> dict[str, Any] | None:
    """Its readings, from the cache where data and texts are the same.

    When ``quick`` the newest kept one is read, and ``stale`` says whether the data has changed since.
    """
    KEPT.mkdir(parents=True, exist_ok=True)
    archive = KEPT / f"{baseline.kind}-{digest(data_key(), baseline.recipe)}.tar.gz"
    stale = False
    if not archive.exists() and quick:
        kept = sorted(KEPT.glob(f"{baseline.kind}-*.tar.gz"), key=lambda p: p.stat().st_mtime)
        if not kept:
            say(f"{baseline.kind}: nothing kept; left out")
            return None
        archive, stale = kept[-1], True
    if not archive.exists():
        say(f"Training the baseline '{baseline.kind}' …")
        started = time.monotonic()
        apart(baseline.train, training(), archive, minutes)
        say(f"  trained in {time.monotonic() - started:.0f} s")
    stored = archive.with_name(f"{archive.name.split('.')[0]}-{digest(texts)}.readings")
    if not stored.exists():
        say(f"Reading {len(texts)} texts with '{baseline.kind}' …")
        stored.write_text(json.dumps(apart(baseline.read, archive, texts, one_core=True)), encoding="utf-8")
    found: dict[str, Any] = json.loads(stored.read_text(encoding="utf-8"))
    return found | {"stale": stale}
