"""What a turn reads, sends and writes does not grow with the number of turns."""

from __future__ import annotations

import asyncio
import http.client
import http.server
import itertools
import sqlite3
import threading

import pytest
import sqlalchemy as sa
from rasa.core.agent import Agent
from rasa.core.channels.channel import UserMessage
from rasa.utils.endpoints import EndpointConfig

from assistant.channel import Collector
from assistant.tracker_store import StateTrackerStore
from critical_friend.cli.serving import MODEL

TURNS = 500
SAID = itertools.cycle(
    [
        ("Ask me more", "ask"),
        ("Yes", "affirm"),
        ("No", "deny"),
        ("What have you noted?", "ask_summary"),
        ("what is a guardian angel?", None),
        ("Don't know", "unsure"),
        ("thanks", None),
    ]
)


class Counter:
    def __init__(self):
        self.rows = self.sent = self.written = 0

    def take(self):
        counts = (self.rows, self.sent, self.written)
        self.rows = self.sent = self.written = 0
        return counts


@pytest.fixture
def proxy(servers):
    """Stands before the real action server and counts the bytes that it is sent."""
    counter = Counter()
    target = servers.environment["CRITICAL_FRIEND_ACTIONS"].removeprefix("http://").removesuffix("/webhook")

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_POST(self):
            body = self.rfile.read(int(self.headers["Content-Length"]))
            counter.sent += len(body)
            onward = http.client.HTTPConnection(target)
            onward.request("POST", self.path, body, {"Content-Type": "application/json"})
            answer = onward.getresponse()
            data = answer.read()
            self.send_response(answer.status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, *_):
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield counter, f"http://127.0.0.1:{server.server_port}/webhook"
    server.shutdown()


def test_five_hundred_turns_cost_what_fifty_do(proxy, tmp_path):
    counter, url = proxy
    agent = Agent.load(str(MODEL), action_endpoint=EndpointConfig(url, enable_selective_domain=True))
    store = StateTrackerStore(agent.domain, host=f"sqlite:///{tmp_path / 'flat.db'}")

    @sa.event.listens_for(store.engine, "connect")
    def count_rows(connection, _):
        def row(_, values):
            counter.rows += 1
            return values

        assert isinstance(connection, sqlite3.Connection)
        connection.row_factory = row

    @sa.event.listens_for(store.engine, "before_cursor_execute")
    def count_bytes(_, __, statement, parameters, ___, ____):
        if not statement.startswith("SELECT"):
            counter.written += len(str(parameters).encode())

    store.engine.dispose()
    agent.tracker_store = store
    agent.processor.tracker_store = store

    async def talk():
        turns = []
        for text, button in itertools.islice(SAID, TURNS):
            collector = Collector()
            await agent.handle_message(
                UserMessage(
                    text,
                    collector,
                    "flat",
                    input_channel="critical_friend",
                    metadata={"button": button} if button else {},
                )
            )
            assert collector.replies, f"no reply in turn {len(turns)}"
            turns.append(counter.take())
        return turns

    turns = asyncio.run(talk())
    assert len(turns) == TURNS
    # The case itself fills up at first: a signal is known or it is not. After that all is flat.
    early, late = turns[150:290], turns[360:500]
    for kind, name in enumerate(("rows read", "bytes sent", "bytes written")):
        first = sum(turn[kind] for turn in early)
        last = sum(turn[kind] for turn in late)
        assert last <= first * 1.02, (name, first, last)
        assert first > 0, name
    assert max(rows for rows, _, _ in turns) <= 2
