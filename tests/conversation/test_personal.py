"""What is personal is in no table and no log, and the user is told once."""

from __future__ import annotations

import signal
import sqlite3

import requests
from support import Servers, texts

TYPED = (
    "I rang Margaret Wilkes on 021 555 0173 and she gave me margaret.w@example.govt.nz",
    "The family is at 18 Tuikau Street, NHI QZK4471, and case number 8830917 is still open",
    "Her IRD number is 49-091-850 and nobody senior will back us",
)
PERSONAL = (
    "Margaret", "Wilkes", "555 0173", "margaret.w", "Tuikau", "QZK4471", "8830917", "49-091-850", "091-850",
)  # fmt: skip
TOLD = "I took out what looked like a person's details"


def kept(servers: Servers) -> dict[str, str]:
    """All that the servers have written, by where."""
    places = {path.name: path.read_text(errors="replace") for path in servers.folder.rglob("*.log")}
    with sqlite3.connect(servers.database) as db:
        for (table,) in db.execute("select name from sqlite_master where type = 'table'").fetchall():
            places[table] = str(db.execute(f"select * from {table}").fetchall())
    # Also what is in the file but in no row, such as what SQLite deleted.
    for path in servers.folder.glob("case.db*"):
        places[path.name] = path.read_bytes().decode(errors="replace")
    return places


def assert_nowhere(servers: Servers) -> None:
    for where, written in kept(servers).items():
        for detail in PERSONAL:
            assert detail not in written, f"{detail} is in {where}"


def test_nothing_personal_is_kept_and_the_user_is_told_once(servers: Servers):
    talk = servers.conversation()
    assert TOLD not in texts(talk.say("Kia ora"))
    answers = [talk.say(text) for text in TYPED]
    assert [texts(replies).count(TOLD) for replies in answers] == [1, 0, 0]
    assert all("phase" in replies[-1]["custom"] for replies in answers)
    said = [line["text"] for line in talk.read()["transcript"] if line["by"] == "user"]
    assert said[1] == "I rang [name] on [phone] and she gave me [email]"
    assert "nobody senior will back us" in said[3]
    assert "events" in kept(servers) and "[name]" in kept(servers)["events"]
    assert not any(detail in texts(replies) for replies in answers for detail in PERSONAL)
    assert_nowhere(servers)


def test_told_again_only_after_all_was_forgotten(servers: Servers):
    talk = servers.conversation()
    assert TOLD in texts(talk.say(TYPED[0]))
    url = f"{servers.url}/api/conversations/{talk.id}"
    assert (
        requests.delete(url, headers={"Authorization": f"Bearer {talk.token}"}, timeout=30).status_code == 204
    )
    with sqlite3.connect(servers.database) as db:
        assert not db.execute("select * from told where sender_id = ?", (talk.id,)).fetchall()
    assert_nowhere(servers)


def test_nothing_personal_waits_while_the_assistant_is_away(own_servers: Servers):
    talk = own_servers.conversation()
    talk.say("Kia ora")
    own_servers.stop("assistant", signal.SIGKILL)
    assert TOLD in texts(talk.say(TYPED[0]))
    assert "[name]" in kept(own_servers)["waiting"]
    own_servers.stop("gateway", signal.SIGKILL)
    for name in ("assistant", "gateway"):
        own_servers.start(name)
    own_servers.wait()
    assert TOLD not in texts(talk.say(TYPED[1]))  # it was told before the restart
    assert_nowhere(own_servers)
