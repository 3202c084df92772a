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
import json
import threading
import time
from typing import Any
from urllib.parse import parse_qsl

import uvicorn
from fastapi import FastAPI, Request, WebSocket, WebSocketDisconnect
from fastapi.responses import PlainTextResponse, Response
from starlette.concurrency import run_in_threadpool

from critical_friend.cli.serving import free_port
from tests.slack.stand_in.facts import APP
from tests.slack.stand_in.people import People
from tests.slack.stand_in.web_api import WebApi


class StandIn(WebApi, People):
    """One workspace with one app installed, and what people do in it."""

    def __init__(self) -> None:
        self.port = free_port()
        super().__init__(f"http://127.0.0.1:{self.port}")
        self._server = uvicorn.Server(
            uvicorn.Config(self._app(), port=self.port, log_level="error", ws="wsproto", lifespan="off")
        )

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
            if self.away or ticket not in self._tickets:
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
        found: dict[str, Any] = dict(parse_qsl((await request.body()).decode()))
        for name in ("blocks", "view", "metadata", "files"):
            if isinstance(found.get(name), str):
                found[name] = json.loads(found[name])
        return found
