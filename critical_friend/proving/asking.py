"""Questions: none is left unasked that matters, and they come to an end.

That a question is put while any answers could still change the reading speaks of cases, of all sets of
answers in them and of all that the search for questions tries. The solver did not decide that in useful
time. For phases, mode and roles it is proved by argument (docs/proofs.md), and ``exceptions`` checks that the
guidance is such that the argument holds. For steps it is searched for, where it could fail: at the end of
talks. That is not proved.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from critical_friend.logic import Value
from critical_friend.proving.cases import Known, allowed
from critical_friend.questions import next_question, points
from critical_friend.reasoner import Reasoner

_PLAIN = (Value.YES, Value.NO)
#: Talks that are searched, and sets of answers tried at the end of each.
TALKS, ANSWERS = 40, 400


def exceptions(reasoner: Reasoner) -> Iterator[str]:
    """What keeps the argument on phases, mode and roles from holding for this guidance."""
    guidance = reasoner.guidance
    for kind, ids in (
        ("mode", [rule.mode for rule in guidance.mode_rules]),
        ("phase", [rule.phase for rule in guidance.phase_rules if rule.reached_when]),
    ):
        for id_, times in Counter(ids).items():
            if times > 1:
                yield f"{times} rules lead to the {kind} '{id_}'"
    for part in ("phase", "mode", "role"):
        if guidance.question_points[part] < 1:
            yield f"a change of the {part} has no points"
    plain = frozenset(_PLAIN)
    for way, statement in reasoner.statements.ways:
        for place, values in way.items():
            signal = reasoner.signals[place]
            if Value.UNKNOWN in values and not plain <= values:
                yield f"an answer about '{signal}' can undo what was so while it was unknown"
            if Value.UNKNOWN not in values and plain <= values and statement & reasoner.settling:
                yield f"a rule is met by either answer about '{signal}'"


@dataclass(frozen=True)
class Silence:
    """A case in which nothing is asked, and answers that would change its reading all the same."""

    known: Known
    unsure: tuple[str, ...]
    answers: Known


def silences(reasoner: Reasoner, seed: int = 2008) -> Iterator[Silence]:
    """Search the ends of talks for questions that should have been put. The same seed, the same search."""
    chance = random.Random(seed)
    may_be = allowed(reasoner.guidance)
    for _ in range(TALKS):
        known, unsure = _end_of_talk(reasoner, chance)
        if not may_be(known):
            continue
        base = reasoner.conclude(reasoner.known(known))
        missing = [s for s in reasoner.signals if s not in known and s not in unsure]
        for _ in range(ANSWERS if missing else 0):
            some = chance.sample(missing, chance.randint(1, len(missing)))
            answers = {signal: chance.choice(_PLAIN) for signal in some}
            after = {**known, **answers}
            if may_be(after) and points(reasoner, base, reasoner.conclude(reasoner.known(after))):
                yield Silence(known, tuple(unsure), answers)
                return


def _end_of_talk(reasoner: Reasoner, chance: random.Random) -> tuple[dict[str, Value], list[str]]:
    """A case in which nothing more is asked: some things told, and then every question answered."""
    told = chance.sample(reasoner.signals, chance.randint(8, 24))
    known = {signal: chance.choice((*_PLAIN, *_PLAIN, Value.CONTESTED)) for signal in told}
    unsure: list[str] = []
    while question := next_question(reasoner, reasoner.known(known), unsure):
        if chance.random() < 0.2:
            unsure.append(question.signal)
        else:
            known[question.signal] = chance.choice(_PLAIN)
    return known, unsure


def longest_talk(reasoner: Reasoner) -> tuple[int, int]:
    """The questions of a talk from an empty case: all answered 'don't know', and with yes or no.

    The proved bound is the number of signals: an answer closes its signal, none opens one, and only open
    signals are asked about. The first figure shows that the bound is reached, where it is. The second
    comes from answering each question so as to change least, and is no bound.
    """
    unsure: list[str] = []
    while question := next_question(reasoner, reasoner.known({}), unsure):
        if question.signal in unsure:
            raise AssertionError(f"'{question.signal}' is asked about twice")
        unsure.append(question.signal)
    known: dict[str, Value] = {}
    while question := next_question(reasoner, reasoner.known(known)):
        if question.signal in known:
            raise AssertionError(f"'{question.signal}' is asked about twice")
        base = reasoner.conclude(reasoner.known(known))
        changes = {
            value: points(
                reasoner, base, reasoner.conclude(reasoner.known({**known, question.signal: value}))
            )
            for value in _PLAIN
        }
        known[question.signal] = min(changes, key=lambda value: changes[value])
    return len(unsure), len(known)
