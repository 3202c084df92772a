"""What goes wrong: retries, kills, limits, cuts and forgeries. The gateway behind it answers at once."""

from __future__ import annotations

import json
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
import requests
from support import wait_for

from tests.slack.stand_in import BOT, SECRET, words_in


def team(world, *names: str) -> str:
    """A channel with these people in it."""
    people = [world.slack.user(f"U{name.upper()}", name) for name in names]
    return world.slack.channel("C1", "joint-work", *people)


def heard(world, channel: str, thread: str | None = None) -> list[str]:
    return [
        line.removeprefix("I heard: ")
        for message in world.slack.of_bot(channel, thread)
        for line in message["text"].splitlines()
        if line.startswith("I heard: ")
    ]


def test_a_retry_storm_is_answered_once(fast, gateway):
    channel = team(fast, "Aroha")
    ts = fast.slack.say("UAROHA", channel, f"<@{BOT}> first")
    event = {**fast.slack.message(channel, ts), "type": "app_mention", "event_ts": ts}
    with ThreadPoolExecutor(20) as storm:
        list(storm.map(lambda _: fast.slack.event(event, "app_mention", event_id="EvStorm"), range(40)))
    fast.settled()
    # 'first' came once by itself and forty times as EvStorm, which is one more message, not forty.
    assert len(gateway.said) == 2
    assert len(fast.slack.of_bot(channel)) == 2
    assert max(fast.slack.acks) < 3


def test_two_processes_on_one_database_take_an_event_in_once(fast, gateway, tmp_path):
    channel = team(fast, "Aroha")
    first = fast.process
    fast.start()
    second = fast.process
    wait_for(lambda: fast.slack.connected() == 2, 10, "two connections")
    ts = fast.slack.say("UAROHA", channel, f"<@{BOT}> hello")
    event = {**fast.slack.message(channel, ts), "type": "app_mention", "event_ts": ts}
    for _ in range(6):
        fast.slack._sockets.reverse()  # now this process, now the other
        fast.slack.event(event, "app_mention", event_id="EvBoth")
    fast.settled()
    assert len(gateway.said) == 2 and len(fast.slack.of_bot(channel)) == 2
    for process in (first, second):
        process.kill()
        process.wait(10)


def test_it_acknowledges_in_time_while_turns_take_long(fast, gateway):
    channel = team(fast, "Aroha")
    gateway.go.clear()
    root = fast.slack.say("UAROHA", channel, f"<@{BOT}> one")
    for number in range(5):
        fast.slack.say("UAROHA", channel, f"more {number}", root)
    assert len(fast.slack.acks) >= 6 and max(fast.slack.acks) < 3
    gateway.go.set()
    fast.settled()
    assert heard(fast, channel, root) == ["one", *(f"more {number}" for number in range(5))]


def killed_and_started_again(world, held: threading.Event | None = None) -> None:
    world.kill()
    if held:
        held.set()
    wait_for(lambda: world.slack.connected() == 0, 10, "the socket to close")
    world.start()
    world.settled(40)


def test_a_kill_in_the_middle_of_a_turn_loses_nothing_and_answers_once(fast, gateway):
    channel = team(fast, "Aroha")
    gateway.go.clear()
    root = fast.slack.say("UAROHA", channel, f"<@{BOT}> one")
    fast.slack.say("UAROHA", channel, "two", root)
    wait_for(lambda: gateway.said, 10, "the turn to begin")
    fast.kill()
    gateway.go.set()
    fast.slack.say("UAROHA", channel, "three", root, wait=False)  # while nobody is there
    fast.start()
    wait_for(lambda: len(heard(fast, channel, root)) == 3, 40, "three answers")
    fast.settled()
    assert heard(fast, channel, root) == ["one", "two", "three"]
    assert [said["text"] for said in gateway.said] == ["one", "two", "three"]


def test_a_kill_just_before_a_message_reaches_slack(fast):
    channel = team(fast, "Aroha")
    held = threading.Event()
    fast.slack.trouble("chat.postMessage", held)
    root = fast.slack.say("UAROHA", channel, f"<@{BOT}> one")
    wait_for(lambda: fast.slack.count("chat.postMessage") == 1, 10, "the message to be on its way")
    fast.slack._troubles.clear()
    fast.kill()
    assert heard(fast, channel, root) == []
    # What was on its way is not delivered any more.
    fast.slack.channels[channel]["members"].discard(BOT)
    held.set()
    wait_for(lambda: fast.slack.refusals, 10, "the held call to end")
    fast.slack.channels[channel]["members"].add(BOT)
    fast.start()
    fast.settled(40)
    assert heard(fast, channel, root) == ["one"]


def test_a_kill_after_a_message_reached_slack_does_not_post_it_twice(fast):
    channel = team(fast, "Aroha")
    held = threading.Event()
    fast.slack.trouble("chat.postMessage", ("done", held))
    root = fast.slack.say("UAROHA", channel, f"<@{BOT}> one")
    wait_for(lambda: heard(fast, channel, root), 10, "the message to be posted")
    assert fast.rows("SELECT ts FROM posts") == [(None,)]
    killed_and_started_again(fast, held)
    assert heard(fast, channel, root) == ["one"]
    assert fast.slack.count("conversations.replies") == 1
    assert fast.rows("SELECT count(*) FROM posts WHERE ts IS NULL") == [(0,)]


def test_an_answer_of_slack_that_is_lost_does_not_post_twice(fast):
    channel = team(fast, "Aroha")
    fast.slack.trouble("chat.postMessage", "lost", 503)
    root = fast.slack.say("UAROHA", channel, f"<@{BOT}> one")
    fast.settled()
    assert heard(fast, channel, root) == ["one"]


def test_what_was_said_is_not_kept_once_it_is_answered(fast):
    channel = team(fast, "Aroha")
    fast.slack.say("UAROHA", channel, f"<@{BOT}> a most particular word: pōhutukawa")
    fast.settled()
    kept = b"".join(path.read_bytes() for path in fast.folder.glob("slack.db*"))
    assert b"Aroha" in kept  # how people are told apart
    assert fast.rows("SELECT count(*) FROM jobs WHERE payload IS NOT NULL") == [(0,)]
    assert "pōhutukawa" not in fast.log()


def test_a_429_is_waited_out(fast):
    channel = team(fast, "Aroha")
    fast.slack.trouble("chat.postMessage", 429, 429, 429, 429)
    started = time.monotonic()
    root = fast.slack.say("UAROHA", channel, f"<@{BOT}> one")
    fast.settled()
    assert heard(fast, channel, root) == ["one"]
    assert time.monotonic() - started >= 4  # four times the second that Slack asked for
    assert "conversations.replies" not in [method for _, method, _ in fast.slack.calls[-1:]]


def test_an_outage_of_the_assistant_is_told_and_made_good(fast, gateway):
    channel = team(fast, "Aroha")
    gateway.away = True
    root = fast.slack.say("UAROHA", channel, f"<@{BOT}> one")
    fast.slack.say("UAROHA", channel, "two", root)
    wait_for(lambda: fast.slack.of_bot(channel, root), 20, "a word about the outage")
    assert (
        "I cannot get to my notes just now. What you said is kept"
        in fast.slack.of_bot(channel, root)[0]["text"]
    )
    gateway.away = False
    fast.settled()
    assert heard(fast, channel, root) == ["one", "two"]
    assert sum("I cannot get to my notes" in m["text"] for m in fast.slack.of_bot(channel, root)) == 1


def test_the_socket_is_connected_anew_when_slack_asks_and_when_it_breaks(fast):
    channel = team(fast, "Aroha")
    root = fast.slack.say("UAROHA", channel, f"<@{BOT}> one")
    first = list(fast.slack._sockets)
    fast.slack.disconnect()
    wait_for(lambda: fast.slack.connected() and fast.slack._sockets[-1] not in first, 15, "a new connection")
    fast.slack.say("UAROHA", channel, "two", root)
    fast.slack.cut()
    fast.slack.say("UAROHA", channel, "three", root)
    fast.settled()
    assert heard(fast, channel, root) == ["one", "two", "three"]


@pytest.mark.parametrize("way", ["fast", "over_http"])
def test_200_threads_at_once(request, gateway, way):
    world = request.getfixturevalue(way)
    people = [world.slack.user(f"U{n}", f"Person {n}") for n in range(200)]
    channel = world.slack.channel("C1", "joint-work", *people)
    started = time.monotonic()
    sent = [
        world.slack.say(person, channel, f"<@{BOT}> thread {number} a", wait=False)
        for number, person in enumerate(people)
    ]
    wait_for(lambda: world.rows("SELECT count(*) FROM jobs") == [(200,)], 30, "200 threads to begin")
    for number, person in enumerate(people):
        world.slack.say(person, channel, f"thread {number} b", sent[number], wait=False)
    wait_for(lambda: len(heard(world, channel)) >= 400, 90, "400 answers")
    took = time.monotonic() - started
    world.settled()
    for number, root in enumerate(sent):
        assert heard(world, channel, root) == [f"thread {number} a", f"thread {number} b"]
    assert len(gateway.said) == 400 and len({said["conversation"] for said in gateway.said}) == 200
    assert max(world.slack.acks) < 3
    print(
        f"\n{way}: 400 messages in 200 threads: {took:.1f} s, slowest acknowledgement {max(world.slack.acks):.2f} s"
    )


def test_a_forged_request_is_refused_and_leaves_no_trace(over_http, gateway):
    channel = team(over_http, "Aroha")
    slack = over_http.slack
    body = json.dumps(
        {
            "type": "event_callback",
            "team_id": "T0OURS",
            "event_id": "EvForged",
            "event": {
                "type": "app_mention",
                "user": "UAROHA",
                "channel": channel,
                "ts": "1.1",
                "text": f"<@{BOT}> forged",
            },
        }
    )
    json_ = {"Content-Type": "application/json"}
    for headers in (
        {},
        slack.signed(body, secret="somebody else's secret"),
        slack.signed(body, at=time.time() - 3600),  # signed well, but an hour ago
        slack.signed(body + " "),
    ):
        answer = requests.post(slack.request_url, data=body.encode(), headers={**json_, **headers}, timeout=5)
        assert answer.status_code == 401
    assert over_http.rows("SELECT count(*) FROM jobs") == [(0,)]
    good = requests.post(
        slack.request_url, data=body.encode(), headers={**json_, **slack.signed(body)}, timeout=5
    )
    assert good.status_code == 200
    over_http.settled()
    assert [said["text"] for said in gateway.said] == ["forged"] and SECRET not in over_http.log()


def test_everything_works_over_http_too(over_http, gateway):
    channel = team(over_http, "Aroha")
    slack = over_http.slack
    root = slack.say("UAROHA", channel, f"<@{BOT}> one")
    over_http.settled()
    slack.press("UAROHA", "Yes", slack.of_bot(channel, root)[0])
    assert "Here is what I can do" in slack.command("UAROHA", channel, "dance")["text"]
    slack.command("UAROHA", channel, "next")
    over_http.settled()
    assert "payload" not in gateway.said[0]
    assert gateway.said[1]["payload"].startswith("note:") and gateway.said[1]["payload"].endswith(":yes")
    assert gateway.said[2]["payload"] == "ask_next_step"
    assert "Aroha chose “Yes”" in words_in(slack.of_bot(channel, root)[1])
    assert not slack.refusals
