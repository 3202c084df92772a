"""What goes to Slack is within its limits, whatever is said: judged by rules that were written apart."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st

from critical_friend.case import Case, Evidence
from critical_friend.cli import main
from critical_friend.guidance.catalogue import catalogue
from critical_friend.slack import blocks, rendering, views
from critical_friend.slack.places import Place
from critical_friend.slack.running import SCOPES
from critical_friend.slack.settings import Settings, SettingsError
from critical_friend.slack.texts import pieces, plain
from tests.slack.block_kit import MESSAGE, faults, pings, view_faults
from tests.slack.stand_in import MANIFEST

PLACE = Place(1, "C1", "1.1", "thread", "U1", 0.0, 0.0, None, 0, 0, None, None, None)
LONG = "Ākonga & <@U1> <!here> *_~` " * 400
TEXT = st.text(max_size=300) | st.sampled_from(
    ["", LONG, "&" * 5_000, "x" * 12_000, "\n\n" * 4_000, "<" * 3_001]
)
BUTTON = st.fixed_dictionaries(
    {"title": TEXT, "payload": st.sampled_from(["affirm", "wrong", "step:x", "p" * 3_000])}
)
REPLY = st.fixed_dictionaries({"text": TEXT, "buttons": st.lists(BUTTON, max_size=60)})


def taken(posts) -> None:
    for post in posts:
        assert faults(post.blocks, MESSAGE, set()) == []
        assert post.blocks and 0 < len(post.text) <= 40_000
        assert pings(post.text) == []


@settings(max_examples=60, deadline=None)
@given(st.lists(REPLY, max_size=25), TEXT)
def test_any_turn_fits_into_messages(replies, lead):
    taken(rendering.turn(replies, PLACE, 1, lead))


def test_a_turn_keeps_all_words_and_says_them_to_screen_readers_too():
    text = " ".join(f"word{number}" for number in range(4_000))
    posts = rendering.turn([{"text": text, "buttons": [{"title": "Yes", "payload": "affirm"}]}], PLACE, 1)
    taken(posts)
    shown = " ".join(
        block["text"]["text"] for post in posts for block in post.blocks if block["type"] == "section"
    )
    read_out = " ".join(post.text for post in posts)
    assert re.findall(r"word\d+", shown) == text.split() == re.findall(r"word\d+", read_out)
    assert "Choices: Yes" in read_out


def everything_known(guidance, long: bool) -> Case:
    text = LONG if long else "so it is"
    people = [
        f"Person {number} of a Long-Named Ministry of Everything" for number in range(30 if long else 2)
    ]
    return Case().note(
        Evidence(signal, ("yes", "no")[number % 2], text, by, None)
        for signal in guidance.signals
        for number, by in enumerate(people)
    )


@pytest.mark.parametrize("long", [False, True])
def test_map_home_and_modal_fit_when_everything_is_contested(guidance, reader, long):
    reading, names = reader.read(everything_known(guidance, long)), rendering.Names(catalogue(guidance))
    assert {signal["value"] for signal in reading["signals"].values()} == {"contested"}
    letter = blocks.Letter()
    letter.add("the map", rendering.drawn(reading, names))
    taken(letter.posts())
    for count in (0, 1, 12):
        home = views.home([(PLACE, reading, "F1")] * count, names)
        assert view_faults(home, {"F1"}) == []
    assert "And" in str(views.home([(PLACE, reading, None)] * 12, names)["blocks"][-1])
    modal = views.correct(PLACE, reading, names, "Person 1", "1.1")
    assert view_faults(modal, set()) == []
    assert len([block for block in modal["blocks"] if block["type"] == "input"]) == len(guidance.signals)
    said = {"text": LONG[: views.LONGEST_NOTE], "author": "U1", "root": "1.1", "channel": "C1"}
    assert view_faults(views.note(said, LONG, [(str(n), LONG) for n in range(150)]), set()) == []
    assert view_faults(views.settings("C1", 14, "thread", 1), set()) == []


def test_the_judge_of_these_tests_can_say_no():
    button = {
        "type": "button",
        "action_id": "a",
        "text": {"type": "plain_text", "text": "x" * 76},
        "value": "v",
    }
    assert faults([{"type": "actions", "elements": [button]}], MESSAGE, set())
    assert faults([{"type": "divider"}] * 51, MESSAGE, set())
    assert faults([{"type": "section", "text": {"type": "mrkdwn", "text": "x" * 3_001}}], MESSAGE, set())
    assert faults(
        [{"type": "actions", "elements": [{**button, "text": {"type": "plain_text", "text": "x"}}] * 2}],
        MESSAGE,
        set(),
    )
    assert view_faults(
        {"type": "modal", "title": {"type": "plain_text", "text": "x" * 25}, "blocks": []}, set()
    )


def test_a_yes_under_a_question_names_the_question():
    reading = {"question": {"signal": "trust", "text": "Do people trust one another?"}}
    assert rendering.exact("affirm", "So. Do people trust one another?", reading) == "note:trust:yes"
    assert rendering.exact("unsure", "Do people trust one another?", reading) == "note:trust:unknown"
    # 'Shall I delete it?' has a yes as well, and must not become one about trust.
    assert rendering.exact("affirm", "Shall I delete all that you have told me?", reading) == "affirm"
    assert rendering.exact("drop:stalled", "Right?", reading) == "drop:stalled"


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("<@U0BOT> hello <@U2|tama> and <!channel>", "hello a colleague and everybody"),
        (
            "see <https://a.govt.nz/x|the page> or <https://b.nz> in <#C1|general>",
            "see the page or https://b.nz in #general",
        ),
        ("a &lt;b&gt; &amp; c :wave: 10:30:45 done", "a <b> & c 10:30:45 done"),
        (":thumbsup:", "Yes"),
        (":-1::skin-tone-2:", "No"),
        ("<@U0BOT>", ""),
        ("<!subteam^S1|@leads> and <mailto:a@b.nz|a@b.nz>", "leads and a@b.nz"),
    ],
)
def test_slacks_way_of_writing_is_read(written, read):
    assert plain(written, "U0BOT") == read


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=500), st.integers(10, 100))
def test_pieces_lose_no_word(text, most):
    parts = pieces(text, most)
    assert all(0 < len(part) <= most for part in parts)
    assert re.sub(r"\s", "", "".join(parts)) == re.sub(r"\s", "", text)


def test_the_manifest_asks_for_what_the_code_needs_and_no_more():
    assert set(MANIFEST["oauth_config"]["scopes"]["bot"]) == SCOPES
    document = (Path(__file__).parents[2] / "docs" / "slack.md").read_text(encoding="utf-8")
    table = document[document.index("| scope | why |") : document.index("## What is kept")]
    assert set(re.findall(r"`([a-z_]+(?::[a-z]+)?)`", table)) == SCOPES


def test_the_manifest_is_within_slacks_limits():
    told, features = MANIFEST["display_information"], MANIFEST["features"]
    assert len(told["name"]) <= 35 and len(told["description"]) <= 140
    assert 175 <= len(told["long_description"]) <= 4_000
    assert all(
        len(shortcut["name"]) <= 24 and len(shortcut["description"]) <= 150
        for shortcut in features["shortcuts"]
    )
    assert all(len(command["command"]) <= 32 for command in features["slash_commands"])


def test_without_tokens_it_says_what_is_missing_and_where_to_get_it(monkeypatch):
    for name in ("SLACK_BOT_TOKEN", "SLACK_APP_TOKEN", "SLACK_SIGNING_SECRET", "CRITICAL_FRIEND_SERVICE_KEY"):
        monkeypatch.delenv(name, raising=False)
    result = CliRunner().invoke(main, ["slack"])
    assert result.exit_code == 1
    for word in (
        "SLACK_BOT_TOKEN: the bot's token",
        "'OAuth & Permissions'",
        "SLACK_APP_TOKEN: the token for Socket Mode",
        "connections:write",
        "SLACK_SIGNING_SECRET",
        "CRITICAL_FRIEND_SERVICE_KEY: a secret of at least 32 characters",
        "docs/slack.md",
    ):
        assert word in str(result.exception) + result.output
    with pytest.raises(SettingsError, match="SLACK_BOT_TOKEN does not begin with xoxb-"):
        Settings.from_environment({"SLACK_BOT_TOKEN": "xapp-1", "SLACK_APP_TOKEN": "xoxb-1"})
