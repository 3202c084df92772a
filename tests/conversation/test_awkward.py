"""The conversation's own questions, put as people put them, through the real servers and the real model."""

from __future__ import annotations

import pytest
from support import texts


@pytest.fixture(scope="module")
def advised(servers):
    """A talk in which a first step has been advised and a question is open."""
    talk = servers.conversation()
    talk.say("Police and the school have joined in with us and do their share of the work.")
    talk.say("Nobody senior is covering for us.")
    yield talk
    talk.close()


def with_steps(talk):
    talk.say("What should we do next?", "ask_next_step")
    return talk


@pytest.mark.parametrize(
    "asked",
    ["hang on, why that of all things??", "and your reasoning is…?", "says who, and how come", "y tho"],
)
def test_why(advised, asked):
    said = texts(with_steps(advised).say(asked))
    assert "senior" in said or "Managing for Joint Outcomes" in said


@pytest.mark.parametrize(
    "asked",
    ["why are you asking me that", "what's that got to do with anything?", "why do u need to know"],
)
def test_why_do_you_ask(advised, asked):
    advised.say("Ask me more", "ask")
    said = texts(advised.say(asked))
    assert (
        "I ask because of this" in said
        or "rules that turn on your answer" in said
        or "as deep as I go" in said
    )


@pytest.mark.parametrize(
    "asked",
    [
        "ok but say we did find a sponsor, what then?",
        "what if there was a guardian angel after all",
    ],
)
def test_what_if(advised, asked):
    before = advised.read()["reading"]["signals"]
    assert "I have changed nothing in what I noted" in texts(advised.say(asked))
    assert advised.read()["reading"]["signals"] == before


@pytest.mark.parametrize(
    "asked",
    ["what would it take to get us into the next phase", "so what's missing before we're sustaining?"],
)
def test_what_would_it_take(advised, asked):
    assert "the least that would have to be so" in texts(advised.say(asked))


@pytest.mark.parametrize(
    "asked", ["where'd you get that from", "is there any actual research behind this or", "source?"]
)
def test_where_does_that_come_from(advised, asked):
    said = texts(with_steps(advised).say(asked))
    assert "Managing for Joint Outcomes" in said and "How firm is it?" in said


def test_views_differ(servers):
    talk = servers.conversation()
    talk.say("We all trust each other completely, there's real give and take.", by="Ana")
    said = texts(talk.say("I don't trust the others one bit, and they don't trust us.", by="Tama"))
    assert "views differ" in said and "Ana says" in said and "Tama says" in said
    talk.close()
