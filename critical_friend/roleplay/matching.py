"""Which move somebody's own words are, by meaning.

A move is known by its examples (some of them common to all scripts, ``common.yml``), by the plain phrase
of what it means, and by how it is named in a question. A message is held against all moves that are open
where it was said, and against a rival that is no move: everyday remarks (``aside.yml``), the likelier the
less a message is like the script at all. There is nothing to train: a new script works at once. The few
weights below hold for all scripts. They were fitted by leaving out each example of the shipped scripts in
turn, and by remarks beside the point that stand nowhere in the project; never by ``tests/roleplay``.
"""

from __future__ import annotations

import re
from collections.abc import Sequence, Set
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Protocol

import numpy as np
import yaml

from critical_friend.roleplay.answering import after_neither, answers, which
from critical_friend.roleplay.engine import BETWEEN, NOTHING, State, Turn, moves_ahead, open_moves
from critical_friend.roleplay.model import Move, Script
from critical_friend.understanding.network import Array
from critical_friend.understanding.sentences import unit

#: What being like the examples, the meaning and the question's words weighs.
LIKE_EXAMPLES, LIKE_MEANING, LIKE_QUESTION = 13.0, 6.5, 3.8
#: A move that is open anywhere is less to be expected than one of the scene.
ANYWHERE = -1.4
#: What counts for no move: being like the nearest everyday remark, being like the script, and at all.
LIKE_ASIDE, LIKE_SCRIPT, ASIDE = 16.7, -13.0, 3.4
#: So likely a move must be to be acted on, and so likely no move to be heard as none; between, it is asked.
ACT_AT, NONE_AT = 0.55, 0.6
#: A move is not acted on while one that does the opposite (harm for good) is more likely than this.
OPPOSITE = 0.12
#: So likely the second must be to be named when the person asks; else it is 'or something else'.
NAMED = 0.1
#: What was said in this scene already is so much less to be expected again.
AGAIN = 0.3
#: So likely a move of a scene that comes next must be.
AHEAD_AT = 0.75
#: So likely a move must be to be asked about beside a courtesy.
MEANT = 0.25
_SENTENCE = re.compile(r"(?<=[.!?…])\s+")


class Encoder(Protocol):
    """Turns texts into vectors of length 1."""

    def __hash__(self) -> int:
        """Encoders are told apart."""

    def encode(self, texts: Sequence[str]) -> Array:
        """(texts, sights, size)."""


@dataclass(frozen=True)
class Match:
    """A move, how likely the message is it, and what the move does: good above 0, harm below."""

    move: str
    chance: float
    worth: int


@lru_cache
def wordings(file: str) -> dict[str, list[str]]:
    """What people say in any talk, by kinds: ``common.yml``, ``aside.yml``."""
    kinds: dict[str, list[str]] = yaml.safe_load((Path(__file__).parent / file).read_text(encoding="utf-8"))
    return kinds


@lru_cache(maxsize=2)
def asides(encoder: Encoder) -> Array:
    """The everyday remarks of ``aside.yml`` as vectors, encoded once."""
    return encoder.encode([remark for remarks in wordings("aside.yml").values() for remark in remarks])


@lru_cache(maxsize=2)
def common(encoder: Encoder) -> dict[str, Array]:
    """The wordings of ``common.yml`` as vectors, encoded once."""
    return {kind: encoder.encode(texts) for kind, texts in wordings("common.yml").items()}


class Matcher:
    """Hears moves in one script. Making it encodes all examples once."""

    def __init__(self, script: Script, encoder: Encoder) -> None:
        self.script, self._encoder = script, encoder
        moves = list(script.every_move.values())
        told = [text for m in moves for text in (*m.examples, m.means, m.heard_as)]
        vectors = encoder.encode(told)
        sizes = [len(move.examples) for move in moves]
        starts = np.cumsum([0, *(size + 2 for size in sizes)])
        examples = [vectors[at : at + size] for at, size in zip(starts, sizes)]
        self._common = np.concatenate(examples).mean(axis=0)
        self._examples = {m.id: self._centred(found) for m, found in zip(moves, examples)}
        self._named = {
            m.id: self._centred(vectors[at + size : at + size + 2])
            for m, at, size in zip(moves, starts, sizes)
        }
        self._kinds = {kind: self._middle(self._centred(found)) for kind, found in common(encoder).items()}
        self._asides = asides(encoder)
        self._anywhere = {move.id for move in script.anywhere}
        self._courtesies = {move.id for move in script.anywhere if move.worth >= 0}
        self._of_scenes = script.every_move.keys() - self._anywhere

    def _centred(self, vectors: Array) -> Array:
        """Without what all wordings of the script have in common, which tells no two of them apart."""
        return unit(vectors - self._common) / np.sqrt(2)

    @staticmethod
    def _middle(examples: Array) -> Array:
        return np.asarray(unit(examples.mean(axis=0)) / np.sqrt(2))

    def rank(self, text: str, moves: Sequence[Move], without: str | None = None) -> list[Match]:
        """The moves by how near ``text`` is to them, the nearest first.

        ``without`` is an example that is left out, to see where it would land if it were new.
        """
        parts = [part for part in _SENTENCE.split(text) if len(part.split()) > 2]
        plain = self._encoder.encode([text, *parts] if len(parts) > 1 else [text])
        vectors = self._centred(plain)
        scores = np.array([self._against(vectors, m, without) for m in moves] + [self._aside(plain[0])])
        powers = np.exp(scores - scores.max())
        chances = powers / powers.sum()
        found = [Match(move.id, float(chance), move.worth) for move, chance in zip(moves, chances)]
        return sorted(found, key=lambda match: -match.chance)

    def _against(self, vectors: Array, move: Move, without: str | None) -> float:
        """Score of a message, which counts by its whole and by the sentence that says most."""
        examples = self._examples[move.id]
        if without in move.examples:
            examples = np.delete(examples, move.examples.index(str(without)), axis=0)
        middles = np.stack([self._middle(examples), *(self._kinds[kind] for kind in move.common)])
        near = np.einsum("tsd,ksd->tk", vectors, middles).max(axis=1)
        named = np.einsum("tsd,ksd->tk", vectors, self._named[move.id])
        each = LIKE_EXAMPLES * near + named @ np.array([LIKE_MEANING, LIKE_QUESTION])
        score = each[0] if len(each) == 1 else (each[0] + each[1:].max()) / 2
        return float(score) + ANYWHERE * (move.id in self._anywhere)

    def _aside(self, plain: Array) -> float:
        """Score of a message for being no move at all."""
        aside = np.einsum("sd,ksd->k", plain, self._asides).max() / 2
        script = np.einsum("sd,sd->", plain, unit(self._common)) / 2
        return float(LIKE_ASIDE * aside + LIKE_SCRIPT * script + ASIDE)

    def weigh(self, state: State, text: str, without: str | None = None) -> list[Match]:
        """The moves that ``text`` may be where the play stands, open now or ahead, the likeliest first."""
        ahead = (move for _, move in moves_ahead(self.script, state).values())
        ranked = self.rank(text, (*open_moves(self.script, state), *ahead), without)
        return _but_again(ranked, {move for move, _ in state.here} - set(state.between))

    def hear(self, state: State, text: str, without: str | None = None) -> Turn:
        """What ``text`` is heard as where the play stands. ``without`` is an example that is left out."""
        if state.between and (place := which(text)) is not None:
            return Turn(text, (*state.between, NOTHING)[place])
        if state.between and (rest := after_neither(text)) is not None:
            return replace(self._heard(state, rest, without, set(state.between)), text=text)
        turn = self._heard(state, text, without)
        if turn.heard in self._courtesies:
            more = self._heard(state, self._besides(state, text, turn.heard))
            if more.heard in self._of_scenes:
                return replace(more, text=text)
        return turn

    def _heard(
        self, state: State, text: str, without: str | None = None, refused: Set[str] = frozenset()
    ) -> Turn:
        """``refused`` are moves that it is not, as the trainee has just said."""
        if not text.strip():
            return Turn(text, NOTHING)
        far, ahead = self.weigh(state, text, without), moves_ahead(self.script, state)
        far = _among(far, refused)
        ranked = _among(far, ahead.keys())
        asked = not refused and ranked and ranked[0].move in state.between
        if asked and answers(text, ranked[0].chance, none(ranked)):
            return Turn(text, ranked[0].move)
        turn = self._politely(decide(text, ranked), ranked)
        if turn.heard in self.script.every_move or not far or far[0].chance < AHEAD_AT:
            return turn
        later = decide(text, far)
        if later.heard not in ahead:
            return turn
        return Turn(text, self.script.scenes[state.scene].if_ahead or later.heard)

    def _politely(self, turn: Turn, ranked: Sequence[Match]) -> Turn:
        """Nobody is asked whether they are being polite: they are, or they mean the other thing."""
        if not turn.heard.startswith(BETWEEN) or not self._courtesies & set(turn.heard[1:].split()):
            return turn
        other = next((match for match in ranked if match.move not in self._courtesies), None)
        if other is not None and other.chance >= MEANT:
            return Turn.between(turn.text, other.move)
        return Turn(turn.text, ranked[0].move if ranked[0].move in self._courtesies else NOTHING)

    def _besides(self, state: State, text: str, courtesy: str) -> str:
        """What is said beside a greeting, thanks or 'sorry'."""
        parts = _SENTENCE.split(text)
        return " ".join(part for part in parts if self.weigh(state, part)[0].move != courtesy)


def _among(ranked: Sequence[Match], left_out: Set[str]) -> list[Match]:
    """The ranking as if the moves that are left out had never been there."""
    share = 1 - sum(match.chance for match in ranked if match.move in left_out)
    kept = [match for match in ranked if match.move not in left_out]
    return [replace(match, chance=match.chance / max(share, 1e-9)) for match in kept]


def _but_again(ranked: Sequence[Match], made: Set[str]) -> list[Match]:
    """The ranking where moves that were ``made`` in this scene are less to be expected."""
    weighed = [replace(m, chance=m.chance * AGAIN) if m.move in made else m for m in ranked]
    whole = none(ranked) + sum(match.chance for match in weighed)
    return sorted((replace(m, chance=m.chance / whole) for m in weighed), key=lambda match: -match.chance)


def none(ranked: Sequence[Match]) -> float:
    """How likely the message is no move at all."""
    return 1 - sum(match.chance for match in ranked)


def decide(text: str, ranked: Sequence[Match]) -> Turn:
    """Act on the likeliest, ask about the one or two likeliest, or hear nothing."""
    if not ranked or none(ranked) >= NONE_AT:
        return Turn(text, NOTHING)
    best = ranked[0]
    opposite = max((match.chance for match in ranked if match.worth * best.worth < 0), default=0)
    if best.chance >= ACT_AT and opposite <= OPPOSITE:
        return Turn(text, best.move)
    return Turn.between(text, *(match.move for match in ranked[:2] if match is best or match.chance >= NAMED))
