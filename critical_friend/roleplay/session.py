"""One trainee's play as it goes to and fro: words typed or buttons pressed in, replies and what to keep out.

The same for every door: the conversation, the terminal, the rehearsals inside a script.
"""

from __future__ import annotations

import itertools
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from critical_friend.guidance.model import Guidance
from critical_friend.roleplay import words
from critical_friend.roleplay.debrief import Debrief, debrief, hurt, source, sources_of, to_data, worked
from critical_friend.roleplay.engine import (
    BETWEEN,
    NOTHING,
    PATIENCE,
    TRAINEE,
    Moment,
    Spoken,
    State,
    Turn,
    advance,
    open_moves,
    replay,
)
from critical_friend.roleplay.model import COMMANDS, Script

#: What is kept of one message, in letters.
LONGEST = 500
Hear = Callable[[State, str], Turn]
Choice = tuple[str, str]


@dataclass(frozen=True)
class Told:
    """One reply, with choices: title and payload of each. ``speaker`` is who in the play says it."""

    text: str
    choices: tuple[Choice, ...] = ()
    speaker: str = ""


@dataclass(frozen=True)
class Kept:
    """What is kept of a play between turns. ``status`` is playing, paused or ended; ``shared`` is whether
    it was given to the trainer ('' while that was not answered)."""

    script: str
    mark: str
    status: str = "playing"
    turns: tuple[Turn, ...] = ()
    shared: str = ""

    def to_data(self) -> dict[str, Any]:
        """Plain data for storage; its size is bounded by the script's clock."""
        return {
            "script": self.script,
            "mark": self.mark,
            "status": self.status,
            "turns": [[turn.text, turn.heard] for turn in self.turns],
            "shared": self.shared,
        }

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> Kept:
        """What ``to_data`` wrote."""
        turns = tuple(Turn(text, heard) for text, heard in data["turns"])
        return cls(data["script"], data["mark"], data["status"], turns, data["shared"])


class Player:
    """Plays one script with somebody. ``hear`` says what typed words are where the play stands."""

    def __init__(self, script: Script, guidance: Guidance, hear: Hear) -> None:
        self.script, self.guidance, self._hear = script, guidance, hear

    def begin(self) -> tuple[Kept, list[Told]]:
        """A new play: who you are, who is who, and the first scene."""
        kept = Kept(self.script.id, self.script.mark)
        cast = [f"{person.name}, {person.position}" for person in self.script.cast.values()]
        people = f"{', '.join(cast[:-1])} and {cast[-1]}" if len(cast) > 1 else cast[0]
        intro = words.say("intro", title=self.script.title, you=self.script.you)
        told = [Told(f"{intro} {words.say('cast', list=people)}"), Told(words.say("how"))]
        return kept, told + self._lines(self.state(kept).said, (_button("hint"), _button("stop")))

    def state(self, kept: Kept) -> State:
        """Where the play stands."""
        return replay(self.script, kept.turns)

    def reply(self, kept: Kept, text: str, payload: str = "") -> tuple[Kept, list[Told]]:
        """One turn: ``payload`` is what follows ``play:`` of a button; else ``text`` was typed."""
        if kept.mark != self.script.mark and payload not in ("stop", "pause"):
            kept, told = self.begin()
            return kept, [Told(words.say("changed")), *told]
        command = payload if payload in COMMANDS else (None if payload else words.typed(text))
        if command:
            return self._command(kept, command)
        if kept.status == "ended":
            return kept, [Told(words.say("over"), _after())]
        state = self.state(kept)
        text = text.strip()[:LONGEST]
        turn = Turn(text, payload) if payload else self._hear(state, text)
        kept = replace(kept, status="playing", turns=(*kept.turns, turn))
        state = advance(self.script, state, turn)
        told = self._lines(state.said, self._choices(state))
        if state.ending:
            return replace(kept, status="ended"), told + self._ended(state)
        if turn.heard == NOTHING and state.misses == PATIENCE:
            told = [*told, self._hint(state)]
        if state.misses > PATIENCE and not state.between:
            told = [*told, Told(words.say("choose", name=self._lead(state)), self._all_moves(state))]
        return kept, told

    def _lead(self, state: State) -> str:
        return self.script.cast[self.script.scenes[state.scene].lead].name

    def _choices(self, state: State) -> tuple[Choice, ...]:
        """Buttons under a question: what to choose between."""
        moves = self.script.every_move
        named = tuple((moves[id_].button, f"play:{id_}") for id_ in state.between)
        return (*named, (words.button("else"), f"play:{NOTHING}")) if len(named) == 1 else named

    def _all_moves(self, state: State) -> tuple[Choice, ...]:
        """The scene's moves, in an order that gives nothing away and stays the same."""
        own = {move.id for move in self.script.scenes[state.scene].moves}
        moves = [move for move in open_moves(self.script, state) if move.id in own]
        moves.sort(key=lambda move: zlib.crc32(move.id.encode()))
        return tuple((move.button, f"play:{move.id}") for move in moves)

    def _command(self, kept: Kept, command: str) -> tuple[Kept, list[Told]]:
        state = self.state(kept)
        if command == "stop":
            return replace(kept, status="ended"), self._stopped(state)
        if command == "again":
            return self.begin()
        if command in ("share", "keep"):
            if not state.ending:
                return kept, [Told(words.say("nothing_to_share"))]
            answer = "yes" if command == "share" else "no"
            said = words.say("shared" if command == "share" else "kept")
            return replace(kept, shared=answer), [Told(said, _after())]
        if command == "why":
            return kept, [self._why(kept, state)]
        if kept.status == "ended":
            return kept, [Told(words.say("over"), _after())]
        if command == "pause":
            return replace(kept, status="paused"), [
                Told(words.say("paused"), (_button("resume"), _button("stop")))
            ]
        if command == "hint":
            return kept, [self._hint(state)]
        last = [Told(words.say("resumed", title=self.script.title)), *self._lines(state.transcript[-1:])]
        return replace(kept, status="playing"), last

    def _stopped(self, state: State) -> list[Told]:
        """A play that is broken off has no ending, and still something to learn from."""
        lists = moments_texts(worked(state), hurt(state), self.guidance)
        texts = [words.say("stopped"), *lists] if not state.ending else [words.say("stopped")]
        return [*(Told(text) for text in texts[:-1]), Told(texts[-1], _after())]

    def _hint(self, state: State) -> Told:
        return Told(words.say("hint", hint=self.script.scenes[state.scene].hint))

    def _why(self, kept: Kept, state: State) -> Told:
        if kept.turns and kept.turns[-1].heard == NOTHING:
            return Told(words.say("why_unheard"))
        if kept.turns and kept.turns[-1].heard.startswith(BETWEEN):
            return Told(words.say("why_asked"))
        last = state.moments[-1] if state.moments else None
        if last is None or not last.why:
            return Told(words.say("why_nothing"))
        told = words.say("why", text=last.text, why=last.why)
        if last.finding:
            told = f"{told} {words.say('why_source', source=source(self.guidance, last.finding))}"
        return Told(told)

    def _lines(self, said: tuple[Spoken, ...], choices: tuple[Choice, ...] = ()) -> list[Told]:
        told = []
        for who, together in itertools.groupby(said, key=lambda spoken: spoken.who):
            told.append(self._line(who, " ".join(spoken.text for spoken in together)))
        if choices and told:
            told[-1] = replace(told[-1], choices=choices)
        return told

    def _line(self, who: str | None, text: str) -> Told:
        if who is None:
            return Told(text)
        name = self.script.cast[who].name
        return Told(words.say("line", name=name, text=text), speaker=name)

    def _ended(self, state: State) -> list[Told]:
        found = debrief(self.script, state)
        return [
            *(Told(text) for text in debrief_texts(found, self.guidance)),
            Told(words.say("share"), (_button("share"), _button("keep"), *_after())),
        ]

    def reading(self, kept: Kept) -> dict[str, Any]:
        """Where the play stands, as a reading carries it."""
        state = self.state(kept) if kept.mark == self.script.mark else replay(self.script, ())
        cast = self.script.cast
        last = next((s.who for s in reversed(state.transcript) if s.who), None)
        found: dict[str, Any] = {
            "scenario": self.script.id,
            "title": self.script.title,
            "you": self.script.you,
            "scene": self.script.scenes[state.scene].title,
            "status": kept.status,
            "speaker": {"name": cast[last].name, "position": cast[last].position} if last else None,
            "stances": {cast[who].name: stance for who, stance in state.stances.items()},
            "cast": [{"name": person.name, "position": person.position} for person in cast.values()],
        }
        if state.ending:
            found["debrief"] = to_data(debrief(self.script, state), self.guidance)
        return found

    def record(self, kept: Kept, by: str | None, at: str | None) -> dict[str, Any]:
        """What a trainer gets: the transcript, the scores and the moments that mattered.

        In the transcript ``who`` is a name, empty for the trainee, and ``None`` for what was seen.
        """
        state = self.state(kept)
        names: dict[str | None, str | None] = {TRAINEE: "", None: None}
        names |= {who: person.name for who, person in self.script.cast.items()}
        return {
            "script": self.script.id,
            "title": self.script.title,
            "by": by,
            "at": at,
            "turns": state.turns,
            "transcript": [{"who": names[spoken.who], "text": spoken.text} for spoken in state.transcript],
            "debrief": to_data(debrief(self.script, state), self.guidance),
        }


def moments_texts(good: tuple[Moment, ...], bad: tuple[Moment, ...], guidance: Guidance) -> list[str]:
    """What worked and what did not, each with its reason and source."""

    def told(m: Moment) -> str:
        if not m.finding:
            return words.say("moment", text=m.text, why=m.why)
        return words.say("moment_source", text=m.text, why=m.why, source=source(guidance, m.finding))

    lists = (("worked", good), ("hurt", bad))
    return ["\n".join([words.say(id_), *map(told, moments)]) for id_, moments in lists if moments]


def debrief_texts(found: Debrief, guidance: Guidance) -> list[str]:
    """The debrief as it is told: how it ended, what worked, what did not, and what to try."""
    scores = "; ".join(
        words.say(
            "score_reached" if s.reached else "score",
            name=s.goal.name,
            points=s.points,
            enough=s.goal.enough,
        )
        for s in found.scores
    )
    ended = words.say("end", title=found.ending.title, tells=found.ending.tells)
    texts = [f"{ended}\n{words.say('scores', list=scores)}"]
    texts += moments_texts(found.worked, found.hurt, guidance)
    missed = [
        words.say("missed_item", text=score.lacking, source=source(guidance, score.goal.finding))
        for score in found.missed
    ]
    if missed:
        texts.append("\n".join([words.say("missed"), *missed]))
    last = [words.say("turned", text=found.turned.text)] if found.turned else []
    last.append(words.say("next_time", text=found.next_time) if found.next_time else words.say("all_reached"))
    last.append(words.say("study", list=" and ".join(sources_of(found, guidance))))
    return [*texts, "\n".join(last)]


def _button(command: str) -> Choice:
    return words.button(command), f"play:{command}"


def _after() -> tuple[Choice, ...]:
    """What one may want when a play is over."""
    return (
        _button("again"),
        (words.button("others"), "rehearse"),
        (words.button("own_case"), "ask_next_step"),
    )
