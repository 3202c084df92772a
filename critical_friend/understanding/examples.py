"""Training examples, and which of them are held out for setting confidences."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import yaml
from numpy.typing import NDArray

#: Every so-manieth text is held out, chosen by its hash: the same text always, on every machine.
HELD_OUT_EVERY = 12
#: Examples of these intents are not labelled for signals, and may carry some.
UNLABELLED = frozenset({"tell", "correct", "ask_what_if", "ask_what_it_takes", "affirm", "deny"})


@dataclass(frozen=True)
class Example:
    """A training text with its intent and facts; ``facts`` is ``None`` where signals are not labelled."""

    text: str
    intent: str
    facts: Mapping[str, str] | None

    @property
    def held_out(self) -> bool:
        """Whether it is kept from learning, to see how sure one may be."""
        digest = hashlib.blake2b(self.text.encode("utf-8"), digest_size=4).digest()
        return int.from_bytes(digest, "big") % HELD_OUT_EVERY == 0


def examples_of(
    texts: Sequence[str], intents: Sequence[str], facts: Sequence[Mapping[str, str] | None]
) -> list[Example]:
    """The examples. Small talk and questions carry no signal, so they serve as examples of nothing too."""
    return [
        Example(text, intent, {} if fact is None and intent not in UNLABELLED else fact)
        for text, intent, fact in zip(texts, intents, facts, strict=True)
    ]


def signals_of(examples: Sequence[Example]) -> list[str]:
    """The signals that occur, in order of their names."""
    return sorted({signal for example in examples for signal in example.facts or ()})


def read_examples(folder: Path) -> list[Example]:
    """The examples in Rasa's training files under ``folder``, without Rasa."""
    texts, intents, facts = [], [], []
    for file in sorted(folder.rglob("*.yml")):
        for block in yaml.load(file.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)["nlu"]:
            for line in block["examples"].splitlines():
                texts.append(line.removeprefix("- ").strip())
                intents.append(block["intent"])
                facts.append((block.get("metadata") or {}).get("facts"))
    return examples_of(texts, intents, facts)


def signal_labels(examples: Sequence[Example], signals: Sequence[str]) -> NDArray[np.float32]:
    """One row for each example, two columns (yes, no) for each signal; 'mixed' is both."""
    place = {signal: n for n, signal in enumerate(signals)}
    labels = np.zeros((len(examples), 2 * len(signals)), np.float32)
    for row, example in enumerate(examples):
        for signal, value in (example.facts or {}).items():
            labels[row, 2 * place[signal]] = value in ("yes", "mixed")
            labels[row, 2 * place[signal] + 1] = value in ("no", "mixed")
    return labels
