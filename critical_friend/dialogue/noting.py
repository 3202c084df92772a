"""What becomes of what was heard: it is noted, said back, and the talk goes on from there."""

from __future__ import annotations

from critical_friend.dialogue import guessing
from critical_friend.dialogue.partner import QUESTIONS_IN_A_ROW, Partner
from critical_friend.dialogue.turn import Hearing, Turn
from critical_friend.dialogue.words import listed
from critical_friend.logic import Value


def note(turn: Turn, hearings: tuple[Hearing, ...]) -> Turn:
    """Take ``hearings`` into the case as evidence from who is speaking."""
    said = turn.said
    pieces = [piece for hearing in hearings for piece in hearing.evidence(said.by, said.at)]
    return turn.with_case(turn.case.note(pieces)).talking(
        noted=tuple(dict.fromkeys(hearing.signal for hearing in hearings))
    )


def say_back(partner: Partner, turn: Turn, hearings: tuple[Hearing, ...], reply: str) -> Turn:
    """Say what was heard, in a line and with a way to put it right; ``reply`` is the sentence around it."""
    words = partner.words
    plain = [words.heard(h.signal, h.value) for h in hearings if h.value != "mixed"]
    both = [partner.guidance.signals[h.signal].name for h in hearings if h.value == "mixed"]
    text = " ".join(
        ([words(reply, list=listed(plain, "and that"))] if plain else [])
        + ([words("heard_both", list=listed(both))] if both else [])
    )
    return turn.say(text, words.button("wrong", "wrong"))


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


def carry_on(partner: Partner, turn: Turn) -> Turn:
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


def leave_open(partner: Partner, turn: Turn, signal: str) -> Turn:
    """Note that it is not known, as an answer."""
    turn = turn.with_case(turn.case.not_known(signal)).talking(asked=None)
    return turn.say(partner.words("not_known"))


def drop_guess(partner: Partner, turn: Turn) -> Turn:
    """Let the open guess go, and put the next one or the question."""
    turn = turn.talking(guesses=turn.talk.guesses[1:]).say(partner.words("confirm_dropped"))
    guesses = guessing.waiting(turn)
    return partner.guess(turn, guesses) if guesses else partner.ask(turn, partner.read(turn))


def take_in_passing(partner: Partner, turn: Turn) -> Turn:
    """Note what was told beside a question of the user's, and say it back."""
    sure = turn.said.sure
    return say_back(partner, note(turn, sure), sure, "heard") if sure else turn
