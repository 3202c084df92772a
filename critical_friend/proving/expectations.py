"""What is right for small cases: known signals, and what the reading of them has to say."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from critical_friend.guidance.model import Guidance
from critical_friend.logic import Value
from critical_friend.proving.cases import conclude
from critical_friend.reasoner import ROLE_STATUS, Reasoner

KEYS = frozenset(
    "phase settled candidates mode mode_settled roles first_step steps in_order not_advised because".split()
)


@dataclass(frozen=True)
class Expectation:
    """One case and what is expected of its reading. ``name`` says which, ``why`` says why it is right.

    ``expect`` may have ``phase``, ``settled`` (the phase: yes or no), ``candidates`` (the phases left),
    ``mode``, ``mode_settled``, ``roles``, ``first_step`` (one of these), ``steps`` (all of these are
    shown), ``in_order`` (shown, and in this order), ``not_advised`` (none of these is shown) and ``because``
    (the rules named for the phase, as ``phase``, or for a step).
    """

    name: str
    why: str
    known: Mapping[str, Value]
    expect: Mapping[str, Any]

    def differences(self, reasoner: Reasoner) -> list[str]:
        """What differs from what is expected; empty when all is right."""
        return list(differences(reasoner, self.known, self.expect))


def differences(reasoner: Reasoner, known: Mapping[str, Value], expect: Mapping[str, Any]) -> list[str]:
    """What differs from what is expected of the case in which just ``known`` was told."""
    conclusions = conclude(reasoner, known)
    roles = {r.role: ROLE_STATUS[v] for r, v in zip(reasoner.role_rules(), conclusions.roles, strict=True)}
    shown = [step for step, _ in conclusions.steps[: reasoner.guidance.shown_at_once]]
    plain = {
        "phase": conclusions.phase,
        "settled": "yes" if conclusions.settled else "no",
        "candidates": list(conclusions.candidates),
        "mode": conclusions.mode or "none",
        "mode_settled": "yes" if conclusions.mode_settled else "no",
    }
    wrong = [
        f"{key} is {said} and not {expect[key]}"
        for key, said in plain.items()
        if key in expect and said != expect[key]
    ]
    wrong += [
        f"{role} is {roles[role]} and not {status}"
        for role, status in expect.get("roles", {}).items()
        if roles[role] != status
    ]
    if "first_step" in expect and shown[:1] and shown[0] not in expect["first_step"]:
        wrong.append(f"the first step is {shown[0]}")
    in_order = expect.get("in_order", [])
    wrong += [f"{step} is not shown" for step in [*expect.get("steps", []), *in_order] if step not in shown]
    if [step for step in shown if step in in_order] != in_order:
        wrong.append(f"the order is {shown}")
    reasons = {"phase": conclusions.phase_rules, **dict(conclusions.steps)}
    for what, ids in expect.get("because", {}).items():
        named = [rule.id for rule in reasons.get(what, ())]
        if sorted(named) != sorted(ids):
            wrong.append(f"the rules named for {what} are {named}")
    wrong += [f"{step} is shown" for step in expect.get("not_advised", []) if step in shown]
    return wrong


def load_expectations(folder: Path, guidance: Guidance) -> list[Expectation]:
    """The reference cases by their facts in ``folder``, and the small cases in ``folder``/rules.

    Raises ``ValueError`` with a sentence for a name that does not exist, so that no line says nothing.
    """
    found = []
    for file in sorted(folder.glob("*.yml")):
        data = _read(file)
        expect = {key: value for key, value in data["expect"].items() if key in KEYS}
        found.append(_expectation(file.stem, data["about"], data["expect"]["signals"], expect, guidance))
    for file in sorted((folder / "rules").glob("*.yml")):
        for number, data in enumerate(_read(file), start=1):
            name = f"{file.stem}, case {number}"
            found.append(_expectation(name, data["why"], data["known"], data["expect"], guidance))
    return found


def _read(file: Path) -> Any:
    # BaseLoader leaves yes and no as the words they are.
    return yaml.load(file.read_text(encoding="utf-8"), Loader=yaml.BaseLoader)


def _expectation(
    name: str, why: str, known: dict[str, str], expect: dict[str, Any], guidance: Guidance
) -> Expectation:
    of_steps = ("first_step", "steps", "in_order", "not_advised")
    listed = [step for key in of_steps for step in expect.get(key, ())]
    for kind, named, exist in (
        ("signal", known, guidance.signals),
        ("step", listed, guidance.steps),
        ("part", expect, KEYS),
        ("role", expect.get("roles", ()), guidance.roles),
        ("part", expect.get("because", ()), {**guidance.steps, "phase": None}),
        ("rule", [id_ for ids in expect.get("because", {}).values() for id_ in ids], guidance.rules),
        ("phase", [*expect.get("candidates", ()), expect.get("phase", "")], {**guidance.phases, "": None}),
        ("mode", [expect.get("mode", "none")], {**guidance.modes, "none": None}),
    ):
        for id_ in named:
            if id_ not in exist:
                raise ValueError(f"In {name} stands the {kind} '{id_}', which does not exist.")
    return Expectation(name, why, {signal: Value.of(value) for signal, value in known.items()}, expect)
