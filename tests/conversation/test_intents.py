"""Each intent once, and the talk around it, through the running servers and the real model."""

from __future__ import annotations

import pytest
from support import texts


@pytest.fixture
def talk(servers):
    conversation = servers.conversation()
    yield conversation
    conversation.close()


def told(talk):
    """A talk in which something certain is known, by buttons: the angel is missing."""
    for _ in range(12):
        replies = talk.say("hello")
        question = replies[-1]["custom"]["question"]
        if question["signal"] == "guardian_angel":
            break
        talk.say("Don't know", "unsure")
    return talk.say("No", "deny")


@pytest.fixture
def known(talk):
    talk.say("Ask me more", "ask")
    talk.say("No", "deny")
    return talk


def test_tell(talk):
    replies = talk.say(
        "People from Police, Health and the council have joined us and they share the work as mates."
    )
    reading = replies[-1]["custom"]
    assert "fellow_travellers" in reading["signals"] or "I took that as" in texts(replies)


def test_greet(talk):
    assert "I am Critical Friend" in texts(talk.say("Kia ora"))
    assert "Kia ora again" in texts(talk.say("Mōrena"))


def test_affirm(talk):
    asked = talk.say("Ask me more", "ask")[-1]["custom"]["question"]["signal"]
    reading = talk.say("yep")[-1]["custom"]
    assert reading["signals"][asked]["value"] == "yes"
    assert reading["signals"][asked]["evidence"][0]["text"] == "yep"


def test_deny(talk):
    asked = talk.say("Ask me more", "ask")[-1]["custom"]["question"]["signal"]
    assert talk.say("nah not really")[-1]["custom"]["signals"][asked]["value"] == "no"


def test_unsure(talk):
    asked = talk.say("Ask me more", "ask")[-1]["custom"]["question"]["signal"]
    reading = talk.say("no idea sorry")[-1]["custom"]
    assert asked not in reading["signals"]
    assert reading["question"]["signal"] != asked


def test_ask_definition(talk):
    assert "protects the work" in texts(talk.say("what is a guardian angel?"))


def test_ask_why_of_a_question(talk):
    talk.say("Ask me more", "ask")
    said = texts(talk.say("why do you ask?"))
    assert "I ask because of this" in said and "Back to my question" in said


def test_ask_why_of_advice_goes_deeper(known):
    known.say("What should we do next?", "ask_next_step")
    assert "Like-minded people from elsewhere have not joined" in texts(known.say("Why?", "ask_why"))
    words = texts(known.say("Why?", "ask_why"))
    assert "I take that from" in words and "“No”" in words
    assert "Managing for Joint Outcomes" in texts(known.say("Why?", "ask_why"))


def test_ask_next_step(known):
    said = texts(known.say("so what should we do next?"))
    assert "The first thing I would do" in said and "How you will know it worked" in said


def test_ask_summary(known):
    assert "What I have noted" in texts(known.say("what have you noted about us so far?"))


def test_ask_sources(known):
    known.say("What should we do next?", "ask_next_step")
    assert "Ryan" in texts(known.say("where does that come from?"))


def test_ask_what_if_changes_nothing(known):
    before = known.read()["reading"]
    said = texts(known.say("what if we had a guardian angel?"))
    assert "I have changed nothing" in said and "guardian angel (played)" in said
    assert known.read()["reading"]["signals"] == before["signals"]


def test_ask_what_it_takes(known):
    said = texts(known.say("so what would it take for us to get to working together?"))
    assert "To be in working together" in said and "1. " in said


def test_ask_what_it_takes_for_a_role(known):
    said = texts(known.say("whats the least that'd have to change for us to get a guardian angel"))
    assert "What it would take" in said or "You have that" in said


def test_views_of_two_people_stand_side_by_side(servers):
    talk = servers.conversation()
    talk.say("Nobody senior covers for us. Not one manager sticks up for this work.", by="Tama")
    said = texts(talk.say("Our deputy secretary shelters us and speaks up for the work.", by="Ana"))
    assert "views differ: somebody senior shelters it" in said
    assert "Tama says" in said and "Ana says" in said and "ten minutes together" in said
    talk.close()


def test_correct(known):
    signal = next(iter(known.read()["reading"]["signals"]))
    replies = known.say("that's not right, you've got that wrong")
    button = next(b for b in replies[-1]["buttons"] if b["payload"] == f"withdraw:{signal}")
    assert signal not in known.say(button["title"], button["payload"])[-1]["custom"]["signals"]


def test_restart_asks_first(known):
    assert "start again" in texts(known.say("let's start again from scratch"))
    assert known.read()["reading"]["signals"]
    assert not known.say("Yes, start again", "affirm")[-1]["custom"]["signals"]


def test_restart_can_be_declined(known):
    known.say("start over please")
    assert known.say("No, keep it", "deny")[-1]["custom"]["signals"]


def test_forget_deletes_what_was_said(known):
    assert "cannot get it back" in texts(known.say("please delete everything I told you"))
    assert "It is gone" in texts(known.say("Yes, delete it", "affirm"))
    kept = known.read()
    assert kept["transcript"] == [] and not kept["reading"]["signals"]


def test_goodbye(talk):
    assert "Ka kite" in texts(talk.say("thanks, bye for now"))


def test_help_says_what_it_is(talk):
    said = texts(talk.say("what can you do?"))
    assert "set of rules" in said and "forget this" in said


def test_start_roleplay(talk):
    assert "rehearse" in texts(talk.say("can I practise that conversation with you?"))


def test_out_of_scope(talk):
    assert "outside what I know" in texts(talk.say("who won the rugby last night?"))


def test_the_reading_comes_with_every_turn(talk):
    for text in ("kia ora", "what's a mode?", "who won the rugby last night?"):
        assert talk.say(text)[-1]["custom"]["type"] == "reading"


def test_typed_commands_are_only_text(known):
    before = known.read()["reading"]["signals"]
    for text in ("/restart", '/affirm{"case": null}', '/tell{"talk": null}', "/session_start", " /back"):
        known.say(text)
    assert set(known.read()["reading"]["signals"]) >= set(before)


def test_a_typed_payload_is_not_a_button(known):
    """By its button this starts the rehearsal at once; typed, it can at most ask for the list."""
    assert "rehearsal" not in known.say("rehearse:guardian-angel")[-1]["custom"]


def test_an_unknown_button_is_harmless(known):
    before = known.read()["reading"]["signals"]
    for payload in ("step:nonsense", "withdraw:nonsense", "nonsense", "define:nonsense"):
        assert known.say("x", payload)[-1]["text"]
    assert known.read()["reading"]["signals"] == before


def test_two_people_who_differ(talk):
    asked = talk.say("Ask me more", "ask")[-1]["custom"]["question"]["signal"]
    talk.say("yes", by="Ana")
    for _ in range(8):
        reading = talk.say("Ask me more", "ask", by="Tama")[-1]["custom"]
        if asked in reading["signals"]:
            break
    assert reading["signals"][asked]["evidence"][0]["by"] == "Ana"
