"""Answers to what was asked, by words or by a button, and messages that had to wait."""

from __future__ import annotations

from critical_friend import manner
from critical_friend.dialogue import conversing, correcting, guessing, noting, resetting, taking_in
from critical_friend.dialogue.partner import Partner
from critical_friend.dialogue.turn import Hearing, Turn

#: The values that a button may set.
MARKS = frozenset({"yes", "no", "mixed", "unknown"})
#: What may be a yes, or only says that one has read the question.
ACKNOWLEDGED = frozenset(
    {"ok", "okay", "k", "kk", "right", "i see", "fine", "got it", "all right", "alright"}
)


def affirm(partner: Partner, turn: Turn) -> Turn:
    """A yes: to what was just asked, whatever that was."""
    return _answer(partner, turn, "yes")


def deny(partner: Partner, turn: Turn) -> Turn:
    """A no: to what was just asked, whatever that was."""
    return _answer(partner, turn, "no")


def _answer(partner: Partner, turn: Turn, value: str) -> Turn:
    talk, said = turn.talk, turn.said
    if talk.sure_about:
        return resetting.answered(partner, turn, agreed=value == "yes")
    if talk.guesses:
        signal, guess, _ = talk.guesses[0]
        turn = noting.take_in_passing(partner, turn)  # 'yes, and nobody covers for us' says more than yes
        if any(hearing.signal == signal for hearing in said.sure):
            return noting.carry_on(partner, turn)
        return _mark(partner, turn, signal, guess) if value == "yes" else noting.drop_guess(partner, turn)
    others = tuple(h for h in said.sure if h.signal != talk.asked)
    about_it = tuple(h for h in said.sure if h.signal == talk.asked)
    if talk.asked and said.button is None and not about_it and _only_implied(said.text, value):
        turn = noting.say_back(partner, noting.note(turn, others), others, "heard") if others else turn
        return partner.guess(turn, ((talk.asked, value, said.text),))
    if talk.asked:
        answer = about_it or (Hearing(talk.asked, value, said.text, True),)
        hearings = (*answer, *others)
        turn = noting.say_back(partner, noting.note(turn.talking(asked=None), hearings), hearings, "heard")
        return noting.carry_on(partner, turn)
    if others:
        return taking_in.tell(partner, turn)
    if value == "yes":
        return turn.say(partner.words("agree_nothing_open"), partner.words.button("next", "ask_next_step"))
    if talk.topic == "steps":  # 'no, not that one' to what was just advised
        return partner.steps(turn, partner.read(turn))
    if talk.noted:
        return correcting.which_is_wrong(partner, turn)
    return turn.say(partner.words("deny_nothing_open"))


def _only_implied(text: str, value: str) -> bool:
    """Whether an answer was read between the lines, so that it is better to ask."""
    if text.strip(" .!,").casefold() in ACKNOWLEDGED:
        return value == "yes"
    if len(text.split()) <= 2:
        return False
    return manner.answers_first(text) == "partly" or not manner.says_yes_or_no(text)


def unsure(partner: Partner, turn: Turn) -> Turn:
    """'Don't know' is an answer: it is noted, and not asked again."""
    if turn.talk.guesses or turn.talk.sure_about:
        return _answer(partner, turn, "no")
    if turn.said.sure:
        return taking_in.tell(partner, turn)
    if turn.talk.asked is None:
        return conversing.unclear(partner, turn)
    return noting.carry_on(partner, noting.leave_open(partner, turn, turn.talk.asked))


def mark(partner: Partner, turn: Turn) -> Turn:
    """Take in an answer or a correction made by a button: it stands as if it had been typed."""
    signal, value = _marked(turn)
    if signal not in partner.guidance.signals or value not in MARKS:
        return conversing.unclear(partner, turn)
    return _mark(partner, turn, signal, value)


def _marked(turn: Turn) -> tuple[str, str]:
    _, signal, value = f"{turn.said.button}::".split(":")[:3]
    return signal, value


def _mark(partner: Partner, turn: Turn, signal: str, value: str) -> Turn:
    guessed = any(guess[0] == signal for guess in turn.talk.guesses)
    own_before = any(piece.by == turn.said.by for piece in turn.case.words(signal))
    turn = _answered(turn, signal, value)
    if value == "unknown":
        turn = turn.say(partner.words("marked_unknown", name=partner.guidance.signals[signal].name))
    elif guessed:
        turn = turn.say(partner.words("confirmed", heard=partner.words.heard(signal, value)))
    else:
        hearing = Hearing(signal, value, turn.said.text, True)
        turn = noting.say_back(partner, turn, (hearing,), "heard_instead" if own_before else "heard")
    return noting.carry_on(partner, turn)


def _answered(turn: Turn, signal: str, value: str) -> Turn:
    if value != "unknown":
        return noting.note(turn, (Hearing(signal, value, guessing.words_for(turn, signal), True),))
    case = turn.case.withdraw(signal, turn.said.by).not_known(signal)
    return turn.with_case(case).talking(noted=())


def drop(partner: Partner, turn: Turn) -> Turn:
    """A guess was wrong."""
    signal, _ = _marked(turn)
    if not any(guess[0] == signal for guess in turn.talk.guesses):
        return partner.ask_again(turn.say(partner.words("confirm_gone")))
    return noting.drop_guess(partner, turn)


def catch_up(partner: Partner, turn: Turn) -> Turn:
    """Take in a message that could not be answered when it was said, without replies."""
    said, asked = turn.said, turn.talk.asked
    if said.button is not None:
        signal, value = _marked(turn)
        if signal in partner.guidance.signals and value in MARKS and said.button.startswith("note:"):
            return _answered(turn, signal, value)
        if signal in partner.guidance.signals and said.button.startswith("withdraw:"):
            return turn.with_case(turn.case.withdraw(signal, said.by))
    hearings = said.sure
    if asked and said.intent in ("affirm", "deny") and asked not in {h.signal for h in hearings}:
        value = "yes" if said.intent == "affirm" else "no"
        hearings = (Hearing(asked, value, said.text, True), *hearings)
    return noting.note(turn, hearings).talking(asked=None) if hearings else turn
