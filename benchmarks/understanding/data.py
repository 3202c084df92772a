"""What is measured with: training examples, evaluation files, and keys for what is kept."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, TypedDict

import yaml

from critical_friend.understanding.examples import Example, read_examples
from critical_friend.understanding.model import TELL_SHARE

ROOT = Path(__file__).resolve().parents[2]
MODEL = ROOT / "models" / "critical-friend.tar.gz"
DATA = ROOT / "data" / "nlu"
TESTS = ROOT / "tests" / "understanding"
DOCUMENT = ROOT / "docs" / "understanding.md"
KEPT = ROOT / ".cache" / "eval"

Item = dict[str, Any]
"""A text of an evaluation file: ``text`` with ``facts``, ``intent`` or ``personal``."""
Facts = Mapping[str, str]


class Reading(TypedDict):
    """What a system makes of one text; each thing heard is signal, value, confidence, whether noted."""

    heard: list[tuple[str, str, float, bool]]
    candidates: list[tuple[str, str, float]]
    intent: str
    ms: float


class Readings(TypedDict):
    """What a system makes of all texts, and what its notes say about it."""

    readings: list[Reading]
    about: dict[str, Any]


def training() -> list[Example]:
    """The training texts."""
    return read_examples(DATA)


def for_signals(examples: Sequence[Example]) -> list[Example]:
    """The texts that signals are learnt from."""
    return [e for e in examples if e.facts is not None]


def for_intents(examples: Sequence[Example]) -> list[Example]:
    """The texts that intents are learnt from: of the many tellings one in so many."""
    telling = [e for e in examples if e.intent == "tell"]
    return [e for e in examples if e.intent != "tell"] + telling[::TELL_SHARE]


def load(name: str) -> list[Item]:
    """One of the evaluation files."""
    items: list[Item] = yaml.safe_load((TESTS / f"{name}.yml").read_text(encoding="utf-8"))
    return items


def digest(*parts: Any) -> str:
    """A short key for data and settings."""
    return hashlib.blake2b(repr(parts).encode(), digest_size=8).hexdigest()


def data_key() -> str:
    """A key for the state of the training text."""
    return digest(*((p.name, p.read_bytes()) for p in sorted(DATA.rglob("*.yml"))))


def code_key(*names: str) -> str:
    """A key for the state of the named modules of understanding, or of all."""
    folder = ROOT / "critical_friend" / "understanding"
    files = [folder / f"{name}.py" for name in names] or sorted(folder.glob("*.py"))
    return digest(*((p.name, p.read_bytes()) for p in files))
