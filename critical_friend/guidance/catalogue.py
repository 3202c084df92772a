"""The words of the rule set for clients: what they need to draw a case without asking again."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from critical_friend.guidance.model import Guidance, Named, Rule


def catalogue(guidance: Guidance) -> dict[str, Any]:
    """Names, meanings, questions, reasons with their sources, and steps, as plain data."""
    return {
        "version": guidance.version,
        "phases": _named(guidance.phases.values()),
        "modes": _named(guidance.modes.values()),
        "roles": _named(guidance.roles.values()),
        "groups": [{"id": id_, "name": name} for id_, name in guidance.groups.items()],
        "signals": [
            {
                "id": signal.id,
                "name": signal.name,
                "group": signal.group,
                "means": signal.means,
                "question": signal.question,
                "heard": dict(signal.heard),
            }
            for signal in guidance.signals.values()
        ],
        "rules": {rule.id: _rule(guidance, rule) for rule in guidance.rules.values()},
        "steps": {
            step.id: {"title": step.title, "do": step.do, "with": step.who, "sign": step.sign}
            for step in guidance.steps.values()
        },
    }


def _named(items: Iterable[Named]) -> list[dict[str, str]]:
    return [{"id": item.id, "name": item.name, "means": item.means} for item in items]


def _rule(guidance: Guidance, rule: Rule) -> dict[str, Any]:
    cited = [guidance.citation(finding) for finding in rule.findings]
    sections = {(c["title"], c["section"]): None for c in cited}
    return {
        "reason": rule.reason,
        "sources": [{"title": title, "section": section} for title, section in sections],
        "firmness": " ".join(dict.fromkeys(c["firmness"] for c in cited)),
    }
