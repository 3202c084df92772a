"""The brief's own words, and turning what is said to people into what they say of themselves."""

from __future__ import annotations

import re
from functools import lru_cache
from importlib import resources
from typing import Any

import yaml

#: What 'you' is the object of, when it comes after these.
_OBJECT = re.compile(
    r"\b(for|alongside|with|to|from|above|between|behind|about|of|helps?|tells?|told|lets?|connects?|gives?|"
    r"wants?|warns?|asks?|asked|backs?|stops?|stopping) you\b"
)
_TURNED = (
    (re.compile(r"\b(perhaps|could be) you\b"), r"\1 one of us"),
    (re.compile(r"\byourselves\b"), "ourselves"),
    (_OBJECT, r"\1 us"),
    (re.compile(r"\byou are\b"), "we are"),
    (re.compile(r"\byour\b"), "our"),
    (re.compile(r"\bYour\b"), "Our"),
    (re.compile(r"\byou\b"), "we"),
    (re.compile(r"\bYou\b"), "We"),
    (re.compile(r"\bI\b(?! am)"), "we"),
)


@lru_cache
def words() -> dict[str, Any]:
    """The words of ``words.yml``."""
    text = resources.files("critical_friend.brief").joinpath("words.yml").read_text(encoding="utf-8")
    kept: dict[str, Any] = yaml.safe_load(text)
    return kept


def as_we(text: str) -> str:
    """'Nobody covers for you' as those say it whom it is about: 'Nobody covers for us'."""
    for pattern, turned in _TURNED:
        text = pattern.sub(turned, text)
    return text


def sentence(text: str) -> str:
    """A clause as a sentence of its own."""
    return text[:1].upper() + text[1:] + ("" if text.endswith((".", "?", "!")) else ".")
