"""The rule set as named two-valued formulas, made mechanically from the guidance; all peers run these.

One signal has four values, so what is told of a condition is two formulas: *told true* and *told false*.
Definitions stand in an order in which each refers only to earlier ones. They cover what the reasoner
concludes, without its reasons and the order of steps, from a case in which something is known.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from critical_friend.conditions import Condition
from critical_friend.guidance.model import Guidance
from critical_friend.logic import Value
from critical_friend.reasoner import Conclusions

YES, NO, CONTESTED = Value.YES, Value.NO, Value.CONTESTED


@dataclass(frozen=True)
class Formula:
    """``is`` (the signal ``name`` has one of ``values``), ``ref`` (to ``name``), or of ``parts``.

    Kinds of parts: ``and``, ``or``, ``not`` (one part) and ``least`` (``count`` or more are true).
    """

    kind: str
    name: str = ""
    values: tuple[Value, ...] = ()
    parts: tuple[Formula, ...] = ()
    count: int = 0


TRUE, FALSE = Formula("and"), Formula("or")


def both(parts: Iterable[Formula]) -> Formula:
    """All parts are true."""
    kept = tuple(part for part in parts if part != TRUE)
    return FALSE if FALSE in kept else kept[0] if len(kept) == 1 else Formula("and", parts=kept)


def either(parts: Iterable[Formula]) -> Formula:
    """At least one part is true."""
    kept = tuple(part for part in parts if part != FALSE)
    return TRUE if TRUE in kept else kept[0] if len(kept) == 1 else Formula("or", parts=kept)


def negation(part: Formula) -> Formula:
    """The part is not true."""
    if part in (TRUE, FALSE):
        return FALSE if part == TRUE else TRUE
    return part.parts[0] if part.kind == "not" else Formula("not", parts=(part,))


def told(condition: Condition, side: Value, whole: bool) -> Formula:
    """That a condition is told true (``side`` yes) or false (no).

    With ``whole``, contested evidence is told both ways, and otherwise neither way: the guidance's rules
    take it whole only for how far a case has come and for roles.
    """
    if condition.kind == "signal":
        if condition.value == "contested":
            return Formula("is", condition.signal, (CONTESTED,) if side == YES else (YES, NO))
        bare = YES if (condition.value == "yes") == (side == YES) else NO
        return Formula("is", condition.signal, (bare, CONTESTED) if whole else (bare,))
    if condition.kind == "any_signal":
        some = Formula("ref", "some_contested")
        return some if side == YES else negation(some)
    if condition.kind == "not":
        return told(condition.parts[0], NO if side == YES else YES, whole)
    parts = tuple(told(part, side, whole) for part in condition.parts)
    if condition.kind == "at_least":
        least = condition.count if side == YES else len(parts) - condition.count + 1
        return Formula("least", parts=parts, count=least)
    return both(parts) if (condition.kind == "all") == (side == YES) else either(parts)


def holds(condition: Condition, *, whole: bool = False) -> Formula:
    """That a condition is yes: told true, and not told false."""
    true = told(condition, YES, whole)
    # Without contested evidence nothing is told both ways.
    return both((true, negation(told(condition, NO, whole)))) if whole else true


@dataclass
class RuleSet:
    """The definitions of one guidance, and what the reasoner says of each name in a case."""

    guidance: Guidance
    definitions: dict[str, Formula] = field(default_factory=dict)
    #: Names that only serve others; all the rest is compared.
    helpers: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.places = {signal: place for place, signal in enumerate(self.guidance.signals)}
        self._named: dict[str, Formula] = {}
        contested = [Formula("is", signal, (CONTESTED,)) for signal in self.places]
        self._define("some_contested", "", either(contested), helper=True)
        self._phases()
        self._modes_and_roles()
        self._advice()

    def _define(self, kind: str, id_: str, formula: Formula, helper: bool = False) -> Formula:
        name = _name(kind, id_)
        if name in self.definitions:
            raise ValueError(f"two things would be called '{name}'")
        self.definitions[name] = formula
        if helper:
            self.helpers.add(name)
        return Formula("ref", name)

    def _phases(self) -> None:
        out: dict[str, list[Formula]] = {phase: [] for phase in self.guidance.phases}
        reached: dict[str, list[Formula]] = {phase: [] for phase in self.guidance.phases}
        for rule in self.guidance.phase_rules:
            if rule.excluded_when:
                made = self._define("excludes", rule.id, holds(rule.excluded_when))
                out[rule.phase].append(made)
            if rule.reached_when:
                made = self._define("reaches", rule.id, holds(rule.reached_when, whole=True))
                reached[rule.phase].append(made)
        phases = tuple(self.guidance.phases)
        left = [self._define("left", phase, negation(either(out[phase]))) for phase in phases]
        come = [
            self._define("come", phase, both((left[n], either(reached[phase]))), helper=True)
            for n, phase in enumerate(phases)
        ]
        started = self._define("some", "come", either(come), helper=True)
        for n, phase in enumerate(phases):
            furthest = both((come[n], *map(negation, come[n + 1 :])))
            first = both((negation(started), left[n], *map(negation, left[:n])))
            self._named[phase] = self._define("named", phase, either((furthest, first)))

    def _modes_and_roles(self) -> None:
        rules = self.guidance.mode_rules
        fits = [self._define("fits", rule.id, holds(rule.fits_when)) for rule in rules]
        leans = [
            self._define(
                "leans",
                rule.id,
                both((holds(rule.leans_when), negation(told(rule.fits_when, NO, whole=False)))),
                helper=True,
            )
            for rule in rules
        ]
        settled = self._define("settled", "mode", either(fits))
        for n, rule in enumerate(rules):
            fit = both((fits[n], *map(negation, fits[:n])))
            lean = both((negation(settled), leans[n], *map(negation, leans[:n])))
            self._define("mode", rule.id, either((fit, lean)))
        for role in self.guidance.role_rules:
            self._define("played", role.id, told(role.played_when, YES, whole=True))
            self._define("missing", role.id, told(role.played_when, NO, whole=True))

    def _advice(self) -> None:
        advises: dict[str, list[Formula]] = {step: [] for step in self.guidance.steps}
        withholds: dict[str, list[Formula]] = {step: [] for step in self.guidance.steps}
        for rule in self.guidance.advice_rules:
            parts = [holds(rule.when)]
            if rule.unless:
                parts.append(negation(holds(rule.unless)))
            if rule.in_phase:
                parts.append(either(self._named[phase] for phase in rule.in_phase))
            fires = self._define("fires", rule.id, both(parts))
            for step in rule.advise:
                advises[step].append(fires)
            for step in rule.withhold:
                withholds[step].append(fires)
        for step in self.guidance.steps:
            self._define("advised", step, both((either(advises[step]), negation(either(withholds[step])))))

    @property
    def compared(self) -> tuple[str, ...]:
        """The names that the reasoner says something of too."""
        return tuple(name for name in self.definitions if name not in self.helpers)

    def concluded(self, values: Mapping[str, Value], conclusions: Conclusions) -> set[str]:
        """The compared names that are true by the reasoner's conclusions, and by the rules' conditions."""
        known = [values.get(signal, Value.UNKNOWN) for signal in self.places]
        true: set[str] = set()
        for rule in self.guidance.phase_rules:
            if rule.excluded_when and self._value(rule.excluded_when, known) == YES:
                true.add(_name("excludes", rule.id))
            if rule.reached_when and self._value(rule.reached_when, known, whole=True) == YES:
                true.add(_name("reaches", rule.id))
        true.update(_name("left", phase) for phase in conclusions.candidates)
        true.add(_name("named", conclusions.phase or ""))
        for mode in self.guidance.mode_rules:
            if self._value(mode.fits_when, known) == YES:
                true.add(_name("fits", mode.id))
        if conclusions.mode_settled:
            true.add("settled_mode")
        if conclusions.mode_rule:
            true.add(_name("mode", conclusions.mode_rule.id))
        for role, value in zip(self.guidance.role_rules, conclusions.roles, strict=True):
            true.update([_name("played", role.id)] if value & YES else ())
            true.update([_name("missing", role.id)] if value & NO else ())
        for advice in self.guidance.advice_rules:
            here = not advice.in_phase or conclusions.phase in advice.in_phase
            held_off = advice.unless is not None and self._value(advice.unless, known) == YES
            if here and not held_off and self._value(advice.when, known) == YES:
                true.add(_name("fires", advice.id))
        true.update(_name("advised", step) for step, _ in conclusions.steps)
        return true

    def _value(self, condition: Condition, known: Sequence[int], *, whole: bool = False) -> int:
        return condition.compile(self.places, plain=not whole)(known)


def _name(kind: str, id_: str) -> str:
    return f"{kind}_{id_}".rstrip("_").replace("-", "_")
