"""Real processes are killed; nothing that was said is lost, and the user gets a sentence."""

from __future__ import annotations

import json
import signal
import sqlite3

import pytest
from support import Servers, texts, wait_for

from critical_friend.cli.chatting import ChatError


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


def test_what_is_told_after_a_rehearsal_was_stopped_meanwhile_is_evidence(own_servers: Servers):
    """Nothing typed in a play is read for signals; but here the play's end is not known yet."""
    talk = own_servers.conversation()
    talk.say("Ask a senior manager to be your guardian angel", "rehearse:guardian-angel")
    own_servers.stop("actions", signal.SIGKILL)
    talk.say("stop")
    talk.say("Nobody senior is covering for us.")
    own_servers.start("actions")
    own_servers.wait()
    reading = talk.say("Kia ora")[-1]["custom"]
    assert reading["signals"]["guardian_angel"]["value"] == "no"


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
    talk = own_servers.conversation()
    talk.say("Kia ora")
    with sqlite3.connect(own_servers.database) as db:
        db.execute("update states set slots = ?", (json.dumps({"case": {"evidence": [["a"]]}}),))
    assert "What you said is safe" in texts(talk.say("hello, a very particular pelican"))
    assert "A message could not be answered. TypeError at" in own_servers.log("actions")
    with sqlite3.connect(own_servers.database) as db:
        db.execute("update states set slots = '{}'")
    assert "here is my answer to all you said since" in texts(talk.say("hello again"))
    for server in own_servers.commands:
        assert "pelican" not in own_servers.log(server)


def test_a_fault_in_the_gateway_gives_a_sentence_each_time(own_servers: Servers):
    """Also to a client that keeps its connection, as browsers do."""
    talk = own_servers.conversation()
    with sqlite3.connect(own_servers.database) as db:
        db.execute("alter table conversations rename to elsewhere")
    for _ in range(3):
        with pytest.raises(ChatError, match="Something has gone wrong on our side"):
            talk.say("a very particular pelican")
    assert "OperationalError" in own_servers.log("gateway")
    assert "pelican" not in own_servers.log("gateway") and talk.token not in own_servers.log("gateway")
    with sqlite3.connect(own_servers.database) as db:
        db.execute("alter table elsewhere rename to conversations")
    assert talk.say("Kia ora")
