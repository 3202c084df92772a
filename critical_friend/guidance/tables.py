"""Tables of the guidance for the documentation."""

from __future__ import annotations

from critical_friend.guidance.model import Guidance


def findings_table(guidance: Guidance) -> str:
    """Every finding with its section, how firm it is, and the rules that carry it, as Markdown."""
    carried: dict[str, list[str]] = {finding: [] for finding in guidance.findings}
    for rule in guidance.rules.values():
        for id_ in rule.findings:
            carried[id_].append(rule.id)
    lines = [
        "# Findings and the rules that carry them",
        "",
        "Made from `guidance/` by `critical-friend guidance findings --out docs/findings.md`; "
        "a test holds the two together.",
        "",
        "| finding | in our words | section | firmness | rules |",
        "| --- | --- | --- | --- | --- |",
    ]
    for finding in guidance.findings.values():
        section = guidance.sources[finding.source].sections[finding.section]
        rules = ", ".join(f"`{rule}`" for rule in carried[finding.id])
        lines.append(f"| `{finding.id}` | {finding.says} | {section} | {finding.firmness} | {rules} |")
    return "\n".join(lines) + "\n"
