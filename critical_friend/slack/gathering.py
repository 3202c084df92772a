"""Taking in: what has come in by now is stored in one transaction, and then each of it is acknowledged.

A transaction for each event cost most of the time that it took, and when hundreds come at once, that
time is taken from the three seconds that Slack waits. Nothing is acknowledged before it is stored.
"""

from __future__ import annotations

import asyncio
import logging
import queue
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from functools import partial
from typing import Any

import sqlalchemy as sa
from slack_bolt import App, BoltRequest, BoltResponse
from slack_bolt.adapter.asgi import SlackRequestHandler
from slack_bolt.adapter.socket_mode import SocketModeHandler
from slack_bolt.adapter.socket_mode.internals import build_headers, send_response

from critical_friend.slack.inbox import Inbox

LOG = logging.getLogger(__name__)
#: So many are stored in one transaction: the first of them waits until the last is taken in.
MOST = 40

#: Makes the request; bolt writes into it, so that taking in again needs a new one.
Came = Callable[[], BoltRequest]


class _NotKept(Exception):
    """A listener has failed, and nothing of the transaction is to stay."""


class Gatherer:
    """One thread that takes in what comes, in the order in which it came."""

    def __init__(self, app: App, inbox: Inbox) -> None:
        self._app = app
        self._inbox = inbox
        self._waiting: queue.SimpleQueue[tuple[Came, Future[BoltResponse]]] = queue.SimpleQueue()

    def start(self) -> None:
        """Begin to take in."""
        threading.Thread(target=self._run, daemon=True, name="gatherer").start()

    def take(self, came: Came) -> Future[BoltResponse]:
        """What is to be answered, once it is stored: status 500 when it could not be."""
        answer: Future[BoltResponse] = Future()
        self._waiting.put((came, answer))
        return answer

    def _run(self) -> None:
        while True:
            some = [self._waiting.get()]
            while len(some) < MOST and not self._waiting.empty():
                some.append(self._waiting.get())
            some = [(came, answer) for came, answer in some if answer.set_running_or_notify_cancel()]
            responses = self._take_in([came for came, _ in some])
            for (_, answer), response in zip(some, responses, strict=True):
                answer.set_result(response)

    def _take_in(self, some: list[Came]) -> list[BoltResponse]:
        """Take them in together, or, when one of them cannot be, each by itself."""
        try:
            with self._inbox.together():
                responses = [self._app.dispatch(came()) for came in some]
                if any(response.status >= 500 for response in responses):
                    raise _NotKept
        except (_NotKept, sa.exc.SQLAlchemyError) as error:
            if len(some) == 1:
                if not isinstance(error, _NotKept):  # bolt has logged what a listener raised
                    LOG.error("what came in could not be stored: %r", error)
                return [BoltResponse(status=500)]
            return [response for came in some for response in self._take_in([came])]
        return responses


class OverHttp(SlackRequestHandler):
    """Slack's requests over HTTP, handed to the gatherer."""

    def __init__(self, app: App, gatherer: Gatherer, path: str) -> None:
        super().__init__(app, path)
        self._gatherer = gatherer

    async def dispatch(self, request: Any) -> BoltResponse:
        """The answer to ``request``, once it is stored."""
        body, headers = await request.get_raw_body(), request.get_headers()
        came = partial(BoltRequest, body=body, query=request.query_string, headers=headers)
        return await asyncio.wrap_future(self._gatherer.take(came))


class BySocket(SocketModeHandler):
    """Slack's envelopes by Socket Mode, handed to the gatherer."""

    def __init__(self, app: App, gatherer: Gatherer, token: str) -> None:
        # One thread hands over what comes, so that it is stored in the order in which Slack sent it.
        super().__init__(app, token, concurrency=1, ping_interval=5)
        self._gatherer = gatherer

    def handle(self, client: Any, req: Any) -> None:
        """Take in ``req``, and acknowledge it once it is stored."""
        came = partial(BoltRequest, mode="socket_mode", body=req.payload, headers=build_headers(req))
        answer = self._gatherer.take(came)
        answer.add_done_callback(lambda done: send_response(client, req, done.result(), time.time()))
