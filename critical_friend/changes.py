"""What would it take: the smallest sets of changes that would lead to a goal, most feasible first.

Only changes for the better are tried (``good`` in the guidance's signals). A set is smallest when no
part of it would do. Sets of one size are ordered by how far away their furthest change is (``reach``).
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from critical_friend.guidance.model import REACHES
from critical_friend.logic import Value
from critical_friend.reasoner import Conclusions, Reasoner
from critical_friend.ways import Known

Goal = Callable[[Conclusions], bool]
#: Larger sets are no use to anybody as advice, and trying them all would take long.
LARGEST = 4
#: So many ways are told at most.
WAYS = 3


@dataclass(frozen=True)
class Change:
    """One signal that would have to become ``value`` (``yes`` or ``no``)."""

    signal: str
    value: str


def in_phase(phase: str) -> Goal:
    """The goal of standing in ``phase``."""
    return lambda conclusions: conclusions.phase == phase


def phase_signals(reasoner: Reasoner) -> tuple[str, ...]:
    """The signals that phases hang on."""
    conditions = (rule.reached_when or rule.excluded_when for rule in reasoner.guidance.phase_rules)
    return tuple(dict.fromkeys(s for condition in conditions if condition for s in condition.signals()))


def smallest_changes(
    reasoner: Reasoner, known: Known, goal: Goal, signals: Sequence[str]
) -> list[tuple[Change, ...]]:
    """At most ``WAYS`` smallest sets of changes among ``signals`` after which ``goal`` holds.

    An empty list means that none of up to ``LARGEST`` changes would do; a list with one empty set, that
    the goal holds already.
    """
    guidance = reasoner.guidance
    better = {s: guidance.signals[s].good for s in signals if guidance.signals[s].good != "either"}
    open_ = [
        Change(signal, value)
        for signal, value in better.items()
        if reasoner.value(known, signal) != Value.of(value)
    ]
    found: list[tuple[Change, ...]] = []
    for size in range(LARGEST + 1):
        for chosen in itertools.combinations(open_, size):
            if any(set(smaller) <= set(chosen) for smaller in found):
                continue
            if goal(reasoner.conclude(with_changes(reasoner, known, chosen))):
                found.append(chosen)
        if len(found) >= WAYS:
            break
    found.sort(key=lambda way: (len(way), *sorted((_distance(reasoner, c) for c in way), reverse=True)))
    return found[:WAYS]


def with_changes(reasoner: Reasoner, known: Known, changes: Sequence[Change]) -> Known:
    """What would be known after ``changes``."""
    return reasoner.replaced(known, {change.signal: Value.of(change.value) for change in changes})


def steps_towards(reasoner: Reasoner, known: Known, change: Change) -> tuple[str, ...]:
    """The steps that are advised while ``change`` is lacking, and would not be once it has come."""
    lacking = "no" if change.value == "yes" else "yes"
    without = with_changes(reasoner, known, [Change(change.signal, lacking)])
    after = with_changes(reasoner, known, [change])
    there = {step for step, _ in reasoner.conclude(after).steps}
    return tuple(
        step
        for step, rules in reasoner.conclude(without).steps
        if step not in there and any(change.signal in rule.when.signals() for rule in rules)
    )


def _distance(reasoner: Reasoner, change: Change) -> int:
    return REACHES.index(reasoner.guidance.signals[change.signal].reach)
