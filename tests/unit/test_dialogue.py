"""The conversation's own questions: why, what if, what would it take, views that differ, coming back.

Straight through the dialogue with messages as understood; the way through Rasa is in tests/conversation.
"""

from __future__ import annotations

import pytest
from talking import DIALOGUE, Conversation

from critical_friend.case import Case
from critical_friend.dialogue import Said, Talk
from critical_friend.dialogue.turn import Hearing

ANGEL = DIALOGUE.partner.guidance.steps["find-a-guardian-angel"]


@pytest.fixture
def talk():
    conversation = Conversation()
    conversation.say(
        "Police and Health are in with us and we trust each other, but nobody senior covers for us",
        "tell",
        "fellow_travellers=yes trust=yes guardian_angel=no",
    )
    return conversation


def test_why_goes_one_level_deeper_each_time(talk):
    talk.say("what now?", "ask_next_step")
    rule, words, source, bottom = (talk.say("why?", "ask_why") for _ in range(4))
    assert "Nobody senior is covering for the work" in rule and "Police" not in rule
    assert "nobody senior covers for us" in words and "study" not in words
    assert "Managing for Joint Outcomes" in source and "How firm is it?" in source
    assert "as deep as I go" in bottom


def test_why_of_something_named(talk):
    talk.say("what now?", "ask_next_step")
    assert "Guardian angel (missing)" in talk.say("why do you say we have no guardian angel?", "ask_why")
    assert "nobody senior covers" in talk.say("and why is that?", "ask_why")


def test_who_said_that_is_the_study_where_nobody_was_contradicted(talk):
    talk.say("what now?", "ask_next_step")
    assert "Managing for Joint Outcomes" in talk.say("who said that?", "ask_sources")


def test_why_with_nothing_concluded():
    assert "not concluded anything yet" in Conversation().say("why?", "ask_why")


def test_what_if_tells_the_difference_and_keeps_the_case(talk):
    before = talk.case
    said = talk.say("what if we had a sponsor?", "ask_what_if", "guardian_angel=yes")
    assert "guardian angel (played)" in said
    assert "find a sponsor" in said.split("I would no longer put this to you")[1]
    assert talk.case == before


def test_what_if_of_several_things(talk):
    talk.say("I started it", "tell", "public_entrepreneur=yes")
    said = talk.say(
        "suppose Health pulled out and the trust went", "ask_what_if", "fellow_travellers=no trust=no"
    )
    assert "You would look to be in getting together" in said and "fellow-travellers (missing)" in said


def test_what_if_supposes_in_place_of_what_anybody_said(talk):
    talk.say("I don't trust them", "tell", "trust=no", by="Tama")
    assert "Say that people in the group trust one another." in talk.say(
        "what if there was trust?", "ask_what_if", "trust=yes"
    )


def test_what_of_a_supposition_was_not_understood_is_told(talk):
    said = talk.say("what if we had a sponsor and the moon turned blue?", "ask_what_if")
    assert "guardian angel (played)" in said
    assert "I could not tell what to make of this part: “the moon turned blue”" in said


def test_each_part_of_a_supposition_is_looked_at(talk):
    said = talk.say("imagine a sponsor, an evaluator and the police walked away", "ask_what_if")
    assert "somebody senior is sheltering the work" in said and "somebody evaluates alongside you" in said
    assert "have not joined in" in said and "could not tell" not in said


def test_what_if_of_what_is_so_already(talk):
    said = talk.say("what if we trusted each other?", "ask_what_if", "trust=yes")
    assert "is so already" in said and "Nothing would change" in said


def test_what_if_the_one_who_began_it_leaves(talk):
    said = talk.say("and if the one who started it quits?", "ask_what_if", "public_entrepreneur=yes")
    assert "public entrepreneur (missing)" in said


def test_that_somebody_leaves_makes_nothing_better(talk):
    said = talk.say("what if the sergeant left", "ask_what_if", "key_person_risk=no?")
    assert "Say that it hangs on one or two people" in said


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ("what would it take to get to working together?", "the least that would have to be so"),
        ("what would it take to have a guardian angel?", "find a sponsor who will cover for you"),
        ("what would it take to get to the next phase?", "I do not know yet where you stand"),
    ],
)
def test_what_it_takes_from_nothing(asked, told):
    assert told in Conversation().say(asked, "ask_what_it_takes")


@pytest.mark.parametrize("asked", ["who's right, Ana or Tama?", "so which of us has it right"])
def test_who_is_right_is_answered_with_both_sides(talk, asked):
    talk.say("We trust each other", "tell", "trust=yes", by="Ana")
    talk.say("I trust nobody there", "tell", "trust=no", by="Tama")
    said = talk.say(asked, "ask_sources")
    assert "Ana says" in said and "Tama says" in said and "I take no side" in said


def test_how_sure_is_told_of_the_phase_and_of_the_study(talk):
    open_ = talk.say("how sure are you of the phase?", "ask_sources")
    assert "it could still be sustaining" in open_ and "How firm is it?" in open_
    talk.say("it is not how we work yet", "tell", "routine_adopted=no")
    assert "rules out every phase but" in talk.say("how sure are you of the phase?", "ask_sources")


def test_what_it_takes_for_a_phase(talk):
    said = talk.say("what would it take to get to sustaining?", "ask_what_it_takes")
    assert "1. The new way is now part of how you work" in said


def test_what_it_takes_gives_several_smallest_ways():
    talk = Conversation()
    talk.say("I have started it", "tell", "public_entrepreneur=yes")
    said = talk.say("how do we get to working together?", "ask_what_it_takes")
    assert all(f"{number}. " in said for number in (1, 2, 3))


def test_what_it_takes_for_a_role_is_a_step(talk):
    said = talk.say("what would it take to get a guardian angel?", "ask_what_it_takes")
    assert ANGEL.do in said and ANGEL.sign in said and "hard limit" in said


def test_what_it_takes_for_what_is_there(talk):
    assert "You have that" in talk.say("what would it take to get fellow-travellers?", "ask_what_it_takes")


def test_what_it_takes_for_what_nobody_can_make(talk):
    said = talk.say("what would it take to have a complex problem?", "ask_what_it_takes")
    assert "a thing to work with" in said


def test_views_that_differ_are_told_with_names_and_not_averaged(talk):
    said = talk.say("nobody trusts anybody here", "tell", "trust=no", by="Tama")
    assert "views differ: trust" in said
    assert "Tama says “nobody trusts anybody here”" in said and "ten minutes together" in said


def test_one_persons_two_sides_are_no_difference_between_people(talk):
    assert "views differ:" not in talk.say("the managers don't", "tell", "turf_protection=mixed")


MARCH, SAME_DAY, MAY = "2026-03-02T01:00:00+00:00", "2026-03-02T05:00:00+00:00", "2026-05-04T01:00:00+00:00"


def test_a_case_taken_up_again_opens_with_where_it_stood():
    talk = Conversation()
    talk.say("it's me and nobody upstairs", "tell", "public_entrepreneur=yes guardian_angel=no", at=MARCH)
    assert "Good to have you back" not in talk.say("hi", "greet", at=SAME_DAY)
    said = talk.say("hi again", "greet", at=MAY)
    assert "on 2 March 2026, you looked to be in getting together" in said
    assert "Missing: guardian angel" in said and "What has changed since?" in said


def test_what_is_told_on_coming_back_is_still_taken_in():
    talk = Conversation()
    talk.say("I have started it", "tell", "public_entrepreneur=yes", at=MARCH)
    said = talk.say("it is how we work now", "tell", "routine_adopted=yes", at=MAY)
    assert "Good to have you back" in said and "I heard that the new way" in said


def test_the_story_so_far():
    talk = Conversation()
    talk.say("I have started it", "tell", "public_entrepreneur=yes", at=MARCH)
    assert "The story so far" not in talk.say("where are we?", "ask_summary", at=SAME_DAY)
    talk.say("it is how we work now", "tell", "routine_adopted=yes", at=MAY)
    said = talk.say("where are we?", "ask_summary", at=MAY)
    assert "getting together (from 2 March 2026) then sustaining (from 4 May 2026)" in said


def test_the_story_does_not_grow_without_end():
    talk = Conversation()
    for n in range(40):
        talk.say("so it goes", "tell", f"routine_adopted={'yes' if n % 2 else 'no'} public_entrepreneur=yes")
    assert len(talk.talk.story) <= 12


def test_a_revised_guidance_is_named_on_coming_back(talk):
    talk.say("hm", "greet", at=MARCH)
    talk.talk = Talk.from_data({**talk.talk.to_data(), "version": "0.9.0"})
    assert "version 0.9.0 was in use" in talk.say("hi again", "greet", at=MAY)


def test_why_of_a_difference_tells_who_said_what_though_a_question_is_open(talk):
    talk.say("nobody trusts anybody here", "tell", "trust=no", by="Tama")
    assert talk.talk.asked
    for asked, intent in (
        ("why do you say views differ?", "ask_why"),
        ("who disagrees?", "ask_sources"),
        ("where do views differ?", "ask_definition"),
    ):
        said = talk.say(asked, intent)
        assert "Tama says “nobody trusts anybody here”" in said and "I take no side" in said


def test_why_of_a_difference_where_there_is_none(talk):
    assert "nobody says the opposite" in talk.say("why do you say we disagree?", "ask_why")


def test_why_of_the_phase_is_answered_though_a_question_is_open(talk):
    talk.say("I started it", "tell", "public_entrepreneur=yes")
    assert talk.talk.asked
    assert "I ask because" not in talk.say("why do you reckon we're in this phase?", "ask_why")
    assert "Guardian angel (missing)" in talk.say("what makes you say we have no guardian angel?", "ask_why")


def test_why_after_the_source_has_nothing_deeper(talk):
    talk.say("what now?", "ask_next_step")
    assert "Managing for Joint Outcomes" in talk.say("says who?", "ask_sources")
    assert "as deep as I go" in talk.say("why?", "ask_why")


def test_what_if_somebody_named_leaves_of_whom_nothing_was_heard(talk):
    said = talk.say("say that the police pulled out on us", "ask_what_if")
    assert "fellow-travellers (missing)" in said and "changed nothing in what I noted" in said


def test_what_if_a_sponsor_leaves_is_not_about_the_partners():
    heard = (Hearing("guardian_angel", "no", "our sponsor pulled out", False),)
    said = DIALOGUE.respond([Said("what if our sponsor pulled out", "ask_what_if", heard)], Case(), Talk())
    assert "guardian angel (missing)" in said.replies[0].text
    assert "fellow-travellers" not in said.replies[0].text


@pytest.mark.parametrize("intent", ["tell", "out_of_scope"])
def test_a_question_that_is_not_answered_twice_gives_way_to_the_next_steps(talk, intent):
    asked = talk.talk.asked
    question = DIALOGUE.partner.guidance.signals[asked].question
    assert question in talk.say("lunch was on at noon", intent)
    said = talk.say("we went for a walk", intent)
    assert "Let us leave that one open" in said and question not in said and ANGEL.do in said
    assert talk.talk.asked is None
    assert talk.case.values() and not talk.case.value(asked)


def test_a_question_that_is_not_answered_twice_gives_way_to_the_next_one():
    talk = Conversation()
    talk.say("hm", "tell")
    first = talk.talk.asked
    talk.say("hm", "tell")
    assert talk.talk.asked == first
    talk.say("hm", "tell")
    assert talk.talk.asked not in (None, first)


def test_asking_back_is_no_missed_answer(talk):
    asked = talk.talk.asked
    talk.say("lunch was on at noon", "tell")
    talk.say("why do you ask?", "ask_why")
    assert talk.talk.asked == asked


def test_why_a_question_is_asked_goes_deeper_too(talk):
    asked = talk.talk.asked
    hangs, rules, bottom = (talk.say("why do you ask?", "ask_why") for _ in range(3))
    assert "I ask because of this" in hangs and "rules that turn" not in hangs
    assert "rules that turn on your answer" in rules and "Managing for Joint Outcomes" in rules
    assert "'don't know' is a fine answer" in bottom
    assert talk.talk.asked == asked


def test_a_no_that_puts_nothing_right_may_answer_the_question(talk):
    asked = talk.talk.asked
    said = talk.say("no, my manager gives me time for it though", "correct", "host_support=yes")
    assert said.startswith("I heard that home organisations are helping.")
    assert said.endswith("Right?")
    talk.say("right", "affirm")
    assert talk.case.value(asked).word == "no"


def test_what_was_noted_is_put_right(talk):
    said = talk.say("no, we do have a sponsor", "correct", "guardian_angel=yes")
    assert said.startswith("Put right. I now have it that somebody senior is sheltering the work.")


def test_one_thing_can_be_forgotten(talk):
    said = talk.say("forget what I said about trust", "forget")
    assert said.startswith("I have taken that out: trust.")
    assert set(talk.case.values()) == {"fellow_travellers", "guardian_angel"}


def test_forgetting_all_is_asked_about_first(talk):
    assert "Shall I delete all" in talk.say("forget all this", "forget")
    assert talk.case.values()
    talk.say("yes", "affirm")
    assert not talk.case.values()


def test_who_asks_again_in_words_gets_the_next_step_and_at_the_end_all(talk):
    first = talk.say("what now?", "ask_next_step")
    steps = DIALOGUE.reading(talk.case, talk.talk)["next_steps"]
    assert len(steps) == 3 and first.startswith("The first thing I would do")
    assert talk.say("we tried that", "ask_next_step").startswith(f"{steps[1]['title']}. {steps[1]['do']}")
    assert "the last of my list" in talk.say("no, not that one", "deny")
    assert talk.say("what else", "ask_next_step").startswith("You have heard all that I would do now")
    again = talk.say("and?", "ask_next_step")
    assert f"{again} You told me" in first  # the rehearsal is not put forward twice
    talk.press("Why?")
    talk.say("what now?", "ask_next_step")
    talk.say("our leaders encourage us", "tell", "leadership_support=yes")
    assert talk.say("what now?", "ask_next_step").startswith("The first thing I would do")


def test_where_there_is_one_step_only_nothing_else_is_promised():
    known = Conversation()
    known.say(
        "they are all in with us and we know what to do",
        "tell",
        "fellow_travellers=yes active_client=yes complex_problem=no",
    )
    assert "That is the one thing I would do now." in known.say("what now?", "ask_next_step")


def test_an_ok_is_not_taken_for_a_yes(talk):
    asked, known = talk.talk.asked, talk.case
    said = talk.say("Ok.", "affirm")
    assert said.startswith("I took that as:") and talk.case == known
    talk.press("Yes")
    assert talk.case.value(asked).word == "yes"
