"""The one translation of a guidance into facts for the solver. What they mean is in ``reasoning.lp``."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count

from critical_friend.conditions import Condition
from critical_friend.guidance.model import Guidance

Term = str | int
_OF_PARTS = {"all": "all_of", "any": "any_of", "not": "negation"}


def fact(name: str, *terms: Term) -> str:
    """One fact. Words become strings, but for the constants that the program itself uses."""
    return f"{name}({','.join(str(term) for term in terms)})."


def quoted(word: str) -> str:
    """An id of the guidance as the solver writes it."""
    return f'"{word}"'


class _Writer:
    """Writes the facts of one guidance under one label, so that two can stand side by side."""

    def __init__(self, guidance: Guidance, label: str) -> None:
        self.guidance = guidance
        self.label = quoted(label)
        self.facts: list[str] = []
        self._numbers = count()

    def add(self, name: str, id_: str, *terms: Term) -> None:
        self.facts.append(fact(name, id_, self.label, *terms))

    def condition(self, condition: Condition, *, both_sides: bool = False) -> str:
        """The node of a condition, with facts for it and all its parts.

        With ``both_sides``, what is contested counts as told both ways, and otherwise as unknown.
        """
        node = f"n({self.label},{next(self._numbers)})"
        if both_sides:
            self.facts.append(fact("both_sides", node))
        if condition.kind == "signal":
            self.add("literal", node, quoted(condition.signal), condition.value)
        elif condition.kind == "any_signal":
            self.add("any_contested", node)
        elif condition.kind == "at_least":
            self.add("at_least", node, condition.count, len(condition.parts) - condition.count + 1)
        else:
            self.add(_OF_PARTS[condition.kind], node)
        for part in condition.parts:
            self.facts.append(fact("part", node, self.condition(part, both_sides=both_sides)))
        return node

    def phases(self) -> None:
        for place, phase in enumerate(self.guidance.phases):
            self.add("phase", quoted(phase), place)
        for rule in self.guidance.phase_rules:
            id_, phase = quoted(rule.id), quoted(rule.phase)
            if rule.reached_when:
                self.add("reaching", id_, phase, self.condition(rule.reached_when, both_sides=True))
            if rule.excluded_when:
                self.add("excluding", id_, phase, self.condition(rule.excluded_when))

    def modes_and_roles(self) -> None:
        for place, rule in enumerate(self.guidance.mode_rules):
            fits, leans = self.condition(rule.fits_when), self.condition(rule.leans_when)
            self.add("mode_rule", quoted(rule.id), place, quoted(rule.mode), fits, leans)
        for role in self.guidance.role_rules:
            self.add("role_rule", quoted(role.id), self.condition(role.played_when, both_sides=True))

    def advice(self) -> None:
        rank = {name: place for place, name in enumerate(self.guidance.urgency)}
        for rule in self.guidance.advice_rules:
            id_ = quoted(rule.id)
            self.add("advice", id_, self.condition(rule.when))
            self.add("urgency", id_, rank.get(rule.urgency, 0))
            if rule.unless:
                self.add("unless", id_, self.condition(rule.unless))
            if rule.in_phase:
                self.add("limited", id_)
            for name, ids in (
                ("in_phase", rule.in_phase),
                ("advises", rule.advise),
                ("withholds", rule.withhold),
            ):
                for other in ids:
                    self.add(name, id_, quoted(other))
        for number, (key, phase) in enumerate(_keys(self.guidance, rank)):
            urgency, _, _, step = key
            self.add("key", quoted(step), urgency, phase, number)
            self.add("key_number", str(number))

    def promises(self) -> None:
        for constraint in self.guidance.constraints:
            self.add("never", self.condition(constraint.never))


def _keys(guidance: Guidance, rank: dict[str, int]) -> Iterator[tuple[tuple[int, int, int, str], str]]:
    """Every (urgency, priority, place, step) that can occur, in order, with the phase it is for."""
    stages: list[tuple[str, tuple[str, ...]]] = [("none", ())]
    stages += [(quoted(phase.id), phase.priorities) for phase in guidance.phases.values()]
    keys = set()
    for place, step in enumerate(guidance.steps):
        for rule in guidance.advice_rules:
            if step in rule.advise:
                for stage, priorities in stages:
                    priority = priorities.index(step) if step in priorities else len(priorities)
                    keys.add(((rank.get(rule.urgency, 0), priority, place, step), stage))
    yield from sorted(keys)


def encode_signals(guidance: Guidance) -> str:
    """The signals, and how many steps are shown at once: what guidances that are compared share."""
    signals = [fact("signal", quoted(signal)) for signal in guidance.signals]
    return "\n".join([*signals, f"#const shown={guidance.shown_at_once}."])


def encode(guidance: Guidance, label: str) -> str:
    """The facts of all rules and promises of ``guidance``."""
    writer = _Writer(guidance, label)
    writer.phases()
    writer.modes_and_roles()
    writer.advice()
    writer.promises()
    return "\n".join(writer.facts)
