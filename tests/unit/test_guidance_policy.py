"""What the guidance must hold as policy: coverage, cautions, plain words, our own sentences."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest
import textstat
import yaml

from critical_friend.guidance.tables import findings_table

ROOT = Path(__file__).parents[2]
PAPER = ROOT.parent / "shared" / "reference" / "managing-for-joint-outcomes.txt"
BOLD = re.compile(
    r"\b(bend|around the|under the radar|out of sight|quiet|act first|trial|ask later|sponsor|room)\b", re.I
)


def test_every_finding_is_carried_and_every_rule_has_a_source(guidance):
    carried = {finding for rule in guidance.rules.values() for finding in rule.findings}
    assert carried == set(guidance.findings)
    for rule in guidance.rules.values():
        assert rule.findings and rule.reason
        for finding in rule.findings:
            citation = guidance.citation(finding)
            assert citation["title"] and citation["section"]


def test_every_step_is_advised_and_says_what_who_and_how_to_know(guidance):
    advised = {step for rule in guidance.advice_rules for step in rule.advise}
    assert advised == set(guidance.steps)
    for step in guidance.steps.values():
        assert min(len(step.do.split()), 99) >= 10, step.id
        assert step.who and step.sign


def test_the_table_of_findings_is_up_to_date(guidance):
    written = (ROOT / "docs" / "findings.md").read_text(encoding="utf-8")
    assert written == findings_table(guidance), (
        "run: critical-friend guidance findings --out docs/findings.md"
    )


def test_bold_steps_carry_the_caution_about_hard_limits(guidance):
    bold = [
        s
        for s in guidance.steps.values()
        if BOLD.search(f"{s.title} {s.do}")
        and s.id
        not in ("invite-fellow-travellers", "agree-one-outcome", "get-privacy-advice", "share-out-the-roles")
    ]
    assert len(bold) >= 8
    for step in bold:
        assert "hard-limits" in step.cautions, step.id


def test_sharing_information_carries_the_caution_about_the_law(guidance):
    for step in ("get-privacy-advice", "work-around-the-system", "gather-failing-cases", "swap-a-day"):
        assert "privacy-law" in guidance.steps[step].cautions
    says = guidance.cautions["privacy-law"].says
    assert "law" in says and "break" in says


def user_words(guidance) -> dict[str, str]:
    """All wording for users, by what it belongs to."""
    words = {f"reply {k}": re.sub(r"\{\w+\}", "it", v) for k, v in guidance.replies.items()}
    for s in guidance.steps.values():
        words[f"step {s.id}"] = f"{s.title}. {s.do} {s.who}. {s.sign}"
    for r in guidance.rules.values():
        words[f"rule {r.id}"] = r.reason
    for c in guidance.cautions.values():
        words[f"caution {c.id}"] = c.says
    for s in guidance.signals.values():
        words[f"signal {s.id}"] = f"{s.means} {s.question} {s.matters}"
    for section in (guidance.phases, guidance.modes, guidance.roles, guidance.terms):
        for item in section.values():
            words[f"term {item.id}"] = item.means
    for p in guidance.phases.values():
        words[f"phase {p.id}"] = f"{p.needs} {p.ends_when} {p.danger}"
    for f in guidance.findings.values():
        words[f"finding {f.id}"] = f.says
    return words


@pytest.mark.parametrize("kind", ["reply", "step", "rule", "caution", "signal", "term", "phase", "finding"])
def test_wording_reads_at_grade_nine_or_lower(guidance, kind):
    texts = [text for name, text in user_words(guidance).items() if name.startswith(kind)]
    assert textstat.flesch_kincaid_grade(" ".join(texts)) <= 9


def test_no_single_step_or_reply_is_hard_to_read(guidance):
    hard = {
        name: grade
        for name, text in user_words(guidance).items()
        if len(text.split()) >= 20 and (grade := textstat.flesch_kincaid_grade(text)) > 9
    }
    assert not hard


def test_spelling_is_new_zealand_english_with_macrons(guidance):
    everything = " ".join(user_words(guidance).values())
    for wrong in (
        "ize ",
        "izing",
        "organization",
        "color",
        "behavior",
        "program ",
        "center",
        "whanau",
        "Maori",
        "fulfill",
        "toward ",
    ):
        assert wrong not in everything, wrong


def test_no_sentence_of_the_paper_is_copied(guidance):
    if not PAPER.exists():
        if os.environ.get("CI") == "true":
            pytest.fail(f"the paper is not at {PAPER}")
        pytest.skip("the paper is not beside this checkout, so copying cannot be checked")
    plain = lambda text: re.sub(r"\W+", " ", text.lower()).split()  # noqa: E731
    size = 8
    paper = plain(PAPER.read_text(encoding="utf-8"))
    runs = {tuple(paper[i : i + size]) for i in range(len(paper) - size)}
    for name, text in user_words(guidance).items():
        words = plain(text)
        copied = [
            words[i : i + size] for i in range(len(words) - size + 1) if tuple(words[i : i + size]) in runs
        ]
        assert not copied, (name, copied)


def test_rasa_and_the_guidance_name_the_same_things(guidance):
    from actions import actions
    from critical_friend.dialogue.manager import BY_INTENT

    domain = yaml.safe_load((ROOT / "domain.yml").read_text())
    rules = yaml.safe_load((ROOT / "data" / "rules.yml").read_text())["rules"]
    led = {rule["steps"][0]["intent"]: rule["steps"][1]["action"] for rule in rules}
    classes = {c().name() for c in actions.Respond.__subclasses__()}
    assert set(led) == set(domain["intents"]) == set(BY_INTENT)
    assert set(led.values()) == set(domain["actions"]) == classes


def test_signals_in_training_text_are_those_of_the_guidance(guidance):
    for file in sorted((ROOT / "data" / "nlu" / "signals").glob("*.yml")):
        for group in yaml.safe_load(file.read_text(encoding="utf-8"))["nlu"]:
            facts = group["metadata"]["facts"]
            assert set(facts) <= set(guidance.signals), file
            assert set(facts.values()) <= {"yes", "no", "mixed"}, file
