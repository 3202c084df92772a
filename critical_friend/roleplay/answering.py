"""What somebody says after 'Are you …, or …?': the answer, neither, or something else."""

from __future__ import annotations

import re

#: The answer to such a question is expected, so it takes more to be heard as none.
NONE_OF_BOTH_AT = 0.8
#: So few words answer such a question; with more, one of the two has to be so likely.
SHORT, ANSWER_AT = 8, 0.45

_NEITHER = re.compile(
    r"\s*(?:no|nah|um|well)?[,. ]*\b(?:neither(?: of (?:those|them|the two))?|none of (?:those|them|that)"
    r"|something else)\b[\s,.!;:—–-]*",
    re.I,
)
_PLACES = (frozenset({"first", "former", "yes", "yep", "yeah", "1"}), frozenset({"second", "latter", "2"}))
_AROUND = frozenset("the one a um well i mean meant more of option thing that please sorry it is s".split())


def which(text: str) -> int | None:
    """'The first' (0) or 'the second' (1), if that is all that is said."""
    words = set(re.sub(r"[^\w\s]", " ", text.lower()).split())
    for place, names in enumerate(_PLACES):
        if words & names and words <= names | _AROUND:
            return place
    return None


def after_neither(text: str) -> str | None:
    """What is said after 'neither', perhaps nothing; ``None`` if the message does not begin so."""
    found = _NEITHER.match(text)
    return text[found.end() :] if found else None


def answers(text: str, chance: float, none: float) -> bool:
    """Whether what is likeliest, and one of the moves just asked about, is the answer to that question.

    ``chance`` is how likely it is that move, ``none`` that it is no move at all. A few words are an
    answer. Somebody who says more may have begun on something else.
    """
    return none < NONE_OF_BOTH_AT if len(text.split()) <= SHORT else chance >= ANSWER_AT
