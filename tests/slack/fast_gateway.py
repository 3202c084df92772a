"""A gateway that answers at once, for the tests that are about Slack's side and need hundreds of turns.

It keeps the contract: the service credential, Idempotency-Key, readings by the real reasoner. It
understands nothing; what is to be noted comes by buttons.
"""

from __future__ import annotations

import threading
import time
import uuid
from typing import Any

import uvicorn
from fastapi import FastAPI, Header, Request
from fastapi.responses import JSONResponse, Response

from critical_friend.case import Case, Evidence
from critical_friend.cli.serving import free_port
from critical_friend.guidance import load
from critical_friend.guidance.catalogue import catalogue
from critical_friend.reading import Reader

SVG = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="600" height="200"><rect width="600" height="200" fill="#eef"/>'
    '<text x="20" y="60" font-family="sans-serif" font-size="30">Whānau, {signals} signals</text></svg>'
)


class FastGateway:
    """The gateway, its turns counted and, if wanted, held."""

    def __init__(self, key: str) -> None:
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.key = key
        self.reader = Reader(load())
        self.cases: dict[str, Case] = {}
        self.said: list[dict[str, Any]] = []
        self.answers: dict[str, Any] = {}
        self.go = threading.Event()  # cleared: every turn waits
        self.go.set()
        self.away = False
        self.guard = threading.Lock()
        self._server = uvicorn.Server(
            uvicorn.Config(self._app(), port=self.port, log_level="error", ws="none", lifespan="off")
        )

    def __enter__(self) -> FastGateway:
        threading.Thread(target=self._server.run, daemon=True).start()
        deadline = time.monotonic() + 10
        while not self._server.started:
            assert time.monotonic() < deadline, "the gateway has not started"
            time.sleep(0.02)
        return self

    def __exit__(self, *_: object) -> None:
        self.go.set()
        self._server.should_exit = True
        self._server.force_exit = True

    def _app(self) -> FastAPI:
        app = FastAPI()

        @app.middleware("http")
        async def door(request: Request, call_next: Any) -> Response:
            if self.away:
                return JSONResponse({"detail": "away"}, 503)
            public = request.url.path == "/api/guidance"
            if not public and request.headers.get("authorization") != f"Bearer {self.key}":
                return JSONResponse({"detail": "Send the service's key."}, 401)
            return await call_next(request)

        @app.get("/api/guidance")
        def guidance() -> dict[str, Any]:
            return catalogue(self.reader.guidance)

        @app.post("/api/conversations", status_code=201)
        def open_() -> dict[str, str]:
            id_ = uuid.uuid4().hex
            self.cases[id_] = Case()
            return {"conversation": id_, "token": "unused"}

        @app.post("/api/conversations/{id_}/messages")
        def say(id_: str, body: dict[str, Any], idempotency_key: str = Header()) -> Response:
            if id_ not in self.cases:
                return JSONResponse({"detail": "There is no such conversation."}, 404)
            with self.guard:
                key = f"{id_}/{idempotency_key}"
                if key in self.answers:
                    return JSONResponse(self.answers[key])
                self.said.append({"conversation": id_, **body})
                self.answers[key] = self._turn(id_, body)
            self.go.wait(60)
            return JSONResponse(self.answers[key])

        @app.get("/api/conversations/{id_}")
        def read(id_: str) -> dict[str, Any]:
            return {"conversation": id_, "transcript": [], "reading": self.reader.read(self.cases[id_])}

        @app.get("/api/conversations/{id_}/brief.{form}")
        def brief(id_: str, form: str) -> Response:
            if form == "svg":
                return Response(SVG.format(signals=len(self.cases[id_].values())), media_type="image/svg+xml")
            return Response(f"<!doctype html><title>Brief</title><p>{id_}", media_type="text/html")

        return app

    def _turn(self, id_: str, body: dict[str, Any]) -> list[dict[str, Any]]:
        kind, _, rest = (body.get("payload") or "").partition(":")
        if kind == "note":
            signal, _, value = rest.partition(":")
            self.cases[id_] = self.cases[id_].note([Evidence(signal, value, body["text"], body["by"], None)])
        reading = self.reader.read(self.cases[id_])
        question = (reading["question"] or {}).get("text", "")
        buttons = [{"title": "Yes", "payload": "affirm"}, {"title": "No", "payload": "deny"}]
        return [
            {"text": f"I heard: {body['text']}", "buttons": []},
            {"text": question, "buttons": buttons, "custom": reading},
        ]
