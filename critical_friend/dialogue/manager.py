"""Which part of the dialogue answers which message."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace

from critical_friend import manner
from critical_friend.case import Case
from critical_friend.dialogue import (
    advising,
    answering,
    conversing,
    correcting,
    explaining,
    guessing,
    rehearsing,
    remembering,
    resetting,
    supposing,
    taking_in,
)
from critical_friend.dialogue.partner import Partner
from critical_friend.dialogue.turn import Said, Talk, Turn
from critical_friend.guidance.model import Guidance
from critical_friend.reading import Reading

Handler = Callable[[Partner, Turn], Turn]

BY_INTENT: Mapping[str, Handler] = {
    "tell": taking_in.tell,
    "affirm": answering.affirm,
    "deny": answering.deny,
    "unsure": answering.unsure,
    "correct": correcting.correct,
    "ask_next_step": advising.next_steps,
    "ask_summary": advising.summary,
    "ask_definition": explaining.definition,
    "ask_why": explaining.why,
    "ask_sources": explaining.sources,
    "ask_what_if": supposing.what_if,
    "ask_what_it_takes": supposing.what_it_takes,
    "restart": resetting.restart,
    "forget": correcting.forget,
    "greet": conversing.greet,
    "goodbye": conversing.goodbye,
    "help": conversing.help_,
    "start_roleplay": rehearsing.choose,
    "out_of_scope": conversing.out_of_scope,
}
#: Buttons beyond those that stand for an intent: what answers them, and the intent nearest to them.
BY_BUTTON: Mapping[str, tuple[Handler, str]] = {
    "ask": (taking_in.go_on, "tell"),
    "step": (advising.one_step, "ask_next_step"),
    "note": (answering.mark, "tell"),
    "drop": (answering.drop, "deny"),
    "withdraw": (correcting.withdraw, "correct"),
    "wrong": (correcting.which_is_wrong, "correct"),
    "why_ask": (explaining.why_question, "ask_why"),
    "define": (explaining.define, "ask_definition"),
    "rehearse": (rehearsing.choose, "start_roleplay"),
    "play": (rehearsing.play, "start_roleplay"),
}


def intent_of_button(payload: str) -> str:
    """The intent that a button's payload stands for."""
    kind = payload.partition(":")[0]
    if kind in BY_BUTTON:
        return BY_BUTTON[kind][1]
    return kind if kind in BY_INTENT else "out_of_scope"


class Dialogue:
    """The conversation by one guidance. Holds nothing of any one conversation."""

    def __init__(self, guidance: Guidance) -> None:
        self.partner = Partner(guidance)

    def respond(self, said: Iterable[Said], case: Case, talk: Talk) -> Turn:
        """Answer ``said``: one message, or several when earlier ones could not be answered.

        Returns the turn with the changed case and talk, and the replies.
        """
        messages = tuple(said)
        turn = Turn(messages[-1], case, replace(talk, forgotten=False))
        for missed in messages[:-1]:
            turn = replace(turn, said=missed)
            in_play = rehearsing.concerns(turn)
            turn = (rehearsing.play if in_play else answering.catch_up)(self.partner, turn)
        if len(messages) > 1:
            turn = turn.say(self.partner.words("missed"))
        turn = replace(turn, said=messages[-1])
        if rehearsing.concerns(turn):
            turn = rehearsing.play(self.partner, turn)
        else:
            turn = remembering.taken_up(self.partner, rehearsing.set_aside(turn))
            turn = replace(turn, said=guessing.as_pressed(self.partner.words, turn.said, turn.talk))
            turn = self._handler(turn.said, turn.talk)(self.partner, turn)
        return remembering.remembered(self.partner, turn)

    def reading(self, case: Case, talk: Talk) -> Reading:
        """The reading that clients get: of the case, and of what the talk waits for."""
        reading = self.partner.reader.read(case)
        if talk.guesses:
            reading["confirm"] = guessing.to_data(self.partner.words, talk.guesses[0])
        if talk.forgotten:
            reading["forgotten"] = True
        if rehearsal := rehearsing.rehearsal_of(self.partner, talk, case):
            reading["rehearsal"] = rehearsal
        if suited := rehearsing.suited(self.partner, case, talk):
            reading["rehearsals"] = suited
        return reading

    @staticmethod
    def _handler(said: Said, talk: Talk) -> Handler:
        if said.button is not None:
            kind = said.button.partition(":")[0]
            if kind in BY_BUTTON:
                return BY_BUTTON[kind][0]
            return BY_INTENT[intent_of_button(said.button)]
        if manner.asks_whether(said.text) and not said.sure:
            return advising.how_closely
        if talk.topic == "steps" and manner.chosen_place(said.text) is not None:
            return advising.next_steps
        return BY_INTENT.get(said.intent, conversing.unclear)
