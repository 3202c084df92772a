"""Street addresses: a number with the name of a street, a flat and a town with it, or a post box."""

from __future__ import annotations

import re
from collections.abc import Iterator

from critical_friend.personal.spans import ADDRESS, Span

#: Kinds of street that are hardly ever meant otherwise after a number and a name.
_CLEAR = (
    "street|st|road|rd|avenue|ave|terrace|tce|crescent|cres|drive|dr|lane|ln|grove|parade|pde|quay|highway|hwy"
    "|esplanade|boulevard|blvd|mews|cul-de-sac"
)
#: Kinds of street that need a capital letter.
_CAPITAL = (
    "Place|Pl|Way|Close|Court|Ct|Cl|Square|Sq|Rise|View|Heights|Hts|Row|Walk|Loop|Track|Line|Valley|Gardens|Green|"
    "Park|Circle|Glade|Glen|Hill|Vale|Ridge|Mall|Wharf|Common|Dell|Key|Cove|Bay|Beach|Point|Pass|Bend|Broadway"
)
_FLAT = r"(?:flat|unit|apartment|apt|suite|room|villa|house|level)\.? ?(?:\d{1,4}[a-z]?|[a-h])\b"
_NUMBER = r"(?:(?:no|number)\.? ?)?\d{1,5}[a-zA-Z]?(?:[/-]\d{1,5}[a-zA-Z]?)?"
_CAPITALS = r"(?:[A-ZĀĒĪŌŪ][\w'’ĀĒĪŌŪāēīōū.-]*|of|the|o|a)"
_SMALL = (
    r"(?!(?:of|the|a|in|on|at|to|and|or|per|people|kids|km|men|women|days?|years?|more|other|different|our"
    r"|their|side)\b)[\w'’-]+"
)
#: A suburb or town straight after the street, up to a comma or the end.
_TOWN = r"(?:,? [A-ZĀĒĪŌŪ][\wāēīōū'’-]+(?: [A-ZĀĒĪŌŪ][\wāēīōū'’-]+)?(?=\s*(?:[,.;:)]|and\b|$)))?"
_WITH_CAPITALS = re.compile(
    rf"(?:(?i:{_FLAT}),? (?:at )?)?(?<![\w$.-]){_NUMBER},? (?:{_CAPITALS} ){{1,4}}?"
    rf"(?:(?i:{_CLEAR})|{_CAPITAL})\b(?: (?:North|South|East|West|Extension|Ext|Rd|Road|Street)\b)?"
    rf"(?:,? (?i:{_FLAT}))?{_TOWN}"
)
_IN_SMALL = re.compile(
    rf"(?:{_FLAT},? (?:at )?)?(?<![\w$.-]){_NUMBER},? (?:{_SMALL} ){{1,2}}?(?:{_CLEAR})\b(?:,? {_FLAT})?",
    re.I,
)
#: A street without its kind, where the words before say that it is where somebody lives.
_LIVES = re.compile(
    r"\b(?:lives?|living|lived|address|moved (?:in)?to|home is|stay(?:s|ing|ed)|visit(?:ed)?|round"
    r"|delivered to|over at|house|flat)\b[^.?!\d]{0,20}?"
    rf"\b({_NUMBER} (?:The )?(?:(?:Te|Ngā) )?(?!(?:January|February|March|April|May|June|July|August"
    r"|September|October|November|December)\b)[A-ZĀĒĪŌŪ][\wāēīōū'’]+)"
)
_BOX = re.compile(r"\b(?:(?:P\.? ?O\.? ?Box|Private Bag) ?\d{1,8})\b", re.I)
_NOT_STREETS = re.compile(
    r"\bst (?:john|jude|mark|mary|vincent|peter)|\bstreet (?:level|kids|outreach)", re.I
)


def addresses(text: str) -> Iterator[Span]:
    """Street addresses. The town goes only where it stands right after the street."""
    for pattern in (_WITH_CAPITALS, _IN_SMALL):
        for found in pattern.finditer(text):
            last_word = found.group().split()[-1]
            if not _NOT_STREETS.match(text, found.end() - len(last_word)):
                yield Span(found.start(), found.end(), ADDRESS)
    for found in _LIVES.finditer(text):
        yield Span(*found.span(1), ADDRESS)
    for found in _BOX.finditer(text):
        yield Span(found.start(), found.end(), ADDRESS)
