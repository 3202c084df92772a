"""A rehearsal as blocks: who is who at its beginning, each line under its speaker, the debrief at its end."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from critical_friend.slack import blocks
from critical_friend.slack.blocks import Block
from critical_friend.slack.texts import escaped
from critical_friend.slack.words import words

Told = Mapping[str, Any]


def shown(replies: Sequence[Told], rehearsal: Told) -> list[tuple[Told, list[Block]]]:
    """The replies of a turn, each with its blocks. What tells the debrief becomes one of them.

    ``rehearsal`` is what the reading carries of the play.
    """
    debrief = rehearsal.get("debrief")
    ending = f"{debrief['ending']['title']}. {debrief['ending']['tells']}" if debrief else None
    start = next((n for n, reply in enumerate(replies) if ending and reply["text"].startswith(ending)), None)
    if debrief is None or start is None:
        return [(reply, _line(reply, rehearsal)) for reply in replies]
    end = next((n for n in range(start, len(replies)) if replies[n].get("buttons")), len(replies))
    told = {"text": "\n".join(reply["text"] for reply in replies[start:end])}
    return [
        *((reply, _line(reply, rehearsal)) for reply in replies[:start]),
        (told, _looking_back(debrief)),
        *((reply, blocks.said(reply["text"])) for reply in replies[end:]),
    ]


def _line(reply: Told, rehearsal: Told) -> list[Block]:
    text, title, cast = reply["text"], rehearsal["title"], rehearsal["cast"]
    if name := reply.get("speaker"):
        position = next((person["position"] for person in cast if person["name"] == name), "")
        label = f"{name}, {position}" if position else name
        return [blocks.context(label), *blocks.said(text.removeprefix(f"{name}: "))]
    if text.startswith(f"{title}. ") and cast:
        return _opening(text.removeprefix(f"{title}. "), title, cast)
    return blocks.said(text)


def _opening(text: str, title: str, cast: Sequence[Told]) -> list[Block]:
    """The scene, and who is who side by side instead of in a sentence."""
    at = text.find(f"{cast[0]['name']}, {cast[0]['position']}")
    scene = text[: text.rfind(". ", 0, at) + 1] if at >= 0 else text
    people = [f"*{escaped(person['name'])}*\n{escaped(person['position'])}" for person in cast]
    return [blocks.header(title), *blocks.said(scene), *blocks.fields(people)]


def _looking_back(debrief: Told) -> list[Block]:
    """How it ended, the goals, what worked and what did not with the finding, and what to try."""
    ending = debrief["ending"]
    goals = [
        words(
            "goal_reached" if goal["reached"] else "goal",
            name=escaped(goal["name"]),
            points=goal["points"],
            enough=goal["enough"],
        )
        for goal in debrief["goals"]
    ]
    made = [blocks.header(ending["title"]), *blocks.said(ending["tells"]), *blocks.fields(goals)]
    for part in ("worked", "hurt", "missed"):
        if debrief[part]:
            listed = "\n".join(f"• {_moment(moment)}" for moment in debrief[part])
            made += [blocks.section(f"*{words(f'debrief_{part}')}*"), *blocks.said(listed)]
    if debrief["turned"]:
        made += blocks.said(words("debrief_turned", text=debrief["turned"]["text"]))
    if debrief["next_time"]:
        made += [blocks.section(f"*{words('debrief_next')}*"), *blocks.said(debrief["next_time"])]
    return made


def _moment(moment: Told) -> str:
    told = f"“{moment['text']}”: {moment['why']}" if "why" in moment else str(moment["text"])
    source = moment.get("source")
    return f"{told} (“{source['section']}”)" if source else told
