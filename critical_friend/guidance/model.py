"""The rule set in memory. All of it is frozen: a changed guidance is a new one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from critical_friend.conditions import Condition

#: How near a change for the better of a signal is, the nearest first.
REACHES = ("soon", "later", "others", "given")


@dataclass(frozen=True)
class Source:
    """A work that findings come from; ``sections`` maps short ids to headings."""

    id: str
    title: str
    authors: str
    published: str
    study: str
    sections: Mapping[str, str]


@dataclass(frozen=True)
class Finding:
    """One finding in our own words, its source and section, and how firm it is."""

    id: str
    source: str
    section: str
    firmness: str
    says: str


@dataclass(frozen=True)
class Signal:
    """One thing that can be known of a case, with the words to ask and to say it back.

    ``good`` is the answer that helps the work along (``yes``, ``no`` or ``either``); ``reach`` one of
    ``REACHES``: how near a change for the better is.
    """

    id: str
    group: str
    name: str
    means: str
    question: str
    heard: Mapping[str, str]
    matters: str
    good: str
    reach: str


@dataclass(frozen=True)
class Rule:
    """What all rules have: an id, a plain reason and the findings that they rest on."""

    id: str
    reason: str
    findings: tuple[str, ...]


@dataclass(frozen=True)
class PhaseRule(Rule):
    """Evidence that a phase is reached, or that it is excluded (one of the two is set)."""

    phase: str
    reached_when: Condition | None
    excluded_when: Condition | None


@dataclass(frozen=True)
class RoleRule(Rule):
    """When a role is played. The condition's four values give the role's four states."""

    role: str
    played_when: Condition


@dataclass(frozen=True)
class ModeRule(Rule):
    """When a mode of working fits, and when it is named while that is still open."""

    mode: str
    fits_when: Condition
    leans_when: Condition


@dataclass(frozen=True)
class AdviceRule(Rule):
    """Advises or withholds steps ``when`` its condition holds, ``unless`` the other does.

    ``in_phase`` limits it to the phases named; empty means any.
    """

    when: Condition
    unless: Condition | None
    in_phase: tuple[str, ...]
    advise: tuple[str, ...]
    withhold: tuple[str, ...]
    urgency: str


@dataclass(frozen=True)
class Named:
    """A phase, mode or role: its name and what it means, in words for users."""

    id: str
    name: str
    means: str


@dataclass(frozen=True)
class Phase(Named):
    """A phase, with what it needs, what ends it and its danger; ``priorities`` are step ids."""

    needs: str
    ends_when: str
    danger: str
    priorities: tuple[str, ...]


@dataclass(frozen=True)
class Step:
    """A next step: what to do in the next week or two, who with, and how to know it worked."""

    id: str
    title: str
    do: str
    who: str
    sign: str
    cautions: tuple[str, ...]


@dataclass(frozen=True)
class Caution:
    """What must be said beside certain steps."""

    id: str
    says: str
    findings: tuple[str, ...]


@dataclass(frozen=True)
class Constraint:
    """What can never be so together, by the meaning of the signals. Proofs leave such cases out."""

    id: str
    never: Condition
    reason: str


@dataclass(frozen=True)
class Opposed:
    """Steps that work against the ``step``: none of ``to`` may be advised together with it."""

    step: str
    to: tuple[str, ...]
    reason: str


@dataclass(frozen=True)
class Cautioned:
    """A caution that must be said beside each of ``steps``, and why."""

    caution: str
    steps: tuple[str, ...]
    reason: str


@dataclass(frozen=True)
class Urgency:
    """One class of urgency and why it ranks where it does."""

    id: str
    why: str


@dataclass(frozen=True)
class Guidance:
    """The whole rule set. Mappings keep the order of the files."""

    title: str
    version: str
    sources: Mapping[str, Source]
    firmness: Mapping[str, str]
    findings: Mapping[str, Finding]
    signals: Mapping[str, Signal]
    groups: Mapping[str, str]
    phases: Mapping[str, Phase]
    modes: Mapping[str, Named]
    roles: Mapping[str, Named]
    terms: Mapping[str, Named]
    also: Mapping[str, str]
    phase_rules: tuple[PhaseRule, ...]
    role_rules: tuple[RoleRule, ...]
    mode_rules: tuple[ModeRule, ...]
    advice_rules: tuple[AdviceRule, ...]
    steps: Mapping[str, Step]
    cautions: Mapping[str, Caution]
    urgency: Mapping[str, Urgency]
    shown_at_once: int
    question_points: Mapping[str, int]
    replies: Mapping[str, str]
    constraints: tuple[Constraint, ...] = ()
    opposed: tuple[Opposed, ...] = ()
    cautioned: tuple[Cautioned, ...] = ()

    @property
    def rules(self) -> Mapping[str, Rule]:
        """Every rule by its id."""
        every: tuple[Rule, ...] = (*self.phase_rules, *self.role_rules, *self.mode_rules, *self.advice_rules)
        return {rule.id: rule for rule in every}

    def citation(self, finding_id: str) -> dict[str, str]:
        """Title and section of the source of a finding, and how firm it is."""
        finding = self.findings[finding_id]
        source = self.sources[finding.source]
        return {
            "title": source.title,
            "section": source.sections[finding.section],
            "firmness": self.firmness[finding.firmness],
        }
