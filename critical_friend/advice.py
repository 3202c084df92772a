"""The advice of one phase, put in order ahead, so that a case only has to say what of it stands.

A rule advises a step as long as its ``when`` is borne out, its ``unless`` is not, and no rule withholds the
step. That is one statement for each step and each rule that advises it (``ways.py``). They are added in
order, so the lower the bit, the more pressing the step.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from critical_friend.guidance.model import AdviceRule, Guidance
from critical_friend.logic import Value
from critical_friend.ways import Known, Statements, Way, lacking, together, ways


def in_order(guidance: Guidance, phase: str | None) -> list[tuple[str, AdviceRule]]:
    """Every step with every rule that can advise it in ``phase``.

    The order is by urgency, then the phase's priorities, then the files.
    """
    urgency = {name: rank for rank, name in enumerate(guidance.urgency)}
    priorities = guidance.phases[phase].priorities if phase else ()
    priority = {step: place for place, step in enumerate(priorities)}
    place = {step: place for place, step in enumerate(guidance.steps)}
    return sorted(
        ((step, rule) for rule in guidance.advice_rules if _speaks(rule, phase) for step in rule.advise),
        key=lambda pair: (urgency[pair[1].urgency], priority.get(pair[0], len(priority)), place[pair[0]]),
    )


def _speaks(rule: AdviceRule, phase: str | None) -> bool:
    return not rule.in_phase or phase in rule.in_phase


def speaking(rule: AdviceRule, places: Mapping[str, int]) -> list[Way]:
    """The ways in which a rule speaks: its ``when`` is told true, and its ``unless`` is not."""
    unless = ways(rule.unless, Value.YES, places) if rule.unless else []
    return together(ways(rule.when, Value.YES, places), lacking(unless))


class Advice:
    """What can be advised in one phase. Advice that stands in a case is a number, one bit a step and rule."""

    def __init__(self, guidance: Guidance, phase: str | None, when: Mapping[str, Sequence[Way]]) -> None:
        """``when`` has the ways in which each rule speaks, by its id."""
        self._statements = Statements(len(guidance.signals))
        self._ranked: dict[int, tuple[str, AdviceRule]] = {}
        silent = {
            rule.id: lacking(when[rule.id])
            for rule in guidance.advice_rules
            if rule.withhold and _speaks(rule, phase)
        }
        for step, rule in in_order(guidance, phase):
            against = [silent[r.id] for r in guidance.advice_rules if r.id in silent and step in r.withhold]
            bit = self._statements.add(together(when[rule.id], *against))
            self._ranked[bit] = step, rule
        of_step = dict.fromkeys(guidance.steps, 0)
        for bit, (step, _) in self._ranked.items():
            of_step[step] |= bit
        self._same_step = {bit: of_step[step] for bit, (step, _) in self._ranked.items()}

    def standing(self, known: Known) -> int:
        """The advice that stands when that is known."""
        return self._statements.borne_out(known)

    def steps(self, standing: int, most: int = -1) -> list[int]:
        """The bits of each step's advice, the most pressing step first; of ``most`` steps, or of all."""
        found: list[int] = []
        while standing and len(found) != most:
            of_step = standing & self._same_step[standing & -standing]  # of the lowest bit
            standing ^= of_step
            found.append(of_step)
        return found

    def step(self, of_step: int) -> str:
        """The step whose advice these bits are."""
        return self._ranked[of_step & -of_step][0]

    def rules(self, of_step: int) -> tuple[AdviceRule, ...]:
        """The rules whose advice these bits are, the most pressing first."""
        return tuple(rule for bit, (_, rule) in self._ranked.items() if of_step & bit)
