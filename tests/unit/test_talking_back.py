"""What people say to what they were told: half answers, corrections, moods, doubts, 'that is not for me'."""

from __future__ import annotations

import pytest
from talking import DIALOGUE, Conversation

from critical_friend.dialogue.partner import MOST_PUT, known

GUIDANCE = DIALOGUE.partner.guidance


@pytest.fixture
def talk():
    """A talk with a question open."""
    conversation = Conversation()
    conversation.say("The normal way fails people", "tell", "moment_of_recognition=yes")
    assert conversation.talk.asked == "fellow_travellers"
    return conversation


@pytest.fixture
def advised(talk):
    talk.say("They are in. Nobody covers for us", "tell", "fellow_travellers=yes guardian_angel=no")
    talk.say("what now?", "ask_next_step")
    return talk


def test_dunno_and_a_thought_leaves_the_question_open(talk):
    said = talk.say("dunno, there's always somebody", "tell")
    assert "I will leave that open" in said and "fellow_travellers" in talk.case.unsure
    assert talk.talk.asked not in (None, "fellow_travellers")


def test_dunno_before_something_that_is_heard(talk):
    said = talk.say("no idea. But there is nobody senior", "tell", "guardian_angel=no")
    assert "I will leave that open" in said and "nobody senior is covering for you" in said
    assert "fellow_travellers" in talk.case.unsure


def test_sort_of_is_asked_about(talk):
    assert "I took that as: like-minded people" in talk.say("sort of, one of them", "tell")
    talk.press("Yes")
    (piece,) = talk.case.words("fellow_travellers")
    assert (piece.value, piece.text) == ("yes", "sort of, one of them")


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("are you having a laugh", "deny"),
        ("sort of, one of them is keen", "affirm"),
        ("the port, the iwi and us", "affirm"),
        ("sort of, one is keen", "affirm"),
    ],
)
def test_an_answer_read_between_the_lines_is_asked_about(talk, text, intent):
    assert "Right?" in talk.say(text, intent) and "fellow_travellers" not in known(talk.case)


def test_a_plain_answer_is_noted(talk):
    talk.say("nah, they don't show up", "deny")
    assert known(talk.case)["fellow_travellers"] == "no"


def test_a_mood_is_met_before_anything_else(talk):
    said = talk.say("I'm gutted, honestly", "tell")
    assert said.startswith("That sounds hard") and "could not hear a yes" not in said
    assert talk.talk.asked == "fellow_travellers" and talk.talk.unanswered == 0
    both = talk.say("I'm exhausted, nobody covers for us", "tell", "guardian_angel=no")
    assert both.startswith("That sounds hard") and "nobody senior is covering" in both


def test_a_question_that_is_passed_over_is_let_go():
    talk = Conversation()
    told = [
        "moment_of_recognition",
        "below_radar",
        "culture_risk_averse",
        "systems_barrier",
        "boundary_mismatch",
    ]
    question = GUIDANCE.signals["fellow_travellers"].question
    put = sum(question in talk.say("and another thing", "tell", f"{signal}=yes") for signal in told)
    assert 0 < put <= MOST_PUT


def test_side_questions_do_not_bring_the_question_back_for_ever(talk):
    asked = [talk.say("what is a guardian angel?", "ask_definition") for _ in range(4)]
    assert "Back to my question" in asked[0] and "Back to my question" not in asked[3]
    talk.say("yes", "affirm")
    assert known(talk.case)["fellow_travellers"] == "yes"


def test_yeah_and_a_thought_is_a_yes(talk):
    talk.say("yeah, the one from the port and me from day one", "tell")
    assert known(talk.case)["fellow_travellers"] == "yes"


def test_no_and_something_else_is_asked_about(talk):
    assert "I took that as: like-minded people from other agencies have not" in talk.say(
        "no he moved on", "tell"
    )


def test_no_before_something_else_that_is_heard_is_about_that(talk):
    said = talk.say("nah, nobody senior covers for us", "tell", "guardian_angel=no")
    assert "Right?" not in said and known(talk.case).keys() == {"moment_of_recognition", "guardian_angel"}


@pytest.mark.parametrize(
    "text", ["forget the sponsor thing", "can you forget that bit about someone senior covering"]
)
def test_one_thing_is_forgotten_by_its_name_or_its_words(advised, text):
    assert "I have taken that out" in advised.say(text, "forget")
    assert "guardian_angel" not in known(advised.case) and "fellow_travellers" in known(advised.case)


@pytest.mark.parametrize("text", ["forget what I said", "delete that last thing please"])
def test_one_thing_is_asked_for_before_all_is_deleted(advised, text):
    said = advised.say(text, "forget")
    assert "Which of these shall I take out?" in said and "delete all" not in said


def test_everything_is_deleted_when_that_is_asked(advised):
    assert "Shall I delete all" in advised.say("forget all I said about nobody covering", "forget")


def test_what_is_wrong_can_be_anything_noted(advised):
    advised.say("that's wrong", "correct")
    assert {button.payload for button in advised.buttons} == {
        f"withdraw:{signal}" for signal in known(advised.case)
    }


def test_what_was_never_said_is_taken_out(advised):
    said = advised.say("but I never said that nobody covers for us, it's fine", "tell", "guardian_angel=no")
    assert "I have taken that out" in said and "guardian_angel" not in known(advised.case)


def test_who_puts_right_means_the_other_side_and_not_both(talk):
    talk.say("she drives it", "tell", "public_entrepreneur=yes")
    talk.say("no, she started it but nobody drives it now", "correct", "public_entrepreneur=mixed")
    assert known(talk.case)["public_entrepreneur"] == "no"


def test_a_phase_that_is_doubted_is_put_up_for_question(talk):
    said = talk.say("no, it's not getting together, we did that ages ago", "correct", "stalled=yes?")
    assert (
        "You know best where it stands" in said
        and "The normal way fails people" in said
        and said.endswith("?")
    )


def test_a_step_that_is_not_for_me_brings_the_others(advised):
    first, *others = DIALOGUE.reading(advised.case, advised.talk)["next_steps"]
    said = advised.say("I can't do that, the DP runs it", "tell")
    assert "If that step is not one for you" in said
    titles = [button.title for button in advised.buttons]
    assert first["title"] not in titles and [step["title"] for step in others] == titles[: len(others)]


def test_a_step_is_told_in_full_once(advised):
    first = DIALOGUE.reading(advised.case, advised.talk)["next_steps"][0]
    advised.say("They trust each other", "tell", "trust=yes")
    said = advised.say("and now?", "ask_next_step")
    assert DIALOGUE.reading(advised.case, advised.talk)["next_steps"][0]["id"] == first["id"]
    assert "Still this first" in said and first["do"] not in said
    assert first["do"] in advised.press(first["title"])


def test_whether_to_join_up_at_all():
    talk = Conversation()
    said = talk.say("should we even join up?", "ask_next_step")
    assert "worth its price where a problem is tangled" in said and talk.talk.asked in (
        "cannot_do_alone",
        "complex_problem",
    )
    talk.say("no, one agency could", "deny")
    leaning = talk.say("so should we join up?", "ask_next_step")
    assert "cooperation" in leaning and "As far as I can tell" in leaning
    talk.say("we know the fix", "tell", "complex_problem=no shared_outcome=yes")
    settled = talk.say("is it worth it then?", "ask_next_step")
    assert (
        "The way of working that fits is communication" in settled
        and "telling each other is enough" in settled
    )


def test_the_meaning_of_a_guess(talk):
    talk.say("he got moved", "tell", "boundary_mismatch=yes?")
    said = talk.say("what do you mean?", "ask_definition")
    assert "I mean this. Regions do not match" in said and "Right?" in said


def test_why_of_a_guess_shows_the_words(talk):
    talk.say("he got moved", "tell", "boundary_mismatch=yes?")
    said = talk.say("why do you ask?", "ask_why")
    assert "“he got moved”" in said and "Right?" in said


def test_several_words_are_explained_at_once(talk):
    said = talk.say("cooperation vs collaboration?", "ask_definition")
    assert "Cooperation:" in said and "Collaboration:" in said
    assert "Learning hour:" in talk.say("whats a learning hour", "ask_definition")


def test_how_sure_is_answered_without_a_list_of_sections(advised):
    said = advised.say("how sure are you, out of ten", "ask_sources")
    assert "How firm is it?" in said and "Policy Quarterly" not in said


@pytest.mark.parametrize(("text", "at"), [("the second", 1), ("first one please", 0)])
def test_a_step_is_picked_by_its_place_among_those_offered(text, at):
    talk = Conversation()
    talk.say("All in, bar a boss", "tell", "fellow_travellers=yes trust=yes guardian_angel=no")
    talk.say("what now?", "ask_next_step")
    offered = talk.buttons[at].title
    assert talk.say(text, "ask_next_step").startswith(f"{offered}. ")


def test_what_is_called_wrong_by_its_name_is_taken_out(advised):
    assert "I have taken that out" in advised.say("the sponsor thing is wrong, cross it out", "correct")
    assert "guardian_angel" not in known(advised.case)


def test_how_sure_of_a_phase_that_is_a_guess(talk):
    said = talk.say("how sure are you?", "ask_sources")
    assert "I am not sure of the phase" in said and "Policy Quarterly" not in said
