"""Rehearsals through the real servers: nothing of one gets into the case, and the case is there beside it."""

from __future__ import annotations

import jsonschema
import pytest
import requests
from support import SCHEMA, texts

from critical_friend.storage import Storage


@pytest.fixture
def talk(servers):
    conversation = servers.conversation()
    yield conversation
    conversation.close()


def payloads(replies: list[dict]) -> list[str]:
    return [button["payload"] for reply in replies for button in reply["buttons"]]


def case_of(replies: list[dict]) -> dict:
    """The reading without what belongs to the rehearsal."""
    reading = dict(replies[-1]["custom"])
    jsonschema.validate(reading, SCHEMA)
    reading.pop("rehearsal", None)
    return reading


def start(talk) -> list[dict]:
    return talk.say("Ask a senior manager to be your guardian angel", "rehearse:guardian-angel")


def test_asking_to_rehearse_leads_to_the_list_with_what_the_case_calls_for_first(talk):
    talk.say("Nobody senior is covering for us.")
    replies = talk.say("can I practise asking my boss for backing?")
    assert (
        "nobody senior is covering for you. So I would rehearse this one first: Ask a senior manager"
        in texts(replies)
    )
    assert payloads(replies)[0] == "rehearse:guardian-angel"


def test_advice_offers_the_rehearsal_that_fits_and_the_debrief_leads_back_to_the_case(talk):
    talk.say("Nobody senior is covering for us.")
    advice = talk.say("What should we do next?", "ask_next_step")
    assert "You can rehearse that talk: Ask a senior manager" in texts(advice)
    assert "rehearse:guardian-angel" in payloads(advice)
    start(talk)
    for _ in range(2):
        ended = talk.say("…", "play:lose-temper")
    found = ended[-1]["custom"]["rehearsal"]["debrief"]
    assert found["ending"]["id"] == "door-closed"
    assert {"worked", "hurt", "missed", "turned", "next_time"} <= found.keys()
    assert all(missed["source"]["section"] for missed in found["missed"])
    assert found["own_case"]["signal"] == "guardian_angel" and found["own_case"]["payload"] == "ask_next_step"
    back, question = ended[-2:]
    assert back["text"].startswith("In your own case you told me that nobody senior is covering for you.")
    assert "play:share" in payloads([question])
    assert "rehearse:guardian-angel" not in payloads(talk.say("What should we do next?", "ask_next_step"))
    assert "rehearse:guardian-angel" in payloads(talk.say("Rehearse", "rehearse"))


def test_nothing_said_in_a_rehearsal_becomes_evidence(talk):
    before = case_of(talk.say("Police and Health are in with us and we trust each other."))
    opened = start(talk)
    assert "Sam, from Tokoroa" in texts(opened)
    assert opened[-1]["custom"]["rehearsal"]["status"] == "playing"
    said = [
        "Nobody senior is covering for us and nobody trusts anybody.",
        "The whānau themselves have no say in it at all.",
        "no",
        "yes",
        "we have had nine meetings and no money",
        "that is wrong, forget this",
        "hint",
        "why did that not work?",
    ]
    for text in said:
        assert case_of(talk.say(text)) == before, text
    assert case_of(talk.say("Tell her about one family", "play:tell-one-family")) == before
    assert case_of(talk.say("stop")) == before
    after = talk.say("Nobody senior is covering for us.")
    assert "guardian_angel" in after[-1]["custom"]["signals"]
    assert "rehearsal" not in after[-1]["custom"]
    assert not {"below_radar", "active_client", "stalled"} & set(after[-1]["custom"]["signals"])


def test_a_whole_rehearsal_typed_and_pressed_then_shared_then_deleted(servers):
    talk = servers.conversation()
    start(talk)
    first = talk.say(
        "There is one family in our town, no names. They had seven workers and now they have one."
    )
    assert "Seven workers, for one family" in texts(first)
    assert first[-1]["custom"]["rehearsal"]["speaker"]["name"] == "Helen Faleolo"
    assert first[-1]["custom"]["rehearsal"]["stances"]["Helen Faleolo"] == "open"
    for move in (
        "own-the-quiet",
        "name-hard-limits",
        "move-to-the-ask",
        "give-way",
        "ask-for-cover",
        "one-small-thing",
    ):
        talk.say(move, f"play:{move}")
    ended = talk.say("No, that is everything. Thanks for your time, Helen.")
    rehearsal = ended[-1]["custom"]["rehearsal"]
    assert rehearsal["status"] == "ended" and rehearsal["debrief"]["ending"]["id"] == "stands-behind-it"
    assert rehearsal["debrief"]["worked"][0]["source"]["section"] == "Conclusions"
    assert "One thing to try next time" in texts(ended)
    assert {"play:share", "play:keep", "play:again", "rehearse", "ask_next_step"} <= set(payloads(ended))
    kept = Storage(servers.environment["CRITICAL_FRIEND_DATABASE"])
    assert kept.shared() == []
    talk.say("Yes, share it", "play:share")
    talk.say("Yes, share it", "play:share")
    assert [record["script"] for record in kept.shared()] == ["guardian-angel"]
    assert kept.shared()[0]["transcript"][2]["text"].startswith("There is one family")
    talk.close()
    assert kept.shared() == []


def test_pausing_is_for_the_case_and_resuming_for_the_play(talk):
    start(talk)
    assert "What you type now is not part of the rehearsal." in texts(talk.say("pause"))
    heard = talk.say("Nobody senior is covering for us.")
    assert heard[-1]["custom"]["signals"]["guardian_angel"]["value"] == "no"
    assert heard[-1]["custom"]["rehearsal"]["status"] == "paused"
    back = talk.say("resume")
    assert "Back to the rehearsal" in texts(back) and "What is on your mind?" in texts(back)
    assert back[-1]["custom"]["rehearsal"]["status"] == "playing"


def test_a_button_about_the_case_pauses_the_play(talk):
    start(talk)
    replies = talk.say("What should we do next?", "ask_next_step")
    assert replies[-1]["custom"]["rehearsal"]["status"] == "paused"
    assert "Helen Faleolo:" not in texts(replies)


@pytest.mark.parametrize(
    ("payload", "says"),
    [
        ("rehearse:no-such-thing", "I have no rehearsal called 'no-such-thing'"),
        ("play:hint", "There is no rehearsal going on."),
        ("play:tell-one-family", "There is no rehearsal going on."),
    ],
)
def test_buttons_that_lead_nowhere_get_a_plain_answer(talk, payload, says):
    replies = talk.say("…", payload)
    assert says in texts(replies) and "rehearse:guardian-angel" in payloads(replies)


def test_a_button_from_another_scene_is_answered_in_character(talk):
    start(talk)
    assert "Helen Faleolo: " in texts(talk.say("Ask her to shelter it", "play:ask-for-cover"))


def test_typed_text_is_never_a_button(talk):
    start(talk)
    replies = talk.say("play:stop")
    assert replies[-1]["custom"]["rehearsal"]["status"] == "playing" and "Stopped." not in texts(replies)


def test_the_interface_is_the_same_over_plain_http(servers, talk):
    opened = requests.post(
        f"{servers.url}/api/conversations/{talk.id}/messages",
        json={"text": "Rehearse", "payload": "rehearse"},
        headers={"Authorization": f"Bearer {talk.token}"},
        timeout=30,
    )
    assert opened.status_code == 200 and "Which one?" in opened.json()[0]["text"]
