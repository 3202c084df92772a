"""Pieces of a text that are to be taken out."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

NAME, PHONE, EMAIL, ADDRESS, NUMBER = "name", "phone", "email", "address", "number"


class Span(NamedTuple):
    """A piece of a text, by character, and what kind of detail it is."""

    start: int
    end: int
    kind: str

    def overlaps(self, other: Span) -> bool:
        """Whether the two share a character."""
        return self.start < other.end and other.start < self.end


def apart(spans: Iterable[Span]) -> list[Span]:
    """The spans in order of the text; of two that overlap, the one that came first is kept."""
    kept: list[Span] = []
    for span in spans:
        if span.start < span.end and not any(span.overlaps(other) for other in kept):
            kept.append(span)
    return sorted(kept)
