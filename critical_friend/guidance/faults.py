"""Faults in guidance files: where, what is wrong, and how to put it right."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, order=True)
class Fault:
    """One fault. ``line`` counts from 1."""

    file: str
    line: int
    what: str
    remedy: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.what} {self.remedy}"


class BrokenGuidance(Exception):
    """The guidance cannot be used. ``faults`` holds every fault found, in the order of the files."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = tuple(sorted(set(faults)))
        count = len(self.faults)
        head = f"The guidance has {count} fault{'s' if count != 1 else ''}:"
        super().__init__("\n".join([head, *(f"  {fault}" for fault in self.faults)]))


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """A remedy for a name that does not exist: the likeliest names, or all of them when few."""
    names = sorted(known)
    close = difflib.get_close_matches(word, names, n=2, cutoff=0.6)
    if close:
        return "Did you mean " + " or ".join(f"'{name}'" for name in close) + "?"
    if len(names) <= 12:
        return "It can be one of: " + ", ".join(names) + "."
    return "Add it, or use a name that exists."
