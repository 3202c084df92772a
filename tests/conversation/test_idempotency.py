"""A message sent twice with one key is one turn, whatever happens between."""

from __future__ import annotations

import signal
import sqlite3
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import requests
from support import Servers, wait_for


class Sender:
    """One conversation, and the messages sent to it with a key."""

    def __init__(self, servers: Servers) -> None:
        self.servers = servers
        self.opened = servers.post("/api/conversations").json()
        self.url = f"{servers.url}/api/conversations/{self.opened['conversation']}"
        self.headers = {"Authorization": f"Bearer {self.opened['token']}"}

    def send(self, key: str, text: str = "Trust: yes", payload: str | None = "note:trust:yes"):
        return requests.post(
            f"{self.url}/messages",
            json={"text": text, "payload": payload},
            headers={**self.headers, "Idempotency-Key": key},
            timeout=60,
        )

    def said(self) -> list[str]:
        lines = requests.get(self.url, headers=self.headers, timeout=30).json()["transcript"]
        return [line["text"] for line in lines if line["by"] == "user"]

    def claims(self) -> int:
        with sqlite3.connect(self.servers.database) as db:
            count = "select count(*) from answers where sender_id = ?"
            return db.execute(count, (self.opened["conversation"],)).fetchone()[0]


@pytest.fixture
def sender(servers):
    return Sender(servers)


def test_the_same_again_gives_the_same_and_is_one_turn(sender):
    first = sender.send("a")
    assert first.status_code == 200
    assert sender.send("a").content == first.content
    assert sender.said() == ["Trust: yes"]


def test_the_same_key_with_another_message_is_refused(sender):
    sender.send("a")
    answer = sender.send("a", "Trust: no", "note:trust:no")
    assert answer.status_code == 422 and "another message" in answer.json()["detail"]
    assert sender.said() == ["Trust: yes"]


def test_another_key_is_another_turn_and_other_conversations_have_keys_of_their_own(sender, servers):
    sender.send("a")
    sender.send("b")
    assert sender.said() == ["Trust: yes"] * 2
    other = Sender(servers)
    assert other.send("a", "Kia ora", None).status_code == 200
    assert other.said() == ["Kia ora"]


@pytest.mark.parametrize("key", ["", "x" * 129, "with a space", "tūī".encode().decode("latin-1")])
def test_a_key_of_the_wrong_form(sender, key):
    answer = sender.send(key)
    assert answer.status_code == 422 and "idempotency-key" in answer.json()["detail"]
    assert sender.said() == []


def test_two_at_once_are_one_turn(own_servers: Servers):
    """The second comes while the first is still running: the action server is held meanwhile."""
    sender = Sender(own_servers)
    actions = own_servers.processes["actions"]
    actions.send_signal(signal.SIGSTOP)
    try:
        with ThreadPoolExecutor(4) as pool:
            running = [pool.submit(sender.send, "a") for _ in range(4)]
            wait_for(lambda: sender.claims() == 1, 20, "the first to be taken")
            assert not any(sending.done() for sending in running)
            actions.send_signal(signal.SIGCONT)
            answers = [sending.result() for sending in running]
    finally:
        actions.send_signal(signal.SIGCONT)
    assert {answer.status_code for answer in answers} == {200}
    assert len({answer.content for answer in answers}) == 1
    assert sender.said() == ["Trust: yes"]

    # The gateway is killed after the answer and started again.
    own_servers.stop("gateway", signal.SIGKILL)
    own_servers.start("gateway")
    own_servers.wait()
    assert sender.send("a").content == answers[0].content

    # It is killed while the turn runs; Rasa ends the turn meanwhile, or after it is sent again.
    for key, goes_on_first in (("b", True), ("c", False)):
        _killed_within(own_servers, sender, key, goes_on_first)
    assert sender.said() == ["Trust: yes", "Leave to try (b): yes", "Leave to try (c): yes"]


def _killed_within(servers: Servers, sender: Sender, key: str, goes_on_first: bool) -> None:
    actions = servers.processes["actions"]
    before = len(sender.said())
    actions.send_signal(signal.SIGSTOP)
    sending = threading.Thread(target=lambda: _swallow(sender, key))
    sending.start()
    try:
        wait_for(lambda: _waits_for(servers.environment["CRITICAL_FRIEND_ACTIONS"]), 20, "Rasa to ask")
        servers.stop("gateway", signal.SIGKILL)
        sending.join(20)
        servers.start("gateway")
        if goes_on_first:
            actions.send_signal(signal.SIGCONT)
        wait_for(lambda: _answers(servers), 60, "the gateway")
        if goes_on_first:
            wait_for(lambda: len(sender.said()) == before + 1, 30, "Rasa to end the turn")
            answer = sender.send(key, f"Leave to try ({key}): yes", "note:permission:yes")
        else:
            with ThreadPoolExecutor(1) as pool:
                again = pool.submit(sender.send, key, f"Leave to try ({key}): yes", "note:permission:yes")
                actions.send_signal(signal.SIGCONT)
                answer = again.result()
    finally:
        actions.send_signal(signal.SIGCONT)
    assert answer.status_code == 200
    assert answer.json()[-1]["custom"]["signals"]["permission"]["value"] == "yes"
    assert "leave to try new ways" in answer.json()[0]["text"]
    assert sender.send(key, f"Leave to try ({key}): yes", "note:permission:yes").content == answer.content


def _waits_for(actions: str) -> bool:
    """Whether something was sent to the action server that it has not read yet."""
    port = int(actions.rsplit(":", 1)[1].partition("/")[0])
    lines = [line.split() for line in Path("/proc/net/tcp").read_text().splitlines()[1:]]
    return any(
        int(local.rsplit(":", 1)[1], 16) == port and int(queues.rsplit(":", 1)[1], 16)
        for _, local, _, state, queues, *_ in lines
        if state == "01"
    )


def _swallow(sender: Sender, key: str) -> None:
    with pytest.raises(requests.RequestException):
        sender.send(key, f"Leave to try ({key}): yes", "note:permission:yes")


def _answers(servers: Servers) -> bool:
    try:
        return servers.get("/api/guidance").ok
    except requests.RequestException:
        return False
