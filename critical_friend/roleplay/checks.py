"""What a schema cannot see in a script: references, and whether its scenes hang together."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from critical_friend.guidance.faults import did_you_mean
from critical_friend.guidance.model import Guidance
from critical_friend.guidance.positions import Document, Path_
from critical_friend.roleplay.model import COMMANDS, STANCES
from critical_friend.roleplay.problems import Problem

Data = dict[str, Any]
FEWEST_EXAMPLES = 5
TAKEN = frozenset({*COMMANDS, *STANCES, "done", "not_done"})


class Checker:
    """Checks one script whose form is right. ``unsound`` tells afterwards that it cannot be made."""

    def __init__(self, document: Document, guidance: Guidance) -> None:
        self.document, self.guidance = document, guidance
        self.data: Data = document.data
        self.problems: list[Problem] = []
        self.cast = self._ids("cast")
        self.goals = self._ids("goals")
        self.scenes = self._ids("scenes")
        self.endings = self._ids("endings")
        self.moves = list(self._moves())
        self.move_ids = [move["id"] for _, move in self.moves]
        self.unsound = False

    def run(self) -> list[Problem]:
        """All that is wrong, in no order."""
        self._names()
        self._people_and_goals()
        for path, move in self.moves:
            self._move(path, move)
        self._scenes()
        self._rehearsals()
        self.unsound = any(not problem.warning for problem in self.problems)
        if not self.unsound:
            self._hangs_together()
        return self.problems

    def _say(self, path: Path_, code: str, what: str, remedy: str, *, warning: bool = False) -> None:
        line = self.document.line(path)
        self.problems.append(Problem(self.document.file, line, code, what, remedy, warning))

    def _ids(self, section: str) -> list[str]:
        return [item["id"] for item in self.data[section]]

    def _moves(self) -> Iterator[tuple[Path_, Data]]:
        for n, scene in enumerate(self.data["scenes"]):
            for m, move in enumerate(scene["moves"]):
                yield ("scenes", n, "moves", m), move
        for m, move in enumerate(self.data.get("anywhere", ())):
            yield ("anywhere", m), move

    def _names(self) -> None:
        scenes: list[tuple[Path_, str]] = [(("scenes", n), id_) for n, id_ in enumerate(self.scenes)]
        endings: list[tuple[Path_, str]] = [(("endings", n), id_) for n, id_ in enumerate(self.endings)]
        groups: dict[str, list[tuple[Path_, str]]] = {
            "cast": [(("cast", n), id_) for n, id_ in enumerate(self.cast)],
            "goals": [(("goals", n), id_) for n, id_ in enumerate(self.goals)],
            "scenes and endings": scenes + endings,
            "moves": [(path, move["id"]) for path, move in self.moves],
        }
        for kind, found in groups.items():
            counted = Counter(id_ for _, id_ in found)
            for path, id_ in found:
                if counted[id_] > 1:
                    self._say(path, "twice", f"'{id_}' is the id of two {kind}.", "Give one another id.")
                if id_ in TAKEN:
                    self._say(path, "taken", f"'{id_}' has a meaning of its own here.", "Choose another id.")

    def _people_and_goals(self) -> None:
        for n, person in enumerate(self.data["cast"]):
            for part in ("{first}", "{second}"):
                if part not in person["asks"]:
                    self._say(
                        ("cast", n, "asks"),
                        "no-placeholder",
                        f"The line lacks {part}.",
                        "It asks which of two things was meant: 'Are you {first}, or {second}?'",
                    )
        served = [*self.guidance.roles, *self.guidance.phases, *self.guidance.rules]
        for n, goal in enumerate(self.data["goals"]):
            here: Path_ = ("goals", n)
            self._serves((*here, "serves"), goal["serves"], served)
            self._known((*here, "finding"), goal["finding"], self.guidance.findings, "finding")
        for n, item in enumerate(self.data.get("suits", ())):
            for signal in item:
                self._known(("suits", n), signal, self.guidance.signals, "signal")

    def _serves(self, path: Path_, id_: str, served: Sequence[str]) -> None:
        """A goal serves a role, a phase or a rule. A signal is likely meant for a rule that turns on it."""
        rules = [rule.id for rule in self.guidance.advice_rules if id_ in rule.when.signals()]
        if id_ in served or not rules:
            self._known(path, id_, served, "role, phase or rule of the guidance")
            return
        remedy = f"Name a rule that turns on it: {' or '.join(rules[:3])}."
        self._say(path, "unknown", f"'{id_}' is a signal, and no role, phase or rule.", remedy)

    def _known(self, path: Path_, id_: str, known: Iterable[str], kind: str, code: str = "unknown") -> None:
        if id_ not in known:
            self._say(path, code, f"There is no {kind} '{id_}'.", did_you_mean(id_, known))

    def _move(self, path: Path_, move: Data) -> None:
        examples = [example.casefold() for example in move["examples"]]
        if len(examples) < FEWEST_EXAMPLES:
            self._say(
                (*path, "examples"),
                "few-examples",
                f"'{move['id']}' has {len(examples)} examples.",
                f"Give {FEWEST_EXAMPLES} or more, with different words, so that it is recognised.",
                warning=True,
            )
        for n, example in enumerate(examples):
            if example in examples[:n]:
                self._say((*path, "examples", n), "twice", "This example stands here twice.", "Take one out.")
        self._condition((*path, "when"), move.get("when", {}))
        cases = move.get("depends", [])
        for n, case in enumerate(cases):
            last = n == len(cases) - 1
            if last == ("when" in case):
                self._say(
                    (*path, "depends", n),
                    "no-otherwise" if last else "never-taken",
                    "The last of 'depends' has a 'when', so that perhaps none would be taken."
                    if last
                    else "This has no 'when', so that what follows is never taken.",
                    "Leave 'when' out in the last, and only there.",
                )
        merged = [((*path, "depends", n), {**move, **case}) for n, case in enumerate(cases)]
        for place, effect in merged or [(path, move)]:
            self._effect(place, effect)
            if effect.get("points") and not effect.get("why"):
                self._say(
                    place,
                    "no-reason",
                    "There are points here, but no 'why'.",
                    "Say what it did, and why it matters.",
                )
            if not effect.get("says") and not effect.get("tells"):
                self._say(place, "no-answer", f"Nobody answers '{move['id']}'.", "Add 'says' or 'tells'.")

    def _effect(self, path: Path_, effect: Data) -> None:
        self._lines((*path, "says"), effect.get("says", ()))
        self._condition((*path, "when"), effect.get("when", {}))
        for person in effect.get("stance", {}):
            self._known((*path, "stance", person), person, self.cast, "person in the cast", "missing-person")
        for goal in effect.get("points", {}):
            self._known((*path, "points", goal), goal, self.goals, "goal", "missing-goal")
        if "finding" in effect:
            self._known((*path, "finding"), effect["finding"], self.guidance.findings, "finding")
        if "goes" in effect:
            known = [*self.scenes, *self.endings]
            self._known((*path, "goes"), effect["goes"], known, "scene or ending", "missing-scene")

    def _condition(self, path: Path_, when: Data) -> None:
        for key, wanted in when.items():
            if key in ("done", "not_done"):
                for move in wanted:
                    self._known((*path, key), move, self.move_ids, "move", "missing-move")
                continue
            self._known((*path, key), key, self.cast, "person in the cast", "missing-person")
            for stance in [wanted] if isinstance(wanted, str) else wanted:
                self._known((*path, key), str(stance), STANCES, "stance")

    def _lines(self, path: Path_, lines: Any) -> None:
        for n, item in enumerate(lines):
            if isinstance(item, str):
                continue
            for person, text in item.items():
                self._known((*path, n), person, self.cast, "person in the cast", "missing-person")
                for stance in text if isinstance(text, dict) else ():
                    self._known((*path, n, person, stance), stance, STANCES, "stance")

    def _scenes(self) -> None:
        clock = self.data["clock"]
        self._lines(("clock", "warn"), clock["warn"])
        self._lines(("clock", "says"), clock["says"])
        self._known(("clock", "goes"), clock["goes"], self.endings, "ending", "missing-scene")
        for n, scene in enumerate(self.data["scenes"]):
            self._lines(("scenes", n, "says"), scene.get("says", ()))
            if "if_ahead" in scene:
                own = [move["id"] for move in scene["moves"]]
                self._known(
                    ("scenes", n, "if_ahead"), scene["if_ahead"], own, "move of this scene", "missing-move"
                )
            if "with" in scene:
                self._known(
                    ("scenes", n, "with"), scene["with"], self.cast, "person in the cast", "missing-person"
                )
            if not scene.get("says") and not scene.get("tells"):
                self._say(
                    ("scenes", n),
                    "no-answer",
                    f"Nothing is said or seen as '{scene['id']}' begins.",
                    "Add 'says'.",
                )
            for m, after in enumerate(scene.get("after", ())):
                self._effect(("scenes", n, "after", m), after)
        for n, ending in enumerate(self.data["endings"]):
            self._lines(("endings", n, "says"), ending.get("says", ()))

    def _rehearsals(self) -> None:
        for n, rehearsal in enumerate(self.data["rehearsals"]):
            here: Path_ = ("rehearsals", n)
            self._known((*here, "ending"), rehearsal["ending"], self.endings, "ending", "missing-scene")
            for goal in rehearsal["scores"]:
                self._known((*here, "scores", goal), goal, self.goals, "goal", "missing-goal")
            for m, turn in enumerate(rehearsal["turns"]):
                if "move" in turn:
                    place = (*here, "turns", m, "move")
                    self._known(place, turn["move"], self.move_ids, "move", "missing-move")

    def _effects_in(self, scene: Data) -> list[Data]:
        """What can come of a move or of time in the scene itself."""
        moves = [{**move, **case} for move in scene["moves"] for case in move.get("depends") or [{}]]
        return [*moves, *scene.get("after", ())]

    def _hangs_together(self) -> None:
        """Scenes and endings that are never reached, dead ends, loops, goals that nothing scores."""
        anywhere = {
            {**move, **case}.get("goes", "")
            for move in self.data.get("anywhere", ())
            for case in move.get("depends") or [{}]
        } - {""}
        own = {
            scene["id"]: {effect["goes"] for effect in self._effects_in(scene) if "goes" in effect}
            for scene in self.data["scenes"]
        }
        leads = {scene: goes | anywhere for scene, goes in own.items()}
        reached = _closure({self.scenes[0]}, leads) | {self.data["clock"]["goes"]}
        for kind, ids, code in (
            ("scenes", self.scenes, "never-reached"),
            ("endings", self.endings, "ending-never-reached"),
        ):
            for n, id_ in enumerate(ids):
                if id_ not in reached:
                    self._say(
                        (kind, n), code, f"Nothing leads to '{id_}'.", "Let a move or a time-out go there."
                    )
        for n, scene in enumerate(self.data["scenes"]):
            id_ = scene["id"]
            if not own[id_]:
                self._say(
                    ("scenes", n),
                    "dead-end",
                    f"Nothing leads on from '{id_}'.",
                    "Give a move or an 'after' a 'goes'.",
                )
            elif not _closure(leads[id_], leads) & set(self.endings):
                self._say(
                    ("scenes", n),
                    "no-way-out",
                    f"From '{id_}' no ending can be reached: its scenes lead round and round.",
                    "Let one of them go to an ending.",
                )
            elif not any("goes" in e and "when" not in e for e in scene.get("after", ())):
                self._say(
                    ("scenes", n),
                    "may-stall",
                    f"Somebody who makes none of the right moves stays in '{id_}' until the time is up.",
                    "Add an 'after' with 'goes' and without 'when'.",
                    warning=True,
                )
        self._scores()

    def _scores(self) -> None:
        most: Counter[str] = Counter()
        for _, move in self.moves:
            best: Counter[str] = Counter()
            for case in move.get("depends") or [{}]:
                for goal, points in {**move, **case}.get("points", {}).items():
                    best[goal] = max(best[goal], points)
            most += best
        for n, goal in enumerate(self.data["goals"]):
            if most[goal["id"]] < goal["enough"]:
                self._say(
                    ("goals", n),
                    "cannot-score",
                    f"'{goal['id']}' asks for {goal['enough']}, "
                    f"and all moves together give {most[goal['id']]}.",
                    "Give moves more points for it, or ask for less.",
                )


def _closure(start: set[str], leads: dict[str, set[str]]) -> set[str]:
    reached, open_ = set(start), list(start)
    while open_:
        fresh = leads.get(open_.pop(), set()) - reached
        reached |= fresh
        open_ += fresh
    return reached
