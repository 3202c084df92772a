"""Signals and intent of a message, from one encoding of it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from critical_friend.understanding.intents import IntentReader
from critical_friend.understanding.signals import MessageEncoder, SignalHearer

#: A message of one of these kinds that plainly carries a signal is a telling, whatever it opens with.
OPENINGS = frozenset(
    {"greet", "goodbye", "help", "out_of_scope", "unsure", "restart", "forget", "start_roleplay"}
)


#: Sentences of a message are heard one by one as well as together, up to this many words. Longer
#: texts are told in turns and asides, and their single sentences mislead (docs/understanding.md).
LONGEST_SPLIT = 60
SHORTEST_SENTENCE = 4
_SENTENCE = re.compile(r"\S.*?(?:[.!?…]+(?=\s)|$)", re.DOTALL)


def _sentences(text: str) -> list[tuple[int, int]]:
    """The places of the sentences of a message that has several, leaving out very short ones."""
    places = [found.span() for found in _SENTENCE.finditer(text)]
    if len(places) < 2 or len(text.split()) > LONGEST_SPLIT:
        return []
    return [(a, b) for a, b in places if len(text[a:b].split()) >= SHORTEST_SENTENCE]


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
    """What was understood: intents with confidences, likeliest first, and signals, surest first."""

    intents: tuple[tuple[str, float], ...]
    hearings: tuple[Heard, ...]


class Understanding:
    """The trained model for both."""

    def __init__(self, hearer: SignalHearer | None = None, reader: IntentReader | None = None) -> None:
        self.encoder = MessageEncoder()
        self.hearer = hearer or SignalHearer(self.encoder)
        self.reader = reader or IntentReader(self.encoder)

    def fit(
        self,
        texts: Sequence[str],
        intents: Sequence[str],
        facts: Sequence[dict[str, str] | None],
        cache: Path | None = None,
    ) -> Understanding:
        """Train both. ``facts`` is ``None`` for texts that are not labelled for signals."""
        labelled = [i for i, fact in enumerate(facts) if fact is not None]
        # Small talk and questions carry no signal, so they serve as examples of nothing too.
        nothing = [
            i
            for i, (intent, fact) in enumerate(zip(intents, facts, strict=True))
            if fact is None and intent not in ("tell", "correct", "ask_what_if", "affirm", "deny")
        ]
        chosen = labelled + nothing
        self.hearer.fit([texts[i] for i in chosen], [facts[i] or {} for i in chosen], cache)
        # Far more texts tell than do anything else; a share of them is enough to know telling by.
        telling = [i for i in labelled if intents[i] == "tell"]
        step = max(1, len(telling) // 2400)
        kept = set(telling[::step])
        for_intent = [i for i in range(len(texts)) if facts[i] is None or i in kept]
        self.reader.fit([texts[i] for i in for_intent], [intents[i] for i in for_intent], cache)
        return self

    def understand(self, text: str, asked: str | None = None) -> Understood:
        """What ``text`` means. ``asked`` is the signal of the question that was just put."""
        sentences = _sentences(text)
        encoded, *parts = self.encoder.encode_many([text, *(text[a:b] for a, b in sentences)])
        intents = self.reader.read(encoded)
        whole, *heard_in_parts = self.hearer.hear_many([encoded, *parts])
        best: dict[str, Heard] = {}
        for (start, _), found in zip([(0, 0), *sentences], [whole, *heard_in_parts], strict=True):
            for h in found:
                known = best.get(h.signal)
                if h.confidence >= self.hearer.ASK_AT and (known is None or h.confidence > known.confidence):
                    sure = h.confidence >= self.hearer.NOTE_AT
                    best[h.signal] = Heard(
                        h.signal, h.value, round(h.confidence, 4), start + h.start, start + h.end, sure
                    )
        hearings = tuple(sorted(best.values(), key=lambda h: -h.confidence))
        if intents and intents[0][0] in OPENINGS and any(h.sure for h in hearings):
            intents = [("tell", intents[0][1]), *intents]
        return Understood(tuple((n, round(c, 4)) for n, c in intents), hearings)

    def save(self, folder: Path) -> None:
        """Write the model into ``folder``."""
        self.hearer.save(folder)
        self.reader.save(folder)

    @classmethod
    def load(cls, folder: Path) -> Understanding:
        """Read the model that ``save`` wrote, with the encoder's weights."""
        model = cls()
        model.encoder.load()
        model.hearer = SignalHearer.load(folder, model.encoder)
        model.reader = IntentReader.load(folder, model.encoder)
        return model
