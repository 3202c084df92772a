"""Answers and corrections made on the map stand in the talk as if they had been typed."""

from __future__ import annotations

import pytest

from critical_friend.case import Case
from critical_friend.dialogue import Dialogue, Said, Talk
from critical_friend.dialogue.turn import Hearing
from critical_friend.guidance import load
from critical_friend.guidance.catalogue import catalogue

DIALOGUE = Dialogue(load())


def press(payload, case=None, talk=None, text="On the map", by=None):
    return DIALOGUE.respond([Said(text, "tell", (), payload, by)], case or Case(), talk or Talk())


def said(turn):
    return "\n".join(reply.text for reply in turn.replies)


def case_of(*pieces):
    case = Case()
    for signal, value, by in pieces:
        case = case.note(Hearing(signal, value, "before", True).evidence(by, None))
    return case


@pytest.mark.parametrize(("value", "heard"), [("yes", "trust one another"), ("no", "is missing")])
def test_an_answer_is_noted_said_back_and_the_talk_goes_on(value, heard):
    turn = press(f"note:trust:{value}", text=f"Trust: {value}")
    assert [(p.signal, p.value, p.text) for p in turn.case.evidence] == [("trust", value, f"Trust: {value}")]
    assert said(turn).startswith("I heard that") and heard in turn.replies[0].text
    assert turn.talk.asked and turn.talk.asked != "trust"


def test_a_correction_replaces_ones_own_word_and_says_so():
    turn = press("note:trust:no", case_of(("trust", "yes", None)))
    assert [p.value for p in turn.case.words("trust")] == ["no"]
    assert "Put right. I now have it that trust in the group is missing" in said(turn)


def test_what_somebody_else_said_stays_beside_it():
    turn = press("note:trust:no", case_of(("trust", "yes", "Aroha")), by="Tama", text="Trust: no")
    assert turn.case.value("trust").word == "contested"
    assert "Aroha says “before” and Tama says “Trust: no”" in said(turn)


def test_not_known_takes_ones_own_word_out_and_is_not_asked_again():
    turn = press("note:guardian_angel:unknown", case_of(("guardian_angel", "no", None)))
    assert not turn.case.words("guardian_angel")
    assert "you do not know this yet: “somebody senior shelters it”" in said(turn)
    assert "guardian_angel" in turn.case.unsure and turn.talk.asked != "guardian_angel"


def test_an_answer_on_the_map_to_the_open_question_closes_it():
    turn = press("note:trust:yes", talk=Talk(asked="trust"))
    assert turn.talk.asked != "trust"


@pytest.mark.parametrize("payload", ["note", "note:", "note:trust", "note:trust:maybe", "note:nothing:yes"])
def test_a_button_that_nobody_made_changes_nothing(payload):
    case = case_of(("trust", "yes", None))
    turn = press(payload, case)
    assert turn.case == case and "did not quite get that" in said(turn)


def test_presses_that_could_not_be_answered_then_are_taken_in_later():
    missed = [
        Said("Trust: yes", "tell", (), "note:trust:yes"),
        Said("Out", "correct", (), "withdraw:stalled"),
        Said("Kia ora", "greet"),
    ]
    turn = DIALOGUE.respond(missed, case_of(("stalled", "yes", None)), Talk(asked="permission"))
    assert [p.signal for p in turn.case.evidence] == ["trust"]


def test_a_guess_that_waits_for_a_yes_is_in_the_reading():
    reading = DIALOGUE.reading(Case(), Talk(guesses=(("trust", "no", "hm"),)))
    assert reading["confirm"] == {
        "signal": "trust",
        "value": "no",
        "heard": "trust in the group is missing",
        "choices": [
            {"title": "Yes", "payload": "note:trust:no"},
            {"title": "No", "payload": "drop:trust"},
            {"title": "The opposite", "payload": "note:trust:yes"},
        ],
    }
    assert "confirm" not in DIALOGUE.reading(Case(), Talk())


def test_the_catalogue_has_words_for_whatever_a_reading_can_name(guidance):
    words = catalogue(guidance)
    assert [phase["id"] for phase in words["phases"]] == list(guidance.phases)
    assert {signal["group"] for signal in words["signals"]} == {group["id"] for group in words["groups"]}
    assert set(words["rules"]) == set(guidance.rules) and set(words["steps"]) == set(guidance.steps)
    for rule in words["rules"].values():
        assert rule["reason"] and rule["firmness"] and rule["sources"][0]["section"]
