"""Proofs about questions: one is put whenever an open signal matters, and they come to an end."""

from __future__ import annotations

import itertools
import random
from collections.abc import Iterable, Iterator, Mapping

from critical_friend.conditions import Condition
from critical_friend.logic import Value
from critical_friend.proving.encoding import fact, quoted
from critical_friend.proving.solver import Found, Solver, read
from critical_friend.questions import next_question, points, whole_rules
from critical_friend.reasoner import Reasoner

Answers = Mapping[str, Value]
_BOTH = (Value.YES, Value.NO)


def silent_though_it_matters(reasoner: Reasoner) -> Found | None:
    """A case where nothing is asked though some answers would change what the questions count.

    The solver looks for a case, signals of which people do not know, and answers to the other open
    ones that change the reading, while no trial does. A trial is one set of answers that
    ``next_question`` itself tries: one open signal, or all open signals of one condition. The trials
    of one signal are all there from the start. Those of whole conditions are added one by one, each
    because the case just found is in fact asked about; when the solver finds no case any more, more
    trials could only leave fewer.
    """
    guidance = reasoner.guidance
    weights = [fact("counts", name) for name, weight in guidance.question_points.items() if weight]
    first: list[Answers] = [{signal: value} for signal in reasoner.signals for value in _BOTH]
    whole = [condition for condition in whole_rules(reasoner) if len(condition.signals()) > 1]
    first += [_towards(condition, wanted) for condition in whole for wanted in (True, False)]
    solver = Solver({"guidance": guidance}, ("case", "asking"), " ".join(weights))
    solver.ground(
        *(("case",), *read("case"), ("allowed", "case", "guidance")),
        *(("open",), *read("rest"), ("allowed", "rest", "guidance"), ("compared", "rest")),
    )
    trials = 0
    for answers in first:
        trials = _add_trial(solver, trials, answers)
    while (found := solver.find()) is not None:
        unsure = unsure_of(reasoner, found)
        if next_question(reasoner, reasoner.known(found.case), unsure) is None:
            return _fewest(reasoner, solver) or found
        for answers in _whole_trials(reasoner, found, unsure):
            trials = _add_trial(solver, trials, answers)
    return None


def unsure_of(reasoner: Reasoner, found: Found) -> list[str]:
    """The signals of which people said, in a case found, that they do not know."""
    return [signal for signal in reasoner.signals if found.holds("unsure", signal)]


def _fewest(reasoner: Reasoner, solver: Solver) -> Found | None:
    """The smallest such case, if it too is silent in fact."""
    found = solver.find(fewest=True)
    if found and not next_question(reasoner, reasoner.known(found.case), unsure_of(reasoner, found)):
        return found
    return None


def _add_trial(solver: Solver, number: int, answers: Answers) -> int:
    """A world in which the open ones of ``answers`` are given. Returns the next world's number."""
    given = " ".join(fact("answer", number, quoted(s), value.word) for s, value in answers.items())
    solver.add(f"answers{number}", given)
    solver.ground((f"answers{number}",), ("trial", number), *read(number), ("compared", number))
    return number + 1


def _towards(condition: Condition, wanted: bool) -> dict[str, Value]:
    """The answers that make every part of a condition true, or false."""
    if condition.kind == "signal":
        return {condition.signal: Value.YES if wanted == (condition.value == "yes") else Value.NO}
    wanted = wanted != (condition.kind == "not")
    return {s: value for part in condition.parts for s, value in _towards(part, wanted).items()}


def _whole_trials(reasoner: Reasoner, found: Found, unsure: Iterable[str]) -> Iterator[Answers]:
    """For each condition, the first answers to its open signals that change the conclusions of a case."""
    known = reasoner.known(found.case)
    base = reasoner.conclude(known)
    for condition in whole_rules(reasoner):
        signals = condition.signals()
        missing = [s for s in signals if s not in found.case and s not in unsure]
        for values in itertools.product(_BOTH, repeat=len(missing)):
            answers = dict(zip(missing, values, strict=True))
            after = reasoner.conclude(reasoner.known({**found.case, **answers}))
            if points(reasoner, base, after):
                # Elsewhere more of the condition's signals may be open; they are then tried too.
                yield {s: answers.get(s, Value.YES) for s in signals}
                break


def longest_talk(reasoner: Reasoner, tries: int = 4) -> tuple[int, int]:
    """The most questions found in one talk from an empty case: with 'don't know', and with yes or no only.

    The bound that is proved is the number of signals, since a signal that was answered, or of which
    people do not know, is not open. This says how near a real talk comes to it.
    """
    unsure: list[str] = []
    while question := next_question(reasoner, reasoner.known({}), unsure):
        unsure.append(question.signal)
    chance = random.Random(1)
    return len(unsure), max(_answered(reasoner, chance) for _ in range(tries))


def _answered(reasoner: Reasoner, chance: random.Random) -> int:
    """Questions of one talk that is answered with yes or no, the answer that changes least first."""
    known: dict[str, Value] = {}
    while question := next_question(reasoner, reasoner.known(known)):
        base = reasoner.conclude(reasoner.known(known))
        known[question.signal] = min(
            chance.sample(_BOTH, 2),
            key=lambda value: points(
                reasoner, base, reasoner.conclude(reasoner.known({**known, question.signal: value}))
            ),
        )
    return len(known)
