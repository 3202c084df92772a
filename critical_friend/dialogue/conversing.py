"""Greetings, thanks, help, and what lies outside."""

from __future__ import annotations

from critical_friend.dialogue.partner import Partner
from critical_friend.dialogue.turn import Turn


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
    return partner.ask_again(turn.say(partner.words("out_of_scope")))


def unclear(partner: Partner, turn: Turn) -> Turn:
    """Not understood."""
    return partner.ask_again(turn.say(partner.words("unclear")))
