"""What ``assess`` reads."""

from __future__ import annotations

import json

import pytest

from critical_friend.cli.assessing import AssessError, lines_of, parse


@pytest.mark.parametrize(
    ("written", "cases"),
    [
        (
            "- text: Nobody covers for us.\n- {id: b, messages: [One., {text: Two., by: Ana}]}\n",
            [(1, [("Nobody covers for us.", None)]), ("b", [("One.", None), ("Two.", "Ana")])],
        ),
        ("about: one case\nmessages: [One.]\n", [(1, [("One.", None)])]),
    ],
)
def test_cases_may_be_yaml(tmp_path, written, cases):
    path = tmp_path / "cases.yml"
    path.write_text(written, encoding="utf-8")
    with path.open(encoding="utf-8") as file:
        assert [parse(line) for line in lines_of(file)] == cases


def test_what_is_no_case_is_told_and_not_dropped(tmp_path):
    path = tmp_path / "cases.yml"
    path.write_text("- just words\n- {facts: {}}\n", encoding="utf-8")
    with path.open(encoding="utf-8") as file:
        lines = list(lines_of(file))
    assert json.loads(lines[0]) == "just words"
    for line, told in zip(lines, ("this is not an object", "message 1 should be a text"), strict=True):
        with pytest.raises(ValueError, match=told):
            parse(line)


def test_broken_yaml_is_said(tmp_path):
    path = tmp_path / "cases.yml"
    path.write_text("- [", encoding="utf-8")
    with path.open(encoding="utf-8") as file, pytest.raises(AssessError, match=r"cases\.yml is not YAML"):
        lines_of(file)
