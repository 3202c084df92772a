"""Questions: none is left unasked that matters, and they come to an end.

That a question is put while any answers could still change the reading speaks of cases, of all sets of
answers in them and of all that the search for questions tries. That is proved by argument (docs/proofs.md).
``exceptions`` checks that the guidance is such that the argument holds, and the solver proves the one step of
it that speaks of cases (``falling_behind``).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from critical_friend.guidance.model import Guidance
from critical_friend.logic import Value
from critical_friend.proving.encoding import fact, quoted
from critical_friend.proving.solver import Found, Solver, read
from critical_friend.questions import next_question, points
from critical_friend.reasoner import Reasoner
from critical_friend.ways import Way, ways

_PLAIN = (Value.YES, Value.NO)


def exceptions(reasoner: Reasoner) -> Iterator[str]:
    """What keeps the argument from holding for this guidance, but for ``falling_behind``."""
    guidance = reasoner.guidance
    for kind, ids in (
        ("mode", [rule.mode for rule in guidance.mode_rules]),
        ("phase", [rule.phase for rule in guidance.phase_rules if rule.reached_when]),
    ):
        for id_, times in Counter(ids).items():
            if times > 1:
                yield f"{times} rules lead to the {kind} '{id_}'"
    for part, worth in guidance.question_points.items():
        if worth < 1:
            yield f"a change of the {part.replace('_', ' ')} has no points"
    plain = frozenset(_PLAIN)
    for way in reasoner.ways:
        for place, values in way.items():
            signal = reasoner.signals[place]
            if Value.UNKNOWN in values and not plain <= values:
                yield f"an answer about '{signal}' can undo what was so while it was unknown"
            if Value.UNKNOWN not in values and plain <= values:
                yield f"a rule is met by either answer about '{signal}'"
    for rule in guidance.advice_rules:
        if rule.withhold and rule.unless:
            yield f"an answer can stop '{rule.id}' from withholding"
    for signal in reasoner.signals:
        if next_question(reasoner, reasoner.known({}), set(reasoner.signals) - {signal}) is None:
            yield f"nothing is known and '{signal}' is not asked about"


def falling_behind(guidance: Guidance) -> Found | None:
    """A case and answers that let a shown step fall behind, though no single ``unless`` shows it.

    In the world ``before`` the step is shown, and in ``after`` one of its rules is stopped by its ``unless``
    and the step is advised less pressingly, or no more. Phases, mode and roles are as before, and so are the
    steps shown in every world in which just the answers are added that tell one ``unless``.
    """
    stops = _ways_to_stop(guidance)
    signals = tuple(guidance.signals)
    admits = [
        fact("admits", number, quoted(signals[place]), value.word)
        for number, way in enumerate(stops)
        for place, values in way.items()
        for value in map(Value, values)
    ]
    solver = Solver({"guidance": guidance}, ("case", "asking"), "\n".join(admits))
    solver.ground(
        *(part for world in ("before", "after") for part in (*read(world), ("allowed", world, "guidance"))),
        ("answered",),
        ("settled_as_before", "after"),
    )
    for world in range(len(stops)):
        solver.ground(
            ("opened", world, world),
            *read(world),
            ("settled_as_before", world),
            ("shown_as_before", world),
        )
    return solver.find(("some_behind",)) and solver.find(("some_behind",), fewest=True)


def _ways_to_stop(guidance: Guidance) -> list[Way]:
    """Every way in which an ``unless`` is told true, once."""
    places = {signal: place for place, signal in enumerate(guidance.signals)}
    found: list[Way] = []
    for rule in guidance.advice_rules:
        for way in ways(rule.unless, Value.YES, places) if rule.unless else ():
            if way not in found:
                found.append(way)
    return found


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
