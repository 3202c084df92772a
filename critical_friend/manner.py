"""How a message is put, where that matters to the talk and not to a signal: that it begins with 'dunno', that
the speaker is downcast, doubts that agencies should join up at all, or never said what was noted.
"""

from __future__ import annotations

import re


def _any_of(phrases: str) -> re.Pattern[str]:
    """Matches one of ``phrases``, which stand apart by a line's end or by two blanks."""
    either = "|".join(re.split(r"\s*\n\s*| {2,}", phrases.strip()))
    return re.compile(rf"\b(?:{either})\b".replace("'", "['’]?"), re.I)


_BEFORE = re.compile(r"\s*(?:(?:um+|hm+|well|oh|eh|look|honestly|to be honest|tbh)\b[\s,.…–-]*)*", re.I)
_NOT_KNOWN = _any_of(r"""
    dunno  (?:i )?(?:really )?do(?:n't| not) (?:really )?know  no idea  not sure  hard to (?:say|tell)
    who knows  (?:i )?could(?:n't| not) (?:say|tell you)
""")
_PARTLY = _any_of("""
    sort(?:a| of)  kind(?:a| of)  a bit  a little  partly  in part  half  more or less  up to a point
    in a way  to a degree  somewhat  mostly  sometimes
""")


_YES = _any_of("yes  yeah  yep  yup  ye  aye  āe  ae")
_FIRST_WORDS = re.compile(r"(?:(?:yes|yeah|yep|yup|ye|aye|āe|ae|no|nah|nope|na|kāo|kao)\b[\s,.!–-]*)+", re.I)


def answers_first(text: str) -> str | None:
    """How a longer message begins, where that alone answers a question: ``not_known`` for 'dunno, …',
    ``partly`` for 'sort of, …', ``yes`` and ``no``."""
    before = _BEFORE.match(text)
    start = before.end() if before else 0
    if _NOT_KNOWN.match(text, start):
        return "not_known"
    if _PARTLY.match(text, start):
        return "partly"
    found = _FIRST_WORDS.match(text, start)
    if not found:
        return None
    # 'Yeah, nah' is a no and 'nah, yeah' a yes: the last of them counts.
    return "yes" if _YES.search(found[0].split()[-1]) else "no"


_YES_OR_NO = _any_of(r"""
    y(?:es|eah|ep|up|e)  aye  āe  ae  no(?:pe|ne|body|t|thing)?  na  nah  never  kāo  kao  hardly  zero  true
    right  correct  wrong  sure  absolutely  definitely  totally  indeed  exactly  of course  \w+n't
    (?:we|they|i|he|she|it)(?: (?:do|does|did|have|has|is|are|am|was|can|will)|'re|'ve|'s|'m|'ll)
""")


def says_yes_or_no(text: str) -> bool:
    """Whether a word of it says so. Without one an answer was read between the lines."""
    return _YES_OR_NO.search(text) is not None


_FEELING = (
    r"(?:i'm|i am|feel|feeling)(?: (?:just|really|so|a bit|pretty|quite|bit|very|honestly|bloody|getting))*"
)
_HARD = _any_of(rf"""
    gutted  in tears  heart ?breaking  burn(?:t|ed|ing)[ -]?out  exhaust(?:ed|ing)  knackered  fed up
    had enough  lost heart  overwhelmed  losing (?:heart|hope)  out of my depth  at (?:my|our) wit'?s' end
    makes? me (?:want to |wanna )?(?:cry|weep|sad|sick|angry|furious|quit)
    could (?:cry|weep)  wear(?:s|ing)? (?:me|us) (?:out|down)
    can't (?:do|take|face) (?:this|it|much) any ?more
    {_FEELING} (?:tired|sad|angry|upset|worried|scared|lonely|alone|frustrated|stressed|shattered)
    {_FEELING} (?:drained|anxious|discouraged|useless|hopeless|sick of)
""")


def sounds_hard(text: str) -> bool:
    """Whether the speaker says that it weighs on them. It changes the tone and no conclusion."""
    return _HARD.search(text) is not None


_TOGETHER = "(?:join(?:ing)? up|bother(?:ing)?|collaborat(?:e|ing)|work(?:ing)? together|team(?:ing)? up)"
_AT_ALL = "(?: (?:even|really|actually|just|be))*"
_WHETHER = _any_of(f"""
    should (?:we|i|they){_AT_ALL} (?:{_TOGETHER}|do(?:ing)? (?:this|it|that))
    (?:do|does) (?:we|this|it){_AT_ALL} (?:need|have) to (?:be joint|be joined up|{_TOGETHER})
    is (?:it|this|{_TOGETHER}){_AT_ALL} worth
    (?:why|whether to) {_TOGETHER}  how closely (?:should|do) we
""")


def asks_whether(text: str) -> bool:
    """Whether it asks if agencies should work together here at all, or how closely."""
    return _WHETHER.search(text) is not None


_HOW_SURE = _any_of("how (?:sure|certain|confident|reliable)  (?:are )?you(?:'re)? sure  out of (?:ten|10)")


def asks_how_sure(text: str) -> bool:
    """Whether it asks how firm a conclusion is, rather than where it comes from."""
    return _HOW_SURE.search(text) is not None


_ONE_THING = _any_of("bit  part  things?  point  piece  stuff  line  last one  what i (?:said|told)  about")
_EVERYTHING = _any_of("everything  all  whole  the lot  completely")


def names_one_thing(text: str) -> bool:
    """Whether what is to be forgotten is one thing of several: 'the bit about …'."""
    return _ONE_THING.search(text) is not None and not names_everything(text)


def names_everything(text: str) -> bool:
    """Whether all of it is to be forgotten."""
    return _EVERYTHING.search(text) is not None


_NOT_SAID = re.compile(
    r"\bi (?:never|did ?n['’]?t|did not|have ?n['’]?t|have not)(?: ever| actually)?"
    r" (?:said?|say|tell|told|mention(?:ed)?)(?: (?:you|that|anything|a thing|a word))*([^.,;!?]*)",
    re.I,
)


def not_said(text: str) -> str | None:
    """What speakers say they never said ('about the regions'), empty where it is not named; else ``None``."""
    found = _NOT_SAID.search(text)
    return found[1].strip() if found else None


_PLACES = (
    _any_of("the first  first one  1st  number one  no 1"),
    _any_of("the second  second one  2nd  number two  no 2  the other one"),
    _any_of("the third  third one  3rd  number three  no 3"),
)
_SHORT = 6


def chosen_place(text: str) -> int | None:
    """Which of the choices shown a short message picks: 0 for 'the first'."""
    if len(text.split()) > _SHORT:
        return None
    return next((place for place, named in enumerate(_PLACES) if named.search(text)), None)
