"""What every part of the dialogue needs: the reader, the words, and the sentences used by several."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from critical_friend.case import Case
from critical_friend.dialogue import guessing
from critical_friend.dialogue.turn import Button, Guess, Turn
from critical_friend.dialogue.words import Words, capital, listed, small
from critical_friend.guidance.model import Guidance
from critical_friend.reading import Reader, Reading
from critical_friend.roleplay import words as rehearsal_words
from critical_friend.roleplay.library import Library

#: After this many questions in a row the next steps are shown, if there are any to show.
QUESTIONS_IN_A_ROW = 3
#: So often a question is put that is passed over while other things are told.
MOST_PUT = 3
#: What is told of roles; what is not yet known of them is told at first and in a summary.
ROLES_TOLD = ("present", "missing", "contested")
ROLES_ALL = (*ROLES_TOLD, "unknown")


def known(case: Case) -> dict[str, str]:
    """What is known of a case: signal → yes, no or contested."""
    return {signal: value.word for signal, value in case.values().items()}


class Partner:
    """The other side of the conversation."""

    def __init__(self, guidance: Guidance) -> None:
        self.guidance = guidance
        self.reader = Reader(guidance)
        self.words = Words(guidance)
        self.library = Library(guidance)

    def read(self, turn: Turn) -> Reading:
        """The reading of the turn's case."""
        return self.reader.read(turn.case)

    def ask(self, turn: Turn, reading: Reading) -> Turn:
        """Put the reading's question, or say that there is none."""
        question = reading["question"]
        if question is None:
            return turn.talking(asked=None).say(
                self.words("question_done"), self.words.button("next", "ask_next_step")
            )
        signal, again = question["signal"], question["signal"] == turn.talk.asked
        if again and turn.talk.put >= MOST_PUT:
            turn = self.leave_open(turn, signal)
            return self.ask(turn, self.read(turn))
        text = self.words("question_again" if again else "question", question=question["text"])
        turn = turn.talking(
            asked=signal,
            put=turn.talk.put + 1 if again else 1,
            guesses=(),  # a yes from now on answers the question
            topic="question",
            depth=0,
            questions=turn.talk.questions + 1,
            unanswered=0,
        )
        return turn.say(text, *self.answers())

    def leave_open(self, turn: Turn, signal: str) -> Turn:
        """Ask about a signal no more, as after a 'don't know'."""
        turn = turn.with_case(turn.case.not_known(signal)).talking(asked=None, unanswered=0)
        return turn.say(self.words("question_left", name=self.guidance.signals[signal].name))

    def answers(self) -> tuple[Button, ...]:
        """The buttons under a question."""
        return (
            self.words.button("yes", "affirm"),
            self.words.button("no", "deny"),
            self.words.button("unsure", "unsure"),
            self.words.button("why_ask", "why_ask"),
        )

    def guess(self, turn: Turn, guesses: tuple[Guess, ...]) -> Turn:
        """Ask whether the first of ``guesses`` was meant; the others wait."""
        text, choices = guessing.text(self.words, guesses[0]), guessing.choices(self.words, guesses[0])
        return turn.talking(guesses=guesses, unanswered=0).say(text, *choices)

    def ask_again(self, turn: Turn) -> Turn:
        """Come back to the open guess or question, if there is one, after something else was answered."""
        if turn.talk.guesses:
            guess = turn.talk.guesses[0]
            again = self.words("question_again", question=guessing.text(self.words, guess))
            return turn.say(again, *guessing.choices(self.words, guess))
        if turn.talk.asked is None or turn.talk.put >= MOST_PUT:
            return turn
        text = self.guidance.signals[turn.talk.asked].question
        again = self.words("question_again", question=text)
        return turn.talking(put=turn.talk.put + 1).say(again, *self.answers())

    def differing(self, turn: Turn, signals: Iterable[str]) -> Turn:
        """Who said what on each of ``signals``, side by side and not averaged."""
        for signal in signals:
            name, said = self.guidance.signals[signal].name, self.quotes(turn, [signal], "views_differ_said")
            turn = turn.say(self.words("views_differ", name=name, list=capital(listed(said))))
        return turn

    def picture(self, turn: Turn, reading: Reading) -> Turn:
        """Say what one makes of the case, as far as it has changed since it was last told."""
        phase = reading["phase"]["id"]
        roles = tuple(f"{role}={status}" for role, status in reading["roles"].items())
        mode = reading["mode"]["id"] if reading["mode"]["status"] == "settled" else ""
        now = (str(phase), reading["phase"]["status"], str(mode), *roles)
        before = turn.talk.told
        if phase is None or now == before:
            return turn
        parts = []
        if not before or before[:2] != now[:2]:
            item = self.guidance.phases[phase]
            moved = before and before[0] not in ("None", now[0])
            reply = "phase_moved" if moved else f"phase_{reading['phase']['status']}"
            parts.append(self.words(reply, phase=item.name, means=item.means))
        if not before or before[3:] != now[3:]:
            parts.append(self.roles_line(reading, ROLES_TOLD if before else ROLES_ALL))
        if mode and (not before or before[2] != now[2]):
            named = self.guidance.modes[mode]
            parts.append(self.words("mode_settled", mode=named.name, means=named.means))
        return turn.talking(told=now).say(" ".join(parts))

    def roles_line(self, reading: Reading, statuses: tuple[str, ...] = ROLES_ALL) -> str:
        """Which roles are played, missing, seen differently, and not yet known."""
        lines = []
        for status in statuses:
            names = [
                self.guidance.roles[role].name for role, value in reading["roles"].items() if value == status
            ]
            if names:
                lines.append(self.words(f"roles_{status}", list=listed(names)))
        return " ".join(lines)

    def quotes(self, turn: Turn, signals: list[str], reply: str) -> list[str]:
        """What was said on each of ``signals``, in the user's own words."""
        return [
            self.words(
                reply,
                said=self.words.heard(signal, piece.value),
                quote=piece.text.removesuffix("."),  # the sentence around it has its own
                by=piece.by or self.words("somebody"),
            )
            for signal in signals
            for piece in turn.case.words(signal)
        ]

    def steps(self, turn: Turn, reading: Reading) -> Turn:
        """The next steps: the first in full, the others by name.

        Where they were just shown and nothing has changed, somebody who asks again in words wants another:
        the next one in full, and after the last the list of all. A button gives the same each time.
        """
        steps = reading["next_steps"]
        if not steps:
            return turn.say(self.words("steps_none"))
        ids = tuple(step["id"] for step in steps)
        again = turn.said.button is None and turn.talk.topic == "steps" and turn.talk.shown == ids
        at = turn.talk.step + 1 if again else 0
        told = turn.said.button is None and not again and ids[0] == self.told_step(turn)
        turn = turn.talking(shown=ids, step=at)
        if at == len(steps):
            return self._all_steps(turn, steps)
        return self.full_step(turn, at, reading, told=told)

    @staticmethod
    def told_step(turn: Turn) -> str | None:
        """The step last told in full."""
        return turn.talk.shown[turn.talk.step] if 0 <= turn.talk.step < len(turn.talk.shown) else None

    def _all_steps(self, turn: Turn, steps: list[dict[str, Any]]) -> Turn:
        text = self.words("steps_all", list=listed([small(step["title"]) for step in steps]))
        buttons = [Button(step["title"], f"step:{step['id']}") for step in steps]
        return turn.talking(step=-1).say(text, *buttons, self.words.button("go_on", "ask"))

    def other_steps(self, turn: Turn, reading: Reading) -> Turn:
        """After something about the step last told that was not understood: the others, to choose from."""
        others = [step for step in reading["next_steps"] if step["id"] != self.told_step(turn)]
        buttons = [Button(step["title"], f"step:{step['id']}") for step in others]
        if reading["question"] is not None:
            buttons.append(self.words.button("go_on", "ask"))
        return turn.say(self.words("nothing_heard_step" if others else "nothing_heard"), *buttons)

    def full_step(self, turn: Turn, at: int, reading: Reading, *, told: bool = False) -> Turn:
        """One of the reading's steps in full, with buttons for the others and for going on. In short where
        it was ``told`` before.

        A question or a guess from before is no longer open: a 'no' now is about the step.
        """
        turn = turn.talking(asked=None, guesses=(), questions=0, topic="steps", depth=0)
        steps: list[dict[str, Any]] = reading["next_steps"]
        step, later = steps[at], steps[at + 1 :]
        others = steps if told else [*steps[:at], *later]
        rule = self.guidance.rules[step["because"][0]["rule"]]
        name, do = step["title"], step["do"]
        because = self.words("steps_because", reason=rule.reason)
        if told:
            lines = [self.words("steps_still", name=small(name)), because]
        else:
            first = self.words("steps_first", name=small(name), do=do)
            lines = [
                self.words("steps_one", name=name, do=do) if at else first,
                self.words("steps_with", who=small(step["with"])),
                self.words("steps_sign", sign=step["sign"]),
                because,
            ]
        lines += [self.words("steps_caution", caution=caution) for caution in step["cautions"]]
        turn = turn.say("\n".join(lines))
        buttons = [Button(other["title"], f"step:{other['id']}") for other in others]
        buttons.append(self.words.button("why", "ask_why"))
        if reading["question"] is not None:
            buttons.append(self.words.button("go_on", "ask"))
        offer = ""
        fresh = (f for f in self.library.suited(known(turn.case)) if f[0].id not in turn.talk.rehearsed)
        if found := next(fresh, None):
            script, signal, value = found
            if script.id != turn.talk.offered:
                offer = rehearsal_words.say(
                    "offer", heard=self.words.heard(signal, value), title=script.title
                )
            turn = turn.talking(offered=script.id)
            buttons.append(Button(rehearsal_words.button("offer"), f"rehearse:{script.id}"))
        if later:
            text = self.words("steps_more", list=listed([small(other["title"]) for other in later]))
        else:
            text = self.words("steps_last" if at else "steps_only")
        return turn.say(f"{text} {offer}".rstrip(), *buttons)
