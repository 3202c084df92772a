"""Which of the things noted a message points to: 'forget the bit about the ministers'."""

from __future__ import annotations

import re

from sklearn.feature_extraction.text import ENGLISH_STOP_WORDS

from critical_friend.dialogue.partner import Partner
from critical_friend.dialogue.turn import Turn

STEM = 5
"""Words that begin with the same letters, so many, are taken for forms of one word."""
#: Words by which people ask for things to be taken out, and not what they are about.
_ASKING = frozenset(
    "forget remove delete take scratch strike cross said told noted wrong thing please never".split()
)


def named(partner: Partner, turn: Turn) -> list[str]:
    """The signals noted that the message names outright, or that were heard in it."""
    found = [*partner.words.find_all(turn.said.text), *(hearing.signal for hearing in turn.said.hearings)]
    return [signal for signal in dict.fromkeys(found) if signal in turn.case.values()]


def pointed_to(partner: Partner, turn: Turn, text: str) -> list[str]:
    """The signals noted that share a word with ``text``: in their name, in what was heard or in the
    words it was heard from. Those that share most, if any do."""
    spoken = _stems(text) - {word[:STEM] for word in _ASKING}
    shared = {
        signal: len(spoken & _stems(" ".join(_told(partner, turn, signal)))) for signal in turn.case.values()
    }
    most = max(shared.values(), default=0)
    return [signal for signal, count in shared.items() if count == most > 0]


def _told(partner: Partner, turn: Turn, signal: str) -> list[str]:
    pieces = turn.case.words(signal)
    heard = [partner.words.heard(signal, piece.value) for piece in pieces]
    return [partner.guidance.signals[signal].name, *heard, *(piece.text for piece in pieces)]


def _stems(text: str) -> set[str]:
    words = re.findall(r"\w{4,}", text.lower())
    return {word[:STEM] for word in words if word not in ENGLISH_STOP_WORDS}
