"""How a message is put: what begins it, moods, doubts, and what was never said."""

from __future__ import annotations

import pytest

from critical_friend import manner


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("dunno, there's always something behind it", "not_known"),
        ("Hmm, hard to say. Ask me on Monday", "not_known"),
        ("I don't really know, she left", "not_known"),
        ("um sort of, the old one was in", "partly"),
        ("kind of me, I guess", "partly"),
        ("we don't know each other's systems", None),
        ("the sort of thing we do", None),
    ],
)
def test_what_a_message_answers_first(text, first):
    assert manner.answers_first(text) == first


@pytest.mark.parametrize(
    ("says", "so", "not_so"),
    [
        (
            manner.sounds_hard,
            ["I'm gutted", "feeling a bit out of my depth", "It makes me want to cry", "im so tired"],
            ["we're tired of nothing, it flies", "The tyres are worn down", "she cried with joy"],
        ),
        (
            manner.asks_whether,
            [
                "so should we actually join up or not?",
                "is this even worth it",
                "do we really need to work together",
            ],
            ["what should we do next?", "we work together every day", "what is joining up?"],
        ),
    ],
)
def test_moods_and_doubts(says, so, not_so):
    assert [text for text in so + not_so if says(text)] == so


@pytest.mark.parametrize(
    ("text", "about"),
    [
        ("I never said anything about regions, he moved", "about regions"),
        ("but I didn't tell you it hangs on one person.", "it hangs on one person"),
        ("I never said that", ""),
        ("she never told us", None),
    ],
)
def test_what_was_never_said(text, about):
    assert manner.not_said(text) == about
