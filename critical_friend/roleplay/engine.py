"""The play itself: where it stands, and what somebody's next words make of that. It knows no servers.

A play is kept as the list of its turns (what was said and what it was heard as), and replayed from them:
so what is stored is small, and nothing in it can disagree with the script.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from critical_friend.roleplay.model import CHANGES, STANCES, Effect, Line, Move, Script

#: So many turns before the time is up comes the warning.
WARNING = 3
#: So many times in a row somebody says that they do not understand. After that there are buttons.
PATIENCE = 2
#: Turns in which nothing was understood are free, up to so many times the turns of the clock.
MOST = 3
#: What a turn was heard as when it was no move.
NOTHING = "-"
BETWEEN = "?"
#: Completes 'Are you … or …?' where only one move was near.
SOMETHING_ELSE = "after something else"


@dataclass(frozen=True)
class Spoken:
    """A line as it was said; ``who`` is ``None`` for what is seen."""

    who: str | None
    text: str


@dataclass(frozen=True)
class Moment:
    """A move that was made, with what it did. ``steps`` is how far people moved towards the trainee."""

    scene: str
    move: str
    text: str
    steps: int
    points: Mapping[str, int]
    why: str
    finding: str

    @property
    def weight(self) -> int:
        """How much it did for better or worse."""
        return 2 * self.steps + sum(self.points.values())


@dataclass(frozen=True)
class Turn:
    """What was typed, and what it was heard as: a move's id, ``NOTHING``, or ``BETWEEN`` with one or two."""

    text: str
    heard: str

    @classmethod
    def between(cls, text: str, *moves: str) -> Turn:
        """Two moves were near, or one that is not sure enough."""
        return cls(text, f"{BETWEEN}{' '.join(moves)}")


@dataclass(frozen=True)
class State:
    """Where a play stands. ``said`` are the lines of the last turn; ``between`` the moves that the last
    question was about, and ``asked`` the words that it came from."""

    scene: str
    stances: Mapping[str, str]
    scores: Mapping[str, int]
    done: frozenset[str] = frozenset()
    taken: frozenset[tuple[str, int]] = frozenset()
    here: frozenset[tuple[str, int]] = frozenset()
    fired: frozenset[int] = frozenset()
    turns: int = 0
    entries: int = 0
    turns_here: int = 0
    misses: int = 0
    between: tuple[str, ...] = ()
    asked: str = ""
    moments: tuple[Moment, ...] = ()
    ending: str = ""
    said: tuple[Spoken, ...] = ()
    transcript: tuple[Spoken, ...] = field(default=(), repr=False)


#: Who the trainee is in a transcript.
TRAINEE = ""


def start(script: Script) -> State:
    """A play at its beginning."""
    stances = {person.id: person.starts for person in script.cast.values()}
    state = State(script.first, stances, {goal: 0 for goal in script.goals})
    return _recorded(_enter(script, state, script.first))


def replay(script: Script, turns: Iterable[Turn]) -> State:
    """Where these turns lead."""
    state = start(script)
    for turn in turns:
        state = advance(script, state, turn)
    return state


def open_moves(script: Script, state: State) -> tuple[Move, ...]:
    """The moves that can be made now."""
    if state.ending:
        return ()
    return tuple(m for m in script.moves(state.scene) if m.when.holds(state.stances, state.done))


def moves_ahead(script: Script, state: State) -> Mapping[str, tuple[str, Move]]:
    """Moves of the scenes that come next, each with its scene: one may say early what is asked there.

    Only where the same person leads, for nobody answers who is not there yet.
    """
    if state.ending:
        return {}
    here = script.scenes[state.scene]
    effects = [*(e for m in here.moves for e in m.effects), *(after.effect for after in here.after)]
    scenes = (script.scenes[e.goes] for e in effects if e.goes in script.scenes)
    return {
        move.id: (scene.id, move)
        for scene in scenes
        if scene is not here and scene.lead == here.lead
        for move in scene.moves
        if move.when.holds(state.stances, state.done)
    }


def advance(script: Script, state: State, turn: Turn) -> State:
    """The play after one more turn. After its end, and for a move that is not open, nothing is heard."""
    if state.ending:
        return replace(state, said=())
    spoken = (*state.transcript, Spoken(TRAINEE, turn.text))
    # An answer to a question is told by what was said before it: 'the first' says nothing to a reader.
    words = state.asked if turn.heard in state.between else turn.text
    state = replace(state, said=(), between=(), entries=state.entries + 1, transcript=spoken)
    moves = {move.id: move for move in open_moves(script, state)}
    near = turn.heard.removeprefix(BETWEEN).split() if turn.heard.startswith(BETWEEN) else []
    if 1 <= len(near) <= 2 and moves.keys() >= set(near):
        state = _ask(script, state, [moves[id_] for id_ in near], turn.text)
    elif turn.heard in moves:
        state = _make(script, state, moves[turn.heard], words)
    elif found := moves_ahead(script, state).get(turn.heard):
        scene, move = found
        state = _make(script, _enter(script, state, scene), move, turn.text)
    else:
        state = _miss(script, state)
    return _recorded(_clock(script, state))


def _recorded(state: State) -> State:
    return replace(state, transcript=(*state.transcript, *state.said))


def _say(state: State, lines: Iterable[Line]) -> State:
    spoken = [Spoken(line.who, line.spoken(state.stances)) for line in lines]
    return replace(state, said=(*state.said, *spoken))


def _lead_says(script: Script, state: State, text: str) -> State:
    return replace(state, said=(*state.said, Spoken(script.scenes[state.scene].lead, text)))


def _ask(script: Script, state: State, near: Sequence[Move], text: str) -> State:
    lead = script.cast[script.scenes[state.scene].lead]
    second = near[1].heard_as if len(near) > 1 else SOMETHING_ELSE
    line = lead.asks.format(first=near[0].heard_as, second=second)
    return _lead_says(script, replace(state, between=tuple(move.id for move in near), asked=text), line)


def _miss(script: Script, state: State) -> State:
    """The lead has not understood, and says so another way each time, until that is no help any more.

    From then on it costs time as a move does, so that nobody goes round for ever.
    """
    state = replace(state, misses=state.misses + 1)
    if state.misses > PATIENCE:
        late = replace(state, turns=state.turns + 1, turns_here=state.turns_here + 1)
        return _time_passes(script, late)
    lead = script.cast[script.scenes[state.scene].lead]
    return _lead_says(script, state, lead.unsure[(state.entries - state.turns - 1) % len(lead.unsure)])


def _make(script: Script, state: State, move: Move, text: str) -> State:
    number = next(n for n, e in enumerate(move.effects) if e.when.holds(state.stances, state.done))
    key, effect = (move.id, number), move.effects[number]
    state = replace(state, misses=0, turns=state.turns + 1, turns_here=state.turns_here + 1)
    if key in state.here:
        lead = script.cast[script.scenes[state.scene].lead]
        return _time_passes(script, _lead_says(script, state, lead.repeats))
    points = {} if key in state.taken else effect.points
    before, scene = state.stances, state.scene
    state = replace(
        state,
        stances=_moved(state.stances, effect),
        scores={goal: score + points.get(goal, 0) for goal, score in state.scores.items()},
        done=state.done | {move.id},
        taken=state.taken | {key},
        here=state.here | {key},
    )
    finding = effect.finding or next((script.goals[goal].finding for goal in effect.points), "")
    steps = sum(STANCES.index(state.stances[who]) - STANCES.index(at) for who, at in before.items())
    moment = Moment(scene, move.id, text, steps, points, effect.why, finding)
    state = replace(_say(state, effect.says), moments=(*state.moments, moment))
    return _enter(script, state, effect.goes) if effect.goes else _time_passes(script, state)


def _moved(stances: Mapping[str, str], effect: Effect) -> dict[str, str]:
    moved = dict(stances)
    for who, change in effect.stance.items():
        if change in CHANGES:
            place = STANCES.index(moved[who]) + CHANGES[change]
            moved[who] = STANCES[max(0, min(place, len(STANCES) - 1))]
        else:
            moved[who] = change
    return moved


def _enter(script: Script, state: State, where: str) -> State:
    if where in script.endings:
        return replace(_say(state, script.endings[where].says), ending=where)
    fresh: frozenset[int] = frozenset()
    state = replace(state, scene=where, turns_here=0, misses=0, here=frozenset(), fired=fresh)
    return _say(state, script.scenes[where].says)


def _time_passes(script: Script, state: State) -> State:
    """What comes by itself after so many turns in a scene."""
    for number, after in enumerate(script.scenes[state.scene].after):
        due = state.turns_here >= after.turns and number not in state.fired
        if due and after.effect.when.holds(state.stances, state.done):
            state = replace(
                _say(state, after.effect.says),
                stances=_moved(state.stances, after.effect),
                fired=state.fired | {number},
            )
            if after.effect.goes:
                return _enter(script, state, after.effect.goes)
    return state


def _clock(script: Script, state: State) -> State:
    clock = script.clock
    if state.ending:
        return state
    if state.turns >= clock.turns or state.entries >= MOST * clock.turns:
        return _enter(script, _say(state, clock.says), clock.goes)
    if state.turns == clock.turns - WARNING and state.misses == 0 and not state.between:
        return _say(state, clock.warn)
    return state
