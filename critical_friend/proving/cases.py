"""Cases of the proofs: what is known by signal, how many there are, and how to write them down."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Mapping

from critical_friend.case import Case, Evidence
from critical_friend.guidance.model import Guidance
from critical_friend.logic import Value
from critical_friend.reasoner import Conclusions, Reasoner

#: What is known of a case: signals that are not unknown.
Known = Mapping[str, Value]


def told(known: Known) -> Case:
    """The case in which just this was told."""
    case = Case()
    for signal, value in known.items():
        sides = ("yes", "no") if value == Value.CONTESTED else (value.word,)
        case = case.note([Evidence(signal, side, "as told") for side in sides])
    return case


def conclude(reasoner: Reasoner, known: Known) -> Conclusions:
    """The real reasoning on a case."""
    return reasoner.conclude(reasoner.known(known))


def in_words(known: Known) -> str:
    """A case as a list of signals and values."""
    return ", ".join(f"{signal}: {value.word}" for signal, value in known.items()) or "nothing known"


def allowed(guidance: Guidance) -> Callable[[Known], bool]:
    """Whether the guidance's constraints allow a case."""
    places = {signal: place for place, signal in enumerate(guidance.signals)}
    tests = [constraint.never.compile(places, plain=True) for constraint in guidance.constraints]
    unknown = Value.UNKNOWN
    return lambda known: (
        not any(test([known.get(signal, unknown) for signal in places]) == Value.YES for test in tests)
    )


def how_many(guidance: Guidance) -> int:
    """How many cases the guidance's constraints allow, counting unknown and contested as values.

    Only signals that constraints name are run through; all others are free.
    """
    never = [constraint.never for constraint in guidance.constraints]
    bound = tuple(dict.fromkeys(signal for condition in never for signal in condition.signals()))
    places = {signal: place for place, signal in enumerate(bound)}
    tests = [condition.compile(places, plain=True) for condition in never]
    allowed = sum(
        not any(test(values) == Value.YES for test in tests)
        for values in itertools.product(Value, repeat=len(bound))
    )
    return allowed * len(Value) ** (len(guidance.signals) - len(bound))
