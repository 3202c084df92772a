"""What people do in Slack, and the events, commands and interactions that it sends for it."""

from __future__ import annotations

import time
import uuid
from typing import Any

from tests.slack.block_kit import MESSAGE, faults
from tests.slack.stand_in.delivery import Delivery
from tests.slack.stand_in.facts import APP, BOT, EVENTS_NEED, MANIFEST, TEAM


class People(Delivery):
    """They write, press, choose, type commands and save windows."""

    def say(self, user: str, channel: str, text: str, thread: str | None = None, wait: bool = True) -> str:
        """Somebody writes; the events that Slack sends for it go out. The message's ``ts``."""
        message = self._message(channel, user, text, thread)
        event = {**message, "team": TEAM, "user_team": self.users[user]["team"], "event_ts": message["ts"]}
        place = self.channels[channel]
        sent = []
        if BOT in place["members"]:
            kind = {"channel": "channels", "group": "groups", "im": "im"}[place["kind"]]
            if f"message.{kind}" in self.events:
                sent.append(
                    self.event({**event, "channel_type": place["kind"]}, f"message.{kind}", wait=wait)
                )
            if f"<@{BOT}>" in text and place["kind"] != "im":
                sent.append(self.event({**event, "type": "app_mention"}, "app_mention", wait=wait))
        return message["ts"]

    def event(self, event: dict[str, Any], name: str, wait: bool = True, event_id: str | None = None) -> Any:
        """Send an event, if the app subscribes to it; again and again until it is acknowledged."""
        if name not in self.events:
            return None
        needed = EVENTS_NEED[name]
        assert needed is None or needed in self.scopes, f"{name} needs {needed}"
        body = {
            "type": "event_callback",
            "team_id": TEAM,
            "api_app_id": APP,
            "event": event,
            "event_id": event_id or f"Ev{uuid.uuid4().hex[:12]}",
            "event_time": int(time.time()),
            "authorizations": [{"team_id": TEAM, "user_id": BOT, "is_bot": True}],
        }
        sending = self._hands.submit(self._send_until_acked, "events_api", body)
        return sending.result(30) if wait else sending

    def open_home(self, user: str) -> None:
        """Somebody opens the app's Home tab."""
        self.event(
            {
                "type": "app_home_opened",
                "user": user,
                "channel": self.direct(user),
                "tab": "home",
                "event_ts": self._ts(),
            },
            "app_home_opened",
        )

    def leave(self, user: str, channel: str) -> None:
        """Somebody leaves a channel."""
        self.channels[channel]["members"].discard(user)
        event = {
            "type": "member_left_channel",
            "user": user,
            "channel": channel,
            "channel_type": "C",
            "team": TEAM,
        }
        self.event(event, "member_left_channel")

    def command(self, user: str, channel: str, text: str) -> dict[str, Any]:
        """Somebody types a slash command; what the acknowledgement said."""
        assert MANIFEST["features"]["slash_commands"][0]["command"] == "/critical-friend"
        self._note(user, channel, "command", {"text": f"/critical-friend {text}".strip()})
        body = {
            "command": "/critical-friend",
            "text": text,
            "user_id": user,
            "user_name": user.lower(),
            "team_id": self.users[user]["team"],
            "api_app_id": APP,
            "channel_id": channel,
            "channel_name": self.channels[channel]["name"],
            "trigger_id": self._trigger(user),
            "response_url": self._response_url(user, channel),
        }
        answer = self._send("slash_commands", body)
        if answer.get("text"):
            self._check(faults(answer.get("blocks", []), MESSAGE, self._images()))
            self._ephemeral(user, channel, answer)
        return answer

    def press(self, user: str, title: str, shown: dict[str, Any], channel: str | None = None) -> None:
        """Somebody presses the button called ``title`` in a message, an ephemeral one, or a view."""
        rows = [b for b in shown["blocks"] if b["type"] == "actions"]
        button = next(e for row in rows for e in row["elements"] if e["text"]["text"] == title)
        action = {**button, "action_ts": self._ts(), "block_id": "row"}
        body = self._interaction("block_actions", user) | {"actions": [action]}
        channel = channel or shown.get("channel")
        self._note(
            user, channel, "press", {"title": title, "thread_ts": shown.get("thread_ts", shown.get("ts"))}
        )
        if "ts" in shown:
            body["container"] = {"type": "message", "message_ts": shown["ts"], "channel_id": channel}
            if shown.get("thread_ts"):
                body["container"]["thread_ts"] = shown["thread_ts"]
            body |= {
                "message": shown,
                "channel": {"id": channel, "name": self.channels[str(channel)]["name"]},
            }
            body["response_url"] = self._response_url(user, str(channel))
        elif channel:
            body["container"] = {"type": "message", "is_ephemeral": True, "channel_id": channel}
            body |= {"channel": {"id": channel, "name": self.channels[channel]["name"]}}
            body["response_url"] = self._response_url(user, channel)
        else:
            body["container"] = {"type": "view"}
            body["view"] = shown
        self._send("interactive", body)

    def shortcut(self, user: str, channel: str, ts: str) -> None:
        """Somebody chooses 'Note this for the case' on a message."""
        shortcut = MANIFEST["features"]["shortcuts"][0]
        body = self._interaction("message_action", user) | {
            "callback_id": shortcut["callback_id"],
            "action_ts": self._ts(),
            "message_ts": ts,
            "message": self.message(channel, ts),
            "channel": {"id": channel, "name": self.channels[channel]["name"]},
            "response_url": self._response_url(user, channel),
        }
        self._note(user, channel, "shortcut", {"title": shortcut["name"], "ts": ts})
        self._send("interactive", body)

    def submit(self, view: dict[str, Any], **chosen: str) -> dict[str, Any]:
        """Whoever has the modal open saves it with these choices (by block; the rest as it stands)."""
        values, told = {}, {}
        for block in view["blocks"]:
            if block["type"] != "input":
                continue
            element = block["element"]
            wanted = chosen.get(block["block_id"], (element.get("initial_option") or {}).get("value"))
            option = next((o for o in element["options"] if o["value"] == wanted), None)
            assert option or wanted is None, f"{block['block_id']} has no option {wanted}"
            values[block["block_id"]] = {
                element["action_id"]: {"type": "static_select", "selected_option": option}
            }
            if option and block["block_id"] in chosen:
                told[block["label"]["text"]] = option["text"]["text"]
        assert not set(chosen) - set(values), f"the modal has no {set(chosen) - set(values)}"
        self._note(view["user"], None, "submit", {"title": view["title"]["text"], "chosen": told})
        body = self._interaction("view_submission", view["user"])
        body["view"] = {**view, "state": {"values": values}}
        return self._send("interactive", body)

    def _interaction(self, kind: str, user: str) -> dict[str, Any]:
        return {
            "type": kind,
            "user": {"id": user, "name": user.lower(), "team_id": self.users[user]["team"]},
            "team": {"id": TEAM, "domain": "ours"},
            "api_app_id": APP,
            "trigger_id": self._trigger(user),
        }
