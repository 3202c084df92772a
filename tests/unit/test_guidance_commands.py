"""The commands that show the guidance, and the worked example of docs/rules.md, which uses them."""

from __future__ import annotations

import re

import pytest
from click.testing import CliRunner

from critical_friend.cli.main import main
from critical_friend.guidance import default_folder
from critical_friend.guidance.page import render


def run(*words: str):
    return CliRunner().invoke(main, ["guidance", *words])


def test_docs_writes_the_page_and_says_where(tmp_path, guidance):
    out = tmp_path / "deep" / "rules.html"
    result = run("docs", "--out", str(out))
    assert result.exit_code == 0 and str(out) in result.output
    assert out.read_text(encoding="utf-8") == render(guidance)


def test_docs_of_broken_guidance_says_what_is_wrong(copy):
    (copy / "zz.yml").write_text("rules: 7\n", encoding="utf-8")
    result = run("docs", str(copy), "--out", str(copy / "x.html"))
    assert result.exit_code == 1 and "guidance/zz.yml:1" in result.output
    assert not (copy / "x.html").exists()


def test_explain_tells_of_everything(guidance):
    for section in ("rules", "steps", "signals", "phases", "roles"):
        for id_ in list(getattr(guidance, section))[:4]:
            result = run("explain", id_)
            assert result.exit_code == 0 and f"({id_})" in result.output
            assert max(map(len, result.output.splitlines())) <= 88


@pytest.mark.parametrize(
    ("id_", "words"),
    [
        (
            "nobody-covers",
            [
                "Rule: Nobody covers",
                "when nobody senior is covering for you.",
                "Why:",
                "Urgency: role, 4 of 10",
                "Guardian angel:",
            ],
        ),
        (
            "find-a-guardian-angel",
            [
                "Step: Find a sponsor",
                "With:",
                "Sign that it worked:",
                "Hard limits:",
                "[nobody-covers]",
                "Held back:",
            ],
        ),
        (
            "trust",
            [
                "Signal: Trust",
                "The question:",
                "No means: Trust in the group is missing.",
                "[trust-is-missing]",
            ],
        ),
        (
            "sustaining",
            [
                "Phase: Sustaining",
                "What it needs:",
                "What ends it:",
                "Its danger:",
                "is now part of how you work",
            ],
        ),
        ("guardian_angel", ["Role: Guardian angel", "Signal: Somebody senior shelters it"]),
    ],
)
def test_explain_has_the_words(id_, words):
    said = " ".join(run("explain", id_).output.split())
    for word in words:
        assert word in said


def test_explain_helps_with_a_misspelt_id():
    result = run("explain", "nobody-cover")
    assert result.exit_code == 1 and "Did you mean 'nobody-covers'" in result.output
    result = run("explain", "zzzz")
    assert result.exit_code == 1 and "is not the id of anything" in result.output


def test_the_worked_example_goes_as_told(copy):
    told = (default_folder().parent / "docs" / "rules.md").read_text(encoding="utf-8")
    rule = re.search(r"```yaml\n(     - id: stuck.*?)\n   ```", told, re.S)[1]
    rule = re.sub(r"^   ", "", rule, flags=re.M)
    file = copy / "topics" / "5-support-and-learning.yml"
    before = file.read_text(encoding="utf-8")
    place = "  - id: leaders-do-not-back-it\n"
    file.write_text(before.replace(place, f"{rule}\n{place}"), encoding="utf-8")
    result = run("check", str(copy))
    assert result.exit_code == 1
    assert all(line.strip() in told for line in result.output.splitlines())
    file.write_text(
        file.read_text(encoding="utf-8").replace("evaluators: no", "evaluator: no"), encoding="utf-8"
    )
    assert run("check", str(copy)).exit_code == 0
    result = run("explain", "stuck-and-nobody-says-so", str(copy))
    assert all(line.strip() in told for line in result.output.splitlines()[:3])
