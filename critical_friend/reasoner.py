"""From a case to conclusions: phase, mode, roles and ranked next steps, each with the rules behind it.

A rule *holds* when its condition is yes on what is plainly known: contested evidence counts as unknown
there, so it neither advises a step nor excludes a phase, and brings up the talk about the difference
instead. It does show in the state of a role, and in how far a case has come (``reached_when``), where
one side's word that something is there is evidence that it has begun.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple

from critical_friend.advice import Advice, speaking
from critical_friend.conditions import Condition
from critical_friend.guidance.model import AdviceRule, Guidance, ModeRule, PhaseRule, RoleRule
from critical_friend.logic import Value
from critical_friend.ways import Known, Statements, ways

YES, NO = Value.YES, Value.NO
ROLE_STATUS = ("unknown", "present", "missing", "contested")  # by the condition's value
#: For phases, modes and roles, what follows is kept for so many combinations of their few statements.
KEPT = 1024


class Conclusions(NamedTuple):
    """What follows from what is known. Compared by value: equal conclusions are equal advice.

    ``candidates`` are the phases left; ``phase`` the settled or best supported one, ``None`` while
    nothing is known; ``roles`` the four values in the guidance's order; ``advice`` what can be advised in
    the phase, and ``standing`` what of it stands.
    """

    candidates: tuple[str, ...]
    phase: str | None
    phase_rules: tuple[PhaseRule, ...]
    mode: str | None
    mode_settled: bool
    mode_rule: ModeRule | None
    roles: tuple[int, ...]
    advice: Advice
    standing: int

    @property
    def steps(self) -> tuple[tuple[str, tuple[AdviceRule, ...]], ...]:
        """The advised steps, most pressing first, each with the rules that advise it."""
        advice = self.advice
        return tuple((advice.step(bits), advice.rules(bits)) for bits in advice.steps(self.standing))

    def shown(self, most: int) -> list[str]:
        """The ``most`` pressing steps."""
        return [self.advice.step(bits) for bits in self.advice.steps(self.standing, most)]

    @property
    def settled(self) -> bool:
        """Whether one phase only is left."""
        return len(self.candidates) == 1


class Reasoner:
    """The rules of one guidance, worked out ahead. Holds nothing of any case."""

    def __init__(self, guidance: Guidance) -> None:
        self.guidance = guidance
        self.signals = tuple(guidance.signals)
        self.places = {signal: place for place, signal in enumerate(self.signals)}
        self._phases = tuple(guidance.phases)
        #: Every way of every condition of a rule to be told true, or false where a rule hangs on that.
        self.ways = [
            way
            for rule in guidance.advice_rules
            for condition in filter(None, (rule.when, rule.unless))
            for way in ways(condition, YES, self.places)
        ]
        when = {rule.id: speaking(rule, self.places) for rule in guidance.advice_rules}
        self._advice = {phase: Advice(guidance, phase, when) for phase in (None, *guidance.phases)}
        self._statements = Statements(len(self.signals))
        self._excluded = [
            (rule, self._told(rule.excluded_when)) for rule in guidance.phase_rules if rule.excluded_when
        ]
        self._reached = [
            (rule, *self._both_sides(rule.reached_when)) for rule in guidance.phase_rules if rule.reached_when
        ]
        self._roles = [self._both_sides(rule.played_when) for rule in guidance.role_rules]
        self._modes = [
            (rule, self._told(rule.fits_when), self._told(rule.fits_when, NO), self._told(rule.leans_when))
            for rule in guidance.mode_rules
        ]
        # What follows for phases, modes and roles hangs on few statements each, so it is kept.
        self._phase_bits = sum(bit for _, bit in self._excluded) | sum(y | n for _, y, n in self._reached)
        self._mode_bits = sum(fits | fails | leans for _, fits, fails, leans in self._modes)
        self._role_bits = sum(yes | no for yes, no in self._roles)
        self._phase_of = lru_cache(KEPT)(self._phase)
        self._mode_of = lru_cache(KEPT)(self._mode)
        self._roles_of = lru_cache(KEPT)(self._role_values)
        self._by_low = {1 << 2 * place: signal for signal, place in self.places.items()}
        self._all_lows = sum(self._by_low)
        self._values = {
            signal: tuple(value << 2 * place for value in Value) for signal, place in self.places.items()
        }

    def _told(self, condition: Condition, side: Value = YES, *, plain: bool = True) -> int:
        """The bit that says that ``condition`` is told true, or told false."""
        found = ways(condition, side, self.places, plain=plain)
        self.ways += found
        return self._statements.add(found)

    def _both_sides(self, condition: Condition) -> tuple[int, int]:
        """The bits for both sides of a condition in which contested evidence counts as told both ways."""
        return self._told(condition, plain=False), self._told(condition, NO, plain=False)

    def known(self, values: Mapping[str, int]) -> Known:
        """``values`` as the number that ``conclude`` reads. Signals the guidance lacks are left out."""
        known = 0
        bits = self._values
        for signal, value in values.items():
            if signal in bits:
                known |= bits[signal][value]
        return known

    def value(self, known: Known, signal: str) -> Value:
        """What ``known`` says of ``signal``."""
        return Value(known >> 2 * self.places[signal] & 3)

    def contested(self, known: Known) -> list[str]:
        """The signals on which views differ."""
        both = known & known >> 1 & self._all_lows
        found = []
        while both:
            low = both & -both
            both ^= low
            found.append(self._by_low[low])
        return found

    def replaced(self, known: Known, values: Mapping[str, int]) -> Known:
        """``known`` with other values for some signals."""
        for signal, value in values.items():
            place = self.places[signal]
            known = known & ~(3 << 2 * place) | value << 2 * place
        return known

    def conclude(self, known: Known) -> Conclusions:
        """All conclusions from what is known."""
        told = self._statements.borne_out(known)
        left, named, because = self._phase_of(told & self._phase_bits) if known else (self._phases, None, ())
        advice = self._advice[named]
        return Conclusions(
            left,
            named,
            because,
            *self._mode_of(told & self._mode_bits),
            self._roles_of(told & self._role_bits),
            advice,
            advice.standing(known),
        )

    def _phase(self, told: int) -> tuple[tuple[str, ...], str | None, tuple[PhaseRule, ...]]:
        """Phases left, the one named, and the rules that say so.

        The one named is the furthest that is reached and left; with none reached, the first left.
        """
        against = [rule for rule, excluded in self._excluded if told & excluded]
        out = {rule.phase for rule in against}
        left = tuple([phase for phase in self._phases if phase not in out])
        reached = [
            rule for rule, yes, no in self._reached if told & yes and not told & no and rule.phase not in out
        ]
        named = reached[-1].phase if reached else left[0]
        return left, named, (*[rule for rule in reached if rule.phase == named], *against)

    def _mode(self, told: int) -> tuple[str | None, bool, ModeRule | None]:
        leaning: ModeRule | None = None
        for rule, fits, does_not_fit, leans in self._modes:
            if told & fits:
                return rule.mode, True, rule
            if leaning is None and told & leans and not told & does_not_fit:
                leaning = rule
        return (leaning.mode if leaning else None), False, leaning

    def _role_values(self, told: int) -> tuple[int, ...]:
        return tuple((told & yes != 0) | (told & no != 0) << 1 for yes, no in self._roles)

    def role_rules(self) -> Sequence[RoleRule]:
        """The role rules in the order of ``Conclusions.roles``."""
        return self.guidance.role_rules
