"""What a message puts around what it says: 'what if …', and a 'no, …' that answers and denies nothing."""

from __future__ import annotations

import re

_OPENINGS = re.compile(
    r"\b(?:what\s+if|what\s+would\s+(?:you\s+say|happen|change|it\s+mean|follow)\s+if|suppos(?:e|ing)(?:\s+that)?"
    r"|imagin(?:e|ing)(?:\s+that)?|let['’]?s\s+(?:say|assume|pretend)(?:\s+that)?|assum(?:e|ing)(?:\s+that)?"
    r"|pretend(?:\s+that)?|say(?=\s+(?:that\s+)?(?:we|i|our|the|they|he|she|my|somebody|someone|nobody|health|police))"
    r"|hypothetically|how\s+about\s+if|if)\b[\s,:…]*",
    re.I,
)
_END = re.compile(
    r"[,;]\s*(?:what|how|then|would|where|does|do|is|will)\b|\bwhat\s+(?:then|would|happens|changes)\b", re.I
)

#: 'If we had one' says that there is none; heard as if it were so it is 'we have one'.
_AS_IF = {
    "had": "have",
    "was": "is",
    "were": "are",
    "wasn't": "isn't",
    "weren't": "aren't",
    "hadn't": "haven't",
}
_AS_IF_WORDS = re.compile(rf"\b({'|'.join(sorted(_AS_IF, key=len, reverse=True))})\b", re.I)


def as_if_so(supposition: str) -> str:
    """The supposition as a plain statement of how things are."""
    return _AS_IF_WORDS.sub(lambda found: _AS_IF[found[0].lower()], supposition)


def supposed_in(text: str) -> tuple[int, int]:
    """The characters of ``text`` that hold the supposition; the whole text when none is marked."""
    opening = None
    for opening in _OPENINGS.finditer(text):
        if opening[0].strip().lower() != "if":
            break
    if opening is None or not text[opening.end() :].strip(" ?.!"):
        return 0, len(text)
    ending = _END.search(text, opening.end())
    end = ending.start() if ending and ending.start() > opening.end() else len(text.rstrip(" ?.!"))
    return opening.end(), end


_BETWEEN = re.compile(r"\s*(?:[,;]\s*(?:and|plus|but)?|\b(?:and|plus|but)\b)\s*", re.I)


def parts_supposed(text: str) -> list[tuple[int, int]]:
    """The characters of each thing that ``text`` supposes: 'we had a sponsor and the money came' are two."""
    start, end = supposed_in(text)
    breaks = [found.span() for found in _BETWEEN.finditer(text, start, end)]
    edges = [start, *(place for found in breaks for place in found), end]
    spans = list(zip(edges[::2], edges[1::2], strict=True))
    return [(a, b) for a, b in spans if text[a:b].strip(" ?.!")]


_INTERJECTION = re.compile(
    r"\s*(?:(?:no|nah|nope|na|yes|yeah|yep|well|actually|sorry|hang on|wait|not quite|not really|wrong"
    r"|(?:that['’]?s|that is|you['’]?ve got (?:that|it)) (?:wrong|not right|not it|not true|incorrect))"
    # Before these words a 'no' is never 'not any', so it needs no comma.
    r"(?:\s*[,.!;:–—-]+\s*|\s+(?=(?:we|i|they|he|she|it|there|you|our|my|the|this|that)\b)))+",
    re.I,
)
_LEAST_WORDS = 3


def after_interjection(text: str) -> int:
    """Where a message goes on after a 'no,' or 'yes,' that answers what was said before; 0 without one.

    'No, we do have a sponsor' says no to us, and that there is a sponsor.
    """
    found = _INTERJECTION.match(text)
    return found.end() if found and len(text[found.end() :].split()) >= _LEAST_WORDS else 0
