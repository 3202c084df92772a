"""Which move somebody's own words are, by meaning.

A move is known by its examples, by the plain phrase of what it means, and by how it is named on its
button and in a question. A message is held against all moves that are open where it was said. There is
nothing to train: a new script works at once. The few weights below hold for all scripts; they and the
thresholds were set by leaving out each example of the shipped scripts in turn (``benchmarks/roleplay.py``).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from critical_friend.roleplay.engine import NOTHING, State, Turn, open_moves
from critical_friend.roleplay.model import Move, Script
from critical_friend.understanding.network import Array
from critical_friend.understanding.sentences import unit

#: What being like the examples, the meaning, the question's words and the button's words weighs.
LIKE_EXAMPLES, LIKE_MEANING, LIKE_QUESTION, LIKE_BUTTON = 8.5, 4.5, 2.0, 1.0
#: A move that is open anywhere is less to be expected than one of the scene.
ANYWHERE = -3.1
#: So likely it must be to be acted on, and so near; below the second nearness nothing was heard.
ACT_AT, ACT_NEAR, ASK_NEAR = 0.6, 0.13, 0.07
_SENTENCE = re.compile(r"(?<=[.!?…])\s+")


class Encoder(Protocol):
    """Turns texts into vectors of length 1."""

    def encode(self, texts: Sequence[str]) -> Array:
        """(texts, sights, size)."""


@dataclass(frozen=True)
class Match:
    """A move, how likely the message is it among the moves that are open, and how near it is in itself."""

    move: str
    chance: float
    nearness: float


class Matcher:
    """Hears moves in one script. Making it encodes all examples once."""

    def __init__(self, script: Script, encoder: Encoder) -> None:
        self.script, self._encoder = script, encoder
        moves = list(script.every_move.values())
        told = [text for m in moves for text in (*m.examples, m.means, m.heard_as, m.button)]
        vectors = encoder.encode(told)
        sizes = [len(move.examples) for move in moves]
        starts = np.cumsum([0, *(size + 3 for size in sizes)])
        examples = [vectors[at : at + size] for at, size in zip(starts, sizes)]
        self._common = np.concatenate(examples).mean(axis=0)
        self._examples = {m.id: self._centred(found) for m, found in zip(moves, examples)}
        self._named = {
            m.id: self._centred(vectors[at + size : at + size + 3])
            for m, at, size in zip(moves, starts, sizes)
        }
        self._anywhere = {move.id for move in script.anywhere}

    def _centred(self, vectors: Array) -> Array:
        """Without what all wordings of the script have in common, which tells no two of them apart."""
        return unit(vectors - self._common) / np.sqrt(2)

    def rank(self, text: str, moves: Sequence[Move], without: str | None = None) -> list[Match]:
        """The moves by how near ``text`` is to them, the nearest first.

        ``without`` is an example that is left out, to see where it would land if it were new.
        """
        parts = [part for part in _SENTENCE.split(text) if len(part.split()) > 2]
        vectors = self._centred(self._encoder.encode([text, *parts] if len(parts) > 1 else [text]))
        pairs = [self._against(vectors, move, without) for move in moves]
        scores = np.array([score for score, _ in pairs])
        powers = np.exp(scores - scores.max())
        chances = powers / powers.sum()
        found = [
            Match(move.id, float(chance), near) for move, chance, (_, near) in zip(moves, chances, pairs)
        ]
        return sorted(found, key=lambda match: -match.chance)

    def _against(self, vectors: Array, move: Move, without: str | None) -> tuple[float, float]:
        """Score and nearness of a message, which counts by its whole and by the sentence that says most."""
        examples = self._examples[move.id]
        if without in move.examples:
            examples = np.delete(examples, move.examples.index(str(without)), axis=0)
        middle = unit(examples.mean(axis=0)) / np.sqrt(2)
        near = np.einsum("tsd,sd->t", vectors, middle)
        named = np.einsum("tsd,ksd->tk", vectors, self._named[move.id])
        each = LIKE_EXAMPLES * near + named @ np.array([LIKE_MEANING, LIKE_QUESTION, LIKE_BUTTON])
        whole = (near + named[:, 0]) / 2
        score = each[0] if len(each) == 1 else (each[0] + each[1:].max()) / 2
        return float(score) + ANYWHERE * (move.id in self._anywhere), float(whole.max())

    def hear(self, state: State, text: str) -> Turn:
        """What ``text`` is heard as where the play stands."""
        if state.between and (place := _which(text)) is not None:
            return Turn(text, state.between[place])
        ranked = self.rank(text, open_moves(self.script, state))
        heard = decide(text, ranked)
        best = ranked[0].move if ranked else ""
        if state.between and heard.heard != NOTHING and best in state.between:
            return Turn(text, best)  # asked already: now the likelier of the two will do
        return heard


_PLACES = (frozenset({"first", "former", "yes", "yep", "yeah", "1"}), frozenset({"second", "latter", "2"}))
_AROUND = frozenset("the one a um well i mean meant more of option thing that please sorry it is s".split())


def _which(text: str) -> int | None:
    """'The first' or 'the second', if that is all that is said."""
    words = set(re.sub(r"[^\w\s]", " ", text.lower()).split())
    for place, names in enumerate(_PLACES):
        if words & names and words <= names | _AROUND:
            return place
    return None


def decide(text: str, ranked: Sequence[Match]) -> Turn:
    """Act on the likeliest, ask between the two likeliest, or hear nothing."""
    if not ranked or ranked[0].nearness < ASK_NEAR:
        return Turn(text, NOTHING)
    best = ranked[0]
    if best.chance >= ACT_AT and best.nearness >= ACT_NEAR:
        return Turn(text, best.move)
    if len(ranked) == 1:
        return Turn(text, NOTHING)
    return Turn.between(text, best.move, ranked[1].move)
