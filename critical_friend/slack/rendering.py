"""Replies and readings as messages in Slack."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from critical_friend.slack import blocks, stage
from critical_friend.slack.blocks import Block, Choice, Letter, Post
from critical_friend.slack.places import CHANNEL, DIRECT, REHEARSAL, Place
from critical_friend.slack.texts import clipped, escaped
from critical_friend.slack.words import words

Reading = Mapping[str, Any]
ZONE = ZoneInfo("Pacific/Auckland")
#: Buttons that mean something only while the question under which they stand is open.
PASSING = ("affirm", "deny", "unsure", "why_ask", "play")
LONGEST_QUOTE = 200


class Names:
    """What the guidance calls things."""

    def __init__(self, guidance: Mapping[str, Any]) -> None:
        self._by_kind = {
            kind: {item["id"]: item for item in guidance[kind]}
            for kind in ("phases", "modes", "roles", "signals", "groups")
        }

    def name(self, kind: str, id_: str) -> str:
        """The name of a phase, mode, role, signal or group; its id if the guidance has none."""
        return str(self._by_kind[kind].get(id_, {}).get("name", id_.replace("_", " ")))

    def ids(self, kind: str) -> list[str]:
        """All ids of a kind, in the guidance's order."""
        return list(self._by_kind[kind])

    def heard(self, signal: str, value: str) -> str:
        """What was heard, as a clause; empty if the guidance has none."""
        return str(self._by_kind["signals"].get(signal, {}).get("heard", {}).get(value, ""))

    def group_of(self, signal: str) -> str:
        """The group that lists a signal."""
        return str(self._by_kind["signals"].get(signal, {}).get("group", ""))


def day(at: float) -> str:
    """A day in words."""
    when = datetime.fromtimestamp(at, ZONE)
    return f"{when.day} {when:%B %Y}"


def value(place: Place, **more: Any) -> str:
    """What a button carries: which case it belongs to, and ``more``."""
    return json.dumps({"c": place.id, **more}, separators=(",", ":"), ensure_ascii=False)


def choice(place: Place, title: str, payload: str, job: int) -> Choice:
    """A button of the assistant's. Those that Slack does better get an action of their own."""
    if payload == "wrong":
        return Choice(title, value(place), "correct")
    if payload == "rehearse" and not place.private:
        return Choice(title, value(place), "rehearse")
    return Choice(title, value(place, p=payload, j=job))


def exact(payload: str, text: str, reading: Reading) -> str:
    """``payload`` so that it says which question it answers.

    Several people press at different times. A bare yes would answer whatever is asked by then.
    """
    question = reading.get("question")
    answers = {"affirm": "yes", "deny": "no", "unsure": "unknown"}
    if payload in answers and question and question["text"] in text:
        return f"note:{question['signal']}:{answers[payload]}"
    return payload


def turn(replies: Iterable[Mapping[str, Any]], place: Place, job: int, lead: str = "") -> list[Post]:
    """The replies of a turn as messages. ``lead`` is small print above them."""
    letter = Letter()
    if lead:
        letter.add(lead, [blocks.context(lead)])
    every = list(replies)
    rehearsal = ((every[-1].get("custom") or {}) if every else {}).get("rehearsal")
    told = (
        stage.shown(every, rehearsal)
        if rehearsal
        else [(reply, blocks.said(reply["text"])) for reply in every]
    )
    for reply, shown in told:
        reading = reply.get("custom") or {}
        offered = [
            choice(place, button["title"], exact(button["payload"], reply["text"], reading), job)
            for button in reply.get("buttons", ())
        ]
        letter.say(reply["text"], offered, shown)
    return letter.posts()


def suited_first(
    replies: Sequence[Mapping[str, Any]], suited: Sequence[Mapping[str, str]]
) -> list[Mapping[str, Any]]:
    """``replies`` with the rehearsals that a case calls for (``suited``) first, in buttons and in words."""
    order = {f"rehearse:{item['scenario']}": place for place, item in enumerate(suited)}

    def reordered(reply: Mapping[str, Any]) -> Mapping[str, Any]:
        buttons = sorted(
            reply.get("buttons", ()), key=lambda button: order.get(button["payload"], len(order))
        )
        titles = tuple(f"{button['title']}: " for button in buttons)
        lines = sorted(
            reply["text"].split("\n"),
            key=lambda line: next((n for n, title in enumerate(titles) if line.startswith(title)), -1),
        )
        return {**reply, "text": "\n".join(lines), "buttons": buttons}

    return [reordered(reply) for reply in replies]


def headline(reading: Reading, names: Names) -> str:
    """Where the case stands, in one line."""
    phase = reading["phase"]["id"]
    if phase is None:
        return words("headline_none")
    named = names.name("phases", phase)
    if reading["phase"]["status"] != "settled":
        named = words("phase_guess", phase=named)
    if not reading["next_steps"]:
        return words("headline_phase", phase=named)
    step = reading["next_steps"][0]["title"]
    return words("headline", phase=named, step=step[:1].lower() + step[1:])


def drawn(reading: Reading, names: Names) -> list[Block]:
    """The map of a case: phase, roles, what is known by group, and where views differ."""
    phase, mode = reading["phase"]["id"], reading["mode"]["id"]
    if phase is None:
        return []
    way = " · ".join(
        f"*{escaped(names.name('phases', id_))}* ({words('map_here')})"
        if id_ == phase
        else escaped(names.name("phases", id_))
        for id_ in names.ids("phases")
    )
    lines = [f"*{words('map_phase')}:* {way}"]
    if mode:
        lines.append(f"*{words('map_mode')}:* {escaped(names.name('modes', mode))}")
    roles = [
        f"*{escaped(_capital(names.name('roles', role)))}*\n{words(f'role_{status}')}"
        for role, status in reading["roles"].items()
    ]
    return [
        blocks.section("\n".join(lines)),
        *blocks.fields(roles),
        *_known(reading, names),
        *differing(reading, names),
    ]


def _known(reading: Reading, names: Names) -> list[Block]:
    lines = []
    for group in names.ids("groups"):
        parts = []
        for standing in ("yes", "no", "contested"):
            signals = [
                escaped(names.name("signals", signal))
                for signal, found in reading["signals"].items()
                if names.group_of(signal) == group and found["value"] == standing
            ]
            if signals:
                parts.append(f"{words(f'value_{standing}')}: {', '.join(signals)}")
        if parts:
            lines.append(f"*{escaped(names.name('groups', group))}*: {'; '.join(parts)}")
    return [blocks.section("\n".join(lines))] if lines else []


def differing(reading: Reading, names: Names) -> list[Block]:
    """Where people see it differently: each view as said, and no side taken."""
    found: list[Block] = []
    for signal, known in reading["signals"].items():
        if known["value"] == "contested":
            views = "; ".join(
                words(
                    "map_view",
                    by=piece.get("by") or words("map_somebody"),
                    value=words(f"value_{piece['value']}"),
                    quote=clipped(piece["text"], LONGEST_QUOTE).removesuffix("."),
                )
                for piece in known["evidence"]
            )
            found.extend(blocks.said(words("map_differ", name=names.name("signals", signal), list=views))[:1])
    return found


def which(place: Place, begun_by: str) -> str:
    """A case among others of its channel, in a few words."""
    return words("case_button", day=day(place.begun), by=begun_by)


def where(place: Place) -> str:
    """Where a case lives, in Slack's markup: the channel is shown by its name."""
    if place.kind in (DIRECT, REHEARSAL):
        return words("case_direct" if place.kind == DIRECT else "case_rehearsal")
    if place.kind == CHANNEL:
        return f"<#{place.channel}>"
    return f"<#{place.channel}>, {words('case_thread', day=day(place.begun))}"


def letter(*texts: str, offered: Sequence[Choice] = ()) -> list[Post]:
    """A few sentences as messages."""
    made = Letter()
    for text in texts[:-1]:
        made.say(text)
    made.say(texts[-1], offered)
    return made.posts()


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
