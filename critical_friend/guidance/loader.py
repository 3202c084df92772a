"""Loading the guidance: read every file, check form and references, then build the model.

All faults of all files are reported at once. The form is held by ``schema.json`` (JSON Schema), what
a schema cannot see (references, conditions, placeholders) by ``checks``.
"""

from __future__ import annotations

import json
from functools import lru_cache
from pathlib import Path
from typing import Any

from critical_friend.conditions import Condition
from critical_friend.guidance import model, positions
from critical_friend.guidance.checks import Checker
from critical_friend.guidance.faults import BrokenGuidance, Fault
from critical_friend.guidance.form import check_form

SECTIONS_OF_LISTS = (
    "sources",
    "findings",
    "signals",
    "groups",
    "phases",
    "modes",
    "roles",
    "terms",
    "cautions",
    "rules",
    "steps",
    "urgency",
    "constraints",
    "opposed",
    "cautioned",
)


def default_folder() -> Path:
    """The guidance of this checkout."""
    return Path(__file__).resolve().parents[2] / "guidance"


def load(folder: Path | None = None) -> model.Guidance:
    """Load and check the guidance in ``folder`` (this checkout's by default).

    Raises ``BrokenGuidance`` with every fault, each with its file, line and remedy.
    """
    folder = folder or default_folder()
    files = sorted(folder.rglob("*.yml"))
    if not files:
        raise BrokenGuidance(
            [Fault(str(folder), 1, "There is no guidance here.", "Name a folder with .yml files.")]
        )
    documents = [positions.read(file, _name(file, folder)) for file in files]
    faults = [fault for document in documents for fault in document.faults]
    for document in documents:
        if not document.faults:
            faults += check_form(document, _schema())
    if faults:
        raise BrokenGuidance(faults)
    checker = Checker(documents)
    faults = checker.run()
    if faults:
        raise BrokenGuidance(faults)
    return _build(documents)


def _name(file: Path, folder: Path) -> str:
    return f"{folder.name}/{file.relative_to(folder).as_posix()}"


@lru_cache
def _schema() -> dict[str, Any]:
    text = (Path(__file__).parent / "schema.json").read_text(encoding="utf-8")
    schema: dict[str, Any] = json.loads(text)
    return schema


def condition(data: dict[str, Any]) -> Condition:
    """The condition that ``data`` (already checked) describes."""
    if "at_least" in data:
        parts = tuple(condition(part) for part in data["of"])
        return Condition("at_least", parts=parts, count=data["at_least"])
    (key, value), *more = data.items()
    if more:
        return Condition("all", parts=tuple(condition({k: v}) for k, v in data.items()))
    if key in ("all", "any"):
        return Condition(key, parts=tuple(condition(part) for part in value))
    if key == "not":
        return Condition("not", parts=(condition(value),))
    if key == "any_signal":
        return Condition("any_signal", value=value)
    return Condition("signal", signal=key, value=value)


def _optional(data: dict[str, Any], key: str) -> Condition | None:
    return condition(data[key]) if key in data else None


def _build(documents: list[positions.Document]) -> model.Guidance:
    merged: dict[str, list[dict[str, Any]]] = {name: [] for name in SECTIONS_OF_LISTS}
    single: dict[str, Any] = {}
    for document in documents:
        for key, value in document.data.items():
            if key in merged:
                merged[key] += value
            else:
                single[key] = value

    def named(section: str) -> dict[str, model.Named]:
        return {d["id"]: model.Named(d["id"], d["name"], d["means"]) for d in merged[section]}

    def based(data: dict[str, Any]) -> dict[str, Any]:
        return {"id": data["id"], "reason": data["reason"], "findings": tuple(data["findings"])}

    phases = merged["phases"]
    return model.Guidance(
        title=single["guidance"]["title"],
        version=single["guidance"]["version"],
        sources={d["id"]: model.Source(**d) for d in merged["sources"]},
        firmness=single["firmness"],
        findings={d["id"]: model.Finding(**d) for d in merged["findings"]},
        signals={d["id"]: model.Signal(**d) for d in merged["signals"]},
        groups={d["id"]: d["name"] for d in merged["groups"]},
        phases={
            d["id"]: model.Phase(
                d["id"],
                d["name"],
                d["means"],
                d["needs"],
                d["ends_when"],
                d["danger"],
                tuple(d["priorities"]),
            )
            for d in phases
        },
        modes=named("modes"),
        roles=named("roles"),
        terms=named("terms"),
        also={word: id_ for id_, words in single["also"].items() for word in words},
        phase_rules=tuple(
            model.PhaseRule(
                **based(rule),
                phase=d["id"],
                reached_when=_optional(rule, "reached_when"),
                excluded_when=_optional(rule, "excluded_when"),
            )
            for d in phases
            for rule in d["rules"]
        ),
        role_rules=tuple(
            model.RoleRule(**based(rule), role=d["id"], played_when=condition(rule["played_when"]))
            for d in merged["roles"]
            for rule in d["rules"]
        ),
        mode_rules=tuple(
            model.ModeRule(
                **based(rule),
                mode=d["id"],
                fits_when=condition(rule["fits_when"]),
                leans_when=condition(rule["leans_when"]),
            )
            for d in merged["modes"]
            for rule in d["rules"]
        ),
        advice_rules=tuple(
            model.AdviceRule(
                **based(rule),
                when=condition(rule["when"]),
                unless=_optional(rule, "unless"),
                in_phase=tuple(rule.get("in_phase", ())),
                advise=tuple(rule.get("advise", ())),
                withhold=tuple(rule.get("withhold", ())),
                urgency=rule.get("urgency", ""),
            )
            for rule in merged["rules"]
        ),
        steps={
            d["id"]: model.Step(d["id"], d["title"], d["do"], d["with"], d["sign"], tuple(d["cautions"]))
            for d in merged["steps"]
        },
        cautions={
            d["id"]: model.Caution(d["id"], d["says"], tuple(d["findings"])) for d in merged["cautions"]
        },
        urgency={d["id"]: model.Urgency(d["id"], d["why"]) for d in merged["urgency"]},
        shown_at_once=single["shown_at_once"],
        question_points=single["question"],
        replies=single["replies"],
        constraints=tuple(
            model.Constraint(d["id"], condition(d["never"]), d["reason"]) for d in merged["constraints"]
        ),
        opposed=tuple(model.Opposed(d["step"], tuple(d["to"]), d["reason"]) for d in merged["opposed"]),
        cautioned=tuple(
            model.Cautioned(d["caution"], tuple(d["steps"]), d["reason"]) for d in merged["cautioned"]
        ),
    )
