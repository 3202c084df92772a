"""The whole rule set as one HTML page that needs no network and no script."""

from __future__ import annotations

from dataclasses import dataclass

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from critical_friend.guidance import diagram, plain
from critical_friend.guidance.entries import Entries, Entry, anchor, title_of
from critical_friend.guidance.model import AdviceRule, Guidance, ModeRule, PhaseRule, RoleRule, Rule
from critical_friend.guidance.plain import Link

_POINTS = {
    "phase": "the phase, or which phases are left",
    "mode": "the way of working",
    "role": "whether a role is played (for each role)",
    "first_step": "the first step",
    "shown_steps": "the other steps that are shown",
}
_KINDS_OF_RULES: tuple[tuple[str, type[Rule]], ...] = (
    ("Rules that tell the phase", PhaseRule),
    ("Rules that tell the way of working", ModeRule),
    ("Rules that tell whether a role is played", RoleRule),
    ("Rules that advise steps or hold them back", AdviceRule),
)


@dataclass(frozen=True)
class Part:
    """Entries below one heading; without a heading they stand right under the section's."""

    heading: str
    entries: tuple[Entry, ...]


@dataclass(frozen=True)
class Pairing:
    """One thing that the proofs hold against, or beside, some ``others``, and why."""

    one: Link
    others: tuple[Link, ...]
    reason: str


def render(guidance: Guidance) -> str:
    """The page."""
    environment = Environment(
        loader=PackageLoader("critical_friend.guidance"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    entries = Entries(guidance)
    return environment.get_template("page.html").render(
        guidance=guidance,
        by_kind=entries.by_kind,
        signals=_by_group(guidance, entries),
        rules=_by_kind_of_rule(guidance, entries),
        told=[
            (phase, [plain.sentence(guidance, rule) for rule in entries.rules_of("phase", phase.id)])
            for phase in guidance.phases.values()
        ],
        roles=[plain.sentence(guidance, rule) for rule in guidance.role_rules],
        diagram=Markup(diagram.draw(guidance)),
        constraints=[(plain.condition(guidance, c.never), c.reason) for c in guidance.constraints],
        opposed=[
            Pairing(plain.step(guidance, o.step), tuple(plain.step(guidance, id_) for id_ in o.to), o.reason)
            for o in guidance.opposed
        ],
        cautioned=[
            Pairing(
                Link("caution", c.caution, title_of(c.caution)),
                tuple(plain.step(guidance, id_) for id_ in c.steps),
                c.reason,
            )
            for c in guidance.cautioned
        ],
        points=[(_POINTS.get(part, part), points) for part, points in guidance.question_points.items()],
        anchor=anchor,
        title_of=title_of,
        capital=plain.capital,
    )


def _by_group(guidance: Guidance, entries: Entries) -> list[Part]:
    groups: dict[str, list[Entry]] = {group: [] for group in guidance.groups}
    for entry in entries.by_kind["signal"]:
        groups[guidance.signals[entry.id].group].append(entry)
    return [Part(guidance.groups[group], tuple(found)) for group, found in groups.items() if found]


def _by_kind_of_rule(guidance: Guidance, entries: Entries) -> list[Part]:
    by_id = {entry.id: entry for entry in entries.by_kind["rule"]}
    return [
        Part(heading, tuple(by_id[id_] for id_, rule in guidance.rules.items() if isinstance(rule, kind)))
        for heading, kind in _KINDS_OF_RULES
    ]
