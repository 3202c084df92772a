"""How moves are heard by meaning: what is acted on, asked about, or passed over."""

from __future__ import annotations

from dataclasses import replace

import pytest

from critical_friend.guidance import load as load_guidance
from critical_friend.roleplay.creating import QUESTIONS, create
from critical_friend.roleplay.engine import NOTHING, Turn, advance, moves_ahead, start
from critical_friend.roleplay.library import Library
from critical_friend.roleplay.loader import load, schema
from critical_friend.roleplay.matching import Matcher, wordings
from critical_friend.understanding.sentences import encoder

GUIDANCE = load_guidance()
SCRIPTS = Library(GUIDANCE).scripts()
ANGEL = SCRIPTS["guardian-angel"]


@pytest.fixture(scope="module")
def matcher():
    return Matcher(ANGEL, encoder())


def asked(*moves: str):
    """Helen has just asked which of these was meant."""
    return advance(ANGEL, start(ANGEL), Turn.between("well, you see", *moves))


@pytest.mark.parametrize("script", SCRIPTS.values(), ids=SCRIPTS)
def test_remarks_beside_the_point_are_not_acted_on_and_greetings_are(script):
    """None of these remarks stands in ``aside.yml`` or in a script."""
    matcher, state = Matcher(script, encoder()), start(script)
    for text in (
        "My phone is about to die.",
        "banana",
        "Please remind me to ring the vet.",
        "two plus two is four",
    ):
        assert matcher.hear(state, text).heard not in script.every_move, text
    assert matcher.hear(state, "Mōrena!").heard in {move.id for move in script.anywhere} | {NOTHING}


def test_nothing_leads_ahead_to_a_scene_that_somebody_else_leads():
    finance = SCRIPTS["finance-manager"]
    line = advance(finance, start(finance), Turn("…", "tell-one-trip"))
    assert line.scene == "the-line" and "change-one-measure" not in moves_ahead(finance, line)
    assert advance(finance, line, Turn("…", "change-one-measure")).scene == "the-line"


@pytest.mark.parametrize("script", SCRIPTS.values(), ids=SCRIPTS)
def test_insults_are_heard(script):
    """None of these stands in a script."""
    matcher, state = Matcher(script, encoder()), start(script)
    hurt = script.anywhere[2].id
    for text in ("You are a bloody fool.", "Oh, shut your mouth.", "You people are pathetic."):
        heard = matcher.hear(state, text).heard
        assert hurt in heard, (text, heard)


@pytest.mark.parametrize("text", ["the first one", "the family", "I mean one family"])
def test_a_few_words_answer_the_question(matcher, text):
    assert matcher.hear(asked("tell-one-family", "pitch-a-structure"), text).heard == "tell-one-family"


@pytest.mark.parametrize("text", ["neither", "No, neither of those.", "something else", "um, none of that"])
def test_neither_is_taken_for_neither(matcher, text):
    assert matcher.hear(asked("tell-one-family", "give-the-numbers"), text).heard == NOTHING


def test_what_comes_after_neither_is_heard_and_is_none_of_the_two(matcher):
    state = asked("tell-one-family", "give-the-numbers")
    turn = matcher.hear(state, "neither, I want a governance board with terms of reference")
    assert turn == Turn("neither, I want a governance board with terms of reference", "pitch-a-structure")


def test_who_goes_on_to_something_else_has_chosen_nothing(matcher):
    """No points and no blame for an answer that was not given."""
    state = asked("give-the-numbers", "ask-cover-at-once")
    turn = matcher.hear(
        state, "Tavita said the minister's people moved your ten o'clock, so shall I come back later on?"
    )
    assert turn.heard not in ("give-the-numbers", "ask-cover-at-once")


@pytest.mark.parametrize("script", SCRIPTS.values(), ids=SCRIPTS)
def test_thanks_and_greetings_are_safe_everywhere(script):
    """Whatever was asked just before: they lead nowhere, score nothing and are not asked about.

    But for a scene where thanking is a move of its own.
    """
    matcher, polite = Matcher(script, encoder()), {m.id for m in script.anywhere if m.worth >= 0}
    for scene in script.scenes.values():
        thanking = {move.id for move in scene.moves if "thank" in move.means}
        quiet = replace(start(script), scene=scene.id)
        waiting = replace(quiet, between=tuple(move.id for move in scene.moves[:2]))
        for text in ("Thank you", "Thanks.", "cheers", "kia ora", "Good morning"):
            for state in (quiet, waiting):
                heard = matcher.hear(state, text).heard.removeprefix("?")
                assert heard in polite | thanking | {NOTHING}, (scene.id, text, heard)


def test_the_first_draft_from_the_template_hears_courtesies_and_anger(tmp_path):
    file = tmp_path / "first-talk.yml"
    create(file, {key: default for key, _, default in QUESTIONS})
    script = load(file, GUIDANCE)
    matcher, state = Matcher(script, encoder()), start(script)
    for text, move in (
        ("Kia ora Mereana", "small-talk"),
        ("thanks for making the time", "small-talk"),
        ("sorry, that was rude of me just now", "apologise"),
    ):
        assert matcher.hear(state, text).heard == move, text
    for text in ("you don't give a toss, none of you", "right, I'm ringing your boss about you"):
        assert "lose-temper" in matcher.hear(state, text).heard, text


def test_the_form_names_the_kinds_of_common_wordings_that_there_are():
    named = schema()["definitions"]["move"]["properties"]["common"]["items"]["enum"]
    assert sorted(named) == sorted(wordings("common.yml"))
