"""Taking in what people tell: new evidence, answers to questions, and corrections."""

from __future__ import annotations

from dataclasses import replace

from critical_friend import manner
from critical_friend.dialogue import conversing, explaining, guessing, recalling, resetting
from critical_friend.dialogue.partner import QUESTIONS_IN_A_ROW, Partner
from critical_friend.dialogue.turn import Hearing, Turn
from critical_friend.dialogue.words import listed
from critical_friend.logic import Value

#: So many things are offered to be taken out.
MOST_OFFERED = 6
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
    if denied := _not_said(partner, turn):
        return _take_out(partner, turn, denied)
    turn = _answered_first(partner, turn.talking(guesses=()))
    sure = turn.said.sure
    if manner.sounds_hard(turn.said.text):
        turn = turn.say(partner.words("hard"))
    if not sure:
        return _nothing_sure(partner, turn)
    turn = _say_back(partner, _note(turn, sure).talking(greeted=True), sure, "heard")
    return _go_on(partner, turn)


def _answered_first(partner: Partner, turn: Turn) -> Turn:
    """Take in how the open question is answered by the way the message begins: 'dunno, …', 'yeah, …'."""
    asked = turn.talk.asked
    if asked is None or any(hearing.signal == asked for hearing in turn.said.hearings):
        return turn
    first = manner.answers_first(turn.said.text)
    if first == "not_known":
        return _leave_open(partner, turn, asked)
    if first is None:
        return turn
    # A 'no, …' may also be about what was said back, and what else is told may be what is meant.
    sure = first == "yes" and not turn.said.hearings
    answer = Hearing(asked, "no" if first == "no" else "yes", turn.said.text, sure)
    return replace(turn, said=replace(turn.said, hearings=(answer, *turn.said.hearings)))


def _leave_open(partner: Partner, turn: Turn, signal: str) -> Turn:
    turn = turn.with_case(turn.case.not_known(signal)).talking(asked=None)
    return turn.say(partner.words("not_known"))


def _nothing_sure(partner: Partner, turn: Turn) -> Turn:
    if turn.said.hearings or turn.talk.asked in turn.case.unsure or (turn.replies and not turn.talk.asked):
        return _go_on(partner, turn)
    if turn.case.values() and partner.words.find(turn.said.text) in partner.guidance.phases:
        return explaining.phase_doubted(partner, turn)
    if turn.talk.asked:
        if manner.sounds_hard(turn.said.text):
            return partner.ask_again(turn)
        return conversing.not_answered(partner, turn, "nothing_heard_question")
    if turn.talk.topic == "steps":
        return partner.other_steps(turn, partner.read(turn))
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
    others = tuple(h for h in said.sure if h.signal != talk.asked)
    about_it = tuple(h for h in said.sure if h.signal == talk.asked)
    if talk.asked and said.button is None and not about_it and _only_implied(said.text, value):
        turn = _say_back(partner, _note(turn, others), others, "heard") if others else turn
        return partner.guess(turn, ((talk.asked, value, said.text),))
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


def _only_implied(text: str, value: str) -> bool:
    """Whether an answer was read between the lines, so that it is better to ask."""
    if text.strip(" .!,").casefold() in ACKNOWLEDGED:
        return value == "yes"
    return len(text.split()) > 2 and not manner.says_yes_or_no(text)


def unsure(partner: Partner, turn: Turn) -> Turn:
    """'Don't know' is an answer: it is noted, and not asked again."""
    if turn.talk.guesses or turn.talk.sure_about:
        return _answer(partner, turn, "no")
    if turn.said.sure:
        return tell(partner, turn)
    if turn.talk.asked is None:
        return conversing.unclear(partner, turn)
    return _go_on(partner, _leave_open(partner, turn, turn.talk.asked))


def correct(partner: Partner, turn: Turn) -> Turn:
    """The user puts right what was noted."""
    if denied := _not_said(partner, turn):
        return _take_out(partner, turn, denied)
    hearings = tuple(_corrected(turn, hearing) for hearing in turn.said.sure or turn.said.hearings[:1])
    if not turn.said.sure and partner.words.find(turn.said.text) in partner.guidance.phases:
        return explaining.phase_doubted(partner, turn.talking(guesses=()))
    if not hearings:
        named = recalling.named(partner, turn)
        if named and manner.names_one_thing(turn.said.text):
            return _take_out(partner, turn, named)
        return _drop(partner, turn) if turn.talk.guesses else which_is_wrong(partner, turn)
    turn = turn.talking(guesses=())
    known = any(turn.case.value(hearing.signal) for hearing in hearings)
    asked, signals = turn.talk.asked, {hearing.signal for hearing in hearings}
    turn = _say_back(partner, _note(turn, hearings), hearings, "heard_instead" if known else "heard")
    if asked and not known and asked not in signals:
        # 'No, but my manager helps': the no puts nothing right, so it may well answer the question.
        return partner.guess(turn, ((asked, "no", turn.said.text),))
    return _go_on(partner, turn)


def _not_said(partner: Partner, turn: Turn) -> list[str]:
    """The signals noted of which the user says that they never said so."""
    about = manner.not_said(turn.said.text)
    if about is None:
        return []
    heard = [h.signal for h in turn.said.hearings if about and h.text.find(about) >= 0]
    noted = (
        [*partner.words.find_all(about), *heard, *recalling.pointed_to(partner, turn, about)] if about else []
    )
    return [signal for signal in dict.fromkeys(noted) if signal in turn.case.values()][:1]


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
            return _take_out(partner, turn, noted)
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
