"""Which question to ask next: the one whose answer would change the conclusions most.

Each open signal is tried both ways, and the changes of the reading are counted with the points that
the guidance gives them (``ranking.yml``). When no single answer changes anything, every way in which
several answers would complete a statement of a rule is tried whole. When that changes nothing either,
there is nothing to ask.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from critical_friend.logic import Value
from critical_friend.reasoner import Conclusions, Reasoner
from critical_friend.ways import Known, Way

_PLAIN = frozenset((Value.YES, Value.NO))


@dataclass(frozen=True)
class Question:
    """The signal to ask about, and what an answer could settle: ``phase``, ``mode`` or role ids."""

    signal: str
    would_settle: tuple[str, ...]


def next_question(reasoner: Reasoner, known: Known, not_asked: Collection[str] = ()) -> Question | None:
    """The best question, leaving out the signals in ``not_asked``; ``None`` when none matters."""
    supposing = Supposing(reasoner, known)
    open_places = [
        place
        for place, signal in enumerate(reasoner.signals)
        if not known >> 2 * place & 3 and signal not in not_asked
    ]
    best = max(((_points_of_answers(supposing, place), -place) for place in open_places), default=(0, 0))
    place = -best[1] if best[0] else _by_several_answers(supposing, open_places)
    return None if place is None else Question(reasoner.signals[place], _settles(supposing, place))


class Supposing:
    """What is known, and what would follow if more were."""

    def __init__(self, reasoner: Reasoner, known: Known) -> None:
        self.reasoner, self.known = reasoner, known
        self.base = reasoner.conclude(known)

    def with_answers(self, answers: Mapping[int, int]) -> Conclusions:
        """The conclusions with ``answers`` (values by the places of open signals) known too."""
        known = self.known
        for place, value in answers.items():
            known |= value << 2 * place
        return self.reasoner.conclude(known)

    def gain(self, answers: Mapping[int, int]) -> int:
        """How much the conclusions would change, in points of the guidance."""
        after = self.with_answers(answers)
        return 0 if after == self.base else points(self.reasoner, self.base, after)


def _points_of_answers(supposing: Supposing, place: int) -> int:
    return sum(supposing.gain({place: value}) for value in (Value.YES, Value.NO))


def points(reasoner: Reasoner, before: Conclusions, after: Conclusions) -> int:
    """How much ``after`` differs from ``before``, by the points of the guidance."""
    weigh = reasoner.guidance.question_points
    shown = reasoner.guidance.shown_at_once
    old, new = before.shown(shown), after.shown(shown)
    return (
        weigh["phase"]
        * (
            (before.phase is not None and before.phase != after.phase)
            + len(set(before.candidates) ^ set(after.candidates))
        )
        + weigh["mode"] * ((before.mode, before.mode_settled) != (after.mode, after.mode_settled))
        + weigh["role"] * sum(a != b for a, b in zip(before.roles, after.roles, strict=True))
        + weigh["first_step"] * (old[:1] != new[:1])
        + weigh["shown_steps"] * len(set(old) ^ set(new))
    )


def _by_several_answers(supposing: Supposing, open_places: Collection[int]) -> int | None:
    """The signal that most often helps to complete a statement so that the conclusions change."""
    scores: dict[int, float] = {}
    for way in supposing.reasoner.ways:
        answers = _missing(supposing.known, way, open_places)
        if answers is None or len(answers) < 2:
            continue
        gain = supposing.gain(answers)
        for place in answers if gain else ():
            scores[place] = scores.get(place, 0) + gain / 2 ** len(answers)
    return max(scores, key=lambda place: scores[place]) if scores else None


def _missing(known: Known, way: Way, open_places: Collection[int]) -> dict[int, int] | None:
    """The plain answers that would open ``way``; ``None`` when no answers to open signals can."""
    answers: dict[int, int] = {}
    for place, values in way.items():
        if known >> 2 * place & 3 in values:
            continue
        fitting = values & _PLAIN
        if place not in open_places or not fitting:
            return None
        answers[place] = min(fitting)
    return answers


def _settles(supposing: Supposing, place: int) -> tuple[str, ...]:
    settled: list[str] = []
    base = supposing.base
    for value in (Value.YES, Value.NO):
        after = supposing.with_answers({place: value})
        if after.settled and not base.settled:
            settled.append("phase")
        if after.mode_settled and not base.mode_settled:
            settled.append("mode")
        rules = supposing.reasoner.role_rules()
        for rule, old, new in zip(rules, base.roles, after.roles, strict=True):
            if old != new:
                settled.append(rule.role)
    return tuple(dict.fromkeys(settled))
