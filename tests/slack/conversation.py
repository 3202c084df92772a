"""A team's conversation, played through the real servers against the stand-in, and written into docs/slack.md.

Run it with ``make slack-demo``. A test holds that the document says what is really said.
"""

from __future__ import annotations

import re
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from critical_friend.cli.serving import ROOT
from critical_friend.slack.rendering import day
from tests.slack.stand_in import BOT, StandIn
from tests.slack.world import KEY, World

DOCUMENT = ROOT / "docs" / "slack.md"
MARKS = re.compile(r"(<!-- conversation -->\n)(.*?)(<!-- /conversation -->)", re.DOTALL)
CHANNEL = "CHOMEFROMPRISON"


def play(world: World) -> str:
    """The conversation, as Markdown."""
    slack = world.slack
    slack.teams["T0HOUSING"] = "Housing"
    aroha, graham = slack.user("U1AROHA", "Aroha"), slack.user("U1GRAHAM", "Graham", "T0HOUSING")
    mele = slack.user("U1MELE", "Mele")
    slack.channel(CHANNEL, "home-from-prison", aroha, graham, mele)
    begun = len(slack.log)

    def settled() -> None:
        world.settled(120)

    def say(user: str, text: str, thread: str | None = None) -> str:
        ts = slack.say(user, CHANNEL, text, thread)
        settled()
        return ts

    def latest(with_button: str) -> dict[str, Any]:
        return next(
            m
            for m in reversed(slack.of_bot(CHANNEL))
            for b in m["blocks"]
            if b["type"] == "actions" and any(e["text"]["text"] == with_button for e in b["elements"])
        )

    root = say(
        aroha,
        f"<@{BOT}> People from health, housing and corrections have come in as themselves and share the work "
        "of getting whānau home from prison. I trust the lot of them, favours go both ways.",
    )
    say(
        graham,
        "I can't agree about the trust. There isn't any. I wouldn't leave my diary open in that room.",
        root,
    )
    slack.press(mele, "Yes", latest("Yes"))
    settled()
    loose = say(
        mele, "What I do know is our general manager shields us and squares things off with the chief exec."
    )
    slack.shortcut(aroha, CHANNEL, loose)
    settled()
    slack.submit(slack.window(aroha))
    settled()
    slack.press(graham, "That is not right", latest("That is not right"))
    settled()
    slack.submit(slack.window(graham), guardian_angel="unknown")
    settled()
    for word in ("summary", "next", "why", "brief"):
        slack.command(mele, CHANNEL, word)
        settled()
    slack.say(
        graham, slack.direct(graham), "Between you and me: at Housing nobody senior covers for me in this."
    )
    settled()
    direct = slack.direct(graham)
    slack.command(graham, direct, "rehearse")
    settled()
    root = next(m["ts"] for m in slack.of_bot(direct) if "A rehearsal, just for you" in m["text"])
    listed = slack.of_bot(direct, root)[-1]
    offered = next(block for block in listed["blocks"] if block["type"] == "actions")
    slack.press(graham, offered["elements"][0]["text"]["text"], listed)
    settled()
    slack.open_home(aroha)
    settled()
    return told(slack, begun)


def told(slack: StandIn, begun: int) -> str:
    """What happened since the log had ``begun`` entries, to be read."""
    entries = slack.log[begun:]
    # Home is published twice, the second time with the picture: only that is shown.
    twice = [a["kind"] == b["kind"] == "home" for a, b in zip(entries, [*entries[1:], {"kind": ""}])]
    lines = [line for entry, again in zip(entries, twice) if not again for line in _told(slack, entry)]
    text = re.sub(r"\d{4}-\d\d-\d\d", "DATE", "\n".join(lines)) + "\n"
    return text.replace(day(time.time()), "today")


def _told(slack: StandIn, entry: dict[str, Any]) -> list[str]:
    kind, what = entry["kind"], entry["what"]
    name = slack.users.get(entry["user"], {}).get("name", "Critical Friend")
    place = f" to {slack.channels[entry['channel']]['name']}" if str(entry["channel"]).startswith("D") else ""
    if kind == "message" and entry["user"] != BOT:
        where = "↳ " if what.get("thread_ts") else ""
        return [
            f"{where}**{name}**{place and ' (direct)'}: {what['text'].replace(f'<@{BOT}>', '@Critical Friend')}",
            "",
        ]
    if kind == "command":
        return [f"**{name}** types `{what['text']}`", ""]
    if kind == "press":
        return [f"**{name}** presses `{what['title']}`", ""]
    if kind == "shortcut":
        return [f"**{name}** chooses *{what['title']}* on that message", ""]
    if kind == "submit":
        chosen = "; ".join(f"{label}: {answer}" for label, answer in what["chosen"].items())
        return [f"**{name}** saves *{what['title']}*{' with ' + chosen if chosen else ''}", ""]
    if kind == "modal":
        return [f"> *A window opens for {name}:* **{what['title']['text']}**", *_blocks(slack, what), ""]
    if kind == "home":
        return [f"> *{name}'s Home tab*", *_blocks(slack, what), ""]
    if kind == "ephemeral":
        return [f"> *Only {name} sees this:* {what['text']}", ""]
    head = "*in the thread*" if what.get("thread_ts") else "*in the channel*"
    head = "*in the thread, and shown in the channel*" if what.get("broadcast") else head
    head = "*in the direct message*" if place or str(entry["channel"]).startswith("D") else head
    files = [f"> `{file['name']}`" for file in what.get("files", ())]
    shown = _blocks(slack, what) if what.get("blocks") else [f"> {what['text']}"]
    return [f"> **Critical Friend** {head}", *shown, *files, ""]


def _blocks(slack: StandIn, shown: dict[str, Any]) -> list[str]:
    lines: list[str] = []
    for block in shown["blocks"]:
        kind = block["type"]
        if kind in ("section", "header"):
            texts = [block["text"]] if "text" in block else block["fields"]
            joined = " · ".join(_plain(slack, text) for text in texts)
            lines.append(joined if kind == "section" else f"**{joined}**")
        elif kind == "context":
            lines.append(f"*{' · '.join(_plain(slack, text) for text in block['elements'])}*")
        elif kind == "actions":
            lines.append(" ".join(f"`{element['text']['text']}`" for element in block["elements"]))
        elif kind == "image":
            lines.append(f"🖼 *{block['alt_text']}*")
        elif kind == "input":
            options = " ".join(f"`{option['text']['text']}`" for option in block["element"]["options"])
            hint = f" *{block['hint']['text']}*" if "hint" in block else ""
            label = block["label"]["text"]
            lines.append(f"{label}{'' if label.endswith('?') else ':'} {options}{hint}")
    return [f"> <br>{line}" for line in lines]


def _plain(slack: StandIn, text: dict[str, str]) -> str:
    shown = text["text"].replace("\n", "<br>")
    if text["type"] == "mrkdwn":
        shown = re.sub(r"\*(.+?)\*", r"**\1**", shown)
        shown = re.sub(r"<#(\w+)>", lambda found: "#" + slack.channels[found[1]]["name"], shown)
    return shown


def written() -> str:
    """The conversation as it stands in the document."""
    found = MARKS.search(DOCUMENT.read_text(encoding="utf-8"))
    assert found is not None, "docs/slack.md has no <!-- conversation --> part"
    return found[2]


def main() -> None:
    """Play it and write it down."""
    sys.path.append(str(ROOT / "tests"))
    from support import Servers

    with (
        tempfile.TemporaryDirectory() as folder,
        Servers(Path(folder), CRITICAL_FRIEND_SERVICE_KEY=KEY) as servers,
        World(Path(folder), servers.url) as world,
    ):
        text = play(world)
        assert not world.slack.refusals, world.slack.refusals
    document = DOCUMENT.read_text(encoding="utf-8")
    DOCUMENT.write_text(MARKS.sub(lambda m: m[1] + text + m[3], document), encoding="utf-8")
    print(f"Written into {DOCUMENT.relative_to(ROOT)}.")


if __name__ == "__main__":
    main()
