"""A reading: the conclusions from one case with all their reasons, as other programs get it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from critical_friend.case import Case
from critical_friend.conditions import Condition, Known
from critical_friend.guidance.model import AdviceRule, Guidance
from critical_friend.logic import Value
from critical_friend.questions import next_question
from critical_friend.reasoner import ROLE_STATUS, Conclusions, Reasoner

Reading = dict[str, Any]  # in the form of the contract's reading.schema.json
VERSION = 1


class Reader:
    """Reads cases by one guidance."""

    def __init__(self, guidance: Guidance) -> None:
        self.guidance = guidance
        self.reasoner = Reasoner(guidance)
        self._named: dict[int, tuple[tuple[str, ...], bool]] = {}
        self._sources: dict[tuple[str, ...], list[dict[str, str]]] = {}

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
        values = case.values()
        conclusions = self.reasoner.conclude(known)
        evidence: dict[str, list[dict[str, Any]]] = {signal: [] for signal in values}
        for p in case.evidence:
            evidence[p.signal].append({"value": p.value, "text": p.text, "by": p.by, "at": p.at})
        return {
            "type": "reading",
            "version": VERSION,
            "guidance": self.guidance.version,
            "phase": {
                "status": "settled" if conclusions.settled else "open",
                "id": conclusions.phase,
                "candidates": list(conclusions.candidates),
                "because": [
                    self._reason(rule.id, values, rule.reached_when or rule.excluded_when)
                    for rule in conclusions.phase_rules
                ],
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
                signal: {"value": value.word, "evidence": evidence[signal]}
                for signal, value in values.items()
            },
            "next_steps": self._steps(conclusions, values),
            "question": None,
        }

    def _reason(
        self, rule_id: str, values: Mapping[str, Value], condition: Condition | None
    ) -> dict[str, Any]:
        """The rule, and the signals known of those that its condition names."""
        if condition is None:
            return {"rule": rule_id, "signals": []}
        named = self._named.get(id(condition))
        if named is None:
            named = self._named[id(condition)] = (condition.signals(), condition.asks_of_any())
        signals, of_any = named
        if of_any:
            return {"rule": rule_id, "signals": list(condition.bears_on(values))}
        return {"rule": rule_id, "signals": [signal for signal in signals if signal in values]}

    def _mode_reasons(self, conclusions: Conclusions, values: Mapping[str, Value]) -> list[dict[str, Any]]:
        rule = conclusions.mode_rule
        if rule is None:
            return []
        condition = rule.fits_when if conclusions.mode_settled else rule.leans_when
        return [self._reason(rule.id, values, condition)]

    def _steps(self, conclusions: Conclusions, values: Mapping[str, Value]) -> list[dict[str, Any]]:
        if not values:
            return []
        shown = conclusions.steps[: self.guidance.shown_at_once]
        return [self._step(step, rules, values) for step, rules in shown]

    def _step(
        self, step_id: str, rules: tuple[AdviceRule, ...], values: Mapping[str, Value]
    ) -> dict[str, Any]:
        step = self.guidance.steps[step_id]
        findings = tuple(f for rule in rules for f in rule.findings)
        if findings not in self._sources:
            cited = map(self.guidance.citation, dict.fromkeys(findings))
            self._sources[findings] = list({c["section"]: c for c in cited}.values())
        return {
            "id": step.id,
            "title": step.title,
            "do": step.do,
            "with": step.who,
            "sign": step.sign,
            "because": [self._reason(rule.id, values, rule.when) for rule in rules],
            "cautions": [self.guidance.cautions[caution].says for caution in step.cautions],
            "sources": [dict(source) for source in self._sources[findings]],
        }
