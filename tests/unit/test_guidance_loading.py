"""Broken guidance: one fault each, put into a copy of the real files."""

from __future__ import annotations

import pytest

from critical_friend.guidance import BrokenGuidance, load

STARTING = "topics/2-starting.yml"
ROLES = "topics/3-the-roles.yml"

# file, what stands there, what is put in its place, words the message must have
FAULTS = {
    "misspelt_signal": (
        ROLES,
        "when: {guardian_angel: no}",
        "when: {gardian_angel: no}",
        ["'nobody-covers' names the signal 'gardian_angel'", "Did you mean 'guardian_angel'?"],
    ),
    "wrong_value": (
        ROLES,
        "when: {guardian_angel: no}",
        "when: {guardian_angel: maybe}",
        ["'guardian_angel' in 'nobody-covers' cannot be 'maybe'"],
    ),
    "misspelt_step": (
        ROLES,
        "advise: [find-a-guardian-angel]",
        "advise: [find-a-gardian-angel]",
        ["names the step 'find-a-gardian-angel'", "Did you mean 'find-a-guardian-angel'?"],
    ),
    "misspelt_urgency": (
        ROLES,
        "urgency: safeguard",
        "urgency: safegard",
        ["names the urgency 'safegard'", "Did you mean 'safeguard'?"],
    ),
    "no_urgency": (
        STARTING,
        "    advise: [name-a-starter]\n    urgency: role\n",
        "    advise: [name-a-starter]\n",
        ["advises a step but has no 'urgency'"],
    ),
    "no_reason": (
        STARTING,
        '    reason: "A door is open now. Doors close, so somebody has to decide to go through it."\n',
        "",
        ["'window-is-open' has no 'reason'", "Add a line 'reason: …'"],
    ),
    "no_findings": (
        STARTING,
        "    findings: [window-of-opportunity, luck]\n",
        "",
        ["'window-is-open' has no 'findings'"],
    ),
    "misspelt_key": (
        STARTING,
        "unless: {routine_adopted: yes}",
        "unles: {routine_adopted: yes}",
        ["has a key 'unles' that means nothing here", "Did you mean 'unless'?"],
    ),
    "duplicate_id": (
        STARTING,
        "- id: window-is-open",
        "- id: nobody-has-seen-it-fail",
        ["The id 'nobody-has-seen-it-fail' is already used in guidance/topics/2-starting.yml, line 4"],
    ),
    "duplicate_key": (
        STARTING,
        '    urgency: role\n    reason: "Nobody has yet',
        '    urgency: role\n    urgency: role\n    reason: "Nobody has yet',
        ["The key 'urgency' stands here twice", "Keep one of the two"],
    ),
    "not_yaml": (STARTING, "rules:\n", "rules: [\n", ["This is not YAML"]),
    "constraint_of_no_signal": (
        "constraints.yml",
        "{below_radar: yes}",
        "{below_rader: yes}",
        ["'adopted-work-is-in-sight' names the signal 'below_rader'", "Did you mean 'below_radar'"],
    ),
    "opposed_to_no_step": (
        "constraints.yml",
        "to: [line-up-the-parts,",
        "to: [line-up-the-part,",
        ["'opposed' names the step 'line-up-the-part'", "Did you mean 'line-up-the-parts'?"],
    ),
    "cautioned_by_no_caution": (
        "constraints.yml",
        "caution: privacy-law",
        "caution: privacy-laws",
        ["'cautioned' names the caution 'privacy-laws'", "Did you mean 'privacy-law'?"],
    ),
    "constraint_without_reason": (
        "constraints.yml",
        '    reason: "What the organisations',
        '    why: "What the organisations',
        ["'adopted-work-is-in-sight' has no 'reason'"],
    ),
    "empty_condition": (
        ROLES,
        "when: {guardian_angel: no}",
        "when: {}",
        ["A condition of 'nobody-covers' says nothing"],
    ),
    "count_too_high": (
        "phases.yml",
        "at_least: 2",
        "at_least: 20",
        ["'at_least'", "is 20, but there are 8 parts"],
    ),
    "all_is_no_list": (
        STARTING,
        "    when: {all: []}",
        "    when: {all: yes}",
        ["'all' in 'before-starting-look-for-the-moment' needs a list"],
    ),
    "mixed_keys": (
        STARTING,
        "unless: {routine_adopted: yes}",
        "unless: {routine_adopted: yes, not: {trust: yes}}",
        ["has 'not' beside other keys", "all: [...]"],
    ),
    "finding_without_rule": (
        "findings.yml",
        "{id: luck,",
        "{id: pure-luck,",
        ["No rule rests on the finding 'pure-luck'", "names the finding 'luck'"],
    ),
    "step_nobody_advises": (
        STARTING,
        "advise: [name-a-starter]",
        "withhold: [name-a-starter]",
        ["No rule advises the step 'name-a-starter'"],
    ),
    "unknown_section": (
        "findings.yml",
        "section: entrepreneur,",
        "section: entreprenuer,",
        ["names the section 'entreprenuer'", "Did you mean 'entrepreneur'?"],
    ),
    "unknown_caution": (
        STARTING,
        "cautions: [hard-limits]",
        "cautions: [hard-limit]",
        ["names the caution 'hard-limit'", "Did you mean 'hard-limits'?"],
    ),
    "unknown_placeholder": (
        "replies.yml",
        "I heard that {list}.",
        "I heard that {lst}.",
        ["placeholder '{lst}', which nothing fills"],
    ),
    "open_brace": (
        "replies.yml",
        "I heard that {list}.",
        "I heard that {list.",
        ["brace that is not closed"],
    ),
    "number_for_text": (
        "ranking.yml",
        "shown_at_once: 3",
        "shown_at_once: three",
        ["'shown_at_once' should be a whole number"],
    ),
    "unknown_phase": (
        STARTING,
        "in_phase: [before_starting]",
        "in_phase: [before_start]",
        ["names the phase 'before_start'", "Did you mean 'before_starting'?"],
    ),
    "unknown_name": (
        "terms.yml",
        "  evaluator: [evaluation",
        "  evaluater: [evaluation",
        ["'evaluater' is not the id of anything", "Did you mean 'evaluator'?"],
    ),
}


@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_is_explained_with_file_and_line(copy, name):
    file, there, instead, words = FAULTS[name]
    text = (copy / file).read_text(encoding="utf-8")
    assert there in text, "the test no longer fits the guidance"
    (copy / file).write_text(text.replace(there, instead, 1), encoding="utf-8")
    with pytest.raises(BrokenGuidance) as broken:
        load(copy)
    message = str(broken.value)
    for word in words:
        assert word in message
    lines = {fault.line for fault in broken.value.faults if fault.file == f"guidance/{file}"}
    at = text[: text.index(there)].count("\n") + 1
    assert any(
        abs(line - at) <= 60 if name == "step_nobody_advises" else abs(line - at) <= 12 for line in lines
    ), (lines, at)


def test_all_faults_are_told_at_once(copy):
    for name in ("misspelt_signal", "unknown_phase", "unknown_name"):
        file, there, instead, _ = FAULTS[name]
        text = (copy / file).read_text(encoding="utf-8")
        (copy / file).write_text(text.replace(there, instead, 1), encoding="utf-8")
    with pytest.raises(BrokenGuidance) as broken:
        load(copy)
    assert len(broken.value.faults) == 3
    assert str(broken.value).startswith("The guidance has 3 faults:")


def _a_folder(file):
    file.unlink()
    file.mkdir()


@pytest.mark.parametrize(
    ("breaks", "told"),
    [
        (
            lambda file: file.unlink(),
            "modes.yml:1: No file has the part 'modes'. Add this file with 'modes:'",
        ),
        (_a_folder, "modes.yml:1: This cannot be read: Is a directory. See that it is a file"),
        (
            lambda file: file.write_bytes(b"# ways\nmodes: [\xe9]\n"),
            "modes.yml:2: This line has a character that is not UTF-8. Save the file as UTF-8 text.",
        ),
    ],
)
def test_a_file_that_cannot_be_read_is_named(copy, breaks, told):
    breaks(copy / "modes.yml")
    with pytest.raises(BrokenGuidance) as broken:
        load(copy)
    assert told in str(broken.value)


def test_an_empty_folder_is_said_plainly(tmp_path):
    with pytest.raises(BrokenGuidance, match="There is no guidance here"):
        load(tmp_path)


@pytest.mark.parametrize(
    "junk",
    [
        "",
        "- 1\n- 2\n",
        "just words",
        "a: &x [*x]\n",
        "\x00",
        "rules: 7\n",
        "rules:\n- 1\n",
        "signals: {a: b}\n",
        "unknown_part: 1\n",
        "!!python/x y",
    ],
)
def test_loading_is_total(copy, junk):
    (copy / "zz-junk.yml").write_text(junk, encoding="utf-8")
    with pytest.raises(BrokenGuidance) as broken:
        load(copy)
    assert any(fault.file == "guidance/zz-junk.yml" for fault in broken.value.faults)
