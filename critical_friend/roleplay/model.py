"""A scenario in memory. All of it is frozen: a changed script is a new one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

#: How somebody stands to the trainee, from against to for.
STANCES = ("cold", "wary", "open", "won")
#: Words for a change of stance: so many steps.
CHANGES = {"much colder": -2, "colder": -1, "warmer": 1, "much warmer": 2}
LEVELS = ("starting", "practised", "demanding")
KINDS = ("good", "fair", "poor")
#: What ``play:…`` payloads mean beside moves; no move may be called so.
COMMANDS = ("stop", "pause", "resume", "hint", "why", "again", "share", "keep")


@dataclass(frozen=True)
class Condition:
    """All of it has to hold: people's stances, moves that were made, moves that were not."""

    stances: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    done: tuple[str, ...] = ()
    not_done: tuple[str, ...] = ()

    def holds(self, stances: Mapping[str, str], done: frozenset[str]) -> bool:
        """Whether it holds where people stand so and these moves were made."""
        return (
            all(stances[person] in wanted for person, wanted in self.stances.items())
            and done.issuperset(self.done)
            and done.isdisjoint(self.not_done)
        )


ALWAYS = Condition()


@dataclass(frozen=True)
class Line:
    """What somebody says, by their stance; ``who`` is ``None`` for what is seen."""

    who: str | None
    text: Mapping[str, str]

    def spoken(self, stances: Mapping[str, str]) -> str:
        """The words for where the speaker stands: of that stance, else the nearest colder, else warmer."""
        if self.who is None:
            return self.text[""]
        at = STANCES.index(stances[self.who])
        order = [*reversed(STANCES[: at + 1]), *STANCES[at + 1 :], ""]
        return next(self.text[stance] for stance in order if stance in self.text)


@dataclass(frozen=True)
class Effect:
    """What comes of a move, or of time passing. ``finding`` is its source where it has points."""

    when: Condition = ALWAYS
    says: tuple[Line, ...] = ()
    stance: Mapping[str, str] = field(default_factory=dict)
    points: Mapping[str, int] = field(default_factory=dict)
    why: str = ""
    finding: str = ""
    goes: str = ""


@dataclass(frozen=True)
class Move:
    """Something the trainee can do in their own words. Of ``effects`` the first that holds is taken.

    ``common`` names kinds of wordings in ``common.yml`` that are this move too.
    """

    id: str
    means: str
    button: str
    heard_as: str
    examples: tuple[str, ...]
    effects: tuple[Effect, ...]
    when: Condition = ALWAYS
    common: tuple[str, ...] = ()

    @property
    def worth(self) -> int:
        """What it does at its best, in points and steps of stance: good above 0, harm below."""
        return max(
            sum(effect.points.values()) + sum(CHANGES.get(change, 0) for change in effect.stance.values())
            for effect in self.effects
        )


@dataclass(frozen=True)
class After:
    """Comes once when ``turns`` turns have been spent in the scene: an interruption or a time-out."""

    turns: int
    effect: Effect


@dataclass(frozen=True)
class Scene:
    """A part of the talk. ``lead`` is the person who answers when nothing fits; ``if_ahead`` the move that it
    counts as when somebody passes over the scene and says what belongs to a later one."""

    id: str
    title: str
    says: tuple[Line, ...]
    hint: str
    lead: str
    moves: tuple[Move, ...]
    after: tuple[After, ...]
    if_ahead: str = ""


@dataclass(frozen=True)
class Person:
    """Somebody whom the assistant plays."""

    id: str
    name: str
    position: str
    wants: str
    worries: str
    moved_by: str
    starts: str
    unsure: tuple[str, ...]
    asks: str
    repeats: str


@dataclass(frozen=True)
class Goal:
    """Something to learn.

    ``serves`` is a role, phase or rule of the guidance; ``enough`` is the score that counts as reached.
    """

    id: str
    name: str
    serves: str
    finding: str
    enough: int
    missed: str
    next_time: str


@dataclass(frozen=True)
class Clock:
    """How long the whole talk may take, and how it ends then. The warning comes ``WARNING`` turns before."""

    turns: int
    warn: tuple[Line, ...]
    says: tuple[Line, ...]
    goes: str


@dataclass(frozen=True)
class Ending:
    """How it can end; ``tells`` is what came of it."""

    id: str
    title: str
    kind: str
    says: tuple[Line, ...]
    tells: str


@dataclass(frozen=True)
class RehearsalTurn:
    """What is typed in a rehearsal of the script itself, and the move that it must be heard as, if any."""

    you: str
    move: str


@dataclass(frozen=True)
class Rehearsal:
    """An example play with the ending and the scores that it must reach."""

    name: str
    turns: tuple[RehearsalTurn, ...]
    ending: str
    scores: Mapping[str, int]


@dataclass(frozen=True)
class Script:
    """One scenario. ``mark`` changes whenever the file does."""

    id: str
    title: str
    about: str
    level: str
    minutes: int
    suits: tuple[tuple[str, str], ...]
    you: str
    goals: Mapping[str, Goal]
    cast: Mapping[str, Person]
    clock: Clock
    scenes: Mapping[str, Scene]
    anywhere: tuple[Move, ...]
    endings: Mapping[str, Ending]
    rehearsals: tuple[Rehearsal, ...]
    mark: str = ""

    @property
    def first(self) -> str:
        """The scene in which it starts."""
        return next(iter(self.scenes))

    def moves(self, scene: str) -> tuple[Move, ...]:
        """All moves of a scene, with those that are open anywhere; some may be shut just now."""
        return (*self.scenes[scene].moves, *self.anywhere)

    @property
    def every_move(self) -> Mapping[str, Move]:
        """Every move of the script by its id."""
        own = [move for scene in self.scenes.values() for move in scene.moves]
        return {move.id: move for move in (*own, *self.anywhere)}
