"""Puts neutral marks in place of personal details."""

from __future__ import annotations

import re
from dataclasses import dataclass

from critical_friend.personal.addresses import addresses
from critical_friend.personal.names import NameFinder
from critical_friend.personal.numbers import emails, owned, phones, shaped
from critical_friend.personal.spans import Span, apart

_MARK = re.compile(r"\[(?:name|phone|email|address|number)\]")


@dataclass(frozen=True)
class Masked:
    """A text without its personal details, the kinds that were found, and where they stood."""

    text: str
    kinds: tuple[str, ...] = ()
    spans: tuple[Span, ...] = ()


class Masker:
    """Finds and masks personal details. Safe for use from several threads; loads at the first use."""

    def __init__(self) -> None:
        self._names = NameFinder()

    def load(self) -> Masker:
        """Load what finding names needs, unless that was done."""
        self._names.load()
        return self

    def mask(self, text: str) -> Masked:
        """``text`` with a mark such as [name] for each personal detail."""
        # A mark that is there already counts as found first, so that nothing is masked twice.
        marks = [Span(mark.start(), mark.end(), "") for mark in _MARK.finditer(text)]
        finders = (emails, addresses, owned, phones, shaped)
        found = apart([*marks, *(span for finder in finders for span in finder(text))])
        spans = [span for span in apart([*found, *self._names.find(text, found)]) if span.kind]
        masked = text
        for span in reversed(spans):
            masked = f"{masked[: span.start]}[{span.kind}]{masked[span.end :]}"
        return Masked(masked, tuple(dict.fromkeys(span.kind for span in spans)), tuple(spans))
