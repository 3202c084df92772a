"""Greetings, thanks, help, and what lies outside."""

from __future__ import annotations

from critical_friend.dialogue.partner import Partner
from critical_friend.dialogue.turn import Turn

#: So often a question is put while no answer to it is heard.
TRIES = 2


def greet(partner: Partner, turn: Turn) -> Turn:
    """A greeting; the first time with what this is. Nothing more where the case was just taken up."""
    if turn.replies:
        return turn
    if turn.talk.greeted:
        return partner.ask_again(turn.say(partner.words("greet_again")))
    text = f"{partner.words('greet')} {partner.words('privacy')}"
    return turn.talking(greeted=True).say(text)


def goodbye(partner: Partner, turn: Turn) -> Turn:
    """Thanks and farewells."""
    reply = "goodbye_question_open" if turn.talk.asked else "goodbye"
    return turn.say(partner.words(reply))


def help_(partner: Partner, turn: Turn) -> Turn:
    """What this is, and who sees what."""
    turn = turn.say(partner.words("help")).say(
        partner.words("help_privacy"),
        partner.words.button("next", "ask_next_step"),
        partner.words.button("summary", "ask_summary"),
    )
    return partner.ask_again(turn)


def out_of_scope(partner: Partner, turn: Turn) -> Turn:
    """Not what this is for."""
    return not_answered(partner, turn, "out_of_scope")


def unclear(partner: Partner, turn: Turn) -> Turn:
    """Not understood."""
    return not_answered(partner, turn, "unclear")


def not_answered(partner: Partner, turn: Turn, reply: str) -> Turn:
    """Say ``reply`` and come back to the open guess or question, if there is one.

    The second time without an answer a guess is let go, and a question is left open, as after a 'don't
    know': nobody is asked the same a third time. Then come the next steps, or, where those were just
    shown, the next question.
    """
    guesses, asked, unanswered = turn.talk.guesses, turn.talk.asked, turn.talk.unanswered + 1
    if (not guesses and asked is None) or unanswered < TRIES:
        return partner.ask_again(turn.say(partner.words(reply)).talking(unanswered=unanswered))
    if guesses:
        turn = turn.talking(guesses=()).say(partner.words("confirm_dropped"))
        return partner.ask(turn, partner.read(turn))
    assert asked is not None
    turn = partner.leave_open(turn, asked)
    reading = partner.read(turn)
    steps = tuple(step["id"] for step in reading["next_steps"])
    return partner.steps(turn, reading) if steps and steps != turn.talk.shown else partner.ask(turn, reading)
