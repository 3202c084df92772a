"""A reading: the conclusions from one case with all their reasons, as other programs get it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from critical_friend.case import Case
from critical_friend.conditions import Condition
from critical_friend.guidance.model import AdviceRule, Guidance
from critical_friend.logic import Value
from critical_friend.questions import next_question
from critical_friend.reasoner import KEPT, ROLE_STATUS, Conclusions, Reasoner
from critical_friend.ways import Known

Reading = dict[str, Any]  # in the form of the contract's reading.schema.json
VERSION = 1


class Reader:
    """Reads cases by one guidance."""

    def __init__(self, guidance: Guidance) -> None:
        self.guidance = guidance
        self.reasoner = Reasoner(guidance)
        self._roles = [rule.role for rule in self.reasoner.role_rules()]
        self._phase_rules = {
            rule.id: self._reason(rule.id, rule.reached_when or rule.excluded_when)
            for rule in guidance.phase_rules
        }
        self._fits = {rule.id: self._reason(rule.id, rule.fits_when) for rule in guidance.mode_rules}
        self._leans = {rule.id: self._reason(rule.id, rule.leans_when) for rule in guidance.mode_rules}
        self._advice = {rule.id: self._reason(rule.id, rule.when) for rule in guidance.advice_rules}
        #: Shown steps by the phase and their advice in it, as they are met.
        self._shown: dict[tuple[str | None, int], Part] = {}

    def read(self, case: Case) -> Reading:
        """The reading of ``case``, with reasons, at most three next steps, and one question."""
        known = self.reasoner.known(case.values())
        reading = self.conclude(case, known)
        question = next_question(self.reasoner, known, case.unsure)
        if question is not None:
            reading["question"] = {
                "signal": question.signal,
                "text": self.guidance.signals[question.signal].question,
                "would_settle": list(question.would_settle),
            }
        return reading

    def conclude(self, case: Case, known: Known) -> Reading:
        """The reading without a question. ``known`` is what the reasoner knows of ``case``."""
        conclusions = self.reasoner.conclude(known)
        return {
            "type": "reading",
            "version": VERSION,
            "guidance": self.guidance.version,
            "phase": {
                "status": "settled" if len(conclusions.candidates) == 1 else "open",
                "id": conclusions.phase,
                "candidates": [*conclusions.candidates],
                "because": [self._phase_rules[rule.id].given(known) for rule in conclusions.phase_rules],
            },
            "mode": {
                "status": "settled" if conclusions.mode_settled else "open",
                "id": conclusions.mode,
                "because": self._mode_reasons(conclusions, known),
            },
            "roles": dict(zip(self._roles, [ROLE_STATUS[value] for value in conclusions.roles])),
            "signals": case.heard(),
            "next_steps": self._steps(conclusions, known),
            "question": None,
        }

    def _mode_reasons(self, conclusions: Conclusions, known: Known) -> list[dict[str, Any]]:
        if conclusions.mode_rule is None:
            return []
        because = self._fits if conclusions.mode_settled else self._leans
        return [because[conclusions.mode_rule.id].given(known)]

    def _steps(self, conclusions: Conclusions, known: Known) -> list[dict[str, Any]]:
        if not known:
            return []
        shown = []
        advice, phase = conclusions.advice, conclusions.phase
        for of_step in advice.steps(conclusions.standing, self.guidance.shown_at_once):
            part = self._shown.get((phase, of_step))
            if part is None:
                part = self._step(advice.step(of_step), advice.rules(of_step))
                self._shown[phase, of_step] = part
            shown.append(part.given(known))
        return shown

    def _reason(self, rule: str, condition: Condition | None) -> Part:
        """A rule as a reason: with the signals known of those that its condition names."""
        named = condition.signals() if condition else ()
        bits = [(signal, self.reasoner.known({signal: Value.CONTESTED})) for signal in named]
        of_any = condition is not None and condition.asks_of_any()

        def make(known: Known) -> dict[str, Any]:
            carried = self.reasoner.contested(known) if of_any else []
            carried += [signal for signal, both in bits if known & both and signal not in carried]
            return {"rule": rule, "signals": carried}

        return Part(make, None if of_any else sum(both for _, both in bits))

    def _step(self, step_id: str, rules: tuple[AdviceRule, ...]) -> Part:
        """A step that is advised by ``rules``."""
        step = self.guidance.steps[step_id]
        findings = [finding for rule in rules for finding in rule.findings]
        sources = {cited["section"]: cited for cited in map(self.guidance.citation, findings)}
        reasons = [self._advice[rule.id] for rule in rules]

        fixed = {
            "id": step.id,
            "title": step.title,
            "do": step.do,
            "with": step.who,
            "sign": step.sign,
            "because": [],
            "cautions": [self.guidance.cautions[caution].says for caution in step.cautions],
            "sources": list(sources.values()),
        }

        def make(known: Known) -> dict[str, Any]:
            return {**fixed, "because": [reason.given(known) for reason in reasons]}

        hangs_on: int | None = 0
        for reason in reasons:
            hangs_on = None if hangs_on is None or reason.hangs_on is None else hangs_on | reason.hangs_on
        return Part(make, hangs_on)


class Part:
    """A part of a reading that hangs on few signals, kept for what was met of these.

    ``hangs_on`` has the bits of these signals. ``None`` is for a part that hangs on any signal: it is
    made anew each time.
    """

    def __init__(self, make: Callable[[Known], dict[str, Any]], hangs_on: int | None) -> None:
        self.hangs_on = hangs_on
        self._make = make
        self._kept: dict[Known, dict[str, Any]] = {}

    def given(self, known: Known) -> dict[str, Any]:
        """The part in a case of which that is known. It is shared by readings, and not to be changed."""
        if self.hangs_on is None:
            return self._make(known)
        known &= self.hangs_on
        part = self._kept.get(known)
        if part is None:
            part = self._make(known)
            if len(self._kept) < KEPT:
                self._kept[known] = part
        return part
