"""Mutants of a guidance: each has one small, plausible mistake in one rule."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from critical_friend.conditions import Condition
from critical_friend.guidance.model import AdviceRule, Guidance, Rule

_CONDITIONS = (
    "reached_when",
    "excluded_when",
    "played_when",
    "fits_when",
    "leans_when",
    "when",
    "unless",
)
_LISTS = ("phase_rules", "role_rules", "mode_rules", "advice_rules")
_FLIPPED = {"yes": "no", "no": "yes"}


@dataclass(frozen=True)
class Mutant:
    """A changed guidance, the rule that was changed and how, in words."""

    rule: str
    change: str
    guidance: Guidance


def in_words(condition: Condition) -> str:
    """A condition on one line, as the guidance writes it."""
    if condition.kind == "signal":
        return f"{condition.signal}: {condition.value}"
    if condition.kind == "any_signal":
        return f"any_signal: {condition.value}"
    parts = ", ".join(map(in_words, condition.parts))
    if condition.kind == "at_least":
        return f"at_least {condition.count} of [{parts}]"
    return f"not ({parts})" if condition.kind == "not" else f"{condition.kind} [{parts}]"


def changed_conditions(condition: Condition) -> Iterator[tuple[str, Condition]]:
    """The condition with one change each: negated, a term dropped, all and any swapped, a threshold moved."""
    said = in_words(condition)
    if condition.kind == "signal" and condition.value in _FLIPPED:
        yield f"'{said}' negated", replace(condition, value=_FLIPPED[condition.value])
    elif condition.kind == "not":
        yield f"'{said}' without its not", condition.parts[0]
    else:
        yield f"'{said}' negated", Condition("not", parts=(condition,))
    parts = condition.parts
    if condition.kind in ("all", "any") and len(parts) > 1:
        other = "any" if condition.kind == "all" else "all"
        yield f"'{condition.kind}' of '{said}' swapped for '{other}'", replace(condition, kind=other)
    for place, part in enumerate(parts):
        rest = (*parts[:place], *parts[place + 1 :])
        if condition.kind in ("all", "any") and len(parts) > 1:
            yield f"'{in_words(part)}' dropped from '{said}'", replace(condition, parts=rest)
        if condition.kind == "at_least" and len(rest) >= condition.count:
            yield f"'{in_words(part)}' dropped from '{said}'", replace(condition, parts=rest)
        for change, changed in changed_conditions(part):
            yield change, replace(condition, parts=(*parts[:place], changed, *parts[place + 1 :]))
    if condition.kind == "at_least":
        for count in (condition.count - 1, condition.count + 1):
            if 1 <= count <= len(parts):
                yield f"'at_least {condition.count}' made {count}", replace(condition, count=count)


def _changed_rules(guidance: Guidance, rule: Rule) -> Iterator[tuple[str, Rule]]:
    for key in _CONDITIONS:
        condition = getattr(rule, key, None)
        if condition is not None:
            for change, changed in changed_conditions(condition):
                yield f"{key}: {change}", _with(rule, key, changed)
    if isinstance(rule, AdviceRule):
        yield from _changed_advice(guidance, rule)


def _changed_advice(guidance: Guidance, rule: AdviceRule) -> Iterator[tuple[str, Rule]]:
    if rule.unless:
        yield "unless: dropped", _with(rule, "unless", None)
    if rule.in_phase:
        yield "in_phase: dropped", _with(rule, "in_phase", ())
    for phase in rule.in_phase if len(rule.in_phase) > 1 else ():
        yield f"in_phase: '{phase}' dropped", _with(rule, "in_phase", _without(rule.in_phase, phase))
    for step in rule.withhold:
        yield f"withhold: '{step}' dropped", _with(rule, "withhold", _without(rule.withhold, step))
    if rule.advise:
        ranks = list(guidance.urgency)
        at = ranks.index(rule.urgency)
        for other in (*ranks[max(at - 1, 0) : at], *ranks[at + 1 : at + 2]):
            yield f"urgency: '{rule.urgency}' swapped for '{other}'", _with(rule, "urgency", other)


def _with(rule: Rule, key: str, value: Any) -> Rule:
    return replace(rule, **{key: value})


def _without(ids: tuple[str, ...], id_: str) -> tuple[str, ...]:
    return tuple(other for other in ids if other != id_)


def mutants(guidance: Guidance) -> Iterator[Mutant]:
    """Every mutant of every rule."""
    for name in _LISTS:
        rules: tuple[Rule, ...] = getattr(guidance, name)
        for place, rule in enumerate(rules):
            seen: set[Rule] = {rule}
            for change, changed in _changed_rules(guidance, rule):
                if changed not in seen:
                    seen.add(changed)
                    with_it = (*rules[:place], changed, *rules[place + 1 :])
                    changes: dict[str, Any] = {name: with_it}
                    yield Mutant(rule.id, change, replace(guidance, **changes))
