"""The one door into Rasa: the gateway posts messages here, over loopback and with a shared key.

Rasa's own channels read ``/intent{...}`` as a command. Here typed text is never one, and buttons
come in a field of their own.
"""

from __future__ import annotations

import asyncio
import hmac
import os
from collections.abc import Awaitable, Callable
from typing import Any

from rasa.core.channels.channel import InputChannel, OutputChannel, UserMessage
from sanic import Blueprint, response
from sanic.request import Request
from sanic.response import HTTPResponse

KEY = "CRITICAL_FRIEND_INTERNAL_KEY"
#: Rasa takes text that begins with this sign for a command; a look-alike stands in for it.
COMMAND_SIGN, HARMLESS_SIGN = "/", "\u2044"
#: Seconds for which a turn is remembered after its end. The record has it from then on.
REMEMBERED = 60


def harmless(text: str) -> str:
    """``text`` so that Rasa never takes it for a command."""
    bare = text.strip()
    return HARMLESS_SIGN + bare[1:] if bare.startswith(COMMAND_SIGN) else bare


def _has_model(request: Request) -> bool:
    agent = getattr(request.app.ctx, "agent", None)
    return agent is not None and bool(agent.is_ready())


class Collector(OutputChannel):
    """Keeps the replies of a turn as they were sent."""

    def __init__(self) -> None:
        self.replies: list[dict[str, Any]] = []

    @classmethod
    def name(cls) -> str:
        """The channel's name in events."""
        return GatewayInput.name()

    async def send_response(self, recipient_id: str, message: dict[str, Any]) -> None:
        """Keep one reply."""
        kept = ("text", "buttons", "speaker", "custom")
        self.replies.append({key: message[key] for key in kept if message.get(key)})


class GatewayInput(InputChannel):
    """Messages from the gateway: ``{"conversation", "turn", "text", "button", "by", "at"}``.

    The same ``turn`` sent again, as a gateway does that was restarted meanwhile, is not taken again: it
    gets the replies of the one that runs or has just run. A turn goes on when the gateway hangs up.
    """

    def __init__(self) -> None:
        self._turns: dict[tuple[str, str], asyncio.Task[list[dict[str, Any]]]] = {}

    @classmethod
    def name(cls) -> str:
        """The channel's name, also in its address."""
        return "critical_friend"

    @classmethod
    def from_credentials(cls, credentials: dict[str, Any] | None) -> GatewayInput:
        """Made by Rasa from ``credentials.yml``, which has nothing to set."""
        return cls()

    def blueprint(self, on_new_message: Callable[[UserMessage], Awaitable[Any]]) -> Blueprint:
        """The routes."""
        routes = Blueprint(self.name(), __name__)

        @routes.route("/", methods=["GET"])
        async def ready(request: Request) -> HTTPResponse:
            # Rasa's server also runs when its model could not be loaded, and answers nothing then.
            return response.json({}, status=200 if _has_model(request) else 503)

        @routes.route("/messages", methods=["POST"])
        async def receive(request: Request) -> HTTPResponse:
            key = os.environ.get(KEY, "")
            if not key or not hmac.compare_digest(request.headers.get("x-internal-key", ""), key):
                return response.json({"error": "Only the gateway may post here."}, status=403)
            if not _has_model(request):
                return response.json({"error": "There is no model."}, status=503)
            turn = self._turn(request.json, on_new_message)
            return response.json(await asyncio.shield(turn))

        return routes

    def _turn(
        self, said: dict[str, Any], on_new_message: Callable[[UserMessage], Awaitable[Any]]
    ) -> asyncio.Task[list[dict[str, Any]]]:
        key = (said["conversation"], said["turn"])
        if key not in self._turns:
            self._turns[key] = task = asyncio.create_task(_take(said, on_new_message))
            task.add_done_callback(lambda done: self._ended(key, done))
        return self._turns[key]

    def _ended(self, key: tuple[str, str], task: asyncio.Task[list[dict[str, Any]]]) -> None:
        failed = task.cancelled() or task.exception() is not None
        asyncio.get_running_loop().call_later(0 if failed else REMEMBERED, self._turns.pop, key, None)


async def _take(
    said: dict[str, Any], on_new_message: Callable[[UserMessage], Awaitable[Any]]
) -> list[dict[str, Any]]:
    collector = Collector()
    await on_new_message(
        UserMessage(
            harmless(said["text"]),
            collector,
            said["conversation"],
            input_channel=GatewayInput.name(),
            message_id=said["turn"],
            metadata={k: said[k] for k in ("button", "by", "at") if said.get(k)},
        )
    )
    return collector.replies
