"""Hears signals in messages: which, with what value, how surely, and in which words."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, Optional, Sequence, cast

import numpy as np

from .clauses import Clause, ClauseSplitter
from .encoders import Encoder, Tokens, text_key
from .heads import Calibrator, KernelHead, Reducer, threshold_for

Value = Literal["yes", "no", "mixed"]
NOTE_PRECISION = 0.92
"""What is noted without asking must be right this often on texts that were held out."""
ASK_FLOOR = 0.20
"""Below this confidence a candidate is not reported at all."""


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

    def whole(self) -> np.ndarray:
        """The vector of the whole message, for each layer."""
        return self.tokens.mean()


class MessageEncoder:
    """Encodes messages for both readers; keeps the vectors of training texts in a folder if told."""

    def __init__(self, encoder: Optional[Encoder] = None, splitter: Optional[ClauseSplitter] = None) -> None:
        self.encoder = encoder or Encoder()
        self.splitter = splitter or ClauseSplitter()

    def load(self) -> "MessageEncoder":
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

    def vectors(self, texts: Sequence[str], cache: Optional[Path] = None) -> np.ndarray:
        """Whole-text vectors (texts, layers, width); those in the cache folder are not made again."""
        known: dict[str, np.ndarray] = {}
        file = Path(cache) / f"{self.encoder.name}.npz" if cache else None
        if file is not None and file.exists():
            with np.load(file) as stored:
                known = dict(zip(stored["keys"].tolist(), stored["vectors"]))
        keys = [text_key(text) for text in texts]
        todo = {key: text for key, text in zip(keys, texts) if key not in known}
        if todo:
            threads, self.encoder = self.encoder, Encoder(self.encoder.layers, threads=2)
            for key, tokens in zip(todo, self.encoder.tokens(list(todo.values()))):
                known[key] = tokens.mean().astype(np.float16)
            self.encoder = threads
            if file is not None:
                file.parent.mkdir(parents=True, exist_ok=True)
                np.savez(file, keys=np.array(list(known)), vectors=np.stack(list(known.values())))
        return np.stack([known[key] for key in keys]).astype(np.float32)


class SignalHearer:
    """Hears (signal, value) pairs; trained on labelled texts."""

    LAYER_WEIGHTS = (0.3, 0.3, 0.4)
    SIZE = 512
    WIDTH = 1.0
    RIDGE = 0.2

    def __init__(self, encoder: Optional[MessageEncoder] = None) -> None:
        self.encoder = encoder or MessageEncoder()
        self.signals: list[str] = []
        self.NOTE_AT = 1.0
        self.ASK_AT = 0.35
        self._reducer: Optional[Reducer] = None
        self._head: Optional[KernelHead] = None
        self._calibrator: Optional[Calibrator] = None

    def fit(
        self, texts: Sequence[str], facts: Sequence[dict[str, str]], cache: Optional[Path] = None
    ) -> "SignalHearer":
        """Train on texts and their facts; sets NOTE_AT from leave-one-out confidences."""
        self.signals = sorted({signal for fact in facts for signal in fact})
        labels = self._labels(facts)
        vectors = self.encoder.vectors(texts, cache)
        self._reducer = Reducer.fit(vectors, np.array(self.LAYER_WEIGHTS), self.SIZE)
        self._head, loo = KernelHead.fit(self._reducer.apply(vectors), labels, self.WIDTH, self.RIDGE)
        candidates = self._candidates(loo)
        truth = labels.reshape(len(texts), -1, 2)
        rows, columns, ways = candidates
        right = truth[rows, columns, ways]
        features = self._features(loo, candidates)
        self._calibrator = Calibrator.fit(features, right)
        confidence = self._calibrator.apply(features)
        self.NOTE_AT = threshold_for(confidence, right, NOTE_PRECISION) or 0.95
        return self

    def hear(self, message: str | Encoded) -> list[Heard]:
        """What a message says, the surest first."""
        return self.hear_many([message])[0]

    def hear_many(self, messages: Sequence[str | Encoded]) -> list[list[Heard]]:
        """What each message says."""
        plain = [m for m in messages if isinstance(m, str)]
        made = iter(self.encoder.encode_many(plain) if plain else [])
        encoded = [next(made) if isinstance(m, str) else m for m in messages]
        if not encoded or self._head is None or self._reducer is None or self._calibrator is None:
            return [[] for _ in encoded]
        vectors, owners, spans = [], [], []
        for number, message in enumerate(encoded):
            vectors.append(message.whole())
            owners.append(number)
            spans.append((0, len(message.text)))
            for clause in message.clauses if len(message.clauses) > 1 else ():
                vector = message.tokens.span_mean(clause.start, clause.end)
                if vector is not None:
                    vectors.append(vector)
                    owners.append(number)
                    spans.append((clause.start, clause.end))
        scores = self._head.scores(self._reducer.apply(np.stack(vectors)))
        owner = np.array(owners)
        heard: list[list[Heard]] = []
        for number in range(len(encoded)):
            mine = np.where(owner == number)[0]
            heard.append(self._decide(scores[mine], [spans[i] for i in mine]))
        return heard

    def _decide(self, scores: np.ndarray, spans: list[tuple[int, int]]) -> list[Heard]:
        """From the scores of the whole (first row) and of the clauses to what is heard."""
        assert self._calibrator is not None
        whole = scores[:1]
        candidates = self._candidates(whole)
        confidences = self._calibrator.apply(self._features(whole, candidates))
        found = []
        for column, way, confidence in zip(candidates[1], candidates[2], confidences):
            if confidence < ASK_FLOOR:
                continue
            best = 0
            if len(scores) > 1:
                best = 1 + int(np.argmax(scores[1:, 2 * column + way]))
            value = cast(Value, ("yes", "no")[way])
            found.append(Heard(self.signals[column], value, float(confidence), *spans[best]))
        return sorted(found, key=lambda heard: -heard.confidence)

    def _labels(self, facts: Sequence[dict[str, str]]) -> np.ndarray:
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

    @staticmethod
    def _candidates(scores: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """The better way of each signal, for the signals that score best: rows, signals, ways."""
        pairs = scores.reshape(len(scores), -1, 2)
        best = pairs.max(axis=2)
        rows = np.repeat(np.arange(len(scores)), 6)
        columns = np.argsort(-best, axis=1)[:, :6].ravel()
        return rows, columns, pairs[rows, columns].argmax(axis=1)

    @staticmethod
    def _features(scores: np.ndarray, candidates: tuple[np.ndarray, np.ndarray, np.ndarray]) -> np.ndarray:
        """For each candidate: its score, its lead over its other way and over the other signals."""
        rows, columns, ways = candidates
        pairs = scores.reshape(len(scores), -1, 2)
        own = pairs[rows, columns, ways]
        other = pairs[rows, columns, 1 - ways]
        best = np.sort(pairs.max(axis=2), axis=1)[:, ::-1]
        rival = np.where(own >= best[rows, 0] - 1e-9, best[rows, 1], best[rows, 0])
        return np.stack([own, own - other, np.clip(own - rival, -1, 1)], axis=1)

    def save(self, folder: Path | str) -> None:
        """Write the trained model into a folder."""
        assert self._head is not None and self._reducer is not None and self._calibrator is not None
        folder = Path(folder)
        folder.mkdir(parents=True, exist_ok=True)
        np.savez(
            folder / "signals.npz",
            means=self._reducer.means,
            weights=self._reducer.weights,
            basis=self._reducer.basis,
            points=self._head.points,
            dual=self._head.dual,
            calibration=self._calibrator.weights,
        )
        about = {"signals": self.signals, "note_at": self.NOTE_AT, "ask_at": self.ASK_AT, "width": self._head.width}
        (folder / "signals.json").write_text(json.dumps(about, indent=1), encoding="utf-8")

    @classmethod
    def load(cls, folder: Path | str, encoder: Optional[MessageEncoder] = None) -> "SignalHearer":
        """Read a trained model from a folder."""
        folder = Path(folder)
        about = json.loads((folder / "signals.json").read_text(encoding="utf-8"))
        hearer = cls(encoder)
        hearer.signals = about["signals"]
        hearer.NOTE_AT, hearer.ASK_AT = about["note_at"], about["ask_at"]
        with np.load(folder / "signals.npz") as stored:
            hearer._reducer = Reducer(stored["means"], stored["weights"], stored["basis"])
            hearer._head = KernelHead(stored["points"], stored["dual"], about["width"])
            hearer._calibrator = Calibrator(stored["calibration"])
        return hearer
