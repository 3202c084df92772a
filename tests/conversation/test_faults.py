"""Real processes are killed; nothing that was said is lost, and the user gets a sentence."""

from __future__ import annotations

import signal

from support import Servers, texts, wait_for

from critical_friend.gateway.rasa_client import RasaClient


def answered(talk) -> str:
    return texts(talk.say("what have you noted so far?"))


def test_the_action_server_is_killed_and_comes_back(own_servers: Servers):
    talk = own_servers.conversation()
    asked = talk.say("Ask me more", "ask")[-1]["custom"]["question"]["signal"]
    own_servers.stop("actions", signal.SIGKILL)
    wait_for(lambda: own_servers.get("/health").status_code == 503, 20, "health to tell of it")
    said = texts(talk.say("yes"))
    assert "What you said is safe" in said and "Traceback" not in said
    own_servers.start("actions")
    own_servers.wait()
    replies = talk.say("Kia ora")
    assert "here is my answer to all you said since" in texts(replies)
    assert replies[-1]["custom"]["signals"][asked]["value"] == "yes"


def test_rasa_is_killed_and_comes_back(own_servers: Servers):
    talk = own_servers.conversation()
    asked = talk.say("Ask me more", "ask")[-1]["custom"]["question"]["signal"]
    own_servers.stop("assistant", signal.SIGKILL)
    assert "What you said is safe" in texts(talk.say("no"))
    own_servers.start("assistant")
    own_servers.wait()
    reading = talk.say("Kia ora")[-1]["custom"]
    assert reading["signals"][asked]["value"] == "no"
    said = [line["text"] for line in talk.read()["transcript"] if line["by"] == "user"]
    assert said == ["Ask me more", "no", "Kia ora"]


def test_the_gateway_is_killed_and_comes_back(own_servers: Servers):
    talk = own_servers.conversation()
    talk.say("Ask me more", "ask")
    before = talk.say("yes")[-1]["custom"]["signals"]
    own_servers.stop("gateway", signal.SIGKILL)
    own_servers.start("gateway")
    own_servers.wait()
    assert talk.read()["reading"]["signals"] == before


def test_an_action_that_fails_gives_a_sentence(own_servers: Servers):
    """A state that no version of ours wrote makes the action raise."""
    import json
    import sqlite3

    talk = own_servers.conversation()
    talk.say("Kia ora")
    with sqlite3.connect(own_servers.database) as db:
        db.execute("update states set slots = ?", (json.dumps({"case": {"evidence": [["a"]]}}),))
    client = RasaClient(own_servers.environment["CRITICAL_FRIEND_RASA"],
                        own_servers.environment["CRITICAL_FRIEND_INTERNAL_KEY"])
    assert client
    answer = talk._session.post(f"{talk._url}/{talk.id}/messages", json={"text": "hello"}, timeout=30)
    assert "Traceback" not in answer.text
