"""What ``roleplay check`` says of scripts that are wrong: its words, its codes and its lines."""

from __future__ import annotations

from pathlib import Path

import pytest

from critical_friend.roleplay.checking import check
from critical_friend.roleplay.creating import QUESTIONS, CannotCreate, create
from critical_friend.roleplay.loader import default_folder, load
from critical_friend.roleplay.meaning import Remembering
from critical_friend.roleplay.problems import BrokenScript
from critical_friend.understanding.sentences import encoder

#: Encodes what the many copies of the template have in common once.
ENCODER = Remembering(encoder())
SHIPPED = sorted(default_folder().glob("*.yml"))


@pytest.fixture
def file(tmp_path):
    """A small sound script, to be broken."""
    made = tmp_path / "plays" / "first-talk.yml"
    create(made, {key: default for key, _, default in QUESTIONS})
    return made


def problems(file: Path, guidance) -> list[str]:
    return [str(problem) for problem in check(file, guidance, ENCODER)[1]]


def change(file: Path, before: str, after: str) -> None:
    text = file.read_text(encoding="utf-8")
    assert before in text
    file.write_text(text.replace(before, after, 1), encoding="utf-8")


def test_the_template_is_sound(file, guidance):
    assert problems(file, guidance) == []


@pytest.mark.parametrize("shipped", SHIPPED, ids=lambda file: file.stem)
def test_shipped_scripts_are_sound(shipped, guidance):
    faults = [problem for problem in check(shipped, guidance, ENCODER)[1] if not problem.warning]
    assert faults == []


#: What is changed in the template, the line (by words in it) that is named, the code, and words of the fault.
BROKEN = [
    ("goes: the-offer\n      - id: push", "goes: the-ofer\n      - id: push", "goes: the-ofer", "missing-scene",
     "There is no scene or ending 'the-ofer'. Did you mean 'the-offer'?"),
    ("title: The beginning", "titel: The beginning", "titel", "form",
     "has a key 'titel' that means nothing here. Did you mean 'title' or 'tells'?"),
    ("stance: { mereana: warmer }", "stance: { mereana: nicer }", "nicer", "form", "cannot be 'nicer'"),
    ("stance: { mereana: warmer }", "stance: { meriana: warmer }", "meriana: warmer", "missing-person",
     "There is no person in the cast 'meriana'. Did you mean 'mereana'?"),
    ("points: {listen: 2}", "points: {listening: 2}", "listening: 2", "missing-goal", "There is no goal 'listening'"),
    ("enough: 2", "enough: 9", "- id: listen", "cannot-score",
     "'listen' asks for 9, and all moves together give 2. Give moves more points for it, or ask for less."),
    ("serves: fellow_travellers", "serves: fellow_traveller", "serves:", "unknown",
     "There is no role, phase or rule of the guidance 'fellow_traveller'. Did you mean 'fellow_travellers' or "),
    ("serves: fellow_travellers", "serves: below_radar", "serves:", "unknown",
     "'below_radar' is a signal, and no role, phase or rule. Name a rule that turns on it: "),
    ("        move: ask-what-they-need\n      - you: \"Let's", "        move: ask-for-everything\n      - you: \"Let's",
     "What do you need from us to make", "rehearsal-not-here", "'ask-for-everything' cannot be made in the scene 'opening'"),
    ("finding: trust-and-reciprocity", "finding: trust", "finding:", "unknown", "There is no finding 'trust'"),
    ("        why: \"You asked before you offered. That is how trust begins.\"\n", "", "id: ask-what-they-need",
     "no-reason", "There are points here, but no 'why'."),
    ("id: ask-for-everything", "id: push-the-plan", "id: push-the-plan", "twice", "'push-the-plan' is the id of two moves."),
    ("id: ask-for-everything", "id: hint", "id: hint", "taken", "'hint' has a meaning of its own here."),
    ("id: ask-for-everything", "id: no", "id: no", "yaml-trap", "The value 'no' is read as yes or no by YAML"),
    ("{listen: 2}\n        why", "{no: 2}\n        why", "{no: 2}", "yaml-trap", "The key 'no' is read as yes or no"),
    ('- "I\'d like to hear your side first."', "- Look here: what do you need?", "Look here", "form",
     "put text that has them into double quotes"),
    ('- "I\'d like to hear your side first."', "- We are number #1 in this", "number #1", "yaml-cut-short",
     "YAML ends this text at the '#': “We are number”."),
    ("          - mereana: \"That would suit me. Let us see how it goes.\"\n            goes: they-are-in",
     "          - mereana: \"That would suit me. Let us see how it goes.\"", "id: they-are-in", "ending-never-reached",
     "Nothing leads to 'they-are-in'. Let a move or a time-out go there."),
    ('"What would make your week easier?"', '"Let me explain how it will work."', "Let me explain", "same-words",
     "says the same as"),
    ("scores: {listen: 2}", "scores: {listen: 3}", "scores: {listen: 3}", "rehearsal-score",
     "scores 2 for 'listen', and not 3"),
    ("ending: they-are-in", "ending: left-open", "name: asking first", "rehearsal-ending",
     "The rehearsal “asking first” ends in 'they-are-in', and not in 'left-open'."),
    ('- you: "What do you need from us to make this easier?"', '- you: "Here are my slides on the plan that we decided."',
     "Here are my slides", "rehearsal-heard", "is heard as 'push-the-plan', and not heard as 'ask-what-they-need'"),
]  # fmt: skip


@pytest.mark.parametrize("broken", BROKEN, ids=[case[3] for case in BROKEN])
def test_faults_have_a_code_a_line_and_plain_words(file, guidance, broken):
    before, after, at, code, says = broken
    change(file, before, after)
    found = problems(file, guidance)
    matching = [text for text in found if f" {code}: " in text and says in text]
    assert matching, "\n".join(found)
    lines = {int(text.split(":")[1]) for text in matching}
    numbered = {n for n, line in enumerate(file.read_text(encoding="utf-8").splitlines(), 1) if at in line}
    assert lines & numbered, (lines, numbered)


def test_a_dead_end_a_scene_never_reached_and_a_loop(file, guidance):
    change(file, "  - id: the-offer\n", """  - id: lost
    title: Lost
    says: [{mereana: "Where are we?"}]
    hint: "There is no way on."
    moves:
      - {id: look, means: look round, button: Look round, heard_as: looking round, says: ["Fog."],
         examples: ["I look.", "Where is it?", "Look there.", "Is this it?", "What is that?"]}
  - id: round
    title: Round and round
    says: [{mereana: "Again?"}]
    hint: "There is no way out."
    moves:
      - {id: turn, means: turn round, button: Turn round, heard_as: turning round, says: ["Fog."], goes: round,
         examples: ["I turn.", "Round I go.", "Turn about.", "Back again?", "About face."]}
  - id: the-offer
""")  # fmt: skip
    found = "\n".join(problems(file, guidance))
    assert "never-reached: Nothing leads to 'lost'." in found
    assert "dead-end: Nothing leads on from 'lost'. Give a move or an 'after' a 'goes'." in found
    assert "no-way-out: From 'round' no ending can be reached" in found


def test_a_scene_that_only_the_clock_ends_is_warned_of(file, guidance):
    text = file.read_text(encoding="utf-8")
    start = text.index('    after:\n      - turns: 3\n        says:\n          - mereana: "Let us')
    file.write_text(text[:start] + text[text.index("endings:") :], encoding="utf-8")
    found = [text for text in problems(file, guidance) if "may-stall" in text]
    assert len(found) == 1 and " warning " in found[0] and "stays in 'the-offer'" in found[0]


def test_moves_that_mean_the_same_are_named_with_their_wordings(file, guidance):
    change(file, """      - id: push-the-plan""", """      - id: ask-about-worries
        means: ask what worries the other person or what is needed
        button: Ask about their needs
        heard_as: asking what I need
        examples:
          - "Which part of this is hardest for you?"
          - "How do you see it from your side?"
          - "What are you worried about?"
          - "What do you need?"
          - "Could you tell me what would help you?"
        says: ["Hm."]
      - id: push-the-plan""")  # fmt: skip
    found = [text for text in problems(file, guidance) if "too-alike" in text]
    assert found, problems(file, guidance)
    assert "'ask-about-worries'" in found[0] and "'ask-what-they-need'" in found[0]
    assert "“" in found[0] and "would be taken for" in found[0]


TOLD_OR_NOT = """      - id: tell-the-manager
        means: say that the manager has been told about it
        button: Say that the manager knows
        heard_as: telling me that your manager knows
        examples:
          - "Yes, my manager has been told about all of it."
          - "I did tell my manager, she knows what we do."
          - "Everybody above me was told in March."
          - "I have told the people above me."
          - "She was told by me before we began."
        stance: {mereana: warmer}
        says: ["Good."]
      - id: hide-it
        means: say that the manager has not been told about it
        button: Say that the manager does not know
        heard_as: telling me that your manager does not know
        examples:
          - "No, my manager has not been told about any of it."
          - "I did not tell my manager, she does not know what we do."
          - "Nobody above me was told in March."
          - "I have not told the people above me."
          - "She was not told by me before we began."
        stance: {mereana: colder}
        says: ["Hm."]
      - id: push-the-plan"""


def test_moves_that_do_the_opposite_and_are_worded_alike_are_warned_of(file, guidance):
    change(file, "      - id: push-the-plan", TOLD_OR_NOT)
    found = [text for text in problems(file, guidance) if "near-opposites" in text]
    assert found and all(" warning " in text for text in found)
    assert any("'tell-the-manager' and 'hide-it' do the opposite" in text for text in found), found


def test_moves_that_are_worded_alike_and_both_do_good_are_no_opposites(file, guidance):
    change(file, "      - id: push-the-plan", TOLD_OR_NOT.replace("colder", "warmer"))
    assert not [text for text in problems(file, guidance) if "near-opposites" in text]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("title: [", "This is not YAML"),
        ("", "should be a list of 'key: value' lines"),
        ("title: A\n", "has no 'goals'. Add a line 'goals: …'."),
    ],
)
def test_what_is_no_script_at_all(tmp_path, guidance, text, says):
    file = tmp_path / "odd.yml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(BrokenScript, match=r"odd\.yml:1") as broken:
        load(file, guidance)
    assert says in str(broken.value)


@pytest.mark.parametrize(
    ("text", "line", "says"),
    [
        ("title: Ask: how", 1, "a colon stands in a text without quotes"),
        ("title: A\n\tlevel: B", 2, "this line begins with a tab"),
        ('title: "Ask "how" now"', 1, "a text goes on after its quotes"),
        ('title: "Ask', 1, "a text in quotes is never closed"),
        ("title: A\nabout\nlevel: B", 3, "is neither 'key: text' nor an item of a list"),
    ],
)
def test_slips_in_yaml_are_told_plainly(tmp_path, guidance, text, line, says):
    file = tmp_path / "odd.yml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(BrokenScript, match=rf"odd\.yml:{line}:") as broken:
        load(file, guidance)
    assert says in str(broken.value)


def test_new_does_not_overwrite(file):
    with pytest.raises(CannotCreate, match=r"is there already\. Choose another name"):
        create(file, {key: default for key, _, default in QUESTIONS})


def test_new_takes_what_is_typed_as_text(tmp_path, guidance):
    """Quotes, colons and macrons in answers leave the script sound."""
    answers = {key: 'He said: "ā" # {x}' for key, _, _ in QUESTIONS} | {"name": "Ōtene: the # one"}
    create(tmp_path / "odd-words.yml", answers)
    assert load(tmp_path / "odd-words.yml", guidance).cast["otene"].wants == 'He said: "ā" # {x}'
