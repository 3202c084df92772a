"""Walks by chance and by people who mean no good: what they see, and whether one gets stuck."""

from __future__ import annotations

import random
from collections import Counter, defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field

from critical_friend.roleplay.engine import MOST, NOTHING, State, Turn, advance, open_moves, start
from critical_friend.roleplay.model import STANCES, Move, Script

Choose = Callable[[random.Random, Script, State], str]


def _anything(chance: random.Random, script: Script, state: State) -> str:
    moves = open_moves(script, state)
    if not moves or chance.random() < 0.1:
        return NOTHING
    if len(moves) > 1 and chance.random() < 0.1:
        first, second = chance.sample([move.id for move in moves], 2)
        return Turn.between("", first, second).heard
    return chance.choice(moves).id


def _own(script: Script, state: State) -> list[Move]:
    own = {move.id for move in script.scenes[state.scene].moves}
    return [move for move in open_moves(script, state) if move.id in own]


def _fresh(chance: random.Random, script: Script, state: State) -> str:
    """A move of the scene that was not made yet."""
    moves = _own(script, state)
    fresh = [move for move in moves if move.id not in state.done] or moves
    return chance.choice(fresh).id if fresh else NOTHING


def _by_worth(sign: int) -> Choose:
    """The move that does most good, or most harm."""

    def choose(chance: random.Random, script: Script, state: State) -> str:
        moves = _own(script, state)
        if not moves or chance.random() < 0.15:
            return _fresh(chance, script, state)

        def worth(move: Move) -> tuple[float, float]:
            after = advance(script, state, Turn("", move.id))
            stood = sum(
                STANCES.index(after.stances[who]) - STANCES.index(at) for who, at in state.stances.items()
            )
            return sign * (
                sum(after.scores.values()) - sum(state.scores.values()) + 2 * stood
            ), chance.random()

        return max(moves, key=worth).id

    return choose


def _stubborn(chance: random.Random, script: Script, state: State) -> str:
    """The same move over and over, as long as it is open."""
    last = state.moments[-1].move if state.moments else ""
    moves = [move.id for move in open_moves(script, state)]
    return last if last in moves else (chance.choice(moves) if moves else NOTHING)


def _mumbling(chance: random.Random, script: Script, state: State) -> str:
    """Hardly anything that can be understood."""
    return NOTHING if chance.random() < 0.8 else _anything(chance, script, state)


def _elsewhere(chance: random.Random, script: Script, state: State) -> str:
    """Only moves that belong to no scene."""
    return chance.choice(script.anywhere).id if script.anywhere else NOTHING


WALKERS: dict[str, Choose] = {
    "by chance": _anything,
    "something new each time": _fresh,
    "doing well": _by_worth(1),
    "doing badly": _by_worth(-1),
    "stubborn": _stubborn,
    "mumbling": _mumbling,
    "beside the point": _elsewhere,
}


@dataclass
class Walks:
    """What the walks saw. ``scores`` has the lowest and the highest of each goal by ending."""

    times: int = 0
    scenes: Counter[str] = field(default_factory=Counter)
    moves: Counter[str] = field(default_factory=Counter)
    endings: Counter[str] = field(default_factory=Counter)
    scores: dict[str, dict[str, tuple[int, int]]] = field(default_factory=lambda: defaultdict(dict))
    turns: list[int] = field(default_factory=list)
    stuck: list[str] = field(default_factory=list)

    def add(self, walker: str, state: State, scenes: set[str]) -> None:
        """One more walk."""
        self.times += 1
        self.scenes.update(scenes)
        self.moves.update(state.done)
        if not state.ending:
            self.stuck.append(f"{walker}, in '{state.scene}'")
            return
        self.endings[state.ending] += 1
        self.turns.append(state.turns)
        for goal, points in state.scores.items():
            low, high = self.scores[state.ending].get(goal, (points, points))
            self.scores[state.ending][goal] = (min(low, points), max(high, points))

    def most(self, goal: str) -> int:
        """The highest score of a goal in any walk."""
        return max((found[goal][1] for found in self.scores.values()), default=0)


def walk(script: Script, seed: int, times: int) -> Walks:
    """So many walks, by every kind of walker in turn. The same seed gives the same walks."""
    walks, chance = Walks(), random.Random(seed)
    for number in range(times):
        name = list(WALKERS)[number % len(WALKERS)]
        state, scenes = start(script), {script.first}
        for _ in range(MOST * script.clock.turns + 1):
            if state.ending:
                break
            state = advance(script, state, Turn("", WALKERS[name](chance, script, state)))
            scenes.add(state.scene)
        walks.add(name, state, scenes)
    return walks


def told(script: Script, walks: Walks) -> str:
    """The walks in words."""
    lines = [f"{walks.times} walks through “{script.title}”, {_range(walks.turns)} turns long."]
    for kind, every, seen in (
        ("scenes", list(script.scenes), walks.scenes),
        ("moves", list(script.every_move), walks.moves),
        ("endings", list(script.endings), walks.endings),
    ):
        never = [id_ for id_ in every if not seen[id_]]
        missing = f"; never: {', '.join(never)}" if never else ""
        lines.append(f"{len(every) - len(never)} of {len(every)} {kind} were seen{missing}.")
    for ending, count in walks.endings.most_common():
        scores = ", ".join(f"{goal} {low} to {high}" for goal, (low, high) in walks.scores[ending].items())
        lines.append(f"{ending}: {100 * count / walks.times:.0f} %, {scores}.")
    lines.append(f"Stuck: {', '.join(sorted(set(walks.stuck)))}." if walks.stuck else "Nobody got stuck.")
    return "\n".join(lines)


def _range(numbers: list[int]) -> str:
    return f"{min(numbers)} to {max(numbers)}" if numbers else "no"
