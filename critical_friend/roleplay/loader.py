"""From a YAML file to a scenario: reading, form, references; every fault at once."""

from __future__ import annotations

import json
import zlib
from functools import lru_cache
from pathlib import Path
from typing import Any

from critical_friend.guidance import positions
from critical_friend.guidance.form import check_form
from critical_friend.guidance.model import Guidance
from critical_friend.roleplay.checks import Checker
from critical_friend.roleplay.model import (
    ALWAYS,
    STANCES,
    After,
    Clock,
    Condition,
    Effect,
    Ending,
    Goal,
    Line,
    Move,
    Person,
    Rehearsal,
    RehearsalTurn,
    Scene,
    Script,
)
from critical_friend.roleplay.problems import BrokenScript, Problem
from critical_friend.roleplay.traps import find_traps

Data = dict[str, Any]


def default_folder() -> Path:
    """The scenarios of this checkout."""
    return Path(__file__).resolve().parents[2] / "roleplays"


def load(file: Path, guidance: Guidance) -> Script:
    """The scenario in ``file``. Raises ``BrokenScript`` with every fault that keeps it from being played."""
    script, problems = examine(file, guidance)
    faults = [problem for problem in problems if not problem.warning]
    if faults or script is None:
        raise BrokenScript(faults)
    return script


def examine(file: Path, guidance: Guidance) -> tuple[Script | None, list[Problem]]:
    """The scenario, if it can be made at all, and what is wrong with it, in the order of the file."""
    name = f"{file.parent.name}/{file.name}" if file.parent.name else file.name
    document = positions.read(file, name)
    problems = [Problem.of(fault, "yaml") for fault in document.faults]
    problems += find_traps(file, name)
    if document.faults:
        return None, problems
    problems += [Problem.of(fault, "form") for fault in check_form(document, schema())]
    if any(not problem.warning for problem in problems):
        return None, sorted(set(problems))
    checker = Checker(document, guidance)
    problems = sorted({*problems, *checker.run()})
    if checker.unsound:
        return None, problems
    return _build(file.stem, document.data, file.read_bytes()), problems


@lru_cache
def schema() -> Data:
    """The form of a script, as JSON Schema."""
    text = (Path(__file__).parent / "schema.json").read_text(encoding="utf-8")
    made: Data = json.loads(text)
    return made


def _build(id_: str, data: Data, raw: bytes) -> Script:
    lead = data["cast"][0]["id"]
    scenes = [_scene(item, lead) for item in data["scenes"]]
    clock = data["clock"]
    return Script(
        id=id_,
        title=data["title"],
        about=data["about"],
        level=data["level"],
        minutes=data["minutes"],
        suits=tuple(pair for item in data.get("suits", ()) for pair in item.items()),
        you=data["you"].strip(),
        goals={item["id"]: Goal(**item) for item in data["goals"]},
        cast={item["id"]: Person(**{**item, "unsure": tuple(item["unsure"])}) for item in data["cast"]},
        clock=Clock(clock["turns"], lines(clock["warn"]), _told(clock), clock["goes"]),
        scenes={scene.id: scene for scene in scenes},
        anywhere=tuple(_move(item) for item in data.get("anywhere", ())),
        endings={
            item["id"]: Ending(
                item["id"], item["title"], item["kind"], lines(item.get("says", ())), item["tells"].strip()
            )
            for item in data["endings"]
        },
        rehearsals=tuple(
            Rehearsal(
                item["name"],
                tuple(RehearsalTurn(turn["you"], turn.get("move", "")) for turn in item["turns"]),
                item["ending"],
                item["scores"],
            )
            for item in data["rehearsals"]
        ),
        mark=f"{zlib.crc32(raw):08x}",
    )


def _scene(data: Data, lead: str) -> Scene:
    return Scene(
        data["id"],
        data["title"],
        _told(data),
        data["hint"],
        data.get("with", lead),
        tuple(_move(item) for item in data["moves"]),
        tuple(After(item["turns"], _effect(item)) for item in data.get("after", ())),
        data.get("if_ahead", ""),
    )


def _move(data: Data) -> Move:
    cases = [{**data, "when": {}, **case} for case in data.get("depends", ())] or [{**data, "when": {}}]
    return Move(
        data["id"],
        data["means"],
        data["button"],
        data["heard_as"],
        tuple(data["examples"]),
        tuple(_effect(case) for case in cases),
        condition(data.get("when")),
        tuple(data.get("common", ())),
    )


def _effect(data: Data) -> Effect:
    return Effect(
        condition(data.get("when")),
        _told(data),
        data.get("stance", {}),
        data.get("points", {}),
        data.get("why", "").strip(),
        data.get("finding", ""),
        data.get("goes", ""),
    )


def _told(data: Data) -> tuple[Line, ...]:
    """What is seen, and then what is said."""
    seen = (Line(None, {"": data["tells"].strip()}),) if "tells" in data else ()
    return seen + lines(data.get("says", ()))


def lines(data: Any) -> tuple[Line, ...]:
    """Lines as they are written, in order."""
    made = []
    for item in data:
        if isinstance(item, str):
            made.append(Line(None, {"": item}))
            continue
        for who, text in item.items():
            by_stance = {"": text} if isinstance(text, str) else text
            made.append(Line(who, by_stance))
    return tuple(made)


def condition(data: Data | None) -> Condition:
    """The condition that ``data`` (already checked) describes."""
    if not data:
        return ALWAYS
    stances = {
        who: (wanted,) if isinstance(wanted, str) else tuple(wanted)
        for who, wanted in data.items()
        if who not in ("done", "not_done")
    }
    assert all(stance in STANCES for wanted in stances.values() for stance in wanted)
    return Condition(stances, tuple(data.get("done", ())), tuple(data.get("not_done", ())))
