"""From a case to conclusions: phase, mode, roles and ranked next steps, each with the rules behind it.

A rule *holds* when its condition is yes on what is plainly known: contested evidence counts as unknown
there, so it neither advises a step nor excludes a phase, and brings up the talk about the difference
instead. It does show in the state of a role, and in how far a case has come (``reached_when``), where
one side's word that something is there is evidence that it has begun.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from critical_friend.conditions import Condition, Evaluate, Known
from critical_friend.guidance.model import AdviceRule, Guidance, ModeRule, PhaseRule, RoleRule
from critical_friend.logic import Value

YES, NO = Value.YES, Value.NO
ROLE_STATUS = ("unknown", "present", "missing", "contested")  # by the condition's value


@dataclass(frozen=True)
class Conclusions:
    """What follows from what is known. Compared by value: equal conclusions are equal advice.

    ``candidates`` are the phases left; ``phase`` the settled or best supported one, ``None`` while
    nothing is known; ``roles`` the four values in the guidance's order; ``steps`` the advised steps,
    most pressing first, each with the rules that advise it.
    """

    candidates: tuple[str, ...]
    phase: str | None
    phase_rules: tuple[PhaseRule, ...]
    mode: str | None
    mode_settled: bool
    mode_rule: ModeRule | None
    roles: tuple[int, ...]
    steps: tuple[tuple[str, tuple[AdviceRule, ...]], ...]

    @property
    def settled(self) -> bool:
        """Whether one phase only is left."""
        return len(self.candidates) == 1


class Reasoner:
    """The rules of one guidance, compiled. Holds nothing of any case."""

    def __init__(self, guidance: Guidance) -> None:
        self.guidance = guidance
        self.signals = tuple(guidance.signals)
        self.places = {signal: place for place, signal in enumerate(self.signals)}
        self._phases = tuple(guidance.phases)
        self._excluded = [
            (rule, self._compile(rule.excluded_when)) for rule in guidance.phase_rules if rule.excluded_when
        ]
        self._reached = [
            (rule, rule.reached_when.compile(self.places))
            for rule in guidance.phase_rules
            if rule.reached_when
        ]
        self._roles = [(rule, rule.played_when.compile(self.places)) for rule in guidance.role_rules]
        self._modes = [
            (rule, self._compile(rule.fits_when), self._compile(rule.leans_when))
            for rule in guidance.mode_rules
        ]
        self._advice = [
            (rule, self._compile(rule.when), self._compile(rule.unless) if rule.unless else None)
            for rule in guidance.advice_rules
        ]
        urgency = {name: rank for rank, name in enumerate(guidance.urgency)}
        self._urgency = {rule.id: urgency.get(rule.urgency, 0) for rule in guidance.advice_rules}
        self._place_of_step = {step: place for place, step in enumerate(guidance.steps)}
        self._priority: dict[str | None, Mapping[str, int]] = {
            phase.id: {step: place for place, step in enumerate(phase.priorities)}
            for phase in guidance.phases.values()
        }
        self._priority[None] = {}

    def _compile(self, condition: Condition) -> Evaluate:
        return condition.compile(self.places, plain=True)

    def known(self, values: Mapping[str, int]) -> list[int]:
        """``values`` as the list that conditions read. Signals the guidance lacks are left out."""
        known = [int(Value.UNKNOWN)] * len(self.signals)
        for signal, value in values.items():
            if signal in self.places:
                known[self.places[signal]] = int(value)
        return known

    def conclude(self, known: Known) -> Conclusions:
        """All conclusions from what is known."""
        candidates, phase, phase_rules = self._phase(known)
        mode, mode_settled, mode_rule = self._mode(known)
        return Conclusions(
            candidates,
            phase,
            phase_rules,
            mode,
            mode_settled,
            mode_rule,
            tuple(played(known) for _, played in self._roles),
            self._steps(known, phase),
        )

    def _phase(self, known: Known) -> tuple[tuple[str, ...], str | None, tuple[PhaseRule, ...]]:
        """Phases left, the one named, and the rules that say so.

        The one named is the furthest that is reached and left; with none reached, the first left.
        """
        if not any(known):
            return self._phases, None, ()
        against = [rule for rule, excluded in self._excluded if excluded(known) == YES]
        out = {rule.phase for rule in against}
        left = tuple(phase for phase in self._phases if phase not in out)
        reached = [rule for rule, come_to in self._reached if rule.phase not in out and come_to(known) == YES]
        named = reached[-1].phase if reached else left[0]
        because = tuple(rule for rule in reached if rule.phase == named) + tuple(against)
        return left, named, because

    def _mode(self, known: Known) -> tuple[str | None, bool, ModeRule | None]:
        leaning: ModeRule | None = None
        for rule, fits, leans in self._modes:
            value = fits(known)
            if value == YES:
                return rule.mode, True, rule
            if leaning is None and value != NO and leans(known) == YES:
                leaning = rule
        return (leaning.mode if leaning else None), False, leaning

    def _steps(self, known: Known, phase: str | None) -> tuple[tuple[str, tuple[AdviceRule, ...]], ...]:
        advised: dict[str, list[AdviceRule]] = {}
        withheld: set[str] = set()
        for rule, when, unless in self._advice:
            if rule.in_phase and phase not in rule.in_phase:
                continue
            if when(known) != YES or (unless is not None and unless(known) == YES):
                continue
            withheld.update(rule.withhold)
            for step in rule.advise:
                advised.setdefault(step, []).append(rule)
        priority = self._priority[phase]
        order = [
            (
                min(self._urgency[rule.id] for rule in rules),
                priority.get(step, len(priority)),
                self._place_of_step[step],
                step,
            )
            for step, rules in advised.items()
            if step not in withheld
        ]
        order.sort()
        return tuple(
            (step, tuple(sorted(advised[step], key=lambda rule: self._urgency[rule.id])))
            for *_, step in order
        )

    def role_rules(self) -> Sequence[RoleRule]:
        """The role rules in the order of ``Conclusions.roles``."""
        return self.guidance.role_rules
