"""What a team does with it, through the real servers and the real model."""

from __future__ import annotations

import json
import time
from io import BytesIO

import pytest
import requests
from PIL import Image
from support import wait_for

from tests.slack.block_kit import pings
from tests.slack.stand_in import BOT, button_titles, words_in
from tests.slack.world import KEY

MENTION = f"<@{BOT}>"
#: Two views of one thing, both plainly said.
NO = "Nobody senior covers for us. Not one manager sticks up for this work."
YES = "Our deputy secretary shelters us and speaks up for the work."


@pytest.fixture
def world(real):
    """The shared world; each test has people and a channel of its own."""
    real.slack.refusals.clear()
    yield real
    real.settled()
    assert real.slack.refusals == []
    assert max(real.slack.acks) < 3


@pytest.fixture
def here(world, request):
    """A channel of the test's own, with Aroha and Ben in it."""
    name = request.node.name[-20:].upper()
    aroha = world.slack.user(f"UA{name}", f"Aroha {name}")
    ben = world.slack.user(f"UB{name}", f"Ben {name}")
    return world.slack.channel(f"C{name}", "joint-work", aroha, ben), aroha, ben


def said(world, channel, thread=None) -> str:
    world.settled()
    return "\n".join(words_in(message) for message in world.slack.of_bot(channel, thread))


def last(world, channel, thread=None) -> dict:
    world.settled()
    return world.slack.of_bot(channel, thread)[-1]


def test_two_people_who_disagree_see_both_views_and_no_side(world, here):
    channel, aroha, ben = here
    root = world.slack.say(aroha, channel, f"{MENTION} {NO}")
    answer = said(world, channel, root)
    assert "I heard that" in answer
    world.slack.say(ben, channel, YES, root)
    answer = said(world, channel, root)
    assert "views differ" in answer and "I take no side" in answer
    assert world.slack.users[aroha]["name"] in answer and world.slack.users[ben]["name"] in answer
    assert "ten minutes together" in answer
    # The reading holds both views side by side, each as its own.
    world.slack.command(aroha, channel, "summary")
    views = said(world, channel, root)
    assert "On somebody senior shelters it, views differ" in views
    assert f"{world.slack.users[ben]['name']} says yes" in views
    assert f"{world.slack.users[aroha]['name']} says no" in views


def test_it_speaks_only_when_mentioned_or_in_its_own_thread(world, here):
    channel, aroha, ben = here
    world.slack.say(aroha, channel, "Morning all. Nobody senior is covering for us.")
    human = world.slack.say(ben, channel, "Lunch?")
    world.slack.say(aroha, channel, "Yes, at one", human)
    world.settled()
    assert world.slack.of_bot(channel) == []
    assert world.rows(f"SELECT count(*) FROM jobs WHERE lane LIKE '{channel}%'") == [(0,)]
    world.slack.say(ben, channel, f"{MENTION} our old way is not working", human)
    assert "I heard" in said(world, channel, human)
    count = len(world.slack.of_bot(channel))
    world.slack.say(aroha, channel, "I do not agree", human)  # in somebody else's thread, without a mention
    own = world.slack.say(aroha, channel, f"{MENTION} kia ora")
    world.slack.say(ben, channel, f"<@{aroha}> shall we tell it about Tuesday?", own)  # for Aroha
    world.slack.say(ben, channel, "The old way has failed.", own)
    world.settled()
    assert len(world.slack.of_bot(channel)) == count + 2
    assert len(world.slack.of_bot(channel, human)) == count


def test_a_direct_message_never_shows_in_a_channel(world, here):
    channel, aroha, ben = here
    secret = "my own chief executive is blocking the money"
    world.slack.say(aroha, world.slack.direct(aroha), f"Between us: {secret}, and we have no sponsor.")
    assert "I heard" in said(world, world.slack.direct(aroha))
    root = world.slack.say(aroha, channel, f"{MENTION} the normal way is not working for families")
    for word in ("summary", "next", "why", "brief"):
        world.slack.command(aroha, channel, word)
        world.slack.command(ben, channel, word)
    world.slack.open_home(ben)
    world.slack.open_home(aroha)
    everything = said(world, channel) + words_in(world.slack.homes[ben])
    everything += "".join(words_in(shown) for shown in world.slack.ephemerals if shown["channel"] == channel)
    assert (
        root and "chief executive" not in everything and "sponsor who" not in said(world, channel, root)[:0]
    )
    files = [file["content"] for file in world.slack.files.values()]
    assert not any(b"chief executive" in content for content in files)
    # Her own Home shows both, his only the shared one.
    assert "Our private talk" in words_in(world.slack.homes[aroha])
    assert "Our private talk" not in words_in(world.slack.homes[ben])


def test_buttons_answer_the_question_under_which_they_stand(world, here):
    channel, aroha, ben = here
    root = world.slack.say(aroha, channel, f"{MENTION} We have seen that the old way is not working.")
    first = last(world, channel, root)
    assert {"Yes", "No", "Don't know", "Why do you ask?"} <= set(button_titles(first))
    assert "Choices: " in first["text"] and "Yes; No" in first["text"]  # for those who hear it read out
    world.slack.press(aroha, "Yes", first)
    world.settled()
    # Ben presses later, under the same question, when another is open already: it is the same signal.
    world.slack.press(ben, "No", first)
    answer = said(world, channel, root)
    assert f"{world.slack.users[aroha]['name']} chose “Yes”" in answer
    assert f"{world.slack.users[ben]['name']} chose “No”" in answer
    assert "views differ" in answer
    # A button without a question of its own says when it is too late.
    world.slack.press(ben, "Why do you ask?", first)
    world.settled()
    assert "no longer open" in world.slack.ephemerals[-1]["text"]


def test_slash_commands(world, here):
    channel, aroha, _ = here
    help_ = world.slack.command(aroha, channel, "")
    for word in ("start", "summary", "next", "why", "brief", "forget", "rehearse", "help"):
        assert f"/critical-friend {word}" in help_["text"] or word == "help"
    assert "I do not know “dance”" in world.slack.command(aroha, channel, "dance")["text"]
    world.slack.command(aroha, channel, "summary")
    world.settled()
    assert "There is no case in this channel yet" in world.slack.ephemerals[-1]["text"]
    world.slack.command(aroha, channel, "start We have seen that the old way is not working.")
    world.settled()
    root = world.slack.of_bot(channel)[0]["ts"]
    assert "I heard that" in said(world, channel, root)
    for word in ("next", "why", "summary"):
        before = len(world.slack.of_bot(channel, root))
        world.slack.command(aroha, channel, word)
        world.settled()
        assert len(world.slack.of_bot(channel, root)) > before, word
    lines = [m for m in world.slack.of_bot(channel, root) if m.get("broadcast")]
    assert [line["text"].count("\n") for line in lines] == [0] and lines[0]["text"].startswith(
        "Where it stands: "
    )
    # Several cases: it asks which.
    world.slack.command(aroha, channel, "start")
    world.settled()
    world.slack.command(aroha, channel, "next")
    world.settled()
    asked = world.slack.ephemerals[-1]
    assert "Which one do you mean?" in asked["text"] and len(button_titles(asked)) == 2
    before = len(world.slack.of_bot(channel, root))
    world.slack.press(aroha, button_titles(asked)[1], asked)  # the older one
    world.settled()
    assert len(world.slack.of_bot(channel)) > before


def test_forget_asks_and_then_deletes(world, here):
    channel, aroha, ben = here
    root = world.slack.say(aroha, channel, f"{MENTION} Nobody senior is covering for us.")
    world.slack.open_home(aroha)
    world.settled()
    world.slack.command(ben, channel, "forget")
    asked = last(world, channel, root)
    assert "Shall I delete all" in asked["text"]
    world.slack.press(ben, "Yes, delete it", asked)
    assert "It is gone" in last(world, channel, root)["text"]
    world.slack.open_home(aroha)
    world.settled()
    assert "covering for you" not in words_in(world.slack.homes[aroha])


def test_the_modal_puts_right_what_was_heard(world, here):
    channel, aroha, ben = here
    root = world.slack.say(
        aroha, channel, f"{MENTION} Nobody senior is covering for us. People trust one another."
    )
    world.slack.press(ben, "That is not right", last(world, channel, root))
    wait_for(lambda: world.slack.window(ben), 10, "the modal")
    modal = world.slack.views[-1]
    blocks = {block["block_id"]: block for block in modal["blocks"] if "block_id" in block}
    assert {"guardian_angel", "trust"} <= set(blocks)
    assert world.slack.users[aroha]["name"] in blocks["trust"]["hint"]["text"]
    world.slack.submit(modal, guardian_angel="yes")
    answer = said(world, channel, root)
    assert f"{world.slack.users[ben]['name']} put this right. Somebody senior shelters it: Yes" in answer
    assert "views differ" in answer  # Aroha's view stays hers
    world.slack.press(
        aroha,
        "That is not right",
        next(m for m in world.slack.of_bot(channel, root) if "That is not right" in button_titles(m)),
    )
    wait_for(lambda: world.slack.window(aroha), 10, "the modal")
    world.slack.submit(world.slack.views[-1], guardian_angel="withdraw")
    assert "I have taken that out" in said(world, channel, root)


def test_the_shortcut_notes_what_a_colleague_wrote_as_theirs(world, here):
    channel, aroha, ben = here
    root = world.slack.say(aroha, channel, f"{MENTION} We have seen that the old way is not working.")
    loose = world.slack.say(ben, channel, "Nobody senior is covering for us, that is the trouble.")
    world.settled()
    world.slack.shortcut(aroha, channel, loose)
    wait_for(lambda: world.slack.window(aroha), 10, "the modal")
    modal = world.slack.views[-1]
    assert "Nobody senior" in words_in(modal)
    world.slack.submit(modal)
    answer = said(world, channel, root)
    ben_, aroha_ = world.slack.users[ben]["name"], world.slack.users[aroha]["name"]
    assert f"{aroha_} noted what {ben_} wrote" in answer and "nobody senior is covering" in answer
    world.slack.command(aroha, channel, "summary")
    assert f"{ben_}: “Nobody senior" in said(world, channel, root)


def test_home_shows_the_cases_one_takes_part_in_with_a_map_and_a_picture(world, here):
    channel, aroha, ben = here
    world.slack.open_home(ben)
    world.settled()
    assert "You take part in no case yet" in words_in(world.slack.homes[ben])
    world.slack.say(
        aroha,
        channel,
        f"{MENTION} We have seen that the old way is not working. Nobody senior covers for us.",
    )
    world.settled()
    world.slack.open_home(aroha)
    world.settled()
    home = world.slack.homes[aroha]
    text = words_in(home)
    assert f"<#{channel}>" in text and "getting together* (here)" in text
    assert "*Guardian angel*\nmissing" in text
    images = [block for block in home["blocks"] if block["type"] == "image"]
    assert len(images) == 1 and images[0]["alt_text"].startswith("Map of the case: Where it stands")
    file = world.slack.files[images[0]["slack_file"]["id"]]
    assert file["content"].startswith(b"\x89PNG")
    drawn = Image.open(BytesIO(file["content"])).convert("L")
    grey = drawn.histogram()
    assert sum(grey[220:]) > 0.7 * sum(grey) and sum(grey[:100]) > 0.01 * sum(
        grey
    )  # dark words on light paper
    uploads = world.slack.count("files.completeUploadExternal")
    world.slack.open_home(aroha)  # nothing has changed, so no new picture
    world.settled()
    assert world.slack.count("files.completeUploadExternal") == uploads
    # Who has left the channel does not see its case any more.
    world.slack.leave(aroha, channel)
    world.settled()
    world.slack.open_home(aroha)
    world.settled()
    assert f"<#{channel}>" not in words_in(world.slack.homes[aroha])


def test_the_brief_is_a_file_in_the_thread(world, here):
    channel, aroha, _ = here
    root = world.slack.say(aroha, channel, f"{MENTION} Nobody senior is covering for us.")
    world.settled()
    world.slack.command(aroha, channel, "brief")
    files = {file["name"]: world.slack.files[file["id"]] for file in last(world, channel, root)["files"]}
    assert {name.split(".")[-1] for name in files} == {"html", "png"}
    page = next(file["content"].decode() for name, file in files.items() if name.endswith("html"))
    assert "<html" in page and "uardian angel" in page
    assert next(f for n, f in files.items() if n.endswith("png"))["content"].startswith(b"\x89PNG")


def test_people_of_another_workspace_are_told_apart(world, here):
    channel, aroha, _ = here
    slack = world.slack
    slack.teams["T0NEXT"] = "Police"
    same = slack.user(f"{aroha}X", slack.users[aroha]["name"], "T0NEXT")
    twin = slack.user(f"{aroha}Y", slack.users[aroha]["name"])
    slack.channels[channel]["members"] |= {same, twin}
    root = slack.say(aroha, channel, f"{MENTION} {NO}")
    slack.say(same, channel, YES, root)
    world.settled()
    slack.say(twin, channel, "The whānau have no say in it.", root)
    answer = said(world, channel, root)
    name = slack.users[aroha]["name"]
    assert f"{name} (Police)" in answer and "views differ" in answer
    slack.command(aroha, channel, "summary")
    assert f"{name} (2)" in said(world, channel, root)


def test_a_very_long_message_is_taken_in_whole(world, here):
    channel, aroha, _ = here
    filler = "It rained on the way there and the bus was late. The kettle was broken, too. "
    news = "We have seen that the old way is not working."
    long = "\n\n".join([NO + " " + filler * 45, filler * 49, filler * 49, news])
    assert len(long) > 10_000
    root = world.slack.say(aroha, channel, f"{MENTION} {long}")
    answer = said(world, channel, root)
    assert "I took it in 4 parts" in answer
    assert "nothing in that which I can note" not in answer
    assert "nobody senior is covering" in answer and "the normal way is not working" in answer


def test_emoji_mentions_and_marks_do_no_harm(world, here):
    channel, aroha, ben = here
    text = f"{MENTION} :wave: <@{ben}> and <!here>: nobody senior is covering for us &amp; it is *bad* :cry: <https://x.govt.nz|see>"
    root = world.slack.say(aroha, channel, text)
    answer = last(world, channel, root)
    assert "nobody senior is covering" in answer["text"]
    world.slack.command(aroha, channel, "summary")
    world.settled()
    shown = world.slack.of_bot(channel, root)
    quoted = "".join(map(words_in, shown))
    assert "nobody senior is covering for us" in quoted
    assert not any(mark in quoted for mark in (":wave:", "<@", "<!here>", "&amp;amp;"))
    assert all(pings(message["text"]) == [] for message in shown)
    # A thumb alone is an answer.
    world.slack.say(aroha, channel, ":+1::skin-tone-4:", root)
    assert "I heard" in last(world, channel, root)["text"] or "noted" in last(world, channel, root)["text"]


def test_a_rehearsal_is_private(world, here):
    channel, aroha, _ = here
    world.slack.say(aroha, channel, f"{MENTION} Nobody senior is covering for us.")
    world.settled()
    before = len(world.slack.of_bot(channel))
    world.slack.command(aroha, channel, "rehearse")
    world.settled()
    direct = world.slack.direct(aroha)
    root = next(m for m in world.slack.of_bot(direct) if "A rehearsal, just for you" in m["text"])
    assert world.slack.of_bot(direct, root["ts"])
    assert "I have opened a private thread" in world.slack.ephemerals[-1]["text"]
    world.slack.say(aroha, direct, "what should we do next?", root["ts"])
    world.settled()
    assert len(world.slack.of_bot(channel)) == before
    # It is a case of its own: neither the channel's nor the direct message's.
    places = world.rows(f"SELECT kind, conversation FROM places WHERE channel = '{direct}'")
    assert [kind for kind, _ in places].count("rehearsal") == 1
    assert len({conversation for _, conversation in places if conversation}) == len(
        [c for _, c in places if c]
    )


def test_a_rehearsal_is_played_and_leads_back_to_ones_own_case(world, here):
    channel, aroha, _ = here
    root = world.slack.say(aroha, channel, f"{MENTION} Nobody senior is covering for us.")
    world.settled()
    before = len(world.slack.of_bot(channel))
    world.slack.command(aroha, channel, "rehearse")
    world.settled()
    direct = world.slack.direct(aroha)
    thread = world.slack.of_bot(direct)[0]["ts"]
    title = "Ask a senior manager to be your guardian angel"
    # The list belongs to another conversation, and yet begins with what the shared case calls for.
    assert f"I heard that nobody senior is covering for you. Rehearse this one first: {title}." in said(
        world, direct, thread
    )
    assert button_titles(last(world, direct, thread))[0] == title
    listed = [
        last(world, direct, thread)["text"].index(f"{name}: ")
        for name in button_titles(last(world, direct, thread))
    ]
    assert listed == sorted(listed)  # in words they come in the order of the buttons
    world.slack.press(aroha, title, last(world, direct, thread))
    begun = last(world, direct, thread)
    kinds = [block["type"] for block in begun["blocks"]]
    assert kinds[0] == "header" and "context" in kinds and any("fields" in b for b in begun["blocks"])
    assert {"Hint", "Stop"} <= set(button_titles(begun))
    for _ in range(3):
        world.slack.say(aroha, direct, "Purple teapots sing to the moon on Sundays.", thread)
        world.settled()
    assert "A hint: " in said(world, direct, thread)
    assert len(button_titles(last(world, direct, thread))) > 1  # the moves, after the third miss
    # To the end: a move by its button where there are buttons, and else typed as it stands on one.
    known: list[str] = []
    for turn in range(60):
        shown = last(world, direct, thread)
        if "Yes, share it" in button_titles(shown):
            break
        moves = [title for title in button_titles(shown) if title not in ("Hint", "Stop")]
        known = moves if len(moves) > 2 else known
        if moves:
            world.slack.press(aroha, moves[turn % len(moves)], shown)
        else:
            world.slack.say(aroha, direct, known[turn % len(known)], thread)
        world.settled()
    told = said(world, direct, thread)
    assert "Yes, share it" in button_titles(last(world, direct, thread))
    assert "One thing to try next time" in told or "What you did that worked" in told
    world.slack.press(aroha, "Back to my own case", last(world, direct, thread))
    assert f"/archives/{channel}/p{root.replace('.', '')}" in said(world, direct, thread)
    assert len(world.slack.of_bot(channel)) == before


def test_a_kill_in_the_middle_of_a_real_turn_loses_nothing_and_answers_once(world, here):
    channel, aroha, _ = here
    sentence = "Nobody senior is covering for us."
    root = world.slack.say(aroha, channel, f"{MENTION} {sentence}")
    begun = f"SELECT conversation FROM places WHERE channel = '{channel}' AND conversation IS NOT NULL"
    deadline = time.monotonic() + 20
    while not world.rows(begun):  # the conversation is open, so its first turn is under way
        assert time.monotonic() < deadline, "the turn did not begin"
    world.kill()
    assert world.rows(f"SELECT count(*) FROM jobs WHERE lane LIKE '{channel}%' AND done IS NULL") == [(1,)]
    wait_for(lambda: world.slack.connected() == 0, 10, "the socket to close")
    world.start()
    world.settled(60)
    assert said(world, channel, root).count("I heard that nobody senior is covering") == 2  # block and text
    assert len(world.slack.of_bot(channel, root)) == 1
    [(conversation,)] = world.rows(begun)
    answer = requests.get(
        f"{world.environment['CRITICAL_FRIEND_URL']}/api/conversations/{conversation}",
        headers={"Authorization": f"Bearer {KEY}"},
        timeout=30,
    )
    assert json.dumps(answer.json()["transcript"]).count(sentence) == 1


def test_a_team_sets_its_rhythm_and_is_asked_gently(world, here):
    channel, aroha, ben = here
    root = world.slack.say(aroha, channel, f"{MENTION} Nobody senior is covering for us.")
    world.settled()
    assert world.rows(f"SELECT rhythm, checkin FROM places WHERE channel = '{channel}'") == [(0, None)]  # off
    world.slack.command(ben, channel, "settings")
    wait_for(lambda: world.slack.window(ben), 10, "the modal")
    world.slack.submit(world.slack.views[-1], rhythm="14")
    assert "every two weeks" in said(world, channel)
    place = f"WHERE channel = '{channel}' AND thread = '{root}'"
    world.rows(f"UPDATE places SET checkin = 1 {place}")  # as if the two weeks were over
    wait_for(lambda: "What has changed since" in said(world, channel, root), 45, "the check-in")
    assert "silence is fine" in said(world, channel, root)
    assert world.rows(f"SELECT checkin > 1000 FROM places {place}") == [(1,)]
    world.settled()
    assert sum("What has changed since" in m["text"] for m in world.slack.of_bot(channel)) == 1


def test_a_whole_channel_can_be_one_case(world, here):
    channel, aroha, ben = here
    world.slack.command(aroha, channel, "settings")
    wait_for(lambda: world.slack.window(aroha), 10, "the modal")
    world.slack.submit(world.slack.views[-1], scope="channel")
    world.settled()
    world.slack.say(aroha, channel, f"{MENTION} {NO}")
    world.settled()
    second = world.slack.say(ben, channel, f"{MENTION} {YES}")
    assert "views differ" in said(world, channel, second)
    assert world.rows(f"SELECT count(*) FROM places WHERE channel = '{channel}'") == [(1,)]


def test_it_says_when_it_is_not_in_the_channel(world, here):
    _, aroha, _ = here
    elsewhere = world.slack.channel(f"{aroha}ELSE", "elsewhere", aroha, bot=False)
    world.slack.command(aroha, elsewhere, "start")
    world.settled()
    assert "/invite @Critical Friend" in world.slack.ephemerals[-1]["text"]
    assert [refusal["error"] for refusal in world.slack.refusals] == ["not_in_channel"]
    world.slack.refusals.clear()


def test_the_documents_conversation_runs_as_it_is_written(world):
    from tests.slack import conversation

    assert conversation.play(world) == conversation.written(), "run: make slack-demo"
