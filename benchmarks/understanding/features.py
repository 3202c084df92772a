"""The texts that encoders are compared on, and their features."""

from __future__ import annotations

import statistics
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.understanding.data import Facts, for_signals, load, training
from benchmarks.understanding.vectors import ENCODERS, TIMED, formed

WORDS, CHARACTERS = "words", "characters 2–5"
SETS = ("messages", "passages", "held_back")


@dataclass(frozen=True)
class Corpus:
    """The texts learnt from, and those judged on: held out first, then the evaluation files."""

    learnt: list[str]
    facts: list[Facts]
    tests: dict[str, tuple[list[str], list[Facts]]]

    @property
    def texts(self) -> list[str]:
        """All, in order."""
        return self.learnt + [text for texts, _ in self.tests.values() for text in texts]

    @property
    def timed(self) -> list[str]:
        """The messages that times are measured on."""
        return self.tests["messages"][0][:TIMED]


@dataclass(frozen=True)
class Features:
    """Rows for the texts learnt from and for those of each test, and the ms that one text takes."""

    learnt: Any
    tests: dict[str, Any]
    ms: float


def corpus() -> Corpus:
    """Training texts and evaluation files."""
    examples = for_signals(training())
    held = [e for e in examples if e.held_out]
    tests = {"held-out": ([e.text for e in held], [e.facts or {} for e in held])}
    for name in SETS:
        items = load(name)
        tests[name] = ([item["text"] for item in items], [item["facts"] for item in items])
    learnt = [e for e in examples if not e.held_out]
    return Corpus([e.text for e in learnt], [e.facts or {} for e in learnt], tests)


def features_of(names: Sequence[str], files: dict[str, Path], body: Corpus) -> Features:
    """The features of these names, side by side."""
    parts = [
        vectors_in(files[name], ENCODERS[name].form, body) if name in files else counts(name, body)
        for name in names
    ]
    return parts[0] if len(parts) == 1 else together(parts)


def together(parts: Sequence[Features]) -> Features:
    """Several features side by side."""
    from scipy import sparse

    def joined(blocks: list[Any]) -> Any:
        return sparse.hstack([sparse.csr_matrix(block) for block in blocks], format="csr", dtype=np.float32)

    tests = {name: joined([part.tests[name] for part in parts]) for name in parts[0].tests}
    return Features(joined([part.learnt for part in parts]), tests, sum(part.ms for part in parts))


def vectors_in(file: Path, form: str, body: Corpus) -> Features:
    """The vectors kept in a file, brought into form if there is one."""
    with np.load(file) as stored:
        vectors, ms = stored["vectors"], float(stored["ms"])
    if form:
        vectors = formed(vectors, form, len(body.learnt))
    tests, at = {}, len(body.learnt)
    for name, (texts, _) in body.tests.items():
        tests[name] = vectors[at : at + len(texts)]
        at += len(texts)
    return Features(vectors[: len(body.learnt)], tests, ms)


def counts(name: str, body: Corpus) -> Features:
    """TF-IDF of words or characters, counted on the texts learnt from."""
    from sklearn.feature_extraction.text import TfidfVectorizer

    how: dict[str, Any] = {"token_pattern": r"[\w']+", "min_df": 2}
    if name == CHARACTERS:
        how = {"analyzer": "char_wb", "ngram_range": (2, 5), "min_df": 3}
    counter = TfidfVectorizer(sublinear_tf=True, dtype=np.float32, **how)
    learnt = counter.fit_transform(body.learnt)
    times = []
    for text in body.timed:
        started = time.process_time()
        counter.transform([text])
        times.append(1000 * (time.process_time() - started))
    tests = {test: counter.transform(texts) for test, (texts, _) in body.tests.items()}
    return Features(learnt, tests, statistics.median(times))
