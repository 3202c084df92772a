"""Checks by meaning: wordings that collide, examples that would be taken for another move, rehearsals."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from critical_friend.guidance.positions import Document
from critical_friend.roleplay.engine import BETWEEN, NOTHING, Turn, advance, start
from critical_friend.roleplay.matching import OPPOSITE, Encoder, Matcher, decide
from critical_friend.roleplay.model import Move, Rehearsal, Script
from critical_friend.roleplay.problems import Problem
from critical_friend.understanding.network import Array

#: Two wordings of different moves nearer than this say the same.
SAME = 0.9
#: Two moves are too alike when so many examples of one would be taken for the other.
MANY = 0.4


class Remembering:
    """An encoder that encodes each text once."""

    def __init__(self, encoder: Encoder) -> None:
        self._encoder = encoder
        self._known: dict[str, Array] = {}

    def encode(self, texts: Sequence[str]) -> Array:
        """(texts, sights, size)."""
        fresh = list(dict.fromkeys(text for text in texts if text not in self._known))
        if fresh:
            self._known.update(zip(fresh, self._encoder.encode(fresh)))
        return np.stack([self._known[text] for text in texts])


class MeaningChecker:
    """Checks what only the matcher can see."""

    def __init__(self, script: Script, document: Document, encoder: Encoder) -> None:
        self.script, self.document = script, document
        self.encoder = Remembering(encoder)
        self.matcher = Matcher(script, self.encoder)
        self._lines = {move["id"]: self._places(path, move) for path, move in self._moves()}

    def run(self) -> list[Problem]:
        """All problems of meaning, in no order."""
        found = [problem for scene in self.script.scenes for problem in self._scene(scene)]
        for number, rehearsal in enumerate(self.script.rehearsals):
            found += self._rehearsal(number, rehearsal)
        return found

    def _moves(self) -> Iterator[tuple[tuple[str | int, ...], dict[str, Any]]]:
        data = self.document.data
        for n, scene in enumerate(data["scenes"]):
            for m, move in enumerate(scene["moves"]):
                yield ("scenes", n, "moves", m), move
        for m, move in enumerate(data.get("anywhere", ())):
            yield ("anywhere", m), move

    def _places(self, path: tuple[str | int, ...], move: dict[str, Any]) -> dict[str, int]:
        lines = {text: self.document.line((*path, "examples", n)) for n, text in enumerate(move["examples"])}
        return {"": self.document.line(path), **lines}

    def _problem(self, line: int, code: str, what: str, remedy: str, *, warning: bool = False) -> Problem:
        return Problem(self.document.file, line, code, what, remedy, warning)

    def _scene(self, scene: str) -> Iterator[Problem]:
        moves = self.script.moves(scene)
        own = self.script.scenes[scene].moves
        taken: dict[tuple[str, str], list[str]] = defaultdict(list)
        opposed: dict[tuple[str, str], list[str]] = defaultdict(list)
        for move in own:
            for example in move.examples:
                ranked = self.matcher.rank(example, moves, without=example)
                heard = decide(example, ranked).heard
                asked = set(heard.removeprefix(BETWEEN).split()) if heard.startswith(BETWEEN) else set()
                for match in ranked:
                    opposite = match.worth * move.worth < 0 and match.chance > OPPOSITE
                    if opposite and asked == {move.id, match.move}:
                        opposed[move.id, match.move].append(example)
                if heard != move.id and heard in self.script.every_move:
                    taken[move.id, heard].append(example)
        for (id_, other), examples in taken.items():
            move = self.script.every_move[id_]
            if len(examples) >= max(3, MANY * len(move.examples)):
                yield self._problem(
                    self._lines[id_][""],
                    "too-alike",
                    f"'{id_}' is too much like '{other}' in the scene '{scene}': "
                    + ", ".join(f"“{e}”" for e in examples[:4])
                    + f" would be taken for '{other}'.",
                    "Make them differ in what they mean, or make one move of them.",
                )
                continue
            for example in examples:
                yield self._problem(
                    self._lines[id_][example],
                    "lands-elsewhere",
                    f"If it were not among the examples of '{id_}', “{example}” would be taken "
                    f"for '{other}'.",
                    f"Give '{id_}' more wordings like it, or move it.",
                    warning=True,
                )
        for (id_, other), examples in opposed.items():
            if len(examples) >= max(3, MANY * len(self.script.every_move[id_].examples)):
                yield self._problem(
                    self._lines[id_][""],
                    "near-opposites",
                    f"'{id_}' and '{other}' do the opposite in the scene '{scene}' and are worded alike: "
                    + ", ".join(f"“{e}”" for e in examples[:4])
                    + ". People are often asked which of the two they meant.",
                    "Say in both what is done, and not only that something is or is not: "
                    "a 'not' hardly changes what a sentence is matched with.",
                    warning=True,
                )
        yield from self._same(moves)

    def _same(self, moves: Sequence[Move]) -> Iterator[Problem]:
        told = [(move.id, example) for move in moves for example in move.examples]
        vectors = self.encoder.encode([example for _, example in told])[:, 0]
        near = vectors @ vectors.T
        for a, b in zip(*np.where(np.triu(near, 1) >= SAME)):
            (one, first), (two, second) = told[a], told[b]
            if one != two:
                yield self._problem(
                    self._lines[two][second],
                    "same-words",
                    f"“{second}” of '{two}' says the same as “{first}” of '{one}' "
                    f"(line {self._lines[one][first]}).",
                    "Keep it in one of the two.",
                )

    def _rehearsal(self, number: int, rehearsal: Rehearsal) -> Iterator[Problem]:
        state = start(self.script)
        for place, turn in enumerate(rehearsal.turns):
            line = self.document.line(("rehearsals", number, "turns", place))
            if state.ending:
                yield self._problem(
                    line,
                    "rehearsal-too-long",
                    f"The rehearsal “{rehearsal.name}” is over before “{turn.you}”.",
                    "Take the rest out, or change what leads to the ending.",
                )
                return
            if turn.move and turn.move not in {m.id for m in self.script.moves(state.scene)}:
                yield self._problem(
                    line,
                    "rehearsal-not-here",
                    f"'{turn.move}' cannot be made in the scene '{state.scene}', "
                    "where the rehearsal is by then.",
                    "Put it where the move is open.",
                )
                return
            heard = self.matcher.hear(state, turn.you)
            if turn.move and heard.heard != turn.move:
                yield self._misheard(line, turn.you, turn.move, heard)
            said = Turn(turn.you, turn.move) if turn.move else heard
            state = advance(self.script, state, said)
        line = self.document.line(("rehearsals", number))
        if state.ending != rehearsal.ending:
            ended = (
                f"ends in '{state.ending}'" if state.ending else f"does not end; it stands in '{state.scene}'"
            )
            yield self._problem(
                line,
                "rehearsal-ending",
                f"The rehearsal “{rehearsal.name}” {ended}, and not in '{rehearsal.ending}'.",
                "Change the turns, the script or the ending that is expected.",
            )
        for goal, points in rehearsal.scores.items():
            if state.scores[goal] != points:
                yield self._problem(
                    self.document.line(("rehearsals", number, "scores", goal)),
                    "rehearsal-score",
                    f"The rehearsal “{rehearsal.name}” scores {state.scores[goal]} for '{goal}', "
                    f"and not {points}.",
                    "Change the points, or what is expected.",
                )

    def _misheard(self, line: int, text: str, move: str, heard: Turn) -> Problem:
        if heard.heard == NOTHING:
            what, warning = "is not understood", True
        elif heard.heard not in self.script.every_move:
            near = [f"'{id_}'" for id_ in heard.heard.removeprefix(BETWEEN).split()]
            what = f"is asked about ({' or '.join([*near, 'something else'][:2])})"
            warning = True
        else:
            what, warning = f"is heard as '{heard.heard}'", False
        return self._problem(
            line,
            "rehearsal-heard",
            f"“{text}” {what}, and not heard as '{move}'.",
            f"Give '{move}' more examples in other words, or put the rehearsal's line more plainly.",
            warning=warning,
        )
