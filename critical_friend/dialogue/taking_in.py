"""Taking in what people tell."""

from __future__ import annotations

from dataclasses import replace

from critical_friend import manner
from critical_friend.dialogue import conversing, correcting, explaining, noting
from critical_friend.dialogue.partner import Partner
from critical_friend.dialogue.turn import Hearing, Turn


def tell(partner: Partner, turn: Turn) -> Turn:
    """Somebody describes how it is going."""
    if denied := correcting.not_said(partner, turn):
        return correcting.take_out(partner, turn, denied)
    turn = _answered_first(partner, turn.talking(guesses=()))
    sure = turn.said.sure
    if manner.sounds_hard(turn.said.text):
        turn = turn.say(partner.words("hard"))
    if not sure:
        return _nothing_sure(partner, turn)
    turn = noting.say_back(partner, noting.note(turn, sure).talking(greeted=True), sure, "heard")
    return noting.carry_on(partner, turn)


def _answered_first(partner: Partner, turn: Turn) -> Turn:
    """Take in how the open question is answered by the way the message begins: 'dunno, …', 'yeah, …'."""
    asked = turn.talk.asked
    if asked is None or any(hearing.signal == asked for hearing in turn.said.hearings):
        return turn
    first = manner.answers_first(turn.said.text)
    if first == "not_known":
        return noting.leave_open(partner, turn, asked)
    if first is None or turn.said.sure:  # 'nah, nobody senior covers for us' is about that
        return turn
    # A 'no, …' may also be about what was said back.
    sure = first == "yes" and not turn.said.hearings
    answer = Hearing(asked, "no" if first == "no" else "yes", turn.said.text, sure)
    return replace(turn, said=replace(turn.said, hearings=(answer, *turn.said.hearings)))


def _nothing_sure(partner: Partner, turn: Turn) -> Turn:
    if turn.said.hearings or turn.talk.asked in turn.case.unsure or (turn.replies and not turn.talk.asked):
        return noting.carry_on(partner, turn)
    if turn.case.values() and partner.words.find(turn.said.text) in partner.guidance.phases:
        return explaining.phase_doubted(partner, turn)
    if turn.talk.asked:
        if manner.sounds_hard(turn.said.text):
            return partner.ask_again(turn)
        return conversing.not_answered(partner, turn, "nothing_heard_question")
    if turn.talk.topic == "steps":
        return partner.other_steps(turn, partner.read(turn))
    return partner.ask(turn.say(partner.words("nothing_heard")), partner.read(turn))


def go_on(partner: Partner, turn: Turn) -> Turn:
    """The user wants to be asked more."""
    return partner.ask(turn.talking(questions=0), partner.read(turn))
