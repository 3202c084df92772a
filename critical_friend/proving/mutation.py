"""Mutation: do the cases whose right reading is written down notice every small mistake in a rule?"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from critical_friend.guidance.model import Guidance
from critical_friend.proving.expectations import Expectation
from critical_friend.proving.mutants import Mutant, mutants
from critical_friend.proving.solver import Found, Solver, read
from critical_friend.reasoner import Reasoner


@dataclass(frozen=True)
class Survivor:
    """A mutant that no case notices. ``case`` is one that would tell it apart, if it is checked."""

    mutant: Mutant
    found: Found


@dataclass(frozen=True)
class Outcome:
    """What became of all mutants."""

    total: int
    killed: int
    equivalent: tuple[Mutant, ...]
    survivors: tuple[Survivor, ...]


def apart(guidance: Guidance, other: Guidance) -> Found | None:
    """The smallest case that two guidances read differently; ``None`` when they are equivalent."""
    solver = Solver({"guidance": guidance, "beside": other}, ("case", "equivalence"))
    solver.ground(
        *(("case",), ("same",), *read("before", "guidance"), *read("after", "beside")),
        *(("allowed", "before", "guidance"), ("apart", "before", "after"), ("apart", "after", "before")),
    )
    if solver.find(("apart",)) is None:
        return None
    return solver.find(("apart",), fewest=True)


def notices(guidance: Guidance, expectations: Iterable[Expectation]) -> bool:
    """Whether any case is read wrongly by ``guidance``; a reading that breaks down is wrong too."""
    reasoner = Reasoner(guidance)
    try:
        return any(expectation.differences(reasoner) for expectation in expectations)
    except IndexError:  # every phase was ruled out
        return True


def run(
    guidance: Guidance, expectations: Sequence[Expectation], progress: Callable[[int, int], None]
) -> Outcome:
    """Try every mutant on every case, and let the solver say of the rest which are equivalent."""
    every = list(mutants(guidance))
    # A mutant is most often noticed by a case that knows a signal of the rule, so order costs little.
    left: list[Mutant] = []
    for number, mutant in enumerate(every, start=1):
        if not notices(mutant.guidance, expectations):
            left.append(mutant)
        progress(number, len(every))
    equivalent: list[Mutant] = []
    survivors: list[Survivor] = []
    for mutant in left:
        found = apart(guidance, mutant.guidance)
        if found is None:
            equivalent.append(mutant)
        else:
            survivors.append(Survivor(mutant, found))
    return Outcome(len(every), len(every) - len(left), tuple(equivalent), tuple(survivors))
