"""Which question to ask next: the one whose answer would change the conclusions most.

Each open signal is tried both ways, and the changes of the reading are counted with the points that
the guidance gives them (``ranking.yml``). When no single answer changes anything, rules that still
lack several answers are tried whole. When that changes nothing either, there is nothing to ask.
"""

from __future__ import annotations

import itertools
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from critical_friend.conditions import Condition
from critical_friend.logic import Value
from critical_friend.reasoner import Conclusions, Reasoner


@dataclass(frozen=True)
class Question:
    """The signal to ask about, and what an answer could settle: ``phase``, ``mode`` or role ids."""

    signal: str
    would_settle: tuple[str, ...]


def next_question(reasoner: Reasoner, known: list[int], not_asked: Collection[str] = ()) -> Question | None:
    """The best question, leaving out the signals in ``not_asked``; ``None`` when none matters."""
    supposing = Supposing(reasoner, known)
    open_signals = [
        signal
        for place, signal in enumerate(reasoner.signals)
        if not known[place] and signal not in not_asked
    ]
    best = max(
        ((_points_of_answers(supposing, signal), signal) for signal in open_signals),
        key=lambda scored: scored[0],
        default=(0, ""),
    )
    signal = best[1] if best[0] else _by_whole_rules(supposing, open_signals)
    return Question(signal, _settles(supposing, signal)) if signal else None


class Supposing:
    """What is known, and what would follow if more were."""

    def __init__(self, reasoner: Reasoner, known: list[int]) -> None:
        self.reasoner, self._known = reasoner, known
        self._truths = reasoner.weigh(known)
        self.base = reasoner.conclude(known)

    def with_answers(self, answers: Iterable[tuple[str, int]]) -> Conclusions:
        """The conclusions with ``answers`` (signals with values) known too."""
        places = self.reasoner.places
        after = self.reasoner.suppose(self._known, self._truths, {places[s]: v for s, v in answers})
        return self.base if after is None else after

    def gain(self, answers: Iterable[tuple[str, int]]) -> int:
        """How much the conclusions would change, in points of the guidance."""
        after = self.with_answers(answers)
        return 0 if after is self.base else points(self.reasoner, self.base, after)


def _points_of_answers(supposing: Supposing, signal: str) -> int:
    return sum(supposing.gain([(signal, value)]) for value in (Value.YES, Value.NO))


def points(reasoner: Reasoner, before: Conclusions, after: Conclusions) -> int:
    """How much ``after`` differs from ``before``, by the points of the guidance."""
    weigh = reasoner.guidance.question_points
    shown = reasoner.guidance.shown_at_once
    old = [step for step, _ in before.steps[:shown]]
    new = [step for step, _ in after.steps[:shown]]
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


def _by_whole_rules(supposing: Supposing, open_signals: Collection[str]) -> str | None:
    """The signal that most often helps to complete a rule that would change the conclusions."""
    scores: dict[str, float] = {}
    for condition in whole_rules(supposing.reasoner):
        missing = [signal for signal in condition.signals() if signal in open_signals]
        if len(missing) < 2:
            continue
        for values in itertools.product((Value.YES, Value.NO), repeat=len(missing)):
            gain = supposing.gain(zip(missing, values, strict=True))
            for signal in missing if gain else ():
                scores[signal] = scores.get(signal, 0) + gain / 2 ** len(missing)
    return max(scores, key=lambda signal: scores[signal]) if scores else None


def whole_rules(reasoner: Reasoner) -> Iterable[Condition]:
    """The conditions that are tried whole, with answers to all of their open signals at once."""
    guidance = reasoner.guidance
    for phase_rule in guidance.phase_rules:
        yield from filter(None, (phase_rule.reached_when, phase_rule.excluded_when))
    for mode_rule in guidance.mode_rules:
        yield mode_rule.fits_when
    for advice in guidance.advice_rules:
        yield Condition("all", parts=tuple(filter(None, (advice.when, advice.unless))))


def _settles(supposing: Supposing, signal: str) -> tuple[str, ...]:
    settled: list[str] = []
    base = supposing.base
    for value in (Value.YES, Value.NO):
        after = supposing.with_answers([(signal, value)])
        if after.settled and not base.settled:
            settled.append("phase")
        if after.mode_settled and not base.mode_settled:
            settled.append("mode")
        rules = supposing.reasoner.role_rules()
        for rule, old, new in zip(rules, base.roles, after.roles, strict=True):
            if old != new:
                settled.append(rule.role)
    return tuple(dict.fromkeys(settled))
