"""Sending to the app, by the socket or over HTTP, again and again until it is acknowledged."""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import hmac
import json
import threading
import time
import uuid
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from urllib.parse import urlencode

import requests
from fastapi import WebSocket

from tests.slack.stand_in.facts import ACK, RETRIES, SECRET
from tests.slack.stand_in.workspace import Workspace


class Delivery(Workspace):
    """Slack's side of Socket Mode and of events over HTTP."""

    def __init__(self, url: str) -> None:
        super().__init__(url)
        self.request_url: str | None = None  # set: Events over HTTP instead of Socket Mode
        self.acks: list[float] = []
        self._sockets: list[WebSocket] = []
        self._acked: dict[str, tuple[threading.Event, dict[str, Any]]] = {}
        self._stopped = threading.Event()
        self._hands = ThreadPoolExecutor(max_workers=256)

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
        except Exception:  # in whatever way it broke: nothing arrived, so Slack sends it again
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
