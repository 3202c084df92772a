"""Putting right what was noted, and taking things out of it."""

from __future__ import annotations

from dataclasses import replace

from critical_friend import manner
from critical_friend.dialogue import explaining, guessing, noting, recalling, resetting
from critical_friend.dialogue.partner import Partner
from critical_friend.dialogue.turn import Hearing, Turn
from critical_friend.dialogue.words import listed

#: So many things are offered to be taken out.
MOST_OFFERED = 6


def correct(partner: Partner, turn: Turn) -> Turn:
    """The user puts right what was noted."""
    if denied := not_said(partner, turn):
        return take_out(partner, turn, denied)
    hearings = tuple(_corrected(turn, hearing) for hearing in turn.said.sure or turn.said.hearings[:1])
    if not turn.said.sure and partner.words.find(turn.said.text) in partner.guidance.phases:
        return explaining.phase_doubted(partner, turn.talking(guesses=()))
    if not hearings:
        named = recalling.named(partner, turn)
        if named and manner.names_one_thing(turn.said.text):
            return take_out(partner, turn, named)
        return noting.drop_guess(partner, turn) if turn.talk.guesses else which_is_wrong(partner, turn)
    turn = turn.talking(guesses=())
    known = any(turn.case.value(hearing.signal) for hearing in hearings)
    asked, signals = turn.talk.asked, {hearing.signal for hearing in hearings}
    turn = noting.say_back(
        partner, noting.note(turn, hearings), hearings, "heard_instead" if known else "heard"
    )
    if asked and not known and asked not in signals:
        # 'No, but my manager helps': the no puts nothing right, so it may well answer the question.
        return partner.guess(turn, ((asked, "no", turn.said.text),))
    return noting.carry_on(partner, turn)


def not_said(partner: Partner, turn: Turn) -> list[str]:
    """The signals noted of which the user says that they never said so."""
    about = manner.not_said(turn.said.text)
    if not about:
        return []
    heard = [hearing.signal for hearing in turn.said.hearings if about in hearing.text]
    meant = [*partner.words.find_all(about), *heard, *recalling.pointed_to(partner, turn, about)]
    return [signal for signal in meant if signal in turn.case.values()][:1]


def _corrected(turn: Turn, hearing: Hearing) -> Hearing:
    """Who puts something right does not mean both sides, but the other one."""
    before = turn.case.value(hearing.signal).word
    other = guessing.OPPOSITE.get(before)
    return replace(hearing, value=other) if hearing.value == "mixed" and other else hearing


def forget(partner: Partner, turn: Turn) -> Turn:
    """Take out what is named of what was noted; with nothing named, ask whether all is to go."""
    if turn.said.button is None and turn.case.values():
        meant = recalling.pointed_to(partner, turn, turn.said.text)
        noted = recalling.named(partner, turn) or (meant if len(meant) == 1 else [])
        if noted:
            return take_out(partner, turn, noted)
        if manner.names_one_thing(turn.said.text) or (meant and not manner.names_everything(turn.said.text)):
            return _which(partner, turn, "forget_which")
    return resetting.forget(partner, turn)


def which_is_wrong(partner: Partner, turn: Turn) -> Turn:
    """Ask what is to be put right, with a button to take each thing out."""
    if not turn.case.values():
        return turn.say(partner.words("correct_nothing"))
    return _which(partner, turn, "correct_which")


def _which(partner: Partner, turn: Turn, reply: str) -> Turn:
    """Offer to take out what was noted: first what the message points to, then what was noted last."""
    meant: list[str] = []
    if not turn.said.button:
        meant = recalling.named(partner, turn) or recalling.pointed_to(partner, turn, turn.said.text)
    last = [signal for signal in turn.talk.noted if turn.case.value(signal)]
    noted = dict.fromkeys([*meant, *last, *reversed(list(turn.case.values()))])
    return turn.talking(guesses=()).say(
        partner.words(reply),
        *(
            partner.words.button("withdraw", f"withdraw:{signal}", name=partner.guidance.signals[signal].name)
            for signal in list(noted)[:MOST_OFFERED]
        ),
    )


def withdraw(partner: Partner, turn: Turn) -> Turn:
    """Take out what this person said on one signal."""
    signal = (turn.said.button or "").partition(":")[2]
    if signal not in partner.guidance.signals:
        return which_is_wrong(partner, turn)
    return take_out(partner, turn, [signal])


def take_out(partner: Partner, turn: Turn, signals: list[str]) -> Turn:
    """Take out what this person said on each of ``signals``."""
    for signal in signals:
        turn = turn.with_case(turn.case.withdraw(signal, turn.said.by))
    names = listed([partner.guidance.signals[signal].name for signal in signals])
    turn = turn.say(partner.words("withdrawn", name=names))
    return noting.carry_on(partner, turn.talking(noted=()))
