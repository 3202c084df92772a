"""Measures understanding on texts it has not seen, beside two baselines on the same data.

    python benchmarks/evaluate.py [--curve] [--quick] [--minutes N]

Prints Markdown and writes it into docs/understanding.md. Baselines are trained once for each state of
data/nlu and kept in .cache/eval. --curve trains on an eighth, a quarter, half and all of the texts and
draws docs/images/learning-curve.svg. --quick trains no baseline: the newest kept one is used, and the
table says so if data/nlu has changed since. --minutes is how long Rasa's default pipeline may train.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import multiprocessing
import os
import shutil
import statistics
import sys
import tarfile
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from pathlib import Path
from typing import Any

for name, value in (
    ("LOG_LEVEL", "ERROR"),
    ("RASA_TELEMETRY_ENABLED", "false"),
    ("SQLALCHEMY_SILENCE_UBER_WARNING", "1"),
    ("TF_CPP_MIN_LOG_LEVEL", "3"),
):
    os.environ.setdefault(name, value)

import numpy as np  # noqa: E402
import yaml  # noqa: E402

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))
MODEL = ROOT / "models" / "critical-friend.tar.gz"
DATA = ROOT / "data" / "nlu"
TESTS = ROOT / "tests" / "understanding"
DOCUMENT = ROOT / "docs" / "understanding.md"
CURVE = ROOT / "docs" / "images" / "learning-curve.svg"
KEPT = ROOT / ".cache" / "eval"
VECTORS = ROOT / ".cache" / "vectors"

EPOCHS, MINUTES = 100, 8
RECIPE = 2
"""Raise it when a baseline is made otherwise, so that it is trained anew."""
FRACTIONS = (Fraction(1, 8), Fraction(1, 4), Fraction(1, 2), Fraction(1))
BINS = (0.0, 0.15, 0.3, 0.45, 0.6, 0.75, 0.9, 1.0)
OPPOSITE = {"yes": "no", "no": "yes"}
Pair = tuple[str, str]

DEFAULT_PIPELINE: list[dict[str, Any]] = [
    {"name": "WhitespaceTokenizer"},
    {"name": "RegexFeaturizer"},
    {"name": "LexicalSyntacticFeaturizer"},
    {"name": "CountVectorsFeaturizer"},
    {"name": "CountVectorsFeaturizer", "analyzer": "char_wb", "min_ngram": 1, "max_ngram": 4},
    {"name": "DIETClassifier", "epochs": EPOCHS},
    {"name": "EntitySynonymMapper"},
    {"name": "ResponseSelector", "epochs": EPOCHS},
    {"name": "FallbackClassifier", "threshold": 0.3, "ambiguity_threshold": 0.1},
]
"""What `rasa init` writes in config.yml (Rasa 3.6)."""


def say(text: str) -> None:
    """Progress, to stderr."""
    print(text, file=sys.stderr, flush=True)


# ---- data


@dataclass(frozen=True)
class Example:
    """A training text; ``facts`` is None when it is not labelled for signals."""

    text: str
    intent: str
    facts: dict[str, str] | None


def training() -> list[Example]:
    """The training texts, as Rasa reads them."""
    from rasa.shared.nlu.training_data.loading import load_data

    examples = []
    for message in load_data(str(DATA)).intent_examples:
        about = (message.get("metadata") or {}).get("intent") or {}
        facts = about.get("facts")
        text = " ".join(message.get("text").split())
        examples.append(Example(text, message.get("intent"), None if facts is None else dict(facts)))
    return examples


def for_signals(examples: list[Example]) -> list[Example]:
    """The texts that signals are learnt from: the choice of Understanding.fit."""
    other = ("tell", "correct", "ask_what_if", "affirm", "deny")
    return [e for e in examples if e.facts is not None] + [
        e for e in examples if e.facts is None and e.intent not in other
    ]


def for_intents(examples: list[Example]) -> list[Example]:
    """The texts that intents are learnt from: the choice of Understanding.fit."""
    telling = [e for e in examples if e.facts is not None and e.intent == "tell"]
    kept = {id(e) for e in telling[:: max(1, len(telling) // 2400)]}
    return [e for e in examples if e.facts is None or id(e) in kept]


def load(name: str) -> list[dict[str, Any]]:
    """One of the evaluation files."""
    return yaml.safe_load((TESTS / f"{name}.yml").read_text(encoding="utf-8"))


def digest(*parts: Any) -> str:
    """A short key for data and settings."""
    return hashlib.blake2b(repr(parts).encode(), digest_size=8).hexdigest()


def data_key() -> str:
    """A key for the state of the training text."""
    return digest(*((p.name, p.read_bytes()) for p in sorted(DATA.rglob("*.yml"))))


# ---- reading: each system in a process of its own, on one core


def hushed() -> None:
    """Send what libraries print (Rasa logs every message) nowhere, so that stdout holds the tables only."""
    sink = os.open(os.devnull, os.O_WRONLY)
    os.dup2(sink, 1)


def apart(function: Callable[..., Any], *args: Any, one_core: bool = False) -> Any:
    """Run a function in a fresh process, held to one core if told."""
    cores = os.sched_getaffinity(0)
    limits = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "TF_NUM_INTRAOP_THREADS"), "1")
    before = dict(os.environ)
    # Two OpenMP threads wait for one another for minutes when other work holds a core.
    os.environ["OMP_NUM_THREADS"] = "1"
    if one_core:
        os.sched_setaffinity(0, {max(cores)})
        os.environ.update(limits)
    try:
        with ProcessPoolExecutor(1, multiprocessing.get_context("spawn"), initializer=hushed) as pool:
            return pool.submit(function, *args).result()
    finally:
        os.sched_setaffinity(0, cores)
        os.environ.clear()
        os.environ.update(before)


def read_ours(archive: Path, texts: list[str]) -> dict[str, Any]:
    """What the trained model hears in each text."""
    from critical_friend.understanding.model import Understanding

    with tempfile.TemporaryDirectory() as folder, tarfile.open(archive) as tar:
        tar.extractall(folder)
        found = next(Path(folder).rglob("signals.json")).parent
        model = Understanding.load(found)
        model.understand(texts[0])
        readings = []
        for text in texts:
            started = time.process_time()
            understood = model.understand(text)
            ms = 1000 * (time.process_time() - started)
            # Below ASK_AT only the whole text is looked at.
            candidates = {h.signal: (h.value, h.confidence) for h in model.hearer.hear(text)}
            candidates |= {h.signal: (h.value, h.confidence) for h in understood.hearings}
            readings.append(
                {
                    "heard": [(h.signal, h.value, h.confidence, h.sure) for h in understood.hearings],
                    "candidates": [(s, v, c) for s, (v, c) in candidates.items()],
                    "intent": understood.intents[0][0],
                    "ms": ms,
                }
            )
    about = {
        "ask_at": model.hearer.ASK_AT,
        "note_at": model.hearer.NOTE_AT,
        "held_out": model.hearer.report,
        "intents": model.reader.accuracy,
    }
    return {"readings": readings, "about": about}


def train_words(examples: list[Example], target: Path, minutes: float) -> None:
    """The bag of words: TF-IDF of words, logistic regression for each signal:value and for intents."""
    import joblib
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.linear_model import LogisticRegression
    from sklearn.model_selection import KFold, cross_val_predict
    from sklearn.multiclass import OneVsRestClassifier
    from sklearn.pipeline import make_pipeline

    from critical_friend.understanding.heads import threshold_for
    from critical_friend.understanding.signals import NOTE_PRECISION

    def pipeline() -> Any:
        words = TfidfVectorizer(sublinear_tf=True, min_df=2, token_pattern=r"[\w']+")
        return make_pipeline(
            words, OneVsRestClassifier(LogisticRegression(C=10, solver="liblinear", max_iter=200))
        )

    chosen = for_signals(examples)
    texts = [e.text for e in chosen]
    seen = Counter(pair for e in chosen for pair in (e.facts or {}).items())
    pairs = sorted(pair for pair, count in seen.items() if count >= 5)
    truth = np.array([[(e.facts or {}).get(s) == v for s, v in pairs] for e in chosen], int)
    folds = KFold(3, shuffle=True, random_state=0)
    chances = cross_val_predict(pipeline(), texts, truth, cv=folds, method="predict_proba")
    best = np.zeros_like(chances, bool)
    for signal in {s for s, _ in pairs}:
        columns = np.array([n for n, pair in enumerate(pairs) if pair[0] == signal])
        best[np.arange(len(texts)), columns[chances[:, columns].argmax(axis=1)]] = True
    confidence, right = chances[best], truth[best]
    order = np.argsort(-confidence)
    hits = np.cumsum(right[order])
    f1 = 2 * hits / (np.arange(1, len(hits) + 1) + truth.sum())
    top = int(f1.argmax())
    note_at = threshold_for(confidence, right, NOTE_PRECISION) or 1.01
    noted = confidence >= note_at
    about = {
        "ask_at": float(confidence[order[top]]),
        "note_at": note_at,
        "held_out": {
            "f1": float(f1[top]),
            "precision": float(hits[top] / (top + 1)),
            "recall": float(hits[top] / truth.sum()),
            "noted_precision": float(right[noted].mean()) if noted.any() else 1.0,
            "noted_recall": float(right[noted].sum() / truth.sum()),
        },
    }
    others = for_intents(examples)
    intents = pipeline().fit([e.text for e in others], [e.intent for e in others])
    joblib.dump((pipeline().fit(texts, truth), pairs, intents, about), target)


def read_words(archive: Path, texts: list[str]) -> dict[str, Any]:
    """What the bag of words hears in each text."""
    import joblib

    signals, pairs, intents, about = joblib.load(archive)
    readings = []
    for text in texts:
        started = time.process_time()
        chances = signals.predict_proba([text])[0]
        intent = str(intents.predict([text])[0])
        ms = 1000 * (time.process_time() - started)
        best: dict[str, tuple[str, float]] = {}
        for (signal, value), chance in zip(pairs, chances, strict=True):
            if chance > best.get(signal, ("", 0.0))[1]:
                best[signal] = (value, float(chance))
        candidates = [(s, v, c) for s, (v, c) in best.items() if c >= BINS[1]]
        heard = [(s, v, c, c >= about["note_at"]) for s, (v, c) in best.items() if c >= about["ask_at"]]
        readings.append({"heard": heard, "candidates": candidates, "intent": intent, "ms": ms})
    return {"readings": readings, "about": about}


def train_default(examples: list[Example], target: Path, minutes: float) -> None:
    """Rasa's default pipeline, with 'signal=value' as intent; stops before ``minutes`` are over.

    Each batch is made of texts of like length. Otherwise every batch holds a passage, everything else in
    it is filled up to that length, and one epoch takes six minutes or more.
    """
    import tensorflow as tf
    from rasa.model_training import train_nlu
    from rasa.utils import train_utils
    from rasa.utils.tensorflow.data_generator import RasaBatchDataGenerator
    from rasa.utils.tensorflow.model_data import RasaModelData

    epochs = []
    shuffle_and_balance = RasaBatchDataGenerator._shuffle_and_balance
    dice = np.random.default_rng(0)

    def by_length(self: Any, batch_size: int) -> Any:
        """Rasa's shuffled and balanced texts, with those of like length put in one batch."""
        data = shuffle_and_balance(self, batch_size)
        lengths = np.array(data["text"]["sequence_lengths"][0]).ravel()
        order = np.argsort(lengths + dice.random(len(lengths)))
        batches = [order[at : at + batch_size] for at in range(0, len(order), batch_size)]
        whole = [batches[n] for n in dice.permutation(len(batches) - 1)]
        return RasaModelData._data_for_ids(data, np.concatenate([*whole, batches[-1]]))

    RasaBatchDataGenerator._shuffle_and_balance = by_length

    class Clock(tf.keras.callbacks.Callback):
        """Ends the training when the time is up."""

        def on_train_begin(self, logs: Any = None) -> None:
            self.started = time.monotonic()

        def on_epoch_end(self, epoch: int, logs: Any = None) -> None:
            epochs.append(epoch)
            spent = time.monotonic() - self.started
            # Another epoch must fit in.
            self.model.stop_training = spent * (epoch + 2) / (epoch + 1) > 60 * minutes
            shown = ", ".join(f"{key} {value:.3f}" for key, value in (logs or {}).items())
            say(f"  DIET: epoch {epoch + 1} of {EPOCHS} after {spent:.0f} s ({shown})")

    train_utils.create_common_callbacks = lambda *args, **kwargs: [Clock()]
    texts: dict[str, list[str]] = defaultdict(list)
    for example in examples:
        if example.facts is None:
            texts[example.intent].append(example.text)
        elif not example.facts:
            texts["nothing"].append(example.text)
        elif len(example.facts) == 1:
            texts["=".join(*example.facts.items())].append(example.text)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        os.chdir(folder)
        os.environ["RASA_CACHE_DIRECTORY"] = str(folder / "cache")
        blocks = [
            {"intent": intent, "examples": "".join(f"- {line}\n" for line in lines)}
            for intent, lines in texts.items()
        ]
        recipe = {"recipe": "default.v1", "assistant_id": "default", "language": "en"}
        for file, content in (
            ("nlu.yml", {"version": "3.1", "nlu": blocks}),
            ("config.yml", recipe | {"pipeline": DEFAULT_PIPELINE}),
        ):
            (folder / file).write_text(
                yaml.safe_dump(content, allow_unicode=True, width=10**6), encoding="utf-8"
            )
        made = train_nlu("config.yml", "nlu.yml", str(folder / "out"), fixed_model_name="default")
        assert made is not None
        about = {
            "epochs": len(epochs),
            "minutes": minutes,
            "labels": len(texts),
            "texts": sum(map(len, texts.values())),
            "left_out": sum(len(e.facts or ()) > 1 for e in examples),
        }
        target.with_suffix(".json").write_text(json.dumps(about), encoding="utf-8")
        shutil.copyfile(made, target)
        os.chdir(ROOT)


def read_default(archive: Path, texts: list[str]) -> dict[str, Any]:
    """What Rasa's default pipeline hears in each text: its top label; noted unless it falls back."""
    import asyncio

    from rasa.core.agent import Agent

    agent = Agent.load(str(archive))
    loop = asyncio.new_event_loop()
    loop.run_until_complete(agent.parse_message(texts[0]))
    readings = []
    for text in texts:
        started = time.process_time()
        parsed = loop.run_until_complete(agent.parse_message(text))
        ms = 1000 * (time.process_time() - started)
        top = next(i for i in parsed["intent_ranking"] if i["name"] != "nlu_fallback")
        label, confidence = top["name"], float(top["confidence"])
        sure = parsed["intent"]["name"] != "nlu_fallback"
        signal, said, value = label.partition("=")
        readings.append(
            {
                "heard": [(signal, value, confidence, sure)] if said else [],
                "candidates": [(signal, value, confidence)] if said else [],
                "intent": "tell" if said or label == "nothing" else label,
                "ms": ms,
            }
        )
    about = json.loads(archive.with_suffix(".json").read_text(encoding="utf-8"))
    return {"readings": readings, "about": about}


def baseline(
    kind: str, train: Callable[..., None], read: Callable[..., Any], texts: list[str], options: Any
) -> dict[str, Any] | None:
    """A baseline's readings, from the cache where data and texts are the same."""
    KEPT.mkdir(parents=True, exist_ok=True)
    archive = KEPT / f"{kind}-{digest(data_key(), DEFAULT_PIPELINE, RECIPE)}.tar.gz"
    stale = False
    if not archive.exists() and options.quick:
        kept = sorted(KEPT.glob(f"{kind}-*.tar.gz"), key=lambda p: p.stat().st_mtime)
        if not kept:
            say(f"{kind}: nothing kept; left out")
            return None
        archive, stale = kept[-1], True
    if not archive.exists():
        say(f"Training the baseline '{kind}' …")
        started = time.monotonic()
        apart(train, training(), archive, options.minutes)
        say(f"  trained in {time.monotonic() - started:.0f} s")
    stored = archive.with_name(f"{archive.name.split('.')[0]}-{digest(texts)}.readings")
    if not stored.exists():
        say(f"Reading {len(texts)} texts with '{kind}' …")
        stored.write_text(json.dumps(apart(read, archive, texts, one_core=True)), encoding="utf-8")
    return json.loads(stored.read_text(encoding="utf-8")) | {"stale": stale}


# ---- figures


def pairs_of(reading: dict[str, Any], noted: bool = False) -> set[Pair]:
    """The (signal, value) pairs heard, or only those noted."""
    return {(s, v) for s, v, _, sure in reading["heard"] if sure or not noted}


def f1_of(right: int, heard: int, said: int) -> float:
    """F1 from counts."""
    return 2 * right / (heard + said) if heard + said else 1.0


def figures(gold: list[dict[str, str]], heard: list[set[Pair]]) -> dict[str, Any]:
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


def calibration(
    gold: list[dict[str, str]], readings: list[dict[str, Any]]
) -> tuple[float, list[tuple[float, float, int, float, float]]]:
    """Expected calibration error, and bins: from, to, candidates, mean confidence, share right."""
    points = [
        (c, facts.get(s) == v) for facts, r in zip(gold, readings, strict=True) for s, v, c in r["candidates"]
    ]
    confidence = np.array([c for c, _ in points])
    right = np.array([r for _, r in points], float)
    rows, error = [], 0.0
    for low, high in pairwise(BINS):
        inside = (confidence >= low) & ((confidence < high) | (high == 1.0))
        if inside.any():
            mean, share = float(confidence[inside].mean()), float(right[inside].mean())
            rows.append((low, high, int(inside.sum()), mean, share))
            error += inside.sum() / len(points) * abs(mean - share)
    return error, rows


def confusions(
    items: list[dict[str, Any]], readings: list[dict[str, Any]]
) -> list[tuple[Pair | None, Pair, list[str]]]:
    """What was heard wrongly, with what was said instead (if anything), the most frequent first."""
    found: dict[tuple[Pair | None, Pair], list[str]] = defaultdict(list)
    for item, reading in zip(items, readings, strict=True):
        said, heard = set(item["facts"].items()), pairs_of(reading)
        missed = sorted(said - heard)
        for extra in sorted(heard - said):
            same = [pair for pair in missed if pair[0] == extra[0]]
            found[(same or missed or [None])[0], extra].append(item["text"])
    return sorted(((a, b, t) for (a, b), t in found.items()), key=lambda row: -len(row[2]))


def missed(items: list[dict[str, Any]], readings: list[dict[str, Any]]) -> list[tuple[Pair, int, int]]:
    """For each (signal, value): how often it was missed, of how many, the worst first."""
    gone, there = Counter(), Counter()
    for item, reading in zip(items, readings, strict=True):
        said = set(item["facts"].items())
        there.update(said)
        gone.update(said - pairs_of(reading))
    return [(pair, count, there[pair]) for pair, count in gone.most_common()]


def mistakes(items: list[dict[str, Any]], readings: list[dict[str, Any]]) -> list[str]:
    """What was noted the wrong way round, and noted where nothing was said, as a list."""
    kinds: dict[str, list[str]] = {"the wrong way round": [], "from texts that carry nothing": []}
    for item, reading in zip(items, readings, strict=True):
        for pair in sorted(pairs_of(reading, noted=True)):
            if item["facts"].get(pair[0]) == OPPOSITE.get(pair[1], ""):
                kinds["the wrong way round"].append(f"- {named(pair)}: ‘{short(item['text'], 160)}’")
            elif not item["facts"]:
                kinds["from texts that carry nothing"].append(
                    f"- {named(pair)}: ‘{short(item['text'], 160)}’"
                )
    lines = []
    for kind, found in kinds.items():
        lines += [f"Noted {kind} ({len(found)}):", "", *(found or ["- none"]), ""]
    return lines[:-1]


# ---- the report


def percent(share: float | None) -> str:
    """A share as a percentage."""
    return "–" if share is None else f"{100 * share:.1f} %"


def of(count: int, total: int) -> str:
    """A share with its counts."""
    return f"{percent(count / total)} ({count} of {total})" if total else "–"


def named(pair: Pair | None) -> str:
    """A pair as it is shown."""
    return "nothing (more)" if pair is None else f"`{pair[0]}` {pair[1]}"


def short(text: str, most: int = 110) -> str:
    """A text cut to a length, safe inside a table."""
    text = " ".join(text.split()).replace("|", "/")
    return text if len(text) <= most else text[:most].rsplit(" ", 1)[0] + " …"


AIMS = {
    ("messages", "f1"): "0.80",
    ("passages", "f1"): "0.45",
    ("messages", "precision"): "92 %",
    ("messages", "wrong"): "under 2 %",
    ("messages", "alarms"): "under 3 %",
}


def report_rows(
    name: str, gold: list[dict[str, str]], parts: dict[str, list[dict[str, Any]]]
) -> Iterator[list[str]]:
    """The lines of the main table for one set of texts."""
    heard = {who: figures(gold, [pairs_of(r) for r in part]) for who, part in parts.items()}
    noted = {who: figures(gold, [pairs_of(r, noted=True) for r in part]) for who, part in parts.items()}

    def row(
        label: str, source: dict[str, Any], show: Callable[[dict[str, Any]], str], aim: str = ""
    ) -> list[str]:
        return [label, *(show(source[who]) for who in parts), AIMS.get((name, aim), "")]

    yield [f"**{name}** ({len(gold)}; {sum(map(len, gold))} facts)", *("" for _ in parts), ""]
    yield row("micro F1 of all heard", heard, lambda f: f"**{f['f1']:.3f}**", "f1")
    yield row("– 95 % interval (bootstrap)", heard, lambda f: f"{f['spread'][0]:.2f}–{f['spread'][1]:.2f}")
    yield row("macro F1 of all heard", heard, lambda f: f"{f['macro']:.3f}")
    yield row(
        "precision / recall of all heard",
        heard,
        lambda f: f"{percent(f['precision'])} / {percent(f['recall'])}",
    )
    yield row("wrong way round, of all heard", heard, lambda f: of(f["wrong"], f["found"]), "wrong")
    yield row("texts that carry nothing, something heard", heard, lambda f: of(f["alarms"], f["silent"]))
    yield row(
        "noted without asking: precision", noted, lambda f: f"**{percent(f['precision'])}**", "precision"
    )
    yield row("noted: how many; recall", noted, lambda f: f"{f['found']}; {percent(f['recall'])}")
    yield row("noted: micro / macro F1", noted, lambda f: f"{f['f1']:.3f} / {f['macro']:.3f}")
    yield row("noted: wrong way round", noted, lambda f: of(f["wrong"], f["found"]), "wrong")
    yield row(
        "false alarms: carry nothing, something noted",
        noted,
        lambda f: of(f["alarms"], f["silent"]),
        "alarms",
    )
    errors = {who: calibration(gold, part)[0] for who, part in parts.items()}
    yield ["expected calibration error", *(f"{errors[who]:.3f}" for who in parts), ""]


def table(rows: list[list[str]]) -> list[str]:
    """Rows as a Markdown table; the first is its head."""
    lines = ["| " + " | ".join(row) + " |" for row in rows]
    return [lines[0], "|" + " --- |" * len(rows[0]), *lines[1:]]


def report(options: Any) -> str:
    """Measure everything; the Markdown between the markers of docs/understanding.md."""
    sets = {name: load(name) for name in ("messages", "passages", "intents")}
    texts = [item["text"] for items in sets.values() for item in items]
    say(f"Reading {len(texts)} texts with the trained model …")
    systems: dict[str, Any] = {"Critical Friend": apart(read_ours, MODEL, texts, one_core=True)}
    for title, kind, train, read in (
        ("bag of words", "words", train_words, read_words),
        ("Rasa's default", "rasa-default", train_default, read_default),
    ):
        found = baseline(kind, train, read, texts, options)
        if found:
            systems[title] = found
    parts: dict[str, dict[str, list[Any]]] = {name: {} for name in sets}
    for who, system in systems.items():
        rest = iter(system["readings"])
        for name, items in sets.items():
            parts[name][who] = [next(rest) for _ in items]
    rows = [["", *systems, "aim"]]
    for name in ("messages", "passages"):
        rows += report_rows(name, [item["facts"] for item in sets[name]], parts[name])
    asked = sets["intents"]
    hits = {
        w: sum(r["intent"] == i["intent"] for r, i in zip(p, asked, strict=True))
        for w, p in parts["intents"].items()
    }
    rows.append(
        [
            f"**intents** ({len(asked)}): accuracy",
            *(f"**{of(hits[w], len(asked))}**" for w in systems),
            "93 %",
        ]
    )
    times = {
        who: [statistics.median(r["ms"] for r in parts[name][who]) for name in ("messages", "passages")]
        for who in systems
    }
    rows.append(
        [
            "median ms of one core for a message / a passage",
            *(f"{a:.1f} / {b:.1f}" for a, b in times.values()),
            "15",
        ]
    )
    lines = table(rows) + ["", *notes(systems), ""]
    ours = "Critical Friend"
    lines += ["### How far its confidence can be believed", ""]
    for name in ("messages", "passages"):
        error, bins = calibration([i["facts"] for i in sets[name]], parts[name][ours])
        lines += [
            f"{name.capitalize()}, every candidate above 0.15 (expected calibration error {error:.3f}):",
            "",
        ]
        shown = [["confidence", "candidates", "mean confidence", "right"]]
        shown += [
            [f"{a:.2f}–{b:.2f}", str(n), f"{mean:.2f}", f"{share:.2f}"] for a, b, n, mean, share in bins
        ]
        lines += [*table(shown), ""]
    items = sets["messages"] + sets["passages"]
    readings = parts["messages"][ours] + parts["passages"][ours]
    lines += ["### Worst confusions", "", "Over messages and passages together, of all heard.", ""]
    shown = [["said", "heard", "times", "examples"]]
    for said, heard, where in confusions(items, readings)[:10]:
        shown.append(
            [named(said), named(heard), str(len(where)), " // ".join(f"‘{short(t)}’" for t in where[:2])]
        )
    lines += [*table(shown), "", "Missed most often (neither asked about nor noted): "]
    worst = [f"{named(pair)} ({count} of {total})" for pair, count, total in missed(items, readings)[:12]]
    lines[-1] += ", ".join(worst) + "."
    lines += ["", *mistakes(items, readings)]
    wrong = Counter(
        (i["intent"], r["intent"])
        for r, i in zip(parts["intents"][ours], asked, strict=True)
        if r["intent"] != i["intent"]
    )
    shown_intents = ", ".join(f"{a} read as {b} ({n})" for (a, b), n in wrong.most_common(8))
    lines += ["", f"Intents misread: {shown_intents or 'none'}.", ""]
    return "\n".join(lines)


def notes(systems: dict[str, Any]) -> Iterator[str]:
    """What the reader of the table should know."""
    for who in ("Critical Friend", "bag of words"):
        if who not in systems:
            continue
        about = systems[who]["about"]
        held = about["held_out"]
        how = "leaving each out in turn" if who == "Critical Friend" else "in three folds"
        intents = f" Intents, left out in turn: {percent(about['intents'])}." if "intents" in about else ""
        yield (
            f"- {who}: heard from {about['ask_at']:.2f}, noted from {about['note_at']:.2f}, both set on "
            f"training texts held out {how}. On those: micro F1 **{held['f1']:.3f}** (precision "
            f"{percent(held['precision'])}, recall {percent(held['recall'])}); noted with precision "
            f"{percent(held['noted_precision'])}, recall {percent(held['noted_recall'])}.{intents}"
        )
    if "Rasa's default" in systems:
        about = systems["Rasa's default"]["about"]
        cut = "" if about["epochs"] == EPOCHS else f", as many as fit into {about['minutes']:.0f} minutes"
        yield (
            f"- Rasa's default: the pipeline of `rasa init`, DIET for {about['epochs']} of {EPOCHS} epochs"
            f"{cut}; {about['labels']} labels, {about['texts']} texts ({about['left_out']} with several "
            "facts left out, as it can say one label only). Batches are of texts of like length, for speed. "
            "Heard is its top label; noted is the same unless it falls back."
        )
    for who, system in systems.items():
        if system.get("stale"):
            yield f"- {who} was trained on an **earlier state** of data/nlu (`--quick`)."
    yield (
        "- Wrong way round: heard with 'yes' where the text says 'no', or the other way, as a share of all "
        "heard. Macro F1: the mean over the (signal, value) pairs that occur in the set. 'mixed' counts as a "
        "value of its own. Times are of the processor, so that other work on the machine does not count."
    )


def put(marker: str, content: str) -> None:
    """Write content between the markers of docs/understanding.md."""
    document = DOCUMENT.read_text(encoding="utf-8")
    start, end = f"<!-- {marker} -->", f"<!-- /{marker} -->"
    before, _, rest = document.partition(start)
    _, found, after = rest.partition(end)
    if not found:
        raise SystemExit(f"evaluate: {DOCUMENT.relative_to(ROOT)} lacks {start} or {end}")
    DOCUMENT.write_text(f"{before}{start}\n{content.strip()}\n{end}{after}", encoding="utf-8")


# ---- the learning curve


def fit_share(share: Fraction, sets: dict[str, list[dict[str, Any]]]) -> dict[str, Any]:
    """Train on a share of the texts and measure."""
    from critical_friend.understanding.signals import SignalHearer

    examples = for_signals(training())
    order = np.random.default_rng(0).permutation(len(examples))[: int(len(examples) * share)]
    chosen = [examples[n] for n in sorted(order)]
    started = time.monotonic()
    hearer = SignalHearer().fit([e.text for e in chosen], [e.facts or {} for e in chosen], VECTORS)
    result: dict[str, Any] = {
        "texts": len(chosen),
        "seconds": time.monotonic() - started,
        "held out": hearer.report["f1"],
    }
    for name, items in sets.items():
        gold = [item["facts"] for item in items]
        all_heard = hearer.hear_many([item["text"] for item in items])
        for kind, at in (("", hearer.ASK_AT), (" noted", hearer.NOTE_AT)):
            f = figures(gold, [{(h.signal, h.value) for h in hs if h.confidence >= at} for hs in all_heard])
            keys = ("f1", "precision", "recall", "found")
            result[name + kind] = {key: f[key] for key in keys}
    return result


def curve() -> str:
    """The learning curve as a table; draws the picture."""
    sets = {name: load(name) for name in ("messages", "passages")}
    KEPT.mkdir(parents=True, exist_ok=True)
    code = [p.read_bytes() for p in sorted((ROOT / "critical_friend" / "understanding").glob("*.py"))]
    results = []
    for share in FRACTIONS:
        stored = KEPT / f"curve-{share.denominator}-{digest(data_key(), code, sets)}.json"
        if not stored.exists():
            say(f"Training on {share} of the texts …")
            stored.write_text(json.dumps(apart(fit_share, share, sets)), encoding="utf-8")
        results.append(json.loads(stored.read_text(encoding="utf-8")))
    draw(results)
    rows = [
        ["training texts", "held-out F1", "messages F1", "passages F1", "messages noted: precision", "recall"]
    ]
    rows += [
        [
            str(r["texts"]),
            f"{r['held out']:.3f}",
            f"{r['messages']['f1']:.3f}",
            f"{r['passages']['f1']:.3f}",
            f"{percent(r['messages noted']['precision'])} of {r['messages noted']['found']}",
            percent(r["messages noted"]["recall"]),
        ]
        for r in results
    ]
    return "\n".join(table(rows))


def draw(results: list[dict[str, Any]]) -> None:
    """The learning curve as a picture."""
    import matplotlib

    matplotlib.use("Agg")
    import matplotlib.pyplot as plt

    plt.rcParams["svg.hashsalt"] = "critical-friend"
    plt.figure(figsize=(7, 3.6))
    texts = [r["texts"] for r in results]
    lines = (
        ("messages", "-o", [r["messages"]["f1"] for r in results]),
        ("passages", "--s", [r["passages"]["f1"] for r in results]),
        ("held-out training texts", ":^", [r["held out"] for r in results]),
    )
    for label, style, heights in lines:
        plt.plot(texts, heights, style, label=label)
    plt.xscale("log", base=2)
    plt.xticks(texts, [str(n) for n in texts])
    plt.minorticks_off()
    plt.ylim(0, 1)
    plt.xlabel("training texts (each mark doubles them)")
    plt.ylabel("micro F1 of all heard")
    plt.grid(alpha=0.3)
    plt.legend()
    plt.tight_layout()
    CURVE.parent.mkdir(parents=True, exist_ok=True)
    plt.savefig(CURVE, metadata={"Date": None})


def main() -> None:
    """Measure, print and write."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--curve", action="store_true", help="draw the learning curve instead (minutes)")
    parser.add_argument("--quick", action="store_true", help="train no baseline; use the newest kept")
    parser.add_argument("--minutes", type=float, default=MINUTES, help="for training Rasa's default pipeline")
    options = parser.parse_args()
    marker, content = ("curve", curve()) if options.curve else ("eval", report(options))
    print(content)
    put(marker, content)


if __name__ == "__main__":
    main()
