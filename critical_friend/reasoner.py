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
        self._compiled: list[Evaluate] = []
        self._conditions: list[Condition] = []
        self._excluded = [
            (rule, self._compile(rule.excluded_when)) for rule in guidance.phase_rules if rule.excluded_when
        ]
        self._reached = [
            (rule, self._compile(rule.reached_when, plain=False))
            for rule in guidance.phase_rules
            if rule.reached_when
        ]
        self._roles = [self._compile(rule.played_when, plain=False) for rule in guidance.role_rules]
        self._modes = [
            (rule, self._compile(rule.fits_when), self._compile(rule.leans_when))
            for rule in guidance.mode_rules
        ]
        never = self._compile(Condition("any"))
        everywhere: tuple[str | None, ...] = (None, *guidance.phases)
        self._advice = [
            (
                rule,
                self._compile(rule.when),
                self._compile(rule.unless) if rule.unless else never,
                frozenset(rule.in_phase or everywhere),
            )
            for rule in guidance.advice_rules
        ]
        self._touched = {
            place: tuple(n for n, c in enumerate(self._conditions) if signal in _read_by(c, self.signals))
            for signal, place in self.places.items()
        }
        urgency = {name: rank for rank, name in enumerate(guidance.urgency)}
        self._urgency = {rule.id: urgency.get(rule.urgency, 0) for rule in guidance.advice_rules}
        place_of_step = {step: place for place, step in enumerate(guidance.steps)}
        self._order: dict[str | None, dict[str, tuple[int, int]]] = {}
        for phase_id, priorities in [(None, ()), *((p.id, p.priorities) for p in guidance.phases.values())]:
            rank = {step: place for place, step in enumerate(priorities)}
            self._order[phase_id] = {
                step: (rank.get(step, len(rank)), place) for step, place in place_of_step.items()
            }

    def _compile(self, condition: Condition, *, plain: bool = True) -> int:
        """Compile a condition; its number stands for its truth in ``weigh``."""
        self._conditions.append(condition)
        self._compiled.append(condition.compile(self.places, plain=plain))
        return len(self._compiled) - 1

    def known(self, values: Mapping[str, int]) -> list[int]:
        """``values`` as the list that conditions read. Signals the guidance lacks are left out."""
        known = [int(Value.UNKNOWN)] * len(self.signals)
        for signal, value in values.items():
            if signal in self.places:
                known[self.places[signal]] = int(value)
        return known

    def weigh(self, known: Known) -> list[int]:
        """The truth of every condition."""
        return [told(known) for told in self._compiled]

    def conclude(self, known: Known) -> Conclusions:
        """All conclusions from what is known."""
        return self._conclude(any(known), self.weigh(known))

    def suppose(self, known: Known, truths: Sequence[int], answers: Mapping[int, int]) -> Conclusions | None:
        """The conclusions if ``answers`` (values by the places of signals) were known too.

        ``truths`` is ``weigh(known)``: only conditions that name one of the signals are weighed anew.
        ``None`` when none of them comes out otherwise, so that the conclusions stay as they are.
        """
        supposed = list(known)
        for place, value in answers.items():
            supposed[place] = value
        changed = {
            n: truth
            for place in answers
            for n in self._touched[place]
            if (truth := self._compiled[n](supposed)) != truths[n]
        }
        if not changed and any(known):
            return None
        after = list(truths)
        for n, truth in changed.items():
            after[n] = truth
        return self._conclude(any(supposed), after)

    def _conclude(self, anything: bool, truths: Sequence[int]) -> Conclusions:
        candidates, phase, phase_rules = self._phase(anything, truths)
        mode, mode_settled, mode_rule = self._mode(truths)
        return Conclusions(
            candidates,
            phase,
            phase_rules,
            mode,
            mode_settled,
            mode_rule,
            tuple(truths[played] for played in self._roles),
            self._steps(truths, phase),
        )

    def _phase(
        self, anything: bool, truths: Sequence[int]
    ) -> tuple[tuple[str, ...], str | None, tuple[PhaseRule, ...]]:
        """Phases left, the one named, and the rules that say so.

        The one named is the furthest that is reached and left; with none reached, the first left.
        """
        if not anything:
            return self._phases, None, ()
        against = [rule for rule, excluded in self._excluded if truths[excluded] == YES]
        out = {rule.phase for rule in against}
        left = tuple(phase for phase in self._phases if phase not in out)
        reached = [
            rule for rule, come_to in self._reached if truths[come_to] == YES and rule.phase not in out
        ]
        named = reached[-1].phase if reached else left[0]
        because = tuple(rule for rule in reached if rule.phase == named) + tuple(against)
        return left, named, because

    def _mode(self, truths: Sequence[int]) -> tuple[str | None, bool, ModeRule | None]:
        leaning: ModeRule | None = None
        for rule, fits, leans in self._modes:
            if truths[fits] == YES:
                return rule.mode, True, rule
            if leaning is None and truths[fits] != NO and truths[leans] == YES:
                leaning = rule
        return (leaning.mode if leaning else None), False, leaning

    def _steps(
        self, truths: Sequence[int], phase: str | None
    ) -> tuple[tuple[str, tuple[AdviceRule, ...]], ...]:
        advised: dict[str, list[AdviceRule]] = {}
        withheld: set[str] = set()
        for rule, when, unless, phases in self._advice:
            if truths[when] == YES and truths[unless] != YES and phase in phases:
                withheld.update(rule.withhold)
                for step in rule.advise:
                    advised.setdefault(step, []).append(rule)
        urgency, order = self._urgency, self._order[phase]
        for step in withheld:
            advised.pop(step, None)
        for rules in advised.values():
            if len(rules) > 1:
                rules.sort(key=lambda rule: urgency[rule.id])
        ranked = sorted(advised, key=lambda step: (urgency[advised[step][0].id], order[step]))
        return tuple((step, tuple(advised[step])) for step in ranked)

    def role_rules(self) -> Sequence[RoleRule]:
        """The role rules in the order of ``Conclusions.roles``."""
        return self.guidance.role_rules


def _read_by(condition: Condition, signals: Sequence[str]) -> Sequence[str]:
    """The signals whose values a condition reads: all of them, where it asks about any signal."""
    return signals if condition.asks_of_any() else condition.signals()
