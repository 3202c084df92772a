"""A conversation straight through the dialogue, with messages as understood."""

from __future__ import annotations

from critical_friend.case import Case
from critical_friend.dialogue import Dialogue, Said, Talk
from critical_friend.dialogue.turn import Hearing
from critical_friend.guidance import load

DIALOGUE = Dialogue(load())


class Conversation:
    """A conversation that is held in memory."""

    def __init__(self) -> None:
        self.case, self.talk = Case(), Talk()

    def say(self, text: str, intent: str, heard: str = "", by: str | None = None, at: str | None = None):
        """``heard`` is signal=value for each signal; with a question mark where it is not for certain."""
        hearings = tuple(
            Hearing(*pair.rstrip("?").split("="), text, not pair.endswith("?")) for pair in heard.split()
        )
        return self._turn(Said(text, intent, hearings, None, by, at))

    def press(self, title: str):
        """Press the button with that title under the last reply."""
        (payload,) = (button.payload for button in self.buttons if button.title == title)
        return self._turn(Said(title, "", (), payload))

    def _turn(self, said: Said):
        turn = DIALOGUE.respond([said], self.case, self.talk)
        self.case, self.talk = Case.from_data(turn.case.to_data()), Talk.from_data(turn.talk.to_data())
        self.buttons = turn.replies[-1].buttons
        return "\n".join(reply.text for reply in turn.replies)
