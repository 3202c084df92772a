"""The words that names are told by: lists from libraries, and ``words.yml``."""

from __future__ import annotations

import importlib
import unicodedata
from dataclasses import dataclass
from pathlib import Path

import yaml

#: Faker's locales with names in Latin letters that are common in New Zealand.
_LOCALES = ("en_NZ", "en_GB", "en_US", "en_IE", "en_IN", "en_PK", "zh_CN", "vi_VN")
_GIVEN = ("first_names", "first_names_male", "first_names_female", "first_romanized_names")
_FAMILY = ("last_names", "last_romanized_names")
_ENDINGS = ("", "s", "es", "d", "ed", "ing", "ly", "er", "ers", "ies")


def fold(word: str) -> str:
    """``word`` in small letters, without macrons and other marks, with plain apostrophes."""
    plain = unicodedata.normalize("NFD", word.lower())
    return "".join(sign for sign in plain if not unicodedata.combining(sign)).replace("’", "'")


@dataclass(frozen=True)
class Words:
    """Sets of folded words."""

    given: frozenset[str]
    family: frozenset[str]
    english: frozenset[str]
    stops: frozenset[str]  # small words of English
    lists: dict[str, frozenset[str]]

    def __getitem__(self, name: str) -> frozenset[str]:
        """A list of ``words.yml``."""
        return self.lists[name]

    def in_english(self, word: str) -> bool:
        """Whether the folded ``word`` is an everyday one, also in the plural or another tense."""
        return word in self.stops or any(
            word.endswith(ending) and word[: len(word) - len(ending)] + rest in self.english
            for ending in _ENDINGS
            for rest in ("", "e", "y")
            if ending or not rest
        )


def load_words() -> Words:
    """Read all lists."""
    from english_words import get_english_words_set  # type: ignore[import-untyped]
    from spacy.lang.en.stop_words import STOP_WORDS

    given: set[str] = set()
    family: set[str] = set()
    for locale in _LOCALES:
        provider = importlib.import_module(f"faker.providers.person.{locale}").Provider
        for wanted, kept in ((_GIVEN, given), (_FAMILY, family)):
            for attribute in wanted:
                kept.update(_single(getattr(provider, attribute, ())))
    data = yaml.safe_load((Path(__file__).parent / "words.yml").read_text(encoding="utf-8"))
    english = frozenset(word for word in get_english_words_set(["web2"]) if word.islower())
    lists = {name: frozenset(words.split()) for name, words in data.items()}
    lists["places"] |= lists.pop("towns")
    given |= lists.pop("given")
    return Words(frozenset(given), frozenset(family), english, frozenset(STOP_WORDS), lists)


def _single(names: object) -> set[str]:
    """The words of some names that are long enough to go by."""
    words = (word for name in list(names) for word in str(name).split())  # type: ignore[call-overload]
    return {fold(word) for word in words if len(word) > 2 and word[0].isupper()}
