"""Hears signals in messages: which, with what value, how surely, and in which words."""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import joblib
import numpy as np
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.model_selection import GroupKFold

from .clauses import Clause, ClauseSplitter, marks_of
from .encoders import MODEL_FILE, Encoder, Tokens, quantise, text_key
from .heads import Array, KernelMachine, threshold_for

Value = Literal["yes", "no", "mixed"]
NOTE_PRECISION = 0.82
"""What is noted without asking must be right this often on texts that were held out."""
FLOOR = 0.15
"""Below this confidence a candidate is not reported at all."""
CANDIDATES = 8
"""How many signals of a message the second stage looks at."""
MARKS = ("negated", "hedged", "condition", "question", "past")
HINDERING = frozenset(
    "culture_risk_averse turf_protection silo_budget systems_barrier boundary_mismatch privacy_barrier"
    " key_person_risk stalled falling_back".split()
)
"""Signals whose 'yes' is bad news: complaint and praise tell which way round something is said."""
NEUTRAL = frozenset(
    "below_radar top_down_mandate complex_problem window_of_opportunity cannot_do_alone"
    " accountability_line moment_of_recognition".split()
)
"""Signals that are neither good news nor bad."""


@dataclass(frozen=True)
class Heard:
    """A signal heard in a message, and the character span of the clause that carried it."""

    signal: str
    value: Value
    confidence: float
    start: int
    end: int


@dataclass(frozen=True)
class Encoded:
    """A message with its vectors, made once and read by SignalHearer and IntentReader."""

    text: str
    tokens: Tokens
    clauses: tuple[Clause, ...]

    def whole(self) -> Array:
        """The vector of the whole message, for each layer."""
        return self.tokens.mean()


class MessageEncoder:
    """Encodes messages for both readers; keeps the vectors of training texts in a folder if told."""

    def __init__(self, encoder: Encoder | None = None, splitter: ClauseSplitter | None = None) -> None:
        self.encoder = encoder or Encoder()
        self.splitter = splitter or ClauseSplitter()

    def prepare(self, folder: Path) -> MessageEncoder:
        """Make the faster network in a folder and use it from now on."""
        self.encoder = Encoder(self.encoder.layers, self.encoder.threads, quantise(Path(folder)))
        return self

    @classmethod
    def of(cls, folder: Path | str) -> MessageEncoder:
        """The encoder that belongs to the model in a folder."""
        model = Path(folder) / MODEL_FILE
        return cls(Encoder(model=model if model.exists() else None))

    def load(self) -> MessageEncoder:
        """Load the weights now instead of at the first message."""
        self.encoder.load()
        self.splitter.load()
        return self

    def encode(self, text: str) -> Encoded:
        """One message, with its clauses."""
        return self.encode_many([text])[0]

    def encode_many(self, texts: Sequence[str]) -> list[Encoded]:
        """Several messages, with their clauses."""
        clauses = self.splitter.split_many(texts)
        tokens = self.encoder.tokens(texts)
        return [Encoded(t, k, tuple(c)) for t, k, c in zip(texts, tokens, clauses)]

    def vectors(self, texts: Sequence[str], cache: Path | None = None) -> Array:
        """Whole-text vectors (texts, layers, width); those in the cache folder are not made again."""
        known: dict[str, Array] = {}
        file = Path(cache) / f"{self.encoder.name}.npz" if cache else None
        if file is not None and file.exists():
            with np.load(file) as stored:
                known = dict(zip(stored["keys"].tolist(), stored["vectors"]))
        keys = [text_key(text) for text in texts]
        todo = {key: text for key, text in zip(keys, texts) if key not in known}
        if todo:
            worker = Encoder(self.encoder.layers, threads=2, model=self.encoder.model)
            for key, tokens in zip(todo, worker.tokens(list(todo.values()))):
                known[key] = tokens.mean().astype(np.float16)
            if file is not None:
                file.parent.mkdir(parents=True, exist_ok=True)
                np.savez(file, keys=np.array(list(known)), vectors=np.stack(list(known.values())))
        return np.stack([known[key] for key in keys]).astype(np.float32)


class SignalHearer:
    """Hears (signal, value) pairs; trained on labelled texts.

    Two stages. The first scores every (signal, value), every signal, 'says nothing' and 'good news'
    over the whole message. The second weighs those scores, and how the message is said, for the
    likeliest signals in both ways round, and gives the chance that each is right.
    """

    def __init__(self, encoder: MessageEncoder | None = None) -> None:
        self.encoder = encoder or MessageEncoder()
        self.signals: list[str] = []
        self.NOTE_AT = 0.9
        self.ASK_AT = 0.35
        self.report: dict[str, float] = {}
        self._machine: KernelMachine | None = None
        self._judge: Any = None
        self._prior = np.zeros((0, 2))
        self._sense = np.zeros(0)

    def fit(
        self, texts: Sequence[str], facts: Sequence[dict[str, str]], cache: Path | str | None = None
    ) -> SignalHearer:
        """Train on texts and their facts; vectors and network are kept in the cache folder if given."""
        self._use_fast_network(cache)
        self.signals = sorted({signal for fact in facts for signal in fact})
        self._sense = np.array(
            [0.0 if s in NEUTRAL else -1.0 if s in HINDERING else 1.0 for s in self.signals]
        )
        labels = self._labels(facts)
        self._prior = np.log((labels.sum(axis=0) + 1) / len(labels)).reshape(-1, 2)
        self._machine = KernelMachine()
        vectors = self.encoder.vectors(texts, Path(cache) if cache else None)
        scores = self._machine.fit(texts, vectors, self._targets(labels))
        (rows, columns, ways), features = self._candidates(scores, texts)
        right = labels.reshape(len(texts), -1, 2)[rows, columns, ways].astype(int)
        confidence = np.zeros(len(right))
        for learn, test in GroupKFold(3).split(features, right, rows):
            confidence[test] = _judge().fit(features[learn], right[learn]).predict_proba(features[test])[:, 1]
        self._judge = _judge().fit(features, right)
        self._set_thresholds(rows, columns, confidence, right, labels)
        return self

    def _use_fast_network(self, cache: Path | str | None) -> None:
        if self.encoder.encoder.model is None:
            self.encoder.prepare(Path(cache) if cache else Path(tempfile.mkdtemp(prefix="understanding-")))

    def _set_thresholds(
        self,
        rows: Array,
        columns: Array,
        confidence: Array,
        right: Array,
        labels: Array,
    ) -> None:
        """NOTE_AT for the precision wanted, ASK_AT for the best F1, both on held-out confidences."""
        better = confidence >= _other_way(confidence)
        rows, columns, confidence, right = (part[better] for part in (rows, columns, confidence, right))
        self.NOTE_AT = threshold_for(confidence, right, NOTE_PRECISION) or 0.95
        order = np.argsort(-confidence)
        hits = np.cumsum(right[order])
        f1 = 2 * hits / (np.arange(1, len(hits) + 1) + labels.sum())
        best = int(np.argmax(f1))
        self.ASK_AT = float(confidence[order[best]])
        noted = confidence >= self.NOTE_AT
        self.report = {
            "f1": float(f1[best]),
            "precision": float(hits[best] / (best + 1)),
            "recall": float(hits[best] / labels.sum()),
            "noted_recall": float(right[noted].sum() / labels.sum()),
            "noted_precision": float(right[noted].mean()) if noted.any() else 1.0,
        }

    def hear(self, message: str | Encoded) -> list[Heard]:
        """What a message says, the surest first."""
        return self.hear_many([message])[0]

    def hear_many(self, messages: Sequence[str | Encoded]) -> list[list[Heard]]:
        """What each message says; at most one value for each signal."""
        plain = [m for m in messages if isinstance(m, str)]
        made = iter(self.encoder.encode_many(plain) if plain else [])
        encoded = [next(made) if isinstance(m, str) else m for m in messages]
        if not encoded or self._machine is None:
            return [[] for _ in encoded]
        texts = [message.text for message in encoded]
        vectors = [message.whole() for message in encoded]
        owners = list(range(len(encoded)))
        spans = [(0, len(text)) for text in texts]
        for number, message in enumerate(encoded):
            for clause in message.clauses if len(message.clauses) > 1 else ():
                vector = message.tokens.span_mean(clause.start, clause.end)
                if vector is not None:
                    vectors.append(vector)
                    owners.append(number)
                    spans.append((clause.start, clause.end))
        scores = self._machine.scores(texts, np.stack(vectors), np.array(owners))
        (rows, columns, ways), features = self._candidates(scores[: len(texts)], texts)
        confidence = self._judge.predict_proba(features)[:, 1]
        keep = np.where((confidence >= FLOOR) & (confidence >= _other_way(confidence)))[0]
        heard: list[dict[str, Heard]] = [{} for _ in encoded]
        owner = np.array(owners)
        for n in keep[np.argsort(-confidence[keep])]:
            row, column, way = int(rows[n]), int(columns[n]), int(ways[n])
            parts = np.where(owner[len(texts) :] == row)[0] + len(texts)
            at = int(parts[np.argmax(scores[parts, 2 * column + way])]) if len(parts) else row
            signal = self.signals[column]
            value: Value = "no" if way else "yes"
            heard[row].setdefault(signal, Heard(signal, value, float(confidence[n]), *spans[at]))
        return [list(found.values()) for found in heard]

    def _labels(self, facts: Sequence[dict[str, str]]) -> Array:
        """One column for each signal and way; 'mixed' is both ways."""
        place = {signal: n for n, signal in enumerate(self.signals)}
        labels = np.zeros((len(facts), len(self.signals) * 2), np.float32)
        for row, fact in enumerate(facts):
            for signal, value in fact.items():
                if value in ("yes", "mixed"):
                    labels[row, 2 * place[signal]] = 1
                if value in ("no", "mixed"):
                    labels[row, 2 * place[signal] + 1] = 1
        return labels

    def _targets(self, labels: Array) -> Array:
        """What the first stage learns: the labels, the signals alone, nothing said, good news."""
        yes, no = labels[:, 0::2], labels[:, 1::2]
        subject = np.maximum(yes, no)
        nothing = subject.sum(axis=1, keepdims=True) == 0
        news = np.clip((yes - no) @ self._sense, -1, 1)[:, None]
        return np.hstack([labels, subject, nothing, (news + 1) / 2]).astype(np.float32)

    def _candidates(self, scores: Array, texts: Sequence[str]) -> tuple[tuple[Array, Array, Array], Array]:
        """The likeliest signals of each text, each both ways round in turn, and their features."""
        size = len(self.signals)
        pairs = scores[:, : 2 * size].reshape(len(scores), size, 2)
        best = pairs.max(axis=2)
        top = np.argsort(-best, axis=1)[:, :CANDIDATES]
        width = top.shape[1]
        rows = np.repeat(np.arange(len(scores)), 2 * width)
        columns = np.repeat(top.ravel(), 2)
        ways = np.tile([0, 1], len(scores) * width)
        ranked = np.sort(best, axis=1)[:, ::-1]
        first = np.tile(np.repeat(np.arange(width), 2) == 0, len(scores))
        own = pairs[rows, columns, ways]
        toward = (1 - 2 * ways) * self._sense[columns]
        how = np.array([[mark in marks_of(text) for mark in MARKS] for text in texts], float)
        length = np.array([np.log(len(text.split()) + 1) for text in texts])
        features = np.column_stack(
            [
                own,
                own - pairs[rows, columns, 1 - ways],
                own - np.where(first, ranked[rows, 1], ranked[rows, 0]),
                scores[rows, 2 * size + columns],
                scores[rows, 3 * size],
                toward * scores[rows, 3 * size + 1],
                toward,
                length[rows],
                first,
                self._prior[columns, ways],
                how[rows],
            ]
        )
        return (rows, columns, ways), features

    def save(self, folder: Path | str) -> None:
        """Write the trained model, with the network it needs, into a folder."""
        assert self._machine is not None
        folder = Path(folder)
        folder.mkdir(parents=True, exist_ok=True)
        self._machine.save(folder / "signals.joblib")
        joblib.dump(self._judge, folder / "judge.joblib")
        network = self.encoder.encoder.model
        if network is not None and network.resolve() != (folder / MODEL_FILE).resolve():
            shutil.copyfile(network, folder / MODEL_FILE)
        about = {
            "signals": self.signals,
            "note_at": self.NOTE_AT,
            "ask_at": self.ASK_AT,
            "prior": self._prior.tolist(),
            "sense": self._sense.tolist(),
            "report": self.report,
        }
        (folder / "signals.json").write_text(json.dumps(about, indent=1), encoding="utf-8")

    @classmethod
    def load(cls, folder: Path | str, encoder: MessageEncoder | None = None) -> SignalHearer:
        """Read a trained model from a folder."""
        folder = Path(folder)
        about = json.loads((folder / "signals.json").read_text(encoding="utf-8"))
        hearer = cls(encoder or MessageEncoder.of(folder))
        hearer.signals, hearer.report = about["signals"], about["report"]
        hearer.NOTE_AT, hearer.ASK_AT = about["note_at"], about["ask_at"]
        hearer._prior, hearer._sense = np.array(about["prior"]), np.array(about["sense"])
        hearer._machine = KernelMachine.load(folder / "signals.joblib")
        hearer._judge = joblib.load(folder / "judge.joblib")
        return hearer


def _judge() -> HistGradientBoostingClassifier:
    """The second stage, untrained."""
    return HistGradientBoostingClassifier(
        max_iter=60,
        max_depth=4,
        learning_rate=0.13,
        min_samples_leaf=40,
        early_stopping=False,
        random_state=0,
    )


def _other_way(confidence: Array) -> Array:
    """For candidates that come in pairs, the confidence of the other one of the pair."""
    return confidence.reshape(-1, 2)[:, ::-1].ravel()
