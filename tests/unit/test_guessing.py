"""What was heard, but not for certain, is put to the user before it is noted."""

from __future__ import annotations

import pytest
from talking import Conversation

from critical_friend.dialogue.partner import known


@pytest.fixture
def guessed():
    conversation = Conversation()
    said = conversation.say("we get on, sort of, I suppose", "tell", "trust=no?")
    assert said == "I took that as: trust in the group is missing. Right?"
    return conversation


def test_the_opposite_of_a_guess_is_one_press_away(guessed):
    assert "Thanks, noted: people in the group trust one another." in guessed.press("The opposite")
    (noted,) = guessed.case.evidence
    assert (noted.value, noted.text) == ("yes", "we get on, sort of, I suppose")


@pytest.mark.parametrize(
    ("typed", "value"), [("yes", "no"), ("The opposite.", "yes"), ("the opposite", "yes")]
)
def test_what_stands_on_a_button_can_be_typed(guessed, typed, value):
    guessed.say(typed, "affirm" if typed == "yes" else "out_of_scope")
    assert guessed.case.value("trust").word == value and not guessed.talk.guesses


def test_a_wrong_guess_is_dropped(guessed):
    assert "I have left that out" in guessed.press("No")
    assert not guessed.case.values() and not guessed.talk.guesses


@pytest.mark.parametrize(
    ("title", "value"),
    [("Yes, both", "contested"), ("Only the first", "yes"), ("Only the second", "no"), ("Neither", None)],
)
def test_a_difference_heard_for_uncertain_is_asked_about_as_one(title, value):
    conversation = Conversation()
    said = conversation.say("trust, well, it depends", "tell", "trust=mixed?")
    both = "both that people in the group trust one another and that trust in the group is missing"
    assert said == f"I took that as: {both}. Right?"
    conversation.press(title)
    assert (conversation.case.value("trust").word if value else None) == value


def test_two_guesses_come_one_after_the_other():
    conversation = Conversation()
    conversation.say("a long story", "tell", "trust=no? stalled=yes? permission=no?")
    assert "I took that as" in conversation.press("No")
    assert "I took that as" not in conversation.press("Yes")
    assert {signal: value.word for signal, value in conversation.case.values().items()} == {"stalled": "yes"}


def test_a_button_under_a_guess_that_was_let_go_answers_nothing_else(guessed):
    no = next(button for button in guessed.buttons if button.title == "No")
    guessed.say("nobody senior covers for us", "tell", "guardian_angel=no")
    asked, before = guessed.talk.asked, guessed.case
    guessed.buttons = (no,)
    assert "I had let that one go" in guessed.press("No")
    assert guessed.case == before and guessed.talk.asked == asked


def test_an_open_guess_is_come_back_to(guessed):
    said = guessed.say("what do you mean by guardian angel?", "ask_definition")
    assert said.endswith("Back to my question. I took that as: trust in the group is missing. Right?")
    guessed.press("The opposite")
    assert guessed.case.value("trust").word == "yes"


def test_nobody_is_asked_a_third_time_about_a_guess(guessed):
    assert guessed.say("blah", "out_of_scope").endswith("Right?")
    assert "Fair enough, I have left that out." in guessed.say("blah", "out_of_scope")
    assert not guessed.talk.guesses and not guessed.case.values()


def test_what_is_said_beside_the_answer_to_a_guess_is_not_lost(guessed):
    guessed.say("yes, and nobody senior covers for us", "affirm", "guardian_angel=no")
    assert known(guessed.case) == {"trust": "no", "guardian_angel": "no"}


def test_who_puts_a_guess_right_in_words_is_not_told_that_it_was_left_out(guessed):
    said = guessed.say("no, we do trust one another", "deny", "trust=yes")
    assert (
        said.startswith("I heard that people in the group trust one another.") and "left that out" not in said
    )
    assert known(guessed.case) == {"trust": "yes"}
