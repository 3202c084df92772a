"""A stand-in for Slack (``slack.py``), in parts."""

from tests.slack.stand_in.facts import APP_TOKEN, BOT, BOT_TOKEN, MANIFEST, SECRET, TEAM
from tests.slack.stand_in.shown import button_titles, words_in
from tests.slack.stand_in.slack import StandIn

__all__ = [
    "APP_TOKEN",
    "BOT",
    "BOT_TOKEN",
    "MANIFEST",
    "SECRET",
    "TEAM",
    "StandIn",
    "button_titles",
    "words_in",
]
