"""What Slack sends: sorted and stored, and only then acknowledged. Nothing else is done here.

What is not for us is not stored: in channels only what mentions the bot, or stands in a thread of
its own.
"""

from __future__ import annotations

import json
import re
import time
from collections.abc import Mapping
from typing import Any

from slack_bolt import Ack, App

from critical_friend.slack import commands, rendering, views
from critical_friend.slack.database import Database
from critical_friend.slack.inbox import WINDOW, Inbox
from critical_friend.slack.places import CHANNEL, DIRECT, THREAD, Place, Places, lane
from critical_friend.slack.texts import plain
from critical_friend.slack.words import words

COMMAND, SHORTCUT = "/critical-friend", "note"
#: Messages of these kinds are people's own words; the rest are notices.
SPOKEN = (None, "file_share", "thread_broadcast")

Body = Mapping[str, Any]


class Intake:
    """Puts what comes in into the inbox."""

    def __init__(self, database: Database, inbox: Inbox, places: Places, bot: str) -> None:
        self._database = database
        self._inbox = inbox
        self._places = places
        self._bot = bot

    def listen(self, app: App) -> None:
        """Hand ``app`` the listeners. It has to run them before it acknowledges."""
        app.event("app_mention")(self.mentioned)
        app.event("message")(self.said)
        app.event("app_home_opened")(self.home)
        app.event("member_left_channel")(self.left)
        app.command(COMMAND)(self.command)
        app.shortcut(SHORTCUT)(self.shortcut)
        app.action(re.compile(r"^(say|correct|rehearse|brief|command):\d+$"))(self.pressed)
        app.view("correct")(self.corrected)
        app.view("note")(self.noted)
        app.view("settings")(self.settings_saved)

    def mentioned(self, body: Body) -> None:
        """Somebody mentioned the bot in a channel."""
        event = body["event"]
        if event.get("channel", "").startswith("D") or not event.get("user") or event.get("bot_id"):
            return  # in a direct message it comes as a message, too
        channel, ts = event["channel"], event["ts"]
        thread = event.get("thread_ts") or ts
        with self._database.begin():
            if self._places.whole_channel(channel):
                place = self._places.make(channel, "", CHANNEL, event["user"])
            else:
                place = self._places.make(channel, thread, THREAD, event["user"])
            if thread == ts:
                self._places.make_own(channel, thread)
            self._say(body, place, thread)

    def said(self, body: Body) -> None:
        """Somebody wrote a message: for us are direct ones, and those in a thread of our own."""
        event = body["event"]
        if event.get("subtype") not in SPOKEN or not event.get("user") or event.get("bot_id"):
            return
        channel, thread = event["channel"], event.get("thread_ts")
        if event.get("channel_type") == "im":
            place = self._places.find(channel, thread) if thread else None
            self._say(body, place or self._places.make(channel, "", DIRECT, event["user"]), thread)
            return
        text = event.get("text", "")
        if f"<@{self._bot}" in text or text.lstrip().startswith("<@"):
            return  # a mention of us comes by itself; one of somebody else is for them
        if thread and self._places.own_thread(channel, thread):
            found = self._places.at(channel, thread)
            if found:
                self._say(body, found, thread)

    def _say(self, body: Body, place: Place, thread: str | None) -> None:
        event = body["event"]
        said = {
            "place": place.id,
            "channel": event["channel"],
            "thread": thread,
            "person": event["user"],
            "team": event.get("user_team") or event.get("team"),
            "text": plain(event.get("text", ""), self._bot),
        }
        self._inbox.add(body["event_id"], place.lane, "say", said, float(event["ts"]))

    def home(self, body: Body) -> None:
        """Somebody opened the Home tab."""
        event = body["event"]
        if event.get("tab", "home") == "home":
            person = {"person": event["user"], "team": None}
            self._inbox.add(body["event_id"], f"home:{event['user']}", "home", person)

    def left(self, body: Body) -> None:
        """Somebody left a channel."""
        event = body["event"]
        gone = {"channel": event["channel"], "person": event["user"], "team": None}
        self._inbox.add(body["event_id"], f"left:{event['channel']}", "left", gone)

    def command(self, ack: Ack, body: Body) -> None:
        """``/critical-friend …``. Help is answered at once; the rest is stored."""
        word, _, rest = body.get("text", "").strip().partition(" ")
        word = word.lower() or "help"
        if word == "help" or word not in commands.KNOWN:
            lead = [] if word == "help" else [words("command_unknown", word=word[:50])]
            post = rendering.letter(*lead, words("help"))[0]
            ack(text=post.text, blocks=post.blocks, response_type="ephemeral")
            return
        channel, person = body["channel_id"], body["user_id"]
        did = {
            "word": word,
            "rest": plain(rest, self._bot),
            "channel": channel,
            "thread": None,
            "direct": channel.startswith("D"),
            "person": person,
            "team": body.get("team_id"),
            "response_url": body.get("response_url"),
            "place": None,
        }
        key = f"command:{body['trigger_id']}"
        if word == "settings":
            opening = {**did, "what": "settings", "trigger": body["trigger_id"]}
            self._inbox.add(key, WINDOW + body["trigger_id"], "open", opening)
        else:
            if did["direct"]:
                found = [self._places.make(channel, "", DIRECT, person)]
            else:
                found = self._places.in_channel(channel) if word in commands.ABOUT_A_CASE else []
            own = found[0].lane if len(found) == 1 else lane(channel, f"by {person}")
            place = found[0].id if len(found) == 1 else None
            self._inbox.add(key, own, "command", {**did, "place": place})
        ack()

    def pressed(self, ack: Ack, body: Body) -> None:
        """Somebody pressed a button."""
        action = body["actions"][0]
        kind = action["action_id"].partition(":")[0]
        value = json.loads(action["value"])
        place = self._places.by_id(int(value["c"]))
        channel = (body.get("channel") or {}).get("id")
        if place is None or (channel and channel != place.channel):
            ack()
            return
        container, message = body.get("container", {}), body.get("message", {})
        thread = container.get("thread_ts") or message.get("thread_ts") or container.get("message_ts")
        if place.kind == DIRECT and thread == container.get("message_ts"):
            thread = None  # at the top of a direct message the answer stands there, too
        did = {
            "place": place.id,
            "channel": channel or "",
            "thread": thread,
            "person": body["user"]["id"],
            "team": body["user"].get("team_id"),
            "response_url": body.get("response_url"),
        }
        key = f"press:{body['trigger_id']}"
        if kind == "say":
            pressed = {"payload": value["p"], "job": value["j"], "title": action["text"]["text"]}
            moment = float(action.get("action_ts") or time.time())
            self._inbox.add(key, place.lane, "press", {**did, **pressed}, moment)
        elif kind == "correct":
            opening = {**did, "what": "correct", "trigger": body["trigger_id"]}
            self._inbox.add(key, WINDOW + body["trigger_id"], "open", opening)
        elif kind == "command":
            more = {"word": value["w"], "rest": value["r"], "direct": False}
            self._inbox.add(key, place.lane, "command", {**did, **more})
        else:
            self._inbox.add(key, f"by {did['person']}", kind, {**did, "rest": ""})
        ack()

    def shortcut(self, ack: Ack, body: Body) -> None:
        """'Note this for the case', on what somebody wrote."""
        message, channel = body["message"], body["channel"]["id"]
        said = {
            "text": plain(message.get("text", ""), self._bot) if message.get("user") else "",
            "author": message.get("user") or body["user"]["id"],
            "root": message.get("thread_ts") or message["ts"],
        }
        opening = {
            "what": "note",
            "trigger": body["trigger_id"],
            "said": said,
            "channel": channel,
            "person": body["user"]["id"],
            "team": None,
            "response_url": body.get("response_url"),
        }
        trigger = body["trigger_id"]
        self._inbox.add(f"shortcut:{trigger}", WINDOW + trigger, "open", opening)
        ack()

    def corrected(self, ack: Ack, body: Body) -> None:
        """Somebody saved the modal that puts right what was noted."""
        private = json.loads(body["view"]["private_metadata"])
        place = self._places.by_id(private["c"])
        answers = views.corrections(body["view"])
        if place is not None and answers:
            did = {
                "place": place.id,
                "thread": private["t"],
                "answers": answers,
                "person": body["user"]["id"],
                "team": body["user"].get("team_id"),
            }
            self._inbox.add(_view_key(body), place.lane, "corrections", did)
        ack()

    def noted(self, ack: Ack, body: Body) -> None:
        """Somebody saved the modal that notes what a colleague wrote."""
        said, chosen = json.loads(body["view"]["private_metadata"]), views.chosen(body["view"])["case"]
        place = None if chosen == "new" else self._places.by_id(int(chosen))
        own = place.lane if place else lane(said["channel"], said["root"])
        did = {**said, "place": place.id if place else None, "person": body["user"]["id"], "team": None}
        self._inbox.add(_view_key(body), own, "note", did)
        ack()

    def settings_saved(self, ack: Ack, body: Body) -> None:
        """Somebody saved the settings."""
        private, chosen = json.loads(body["view"]["private_metadata"]), views.chosen(body["view"])
        did = {
            "channel": private["channel"],
            "rhythm": chosen.get("rhythm", "0"),
            "scope": chosen.get("scope"),
            "person": body["user"]["id"],
            "team": body["user"].get("team_id"),
        }
        self._inbox.add(_view_key(body), f"settings:{private['channel']}", "settings", did)
        ack()


def _view_key(body: Body) -> str:
    return f"view:{body.get('trigger_id') or body['view']['id']}"
