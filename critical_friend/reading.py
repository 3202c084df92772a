"""A reading: the conclusions from one case with all their reasons, as other programs get it."""

from __future__ import annotations

from typing import Any

from critical_friend.case import Case
from critical_friend.conditions import Condition
from critical_friend.guidance.model import AdviceRule, Guidance
from critical_friend.questions import next_question
from critical_friend.reasoner import ROLE_STATUS, Conclusions, Reasoner

Reading = dict[str, Any]  # in the form of the contract's reading.schema.json
VERSION = 1


class Reader:
    """Reads cases by one guidance."""

    def __init__(self, guidance: Guidance) -> None:
        self.guidance = guidance
        self.reasoner = Reasoner(guidance)

    def read(self, case: Case) -> Reading:
        """The reading of ``case``, with reasons, at most three next steps, and one question."""
        values = case.values()
        known = self.reasoner.known(values)
        conclusions = self.reasoner.conclude(known)
        question = next_question(self.reasoner, known, case.unsure)
        return {
            "type": "reading",
            "version": VERSION,
            "guidance": self.guidance.version,
            "phase": {
                "status": "settled" if conclusions.settled else "open",
                "id": conclusions.phase,
                "candidates": list(conclusions.candidates),
                "because": self._phase_reasons(conclusions, values),
            },
            "mode": {
                "status": "settled" if conclusions.mode_settled else "open",
                "id": conclusions.mode,
                "because": self._mode_reasons(conclusions, values),
            },
            "roles": {
                rule.role: ROLE_STATUS[value]
                for rule, value in zip(self.reasoner.role_rules(), conclusions.roles, strict=True)
            },
            "signals": {
                signal: {
                    "value": value.word,
                    "evidence": [
                        {"value": p.value, "text": p.text, "by": p.by, "at": p.at} for p in case.words(signal)
                    ],
                }
                for signal, value in values.items()
            },
            "next_steps": self._steps(conclusions, values),
            "question": None
            if question is None
            else {
                "signal": question.signal,
                "text": self.guidance.signals[question.signal].question,
                "would_settle": list(question.would_settle),
            },
        }

    @staticmethod
    def _reason(rule_id: str, values: Any, *conditions: Condition | None) -> dict[str, Any]:
        signals = [s for c in conditions if c for s in c.bears_on(values)]
        return {"rule": rule_id, "signals": list(dict.fromkeys(signals))}

    def _phase_reasons(self, conclusions: Conclusions, values: Any) -> list[dict[str, Any]]:
        return [
            self._reason(rule.id, values, rule.reached_when or rule.excluded_when)
            for rule in conclusions.phase_rules
        ]

    def _mode_reasons(self, conclusions: Conclusions, values: Any) -> list[dict[str, Any]]:
        rule = conclusions.mode_rule
        if rule is None:
            return []
        condition = rule.fits_when if conclusions.mode_settled else rule.leans_when
        return [self._reason(rule.id, values, condition)]

    def _steps(self, conclusions: Conclusions, values: Any) -> list[dict[str, Any]]:
        if not any(values.values()):
            return []
        shown = conclusions.steps[: self.guidance.shown_at_once]
        return [self._step(step, rules, values) for step, rules in shown]

    def _step(self, step_id: str, rules: tuple[AdviceRule, ...], values: Any) -> dict[str, Any]:
        step = self.guidance.steps[step_id]
        findings = dict.fromkeys(f for rule in rules for f in rule.findings)
        sources = list({c["section"]: c for c in map(self.guidance.citation, findings)}.values())
        return {
            "id": step.id,
            "title": step.title,
            "do": step.do,
            "with": step.who,
            "sign": step.sign,
            "because": [self._reason(rule.id, values, rule.when) for rule in rules],
            "cautions": [self.guidance.cautions[caution].says for caution in step.cautions],
            "sources": sources,
        }
