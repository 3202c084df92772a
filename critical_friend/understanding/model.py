"""Signals and intent of a message: the trained model for both."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import joblib
import numpy as np

from critical_friend.framing import after_interjection, as_if_so, parts_supposed, supposed_in
from critical_friend.understanding.clauses import MARKS, Clause, ClauseSplitter
from critical_friend.understanding.examples import Example, signal_labels
from critical_friend.understanding.intents import IntentReader
from critical_friend.understanding.judging import Judge, Sights, candidates_of, lengths_of
from critical_friend.understanding.network import FITTED, MODEL_FILE, Array, Network, Read, build
from critical_friend.understanding.wording import Wording

FLOOR = 0.15
"""Below this confidence a candidate is not reported at all."""
LONG, SURE_ALONE = 4, 0.9
"""A text of so many sentences is heard sentence by sentence too; out of its place a sentence has to be
so sure to count."""
TELL_SHARE = 8
"""Of the many tellings one in so many serves as an example when intents are learnt from wording."""
#: A message of one of these kinds that plainly carries a signal is a telling, whatever it opens with.
OPENINGS = frozenset(
    {"greet", "goodbye", "help", "out_of_scope", "unsure", "restart", "forget", "start_roleplay"}
)


class NotFitted(RuntimeError):
    """The examples name a signal or an intent that the network was not fitted to."""


@dataclass(frozen=True)
class Heard:
    """One signal in a message, with the characters that carried it, and whether to note it."""

    signal: str
    value: str
    confidence: float
    start: int
    end: int
    sure: bool

    def to_data(self) -> dict[str, Any]:
        """Plain data, as it travels in Rasa's parse data."""
        return asdict(self)


@dataclass(frozen=True)
class Understood:
    """What was understood: intents with confidences, likeliest first, and signals, surest first.

    ``candidates`` are the signals down to the lowest confidence that is reported, for measuring.
    """

    intents: tuple[tuple[str, float], ...]
    hearings: tuple[Heard, ...]
    candidates: tuple[Heard, ...] = ()


@dataclass(frozen=True)
class Seen:
    """What is seen in some texts: for signals (``sights``), and for intents the scores (texts, intents)
    from the network and from the wording."""

    reads: list[Read]
    clauses: list[list[Clause]]
    sights: Sights
    intents: tuple[Array, Array]


class Understanding:
    """Reads messages. Made by ``train`` or ``load``."""

    def __init__(
        self, network: Network, wording: Wording, judge: Judge, reader: IntentReader, splitter: ClauseSplitter
    ) -> None:
        self.network, self.wording = network, wording
        self.judge, self.reader, self.splitter = judge, reader, splitter

    @classmethod
    def train(cls, examples: Sequence[Example], folder: Path, fitted: Path = FITTED) -> Understanding:
        """Learn from the examples; the network's file is made in ``folder`` from what was ``fitted``.

        Raises ``NotFitted`` when the network does not know a signal or intent of theirs.
        """
        network = Network(build(folder, fitted), threads=2)
        _check_fitted(network, examples)
        learnt = [e for e in examples if not e.held_out]
        labelled = [n for n, e in enumerate(learnt) if e.facts is not None]
        tellings = [n for n, e in enumerate(learnt) if e.intent == "tell"]
        kinds = [n for n, e in enumerate(learnt) if e.intent != "tell"] + tellings[::TELL_SHARE]
        signals = signal_labels([learnt[n] for n in labelled], network.signals)
        intents = np.array([[learnt[n].intent == kind for kind in network.intents] for n in kinds])
        wording = Wording().fit(
            [e.text for e in learnt], [(np.array(labelled), signals), (np.array(kinds), intents)]
        )
        model = cls(network, wording, Judge(), IntentReader(network.intents), ClauseSplitter())
        model._set_confidence([e for e in examples if e.held_out])
        return model

    def _set_confidence(self, held_out: Sequence[Example]) -> None:
        """Learn how sure one may be, from texts that neither the network nor the wording has seen."""
        seen = self._see([e.text for e in held_out])
        self.reader.fit(*seen.intents, [e.intent for e in held_out])
        labelled = [n for n, e in enumerate(held_out) if e.facts is not None]
        truth = signal_labels([held_out[n] for n in labelled], self.network.signals)
        self.judge.fit(seen.sights.of(labelled), truth)

    def _see(self, texts: Sequence[str]) -> Seen:
        """Both sights of each text, with its clauses."""
        reads, clauses = self.network.read(texts), self.splitter.split_many(texts)
        signals, intents = self.wording.scores(texts)
        how = np.stack([_how_said(read, parts) for read, parts in zip(reads, clauses, strict=True)])
        return Seen(
            reads,
            clauses,
            Sights(np.stack([read.signals for read in reads]), signals, how, lengths_of(texts)),
            (np.stack([read.intents for read in reads]), intents),
        )

    def understand(self, text: str, asked: str | None = None) -> Understood:
        """What ``text`` means. ``asked`` is the signal of the question that was just put.

        What bears on the question is noted with less certainty than what comes out of the blue, unless it
        is said not to be known.
        """
        seen = self._see([text])
        intents = self.reader.read(*seen.intents)
        if intents[0][0] == "ask_what_if":
            candidates = self._hear_supposed(text, asked)
        elif start := after_interjection(text):
            found = self._hear(self._see([text[start:]]), asked)
            candidates = tuple(replace(h, start=h.start + start, end=h.end + start) for h in found)
        else:
            candidates = self._hear_out(text, seen, asked)
        hearings = tuple(h for h in candidates if h.confidence >= self.judge.ask_at)
        if intents[0][0] in OPENINGS and any(h.sure for h in hearings):
            intents = [("tell", intents[0][1]), *intents]
        return Understood(tuple((n, round(c, 4)) for n, c in intents), hearings, candidates)

    def _hear_out(self, text: str, seen: Seen, asked: str | None) -> tuple[Heard, ...]:
        """What the text carries as a whole, and what a sentence of a long one surely carries by itself.

        What is said once among much else is drowned in the whole.
        """
        found = {heard.signal: heard for heard in self._hear(seen, asked)}
        sentences = self.splitter.sentences(seen.clauses[0])
        if len(sentences) >= LONG:
            for start, end in sentences:
                for heard in self._hear(self._see([text[start:end]]), asked):
                    known = found.get(heard.signal)
                    if heard.confidence >= SURE_ALONE and not (known and known.sure):
                        found[heard.signal] = replace(heard, start=heard.start + start, end=heard.end + start)
        return tuple(sorted(found.values(), key=lambda heard: -heard.confidence))

    def _hear(self, seen: Seen, asked: str | None) -> tuple[Heard, ...]:
        """What the first text of ``seen`` carries."""
        read, clauses = seen.reads[0], seen.clauses[0]
        found = candidates_of(seen.sights)
        confidences = self.judge.confidences(found).reshape(-1, 2)
        heard = []
        for column, pair in zip(found.columns[::2], confidences, strict=True):
            if pair.max() < FLOOR:
                continue
            signal = self.network.signals[column]
            both = pair.min() >= self.judge.mixed_at
            value = "mixed" if both else ("yes", "no")[int(pair.argmax())]
            note_at = self.judge.note_mixed_at if both else self.judge.note_at
            clause = clauses[_clause_of(read, clauses)[column]]
            if signal == asked and not both and not clause.has("not_known"):
                note_at = self.judge.ask_at
            confidence = float(pair.min() if both else pair.max())
            heard.append(
                Heard(
                    signal,
                    value,
                    round(confidence, 4),
                    clause.start,
                    clause.end,
                    confidence >= note_at,
                )
            )
        return tuple(sorted(heard, key=lambda h: -h.confidence))

    def _hear_supposed(self, text: str, asked: str | None) -> tuple[Heard, ...]:
        """What a supposition carries, part by part; as a whole, what no part of it carries as surely."""
        found: dict[str, Heard] = {}
        for start, end in dict.fromkeys((*parts_supposed(text), supposed_in(text))):
            for heard in self._hear(self._see([as_if_so(text[start:end])]), asked):
                known = found.get(heard.signal)
                if known is None or heard.sure > known.sure:
                    found[heard.signal] = replace(heard, start=start, end=end)
        return tuple(sorted(found.values(), key=lambda heard: -heard.confidence))

    def save(self, folder: Path) -> None:
        """Write the model into ``folder``."""
        folder.mkdir(parents=True, exist_ok=True)
        if self.network.file.resolve() != (folder / MODEL_FILE).resolve():
            shutil.copyfile(self.network.file, folder / MODEL_FILE)
        joblib.dump((self.wording, self.judge, self.reader), folder / "heads.joblib", compress=1)

    @classmethod
    def load(cls, folder: Path) -> Understanding:
        """Read the model that ``save`` wrote."""
        wording, judge, reader = joblib.load(folder / "heads.joblib")
        return cls(Network(folder / MODEL_FILE), wording, judge, reader, ClauseSplitter().load())


def _check_fitted(network: Network, examples: Sequence[Example]) -> None:
    signals = {signal for e in examples for signal in e.facts or ()} - set(network.signals)
    intents = {e.intent for e in examples} - set(network.intents)
    if signals or intents:
        names = ", ".join(sorted(signals | intents))
        raise NotFitted(f"The examples in data/nlu name {names}, new to the network. Run 'make fit' first.")


def _clause_of(read: Read, clauses: list[Clause]) -> Array:
    """For each signal the place of the clause that it was read from most."""
    middles = read.offsets.mean(axis=1)
    real = read.offsets[:, 1] > read.offsets[:, 0]
    mass = np.stack(
        [
            (read.share * (real & (middles >= c.start) & (middles < c.end))).sum(axis=1)
            for c in clauses or [Clause("", 0, 0)]
        ]
    )
    return mass.argmax(axis=0)


def _how_said(read: Read, clauses: list[Clause]) -> Array:
    """For each signal the marks (negated, hedged, …) of the clause it was read from: (signals, marks)."""
    marks = np.array(
        [[mark in clause.marks for mark in MARKS] for clause in clauses or [Clause("", 0, 0)]], float
    )
    return marks[_clause_of(read, clauses)]
