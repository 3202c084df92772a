"""What whoever runs it, and whoever waits for an answer, is told when something is away or refused."""

from __future__ import annotations

import threading

import pytest
from support import wait_for

from tests.slack.stand_in import APP_TOKEN, BOT, BOT_TOKEN, words_in
from tests.slack.world import World

KEPT = "What people write is kept, and I keep trying."
NETWORK = (
    "If it stays so, see whether this machine reaches slack.com over HTTPS (a proxy goes into HTTPS_PROXY) "
    "and what status.slack.com says."
)


def channel_of(world, *names: str) -> str:
    return world.slack.channel("C1", "joint-work", *[world.slack.user(f"U{n.upper()}", n) for n in names])


def answered(world, channel: str, thread: str) -> bool:
    return any("I heard: " in message["text"] for message in world.slack.of_bot(channel, thread))


def lines(world, beginning: str) -> list[str]:
    """The lines of the log that say this, without time and name."""
    return [
        line[line.index(beginning) :] for line in world.log().splitlines() if f"slack: {beginning}" in line
    ]


@pytest.fixture
def beginning(tmp_path, gateway):
    """Slack and the Slack part, which is not yet started."""
    world = World(tmp_path, gateway.url)
    with world.slack:
        yield world
        world.kill()


def ended(world) -> str:
    """What it said when it ended by itself because it could not begin."""
    world.begin()
    assert world.process.wait(30) == 1
    said = world.log()
    assert "Traceback" not in said and BOT_TOKEN not in said and APP_TOKEN not in said
    return said


def test_slack_away_at_the_start_is_said_once_and_waited_out(beginning):
    beginning.slack.away = True
    beginning.begin()
    wait_for(lambda: beginning.slack.count("auth.test") >= 4, 30, "four tries")
    assert lines(beginning, "Slack cannot be reached") == [
        f"Slack cannot be reached: it answers service_unavailable. {KEPT} {NETWORK}"
    ]
    beginning.slack.away = False
    wait_for(beginning.reachable, 30, "the Slack part")
    assert len(lines(beginning, "Slack can be reached again, after ")) == 1
    assert len(lines(beginning, "Slack cannot be reached")) == 1 and "Traceback" not in beginning.log()


def test_slack_away_in_the_middle_is_said_once_and_when_it_is_back(fast):
    channel = channel_of(fast, "Aroha")
    root = fast.slack.say("UAROHA", channel, f"<@{BOT}> one")
    fast.settled()
    fast.slack.say("UAROHA", channel, "two", root)
    fast.slack.away = True
    fast.slack.cut()
    wait_for(lambda: lines(fast, "The connection to Slack is broken"), 30, "a word about the socket")
    wait_for(lambda: fast.slack.count("apps.connections.open") >= 3, 30, "more tries")
    fast.slack.away = False
    fast.slack.say("UAROHA", channel, "three", root)
    wait_for(
        lambda: lines(fast, "The connection to Slack is there again, after "), 60, "a word that it is back"
    )
    fast.settled()
    assert [
        words.split("I heard: ")[1].splitlines()[0]
        for words in map(words_in, fast.slack.of_bot(channel, root))
    ] == [
        "one",
        "two",
        "three",
    ]
    assert lines(fast, "The connection to Slack is broken") == [
        "The connection to Slack is broken: it was closed, and a new one could not be made yet. Slack keeps what "
        f"people write and sends it again, and I keep trying. {NETWORK}"
    ]
    assert len(lines(fast, "Slack cannot be reached")) == len(lines(fast, "Slack can be reached again")) <= 1
    assert "Traceback" not in fast.log()


def test_the_assistant_away_is_said_once_to_whoever_runs_it_and_to_who_waits(fast, gateway):
    channel = channel_of(fast, "Aroha")
    gateway.away = True
    root = fast.slack.say("UAROHA", channel, f"<@{BOT}> one")
    wait_for(lambda: fast.slack.of_bot(channel, root), 20, "a word to her")
    told = fast.slack.of_bot(channel, root)[0]["text"]
    assert told == (
        "I cannot get to my notes just now. What you said is kept, and I will answer as soon as I can."
    )
    gateway.away = False
    fast.settled()
    assert answered(fast, channel, root)
    assert lines(fast, "The assistant cannot be reached") == [
        f"The assistant cannot be reached: it answers 503. {KEPT} If it stays so, see whether its servers run "
        "('make run'), and whether CRITICAL_FRIEND_URL is their address."
    ]
    assert len(lines(fast, "The assistant can be reached again, after ")) == 1
    assert sum("I cannot get to my notes" in message["text"] for message in fast.slack.of_bot(channel)) == 1


def test_who_types_a_command_while_the_assistant_is_away_is_told_in_private(fast, gateway):
    channel = channel_of(fast, "Aroha")
    root = fast.slack.say("UAROHA", channel, f"<@{BOT}> one")
    fast.settled()
    gateway.away = True
    fast.slack.command("UAROHA", channel, "next")
    wait_for(lambda: fast.slack.ephemerals, 20, "a word to her")
    assert fast.slack.ephemerals[0]["text"].startswith("I cannot get to my notes just now.")
    assert len(fast.slack.of_bot(channel)) == 1
    gateway.away = False
    fast.settled()
    assert len(fast.slack.of_bot(channel, root)) == 2


@pytest.mark.parametrize("error", ["invalid_auth", "not_allowed_token_type", "token_revoked"])
def test_a_bots_token_that_is_refused_at_the_start(beginning, error):
    beginning.slack.refused[BOT_TOKEN] = error
    assert (
        f"critical-friend: Slack does not take SLACK_BOT_TOKEN ({error}). Copy the 'Bot User OAuth Token' anew "
        "from 'OAuth & Permissions' at api.slack.com/apps. If there is none, install the app there first."
    ) in ended(beginning)


@pytest.mark.parametrize("error", ["invalid_auth", "not_allowed_token_type", "missing_scope"])
def test_an_apps_token_that_is_refused_at_the_start(beginning, error):
    beginning.slack.refused[APP_TOKEN] = error
    said = ended(beginning)
    assert "critical-friend: Slack does not take SLACK_APP_TOKEN (" in said
    assert (
        "Make one under 'Basic Information', 'App-Level Tokens', with the scope connections:write, and turn "
        "'Socket Mode' on."
    ) in said


def test_scopes_that_lack_at_the_start(beginning):
    beginning.slack.scopes -= {"files:write", "team:read"}
    assert (
        "critical-friend: The bot's token lacks these scopes: files:write, team:read. Add them under 'OAuth & "
        "Permissions' (or paste slack/manifest.yml under 'App Manifest'), and install the app again."
    ) in ended(beginning)


def test_a_token_that_is_revoked_in_the_middle_loses_nothing(fast):
    channel = channel_of(fast, "Aroha")
    fast.slack.refused[BOT_TOKEN] = "token_revoked"
    root = fast.slack.say("UAROHA", channel, f"<@{BOT}> one")
    wait_for(lambda: len(fast.slack.refusals) >= 3, 30, "three tries")
    assert lines(fast, "Slack does not take") == [
        "Slack does not take SLACK_BOT_TOKEN any more: token_revoked. What people write is kept for a day. Copy "
        "the 'Bot User OAuth Token' anew from 'OAuth & Permissions' at api.slack.com/apps, and start me with it."
    ]
    fast.kill()
    fast.slack.refused.clear()
    fast.start()
    fast.settled(40)
    assert answered(fast, channel, root)


def test_a_scope_that_is_taken_away_in_the_middle_loses_nothing(fast):
    channel = channel_of(fast, "Aroha")
    fast.slack.scopes.discard("chat:write")
    root = fast.slack.say("UAROHA", channel, f"<@{BOT}> one")
    wait_for(lambda: len(fast.slack.refusals) >= 3, 30, "three tries")
    assert lines(fast, "The bot's token lacks") == [
        "The bot's token lacks a scope that it had: chat:write. What people write is kept for a day. Paste "
        "slack/manifest.yml anew under 'App Manifest' at api.slack.com/apps, and install the app again."
    ]
    fast.slack.scopes.add("chat:write")
    fast.settled(40)
    assert answered(fast, channel, root)


def test_a_window_opens_before_what_it_shows_is_there(fast):
    channel = channel_of(fast, "Aroha", "Ben")
    root = fast.slack.say("UAROHA", channel, f"<@{BOT}> one")
    fast.settled()
    held = threading.Event()
    fast.slack.trouble("users.info", held)  # what is to be shown takes its time
    other = fast.slack.say("UBEN", channel, "nobody covers for us")
    fast.slack.shortcut("UAROHA", channel, other)
    wait_for(lambda: fast.slack.views, 10, "the window")
    assert "One moment: I am getting my notes." in words_in(fast.slack.views[-1])
    assert fast.slack.window("UAROHA") is None
    held.set()
    wait_for(lambda: fast.slack.window("UAROHA"), 10, "what it shows")
    assert "Ben wrote: “nobody covers for us”" in words_in(fast.slack.window("UAROHA"))
    assert len(fast.slack.views) == 1 and not fast.slack.ephemerals
    fast.slack.submit(
        fast.slack.window("UAROHA"),
        case=fast.slack.window("UAROHA")["blocks"][1]["element"]["options"][0]["value"],
    )
    fast.settled()
    assert len(fast.slack.of_bot(channel, root)) == 2


def test_a_window_that_the_assistant_cannot_fill_says_so(fast, gateway):
    channel = channel_of(fast, "Aroha")
    root = fast.slack.say("UAROHA", channel, f"<@{BOT}> one")
    fast.settled()
    fast.slack.press("UAROHA", "Yes", fast.slack.of_bot(channel, root)[0])
    fast.settled()
    fast.slack.open_home("UAROHA")
    fast.settled()
    gateway.away = True
    fast.slack.press("UAROHA", "Put it right", fast.slack.homes["UAROHA"])
    wait_for(lambda: fast.slack.count("views.update"), 10, "a word in the window")
    assert "I cannot get to my notes just now. Please close this window" in words_in(fast.slack.views[-1])
    gateway.away = False
    fast.settled()
