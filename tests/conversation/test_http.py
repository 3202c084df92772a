"""The HTTP part of the contract."""

from __future__ import annotations

import sqlite3

import jsonschema
import pytest
import requests
from support import SCHEMA

JSON = {"Content-Type": "application/json"}


@pytest.fixture
def opened(servers):
    answer = servers.post("/api/conversations")
    assert answer.status_code == 201
    return answer.json()


def say(servers, opened, body=None, **kwargs):
    headers = {"Authorization": f"Bearer {opened['token']}", **kwargs.pop("headers", {})}
    path = f"/api/conversations/{opened['conversation']}/messages"
    return servers.post(path, headers=headers, **({"json": body} if body is not None else kwargs))


def is_problem(answer, status, *words):
    assert answer.status_code == status
    assert answer.headers["content-type"].startswith("application/problem+json")
    problem = answer.json()
    assert problem["status"] == status
    for word in words:
        assert word in problem["detail"]
    return True


def test_a_turn(servers, opened):
    replies = say(servers, opened, {"text": "Kia ora"}).json()
    assert all({"text", "buttons"} <= set(reply) for reply in replies)
    jsonschema.validate(replies[-1]["custom"], SCHEMA)


def test_transcript_and_reading(servers, opened):
    say(servers, opened, {"text": "Kia ora koutou"})
    headers = {"Authorization": f"Bearer {opened['token']}"}
    kept = servers.get(f"/api/conversations/{opened['conversation']}", headers=headers).json()
    assert kept["transcript"][0]["text"] == "Kia ora koutou"
    assert [line["by"] for line in kept["transcript"]][:2] == ["user", "bot"]
    jsonschema.validate(kept["reading"], SCHEMA)


def kept(servers, opened):
    headers = {"Authorization": f"Bearer {opened['token']}"}
    return servers.get(f"/api/conversations/{opened['conversation']}", headers=headers).json()


def test_a_talk_can_be_taken_up_again(servers, opened):
    """The buttons of the last turn and who spoke are in the transcript, and nothing of earlier buttons."""
    say(servers, opened, {"text": "Ask me more", "payload": "ask"})
    replies = say(
        servers, opened, {"text": "Trust: yes", "payload": "note:trust:yes", "by": "Team lead"}
    ).json()
    lines = kept(servers, opened)["transcript"]
    last = max(i for i, line in enumerate(lines) if line["by"] == "user")
    assert lines[last]["text"] == "Trust: yes" and lines[last]["speaker"] == "Team lead"
    again = [{"text": line["text"], "buttons": line.get("buttons", [])} for line in lines[last + 1 :]]
    assert again == [{"text": reply["text"], "buttons": reply["buttons"]} for reply in replies]
    assert any(reply["buttons"] for reply in again)
    assert not any("buttons" in line for line in lines[:last])


def test_an_answer_on_the_map_goes_the_way_of_a_typed_one(servers, opened):
    replies = say(servers, opened, {"text": "Trust: yes", "payload": "note:trust:yes"}).json()
    assert "I heard that people in the group trust one another" in replies[0]["text"]
    evidence = replies[-1]["custom"]["signals"]["trust"]["evidence"]
    assert [(piece["value"], piece["text"]) for piece in evidence] == [("yes", "Trust: yes")]
    replies = say(servers, opened, {"text": "Take out", "payload": "note:trust:unknown"}).json()
    assert "you do not know this yet" in replies[0]["text"] and not replies[-1]["custom"]["signals"]


def test_signs_that_are_no_text_do_no_harm(servers, opened):
    replies = say(servers, opened, data=b'{"text": "Kia \\u0000ora \\ud800"}', headers=JSON)
    assert replies.status_code == 200
    assert kept(servers, opened)["transcript"][0]["text"] == "Kia ora"


def test_the_brief_of_a_talk(servers, opened):
    say(servers, opened, {"text": "Leave to try: no, said the heron", "payload": "note:permission:no"})
    headers = {"Authorization": f"Bearer {opened['token']}"}
    path = f"/api/conversations/{opened['conversation']}/brief"
    text = servers.get(f"{path}.md", headers=headers).text
    assert "Staff do not have leave to try new ways." in text and "heron" not in text
    assert "said the heron" in servers.get(f"{path}.md?talk=true", headers=headers).text
    page = servers.post(f"{path}.html", headers=headers, json={"talk": True, "notes": "<b>"}).text
    assert "said the heron" in page and "&lt;b&gt;" in page and "<svg" in page


def test_delete_leaves_nothing(servers, opened):
    say(servers, opened, {"text": "A very particular pelican"})
    headers = {"Authorization": f"Bearer {opened['token']}"}
    url = f"{servers.url}/api/conversations/{opened['conversation']}"
    assert requests.delete(url, headers=headers, timeout=30).status_code == 204
    assert is_problem(requests.get(url, headers=headers, timeout=30), 404)
    with sqlite3.connect(servers.database) as db:
        for (table,) in db.execute("select name from sqlite_master where type = 'table'").fetchall():
            rows = db.execute(f"select * from {table}").fetchall()
            assert "pelican" not in str(rows) and opened["conversation"] not in str(rows), table


def test_no_token(servers, opened):
    answer = servers.post(f"/api/conversations/{opened['conversation']}/messages", json={"text": "x"})
    assert is_problem(answer, 401, "token", "Authorization")
    assert answer.headers["www-authenticate"] == "Bearer"


@pytest.mark.parametrize("token", ["wrong", "a" * 4000, "tūī"])
def test_what_is_no_token(servers, opened, token):
    answer = say(servers, {**opened, "token": token.encode().decode("latin-1")}, {"text": "x"})
    assert is_problem(answer, 401, "not a token of a conversation")


def test_a_wrong_token_is_told_as_not_there(servers, opened):
    assert is_problem(say(servers, {**opened, "token": "a" * 43}, {"text": "x"}), 404, "no such conversation")


def test_another_conversations_token_opens_nothing(servers, opened):
    other = servers.post("/api/conversations").json()
    assert is_problem(say(servers, {**opened, "token": other["token"]}, {"text": "x"}), 404)


@pytest.mark.parametrize(
    "body", [{}, {"text": ""}, {"text": "   "}, {"txt": "x"}, [], {"text": "x", "slots": {}}]
)
def test_wrong_form(servers, opened, body):
    assert is_problem(say(servers, opened, body), 422, "text")


def test_not_json(servers, opened):
    assert is_problem(say(servers, opened, data=b"{", headers={"Content-Type": "application/json"}), 422)


def test_too_long(servers, opened):
    assert is_problem(say(servers, opened, {"text": "x" * 5000}), 413, "4000 characters")
    assert is_problem(say(servers, opened, {"text": "x" * 200_000}), 413, "64 kB")


def test_too_many(servers, opened):
    """Messages over the limit are not counted, and answers that are only told again are."""
    assert [say(servers, opened, {"text": "x" * 4001}).status_code for _ in range(3)] == [413] * 3
    again = {"Idempotency-Key": "the-same"}
    answers = []
    while len(answers) < 75 and (not answers or answers[-1].status_code == 200):
        answers.append(say(servers, opened, {"text": "ok"}, headers=again))
    assert is_problem(answers[-1], 429, "a lot of messages", "second")
    assert len(answers) > 60 and 1 <= int(answers[-1].headers["retry-after"]) <= 60


def test_nothing_there(servers):
    assert is_problem(servers.get("/api/nothing"), 404)


def test_health_and_page(servers):
    assert servers.get("/health").status_code == 200
    page = servers.get("/")
    assert "Critical Friend" in page.text
    assert "script-src 'self'" in page.headers["content-security-policy"]
    for path in ("/widget.js", "/demo", "/page.css", "/api/openapi.json"):
        assert servers.get(path).status_code == 200


def test_rasa_cannot_be_reached_without_the_key(servers):
    url = servers.environment["CRITICAL_FRIEND_RASA"]
    answer = requests.post(
        f"{url}/webhooks/critical_friend/messages", timeout=5, json={"conversation": "x", "text": "hello"}
    )
    assert answer.status_code == 403
    assert (
        requests.post(f"{url}/webhooks/rest/webhook", json={"message": "/restart"}, timeout=5).status_code
        == 404
    )
