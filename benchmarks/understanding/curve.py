"""The learning curve: the same linear head on shares of the texts, as a table and a picture.

It is drawn with an encoder as it comes and not with the fitted network, which takes an hour to fit to all
of the texts: what is shown is whether more text still helps, not how good the whole is.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path

import numpy as np

from benchmarks.understanding.data import KEPT, ROOT, data_key, digest
from benchmarks.understanding.encoders import Scorer, f1s, targets
from benchmarks.understanding.features import CHARACTERS, SETS, corpus, counts, together, vectors_in
from benchmarks.understanding.heads import linear
from benchmarks.understanding.markdown import table
from benchmarks.understanding.processes import apart, say
from benchmarks.understanding.vectors import ENCODERS, vectors_of

PICTURE = ROOT / "docs" / "images" / "learning-curve.svg"
SHARES = tuple(Fraction(1, 2**n) for n in range(5, -1, -1))
ENCODER = "MiniLM"
RECIPE = 1
"""Raise it when the curve is drawn otherwise, so that it is made anew."""


@dataclass(frozen=True)
class Mark:
    """What one share of the texts gives: how many texts, and micro F1 on each set."""

    texts: int
    f1: dict[str, float]


def curve() -> str:
    """The learning curve as a table; draws the picture."""
    body = corpus()
    vectors = vectors_of(ENCODER, body.texts, body.timed)
    marks = []
    for share in SHARES:
        stored = KEPT / f"curve-{digest((RECIPE, str(share), data_key(), body.tests, vectors.name))}.json"
        if not stored.exists():
            say(f"Learning from {share} of the texts …")
            stored.write_text(json.dumps(apart(measure, share, vectors)), encoding="utf-8")
        texts, f1 = json.loads(stored.read_text(encoding="utf-8"))
        marks.append(Mark(texts, f1))
    draw(marks)
    rows = [["texts", *(f"F1, {name}" for name in ("held-out", *SETS))]]
    rows += [[str(mark.texts), *(f"{mark.f1[name]:.3f}" for name in ("held-out", *SETS))] for mark in marks]
    return "\n".join(table(rows))


def measure(share: Fraction, vectors: Path) -> tuple[int, dict[str, float]]:
    """How many texts the share has, and micro F1 on each set after learning from them."""
    body = corpus()
    order = np.random.default_rng(0).permutation(len(body.learnt))  # a smaller share is in every larger one
    rows = np.sort(order[: int(len(body.learnt) * share)])
    part = replace(body, learnt=[body.learnt[n] for n in rows], facts=[body.facts[n] for n in rows])
    meant = vectors_in(vectors, ENCODERS[ENCODER].form, body)
    features = together([replace(meant, learnt=meant.learnt[rows]), counts(CHARACTERS, part)])
    pairs, truth = targets(part.facts)
    return len(rows), f1s(Scorer("linear", pairs, linear(features.learnt, truth)), features, part)


def draw(marks: Sequence[Mark]) -> None:
    """The learning curve as a picture."""
    import matplotlib

    matplotlib.use("Agg")
    import matplotlib.pyplot as plt

    plt.rcParams["svg.hashsalt"] = "critical-friend"
    plt.figure(figsize=(7, 3.6))
    texts = [mark.texts for mark in marks]
    styles = {"messages": "-o", "passages": "--s", "held_back": "-.^", "held-out": ":v"}
    labels = {"held_back": "held_back (another writer)", "held-out": "held-out training texts"}
    for name, style in styles.items():
        plt.plot(texts, [mark.f1[name] for mark in marks], style, label=labels.get(name, name))
    plt.xscale("log", base=2)
    plt.xticks(texts, [str(n) for n in texts])
    plt.minorticks_off()
    plt.ylim(0, 1)
    plt.xlabel("training texts (each mark doubles them)")
    plt.ylabel("micro F1")
    plt.grid(alpha=0.3)
    plt.legend()
    plt.tight_layout()
    PICTURE.parent.mkdir(parents=True, exist_ok=True)
    plt.savefig(PICTURE, metadata={"Date": None})
