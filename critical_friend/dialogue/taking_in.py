"""Taking in what people tell: new evidence, answers to questions, and corrections."""

from __future__ import annotations

from critical_friend.dialogue import conversing, guessing, resetting
from critical_friend.dialogue.partner import QUESTIONS_IN_A_ROW, Partner
from critical_friend.dialogue.turn import Hearing, Turn
from critical_friend.dialogue.words import listed
from critical_friend.logic import Value

#: The values that a button may set.
MARKS = frozenset({"yes", "no", "mixed", "unknown"})
#: What may be a yes, or only says that one has read the question.
ACKNOWLEDGED = frozenset(
    {"ok", "okay", "k", "kk", "right", "i see", "fine", "got it", "all right", "alright"}
)


def _note(turn: Turn, hearings: tuple[Hearing, ...]) -> Turn:
    said = turn.said
    pieces = [piece for hearing in hearings for piece in hearing.evidence(said.by, said.at)]
    return turn.with_case(turn.case.note(pieces)).talking(
        noted=tuple(dict.fromkeys(hearing.signal for hearing in hearings))
    )


def _differing(partner: Partner, turn: Turn) -> Turn:
    """Where what was just noted stands against what somebody else said: who said what, unaveraged."""
    return partner.differing(
        turn,
        (
            signal
            for signal in turn.talk.noted
            if turn.case.value(signal) == Value.CONTESTED
            and len({piece.by for piece in turn.case.words(signal)}) > 1
        ),
    )


def _say_back(partner: Partner, turn: Turn, hearings: tuple[Hearing, ...], reply: str) -> Turn:
    words = partner.words
    plain = [words.heard(h.signal, h.value) for h in hearings if h.value != "mixed"]
    both = [partner.guidance.signals[h.signal].name for h in hearings if h.value == "mixed"]
    text = " ".join(
        ([words(reply, list=listed(plain, "and that"))] if plain else [])
        + ([words("heard_both", list=listed(both))] if both else [])
    )
    return turn.say(text, words.button("wrong", "wrong"))


def tell(partner: Partner, turn: Turn) -> Turn:
    """Somebody describes how it is going."""
    sure, turn = turn.said.sure, turn.talking(guesses=())
    if not sure:
        return _nothing_sure(partner, turn)
    turn = _say_back(partner, _note(turn, sure).talking(greeted=True), sure, "heard")
    return _go_on(partner, turn)


def _nothing_sure(partner: Partner, turn: Turn) -> Turn:
    if turn.said.hearings:
        return _go_on(partner, turn)
    if turn.talk.asked:
        return conversing.not_answered(partner, turn, "nothing_heard_question")
    return partner.ask(turn.say(partner.words("nothing_heard")), partner.read(turn))


def _go_on(partner: Partner, turn: Turn) -> Turn:
    """After the case has changed: what one makes of it, then one question or the next steps."""
    turn = _differing(partner, turn.talking(sure_about=None))
    reading = partner.read(turn)
    turn = partner.picture(turn, reading)
    if guesses := guessing.waiting(turn):
        return partner.guess(turn, guesses)
    steps = tuple(step["id"] for step in reading["next_steps"])
    enough = turn.talk.questions >= QUESTIONS_IN_A_ROW and steps != turn.talk.shown
    if reading["next_steps"] and (reading["question"] is None or enough):
        return partner.steps(turn, reading)
    return partner.ask(turn, reading)


def go_on(partner: Partner, turn: Turn) -> Turn:
    """The user wants to be asked more."""
    return partner.ask(turn.talking(questions=0), partner.read(turn))


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
        turn = take_in_passing(partner, turn)  # 'yes, and nobody covers for us' says more than yes
        if any(hearing.signal == signal for hearing in said.sure):
            return _go_on(partner, turn)
        return _mark(partner, turn, signal, guess) if value == "yes" else _drop(partner, turn)
    if talk.asked and said.button is None and said.text.strip(" .!,").casefold() in ACKNOWLEDGED:
        return partner.guess(turn, ((talk.asked, "yes", said.text),))
    others = tuple(h for h in said.sure if h.signal != talk.asked)
    about_it = tuple(h for h in said.sure if h.signal == talk.asked)
    if talk.asked:
        answer = about_it or (Hearing(talk.asked, value, said.text, True),)
        hearings = (*answer, *others)
        turn = _say_back(partner, _note(turn.talking(asked=None), hearings), hearings, "heard")
        return _go_on(partner, turn)
    if others:
        return tell(partner, turn)
    if value == "yes":
        return turn.say(partner.words("agree_nothing_open"), partner.words.button("next", "ask_next_step"))
    if talk.topic == "steps":  # 'no, not that one' to what was just advised
        return partner.steps(turn, partner.read(turn))
    if talk.noted:
        return which_is_wrong(partner, turn)
    return turn.say(partner.words("deny_nothing_open"))


def unsure(partner: Partner, turn: Turn) -> Turn:
    """'Don't know' is an answer: it is noted, and not asked again."""
    if turn.talk.guesses or turn.talk.sure_about:
        return _answer(partner, turn, "no")
    if turn.said.sure:
        return tell(partner, turn)
    if turn.talk.asked is None:
        return conversing.unclear(partner, turn)
    turn = turn.with_case(turn.case.not_known(turn.talk.asked)).talking(asked=None)
    return _go_on(partner, turn.say(partner.words("not_known")))


def correct(partner: Partner, turn: Turn) -> Turn:
    """The user puts right what was noted."""
    hearings = turn.said.sure or turn.said.hearings[:1]
    if not hearings:
        return _drop(partner, turn) if turn.talk.guesses else which_is_wrong(partner, turn)
    turn = turn.talking(guesses=())
    known = any(turn.case.value(hearing.signal) for hearing in hearings)
    asked, signals = turn.talk.asked, {hearing.signal for hearing in hearings}
    turn = _say_back(partner, _note(turn, hearings), hearings, "heard_instead" if known else "heard")
    if asked and not known and asked not in signals:
        # 'No, but my manager helps': the no puts nothing right, so it may well answer the question.
        return partner.guess(turn, ((asked, "no", turn.said.text),))
    return _go_on(partner, turn)


def forget(partner: Partner, turn: Turn) -> Turn:
    """Take out what is named of what was noted; with nothing named, ask whether all is to go."""
    named = [partner.words.find(turn.said.text), *(hearing.signal for hearing in turn.said.hearings)]
    noted = [str(signal) for signal in dict.fromkeys(named) if signal in turn.case.values()]
    if turn.said.button is not None or not noted:
        return resetting.forget(partner, turn)
    return _take_out(partner, turn, noted)


def which_is_wrong(partner: Partner, turn: Turn) -> Turn:
    """Ask what is to be put right: what was noted last, with a button to take each out."""
    noted = [s for s in turn.talk.noted if turn.case.value(s)] or list(turn.case.values())
    if not noted:
        return turn.say(partner.words("correct_nothing"))
    return turn.talking(guesses=()).say(
        partner.words("correct_which"),
        *(
            partner.words.button("withdraw", f"withdraw:{signal}", name=partner.guidance.signals[signal].name)
            for signal in noted[-6:]
        ),
    )


def withdraw(partner: Partner, turn: Turn) -> Turn:
    """Take out what this person said on one signal."""
    signal = (turn.said.button or "").partition(":")[2]
    if signal not in partner.guidance.signals:
        return which_is_wrong(partner, turn)
    return _take_out(partner, turn, [signal])


def _take_out(partner: Partner, turn: Turn, signals: list[str]) -> Turn:
    for signal in signals:
        turn = turn.with_case(turn.case.withdraw(signal, turn.said.by))
    names = listed([partner.guidance.signals[signal].name for signal in signals])
    turn = turn.say(partner.words("withdrawn", name=names))
    return _go_on(partner, turn.talking(noted=()))


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
        turn = _say_back(partner, turn, (hearing,), "heard_instead" if own_before else "heard")
    return _go_on(partner, turn)


def _answered(turn: Turn, signal: str, value: str) -> Turn:
    if value != "unknown":
        return _note(turn, (Hearing(signal, value, guessing.words_for(turn, signal), True),))
    case = turn.case.withdraw(signal, turn.said.by).not_known(signal)
    return turn.with_case(case).talking(noted=())


def drop(partner: Partner, turn: Turn) -> Turn:
    """A guess was wrong."""
    signal, _ = _marked(turn)
    if not any(guess[0] == signal for guess in turn.talk.guesses):
        return partner.ask_again(turn.say(partner.words("confirm_gone")))
    return _drop(partner, turn)


def _drop(partner: Partner, turn: Turn) -> Turn:
    turn = turn.talking(guesses=turn.talk.guesses[1:]).say(partner.words("confirm_dropped"))
    guesses = guessing.waiting(turn)
    return partner.guess(turn, guesses) if guesses else partner.ask(turn, partner.read(turn))


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
    return _note(turn, hearings).talking(asked=None) if hearings else turn


def take_in_passing(partner: Partner, turn: Turn) -> Turn:
    """Note what was told beside a question of the user's, and say it back."""
    sure = turn.said.sure
    return _say_back(partner, _note(turn, sure), sure, "heard") if sure else turn
