"""A stand-in for Slack that speaks its real protocols over real sockets.

Web API over HTTP, Socket Mode over WebSocket, or Events over HTTP with real signatures; buttons,
slash commands, shortcuts, modals, Home and files. What Slack refuses it refuses: tokens, scopes,
methods and tickets that it does not know, blocks over the limits, messages without ``text``, triggers
that are too old. Scopes, events, the command and the shortcut are those of ``slack/manifest.yml``.

Times between retries are shorter than Slack's (there: at once, after a minute, after five).
"""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import hmac
import itertools
import json
import threading
import time
import uuid
from collections import defaultdict
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import requests
import uvicorn
import yaml
from fastapi import FastAPI, Request, WebSocket, WebSocketDisconnect
from fastapi.responses import JSONResponse, PlainTextResponse, Response
from starlette.concurrency import run_in_threadpool

from critical_friend.cli.serving import ROOT, free_port
from tests.slack.block_kit import MESSAGE, faults, view_faults

MANIFEST = yaml.safe_load((ROOT / "slack" / "manifest.yml").read_text(encoding="utf-8"))
BOT_TOKEN, APP_TOKEN, SECRET = "xoxb-stand-in", "xapp-stand-in", "signing-secret-of-the-stand-in"
TEAM, BOT, BOT_ID, APP = "T0OURS", "U0BOT", "B0BOT", "A0APP"
ACK = 3.0
RETRIES = (0.0, 0.5, 1.0, 2.0)
#: Scopes that Slack knows (of bots, as far as they could matter here).
SCOPES = set(
    "app_mentions:read channels:history channels:join channels:read chat:write chat:write.public commands "
    "files:read files:write groups:history groups:read im:history im:read im:write mpim:history "
    "reactions:read reactions:write team:read users:read users:read.email".split()
)
NEEDS = {
    "auth.test": (),
    "chat.postMessage": ("chat:write",),
    "chat.postEphemeral": ("chat:write",),
    "chat.update": ("chat:write",),
    "chat.getPermalink": (),
    "conversations.open": ("im:write",),
    "conversations.info": ("channels:read", "groups:read"),
    "conversations.members": ("channels:read", "groups:read"),
    "conversations.history": ("channels:history", "groups:history", "im:history"),
    "conversations.replies": ("channels:history", "groups:history", "im:history"),
    "users.info": ("users:read",),
    "team.info": ("team:read",),
    "views.open": (),
    "views.update": (),
    "views.publish": (),
    "reactions.add": ("reactions:write",),
    "files.getUploadURLExternal": ("files:write",),
    "files.completeUploadExternal": ("files:write",),
    "files.delete": ("files:write",),
}
EVENTS_NEED = {
    "app_mention": "app_mentions:read",
    "app_home_opened": None,
    "member_left_channel": "channels:read",
    "message.channels": "channels:history",
    "message.groups": "groups:history",
    "message.im": "im:history",
}


class Refusal(Exception):
    """Slack's 'ok: false'."""

    def __init__(self, error: str, **more: Any) -> None:
        super().__init__(error)
        self.answer = {"ok": False, "error": error, **more}


class StandIn:
    """One workspace with one app installed, and what people do in it."""

    def __init__(self) -> None:
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.api = f"{self.url}/api/"
        self.scopes = set(MANIFEST["oauth_config"]["scopes"]["bot"])
        unknown = self.scopes - SCOPES
        assert not unknown, f"Slack knows no such scopes: {unknown}"
        self.events = set(MANIFEST["settings"]["event_subscriptions"]["bot_events"])
        assert self.events <= set(EVENTS_NEED), (
            f"Slack knows no such events: {self.events - set(EVENTS_NEED)}"
        )
        self.teams = {TEAM: "Oranga Joint Team"}
        self.users: dict[str, dict[str, Any]] = {}
        self.channels: dict[str, dict[str, Any]] = {}
        self.files: dict[str, dict[str, Any]] = {}
        self.views: list[dict[str, Any]] = []
        self.homes: dict[str, dict[str, Any]] = {}
        self.ephemerals: list[dict[str, Any]] = []
        self.calls: list[tuple[float, str, dict[str, Any]]] = []
        self.refusals: list[dict[str, Any]] = []
        self.acks: list[float] = []
        self.log: list[dict[str, Any]] = []
        self.request_url: str | None = None  # set: Events over HTTP instead of Socket Mode
        self._triggers: dict[str, tuple[str, float]] = {}
        self._responses: dict[str, dict[str, Any]] = {}
        self._uploads: dict[str, str] = {}
        self._troubles: dict[str, list[Any]] = defaultdict(list)
        self._sockets: list[WebSocket] = []
        self._tickets: set[str] = set()
        self._acked: dict[str, tuple[threading.Event, dict[str, Any]]] = {}
        self._clock = itertools.count(1)
        self._number = itertools.count(1)
        self._guard = threading.RLock()
        self._stopped = threading.Event()
        self._hands = ThreadPoolExecutor(max_workers=256)
        self._server = uvicorn.Server(
            uvicorn.Config(self._app(), port=self.port, log_level="error", ws="wsproto", lifespan="off")
        )

    # -- running ----------------------------------------------------------------------------------

    def __enter__(self) -> StandIn:
        threading.Thread(target=self._server.run, daemon=True).start()
        deadline = time.monotonic() + 10
        while not self._server.started:
            assert time.monotonic() < deadline, "the stand-in has not started"
            time.sleep(0.02)
        return self

    def __exit__(self, *_: object) -> None:
        self._stopped.set()
        self._server.should_exit = True
        self._server.force_exit = True
        self._hands.shutdown(wait=False, cancel_futures=True)

    def _app(self) -> FastAPI:
        app = FastAPI()

        @app.post("/api/{method}")
        async def call(method: str, request: Request) -> Response:
            return await run_in_threadpool(self._call, method, await self._arguments(request), request)

        @app.post("/upload/{file}")
        async def upload(file: str, request: Request) -> Response:
            body = await request.body()
            if file not in self.files or len(body) != self.files[file]["length"]:
                return PlainTextResponse("no such upload", 404)
            self.files[file]["content"] = body
            return PlainTextResponse(f"OK - {len(body)}")

        @app.post("/response/{id_}")
        async def respond(id_: str, request: Request) -> Response:
            return await run_in_threadpool(self._respond, id_, await request.json())

        @app.websocket("/link")
        async def link(socket: WebSocket, ticket: str) -> None:
            if ticket not in self._tickets:
                await socket.close(4001)
                return
            self._tickets.discard(ticket)
            await socket.accept()
            self._loop = asyncio.get_running_loop()
            hello = {"type": "hello", "num_connections": 1, "connection_info": {"app_id": APP}}
            await socket.send_text(json.dumps(hello))
            self._sockets.append(socket)
            try:
                while True:
                    self._receive(json.loads(await socket.receive_text()))
            except (WebSocketDisconnect, RuntimeError):
                pass
            finally:
                with contextlib.suppress(ValueError):
                    self._sockets.remove(socket)

        return app

    @staticmethod
    async def _arguments(request: Request) -> dict[str, Any]:
        if request.headers.get("content-type", "").startswith("application/json"):
            body = await request.body()
            return dict(json.loads(body)) if body else {}
        from urllib.parse import parse_qsl

        found: dict[str, Any] = dict(parse_qsl((await request.body()).decode()))
        for name in ("blocks", "view", "metadata", "files"):
            if isinstance(found.get(name), str):
                found[name] = json.loads(found[name])
        return found

    # -- trouble on purpose -----------------------------------------------------------------------

    def trouble(self, method: str, *how: Any) -> None:
        """What happens on the next calls of ``method``, one after the other.

        ``429`` or ``503``; ``"lost"``: done, but the answer is lost; an ``Event``: held until it is
        set, then done; ``("done", event)``: done at once, the answer held until the event is set.
        """
        self._troubles[method].extend(how)

    # -- the Web API ------------------------------------------------------------------------------

    def _call(self, method: str, given: dict[str, Any], request: Request) -> Response:
        self.calls.append((time.time(), method, given))
        how = self._troubles[method].pop(0) if self._troubles[method] else None
        if how == 429:
            limited = {"ok": False, "error": "ratelimited"}
            return JSONResponse(limited, 429, {"Retry-After": "1"})
        if how == 503:
            return JSONResponse({"ok": False, "error": "service_unavailable"}, 503)
        if isinstance(how, threading.Event):
            how.wait(60)
        try:
            answer = self._answer(method, given, request)
        except Refusal as refusal:
            answer = refusal.answer
            self.refusals.append({"method": method, "given": given, **answer})
        if how == "lost":
            return JSONResponse(None, 500)
        if isinstance(how, tuple):
            how[1].wait(60)
        return JSONResponse(answer, headers={"x-oauth-scopes": ",".join(sorted(self.scopes))})

    def _answer(self, method: str, given: dict[str, Any], request: Request) -> dict[str, Any]:
        token = request.headers.get("authorization", "").removeprefix("Bearer ") or given.get("token", "")
        if method == "apps.connections.open":
            if token != APP_TOKEN:
                raise Refusal("not_allowed_token_type" if token == BOT_TOKEN else "invalid_auth")
            ticket = uuid.uuid4().hex
            self._tickets.add(ticket)
            return {"ok": True, "url": f"ws://127.0.0.1:{self.port}/link?ticket={ticket}&app_id={APP}"}
        if method not in NEEDS:
            raise Refusal("unknown_method")
        if token != BOT_TOKEN:
            raise Refusal("invalid_auth" if token else "not_authed")
        needed = NEEDS[method]
        if needed and not set(needed) & self.scopes:
            raise Refusal("missing_scope", needed=",".join(needed), provided=",".join(self.scopes))
        with self._guard:
            answer: dict[str, Any] = getattr(self, "_do_" + method.replace(".", "_"))(given)
        return {"ok": True, **answer}

    def _do_auth_test(self, given: dict[str, Any]) -> dict[str, Any]:
        return {"team": self.teams[TEAM], "team_id": TEAM, "user_id": BOT, "bot_id": BOT_ID, "url": self.url}

    def _channel(self, given: dict[str, Any]) -> dict[str, Any]:
        channel = self.channels.get(given.get("channel", ""))
        if channel is None:
            raise Refusal("channel_not_found")
        if BOT not in channel["members"]:
            raise Refusal("not_in_channel" if channel["kind"] == "channel" else "channel_not_found")
        return channel

    def _check_message(self, given: dict[str, Any]) -> None:
        if not given.get("text"):
            raise Refusal("no_text")  # Slack only warns when there are blocks; here it is a fault
        if len(given["text"]) > 40_000:
            raise Refusal("msg_too_long")
        self._check(faults(given.get("blocks", []), MESSAGE, self._images()))
        metadata = given.get("metadata")
        if metadata is not None and set(metadata) != {"event_type", "event_payload"}:
            raise Refusal("metadata_must_be_sent_from_app")

    def _check(self, found: list[str]) -> None:
        if found:
            raise Refusal("invalid_blocks", response_metadata={"messages": found})

    def _images(self) -> set[str]:
        return {id_ for id_, file in self.files.items() if file.get("done") and file["name"].endswith(".png")}

    def _do_chat_postMessage(self, given: dict[str, Any]) -> dict[str, Any]:
        channel = self._channel(given)
        self._check_message(given)
        thread = given.get("thread_ts")
        if thread and not any(message["ts"] == thread for message in channel["messages"]):
            raise Refusal("thread_not_found")
        message = self._message(
            given["channel"],
            BOT,
            given["text"],
            thread,
            blocks=given.get("blocks", []),
            metadata=given.get("metadata"),
            bot_id=BOT_ID,
            broadcast=str(given.get("reply_broadcast", "")).lower() in ("1", "true"),
        )
        return {"channel": given["channel"], "ts": message["ts"], "message": message}

    def _do_chat_update(self, given: dict[str, Any]) -> dict[str, Any]:
        self._check_message(given)
        message = self.message(given["channel"], given["ts"])
        message |= {"text": given["text"], "blocks": given.get("blocks", [])}
        return {"channel": given["channel"], "ts": given["ts"], "text": given["text"]}

    def _do_chat_postEphemeral(self, given: dict[str, Any]) -> dict[str, Any]:
        self._channel(given)
        self._check_message(given)
        self._ephemeral(given["user"], given["channel"], given)
        return {"message_ts": self._ts()}

    def _do_chat_getPermalink(self, given: dict[str, Any]) -> dict[str, Any]:
        self._channel(given)
        self.message(given["channel"], given["message_ts"])
        stamp = given["message_ts"].replace(".", "")
        return {"permalink": f"{self.url}/archives/{given['channel']}/p{stamp}"}

    def _do_conversations_open(self, given: dict[str, Any]) -> dict[str, Any]:
        if given["users"] not in self.users:
            raise Refusal("user_not_found")
        return {"channel": {"id": self.direct(given["users"])}}

    def _do_conversations_info(self, given: dict[str, Any]) -> dict[str, Any]:
        channel = self._channel(given)
        return {"channel": {"id": given["channel"], "name": channel["name"]}}

    def _do_conversations_members(self, given: dict[str, Any]) -> dict[str, Any]:
        return {"members": sorted(self._channel(given)["members"]), "response_metadata": {"next_cursor": ""}}

    def _do_conversations_history(self, given: dict[str, Any]) -> dict[str, Any]:
        channel = self._channel(given)
        return self._page(
            given, [m for m in channel["messages"] if not m.get("thread_ts") or m["thread_ts"] == m["ts"]]
        )

    def _do_conversations_replies(self, given: dict[str, Any]) -> dict[str, Any]:
        channel = self._channel(given)
        root = given["ts"]
        found = [m for m in channel["messages"] if root in (m["ts"], m.get("thread_ts"))]
        if not found:
            raise Refusal("thread_not_found")
        return self._page(given, found)

    @staticmethod
    def _page(given: dict[str, Any], messages: list[dict[str, Any]]) -> dict[str, Any]:
        some = [m for m in messages if float(m["ts"]) >= float(given.get("oldest", 0))]
        start, most = int(given.get("cursor") or 0), int(given.get("limit", 100))
        shown = [dict(m) for m in some[start : start + most]]
        if str(given.get("include_all_metadata", "")).lower() not in ("1", "true"):
            for message in shown:
                message.pop("metadata", None)
        following = str(start + most) if start + most < len(some) else ""
        return {"messages": shown, "response_metadata": {"next_cursor": following}}

    def _do_users_info(self, given: dict[str, Any]) -> dict[str, Any]:
        user = self.users.get(given["user"])
        if user is None:
            raise Refusal("user_not_found")
        profile = {"display_name": user["name"], "real_name": user["name"]}
        return {"user": {"id": given["user"], "team_id": user["team"], "profile": profile}}

    def _do_team_info(self, given: dict[str, Any]) -> dict[str, Any]:
        team = given.get("team", TEAM)
        if team not in self.teams:
            raise Refusal("team_not_found")
        return {"team": {"id": team, "name": self.teams[team]}}

    def _do_views_open(self, given: dict[str, Any]) -> dict[str, Any]:
        user, at = self._triggers.pop(given["trigger_id"], ("", 0.0))
        if not user:
            raise Refusal("exchanged_trigger_id")
        if time.time() - at > ACK:
            raise Refusal("expired_trigger_id")
        self._check(view_faults(given["view"], self._images()))
        view = {**given["view"], "id": f"V{next(self._number)}", "user": user}
        self.views.append(view)
        self._note(user, None, "modal", view)
        return {"view": view}

    def _do_views_update(self, given: dict[str, Any]) -> dict[str, Any]:
        self._check(view_faults(given["view"], self._images()))
        return {"view": given["view"]}

    def _do_views_publish(self, given: dict[str, Any]) -> dict[str, Any]:
        self._check(view_faults(given["view"], self._images()))
        self.homes[given["user_id"]] = given["view"]
        self._note(given["user_id"], None, "home", given["view"])
        return {"view": given["view"]}

    def _do_reactions_add(self, given: dict[str, Any]) -> dict[str, Any]:
        return {}

    def _do_files_getUploadURLExternal(self, given: dict[str, Any]) -> dict[str, Any]:
        file = f"F{next(self._number)}"
        self.files[file] = {
            "id": file,
            "name": given["filename"],
            "length": int(given["length"]),
            "alt": given.get("alt_txt"),
        }
        return {"file_id": file, "upload_url": f"{self.url}/upload/{file}"}

    def _do_files_completeUploadExternal(self, given: dict[str, Any]) -> dict[str, Any]:
        done = []
        for item in given["files"]:
            file = self.files.get(item["id"])
            if file is None or "content" not in file:
                raise Refusal("file_not_found")
            file |= {"done": True, "title": item.get("title")}
            done.append({"id": item["id"], "name": file["name"], "title": file["title"]})
        if given.get("channel_id"):
            self._channel({"channel": given["channel_id"]})
            self._message(
                given["channel_id"],
                BOT,
                given.get("initial_comment", ""),
                given.get("thread_ts"),
                files=done,
                bot_id=BOT_ID,
            )
        return {"files": done}

    def _do_files_delete(self, given: dict[str, Any]) -> dict[str, Any]:
        if self.files.pop(given["file"], None) is None:
            raise Refusal("file_not_found")
        return {}

    def _respond(self, id_: str, given: dict[str, Any]) -> Response:
        kept = self._responses.get(id_)
        if kept is None or kept["used"] >= 5:
            return PlainTextResponse("used_url", 404)
        kept["used"] += 1
        found = faults(given.get("blocks") or [], MESSAGE, self._images())
        if found or not given.get("text"):
            self.refusals.append({"method": "response_url", "given": given, "error": found or "no_text"})
            return PlainTextResponse("invalid_blocks", 400)
        self._ephemeral(kept["user"], kept["channel"], given)
        return PlainTextResponse("ok")

    # -- what is kept -----------------------------------------------------------------------------

    def _ts(self) -> str:
        return f"{int(time.time())}.{next(self._clock):06d}"

    def _message(self, channel: str, user: str, text: str, thread: str | None, **more: Any) -> dict[str, Any]:
        with self._guard:
            message = {"type": "message", "user": user, "text": text, "ts": self._ts(), "channel": channel}
            message |= {key: value for key, value in more.items() if value is not None}
            if thread:
                message["thread_ts"] = thread
            self.channels[channel]["messages"].append(message)
            self._note(user, channel, "message", message)
            return message

    def _ephemeral(self, user: str, channel: str, given: dict[str, Any]) -> None:
        shown = {"text": given["text"], "blocks": given.get("blocks") or [], "user": user, "channel": channel}
        self.ephemerals.append(shown)
        self._note(user, channel, "ephemeral", shown)

    def _note(self, user: str, channel: str | None, kind: str, what: dict[str, Any]) -> None:
        self.log.append({"user": user, "channel": channel, "kind": kind, "what": what})

    def message(self, channel: str, ts: str) -> dict[str, Any]:
        """The message with this ``ts``."""
        return next(m for m in self.channels[channel]["messages"] if m["ts"] == ts)

    def of_bot(self, channel: str, thread: str | None = None) -> list[dict[str, Any]]:
        """The bot's messages in a channel, or in one of its threads."""
        with self._guard:
            every = list(self.channels[channel]["messages"])
        return [m for m in every if m["user"] == BOT and (thread is None or m.get("thread_ts") == thread)]

    def count(self, method: str) -> int:
        """How often a method was called."""
        return sum(called == method for _, called, _ in self.calls)

    # -- people and places ------------------------------------------------------------------------

    def user(self, id_: str, name: str, team: str = TEAM) -> str:
        """Somebody."""
        self.users[id_] = {"name": name, "team": team}
        return id_

    def channel(self, id_: str, name: str, *members: str, kind: str = "channel", bot: bool = True) -> str:
        """A channel (``kind`` may be ``group`` for a private one)."""
        self.channels[id_] = {
            "name": name,
            "kind": kind,
            "members": {*members, *([BOT] if bot else [])},
            "messages": [],
        }
        return id_

    def direct(self, user: str) -> str:
        """The direct message between the bot and somebody."""
        id_ = f"D{user}"
        if id_ not in self.channels:
            self.channel(id_, f"direct with {user}", user, kind="im")
        return id_

    # -- what people do ---------------------------------------------------------------------------

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
        values = {}
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
        assert not set(chosen) - set(values), f"the modal has no {set(chosen) - set(values)}"
        self._note(view["user"], None, "submit", {"title": view["title"]["text"], "chosen": chosen})
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

    def _trigger(self, user: str) -> str:
        trigger = f"{next(self._number)}.{uuid.uuid4().hex}"
        self._triggers[trigger] = (user, time.time())
        return trigger

    def _response_url(self, user: str, channel: str) -> str:
        id_ = uuid.uuid4().hex
        self._responses[id_] = {"user": user, "channel": channel, "used": 0}
        return f"{self.url}/response/{id_}"

    # -- sending ----------------------------------------------------------------------------------

    def _send_until_acked(self, kind: str, body: dict[str, Any]) -> dict[str, Any]:
        for attempt, pause in enumerate((*RETRIES, *[2.0] * 30)):
            if self._stopped.wait(pause):
                return {}
            try:
                return self._send(kind, body, attempt)
            except TimeoutError:
                continue
        raise AssertionError(f"never acknowledged: {body}")

    def _send(self, kind: str, body: dict[str, Any], attempt: int = 0) -> dict[str, Any]:
        """Send once; what the acknowledgement said. Raises ``TimeoutError`` without one in 3 s."""
        started = time.monotonic()
        answer = (
            self._over_http(kind, body, attempt) if self.request_url else self._by_socket(kind, body, attempt)
        )
        self.acks.append(time.monotonic() - started)
        return answer

    def _by_socket(self, kind: str, body: dict[str, Any], attempt: int) -> dict[str, Any]:
        deadline = time.monotonic() + ACK
        while not self._sockets:
            if time.monotonic() > deadline:
                raise TimeoutError("nobody is connected")
            time.sleep(0.02)
        envelope = uuid.uuid4().hex
        acked, answer = self._acked[envelope] = (threading.Event(), {})
        message = {"type": kind, "envelope_id": envelope, "payload": body}
        message["accepts_response_payload"] = kind != "events_api"
        if attempt:
            message |= {"retry_attempt": attempt, "retry_reason": "timeout"}
        try:
            sending = self._sockets[-1].send_text(json.dumps(message))
            asyncio.run_coroutine_threadsafe(sending, self._loop).result(ACK)
        except Exception:
            raise TimeoutError("the socket is gone") from None
        if not acked.wait(ACK):
            raise TimeoutError("no acknowledgement")
        return answer

    def _receive(self, message: dict[str, Any]) -> None:
        acked, answer = self._acked.get(message.get("envelope_id", ""), (None, {}))
        if acked is not None:
            answer.update(message.get("payload") or {})
            acked.set()

    def disconnect(self) -> None:
        """Slack asks every connection to come anew, and then closes it."""
        note = json.dumps({"type": "disconnect", "reason": "refresh_requested", "debug_info": {}})
        for socket in list(self._sockets):
            asyncio.run_coroutine_threadsafe(socket.send_text(note), self._loop).result(ACK)

    def cut(self) -> None:
        """Every connection breaks off without a word."""
        for socket in list(self._sockets):
            with contextlib.suppress(Exception):
                asyncio.run_coroutine_threadsafe(socket.close(1011), self._loop).result(ACK)

    def connected(self) -> int:
        """How many sockets are connected."""
        return len(self._sockets)

    def signed(self, data: str, at: float | None = None, secret: str = SECRET) -> dict[str, str]:
        """The headers with which Slack signs a request."""
        stamp = str(int(at or time.time()))
        mac = hmac.new(secret.encode(), f"v0:{stamp}:{data}".encode(), hashlib.sha256).hexdigest()
        return {"X-Slack-Request-Timestamp": stamp, "X-Slack-Signature": f"v0={mac}"}

    def _over_http(self, kind: str, body: dict[str, Any], attempt: int) -> dict[str, Any]:
        assert self.request_url is not None
        if kind == "events_api":
            data, content = json.dumps(body), "application/json"
        else:
            form = body if kind == "slash_commands" else {"payload": json.dumps(body)}
            data, content = urlencode(form), "application/x-www-form-urlencoded"
        headers = {"Content-Type": content, **self.signed(data)}
        if attempt:
            headers |= {"X-Slack-Retry-Num": str(attempt), "X-Slack-Retry-Reason": "http_timeout"}
        try:
            answer = requests.post(self.request_url, data=data.encode(), headers=headers, timeout=ACK)
        except requests.RequestException as error:
            raise TimeoutError(str(error)) from None
        if answer.status_code != 200:
            raise TimeoutError(f"answered {answer.status_code}")
        return dict(answer.json()) if answer.text.startswith("{") else {"text": answer.text}


def button_titles(shown: dict[str, Any]) -> list[str]:
    """What stands on the buttons of a message or a view."""
    rows = [block for block in shown.get("blocks", ()) if block["type"] == "actions"]
    return [element["text"]["text"] for row in rows for element in row["elements"]]


def words_in(shown: dict[str, Any]) -> str:
    """All words in a message or a view: its text, and those of its blocks."""
    found: list[str] = [shown.get("text", "")] if isinstance(shown.get("text"), str) else []

    def walk(part: Any) -> None:
        if isinstance(part, dict):
            if part.get("type") in ("plain_text", "mrkdwn"):
                found.append(part["text"])
            for value in part.values():
                walk(value)
        elif isinstance(part, list):
            for value in part:
                walk(value)

    walk(shown.get("blocks", []))
    walk(shown.get("title", {}))
    return "\n".join(found)


__all__ = ["APP_TOKEN", "BOT", "BOT_TOKEN", "SECRET", "TEAM", "Path", "StandIn", "button_titles", "words_in"]
