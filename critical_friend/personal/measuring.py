"""How often personal details are missed, and how often something else is masked."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from critical_friend.personal.mask import Masker


@dataclass(frozen=True)
class Rates:
    """Counts over labelled sentences, with what was missed and what was masked wrongly."""

    sentences: int
    details: int
    clean: int  # sentences with nothing personal
    marks: int
    missed: tuple[tuple[str, str], ...]
    false: tuple[tuple[str, str], ...]
    clean_marked: int

    @property
    def miss_rate(self) -> float:
        """The share of personal details that were not masked in full."""
        return len(self.missed) / max(self.details, 1)

    @property
    def false_rate(self) -> float:
        """The share of marks that stand for nothing personal."""
        return len(self.false) / max(self.marks, 1)

    @property
    def clean_rate(self) -> float:
        """The share of sentences with nothing personal in which something was masked."""
        return self.clean_marked / max(self.clean, 1)


def measure(sentences: Iterable[Mapping[str, Any]], masker: Masker) -> Rates:
    """Mask each of ``{"text", "personal"}`` and count. A detail is missed if a letter of it is left."""
    all_, details, clean, marks, clean_marked = 0, 0, 0, 0, 0
    missed: list[tuple[str, str]] = []
    false: list[tuple[str, str]] = []
    for sentence in sentences:
        text, personal = sentence["text"], sentence["personal"]
        spans = masker.mask(text).spans
        covered = {place for span in spans for place in range(span.start, span.end)}
        right: set[int] = set()
        for detail in personal:
            for found in re.finditer(rf"(?<!\w){re.escape(detail)}(?!\w)", text):
                places = {place for place in range(*found.span()) if text[place].isalnum()}
                right |= places
                details += 1
                if not places <= covered:
                    missed.append((detail, text))
        wrong = [span for span in spans if not right.intersection(range(span.start, span.end))]
        false += [(text[span.start : span.end], text) for span in wrong]
        all_, marks = all_ + 1, marks + len(spans)
        clean += not personal
        clean_marked += not personal and bool(wrong)
    return Rates(all_, details, clean, marks, tuple(missed), tuple(false), clean_marked)
