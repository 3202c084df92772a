"""E-mail addresses, telephone numbers, and the numbers that stand for a person."""

from __future__ import annotations

import re
from collections.abc import Iterator

from phonenumbers import Leniency, PhoneNumberMatcher

from critical_friend.personal.spans import EMAIL, NUMBER, PHONE, Span

_EMAIL = re.compile(r"[\w.+'’-]*[\w+]@\w[\w-]*(?:\.\w[\w-]*)+|\S+ ?(?:\(at\)|\[at\]) ?\w[\w.-]*\.\w+")

#: Words before a number that make it a telephone number even when it is short or not a real one.
_CALL = re.compile(
    r"\b(?:phone|ph|tel|telephone|mob|mobile|cell|cellphone|landline|call(?:ed)?|ring|rang|rung|text(?:ed)?|txt"
    r"|fax|whatsapp|phone number|ddi|extension|ext|dial)\b"
    r"(?: (?:me|us|him|her|them|no|number|is|was|it['’]s|on|at|back|straight|now))*[\s.:,#’'s]*"
    r"(\+?\(?\d[\d ()-]{1,16}\d)",
    re.I,
)
_PHONE_LIKE = re.compile(
    r"(?<![\w$.,-])(?:\+|00)?(?:64)?[ -]?(?:\(0?[2-9]\d?\)|0?[2-9]\d?)[ -]?\d{3}[ -]?\d{3,4}\b(?![-,]\d)"
)

_NHI_OLD = r"[A-HJ-NP-Z]{3}[ -]?\d{4}"
_NHI_NEW = r"[A-HJ-NP-Z]{3}[ -]?\d{2}[A-HJ-NP-Z]{2}"
_NHI = re.compile(rf"\b(?:{_NHI_OLD}|{_NHI_NEW})\b".replace("[ -]?", ""), re.I)
_NHI_SPACED = re.compile(rf"\b(?:NHI|patient)\b[^.?!]{{0,20}}?\b({_NHI_OLD}|{_NHI_NEW})\b", re.I)
_MONTH_AND_YEAR = re.compile(r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)(?:19|20)\d\d", re.I)

#: Numbers that say themselves what they are: IRD, bank account, letters and a long number.
_SHAPED = re.compile(
    r"(?<![\w$.,-])(?:\d{2}-\d{4}-\d{7}-\d{2,3}|\d{2,3}[- ]\d{3}[- ]\d{3}|[A-Z]{1,4}[-/]?\d{5,}"
    r"|\d{3}-\d{3}-\d{3}|\d{6,})(?![\w,-]*\d)\b",
)
#: Words before a number that make it somebody's.
_WHOSE = re.compile(
    r"\b(?:client|case|file|ref|reference|swn|csn|claim|claimant|patient|customer|member|account|acct|licence"
    r"|license|passport|cyras|prn|prison(?:er)?|student|nsn|whaikaha|beneficiary|benefit|tenant|tenancy|visa"
    r"|application|applicant|ird|nhi|id|acc(?:45)?|msd|winz|person|inmate|offender|social welfare|tax"
    r"|record)\b['’s]*(?P<sign>[\s:.#,(]*"
    r"(?:\b(?:no|num|number|nbr|id|ref|code|file)\b[\s:.#,(]*|#\s*|is\b\s*|was\b\s*|:\s*)+)?"
    r"[\s(]*(?P<number>(?=[\w/-]*\d)[A-Z]{0,5}[-/]?\d[\dA-Z]*(?:[-/ ]?[\dA-Z]*\d[\dA-Z]*)*)",
    re.I,
)
_HASH = re.compile(r"(?<!\w)#\s?(\d[\d-]{3,}\d)")
_YEAR = re.compile(r"(?:19|20)\d\d(?:[-/ ](?:19|20)?\d\d)?")
#: What comes after a number that counts something, or before one that is money.
_COUNTS = re.compile(
    r"\s*(?:%|per ?cent|dollars?|people|persons?|clients?|cases|famil\w+|whānau|hours?|days?|weeks?|months?"
    r"|years?|km|k\b|m\b|million|hectares?|homes|houses|kids|children|staff|jobs|fte|files|referrals)",
    re.I,
)
_MONEY = re.compile(r"(?:[$€£]|NZD|AUD|USD|\bcost code|\bcost centre|\bGL code|\bbudget)\s*$", re.I)
_FEWEST_DIGITS = 4


def emails(text: str) -> Iterator[Span]:
    """E-mail addresses."""
    for found in _EMAIL.finditer(text):
        yield Span(found.start(), found.end(), EMAIL)


def phones(text: str) -> Iterator[Span]:
    """Telephone numbers: real ones wherever they stand, others where they look or are named like one."""
    for match in PhoneNumberMatcher(text, "NZ", leniency=Leniency.VALID):
        unclosed = match.raw_string.startswith("(") and ")" not in match.raw_string
        if not _counts(text, match.start, match.end):
            yield Span(match.start + unclosed, match.end, PHONE)
    for found in _PHONE_LIKE.finditer(text):
        number = found.group()
        if number.lstrip("(").startswith(("0", "+")) and not _counts(text, found.start(), found.end()):
            yield Span(found.start(), found.end(), PHONE)
    for found in _CALL.finditer(text):
        if _digits(found.group(1)) >= _FEWEST_DIGITS and not _counts(text, *found.span(1)):
            yield Span(*found.span(1), PHONE)


def owned(text: str) -> Iterator[Span]:
    """NHI numbers, and numbers that the words before make somebody's."""
    for found in _NHI.finditer(text):
        if not _MONTH_AND_YEAR.fullmatch(found.group()):
            yield Span(found.start(), found.end(), NUMBER)
    for found in _NHI_SPACED.finditer(text):
        yield Span(*found.span(1), NUMBER)
    for found in _WHOSE.finditer(text):
        number = found["number"]
        certain = bool(found["sign"]) or not number.isdigit()
        if _YEAR.fullmatch(number) and not certain:
            continue
        fewest = _FEWEST_DIGITS - 1 if certain else _FEWEST_DIGITS
        if _digits(number) >= fewest and not _counts(text, *found.span("number")):
            yield Span(*found.span("number"), NUMBER)


def shaped(text: str) -> Iterator[Span]:
    """Numbers told by their form: IRD, bank account, and long ones."""
    for pattern, group in ((_SHAPED, 0), (_HASH, 1)):
        for found in pattern.finditer(text):
            if not _counts(text, *found.span(group)):
                yield Span(*found.span(group), NUMBER)


def _digits(text: str) -> int:
    return sum(sign.isdigit() for sign in text)


def _counts(text: str, start: int, end: int) -> bool:
    """Whether the number at this place is a sum of money or counts something."""
    return bool(_COUNTS.match(text, end) or _MONEY.search(text, max(0, start - 20), start))
