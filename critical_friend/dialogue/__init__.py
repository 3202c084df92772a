"""The conversation: from what was understood in a message to a changed case and replies."""

from critical_friend.dialogue.manager import Dialogue, intent_of_button
from critical_friend.dialogue.rehearsing import goes_on
from critical_friend.dialogue.turn import Button, Reply, Said, Talk, Turn

__all__ = ["Button", "Dialogue", "Reply", "Said", "Talk", "Turn", "goes_on", "intent_of_button"]
