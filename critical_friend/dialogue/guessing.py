"""Guesses: what was heard, but not for certain, is put to the user before it is noted."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from critical_friend.dialogue.turn import Button, Guess, Said, Talk, Turn
from critical_friend.dialogue.words import Words

MOST = 2
"""So many guesses of one message are put, one after the other; more would be an interrogation."""
OPPOSITE = {"yes": "no", "no": "yes"}


def waiting(turn: Turn) -> tuple[Guess, ...]:
    """What is still to be put, of this message or from before, without what is known by now."""
    said = () if turn.said.button else turn.said.hearings
    fresh = tuple((h.signal, h.value, h.text) for h in said if not h.sure)
    return tuple(guess for guess in fresh or turn.talk.guesses if not turn.case.value(guess[0]))[:MOST]


def text(words: Words, guess: Guess) -> str:
    """The question whether a guess was meant."""
    signal, value, _ = guess
    return words("confirm", heard=words.heard(signal, value))


def choices(words: Words, guess: Guess) -> tuple[Button, ...]:
    """The buttons under a guess. Each says what it is about, as it may be pressed late."""
    signal, value, _ = guess
    button = words.button
    if value == "mixed":
        return (
            button("both", f"note:{signal}:mixed"),
            button("first_only", f"note:{signal}:yes"),
            button("second_only", f"note:{signal}:no"),
            button("neither", f"drop:{signal}"),
        )
    return (
        button("yes", f"note:{signal}:{value}"),
        button("no", f"drop:{signal}"),
        button("opposite", f"note:{signal}:{OPPOSITE[value]}"),
    )


def as_pressed(words: Words, said: Said, talk: Talk) -> Said:
    """What is typed as it stands on a button under the open guess counts as its press."""
    if said.button is None and talk.guesses and not talk.sure_about:
        typed = said.text.strip(" .!'’\"“”").casefold()
        for button in choices(words, talk.guesses[0]):
            if typed == button.title.casefold():
                return replace(said, button=button.payload, hearings=())
    return said


def words_for(turn: Turn, signal: str) -> str:
    """The words that count as evidence on ``signal``: those guessed at, where that is what is answered."""
    return next((text for about, _, text in turn.talk.guesses if about == signal), turn.said.text)


def to_data(words: Words, guess: Guess) -> dict[str, Any]:
    """The open guess as it stands in a reading."""
    signal, value, _ = guess
    return {
        "signal": signal,
        "value": value,
        "heard": words.heard(signal, value),
        "choices": [{"title": b.title, "payload": b.payload} for b in choices(words, guess)],
    }
