"""The Web API, the address for private answers, and trouble with them on purpose."""

from __future__ import annotations

import threading
import time
import uuid
from collections import defaultdict
from typing import Any

from fastapi import Request
from fastapi.responses import JSONResponse, PlainTextResponse, Response

from tests.slack.block_kit import MESSAGE, faults, view_faults
from tests.slack.stand_in.facts import ACK, APP, APP_TOKEN, BOT, BOT_ID, BOT_TOKEN, NEEDS, TEAM, Refusal
from tests.slack.stand_in.workspace import Workspace


class WebApi(Workspace):
    """What the app may call, and what it is answered."""

    def __init__(self, url: str) -> None:
        super().__init__(url)
        self.api = f"{url}/api/"
        self.away = False  # every call is answered 503
        self.refused: dict[str, str] = {}  # by token: the error with which every call is refused
        self.calls: list[tuple[float, str, dict[str, Any]]] = []
        self.refusals: list[dict[str, Any]] = []
        self._troubles: dict[str, list[Any]] = defaultdict(list)
        self._tickets: set[str] = set()

    def count(self, method: str) -> int:
        """How often a method was called."""
        return sum(called == method for _, called, _ in self.calls)

    def trouble(self, method: str, *how: Any) -> None:
        """What happens on the next calls of ``method``, one after the other.

        ``429`` or ``503``; ``"lost"``: done, but the answer is lost; an ``Event``: held until it is
        set, then done; ``("done", event)``: done at once, the answer held until the event is set.
        """
        self._troubles[method].extend(how)

    def _call(self, method: str, given: dict[str, Any], request: Request) -> Response:
        self.calls.append((time.time(), method, given))
        how = self._troubles[method].pop(0) if self._troubles[method] else None
        if how == 429:
            limited = {"ok": False, "error": "ratelimited"}
            return JSONResponse(limited, 429, {"Retry-After": "1"})
        if how == 503 or self.away:
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
        if token in self.refused:
            raise Refusal(self.refused[token])
        if method == "apps.connections.open":
            if token != APP_TOKEN:
                raise Refusal("not_allowed_token_type" if token == BOT_TOKEN else "invalid_auth")
            ticket = uuid.uuid4().hex
            self._tickets.add(ticket)
            return {"ok": True, "url": f"{self.url.replace('http', 'ws')}/link?ticket={ticket}&app_id={APP}"}
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
        view = next((view for view in self.views if view["id"] == given["view_id"]), None)
        if view is None:
            raise Refusal("not_found")
        kept = {"id": view["id"], "user": view["user"]}
        view.clear()
        view.update(given["view"], **kept)
        return {"view": view}

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
